"""Pagers that a plugin builds in the browser: its options tell how many pages there are, and what a click does.

Taught by simplePagination, twbs-pagination, bootpag, jquery.pagination and pagination.js, each with option names of
its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from auditor.reading.addresses import resolve
from auditor.reading.clicks import Stage
from auditor.reading.onward import Onward
from auditor.reading.scripting.values import Function, as_number, as_text
from auditor.reading.steps import MOST_PAGES, is_same_listing

CALLS = re.compile(r"agination\s*\(|bootpag\s*\(|[pP]aginate\s*\(|pager\s*\(")
_NAME = re.compile(r"\w*(pagination|bootpag|paginate|pager)\w*", re.IGNORECASE)
_PAGES = ("totalPages", "pages", "total_pages", "totalPage", "pageCount", "maxPage", "numPages")
_ITEMS = ("items", "totalNumber", "totalItems", "total_items", "totalRecords", "totalCount", "count", "recordCount")
_SIZES = ("itemsOnPage", "pageSize", "items_per_page", "itemsPerPage", "perPage", "per_page", "limit", "pagesize")
_CURRENT = ("startPage", "currentPage", "current_page", "pageNumber", "page", "current")
_CALLBACKS = (
    "onPageClick",
    "onPageChanged",
    "callback",
    "onChange",
    "onClick",
    "onPageChange",
    "onSelect",
    "paged",
    "click",
)
_HOLE = re.compile(r"\{\{? ?\w{1,10} ?\}?\}|__id__|%page%|:page")


@dataclass(frozen=True)
class Widget:
    """A pager that a plugin builds.

    Attributes:
        pages: how many there are; None where it is not told. current: the page shown. next: what asks for the next.
        posts: how many posts they hold in all; None where it is not told.
    """

    pages: int | None
    current: int
    next: Onward | None
    posts: int | None = None


def read_widget(stage: Stage, asked: int | None) -> Widget | None:
    """The pager a plugin builds on a page; None where there is none."""
    if not CALLS.search(stage.source):
        return None
    for name, options in stage.browser.widgets:
        if _NAME.fullmatch(name) and (pages := _pages(name, options)) is not None:
            current = asked or int(_number(options, _CURRENT) or 1)
            following = _next(stage, options, current + 1) if current < pages else None
            return Widget(pages, current, following, int(_number(options, _ITEMS) or 0) or None)
    return None


def _number(options: Mapping[str, object], names: tuple[str, ...]) -> float | None:
    numbers = (as_number(options[name]) for name in names if name in options and options[name] is not None)
    return next((number for number in numbers if number is not None and 0 < number <= MOST_PAGES * 100), None)


def _pages(name: str, options: Mapping[str, object]) -> int | None:
    """How many pages a plugin is told there are, directly or as posts by the page."""
    pages, items, size = _number(options, _PAGES), _number(options, _ITEMS), _number(options, _SIZES)
    if pages is None and items is not None and size is not None:
        pages = math.ceil(items / size)
    if pages is None and "total" in options:
        total = as_number(options["total"])
        pages = total if name == "bootpag" or size is None or total is None else math.ceil(total / size)
    return int(pages) if pages is not None and 1 <= pages <= MOST_PAGES else None


def _next(stage: Stage, options: Mapping[str, object], wanted: int) -> Onward | None:
    """What a click on a page's number asks for: an address with a gap for it, or the plugin's callback."""
    page = stage.page
    for name in ("href", "link_to", "url", "hrefTextPrefix"):
        written = as_text(options.get(name))
        if name == "hrefTextPrefix" and written:
            written += "{page}" + as_text(options.get("hrefTextSuffix"))
        url = resolve(page.base, _HOLE.sub(str(wanted), written)) if _HOLE.search(written) else None
        if url and is_same_listing(page.url, url):
            return Onward(url, number=wanted)
    functions = [options[name] for name in _CALLBACKS if isinstance(options.get(name), Function)]
    functions += [binding.function for binding in stage.browser.bindings if binding.event == "page"]
    asks = (stage.call(function, wanted) for function in functions)
    return next((replace(ask, number=wanted) for ask in asks if ask is not None), None)
