"""Parts of a section that are chosen on its page: a select box, link buttons or tabs that ask the server for each.

ASP.NET portals keep all parts at one address: the box "Chuyên mục" posts the form back, and the page comes again with
another part's posts. A box whose "Tất cả" is chosen hides nothing, and tabs whose posts stand in the page ask for none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from auditor.categories import Category
from auditor.reading.addresses import resolve
from auditor.reading.clicks import Stage
from auditor.reading.forms import is_web_form, post_back, read_postback, submit, value_of
from auditor.reading.names import RECEPTION, category_named, speaks
from auditor.reading.onward import Onward
from auditor.reading.page import MAX_LINKS, Page, forks, label_of
from auditor.text import clean, fold

_FEWEST = 2
_MOST_WORDS = 9
_MOST = 60
_LEVELS = 4
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True)
class Choice:
    """One part of a section that is chosen on its page.

    Attributes:
        label: what it is called; category: what its name says.
        shown: whether the page shows this one already.
        ask: what choosing it asks the server for; None where nothing tells.
    """

    label: str
    category: Category | None
    shown: bool
    ask: Onward | None


def choices_of(page: Page, scripts: Sequence[str] = (), *, lists: bool = True) -> tuple[Choice, ...]:
    """The parts that are chosen on a page, the one it shows among them; none where it shows all, or has no such choice.

    Args:
        page: the section's page.
        scripts: texts of scripts that it loads from elsewhere.
        lists: whether it shows posts before anything is chosen; "-- Tất cả --" then hides none.
    """
    stage = Stage(page, scripts=scripts)
    for box in islice(page.root.iter("select"), _MOST):
        if chosen := _in_box(stage, box, lists=lists):
            return chosen
    return _on_buttons(stage)


def way_by_button(page: Page) -> tuple[tuple[str, Onward], ...]:
    """The buttons of a page that name the section and have no address, with what a click asks for: menus of ASP.NET."""
    stage = Stage(page)
    named = (
        (clean(label_of(element)), element)
        for element in islice(page.root.iter("a"), MAX_LINKS)
        if not resolve(page.base, element.get("href", ""))
    )
    found = (
        (name, stage.click(element)) for name, element in named if RECEPTION.search(fold(name)) and _is_short(name)
    )
    return tuple((name, ask) for name, ask in islice(found, _MOST) if ask is not None and not ask.is_address)


def _in_box(stage: Stage, box: HtmlElement, *, lists: bool) -> tuple[Choice, ...]:
    """The options of a select box that name parts; none where another option is chosen, which may show all."""
    options = list(islice(box.iter("option"), _MOST))
    names = [clean(option.text_content()) for option in options]
    if not _name_parts(names):
        return ()
    marked = (index for index, option in enumerate(options) if option.get("selected") is not None)
    shown = next(marked, 0)
    if lists and not _may_be_part(names[shown]):
        return ()
    asks = [_choose(stage, box, index, value_of(option)) for index, option in enumerate(options)]
    acts = bool(box.get("onchange")) or any(asks)
    told = zip(names, asks, strict=True) if acts else ()
    return tuple(
        Choice(name, category_named(name), index == shown, ask)
        for index, (name, ask) in enumerate(told)
        if _may_be_part(name)
    )


def _choose(stage: Stage, box: HtmlElement, index: int, value: str) -> Onward | None:
    """What choosing an option asks for: what its script does, or its form, sent by a button."""
    if "/" in value and resolve(stage.page.base, value):
        return None  # leads to an address: a menu's entry
    asked = stage.choose(box, index, value) or _posted(stage.page, box, value)
    form = next(box.iterancestors("form"), None)
    if asked is not None or form is None or is_web_form(form) or form.get("method", "get").lower() != "get":
        return asked
    return submit(stage.page, form, {box.get("name", ""): value}) if box.get("name") else None


def _posted(page: Page, box: HtmlElement, value: str) -> Onward | None:
    """The postback that a box's handler names, perhaps within a text to be run later (`AutoPostBack`)."""
    called = read_postback(box.get("onchange", ""))
    return post_back(page, box, *called, {box.get("name", ""): value}) if called else None


def _on_buttons(stage: Stage) -> tuple[Choice, ...]:
    """Link buttons and tabs without an address that name parts and ask the server for them."""
    rows: dict[HtmlElement, list[tuple[str, HtmlElement]]] = {}
    for element in stage.page.root.iter("a", "button", "input"):
        name = clean(element.get("value", "") if element.tag == "input" else label_of(element))
        if not _may_be_part(name) or resolve(stage.page.base, element.get("href", "")):
            continue
        for box in islice(forks(element), _LEVELS):
            rows.setdefault(box, []).append((name, element))
    found = max((row for row in rows.values() if _name_parts([name for name, _ in row])), key=len, default=[])
    told = [(name, stage.click(element)) for name, element in found]
    if not any(ask is not None for _, ask in told):
        return ()
    return tuple(Choice(name, category_named(name), shown=False, ask=ask) for name, ask in told)


def _name_parts(names: Sequence[str]) -> bool:
    """Whether names are those of a section's parts: several, of several categories, that speak of it."""
    spoken = [category_named(name) for name in names if _may_be_part(name) and speaks(name)]
    return len(spoken) >= _FEWEST and len({category for category in spoken if category}) >= _FEWEST


def _may_be_part(name: str) -> bool:
    return _is_short(name) and category_named(name) is not None


def _is_short(name: str) -> bool:
    return len(name.split()) <= _MOST_WORDS and not _FIGURE.search(name)
