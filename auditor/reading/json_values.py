"""JSON as servers send it: wrapped in a callback, in a string, in XML, behind a guard; bounded in size and depth."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import islice

from auditor.text import fold

_LARGEST = 8_000_000
_DEEPEST = 30
_MOST_VALUES = 200_000
_UNPACKINGS = 3
_GUARD = re.compile(r"\)\]\}',?|(?:for|while)\s*\([^)]{0,20}\);?")
_CALLBACK = re.compile(r"(?:/\*\*/)?\s*[\w$.]{1,100}\s*\(\s*(?=[\[{])")
_XML_STRING = re.compile(r"<\?xml[^>]{0,200}\?>\s*<string[^>]{0,200}>|<string[^>]{0,200}>")
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")


def load(text: str) -> object:
    """The value a text is, whatever it is wrapped in; None where it is no JSON.

    Read are plain JSON, JSONP, the guards `)]}',` and `while(1);`, and the `<string>` of an ASP.NET web service.
    """
    inner = text[:_LARGEST].lstrip("\ufeff \t\r\n")
    if match := _XML_STRING.match(inner):
        inner = unescape(inner[match.end() :].rpartition("</string>")[0]).strip()
    elif match := _GUARD.match(inner) or _CALLBACK.match(inner):
        inner = inner[match.end() :].lstrip()
    if not inner.startswith(("[", "{", '"')):
        return None
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(inner)
    except (ValueError, RecursionError):
        return None
    return unpacked(value)


def unpacked(value: object, times: int = _UNPACKINGS) -> object:
    """A value that is JSON written into a string, as `{"d": "[…]"}` of ASP.NET holds it, read; others as they are."""
    if not isinstance(value, str) or not times or not value.lstrip().startswith(("[", "{")):
        return value
    try:
        inner: object = json.loads(value[:_LARGEST], strict=False)
    except (ValueError, RecursionError):
        return value
    return unpacked(inner, times - 1)


def walk(value: object) -> Iterator[tuple[str, object]]:
    """Every value within a value, itself first, outer before inner, each with the key it stands under."""
    return islice(_walk(value), _MOST_VALUES)


def _walk(value: object) -> Iterator[tuple[str, object]]:
    level: list[tuple[str, object]] = [("", unpacked(value))]
    for _ in range(_DEEPEST):
        yield from level
        level = [(key, unpacked(inner)) for _, outer in level for key, inner in _inside(outer)]
        if not level:
            return


def _inside(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        yield from ((str(key), inner) for key, inner in value.items())
    elif isinstance(value, list):
        yield from (("", inner) for inner in value)


def plain_key(key: str) -> str:
    """A key to match by, whatever the house style: `post_title`, `PostTitle`, `Tiêu đề` give `posttitle`, `tieude`."""
    return _NOT_ALPHANUMERIC.sub("", fold(key[:100]))
