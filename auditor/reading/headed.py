"""Boxes and menus whose heading names the section and leads nowhere: the names below it are its parts.

Mega-menus and side bars head a column with a plain "Tiếp công dân" and list "Lịch", "Nội quy", "Đơn thư" below it;
home pages head a box of posts so, and only its "Xem thêm" leads to the section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from lxml.html import HtmlElement

from auditor.reading.addresses import identity
from auditor.reading.groups import MORE
from auditor.reading.menus import are_posts, is_short
from auditor.reading.names import SECTION, category_named
from auditor.reading.page import Link, Page, is_hidden
from auditor.text import clean, fold

_LONGEST = 60
_HIGHEST = 4
_MOST_NAMES = 15
_MOST_HEADINGS = 20
_ALL = re.compile(r"(xem|doc) (tat ca|them|toan bo)|tat ca|xem chi tiet|view all|more")


def names(page: Page, links: Sequence[Link]) -> Iterator[tuple[Link, str]]:
    """Each link below a heading that names the section, with the heading."""
    for heading, element in islice(_headings(page), _MOST_HEADINGS):
        below = _box(element, links)
        if not below:
            continue
        everything = [link for link in below if _ALL.fullmatch(link.folded.strip(" .»>[]()"))]
        if everything:
            yield replace(everything[0], text=heading), heading
        elif _are_parts(below):
            yield from ((link, heading) for link in below if not MORE.fullmatch(link.folded))


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
