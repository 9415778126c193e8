"""Where a step of a pager leads: its address, what its scripts ask for, the postback it makes, the form it sends."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml.html import HtmlElement

from auditor.reading.addresses import resolve
from auditor.reading.clicks import Stage
from auditor.reading.forms import may_change, post_back, press, read_postback
from auditor.reading.onward import Onward, with_fields
from auditor.reading.steps import Step, differs_by_page, is_disabled, is_same_listing

_ADDRESS = re.compile(
    r"['\"]((?:https?:/)?/[^'\"\s]{1,500}|\?[^'\"\s]{1,500}|"
    r"[\w-][\w./-]{0,200}\.(?:php|aspx?|html?|jsp)(?:\?[^'\"\s]{0,300})?)['\"]"
)
_ADDRESSES = (
    "href",
    "url",
    "link",
    "next",
    "next-url",
    "nexturl",
    "ajax-url",
    "ajaxurl",
    "ajax",
    "src",
    "action",
    "load",
)
_COUNTERS = re.compile(r"data-((?:next-?)?page|p|trang|paged|page-?(?:index|number|no)|offset|start|skip|from|next)")
_OFFSETS = frozenset({"offset", "start", "skip", "from"})
_HOLE = re.compile(r"\{\{? ?(?:page|number|0|p) ?\}?\}|%page%|\[page\]|__page__", re.IGNORECASE)


def way_of(stage: Stage, step: Step) -> Onward | None:
    """What taking a step asks for; None where it cannot be told, or the step cannot be taken."""
    if step.url:
        return Onward(step.url, number=step.number)
    if is_disabled(step.element):
        return None
    way = _way(stage, step.element)
    return replace(way, number=step.number) if way is not None and way.number is None else way


def _way(stage: Stage, element: HtmlElement) -> Onward | None:
    page = stage.page
    called = read_postback(f"{element.get('href', '')} {element.get('onclick', '')}")
    if called:
        return post_back(page, element, *called)
    if not may_change(element) and (way := stage.click(element) or by_attributes(stage, element)):
        return way
    written = _ADDRESS.search(element.get("onclick", ""))
    url = resolve(page.base, written[1]) if written else None
    if url and is_same_listing(page.url, url):
        return Onward(url)
    sends = element.get("type", "submit" if element.tag == "button" else "").lower() in {"submit", "image"}
    pressed = element.tag in {"input", "button"} and sends and not element.get("onclick")
    return press(page, element) if pressed else None


def by_attributes(stage: Stage, element: HtmlElement) -> Onward | None:
    """An address in the element's `data-…` attributes, with the page or offset that stands beside it."""
    told = (element.get(f"data-{name}", "") for name in _ADDRESSES)
    counters = {
        match[1]: value for name, value in element.items() if (match := _COUNTERS.fullmatch(name)) and value.isdecimal()
    }
    for value in told:
        if not (value.startswith(("http", "?")) or "/" in value or _ADDRESS.fullmatch(f"'{value}'")):
            continue
        number = next(iter(counters.values()), "")
        url = resolve(stage.page.base, _HOLE.sub(number, value) if number else value)
        if url:
            return _counted(stage.page.url, url, {} if _HOLE.search(value) else counters)
    return None


def _counted(listing: str, url: str, counters: dict[str, str]) -> Onward:
    """An address with a page or an offset; it grows by one, or by the posts that were received."""
    fields = tuple(
        (name.removeprefix("next-").removeprefix("next") or "page", value) for name, value in counters.items()
    )
    if not fields:
        return Onward(url, kind="page" if differs_by_page(listing, url) else "data")
    ask = Onward(with_fields(url, fields[:1]), kind="data")
    step = None if fields[0][0] in _OFFSETS else 1
    return replace(ask, growth=(*(0 for _ in ask.numbers[:-1]), step))
