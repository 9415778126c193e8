"""The web version: one self-contained page, nothing loaded from elsewhere, every text escaped."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from auditor.audit.month import MonthFigures
from auditor.report import commune_tables, law_tables, night_tables, tables
from auditor.report.narrative import Block, Kind
from auditor.report.pictures import pictures
from auditor.report.rendering import render
from auditor.report.shading import shades
from auditor.report.tables import Cell, Column, Holds, Link, Table, cell_text
from auditor.report.view import Part, by_group

_LONGEST_CELL = 300
_FORMS = {
    Kind.HEADING: Markup("<h2>{}</h2>"),
    Kind.SUBHEADING: Markup("<h3>{}</h3>"),
    Kind.PARAGRAPH: Markup("<p>{}</p>"),
    Kind.BULLET: Markup("<li>{}</li>"),
    Kind.SUB_BULLET: Markup("<li>{}</li>"),
}
_LISTS = {Kind.BULLET: Markup("<ul>{}</ul>"), Kind.SUB_BULLET: Markup('<ul class="plus">{}</ul>')}


def month_html(figures: MonthFigures, blocks: Sequence[Block], templates: Path | None = None) -> str:
    """The report as a page, from `report.html.j2`.

    Raises:
        InputError: the template is broken.
    """
    context = {
        "figures": figures,
        "everything": Part(figures.units),
        "groups": by_group(figures),
        "title": _first(blocks, Kind.TITLE),
        "subject": _first(blocks, Kind.SUBJECT),
        "warnings": [block.text for block in blocks if block.kind is Kind.WARNING],
        "body": _body(blocks),
        "pictures": [
            (shown.picture, shown.table and shown.table.columns, shown.table and _rows(shown.table))
            for shown in pictures(figures)
        ],
        "tables": [
            (caption, table, _rows(tables.shortened(table, _LONGEST_CELL)))
            for caption, table in (
                ("Phụ lục I.", tables.summary(figures)),
                ("Phụ lục II.", tables.counted_items(figures, detailed=False)),
                ("Phụ lục III.", law_tables.present(figures)),
                ("Phụ lục IV.", law_tables.not_kept(figures)),
                ("", commune_tables.communes(figures)),
                ("", night_tables.nights(figures)),
                ("", night_tables.noted(figures)),
                ("", tables.not_observable(figures)),
                ("", tables.restated(figures)),
                ("", tables.checks(figures)),
            )
            if table.rows
        ],
    }
    return render("report.html.j2", context, folder=templates)


def paper_html(office: str, blocks: Sequence[Block], annexes: Sequence[Table], templates: Path | None = None) -> str:
    """Any other report as a page, from `paper.html.j2`.

    Raises:
        InputError: the template is broken.
    """
    context = {
        "office": office,
        "title": _first(blocks, Kind.TITLE),
        "subject": _first(blocks, Kind.SUBJECT),
        "body": _body(blocks),
        "tables": [(table, _rows(tables.shortened(table, _LONGEST_CELL))) for table in annexes],
    }
    return render("paper.html.j2", context, folder=templates)


def _first(blocks: Sequence[Block], kind: Kind) -> str:
    return next((block.text for block in blocks if block.kind is kind), "")


def _body(blocks: Sequence[Block]) -> Markup:
    """The sentences; neighbouring bullets make one list."""
    pieces: list[Markup] = []
    for kind, run in groupby((block for block in blocks if block.kind in _FORMS), key=lambda block: block.kind):
        entries = Markup("\n").join(_FORMS[kind].format(block.text) for block in run)
        pieces.append(_LISTS[kind].format(entries) if kind in _LISTS else entries)
    return Markup("\n").join(pieces)


def _rows(table: Table) -> list[tuple[bool, list[tuple[str, Markup]]]]:
    """For each row whether it is a total, and its cells: class and content."""
    return [
        (row.total, [_cell(*place) for place in zip(row.cells, table.columns, greys, strict=True)])
        for row, greys in zip(table.rows, shades(table), strict=True)
    ]


def _cell(cell: Cell, column: Column, grey: int) -> tuple[str, Markup]:
    if isinstance(cell, Link):
        return "link", Markup('<a href="{0}" rel="noreferrer nofollow">{0}</a>').format(cell.address)
    if cell is None and column.heading == "STT":
        return "number", Markup("")
    kind = "text" if column.holds in {Holds.TEXT, Holds.LINK} and not column.shaded else "number"
    return f"{kind} s{grey}" if grey else kind, Markup("{}").format(cell_text(cell, column))
