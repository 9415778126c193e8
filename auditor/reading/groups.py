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
from auditor.reading.attachments import kind_of
from auditor.reading.dates import read_stamp
from auditor.reading.page import Link, Page, opening
from auditor.reading.unlinked import with_unlinked
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
_BYLINE = frozenset({"author", "tag", "category"})
_PEOPLE = re.compile(r"/(author|users?|userid|profile|tags?|tac-gia)/", re.IGNORECASE)
_LONGEST_STAMP = 120
_FEWEST_WORDS = 3
_SHORTEST_TITLE = 10
_TOO_OFTEN = 3
_A_POST_AND_ITS_FILE = 2
_ROWS = frozenset({"tr", "li", "article", "dd", "p"})
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
    anchors = _without_enclosures(with_unlinked(_title_links(page, known), _untitled(page, known), _below))
    below = _below(anchors)
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


def _below(links: Sequence[Link]) -> dict[HtmlElement, set[str]]:
    """The identities of what each element, and everything in it, leads to."""
    below: dict[HtmlElement, set[str]] = {}
    for link in links:
        for ancestor in (link.element, *link.element.iterancestors()):
            below.setdefault(ancestor, set()).add(identity(link.url))
    return below


def _without_enclosures(links: list[Link]) -> list[Link]:
    """The links without files that stand beside the one post they belong to, in its row."""
    files = [link for link in links if kind_of(link.url, "")]
    if not files or len(files) == len(links):
        return links
    below = _below(links)
    names = {identity(link.url) for link in files}
    enclosed = {link.element for link in files if _is_enclosed(link, below, names)}
    return [link for link in links if link.element not in enclosed]


def _is_enclosed(link: Link, below: dict[HtmlElement, set[str]], files: set[str]) -> bool:
    row = next((each for each in link.element.iterancestors() if len(below[each]) > 1), None)
    if row is None or len(below[row] - files) != 1:
        return False
    return len(below[row]) == _A_POST_AND_ITS_FILE or row.tag in _ROWS


def _title_links(page: Page, known: frozenset[str]) -> list[Link]:
    """The links that may be titles of posts; what leads to one page from three like places is a tool or a section."""
    chosen = [(link, _place(link)) for link in _candidates(page, known)]
    seen = Counter(place for _, place in chosen)
    return [link for link, place in chosen if seen[place] < _TOO_OFTEN]


def _place(link: Link) -> tuple[str, ...]:
    """Where a link leads, in which words, and the tags around it: alike in each row, unlike for picture and title."""
    return identity(link.url), link.folded, *(str(ancestor.tag) for ancestor in link.element.iterancestors())


def _untitled(page: Page, known: frozenset[str]) -> list[Link]:
    """The links that are no titles, and may still lead to posts: numbers of documents, "Xem chi tiết", files."""
    return [link for link in _leading_on(page, known) if not _like_a_title(link)]


def _candidates(page: Page, known: frozenset[str]) -> Iterator[Link]:
    return (link for link in _leading_on(page, known) if _like_a_title(link))


def _leading_on(page: Page, known: frozenset[str]) -> Iterator[Link]:
    """The links to the portal's own pages that are not known to be no posts."""
    host = host_of(page.url)
    own = {identity(page.url), host.removeprefix("www.")}
    entries = _menu_entries(page, known)
    for link in page.links:
        key = identity(link.url)
        if key in own or key in known or host_of(link.url) != host or _is_byline(link):
            continue
        if next(link.element.iterancestors("nav"), None) is None and not _is_below(link, entries):
            yield link


def _menu_entries(page: Page, known: frozenset[str]) -> set[HtmlElement]:
    """The list items whose first link is known to lead to a section: a menu's."""
    first: dict[HtmlElement, str] = {}
    for link in page.links:
        item = next(link.element.iterancestors("li"), None)
        if item is not None and link.text:
            first.setdefault(item, identity(link.url))
    return {item for item, key in first.items() if key in known}


def _is_below(link: Link, entries: set[HtmlElement]) -> bool:
    """Whether a link stands in a list below a menu entry: some menus go down to the posts themselves."""
    return any(item in entries for item in islice(link.element.iterancestors("li"), 1, None))


def _is_byline(link: Link) -> bool:
    """Whether a link names the author or the section of a post (microformats and HTML: `rel`)."""
    return bool(_BYLINE.intersection(link.element.get("rel", "").lower().split())) or bool(_PEOPLE.search(link.url))


def _like_a_title(link: Link) -> bool:
    words = link.folded.split()
    if len(words) < _FEWEST_WORDS or len(link.folded) < _SHORTEST_TITLE:
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
