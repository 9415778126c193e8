"""What is read from a page does not hang on a theme's names, nor on the wrappers it puts around things."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import Element, HtmlElement

from auditor.reading.page import Page, parse
from tests.reading.frozen import CASES, only_named, read

_STAY = frozenset({"html", "head", "body", "frameset", "frame", "script", "style", "option", "area", "param"})
_PARTS = frozenset({"li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "caption", "legend"})
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


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
@given(seed=st.integers(0, 2**32), share=st.sampled_from([0.0, 0.1, 0.5]))
@settings(max_examples=6)
def test_names_and_wrappers_say_nothing(folder: Path, seed: int, share: float) -> None:
    case = json.loads((folder / "expected.json").read_text("utf-8"))
    original = parse((folder / "page.html").read_bytes(), case["url"], case.get("content_type", ""))
    random = Random(seed)  # noqa: S311
    _rename(original.root, random)
    _wrap(original.root, random, share)
    facts = read(Page(original.url, original.root), case)
    assert only_named(facts, case) == case["facts"]
