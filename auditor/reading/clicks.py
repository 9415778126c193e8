"""What happens when something on a page is clicked, chosen or scrolled to, as far as its scripts tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from urllib.parse import parse_qsl

from lxml.html import HtmlElement

from auditor.reading.addresses import host_of, resolve
from auditor.reading.forms import post_back, speaks_of_changes, submit
from auditor.reading.onward import Fields, Onward, with_fields
from auditor.reading.page import Page
from auditor.reading.scripting.browser import Binding, Browser, Call, Effect, Posted
from auditor.reading.scripting.elements import Elements
from auditor.reading.scripting.expressions import Tree
from auditor.reading.scripting.run import MOST_STEPS_IN_ALL, OutOfStepsError, Returned
from auditor.reading.scripting.selectors import select
from auditor.reading.scripting.syntax import parse, parse_all
from auditor.reading.scripting.tokens import LONGEST
from auditor.reading.scripting.values import Method, as_json, as_text
from auditor.reading.scripting.world import open_page
from auditor.reading.steps import is_same_listing

_SCRIPTS_IN_ALL = 2 * LONGEST
_A_TRY = 500
"""What a click costs besides the steps of its scripts, in steps."""
_CLICKS = frozenset({"click", "touchstart"})
_CHOICES = frozenset({"change"})


class Stage:
    """A page whose scripts can be run; they are, when first something is done on it.

    Args:
        page: the page, or a fragment of one.
        around: the page that the fragment is shown in, whose scripts serve it.
        scripts: texts of scripts that the page loads from elsewhere.
    """

    def __init__(self, page: Page, around: Page | None = None, scripts: Sequence[str] = ()) -> None:
        self.page = page
        self.around = around
        self._scripts = scripts
        self._left: float = MOST_STEPS_IN_ALL

    @cached_property
    def source(self) -> str:
        """The scripts of the page and of the one around it, cut at a bound."""
        pages = [page for page in (self.around, self.page) if page is not None]
        inline = [script.text or "" for page in pages for script in page.root.iter("script") if not script.get("src")]
        return "\n;\n".join([*self._scripts, *inline])[:_SCRIPTS_IN_ALL]

    @cached_property
    def _parsed(self) -> list[list[Tree]]:
        inline = [text for text in self.source.split("\n;\n") if text not in self._scripts]
        return list(parse_all((*self._scripts, *inline)))

    @cached_property
    def browser(self) -> Browser:
        """The browser, after all scripts have run once; what they asked for by themselves is left aside."""
        browser = open_page(self.page, self.around)
        browser.runner.limit(self._left)
        for statements in self._parsed:
            self._run(browser, statements)
        browser.effects.clear()
        browser.doubtful = browser.runner.puzzled = False
        return browser

    def reload(self) -> None:
        """Forgets what was done on the page, as loading it again does: its scripts count from the beginning."""
        before = self.__dict__.pop("browser", None)
        self._left = before.runner.left if before is not None else self._left

    def click(self, element: HtmlElement) -> Onward | None:
        """What a click on an element asks for; with its growth, where a second click asks for more."""
        return self._done(element, lambda: self._click(element))

    def is_idle(self, element: HtmlElement) -> bool:
        """Whether a click on an element is known to do nothing but change what is shown."""
        self.reload()
        browser = self.browser
        with suppress(OutOfStepsError):
            bound = any(each.event in _CLICKS and self._bound(each, element) is not None for each in browser.bindings)
            asked = self._tried(element, lambda: self._click(element))
            handled = bound or bool(element.get("onclick"))
            known = not browser.runner.puzzled and not browser.doubtful
            return handled and asked is None and known
        return False

    def choose(self, box: HtmlElement, index: int, value: str) -> Onward | None:
        """What choosing an option of a select box asks for."""
        self.reload()
        browser = self.browser
        browser.values[box, "value"], browser.values[box, "selectedIndex"] = value, float(index)
        return self._tried(box, lambda: self._handle(box, box.get("onchange", ""), _CHOICES))

    def scroll(self) -> Onward | None:
        """What scrolling down asks for."""
        return self._done(self.page.root, self._scroll)

    def _scroll(self) -> None:
        for binding in self.browser.bindings:
            if binding.event == "scroll" and binding.on_window:
                self.browser.runner.call(binding.function, [{}])

    def call(self, function: object, number: int) -> Onward | None:
        """What a plugin's callback asks for when a page's number is clicked: it takes an event, the number, or both."""
        ask = self._tried(self.page.root, lambda: self.browser.runner.call(function, [float(number), float(number)]))
        return replace(ask, number=number) if ask else None

    def _done(self, element: HtmlElement, action: Callable[[], object]) -> Onward | None:
        self.reload()
        if self._left < 0:
            return None
        first = self._tried(element, action)
        if first is None or first.is_address:
            return first
        second = self._tried(element, action)
        return first.growing(second) if second is not None else first

    def _tried(self, element: HtmlElement, action: Callable[[], object]) -> Onward | None:
        browser = self.browser
        browser.effects.clear()
        browser.runner.refill()
        with suppress(OutOfStepsError, Returned, RecursionError):
            browser.runner.spend(_A_TRY)
            action()
        asks = (self._onward(element, effect) for effect in browser.effects)
        return next((ask for ask in asks if ask is not None), None)

    def _click(self, element: HtmlElement) -> None:
        href = element.get("href", "").strip()
        code = href[len("javascript:") :] if href.lower().startswith("javascript:") else ""
        self._handle(element, f"{element.get('onclick', '')}\n;{code}", _CLICKS)

    def _handle(self, element: HtmlElement, code: str, events: frozenset[str]) -> None:
        """Runs the handler in the element's own attribute, then those that scripts bound to it."""
        browser = self.browser
        this = Elements(browser, [element])
        if code.strip(" \n;"):
            self._run(browser, parse(code), this)
        event = {"preventDefault": Method(lambda _values: None), "target": this, "currentTarget": this}
        for binding in browser.bindings:
            holder = self._bound(binding, element) if binding.event in events else None
            if holder is not None:
                browser.runner.call(binding.function, [event], Elements(browser, [holder]))

    def _bound(self, binding: Binding, element: HtmlElement) -> HtmlElement | None:
        """The element, or the nearest around it, that a function is bound to."""
        near = [element, *element.iterancestors()]
        if binding.selector:
            self.browser.look_through()
            matching = set(select(self.page.root, binding.selector))
            return next((each for each in near if each in matching), None)
        bound = set(binding.elements)
        return next((each for each in near if each in bound and each.tag not in {"html", "body"}), None)

    @staticmethod
    def _run(browser: Browser, statements: list[Tree], this: object = None) -> None:
        browser.runner.refill()
        for statement in statements:
            try:
                browser.runner.run([statement], this=this)
            except (OutOfStepsError, RecursionError):
                if browser.runner.left < 0:
                    break
            except Returned:
                break

    def _onward(self, element: HtmlElement, effect: Effect) -> Onward | None:
        if isinstance(effect, str):
            url = resolve(self.page.base, effect)
            return Onward(url) if url and is_same_listing(self.page.url, url) else None
        if isinstance(effect, Call):
            return _asked(self.page, effect)
        changes = self._changes()
        if isinstance(effect, Posted):
            return post_back(self.page, element, effect.target, effect.argument, changes)
        return submit(self.page, effect.form, {name: value for name, value in effect.changes if name})

    def _changes(self) -> dict[str, str]:
        values = self.browser.values.items()
        return {field.get("name", ""): as_text(value) for (field, name), value in values if name == "value"}


def _asked(page: Page, call: Call) -> Onward | None:
    """The request of a script; None for another host, and for a post whose names speak of changing something."""
    url = resolve(page.base, call.url)
    if url is None or host_of(url) != host_of(page.url):
        return None
    headers: Fields = (("X-Requested-With", "XMLHttpRequest"),) if call.by_jquery else ()
    if call.method == "GET":
        return Onward(with_fields(url, as_fields(call.data)) if call.data else url, headers=headers, kind="data")
    if speaks_of_changes(f"{call.url} {as_json(call.data)}"):
        return None
    if call.json or (isinstance(call.data, str) and call.data.lstrip().startswith("{")):
        text = call.data if isinstance(call.data, str) else as_json(call.data)
        return Onward(url, json=text, headers=headers, kind="data") if isinstance(text, str) else None
    return Onward(url, form=as_fields(call.data), headers=headers, kind="data")


def as_fields(data: object, within: str = "") -> Fields:
    """Data as fields, as jQuery writes them: `filter[year]`, `ids[]`."""
    if isinstance(data, str) and not within:
        return tuple(parse_qsl(data.removeprefix("?"), keep_blank_values=True))
    if isinstance(data, dict):
        pairs = [(f"{within}[{key}]" if within else key, value) for key, value in data.items()]
    elif isinstance(data, list):
        pairs = [(f"{within}[]", value) for value in data]
    else:
        return ((within, as_text(data)),) if within else ()
    return tuple(field for name, value in pairs for field in as_fields(value, name))
