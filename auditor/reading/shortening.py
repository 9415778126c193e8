"""A parsed page cut to what is read of it: portals' pages have a few thousand elements, an enemy's has a million.

Every reader passes over a page several times, so that what a page may cost is bounded here, once, and told: a page
that was cut was not read whole.
"""

from __future__ import annotations

import re
from itertools import islice

from lxml.html import HtmlElement

from auditor.reading.fonts import UNWRITABLE

MAX_ELEMENTS = 30_000
"""Ten times as many as a large page of a portal has."""
MAX_TEXT = 1_000_000
"""Characters outside of scripts and styles: a book."""
MAX_ATTRIBUTES = 500
"""Of one element."""
_LONGEST_PIECE = 100_000
_SILENT = frozenset({"script", "style"})
_VALUE = r"\"[^\"]*+\"|'[^']*+'|[^\s\"'>]++"
_ATTRIBUTE = re.compile(rf"[\s/]++[^\s\"'>/=]*+(?:\s*+=\s*+(?:{_VALUE}))?+")
_TAG = re.compile(
    rf"(?P<script><script[\s>](?s:.*?</script|.*))|<[a-z][^\s<>/]*+(?:{_ATTRIBUTE.pattern}|[\"'=]++)*+", re.IGNORECASE
)


def shorten(root: HtmlElement) -> bool:
    """Drops, in place, what stands behind the last element that is read; whether anything was dropped."""
    left = MAX_TEXT
    for number, element in enumerate(root.iter()):
        left -= len(element.tail or "") + (0 if element.tag in _SILENT else len(element.text or ""))
        if left < 0 or number >= MAX_ELEMENTS:
            _drop_behind(element)
            return True
    return False


def _drop_behind(element: HtmlElement) -> None:
    """Drops what is within an element but the beginning of its text, and everything behind it."""
    del element[:]
    if element.tag not in _SILENT and len(element.text or "") > _LONGEST_PIECE:
        element.text = UNWRITABLE.sub(" ", (element.text or "")[:_LONGEST_PIECE])
    for each in (element, *element.iterancestors()):
        parent = each.getparent()
        if parent is not None:
            del parent[parent.index(each) + 1 :]
            each.tail = None


def without_endless_tags(text: str) -> str:
    """The text of a page, of each tag at most `MAX_ATTRIBUTES`: parsers compare each attribute with all before it."""
    return _TAG.sub(_shortened, text)


def _shortened(tag: re.Match[str]) -> str:
    if tag.end() - tag.start() < MAX_ATTRIBUTES or tag["script"]:
        return tag[0]
    attributes = islice(_ATTRIBUTE.finditer(tag[0]), MAX_ATTRIBUTES, None)
    beyond = next(attributes, None)
    return tag[0] if beyond is None else tag[0][: beyond.start()]
