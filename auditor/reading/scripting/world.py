"""What a browser provides to scripts at the top: window, document, location, jQuery, and the plain functions."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from auditor.reading.page import Page
from auditor.reading.scripting import methods as methods  # noqa: PLC0414 - fills in what can be called on elements
from auditor.reading.scripting.asking import (
    Axios,
    JQuery,
    OldRequest,
    ask_by_options,
    merged,
    new_address,
    new_form_data,
    new_params,
)
from auditor.reading.scripting.browser import Binding, Browser, Posted
from auditor.reading.scripting.elements import METHODS, Elements, Forms
from auditor.reading.scripting.syntax import parse
from auditor.reading.scripting.values import UNKNOWN, Method, Thing, Unknown, as_json, as_number, as_text, encoded

_FINDERS = {
    "getElementById": ('[id="{}"]', False),
    "querySelector": ("{}", False),
    "querySelectorAll": ("{}", True),
    "getElementsByName": ('[name="{}"]', True),
    "getElementsByClassName": (".{}", True),
    "getElementsByTagName": ("{}", True),
}


def open_page(page: Page, around: Page | None = None) -> Browser:
    """A browser that shows a page, or a fragment in the page around it; scripts have not run yet."""
    browser = Browser(page, around)
    provide(browser)
    return browser


def provide(browser: Browser) -> None:
    """Sets up what scripts find at the top."""
    browser.runner.top.names.update(_provided(browser))


@dataclass
class Location(Thing):
    """`location`: read, it is the page's address; set, it leads elsewhere."""

    browser: Browser

    def get(self, name: str) -> object:
        """The address or a piece of it."""
        url = self.browser.page.url
        parts = urlsplit(url)
        told = {
            "href": url,
            "pathname": parts.path,
            "search": f"?{parts.query}" if parts.query else "",
            "host": parts.netloc,
            "hostname": parts.hostname or "",
            "protocol": f"{parts.scheme}:",
            "origin": f"{parts.scheme}://{parts.netloc}",
            "hash": "",
        }
        if name in {"assign", "replace"}:
            return Method(lambda values: self.browser.go(values[0]) if values else None)
        return Method(lambda _values: url) if name == "toString" else told.get(name, UNKNOWN)

    def put(self, name: str, value: object) -> None:
        """Setting `href` leads there; setting `search` replaces the query."""
        if name == "search" and isinstance(value, str):
            self.browser.go(urlsplit(self.browser.page.url).path + "?" + value.removeprefix("?"))
        elif name in {"href", "search"}:
            self.browser.go(value)


@dataclass
class Window(Thing):
    """`window`: its properties are the variables at the top."""

    browser: Browser

    def get(self, name: str) -> object:
        """A variable at the top, or a method of the window."""
        if name in {"addEventListener", "on", "scroll"}:
            return Method(lambda values: _bind_window(self.browser, name, values))
        if name == "open":
            return Method(lambda values: self.browser.go(values[0]) if values else None)
        return self.browser.runner.top.names.get(name, UNKNOWN)

    def put(self, name: str, value: object) -> None:
        """Sets a variable at the top; the location leads elsewhere."""
        names = self.browser.runner.top.names
        if name == "location":
            names["location"] = Location(self.browser)
            self.browser.go(value)
        elif name == "onscroll":
            self.browser.bindings.append(Binding("scroll", value, on_window=True))
        elif name == "onload":
            self.browser.runner.call(value)
        else:
            names[name] = value


def _bind_window(browser: Browser, name: str, values: Sequence[object]) -> object:
    event = as_text(values[0]) if values and isinstance(values[0], str) else name
    function = values[-1] if values else None
    if "scroll" in event:
        browser.bindings.append(Binding("scroll", function, on_window=True))
    elif event in {"load", "DOMContentLoaded"}:
        browser.runner.call(function)
    return UNKNOWN


@dataclass
class Document(Thing):
    """`document`."""

    browser: Browser

    def get(self, name: str) -> object:
        """A form by its name, or a way to find elements."""
        browser = self.browser
        if name == "location":
            return Location(browser)
        if name == "forms":
            return Forms(browser)
        if name in {"addEventListener", "on", "scroll"}:
            return Method(self._bind)
        if name in _FINDERS:
            return Method(lambda values: self._found(name, values))
        if name in METHODS:
            return Elements(browser, [browser.page.root]).get(name)
        return Forms(browser).get(name)

    def put(self, name: str, value: object) -> None:
        """`document.location = …` leads elsewhere."""
        if name == "location":
            self.browser.go(value)

    def _bind(self, values: Sequence[object]) -> object:
        event = as_text(values[0]) if values else ""
        if event in {"DOMContentLoaded", "ready"} or "scroll" in event:
            return _bind_window(self.browser, event.replace("ready", "load"), values)
        return METHODS["on"](Elements(self.browser, [self.browser.page.root]), values)

    def _found(self, name: str, values: Sequence[object]) -> object:
        form, many = _FINDERS[name]
        elements = self.browser.select(form.format(as_text(values[0]))) if values else []
        return Elements(self.browser, elements if many else elements[:1]) if elements or many else None


def _post_back(browser: Browser, values: Sequence[object]) -> object:
    target, argument = (*values, "", "")[:2]
    if isinstance(target, str) and isinstance(argument, str | float):
        browser.note(Posted(target, as_text(argument)))
    return None


def _later(browser: Browser, values: Sequence[object]) -> object:
    if values and isinstance(values[0], str):
        browser.runner.run(parse(values[0]))
    elif values:
        browser.runner.call(values[0])
    return UNKNOWN


def _rounded(how: Callable[[float], float]) -> Method:
    def run(values: Sequence[object]) -> object:
        number = as_number(values[0]) if values and not isinstance(values[0], Unknown) else None
        return UNKNOWN if number is None or not math.isfinite(number) else float(how(number))

    return Method(run)


def _nothing(_values: Sequence[object]) -> object:
    return None


def _provided(browser: Browser) -> dict[str, object]:
    axios, quiet = Axios(browser), Method(_nothing)
    return {
        **dict.fromkeys(("window", "self", "top", "parent", "globalThis"), Window(browser)),
        **dict.fromkeys(("$", "jQuery", "jq", "$j"), JQuery(browser)),
        "document": Document(browser),
        "location": Location(browser),
        "axios": axios,
        "$http": axios,
        "fetch": Method(lambda values: ask_by_options(browser, values)),
        "setTimeout": Method(lambda values: _later(browser, values)),
        "__doPostBack": Method(lambda values: _post_back(browser, values)),
        "XMLHttpRequest": Method(lambda _values: OldRequest(browser)),
        "URL": Method(lambda values: new_address(browser, values)),
        "URLSearchParams": Method(new_params),
        "FormData": Method(new_form_data),
        **_PLAIN,
        **dict.fromkeys(("alert", "confirm"), quiet),
        "console": {"log": quiet},
        "event": {"preventDefault": quiet, "stopPropagation": quiet},
    }


_CODE = Method(lambda values: encoded(values[0]) if values else UNKNOWN)
_NUMBER = _rounded(lambda value: value)
_PLAIN: dict[str, object] = {
    **dict.fromkeys(("encodeURIComponent", "encodeURI", "escape"), _CODE),
    "String": Method(lambda values: as_text(values[0]) if values else ""),
    "Number": _NUMBER,
    "parseFloat": _NUMBER,
    "parseInt": _rounded(math.floor),
    "isNaN": Method(lambda _values: False),
    "Math": {"ceil": _rounded(math.ceil), "floor": _rounded(math.floor), "round": _rounded(round)},
    "JSON": {"stringify": Method(lambda values: as_json(values[0]) if values else UNKNOWN)},
    "Date": {"now": Method(lambda _values: 1.0)},
    "Object": {"assign": Method(merged)},
}
