"""Tables that an office hands in: CSV (UTF-8, commas or semicolons) or XLSX, the first row with the columns' names."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from auditor.errors import InputError
from auditor.portals import Jurisdiction, Unit
from auditor.report.wording import title
from auditor.text import clean, fold
from auditor.window import Month

_MOST_BYTES = 20_000_000
_MOST_ROWS = 100_000
_MOST_COLUMNS = 40
_SHOWN = 20
_UNREADABLE = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    ValueError,
    IndexError,
    OSError,
    OverflowError,
    RuntimeError,  # encrypted, or of a method nobody knows
    SyntaxError,
)


@dataclass(frozen=True)
class Line:
    """One row: its number in the file, and its cells by the column's own name."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


class Faults:
    """Collects what is wrong with a file, to tell it whole."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._told: list[str] = []

    def add(self, line: Line, what: str) -> None:
        """Something is wrong with a row."""
        self._told.append(f"{self._file}, row {line.number}: {what}")

    def raise_if_any(self) -> None:
        """Ends the reading where something was wrong.

        Raises:
            InputError: all of it, a line each.
        """
        if self._told:
            more = len(self._told) - _SHOWN
            told = self._told[:_SHOWN] + ([f"and {more} more"] if more > 0 else [])
            raise InputError("\n".join([*told, "nothing was stored: correct the file and import it again"]))


def read_table(file: Path, columns: Mapping[str, Sequence[str]], required: Iterable[str]) -> list[Line]:
    """The rows of a file that are not empty.

    Args:
        file: its name ends in .csv or .xlsx.
        columns: our name of each column, and the headings it may have, whatever their case and diacritics.
        required: our names of the columns that must be there.

    Raises:
        InputError: it cannot be read, is too large, has an unknown column or lacks one.
    """
    rows = enumerate(islice(_rows(file), _MOST_ROWS + 1), start=1)
    heading = next((cells for _, cells in rows if any(cells)), [])
    names = _names(file, heading, columns, required)
    lines = [
        Line(number, {name: clean(cell) for name, cell in zip(names, cells, strict=False) if name})
        for number, cells in rows
        if any(cells)
    ]
    if len(lines) >= _MOST_ROWS:
        raise InputError(f"{file} has more than {_MOST_ROWS} rows: split it")
    if not lines:
        raise InputError(f"{file} has no row below its headings")
    return lines


def month_of(text: str) -> Month:
    """A month as offices write it: 2019-11, 11/2019, or the day that a workbook makes of it (2019-11-01).

    Raises:
        InputError: it is none.
    """
    if month_first := re.fullmatch(r"(0?[1-9]|1[0-2])[/-]([0-9]{4})", text):
        return Month.parse(f"{month_first[2]}-{month_first[1]:0>2}")
    day = re.fullmatch(r"([0-9]{4}-[0-9]{2})-[0-9]{2}", text)
    return Month.parse(day[1] if day else text)


def day_of(text: str) -> date:
    """A day as offices write it: 2019-11-19, 19/11/2019.

    Raises:
        InputError: it is none.
    """
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        with suppress(ValueError):
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, not an instant
    raise InputError(f"'{text[:40]}' is not a day: write YYYY-MM-DD or DD/MM/YYYY")


def _names(
    file: Path, heading: Sequence[str], columns: Mapping[str, Sequence[str]], required: Iterable[str]
) -> list[str]:
    by_heading = {fold(text): name for name, texts in columns.items() for text in (name, *texts)}
    known = ", ".join(columns)
    unknown = [text for text in heading if text and fold(text) not in by_heading]
    if unknown:
        raise InputError(f"{file}: unknown column '{clean(unknown[0])[:80]}': the first row names {known}")
    names = [by_heading.get(fold(text), "") for text in heading]
    missing = [name for name in required if name not in names]
    if missing:
        raise InputError(f"{file}: there is no column '{missing[0]}': the first row names {known}")
    return names


def _rows(file: Path) -> Iterator[list[str]]:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise InputError(f"{file} is larger than {_MOST_BYTES // 1_000_000} MB: split it")
        body = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}): name a CSV or XLSX file") from error
    match file.suffix.lower():
        case ".csv":
            return _csv(file, body)
        case ".xlsx":
            return _xlsx(file, body)
    raise InputError(f"{file} is neither .csv nor .xlsx: save it as one of them")


def _csv(file: Path, body: bytes) -> Iterator[list[str]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not UTF-8 (byte {error.start}): save it as 'CSV UTF-8'") from error
    first = next(filter(str.strip, text.splitlines()), "")
    separator = ";" if first.count(";") > first.count(",") else ","
    try:
        return iter(
            [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, None), delimiter=separator)]
        )
    except csv.Error as error:
        raise InputError(f"{file} is not a table that can be read ({error}): save it anew as 'CSV UTF-8'") from error


def _xlsx(file: Path, body: bytes) -> Iterator[list[str]]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write wrong ones
        rows = sheet.iter_rows(max_row=_MOST_ROWS + 1, max_col=_MOST_COLUMNS, values_only=True)
        return iter([[_shown(cell) for cell in cells] for cells in rows])
    except _UNREADABLE as error:
        raise InputError(f"{file} is not a workbook that can be read ({error}): save it anew as .xlsx") from error


def _shown(cell: object) -> str:
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def unit_named(jurisdiction: Jurisdiction, text: str) -> str:
    """The key of the unit that a cell names: by key, name, short name, or as a report names it ("Sở Y tế").

    Raises:
        InputError: there is none, or there are several.
    """
    wanted = fold(text)
    found = [unit for unit in jurisdiction.units if wanted in set(map(fold, _names_of(unit, jurisdiction.name)))]
    if len(found) != 1:
        what = "is the name of several units" if found else "is no unit of portals.yaml"
        raise InputError(f"'{text[:80]}' {what}: write its key, as `auditor units` lists it")
    return found[0].key


def _names_of(unit: Unit, jurisdiction: str) -> Iterator[str]:
    yield from (unit.key, unit.name, unit.name.removesuffix(f" {jurisdiction}"))
    if unit.short_name:
        yield from (unit.short_name, title(unit.name, unit.short_name))
