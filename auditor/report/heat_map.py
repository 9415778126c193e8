"""A table of numbers as a picture: a cell of grey for each, the darker the more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from auditor.report.shading import GREYS, shades
from auditor.report.svg import WIDTH, Picture, box, fitting, joined, letters, line, text, wrapped
from auditor.report.tables import Column, Row, Table, cell_text

_NAMES = 196
_ROW = 18
_SMALL = 10.5
_MOST_ROWS = 44
"""Rows of one picture: more would not stand on a page with its caption."""

Line = tuple[Row, Sequence[int]]


def heat_maps(table: Table, names: Mapping[str, str], told: str) -> Iterator[Picture]:
    """The shaded columns of a table, as many pictures as its rows need, their greys of one scale.

    Args:
        table: its second column holds the names of its rows.
        names: what a row's own name is written as where it is shorter.
        told: the picture in words.
    """
    lines = list(zip(table.rows, shades(table), strict=True))
    parts = -(-len(lines) // _MOST_ROWS)
    for number, part in enumerate(_parts(lines, parts), start=1):
        title = f"{table.title} ({number}/{parts})" if parts > 1 else table.title
        yield _drawn(table, part, names, title, told)


def _parts(lines: Sequence[Line], parts: int) -> Iterator[Sequence[Line]]:
    """Parts of about the same length, so that the last page does not hold one row."""
    size = -(-len(lines) // max(1, parts))
    return (lines[start : start + size] for start in range(0, len(lines), size or 1))


def _drawn(table: Table, lines: Sequence[Line], names: Mapping[str, str], title: str, told: str) -> Picture:
    columns = [(place, column) for place, column in enumerate(table.columns) if column.shaded]
    width = (WIDTH - _NAMES) / len(columns)
    heads = [wrapped(column.heading, width - 3, _SMALL, 5) for _, column in columns]
    top = 6 + 12.0 * max(map(len, heads))
    content = [_head(head, _NAMES + (number + 0.5) * width, top) for number, head in enumerate(heads)]
    content += [
        _row(row, greys, columns, top + number * _ROW, width, names) for number, (row, greys) in enumerate(lines)
    ]
    return Picture(title, told, top + len(lines) * _ROW + 2, joined(content))


def _head(lines: Sequence[str], x: float, bottom: float) -> Markup:
    count = len(lines)
    return joined(
        text(x, bottom - 4 - 12 * (count - 1 - number), said, anchor="middle", size=_SMALL)
        for number, said in enumerate(lines)
    )


def _row(
    row: Row,
    greys: Sequence[int],
    columns: Sequence[tuple[int, Column]],
    top: float,
    width: float,
    names: Mapping[str, str],
) -> Markup:
    name = cell_text(row.cells[1], columns[0][1])
    content = [text(_NAMES - 6, top + 13, fitting(names.get(name, name), _NAMES - 6), anchor="end")]
    if row.total:
        content.append(line([(0, top), (WIDTH, top)], width=1.2))
    said = [cell_text(row.cells[place], column) for place, column in columns]
    for number, (place, _) in enumerate(columns):
        content.append(box(_NAMES + number * width, top, width, _ROW, f"#{GREYS[greys[place]].lower()}"))
    content.append(_said(said, top + 13, width))
    return joined(content)


def _said(said: Sequence[str], y: float, width: float) -> Markup:
    """What the cells of a row hold; marks of one letter are drawn at once."""
    size = min(12, width - 3)
    places = [_NAMES + (number + 0.5) * width for number in range(len(said))]
    if max(map(len, said)) > 1:
        return joined(text(x, y, one, anchor="middle", size=size) for x, one in zip(places, said, strict=True))
    marks = [(x, one) for x, one in zip(places, said, strict=True) if one]
    return letters([x for x, _ in marks], y, "".join(one for _, one in marks), size=size) if marks else Markup("")
