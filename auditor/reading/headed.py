"""Boxes and menus whose heading names the section, or a part of it, and leads nowhere.

Mega-menus and side bars head a column with a plain "Tiếp công dân" and list "Lịch", "Nội quy", "Đơn thư" below it;
home pages head a box of posts so, and only its "Xem thêm" leads to the section. The section's own page shows a few
posts of each part in a box headed "Lịch tiếp công dân", which only a "thêm" below them leads beyond.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import islice

from lxml.html import HtmlElement

from auditor.reading.addresses import identity
from auditor.reading.groups import MORE
from auditor.reading.menus import are_posts, is_short
from auditor.reading.names import SECTION, category_named
from auditor.reading.page import Link, Page, is_hidden
from auditor.reading.steps import differs_by_page
from auditor.text import clean, fold

_LONGEST = 60
_HIGHEST = 4
_MOST_NAMES = 15
_MOST_HEADINGS = 20
_MOST_ELEMENTS = 30
_TITLE_WORDS = 3
_BEYOND = re.compile(
    r"\W*((xem|doc) (tat ca|them|tiep|toan bo|chi tiet)|tat ca|them|chi tiet|(cac )?(tin|bai|thong tin)( viet)? khac|"
    r"view all|(read |view )?more)?( (tin|bai viet))?\W*"
)
"""What leads beyond the posts a box shows; often a mere arrow or image."""
_ALL = re.compile(r"(xem|doc) (tat ca|them|toan bo)|tat ca|xem chi tiet|view all|more")


def names(page: Page, links: Sequence[Link]) -> Iterator[tuple[Link, str]]:
    """Each link below a heading that names the section, with the heading."""
    for heading, element in islice(_headings(page), _MOST_HEADINGS):
        below = _below(element, _box(element, links))
        if not below:
            continue
        everything = [link for link in below if _ALL.fullmatch(link.folded.strip(" .»>[]()"))]
        if everything:
            yield replace(everything[0], text=heading), heading
        elif _are_parts(below):
            yield from ((link, heading) for link in below if not MORE.fullmatch(link.folded))


def boxes(page: Page, links: Sequence[Link]) -> Iterator[Link]:
    """Each link that leads beyond the few posts a box shows, called by the box's heading, where that names a part.

    A row's own "Xem chi tiết" leads to what its title leads to, or stands in every row.
    """
    anchors = [link for link in links if link.element.tag == "a"]
    called = [
        link for link in anchors if len(link.folded.split()) >= _TITLE_WORDS and not _BEYOND.fullmatch(link.folded)
    ]
    telling = {identity(link.url) for link in called}
    beyond = [link for link in anchors if _BEYOND.fullmatch(link.folded) and identity(link.url) not in telling]
    if not beyond:
        return
    of_anchor = {link.element: link for link in links}
    for link in islice(beyond, _MOST_HEADINGS):
        heading = _heading_of(link, of_anchor, frozenset(each.element for each in beyond))
        if heading and category_named(heading) and not differs_by_page(page.url, link.url):
            yield replace(link, text=heading)


def _heading_of(link: Link, of_anchor: Mapping[HtmlElement, Link], beyond: AbstractSet[HtmlElement]) -> str:
    """The heading of the smallest box around a link that holds posts besides it; "" where it has none, or a pager."""
    for number, around in enumerate(link.element.iterancestors()):
        if number >= _HIGHEST or around.tag == "body":
            return ""
        inside = [element for element in around.iter("a") if element in of_anchor]
        pages = any(of_anchor[element].text.isdigit() for element in inside)
        if pages or sum(1 for element in inside if element in beyond) > 1:
            return ""
        titles = {identity(of_anchor[element].url) for element in inside if len(of_anchor[element].folded.split()) > 1}
        if titles - {identity(link.url)}:
            return _first_words(around, inside)
    return ""


def _first_words(box: HtmlElement, links: Sequence[HtmlElement]) -> str:
    """What a box begins with, where that stands in no link and is as short as a heading."""
    inner = {each for link in links for each in link.iter()}
    for element in islice(box.iter(), _MOST_ELEMENTS):
        if is_hidden(element) or not isinstance(element.tag, str):
            continue
        text = clean(element.text or "")
        if text:
            return text if len(text) <= _LONGEST and element not in inner else ""
    return ""


def _are_parts(links: Sequence[Link]) -> bool:
    """Whether links are names of parts: several short ones, one of a category at least, and no posts."""
    several = len(links) > 1 and all(map(is_short, links)) and not are_posts(links)
    return several and any(category_named(link.text) for link in links)


def _headings(page: Page) -> Iterator[tuple[str, HtmlElement]]:
    """The elements whose own text names the section, and which stand in no link that leads anywhere."""
    leading = {link.element for link in page.links}
    for element in page.root.iter():
        if is_hidden(element) or not element.text or len(element.text) > 3 * _LONGEST or element.tag == "title":
            continue
        text = clean(element.text)
        if len(text) <= _LONGEST and SECTION.match(fold(text)) and not leading.intersection(_chain(element)):
            yield text, element


def _chain(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()


def _below(heading: HtmlElement, links: list[Link]) -> list[Link]:
    """The links behind a heading; where it stands amid a longer menu, down to the last that names a category."""
    if not links:
        return []
    root = heading.getroottree().getroot()
    places = {element: number for number, element in enumerate(root.iter())}
    behind = [link for link in links if places[link.element] > places[heading]]
    telling = [number for number, link in enumerate(behind) if category_named(link.text)]
    amid = len(behind) < len(links) and len(telling) > 1
    return behind[: telling[-1] + 1] if amid else behind


def _box(heading: HtmlElement, links: Sequence[Link]) -> list[Link]:
    """The links in the smallest piece of the page around a heading that holds any, where they are few."""
    for number, around in enumerate(heading.iterancestors()):
        if number >= _HIGHEST or around.tag == "body":
            return []
        inside = set(around.iter("a"))
        found = {identity(link.url): link for link in links if link.element in inside and link.folded}
        if found:
            return list(found.values()) if len(found) <= _MOST_NAMES else []
    return []
