"""What scripts read from the page they stand in: parameters of its address, values and attributes of its elements."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from auditor.reading.js_values import Hole, Value
from auditor.reading.page import Page

_SLUG = re.compile(r"slug|alias|path|route|seo|url|chuyen_?muc|friendly", re.IGNORECASE)
_ID = re.compile(r"id$|^ma|cate?(gory)?$|cat_?id|muc$|loai|code|key$", re.IGNORECASE)
_DASHES = re.compile(r"(?<!^)(?=[A-Z])")
_SELECTOR = re.compile(
    r"""(?P<tag>[a-zA-Z][\w-]*)?(?:\#(?P<id>[\w-]+)|\.(?P<cls>[\w-]+)|\[name=['"]?(?P<name>[\w\[\]$-]+)['"]?\])?"""
)


def of_address(page: Page, name: str) -> Value:
    """A parameter of the page's own address: from its query, else the last word or number of its path."""
    here = urlsplit(page.url)
    query = dict(parse_qsl(here.query))
    if name in query:
        return query[name]
    segments = [segment for segment in unquote(here.path).split("/") if segment]
    last = re.sub(r"\.\w{2,5}$", "", segments[-1]) if segments else ""
    numbers = re.findall(r"\d+", last)
    if _SLUG.search(name) and last:
        return last
    if _ID.search(name) and numbers:
        return numbers[-1]
    return last if _ID.search(name) and last else Hole(name)


def of_element(page: Page, path: str) -> Value:
    """What a script reads from an element: `$("#id").val()`, `.data("x")`, `.dataset.x`, `getAttribute("x")`."""
    match = re.match(r"\$\((.*?)\)\.(.+)$", path)
    if match is None:
        return Hole(path)
    selector, rest = match[1], match[2]
    name, _, argument = rest.rstrip(")").partition("(")
    attribute = _attribute(name, argument)
    if not attribute:
        return Hole(path)
    elements = _selected(page, selector)
    values = [value for element in elements if (value := _read_attribute(element, attribute)) is not None]
    return values[0] if values and len(set(values)) == 1 else Hole(attribute)


def _selected(page: Page, selector: str) -> list[HtmlElement]:
    """The elements of a plain selector; for `this` and what is no plain one all of the page."""
    last = selector.rsplit(maxsplit=1)[-1] if selector.split() else ""
    match = _SELECTOR.fullmatch(last)
    elements = (each for each in page.root.iter(etree.Element) if isinstance(each.tag, str))
    if match is None or last in {"this", "el", "e", ""}:
        return list(islice(elements, 20_000))
    return [each for each in islice(elements, 20_000) if _fits(each, match)]


def _fits(element: HtmlElement, match: re.Match[str]) -> bool:
    if match["tag"] and element.tag != match["tag"].lower():
        return False
    if match["id"]:
        return bool(element.get("id") == match["id"])
    if match["cls"]:
        return match["cls"] in element.get("class", "").split()
    if match["name"]:
        return bool(element.get("name") == match["name"])
    return bool(match["tag"])


def _attribute(name: str, argument: str) -> str:
    """The attribute a call reads; "" for anything else."""
    if name in {"val", "value"}:
        return "value"
    if name == "data" and argument:
        return f"data-{argument}"
    if name in {"attr", "getAttribute", "prop"} and argument:
        return argument
    if name.startswith("dataset."):
        return "data-" + _DASHES.sub("-", name.removeprefix("dataset.")).lower()
    return ""


def _read_attribute(element: HtmlElement, attribute: str) -> str | None:
    if attribute == "value" and element.tag == "select":
        chosen = next((option for option in element.iter("option") if option.get("selected") is not None), None)
        chosen = chosen if chosen is not None else next(element.iter("option"), None)
        return chosen.get("value") if chosen is not None else None
    value = element.get(attribute)
    return str(value)[:500] if value is not None else None
