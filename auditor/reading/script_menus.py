"""Menus that scripts build: from records with a name and an address, or from the calls of old menu scripts.

Taught by single-page applications (`menu: [{title: …, url: …, children: […]}]`, JSON of a CMS) and by the menus of old
portals: dTree (`d.add(1, 0, 'Tiếp công dân', 'tcd.htm')`), `Menu1 = new Array("Tiếp công dân", "tcd.htm", …)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import islice

from auditor.reading.addresses import resolve
from auditor.reading.json_values import plain_key, unpacked
from auditor.reading.page import Page, parse
from auditor.reading.patterns import Pattern
from auditor.text import clean

_LABEL = re.compile(
    r"(menu|category|cat|chuyenmuc|muc|page|display)?(title|name|label|text|ten|tieude|caption)(vn|vi|menu|muc)?"
)
_ADDRESS = re.compile(r"(menu|page|full|link)?(url|link|href|path|to|route|uri|duongdan|lienket|slug|alias)")
_PAIR = re.compile(
    r"(?P<q>[\"'])(?P<label>[^\"'<>\\\n]{3,120})(?P=q)\s*,\s*(?:(?:[\"'][^\"'\n]{0,40}[\"']|[\w.-]{0,20})\s*,\s*){0,6}?"
    r"[\"'](?P<url>(?:https?:/)?/[^\"'\s<>]{1,300}|[\w./-]{1,200}\.(?:html?|aspx?|php|jsp)(?:\?[^\"'\s]{0,300})?)[\"']"
)
_DEEPEST = 6
_MOST = 2_000
_LONGEST_SCRIPT = 500_000


def menu_page(page: Page, values: Iterable[object], scripts: Iterable[str], patterns: Sequence[Pattern] = ()) -> Page:
    """What scripts show of a page's menus, as a page of nested lists of links; without links where they show none."""
    lists = "".join(_listed(page.url, value, patterns) for value in values)
    pairs = "".join(_item(label, url, "") for script in scripts for label, url in _pairs(page.url, script))
    markup = f"<html><head><title>{escape(page.title)}</title></head><body>{lists}<ul>{pairs}</ul></body></html>"
    return parse(markup.encode("utf-8", "replace"), page.url, "text/html; charset=utf-8")


def _pairs(base: str, script: str) -> Iterator[tuple[str, str]]:
    """Names with the addresses right behind them, as the calls of menu scripts have them."""
    for match in islice(_PAIR.finditer(script[:_LONGEST_SCRIPT]), _MOST):
        if (url := resolve(base, match["url"])) and " " in match["label"].strip():
            yield clean(match["label"]), url


def _listed(base: str, value: object, patterns: Sequence[Pattern], levels: int = _DEEPEST) -> str:
    """A value's entries as a nested list; "" for a value without."""
    inner = unpacked(value)
    if not levels or not isinstance(inner, dict | list):
        return ""
    if isinstance(inner, list):
        items = "".join(_entry(base, each, patterns, levels) for each in inner[:_MOST])
        return f"<ul>{items}</ul>" if items else ""
    return _entry(base, inner, patterns, levels)


def _entry(base: str, value: object, patterns: Sequence[Pattern], levels: int) -> str:
    if not isinstance(value, dict):
        return _listed(base, value, patterns, levels - 1) if isinstance(value, list) else ""
    record = {plain_key(str(key)): each for key, each in value.items()}
    label = next((each for key, each in record.items() if _LABEL.fullmatch(key) and isinstance(each, str)), "")
    below = "".join(_listed(base, each, patterns, levels - 1) for each in value.values())
    url = _address(base, record, patterns)
    return _item(clean(label), url, below) if label and url else below


def _address(base: str, record: Mapping[str, object], patterns: Sequence[Pattern]) -> str | None:
    """An entry's address; a slug alone is one only where a script shows how addresses are built of it."""
    told = [each for key, each in record.items() if _ADDRESS.fullmatch(key) and isinstance(each, str) and each]
    whole = (
        url
        for each in told
        if re.match(r"https?://|/|\?|#!?/|[\w-]+\.(?:html?|aspx?|php)", each) and (url := resolve(base, each))
    )
    built = (url for pattern in patterns if (url := pattern.address(base, record)))
    return next((*whole, *built).__iter__(), None)


def _item(label: str, url: str, below: str) -> str:
    return f'<li><a href="{escape(url)}">{escape(label)}</a>{below}</li>'
