"""Where a step of a pager leads: its address, its handler's, the postback it makes, the form it sends."""

from __future__ import annotations

import re

from auditor.reading.addresses import resolve
from auditor.reading.forms import post_back, press, read_postback
from auditor.reading.onward import Onward
from auditor.reading.page import Page
from auditor.reading.steps import Step, is_disabled, is_same_listing

_ADDRESS = re.compile(
    r"['\"]((?:https?:/)?/[^'\"\s]{1,500}|\?[^'\"\s]{1,500}|"
    r"[\w-][\w./-]{0,200}\.(?:php|aspx?|html?|jsp)(?:\?[^'\"\s]{0,300})?)['\"]"
)
_ATTRIBUTES = (
    "data-href",
    "data-url",
    "data-link",
    "data-next",
    "data-ajax-url",
    "data-next-url",
    "data-src",
    "data-action",
)


def way_of(page: Page, step: Step) -> Onward | None:
    """What taking a step asks for; None where it cannot be told, or the step cannot be taken."""
    if step.url:
        return Onward(step.url, number=step.number)
    element = step.element
    if is_disabled(element):
        return None
    handler = f"{element.get('href', '')} {element.get('onclick', '')}"
    called = read_postback(handler)
    if called:
        return _numbered(post_back(page, element, *called), step)
    if address := _address(page, step):
        return address
    sends = element.get("type", "submit" if element.tag == "button" else "").lower() in {"submit", "image"}
    if element.tag in {"input", "button"} and sends and not element.get("onclick"):
        return _numbered(press(page, element), step)
    return None


def _numbered(way: Onward | None, step: Step) -> Onward | None:
    if way is None or way.number is not None:
        return way
    return Onward(way.url, way.form, way.json, way.headers, way.kind, step.number)


def _address(page: Page, step: Step) -> Onward | None:
    """An address in an attribute, or as it stands in a handler."""
    for attribute in (*_ATTRIBUTES, "onclick"):
        value = step.element.get(attribute, "")
        match = _ADDRESS.search(f"'{value}'" if attribute != "onclick" else value)
        url = resolve(page.base, match[1]) if match else None
        if url and is_same_listing(page.url, url):
            return Onward(url, number=step.number)
    return None
