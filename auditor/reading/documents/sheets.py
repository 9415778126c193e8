"""Workbooks: XLSX by openpyxl, XLS (before 2007) by xlrd. The first rows of the first sheets."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from io import BytesIO, StringIO
from itertools import islice

import openpyxl
import xlrd

from auditor.reading.documents.telling import FIRST_PAGES, Told, UnreadableError
from auditor.reading.documents.zipped import LARGEST_PART

_ROWS = 200
_COLUMNS = 40


def read_xlsx(body: bytes) -> Told:
    """A row a paragraph, its cells parted by spaces.

    Raises:
        UnreadableError: its shared strings, or a sheet, are larger than any workbook's.
    """
    with zipfile.ZipFile(BytesIO(body)) as archive:
        parts = [part for part in archive.infolist() if part.filename.endswith(".xml")]
        sheets = [part.file_size for part in parts if part.filename.startswith("xl/worksheets/")]
        needed = sum(part.file_size for part in parts) - sum(sheets)
        if max(needed, *sheets, 0) > LARGEST_PART:  # of the sheets, the first rows are read; but a row may be long
            raise UnreadableError("unpacked, it is larger than any workbook")
    book = openpyxl.load_workbook(BytesIO(body), read_only=True, data_only=True, keep_links=False)
    rows: list[str] = []
    for sheet in book.worksheets[:FIRST_PAGES]:
        sheet.reset_dimensions()  # some programs write wrong ones
        cells = sheet.iter_rows(max_row=_ROWS, max_col=_COLUMNS, values_only=True)
        rows += _rows(islice(cells, _ROWS))
    return Told(rows, len(book.worksheets))


def read_xls(body: bytes) -> Told:
    """A row a paragraph, its cells parted by spaces.

    Raises:
        UnreadableError: encrypted, or damaged.
    """
    try:
        book = xlrd.open_workbook(file_contents=body, logfile=StringIO(), on_demand=True)
        rows: list[str] = []
        for number in range(min(book.nsheets, FIRST_PAGES)):
            sheet = book.sheet_by_index(number)
            rows += _rows(sheet.row_values(row, 0, _COLUMNS) for row in range(min(sheet.nrows, _ROWS)))
    except xlrd.XLRDError as error:
        raise UnreadableError(f"damaged or encrypted ({error})") from error
    return Told(rows, book.nsheets)


def _rows(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    for cells in rows:
        yield " ".join(shown for cell in cells if (shown := _shown(cell)))


def _shown(cell: object) -> str:
    if isinstance(cell, datetime | date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)[:2000]
