"""Elements as scripts see them: plain ones and jQuery's; what is set is remembered, what is bound is noted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from auditor.reading.forms import value_of
from auditor.reading.scripting.browser import MOST_ELEMENTS, Binding, Browser
from auditor.reading.scripting.values import UNKNOWN, Method, Thing

_LOOKING = frozenset({"find", "querySelector", "submit", "serialize"})
EVENTS = frozenset({"click", "scroll", "change", "submit", "touchstart", "page"})
_SETS_NOTHING = re.compile(
    r"addClass|removeClass|toggleClass|show|hide|fadeIn|fadeOut|slideDown|slideUp|append|prepend|html|css|remove|empty|"
    r"before|after|replaceWith|animate|focus|blur|stop|off|unbind|appendTo|insertAfter|insertBefore|delay|"
    r"insertAdjacentHTML|appendChild|scrollIntoView|preventDefault|stopPropagation"
)


@dataclass
class Elements(Thing):
    """Elements of the page: one of them to a plain script, any number to jQuery."""

    browser: Browser
    found: list[HtmlElement]

    @property
    def first(self) -> HtmlElement | None:
        """The one that is asked about."""
        return self.found[0] if self.found else None

    def get(self, name: str) -> object:
        """A property, a method, a field of a form."""
        if name == "length":
            return float(len(self.found))
        if name.isdecimal():
            return Elements(self.browser, self.found[int(name[:4]) : int(name[:4]) + 1])
        if name in METHODS:
            if name in _LOOKING:
                self.browser.look_through()
            return Method(lambda values: METHODS[name](self, values))
        if _SETS_NOTHING.fullmatch(name):
            return Method(lambda _values: self)
        return self._property(name)

    def _property(self, name: str) -> object:
        """What an element itself says."""
        if name in self.browser.plugins:
            return Method(lambda values: self.browser.runner.call(self.browser.plugins[name], values, self))
        element = self.first
        if element is None:
            return UNKNOWN
        if name in _PROPERTIES:
            return _PROPERTIES[name](self, element)
        if name in {"href", "src", "id", "name", "action", "title"} and element.get(name) is not None:
            return element.get(name)
        if element.tag == "form":
            self.browser.look_through()
            inside = element.iter("input", "select", "button")
            fields = [field for field in inside if name in {field.get("name"), field.get("id")}]
            return Elements(self.browser, fields[:1]) if fields else UNKNOWN
        return Method(lambda values: self._plugin(name, values))

    def _plugin(self, name: str, values: Sequence[object]) -> object:
        """A plugin of jQuery: it is noted with its options."""
        options = next((value for value in values if isinstance(value, dict)), None)
        if options is not None:
            counted = {"count": values[0]} if isinstance(values[0], float) else {}
            self.browser.widgets.append((name, {**counted, **options}))
        return self

    def value(self) -> object:
        """What a field holds, or was set to."""
        element = self.first
        if element is None:
            return UNKNOWN
        if (element, "value") in self.browser.values:
            return self.browser.values[element, "value"]
        if element.tag == "select":
            options = list(element.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None] or options[:1]
            return value_of(chosen[0]) if chosen else ""
        return value_of(element) if element.tag == "option" else element.get("value", "")

    def put(self, name: str, value: object) -> None:
        """Sets a value; `onclick = …` binds."""
        if name.startswith("on") and name[2:] in EVENTS:
            self.browser.bindings.append(Binding(name[2:], value, tuple(self.found)))
        else:
            self.set(name, value)

    def set(self, name: str, value: object) -> None:
        """Sets an attribute or the value."""
        self.browser.runner.spend(len(self.found))
        for element in self.found:
            self.browser.values[element, name] = value

    def attribute(self, name: str) -> object:
        """An attribute, as set by scripts or as it stands in the page; nothing where it has none."""
        element = self.first
        if element is None:
            return UNKNOWN
        return self.browser.values.get((element, name), element.get(name))


@dataclass
class Dataset(Thing):
    """`element.dataset`."""

    elements: Elements

    def get(self, name: str) -> object:
        """`dataset.pageNumber` is `data-page-number`."""
        return self.elements.attribute(data_name(name))

    def put(self, name: str, value: object) -> None:
        """Sets it."""
        self.elements.set(data_name(name), value)


def data_name(name: str) -> str:
    """The attribute a name in `dataset` or `.data(…)` stands for."""
    return "data-" + re.sub(r"([A-Z])", lambda match: "-" + match[1].lower(), name)


@dataclass
class Forms(Thing):
    """`document.forms`, by number or name."""

    browser: Browser

    def get(self, name: str) -> object:
        """The form."""
        self.browser.look_through()
        forms = list(islice(self.browser.page.root.iter("form"), MOST_ELEMENTS))
        if name.isdecimal() and len(name) < 4:  # noqa: PLR2004
            return Elements(self.browser, forms[int(name) : int(name) + 1])
        named = [form for form in forms if name in {form.get("name"), form.get("id")}]
        return Elements(self.browser, named[:1]) if named else UNKNOWN


_PROPERTIES: dict[str, Callable[[Elements, HtmlElement], object]] = {
    "value": lambda elements, _element: elements.value(),
    "dataset": lambda elements, _element: Dataset(elements),
    "form": lambda elements, element: Elements(elements.browser, list(islice(element.iterancestors("form"), 1))),
    "options": lambda elements, element: Elements(elements.browser, list(element.iter("option"))),
    "elements": lambda elements, _element: elements,
    "selectedIndex": lambda elements, element: elements.browser.values.get((element, "selectedIndex"), 0.0),
}

METHODS: dict[str, Callable[[Elements, Sequence[object]], object]] = {}
"""What can be called on elements: filled in by `methods`."""
