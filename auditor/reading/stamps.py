"""When a post was published: its visible stamp first, what machines are told only where none is visible.

The visible stamp beside the heading is the truth; machine-readable dates are often broken or hold the last edit
(NukeViet: `article:published_time` is malformed, `itemprop=datePublished` is the edit). Dates of other posts stand all
over the page and are told by their company: they belong to a link that leads elsewhere.
"""

from __future__ import annotations

import json
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from lxml.html import HtmlElement

from auditor.reading.addresses import identity, resolve
from auditor.reading.dates import Stamp, StampKind, find_stamps, read_machine, read_stamp
from auditor.reading.page import Page, forks, is_aside, texts, unwrapped
from auditor.reading.pieces import Piece, names_others

_FOR_MACHINES = re.compile(r"\d{4}-\d\d-\d\dT")
_BARE_DATE = re.compile(r"^.{0,30}\b\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b.{0,20}$")
_MACHINE_NAMES = frozenset(
    {"article:published_time", "datepublished", "dc.date.issued", "dcterms.issued", "dc.date", "pubdate"}
)
_UNLABELLED = frozenset({StampKind.PLAIN, StampKind.CLOCK})
_LONGEST_STAMP = 160
_LONGEST_DATA = 200_000
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
            self._timetables[table] = _is_timetable(table)
        return self._timetables[table]


def _many_dated(parent: HtmlElement, tag: str) -> bool:
    """Whether children of one kind are rows with a date each; a text or a list among them has several."""
    like = list(islice((child for child in parent if unwrapped(child).tag == tag), _MOST_LIKE))
    if len(like) < _FEWEST_DATED:
        return False
    dates = (sum(1 for piece in islice(texts(child), _MOST_PIECES) if _BARE_DATE.search(piece)) for child in like)
    return sum(1 for count in dates if 0 < count <= _DATES_IN_ROW) >= _FEWEST_DATED


def _is_timetable(table: HtmlElement) -> bool:
    rows = list(table.iter("tr"))
    return len(rows) >= _FEWEST_TABLE_ROWS and max(len(row) for row in rows) > 1 and table.find(".//table") is None


def visible_stamp(
    page: Page, pieces: Sequence[Piece], start: int | None, now: datetime | None
) -> tuple[Stamp | None, Stamp | None]:
    """The publication stamp and the stamp of the last change, from the visible text.

    Args:
        page: the post's page.
        pieces: its text.
        start: the piece its heading begins at; None where it has none.
        now: for relative dates.
    """
    first, end = (0, len(pieces)) if start is None else (_first(page, pieces, start), _end(pieces, start))
    found = [(index, stamp) for index, stamp in _stamps(pieces, now) if first <= index < end]
    modified = next((stamp for _, stamp in found if stamp.kind is StampKind.MODIFIED), None)
    other = {StampKind.MODIFIED, StampKind.DOCUMENT}
    return _choice([(index - (start or 0), stamp) for index, stamp in found if stamp.kind not in other]), modified


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


def _stamps(pieces: Sequence[Piece], now: datetime | None) -> Iterator[tuple[int, Stamp]]:
    """The stamps of the post's own text, each with its piece's index; two may stand in one piece."""
    around = _Surroundings()
    said = Counter(piece.text for piece in pieces)
    for index, piece in enumerate(pieces):
        fact = _fact(pieces, index, said, now) if piece.own else None
        stamp = fact or (_stamp_at(pieces, index, around, now) if piece.own else None)
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


def machine_stamp(page: Page) -> tuple[Stamp | None, str]:
    """A date meant for machines, and where it stood."""
    found = ((read_machine(text), place) for text, place in _machine_dates(page))
    return next(((stamp, place) for stamp, place in found if stamp), (None, ""))


def _machine_dates(page: Page) -> Iterator[tuple[str, str]]:
    for element in page.root.iter("time"):
        if not is_aside(element) and next(element.iterancestors("li"), None) is None:
            yield element.get("datetime", ""), "time element"
    for element in page.root.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        if name in _MACHINE_NAMES:
            yield element.get("content", ""), f"meta {name}"
    for value in _linked_data(page):
        yield value, "JSON-LD datePublished"


def _linked_data(page: Page) -> Iterator[str]:
    for element in page.root.iter("script"):
        text = element.text or ""
        if element.get("type", "").lower() != "application/ld+json" or len(text) > _LONGEST_DATA:
            continue
        try:
            queue = deque([json.loads(text)])
        except (ValueError, RecursionError):
            continue
        while queue:
            node = queue.popleft()
            if isinstance(node, dict):
                if isinstance(node.get("datePublished"), str):
                    yield node["datePublished"]
                queue.extend(value for value in node.values() if isinstance(value, dict | list))
            elif isinstance(node, list):
                queue.extend(node[:100])
