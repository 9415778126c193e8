"""Elements that lead elsewhere and have no address of their own: rows, cells and anchors that a script opens.

Vendors' portals write `<div onclick="location.href='/bai-1'">` and `<a href="javascript:void(0)" data-href="/bai-1">`.
"""

from __future__ import annotations

import re
from itertools import islice

from lxml.html import HtmlElement

ANCHORS = frozenset({"a", "area"})
LEADING = ("div", "span", "tr", "td", "li", "p", "b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "article", "label")
"""Elements besides anchors that portals put such scripts on."""
_ROWS = frozenset({"a", "tr", "td", "li"})
"""Where an attribute alone tells an address: others carry one for plugins that share the page."""
_LONGEST = 1_000
_MOST_ANCHORS = 50
_GOES = re.compile(
    r"""\blocation(?:\.href)?\s{0,4}=\s{0,4}['"]([^'"\s]{1,500})['"](?!\s{0,4}\+)|"""
    r"""\blocation\.(?:assign|replace)\(\s{0,4}['"]([^'"\s]{1,500})['"]""",
    re.IGNORECASE,
)


def address_behind(element: HtmlElement) -> str:
    """The address that a click on an element leads to by its script or its `data-href`; "" where none is told.

    Nothing is told where anchors with addresses of their own stand in it: they lead there themselves.
    """
    href = element.get("href", "").strip().lower()
    if href and not href.startswith(("#", "javascript:")):
        return ""
    script = f"{element.get('onclick', '')} {href and element.get('href', '')}"[:_LONGEST]
    match = _GOES.search(script) if "location" in script else None
    address = (match[1] or match[2]) if match else ""
    if not address and element.tag in _ROWS:
        address = element.get("data-href", "")
    return address if address and not _holds_anchors(element) else ""


def _holds_anchors(element: HtmlElement) -> bool:
    """Whether an anchor in it leads somewhere; so many of them are taken to, whatever they hold: that is no row."""
    anchors = (each for each in islice(element.iter("a"), _MOST_ANCHORS) if each is not element)
    told = [each.get("href", "").strip().lower() for each in anchors]
    leads = any(href and not href.startswith(("#", "javascript:")) for href in told)
    return leads or len(told) >= _MOST_ANCHORS - 1
