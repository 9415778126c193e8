"""The rows of a group: each post's title, address, dates and teaser as a listing shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice, pairwise

from lxml.html import HtmlElement

from auditor.reading.dates import Order, Stamp, StampKind, find_stamps, read_machine, read_stamp
from auditor.reading.groups import MORE, Group
from auditor.reading.orders import order_of, settled
from auditor.reading.page import Link, opening, texts, unwrapped
from auditor.reading.stamps import is_timetable
from auditor.text import clean, fold

_MODIFIED_COLUMN = re.compile(r"cap nhat|sua|thay doi|modified|changed|last")
_OTHER_COLUMN = re.compile(r"ban hanh|ngay ky|hieu luc|ngay tiep|thoi gian tiep|su kien|het han|issued|event|expires")
_DATED_TITLE = re.compile(r"\s*[(\[]\s*(\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(?:[ ,|-]+\d{1,2}:\d{2}(:\d{2})?)?)\s*[)\]]$")
_HEADING_LIKE = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "a", "p", "strong", "b", "span", "dt"})
_HEADING_TAKES = 4
_LONGEST_STAMP = 120
_TEASER = 500
_MOST_PIECES = 200
"""Pieces of text in one row; more than any row has."""


@dataclass(frozen=True)
class Row:
    """One post as a listing shows it.

    Attributes:
        url, title: where it leads, what it is called there.
        stamp: its publication date, where the listing shows one.
        modified: the date of the last change, where the listing shows that instead.
        teaser: the text below the title.
        doubtful: a publication date of which nothing tells whether day or month stands first.
    """

    url: str
    title: str
    stamp: Stamp | None = None
    modified: Stamp | None = None
    teaser: str = ""
    doubtful: Stamp | None = None


def in_order(rows: Sequence[Row], order: Order) -> tuple[Row, ...]:
    """The rows of one listing with day and month as `order`, else their own dates, prove them to stand."""
    known = order or order_of(row.stamp for row in rows if row.stamp)
    return tuple(
        replace(
            row,
            stamp=(stamp := settled(row.stamp, known)),
            modified=settled(row.modified, known),
            doubtful=row.stamp if stamp is None else None,
        )
        for row in rows
    )


def rows_of(group: Group, now: datetime | None) -> list[Row]:
    """The group's rows in document order; `now` is for relative dates."""
    extents = _extents(group)
    columns = _columns(group)
    return [_row(link, extent, columns, now) for link, extent in zip(group.links, extents, strict=True)]


def _extents(group: Group) -> list[list[HtmlElement]]:
    """What belongs to each row: its block, and what stands between it and the next.

    Flat themes put title, date and teaser side by side; a definition list puts the date before (`dt`, `dd`).
    """
    children = [child for child in group.box if isinstance(child.tag, str)]
    if any(block.getparent() is not group.box for block in group.blocks):
        return [[block] for block in group.blocks]
    place = {child: position for position, child in enumerate(children)}
    positions = [place[block] for block in group.blocks]
    leading = (
        len(positions) > 1 and bool(_loose(children[: positions[0]])) and not _loose(children[positions[-1] + 1 :])
    )
    if leading:
        starts = [max(0, positions[0] - 1), *(position + 1 for position in positions)]
        return [children[start : position + 1] for start, position in zip(starts, positions, strict=False)]
    ends = [*positions[1:], min(len(children), positions[-1] + _stride(group.blocks[-1], positions))]
    return [children[start:end] for start, end in zip(positions, ends, strict=True)]


def _stride(block: HtmlElement, positions: list[int]) -> int:
    """How many siblings a row takes: as many as its like; a heading on its own takes what follows it."""
    if len(positions) > 1:
        return min(after - before for before, after in pairwise(positions))
    return _HEADING_TAKES if unwrapped(block).tag in _HEADING_LIKE else 1


def _loose(children: Iterable[HtmlElement]) -> list[HtmlElement]:
    """Elements between rows that hold a date of their own."""
    return [child for child in children if read_stamp(opening(child)[:_LONGEST_STAMP])]


def _columns(group: Group) -> list[str]:
    """The folded headings of a table's columns; empty where the rows are no table rows."""
    if group.blocks[0].tag != "tr":
        return []
    table = next(group.blocks[0].iterancestors("table"), None)
    head = next(table.iter("tr"), None) if table is not None else None
    if head is None or head is group.blocks[0]:
        return []
    return [fold(opening(cell)) for cell in head if isinstance(cell.tag, str)]


def _row(link: Link, extent: list[HtmlElement], columns: list[str], now: datetime | None) -> Row:
    published: Stamp | None = None
    modified: Stamp | None = None
    for stamp, heading in _stamps(extent, columns, now):
        if stamp.kind is StampKind.MODIFIED or (_MODIFIED_COLUMN.search(heading) and "dang" not in heading):
            modified = modified or stamp
        elif stamp.kind not in {StampKind.CLOCK, StampKind.DOCUMENT} and not _OTHER_COLUMN.search(heading):
            published = published or stamp
    title, inner = _split_title(link.text)
    return Row(link.url, title, published or inner, modified, _teaser(link, extent))


def _stamps(extent: list[HtmlElement], columns: list[str], now: datetime | None) -> Iterator[tuple[Stamp, str]]:
    for block in extent:
        cells = [cell for cell in block if isinstance(cell.tag, str)] if block.tag == "tr" else [block]
        for index, cell in enumerate(cells):
            heading = columns[index] if index < len(columns) else ""
            for stamp in _cell_stamps(cell, now):
                yield stamp, heading


def _cell_stamps(cell: HtmlElement, now: datetime | None) -> Iterator[Stamp]:
    """The dates of one cell: a piece of text that is one, pieces that together are one, a `time` element.

    A blog shows posts whole: the days of a timetable in a post are not its own, unless nothing else is dated.
    """
    timetables = [table for table in cell.iter("table") if table is not cell and is_timetable(table)]
    stamps = _stamps_in(texts(cell, timetables), now) or (_stamps_in(texts(cell), now) if timetables else [])
    if stamps:
        for piece, stamp in stamps:
            yield stamp
            if stamp.kind is not StampKind.MODIFIED:
                yield from (each for each in find_stamps(piece) if each.kind is StampKind.MODIFIED)
    elif whole := _machine_stamp(cell) or _pieced_stamp(cell, now):
        yield whole


def _stamps_in(told: Iterable[str], now: datetime | None) -> list[tuple[str, Stamp]]:
    pieces = [piece for piece in islice(told, _MOST_PIECES) if len(piece) <= 2 * _LONGEST_STAMP]
    return [(piece, stamp) for piece in pieces if (stamp := read_stamp(piece, now=now))]


def _machine_stamp(cell: HtmlElement) -> Stamp | None:
    stamps = (read_machine(element.get("datetime", "")) for element in cell.iter("time"))
    return next((stamp for stamp in stamps if stamp), None)


def _pieced_stamp(cell: HtmlElement, now: datetime | None) -> Stamp | None:
    """A date whose day, month and year stand in elements of their own."""
    for element in islice(cell.iter(), _MOST_PIECES):
        if isinstance(element.tag, str) and len(element):
            together = opening(element, 2 * _LONGEST_STAMP)
            if len(together) <= _LONGEST_STAMP and (stamp := read_stamp(together, now=now)):
                return stamp
    return None


def _split_title(text: str) -> tuple[str, Stamp | None]:
    """A title and the bare date in brackets behind it: "… tháng 3 (07/03/2018)"."""
    match = _DATED_TITLE.search(text)
    stamp = read_stamp(match[1]) if match else None
    return (text[: match.start()].rstrip(), stamp) if match and stamp else (text, None)


def _teaser(link: Link, extent: list[HtmlElement]) -> str:
    every = (clean(piece[:_TEASER]) for block in extent for piece in texts(block))
    pieces = islice(every, _MOST_PIECES)
    told = [piece for piece in pieces if piece and piece not in link.text and not MORE.fullmatch(fold(piece))]
    return " ".join(told)[:_TEASER]
