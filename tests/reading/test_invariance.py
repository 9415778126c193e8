"""What is read from a page does not hang on a theme's names, nor on the wrappers it puts around things."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import Element, HtmlElement

from auditor.reading.decoding import decode
from auditor.reading.page import Page, parse
from tests.reading.frozen import CASES, only_named, read

_STAY = frozenset({"html", "head", "body", "frameset", "frame", "script", "style", "option", "area", "param"})
_PARTS = frozenset({"li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "caption", "legend"})
_SPACE = re.compile(r"[ \t\r\n]+")
_AS_IT_STANDS = re.compile(
    r"(<!--.*?-->|<(?:script|style|textarea)\b.*?</(?:script|style|textarea)>)", re.DOTALL | re.IGNORECASE
)
_VALUE = r"\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+)"
_TAG = re.compile(rf"<(/?[a-zA-Z][\w:-]*)((?:\s+[^\s=>\"'/<]+(?:{_VALUE})?)*)\s*/?>")
_ATTRIBUTE = re.compile(rf"([^\s=>\"'/<]+)({_VALUE})?")
_STRICT = frozenset({"html", "head", "ul", "ol", "dl", "table", "tbody", "thead", "tr", "select", "frameset"})


def _rename(root: HtmlElement, random: Random) -> None:
    """Gives every class and id a name that means nothing, the same one everywhere."""
    names: dict[str, str] = {}
    for element in root.iter():
        for attribute in ("class", "id"):
            words = element.get(attribute, "").split()
            if words:
                told = (names.setdefault(word, f"x{random.getrandbits(40):x}") for word in words)
                element.set(attribute, " ".join(told))


def _wrap(root: HtmlElement, random: Random, share: float) -> None:
    """Puts a `div` or `span` around some elements, where one may stand."""
    for element in list(root.iter()):
        parent = element.getparent()
        if parent is None or parent.tag in _STRICT or element.tag in _STAY | _PARTS or random.random() > share:
            continue
        wrapper: HtmlElement = Element(random.choice(("div", "span")))
        wrapper.tail, element.tail = element.tail, None
        parent.replace(element, wrapper)
        wrapper.append(element)


def _line(root: HtmlElement, random: Random, share: float) -> None:
    """Puts a `div` within some rows and cells, around all they hold."""
    for element in list(root.iter("li", "td", "dd", "article", "section", "main", "div")):
        if random.random() > share:
            continue
        inner: HtmlElement = Element("div")
        inner.text, element.text = element.text, None
        inner.extend(list(element))
        element.append(inner)


def _respace(root: HtmlElement, random: Random) -> None:
    """Writes other white space where some stands, as templates and editors do."""
    for element in root.iter():
        if element.tag in {"script", "style", "textarea", "pre"}:
            element.tail = _respaced(element.tail, random)
            continue
        element.text, element.tail = _respaced(element.text, random), _respaced(element.tail, random)


def _respaced(text: str | None, random: Random) -> str | None:
    return _SPACE.sub(lambda _: random.choice((" ", "\n", "\n\t\t", "  \n ")), text) if text else text


def _rewritten(source: str, random: Random) -> str:
    """The same page as another system writes it: tags in capitals, attributes in another order, other quotes."""
    capitals = random.random() < 0.5
    pieces = _AS_IT_STANDS.split(source)
    return "".join(
        piece if number % 2 else _TAG.sub(lambda tag: _retold(tag, random, capitals=capitals), piece)
        for number, piece in enumerate(pieces)
    )


def _retold(tag: re.Match[str], random: Random, *, capitals: bool) -> str:
    attributes = _ATTRIBUTE.findall(tag[2])
    names = [name.lower() for name, _ in attributes]
    if len(set(names)) == len(names):  # of two with one name the first counts
        random.shuffle(attributes)
    told = "".join(f" {name.upper() if capitals else name}{_requoted(value)}" for name, value in attributes)
    return f"<{tag[1].upper() if capitals else tag[1]}{told}{' ' if random.random() < 0.2 else ''}>"


def _requoted(value: str) -> str:
    plain = value.lstrip("= \t\r\n")
    if not plain:
        return ""
    inner = plain[1:-1] if plain[0] in "\"'" else plain
    return f"='{inner}'" if "'" not in inner else f'="{inner}"' if '"' not in inner else value


def _facts(page: Page, case: dict[str, Any]) -> dict[str, Any]:
    return only_named(read(page, case), case)


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
@given(seed=st.integers(0, 2**32), share=st.sampled_from([0.0, 0.1, 0.5]))
@settings(max_examples=6)
def test_names_and_wrappers_say_nothing(folder: Path, seed: int, share: float) -> None:
    case, random = json.loads((folder / "expected.json").read_text("utf-8")), Random(seed)  # noqa: S311
    original = parse((folder / "page.html").read_bytes(), case["url"], case.get("content_type", ""))
    _rename(original.root, random)
    _wrap(original.root, random, share)
    assert _facts(Page(original.url, original.root), case) == case["facts"]


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
@given(seed=st.integers(0, 2**32), share=st.sampled_from([0.0, 0.2, 1.0]))
@settings(max_examples=4)
def test_boxes_within_rows_and_white_space_say_nothing(folder: Path, seed: int, share: float) -> None:
    case, random = json.loads((folder / "expected.json").read_text("utf-8")), Random(seed)  # noqa: S311
    original = parse((folder / "page.html").read_bytes(), case["url"], case.get("content_type", ""))
    _line(original.root, random, share)
    _respace(original.root, random)
    assert _facts(Page(original.url, original.root), case) == case["facts"]


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
@given(seed=st.integers(0, 2**32))
@settings(max_examples=4)
def test_how_tags_are_written_says_nothing(folder: Path, seed: int) -> None:
    case, random = json.loads((folder / "expected.json").read_text("utf-8")), Random(seed)  # noqa: S311
    source = decode((folder / "page.html").read_bytes(), case.get("content_type", ""))
    page = parse(_rewritten(source, random).encode("utf-8", "replace"), case["url"], "text/html; charset=utf-8")
    assert _facts(page, case) == case["facts"]
