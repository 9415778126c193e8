"""Groups of rows: repeated blocks, each with links to one post only, found by structure, not by class names.

A row is the largest piece of the page that holds links to one post; rows that share a parent are a group. Side bars,
widgets and related posts form groups too; which of them is the listing is judged in `auditor.reading.listing`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from lxml.html import HtmlElement

from auditor.reading.addresses import host_of, identity
from auditor.reading.dates import read_stamp
from auditor.reading.page import Link, Page, opening
from auditor.text import fold

MORE = re.compile(
    r"(xem|doc) (tiep|them|chi tiet|toan bo)|chi tiet|read more|continue reading|xem|tai ve|download|"
    r"in( bai)?( nay)?|print|view|details?|gui (email|binh luan)|share|(xem|tai)? ?(tep|file)( dinh kem)?|"
    r"trang (chu|truoc|sau|dau|cuoi)|len dau trang|(luu|gui|chia se) bai viet( nay)?|quay (lai|ve) .*|tro (lai|ve) .*|"
    r"(de lai|gui) (binh luan|phan hoi)"
)
"""What links say that are tools of a row, not its title (folded)."""
_PAGER = re.compile(
    r"\W*(((next|previous|prev) )?\d+ (items|muc|bai|tin)( (truoc|sau|tiep theo))?|"
    r"(tiep theo|truoc) \d+ (items|muc|bai|tin)|(cac |nhung )?(bai|tin)( viet)? (moi|cu) hon)\W*"
)
_LONGEST_TITLE = 600
_LONGEST_STAMP = 120
_FEWEST_WORDS = 3
_SHORTEST_TITLE = 10
_TOO_OFTEN = 3
_LONGEST_HEADING = 12
_HEADING_LEVELS = 5
_HEADING_SIBLINGS = 12


@dataclass(frozen=True)
class Group:
    """Rows that share a parent; `key` recognises the same group on another page."""

    box: HtmlElement
    blocks: tuple[HtmlElement, ...]
    links: tuple[Link, ...]

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The posts it leads to, in order."""
        return tuple(identity(link.url) for link in self.links)

    @cached_property
    def heading(self) -> str:
        """The short text right before the group, folded: its heading; "" where there is none."""
        return fold(_heading_before(self.blocks[0]))


def find_groups(page: Page, known: frozenset[str] = frozenset()) -> list[Group]:
    """Every group of rows on the page, the listing among them; `known` are identities of what is no post."""
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


def _title_links(page: Page, known: frozenset[str]) -> list[Link]:
    """The links that may be titles of posts; what leads to one page three times in the same words is a tool."""
    chosen = list(_candidates(page, known))
    seen = Counter((identity(link.url), link.folded) for link in chosen)
    return [link for link in chosen if seen[identity(link.url), link.folded] < _TOO_OFTEN]


def _candidates(page: Page, known: frozenset[str]) -> Iterator[Link]:
    host = host_of(page.url)
    own = {identity(page.url), host.removeprefix("www.")}
    for link in page.links:
        key = identity(link.url)
        if key in own or key in known or host_of(link.url) != host or not _like_a_title(link):
            continue
        if next(link.element.iterancestors("nav"), None) is None:
            yield link


def _like_a_title(link: Link) -> bool:
    words = link.folded.split()
    if len(words) < _FEWEST_WORDS or not _SHORTEST_TITLE <= len(link.folded) <= _LONGEST_TITLE:
        return False
    if MORE.fullmatch(link.folded) or _PAGER.fullmatch(link.folded):
        return False
    return read_stamp(link.text[:_LONGEST_STAMP]) is None


def _title_of(one: Link, other: Link) -> Link:
    """Of two links to one post, the one that says its title: "Đọc thêm: <title> »" says more than it."""
    short, long = sorted((one, other), key=lambda link: len(link.text))
    cut = short.text.endswith(("…", "..."))
    return short if not cut and short.folded in long.folded else long


def _lonely(anchors: Sequence[Link]) -> list[Group]:
    """A listing of a single post has no parent that tells: the post's link is its own group."""
    return [Group(link.element, (link.element,), (link,)) for link in anchors[:1]]


def _heading_before(block: HtmlElement) -> str:
    beside = (each for each in (block, *block.iterancestors()) if _has_siblings(each))
    for element in islice(beside, _HEADING_LEVELS):
        for sibling in islice(element.itersiblings(preceding=True), _HEADING_SIBLINGS):
            if text := opening(sibling):
                return text if len(text.split()) <= _LONGEST_HEADING else ""
    return ""


def _has_siblings(element: HtmlElement) -> bool:
    return element.getprevious() is not None or element.getnext() is not None
