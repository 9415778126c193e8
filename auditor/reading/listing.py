"""The rows of a listing: repeated blocks with a link, a title, perhaps a date, found by structure, not by class names.

A row is the largest piece of the page that holds links to one post only; rows that share a parent are a group. Side
bars, widgets and menus form groups too: the listing is the group that looks most like posts (long titles, dates, a
text below) and is not furniture, that is, does not stand on other pages of the portal as well.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from lxml.html import HtmlElement

from auditor.reading.addresses import host_of, identity
from auditor.reading.dates import Stamp, StampKind, read_machine, read_stamp
from auditor.reading.names import PETITIONS, RECEPTION
from auditor.reading.page import Link, Page, texts
from auditor.text import clean, fold

Furniture = frozenset[tuple[str, ...]]
"""Groups of links, as tuples of identities, known to stand on other pages."""

_MORE = re.compile(
    r"(xem|doc) (tiep|them|chi tiet|toan bo)|chi tiet|read more|continue reading|xem|tai ve|download|"
    r"in( bai)?( nay)?|print|view|details?|gui (email|binh luan)|share|(xem|tai)? ?(tep|file)( dinh kem)?|"
    r"trang (chu|truoc|sau|dau|cuoi)|len dau trang|(luu|gui|chia se) bai viet( nay)?|quay (lai|ve) .*|tro (lai|ve) .*"
)
_EMPTY = re.compile(
    r"(hien )?(chua|khong) (co|tim thay) (bai viet|bai|tin|tin bai|tin tuc|du lieu|noi dung|ban ghi|ket qua|van ban)"
    r"( nao)?\b(?! (ve viec|lien quan))|dang (duoc )?cap nhat|nothing (was |here|found)|there are (currently )?no\b|"
    r"\bno (posts|items|results|entries|data|records|content|articles)\b"
)
_MODIFIED_COLUMN = re.compile(r"cap nhat|sua|thay doi|modified|changed|last")
_OTHER_COLUMN = re.compile(r"ban hanh|ngay ky|hieu luc|ngay tiep|thoi gian tiep|su kien|het han|issued|event|expires")
_RELATED = re.compile(
    r"lien quan|tin khac|cac tin|bai viet khac|tin cung|cung chuyen muc|xem nhieu|doc nhieu|noi bat|"
    r"tieu diem|moi hon|cu hon|bai viet moi|tin moi|moi nhat|moi dang|thong bao moi|"
    r"related|recent|popular|most (read|viewed)|you may"
)
_DATED_TITLE = re.compile(r"\s*[(\[]\s*(\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(?:[ ,|-]+\d{1,2}:\d{2}(:\d{2})?)?)\s*[)\]]$")
_HEADING_LIKE = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "a", "p", "strong", "b", "span", "dt"})
_HEADING_TAKES = 4
_OUTSIDE = frozenset({"nav", "footer", "header", "aside"})
_LONGEST_TITLE = 600
_LONGEST_STAMP = 120


@dataclass(frozen=True)
class Row:
    """One post as a listing shows it.

    Attributes:
        url, title: where it leads, what it is called there.
        stamp: its publication date, where the listing shows one.
        modified: the date of the last change, where the listing shows that instead.
        teaser: the text below the title.
    """

    url: str
    title: str
    stamp: Stamp | None = None
    modified: Stamp | None = None
    teaser: str = ""


@dataclass(frozen=True)
class Group:
    """Rows that share a parent; `key` recognises the same group on another page."""

    box: HtmlElement
    blocks: tuple[HtmlElement, ...]
    links: tuple[Link, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """The posts it leads to, in order."""
        return tuple(identity(link.url) for link in self.links)


def read_rows(
    page: Page,
    *,
    known: frozenset[str] = frozenset(),
    furniture: Furniture = frozenset(),
    now: datetime | None = None,
) -> tuple[Row, ...]:
    """The rows of the page's main listing, in document order; empty where there is none.

    Args:
        page: the listing page.
        known: identities of addresses that are no posts: menus, sections.
        furniture: groups that stand on other pages of the portal.
        now: for relative dates ("3 ngày trước"); without it they are not read.
    """
    groups = find_groups(page, known)
    own = [group for group in groups if group.key not in furniture]
    candidates = own or [group for group in groups if _on_topic(group)]
    scored = [(score(page, group, now), group) for group in candidates]
    best = max(scored, key=lambda pair: pair[0], default=None)
    if best is None or best[0] <= 0:
        return ()
    family = [group for value, group in scored if group is best[1] or (value > 0 and _belongs(best[1], group))]
    rows = [row for group in family for row in _rows(group, now)]
    return tuple({identity(row.url): row for row in reversed(rows)}.values())[::-1]


def find_groups(page: Page, known: frozenset[str] = frozenset()) -> list[Group]:
    """Every group of rows on the page, the listing among them."""
    anchors = _title_links(page, known)
    below: dict[HtmlElement, set[str]] = {}
    for link in anchors:
        for ancestor in (link.element, *link.element.iterancestors()):
            below.setdefault(ancestor, set()).add(identity(link.url))
    boxes: dict[HtmlElement, dict[HtmlElement, Link]] = {}
    for link in anchors:
        block = link.element
        parent = block.getparent()
        while parent is not None and len(below[parent]) == 1:
            block, parent = parent, parent.getparent()
        if parent is not None:
            rows = boxes.setdefault(parent, {})
            rows[block] = _title_of(rows[block], link) if block in rows else link
    return [Group(box, tuple(rows), tuple(rows.values())) for box, rows in boxes.items()] or _lonely(anchors)


def are_related(page: Page, rows: Sequence[Row]) -> bool:
    """Whether rows are a post's company ("Tin liên quan", "Các tin khác") rather than a listing."""
    wanted = {identity(row.url) for row in rows}
    boxes = (group.box for group in find_groups(page) if wanted.intersection(group.key))
    return any(_RELATED.search(fold(_heading_before(box))) for box in boxes)


def says_empty(page: Page) -> bool:
    """Whether the page says in words that it lists nothing."""
    return bool(_EMPTY.search(fold(page.text)))


def _on_topic(group: Group) -> bool:
    """Whether a block that stands on other pages too is a block of the section's posts, not of general news."""
    on_topic = sum(1 for link in group.links if RECEPTION.search(link.folded) or PETITIONS.search(link.folded))
    return 2 * on_topic >= len(group.links)


def score(page: Page, group: Group, now: datetime | None = None) -> float:
    """How much a group looks like the page's listing of posts."""
    rows = _rows(group, now)
    words = sorted(len(row.title.split()) for row in rows)
    dated = sum(1 for row in rows if row.stamp or row.modified) / len(rows)
    told = sum(1 for row in rows if len(row.teaser) > 60) / len(rows)  # noqa: PLR2004  (a teaser, not a counter)
    points = math.sqrt(min(len(rows), 10)) * (min(words[len(words) // 2], 15) / 5 + 3 * dated + 1.5 * told)
    if words[len(words) // 2] <= 6 and not dated:  # noqa: PLR2004  (short and undated: a menu)
        points *= 0.2
    for ancestor in group.box.iterancestors():
        if ancestor.tag in _OUTSIDE and not _is_whole(page, ancestor):
            points *= 0.2
            break
    if _RELATED.search(fold(_heading_before(group.box))):
        points *= 0.3
    return points


def _is_whole(page: Page, element: HtmlElement) -> bool:
    """Some themes wrap the whole page into a `header` or an `aside`: then it says nothing."""
    everything = len(page.links)
    return everything > 0 and len(element.findall(".//a")) > 0.8 * everything


def _title_links(page: Page, known: frozenset[str]) -> list[Link]:
    """The links that may be titles of posts."""
    own = identity(page.url)
    host = host_of(page.url)
    seen: dict[tuple[str, str], int] = {}
    chosen = []
    for link in page.links:
        key = identity(link.url)
        if key == own or key in known or host_of(link.url) != host or not _like_a_title(link):
            continue
        if any(ancestor.tag == "nav" for ancestor in link.element.iterancestors()):
            continue
        seen[key, link.folded] = seen.get((key, link.folded), 0) + 1
        chosen.append(link)
    return [link for link in chosen if seen[identity(link.url), link.folded] < 3]  # noqa: PLR2004


def _like_a_title(link: Link) -> bool:
    words = link.folded.split()
    if len(words) < 3 or not 10 <= len(link.folded) <= _LONGEST_TITLE:  # noqa: PLR2004
        return False
    return not _MORE.fullmatch(link.folded) and read_stamp(link.text[:_LONGEST_STAMP]) is None


def _title_of(one: Link, other: Link) -> Link:
    """Of two links to one post, the one that says its title: "Đọc thêm: <title> »" says more than it."""
    short, long = sorted((one, other), key=lambda link: len(link.text))
    cut = short.text.endswith(("…", "..."))
    return short if not cut and short.folded in long.folded else long


def _lonely(anchors: Sequence[Link]) -> list[Group]:
    """A listing of a single post has no parent that tells: the post's link is its own group."""
    return [Group(link.element, (link.element,), (link,)) for link in anchors[:1]]


def _belongs(best: Group, other: Group) -> bool:
    """Whether a group is part of the same listing: a leading post set apart, a list in two columns.

    Its box lies close by, and its posts have addresses of the same shape.
    """
    near = [best.box, *list(best.box.iterancestors())[:3]]
    close = other.box in near or any(ancestor in near[:3] for ancestor in list(other.box.iterancestors())[:3])
    if not close or _RELATED.search(fold(_heading_before(other.box))):
        return False
    shapes = {_shape(link.url) for link in best.links}
    return any(_shape(link.url) in shapes for link in other.links)


def _shape(url: str) -> str:
    """An address's path with figures and words blurred, one level kept: /tin-tuc/…/…html."""
    host, *path = identity(url).partition("?")[0].split("/")
    ending = re.search(r"\.\w{2,5}$", path[-1]) if path else None
    return f"{host}/{path[0] if len(path) > 1 else ''}/{len(path)}{ending[0] if ending else ''}"


def _heading_before(box: HtmlElement) -> str:
    """The short text right before a group: its heading."""
    element = box
    for _ in range(4):
        for sibling in element.itersiblings(preceding=True):
            text = clean(" ".join(texts(sibling)))
            if text:
                return text if len(text.split()) <= 12 else ""  # noqa: PLR2004  (longer is no heading)
        parent = element.getparent()
        if parent is None:
            return ""
        element = parent
    return ""


def _rows(group: Group, now: datetime | None) -> list[Row]:
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
    positions = [children.index(block) for block in group.blocks]
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
    return _HEADING_TAKES if block.tag in _HEADING_LIKE else 1


def _loose(children: Iterable[HtmlElement]) -> list[HtmlElement]:
    """Elements between rows that hold a date of their own."""
    return [child for child in children if read_stamp(" ".join(texts(child))[:_LONGEST_STAMP])]


def _columns(group: Group) -> list[str]:
    """The folded headings of a table's columns; empty where the rows are no table rows."""
    if group.blocks[0].tag != "tr":
        return []
    table = next(group.blocks[0].iterancestors("table"), None)
    head = next(table.iter("tr"), None) if table is not None else None
    if head is None or head is group.blocks[0]:
        return []
    return [fold(" ".join(texts(cell))) for cell in head if isinstance(cell.tag, str)]


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
    """The dates of one cell: a piece of text that is one, pieces that together are one, a `time` element."""
    pieces = [piece for piece in texts(cell) if len(piece) <= 2 * _LONGEST_STAMP]
    stamps = [stamp for piece in pieces if (stamp := read_stamp(piece, now=now))]
    if stamps:
        yield from stamps
    elif stamp := _machine_stamp(cell) or _pieced_stamp(cell, now):
        yield stamp


def _machine_stamp(cell: HtmlElement) -> Stamp | None:
    stamps = (read_machine(element.get("datetime", "")) for element in cell.iter("time"))
    return next((stamp for stamp in stamps if stamp), None)


def _pieced_stamp(cell: HtmlElement, now: datetime | None) -> Stamp | None:
    """A date whose day, month and year stand in elements of their own."""
    for element in cell.iter():
        if isinstance(element.tag, str) and len(element):
            together = " ".join(texts(element))
            if len(together) <= _LONGEST_STAMP and (stamp := read_stamp(together, now=now)):
                return stamp
    return None


def _split_title(text: str) -> tuple[str, Stamp | None]:
    """A title and the bare date in brackets behind it: "… tháng 3 (07/03/2018)"."""
    match = _DATED_TITLE.search(text)
    stamp = read_stamp(match[1]) if match else None
    return (text[: match.start()].rstrip(), stamp) if match and stamp else (text, None)


def _teaser(link: Link, extent: list[HtmlElement]) -> str:
    pieces = (clean(piece) for block in extent for piece in texts(block))
    told = [piece for piece in pieces if piece and piece not in link.text and not _MORE.fullmatch(fold(piece))]
    return " ".join(told)[:500]
