"""What a page offers to click on: its anchors under the names people see, and what leads elsewhere without being one.

Old portals lead to their sections by pictures whose file name is all the name they have, by cells with an `onclick`,
by boxes to choose from, and by menus that a script draws from data in the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from auditor.reading.addresses import host_of, resolve
from auditor.reading.names import speaks
from auditor.reading.page import Link, Page, opening, texts
from auditor.text import clean

_COUNT = re.compile(r"(?<=\S) ?(\[\d{1,4}\]|\(\d{1,4}\)|\b\d{1,4})$")
_NAME_PIECES = 10
_LONGEST_NAME = 200
_MOST = 400
_GOES = re.compile(
    r"(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\(|window\.open\(|\bgo(?:to|url)?\()\s*['\"]([^'\"\s]{1,500})['\"]",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"url\(\s*['\"]?([^'\")]{1,500})")
_CLICKABLE = "//*[@onclick or @data-href or @data-url or @data-link or @href]"
_ADDRESS_ATTRIBUTES = ("data-href", "data-url", "data-link")
_SCRIPT_LETTERS = 500_000
_PIECE_LETTERS = 3_000
_NAMED = re.compile(
    r"""["']?\b(?:title|name|text|label|caption|tieu_?de|ten)["']?\s*:\s*(?:"((?:[^"\\]|\\.){2,200})"|'((?:[^'\\]|\\.){2,200})')""",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"""["']?\b(?:url|href|link|path|duong_?dan)["']?\s*:\s*["']([^"'\s]{1,500})["']""", re.IGNORECASE
)


def entries(page: Page, hosts: frozenset[str]) -> list[Link]:
    """The links to the unit's own hosts, named as people see them, without the number of posts behind a name."""
    return [without_count(_with_picture_name(link)) for link in page.links if host_of(link.url) in hosts]


def hidden_entries(page: Page, hosts: frozenset[str]) -> list[Link]:
    """What leads to the unit's own hosts and is no anchor with an address: scripts, boxes to choose from, data.

    Only those whose name speaks of receiving citizens or of petitions: the rest is of no use here.
    """
    found = (*_clickable(page), *_in_data(page))
    named = (without_count(_with_picture_name(link)) for link in found if host_of(link.url) in hosts)
    return [link for link in (*named, *options(page, hosts)) if speaks(link.text)]


def options(page: Page, hosts: frozenset[str]) -> list[Link]:
    """The options of boxes that lead to what is chosen, on the unit's own hosts."""
    return [without_count(link) for link in _chosen(page) if host_of(link.url) in hosts]


def without_count(link: Link) -> Link:
    """A section's name without the number of its posts, in brackets or in an element of its own: "Nội quy (15)"."""
    match = _COUNT.search(link.text)
    if match is None:
        return link
    bracketed = not match[0].strip().isdigit()
    apart = any(clean(piece) == match[0].strip() for piece in islice(texts(link.element), _NAME_PIECES))
    return replace(link, text=link.text[: match.start()]) if bracketed or apart else link


def _with_picture_name(link: Link) -> Link:
    """A picture is named by its alternative text or its file: /images/banner-tiep-cong-dan.png.

    An alternative text like "banner" says less than the file's name; one that speaks of the section says more.
    """
    if link.text and (speaks(link.text) or opening(link.element, 20)):
        return link
    names = [clean(link.element.get("alt", "")), *(_words_of(source) for source in _pictures(link.element))]
    name = next((name for name in names if speaks(name)), link.text or next(filter(None, names), ""))
    return replace(link, text=name[:_LONGEST_NAME])


def _pictures(element: HtmlElement) -> Iterator[str]:
    for image in islice(element.iter("img", "input"), _NAME_PIECES):
        yield image.get("src") or image.get("data-src") or ""
    for each in islice(element.iter(), _NAME_PIECES):
        if isinstance(each.tag, str) and (match := _PICTURE.search(each.get("style", ""))):
            yield match[1]


def _words_of(source: str) -> str:
    """The words of a picture's file name."""
    if source.startswith("data:"):
        return ""
    name = unquote(urlsplit(source).path.rpartition("/")[2]).rpartition(".")[0]
    return " ".join(re.findall(r"\w+", re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name)))


def _clickable(page: Page) -> Iterator[Link]:
    """Elements that a click leads elsewhere, by a script or by a script's attribute."""
    for element in islice(
        page.root.xpath("//*[@onclick or @data-href or @data-url or @data-link or @href]"), 5 * _MOST
    ):
        href = element.get("href", "")
        if href and not href.lower().startswith(("javascript:", "#")):
            continue
        match = _GOES.search(element.get("onclick", "")[: _LONGEST_NAME * 4]) or _GOES.search(href[: _LONGEST_NAME * 4])
        target = match[1] if match else next(filter(None, map(element.get, _ADDRESS_ATTRIBUTES)), "")
        url = resolve(page.base, target)
        if url:
            name = opening(element, _LONGEST_NAME) or element.get("title") or element.get("value") or ""
            yield Link(url, clean(name), element)


def _chosen(page: Page) -> Iterator[Link]:
    """The options of a box that leads to what is chosen."""
    for option in islice(page.root.iter("option"), _MOST):
        value = option.get("value", "")
        if "/" in value and (url := resolve(page.base, value)):
            yield Link(url, clean(option.text_content())[:_LONGEST_NAME], option)


def _in_data(page: Page) -> Iterator[Link]:
    """The entries of a menu that a script draws: objects with a name and an address, in a script of the page."""
    for script in page.root.iter("script"):
        for piece in re.split(r"[{}]", (script.text or "")[:_SCRIPT_LETTERS]):
            if len(piece) > _PIECE_LETTERS:
                continue
            named, leading = _NAMED.search(piece), _LEADING.search(piece)
            if named and leading and (url := resolve(page.base, leading[1].replace("\\/", "/"))):
                yield Link(url, clean(_unescaped(named[1] or named[2])), script)


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text
