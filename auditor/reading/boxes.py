"""Select boxes that page: `<select onchange="…"><option>1<option>2</select>`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from auditor.reading.addresses import resolve
from auditor.reading.forms import value_of
from auditor.reading.page import Page, opening
from auditor.reading.steps import MOST_PAGES, NUMBER, folded, is_same_listing

_NAMES = re.compile(r"page|trang|paging|pager|\bpg\b", re.IGNORECASE)
_SIZES = re.compile(r"size|limit|per|sodong|sotin", re.IGNORECASE)
_MOST = 50


@dataclass(frozen=True)
class Box:
    """A select box of page numbers.

    Attributes:
        element: the box. options: its options' values, one for each page from the first. current: the page chosen.
    """

    element: HtmlElement
    options: tuple[str, ...]
    current: int


def boxes_of(page: Page) -> Iterator[Box]:
    """The select boxes that page: options numbered from 1 on, and a name, a word beside it or addresses that say so."""
    for element in islice(page.root.iter("select"), _MOST):
        options = list(islice(element.iter("option"), MOST_PAGES))
        numbers = [match and int(match[1]) for option in options if (match := _number(option)) or True]
        if len(options) > 1 and numbers == list(range(1, len(options) + 1)) and _pages(page, element, options):
            chosen = [index for index, option in enumerate(options) if option.get("selected") is not None]
            yield Box(element, tuple(map(value_of, options)), (chosen[0] if chosen else 0) + 1)


def _number(option: HtmlElement) -> re.Match[str] | None:
    text = folded(option.text_content())
    return NUMBER.fullmatch(text.partition("/")[0].strip() if "/" in text else text)


def _pages(page: Page, element: HtmlElement, options: list[HtmlElement]) -> bool:
    names = " ".join(element.get(name, "") for name in ("name", "id", "class", "title", "aria-label"))
    if _NAMES.search(names):
        return not _SIZES.search(names)
    values = (resolve(page.base, value_of(option)) for option in options if not value_of(option).isdecimal())
    if any(url and is_same_listing(page.url, url) for url in values):
        return True
    parent = element.getparent()
    beside = folded(opening(parent, 60)) if parent is not None else ""
    return beside.startswith(("trang", "page", "chuyen trang", "den trang"))
