"""The annex as a workbook: summary, counted items, what is present, the rules, what could not be observed, the checks.

Text from portals is written as text, whatever it begins with: no cell holds a formula, and only http(s) addresses
become links.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from auditor.audit.month import MonthFigures
from auditor.report import commune_tables, law_tables, night_tables, picture_tables, tables
from auditor.report.packages import reproducible, written_on
from auditor.report.shading import GREYS, shades
from auditor.report.tables import Cell, Column, Holds, Link, Table, cell_text
from auditor.text import clean
from auditor.window import Month

_LONGEST_TEXT = 32_767
"""Characters a cell may hold (Excel's specification)."""
_LINE = 15.0
"""Points of a line of 11 pt."""
_MOST_LINES = 12
_NARROWER = 1.15
"""Letters of Times New Roman in the room of one of the typeface that widths of columns are given in."""
_MOST_LINKS = 60_000
"""Excel refuses a sheet with more than 65,530 links."""
_NUMBER_FORMATS = {
    Holds.CHANGE: "+#,##0;-#,##0;0",
    Holds.NUMBER: "#,##0",
    Holds.SHARE: "0.00",
    Holds.DATE: "dd/mm/yyyy",
}


def month_xlsx(figures: MonthFigures) -> bytes:
    """The workbook; the same figures give the same bytes."""
    return workbook(_sheets(figures), tables.summary(figures).title, figures.office, figures.month)


def workbook(sheets: Sequence[Table], title: str, office: str, month: Month) -> bytes:
    """Tables as sheets of a workbook that is dated by the month."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        created = written_on(month).replace(tzinfo=None)
        book.set_properties({"title": title[:255], "author": clean(office)[:255], "created": created})
        styles = _Styles(book)
        for table in sheets:
            _sheet(book.add_worksheet(table.name), table, styles)
    return reproducible(buffer.getvalue())


def _sheets(figures: MonthFigures) -> tuple[Table, ...]:
    return (
        tables.summary(figures),
        tables.counted_items(figures, detailed=True),
        commune_tables.communes(figures),
        picture_tables.months(figures),
        law_tables.present(figures),
        law_tables.all_findings(figures),
        tables.corrections(figures),
        night_tables.nights(figures),
        picture_tables.calendar(figures),
        night_tables.noted(figures),
        tables.not_observable(figures),
        tables.restated(figures),
        tables.checks(figures),
    )


class _Styles:
    """The formats of one workbook, made once each."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[Holds, bool, int], Format] = {}
        self.title = book.add_format({"bold": True, "font_size": 13, "font_name": "Times New Roman"})
        self.heading = book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "border": 1,
                "align": "center",
                "valign": "vcenter",
                "bg_color": "#E7ECF3",
                "font_name": "Times New Roman",
            }
        )

    def cell(self, holds: Holds, *, total: bool, grey: int = 0) -> Format:
        """How a column's cells are printed; `grey`: of `GREYS`."""
        if (holds, total, grey) not in self._made:
            style: dict[str, object] = {
                "border": 1,
                "valign": "top",
                "font_name": "Times New Roman",
                "text_wrap": holds in {Holds.TEXT, Holds.LINK},
                "bold": total,
                "align": "left" if holds in {Holds.TEXT, Holds.LINK} else "center",
            }
            if holds in _NUMBER_FORMATS:
                style["num_format"] = _NUMBER_FORMATS[holds]
            if holds is Holds.LINK:
                style |= {"font_color": "#0000FF", "underline": 1}
            if grey:
                style["bg_color"] = f"#{GREYS[grey]}"
            self._made[holds, total, grey] = self._book.add_format(style)
        return self._made[holds, total, grey]


def _sheet(sheet: Worksheet, table: Table, styles: _Styles) -> None:
    """Title, heading row, rows; the heading stays in sight and can filter, and repeats on every printed page."""
    sheet.write_string(0, 0, table.title, styles.title)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(1, place, column.heading, styles.heading)
    sheet.set_row(1, _height([column.heading for column in table.columns], table.columns))
    for line, (row, greys) in enumerate(zip(table.rows, shades(table), strict=True), start=2):
        texts = [cell_text(cell, column) for cell, column in zip(row.cells, table.columns, strict=True)]
        sheet.set_row(line, _height(texts, table.columns))
        for place, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
            style = styles.cell(column.holds, total=row.total, grey=greys[place])
            _write(sheet, (line, place), cell, column, style)
    sheet.freeze_panes(2, 2)
    sheet.autofilter(1, 0, max(1, 1 + len(table.rows)), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    sheet.set_footer("&C&P/&N")


def _height(texts: Sequence[str], columns: Sequence[Column]) -> float:
    """Points a row needs: said in the file, as not every program measures wrapped text when it opens one."""
    lines = max(-(-len(text) // int(column.width * _NARROWER)) for text, column in zip(texts, columns, strict=True))
    return _LINE * min(max(1, lines), _MOST_LINES)


def _write(sheet: Worksheet, place: tuple[int, int], cell: Cell, column: Column, style: Format) -> None:
    line, position = place
    if cell is None:
        sheet.write_string(line, position, "" if column.heading == "STT" else tables.UNKNOWN, style)
    elif isinstance(cell, Link):
        _write_link(sheet, place, cell, style)
    elif isinstance(cell, str):
        sheet.write_string(line, position, clean(cell)[:_LONGEST_TEXT], style)
    elif isinstance(cell, date):
        sheet.write_datetime(line, position, datetime(cell.year, cell.month, cell.day), style)  # noqa: DTZ001 - Excel knows no zones
    else:
        sheet.write_number(line, position, cell, style)


def _write_link(sheet: Worksheet, place: tuple[int, int], link: Link, style: Format) -> None:
    """A link; beyond the number Excel bears, its text."""
    line, position = place
    if line > _MOST_LINKS:
        sheet.write_string(line, position, link.address, style)
    else:
        sheet.write_url(line, position, link.address, style)
