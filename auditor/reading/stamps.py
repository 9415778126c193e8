"""When a post was published, as its page shows it; the date of its last change, and of the document it shows.

The visible stamp beside the heading is the truth (what machines are told is in `auditor.reading.machine`). Dates of
other posts stand all over the page and are told by their company: they belong to a link that leads elsewhere. Clocks
and footers are told by standing on the home page as well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from lxml.html import HtmlElement

from auditor.reading.addresses import identity, resolve
from auditor.reading.dates import Stamp, StampKind, find_stamps, plausible, read_stamp
from auditor.reading.machine import machine_modified, machine_stamp
from auditor.reading.page import Page, forks, texts, unwrapped
from auditor.reading.pieces import MOST_PIECES, Piece, names_others, pieces_of
from auditor.text import clean

_FOR_MACHINES = re.compile(r"\d{4}-\d\d-\d\dT")
_PLACED = re.compile(r"^(?:Số.{3,40}? )?[^\W\d_][^\d,;:]{1,40}, ?(?:ngày|Ngày|NGÀY)")
_BARE_DATE = re.compile(r"^.{0,30}\b\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b.{0,20}$")
_UNLABELLED = frozenset({StampKind.PLAIN, StampKind.CLOCK})
_LONGEST_STAMP = 160
_LONGEST_HEAD = 120
_LONGEST_END = 3
_LONGEST_LABEL = 30
_NEAR_LABEL = 20
_NEAR_AFTER = 25
_NEAR_BEFORE = 8
_ONE_LINE = 4
_FEWEST_DATED = 3
_DATES_IN_ROW = 2
_LIST_LEVELS = 4
_MOST_LIKE = 40
_MOST_PIECES = 60
_FEWEST_TABLE_ROWS = 3
_MOST_DATED = 2_000
"""Pieces of text with figures that are looked at; what has more is no post."""


class _Surroundings:
    """What stands around the dates of one page; remembered, for many of them share it."""

    def __init__(self) -> None:
        self._lists: dict[tuple[HtmlElement, str], bool] = {}
        self._timetables: dict[HtmlElement, bool] = {}

    def in_list_of_dates(self, element: HtmlElement) -> bool:
        """Whether a date stands among its like: a table of documents, a list of other posts, a timetable."""
        tag = str(element.tag)
        for parent in islice(forks(element), _LIST_LEVELS):
            if parent.tag == "body":
                return False
            key = (parent, tag)
            if key not in self._lists:
                self._lists[key] = _many_dated(parent, tag)
            if self._lists[key]:
                return True
            tag = str(parent.tag)
        return False

    def in_timetable(self, element: HtmlElement) -> bool:
        """Whether a date stands in a table with several rows and columns: a timetable, not a stamp."""
        table = next(element.iterancestors("table"), None)
        if table is None:
            return False
        if table not in self._timetables:
            self._timetables[table] = is_timetable(table)
        return self._timetables[table]


def _many_dated(parent: HtmlElement, tag: str) -> bool:
    """Whether children of one kind are rows with a date each; a text or a list among them has several."""
    like = list(islice((child for child in parent if unwrapped(child).tag == tag), _MOST_LIKE))
    if len(like) < _FEWEST_DATED:
        return False
    dates = (sum(1 for piece in islice(texts(child), _MOST_PIECES) if _BARE_DATE.search(piece)) for child in like)
    return sum(1 for count in dates if 0 < count <= _DATES_IN_ROW) >= _FEWEST_DATED


def is_timetable(table: HtmlElement) -> bool:
    """Whether a table has several rows and columns, and no table in it: its dates are of what it tells."""
    rows = list(table.iter("tr"))
    return len(rows) >= _FEWEST_TABLE_ROWS and max(len(row) for row in rows) > 1 and table.find(".//table") is None


Fixture = tuple[str, date]
"""Where on a page a date stands (its element's path), and which."""
FOR_MACHINES = "machines"
"""In place of a path: the date is one that the page tells machines."""


@dataclass(frozen=True)
class Shown:
    """The dates a post's page shows: of publication, of the last change, of the document it reproduces."""

    published: Stamp | None
    modified: Stamp | None
    document: Stamp | None


def fixtures(page: Page) -> frozenset[Fixture]:
    """The dates that stand around a portal's pages, from its home page: clocks, the footer's last update, its metas."""
    around, paths = _Surroundings(), _Paths()
    pieces = list(islice(pieces_of(page, None, frozenset()), MOST_PIECES))
    told = (machine_stamp(page)[0], machine_modified(page))
    found = {(FOR_MACHINES, stamp.day) for stamp in told if stamp}
    for index in _with_figures(pieces, 0, len(pieces)):
        stamp, element = _stamp_at(pieces, index, around, None), pieces[index].element
        if stamp is not None and not around.in_list_of_dates(element):
            found.add((paths.of(element), stamp.day))
    return frozenset(found)


class _Paths:
    """The paths of one page's elements; lxml's own `getpath` counts all siblings anew for each."""

    def __init__(self) -> None:
        self._steps: dict[HtmlElement, dict[HtmlElement, str]] = {}

    def of(self, element: HtmlElement) -> str:
        """As XPath writes it: /html/body/p[3]."""
        parent = element.getparent()
        if parent is None:
            return f"/{element.tag!s}"
        if parent not in self._steps:
            self._steps[parent] = dict(_steps_to(parent))
        return f"{self.of(parent)}/{self._steps[parent][element]}"


def _steps_to(parent: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    children = [(child, str(child.tag)) for child in parent]
    several = Counter(tag for _, tag in children)
    seen: Counter[str] = Counter()
    for child, tag in children:
        seen[tag] += 1
        yield child, f"{tag}[{seen[tag]}]" if several[tag] > 1 else tag


def visible_stamps(
    page: Page,
    pieces: Sequence[Piece],
    start: int | None,
    now: datetime | None,
    standing: frozenset[Fixture] = frozenset(),
) -> Shown:
    """The dates in the visible text.

    Args:
        page: the post's page.
        pieces: its text.
        start: the piece its heading begins at; None where it has none.
        now: for relative dates; and a date of today above the heading that nothing calls a publication is a clock.
        standing: dates that stand on the portal's other pages as well; see `fixtures`.
    """
    first, end = (0, len(pieces)) if start is None else (_first(page, pieces, start), _end(pieces, start))
    paths = _Paths()
    found = [
        (index, stamp)
        for index, stamp in _stamps(pieces, first, end, now)
        if not (standing and (paths.of(pieces[index].element), stamp.day) in standing)
        and not _may_be_clock(index, stamp, start, now)
    ]
    modified = next((stamp for _, stamp in found if stamp.kind is StampKind.MODIFIED), None)
    document = next((stamp for _, stamp in found if stamp.kind is StampKind.DOCUMENT), None)
    other = {StampKind.MODIFIED, StampKind.DOCUMENT}
    published = _choice([(index - (start or 0), stamp) for index, stamp in found if stamp.kind not in other])
    return Shown(published, modified, document or _head_of_document(pieces[start or 0 : end]))


def _may_be_clock(index: int, stamp: Stamp, start: int | None, now: datetime | None) -> bool:
    """Whether a date is none of the past: one to come; or today's, bare, and above the heading, where there is one.

    Tomorrow is a clock's that runs ahead, or a publication's, as the words beside it say.
    """
    if now is None or not plausible(stamp.day, today=now.date()):
        return now is not None
    if stamp.kind is not StampKind.PLAIN or stamp.day < now.date():
        return False
    return start is None or index < start


def _head_of_document(pieces: Sequence[Piece]) -> Stamp | None:
    """The date in the head of a document that the page reproduces: "Đắk Nông, ngày 05 tháng 3 năm 2020"."""
    heads = (document_head(piece.text) for piece in pieces if piece.own and len(piece.text) <= _LONGEST_HEAD)
    return next((stamp for stamp in heads if stamp), None)


def document_head(line: str) -> Stamp | None:
    """The date a line of a document's head ends with, behind the name of a place; None where it is no such line."""
    stamps = find_stamps(line) if _PLACED.search(line) else ()
    if len(stamps) != 1 or stamps[0].kind is not StampKind.DOCUMENT or not _PLACED.search(line[: stamps[0].start + 5]):
        return None
    return stamps[0] if len(clean(line)) - stamps[0].end <= _LONGEST_END else None


def _first(page: Page, pieces: Sequence[Piece], start: int) -> int:
    """Where what may be a post's stamp begins: a clock or a menu is parted from its heading by links elsewhere."""
    earliest = max(0, start - _NEAR_BEFORE)
    parted = (index for index in range(start - 1, earliest - 1, -1) if _leads_elsewhere(page, pieces[index].element))
    return next(parted, earliest - 1) + 1


def _leads_elsewhere(page: Page, element: HtmlElement) -> bool:
    anchor = element if element.tag == "a" else next(element.iterancestors("a"), None)
    url = resolve(page.base, anchor.get("href", "")) if anchor is not None else None
    return url is not None and identity(url) != identity(page.url)


def _end(pieces: Sequence[Piece], start: int) -> int:
    """Where other posts begin: their dates are not the post's."""
    return next((index for index in range(start + 1, len(pieces)) if names_others(pieces[index].text)), len(pieces))


def _choice(found: list[tuple[int, Stamp]]) -> Stamp | None:
    """The likeliest of the stamps, each with its distance from the heading."""
    near = sorted((pair for pair in found if pair[0] <= _NEAR_AFTER), key=_distance)
    told = [pair for pair in near if pair[1].kind is StampKind.PUBLISHED and abs(pair[0] - near[0][0]) <= _ONE_LINE]
    later = sorted((pair for pair in found if pair[0] > _NEAR_AFTER), key=_label_first)
    return next((choice[0][1] for choice in (told, near, later) if choice), None)


def _distance(pair: tuple[int, Stamp]) -> int:
    """How far a stamp stands from the heading; before it counts double, for that is where clocks stand."""
    return pair[0] if pair[0] >= 0 else -2 * pair[0]


def _label_first(pair: tuple[int, Stamp]) -> tuple[bool, int]:
    return pair[1].kind is not StampKind.PUBLISHED, -pair[0]


def _with_figures(pieces: Sequence[Piece], first: int, end: int) -> Iterator[int]:
    """The indices of the post's own pieces that may hold a date."""
    return islice(
        (index for index in range(first, end) if pieces[index].own and _has_figure(pieces[index].text)), _MOST_DATED
    )


def _stamps(pieces: Sequence[Piece], first: int, end: int, now: datetime | None) -> Iterator[tuple[int, Stamp]]:
    """The stamps of the post's own text between two pieces, each with its piece's index; two may stand in one piece."""
    around = _Surroundings()
    said = Counter(piece.text for piece in pieces)
    for index in _with_figures(pieces, first, end):
        piece = pieces[index]
        fact = _fact(pieces, index, said, now)
        stamp = fact or _stamp_at(pieces, index, around, now)
        if stamp is None or stamp.kind is StampKind.CLOCK or (not fact and around.in_list_of_dates(piece.element)):
            continue
        yield index, stamp
        if stamp.kind is not StampKind.MODIFIED:
            yield from ((index, each) for each in find_stamps(piece.text) if each.kind is StampKind.MODIFIED)


def _fact(pieces: Sequence[Piece], index: int, said: Counter[str], now: datetime | None) -> Stamp | None:
    """A date behind a label that the page has once: in a table of a document's facts ("Ngày đăng" | "12/11/2019").

    Such a table holds several dates, as lists of posts and timetables do; there one label stands before each or none.
    """
    label, text = pieces[index - 1].text if index else "", pieces[index].text
    if not label or _has_figure(label) or len(label) >= _LONGEST_LABEL or len(text) > _LONGEST_STAMP or said[label] > 1:
        return None
    stamp = read_stamp(f"{label} {text}", now=now) if _has_figure(text) else None
    return stamp if stamp and stamp.kind not in _UNLABELLED else None


def _stamp_at(pieces: Sequence[Piece], index: int, around: _Surroundings, now: datetime | None) -> Stamp | None:
    """A stamp in one piece, or in a label and the piece behind it ("Ngày đăng:" "12/11/2019")."""
    text = pieces[index].text
    if len(text) > _LONGEST_STAMP or not _has_figure(text) or _FOR_MACHINES.match(text):
        return None
    before = pieces[index - 1].text if index else ""
    if before.endswith(":") and len(before) < _LONGEST_LABEL:
        labelled = read_stamp(f"{before} {text}", now=now)
        if labelled:
            return labelled
    if around.in_timetable(pieces[index].element):
        return None
    if before and len(before) < _NEAR_LABEL and not _has_figure(before):
        labelled = read_stamp(f"{before} {text}", now=now)
        if labelled and labelled.kind is not StampKind.PLAIN:
            return labelled
    return read_stamp(text, now=now)


def _has_figure(text: str) -> bool:
    return any(letter.isdigit() for letter in text)
