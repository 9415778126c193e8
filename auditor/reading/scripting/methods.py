"""What scripts call on elements: reading and setting values, binding functions, submitting forms, finding others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from urllib.parse import urlencode

from auditor.reading.forms import fields_of
from auditor.reading.page import opening
from auditor.reading.scripting.browser import Binding, Call, Sent
from auditor.reading.scripting.elements import EVENTS, METHODS, Elements, data_name
from auditor.reading.scripting.selectors import select
from auditor.reading.scripting.values import UNKNOWN, Unknown, as_number, as_text

_A_FEW = 20


def _val(elements: Elements, values: Sequence[object]) -> object:
    if not values:
        return elements.value()
    elements.set("value", values[0])
    return elements


def _attr(elements: Elements, values: Sequence[object]) -> object:
    name = as_text(values[0]) if values else ""
    if len(values) <= 1:
        return elements.attribute(name)
    elements.set(name, values[1])
    return elements


def _data(elements: Elements, values: Sequence[object]) -> object:
    value = _attr(elements, [data_name(as_text(values[0])), *values[1:]]) if values else UNKNOWN
    number = as_number(value) if isinstance(value, str) and value.isdecimal() else None
    return value if number is None else number  # jQuery makes numbers of figures


def _bind(elements: Elements, values: Sequence[object]) -> object:
    """`.on("click", f)`, `.on("click", ".more", f)`."""
    event, *rest = values or [""]
    selector = as_text(rest[0]) if len(rest) > 1 and isinstance(rest[0], str) else ""
    for name in as_text(event).split():
        if name.partition(".")[0] in EVENTS and rest:
            bound = () if selector else tuple(elements.found)
            elements.browser.bindings.append(Binding(name.partition(".")[0], rest[-1], bound, selector))
    return elements


def _delegate(elements: Elements, values: Sequence[object]) -> object:
    return _bind(elements, [values[1], values[0], values[2]]) if len(values) == 3 else elements  # noqa: PLR2004


def _click(elements: Elements, values: Sequence[object]) -> object:
    return _bind(elements, ["click", values[0]]) if values else elements


def _change(elements: Elements, values: Sequence[object]) -> object:
    return _bind(elements, ["change", values[0]]) if values else elements


def _submit(elements: Elements, values: Sequence[object]) -> object:
    form, browser = elements.first, elements.browser
    if values or form is None or form.tag != "form":
        return elements
    inside = set(form.iter("input", "select", "button"))
    changed = {
        element: value for (element, name), value in browser.values.items() if name == "value" and element in inside
    }
    if any(isinstance(value, Unknown) for value in changed.values()):
        browser.doubtful = True
    else:
        browser.note(Sent(form, tuple((each.get("name", ""), as_text(value)) for each, value in changed.items())))
    return elements


def _load(elements: Elements, values: Sequence[object]) -> object:
    """`.load(url, data, f)`: asks for a fragment; without an address it waits for a picture."""
    url, *rest = values or [UNKNOWN]
    if not isinstance(url, str):
        return elements
    data = next((value for value in rest if isinstance(value, dict | str)), None)
    call = Call("POST" if isinstance(data, dict) else "GET", url.partition(" ")[0], data, by_jquery=True)
    elements.browser.ask(call, then=rest[-1:])
    return elements


def _find(elements: Elements, values: Sequence[object]) -> object:
    selector = as_text(values[0]) if values else ""
    found = (each for outer in elements.found[:_A_FEW] for each in islice(select(outer, selector), _A_FEW))
    return Elements(elements.browser, list(found))


def _closest(elements: Elements, values: Sequence[object]) -> object:
    matching = set(elements.browser.select(as_text(values[0]) if values else ""))
    around = (each for inner in elements.found[:1] for each in (inner, *inner.iterancestors()) if each in matching)
    return Elements(elements.browser, list(islice(around, 1)))


def _parent(elements: Elements, _values: Sequence[object]) -> object:
    parents = [parent for found in elements.found[:1] if (parent := found.getparent()) is not None]
    return Elements(elements.browser, parents)


def _ready(elements: Elements, values: Sequence[object]) -> object:
    runner = elements.browser.runner
    runner.call(values[0] if values else None, [runner.top.names.get("$")])
    return elements


def _serialize(elements: Elements, _values: Sequence[object]) -> object:
    form = elements.first
    return urlencode(fields_of(form), errors="replace") if form is not None and form.tag == "form" else UNKNOWN


def _text(elements: Elements, values: Sequence[object]) -> object:
    return elements if values or elements.first is None else opening(elements.first)


def _each(elements: Elements, values: Sequence[object]) -> object:
    for element in elements.found[:_A_FEW]:
        one = Elements(elements.browser, [element])
        elements.browser.runner.call(values[0] if values else None, [one, one], one)
    return elements


def _unknown(_elements: Elements, _values: Sequence[object]) -> object:
    return UNKNOWN


METHODS |= {
    "val": _val,
    "attr": _attr,
    "prop": _attr,
    "getAttribute": _attr,
    "setAttribute": _attr,
    "data": _data,
    "on": _bind,
    "bind": _bind,
    "live": _bind,
    "addEventListener": _bind,
    "delegate": _delegate,
    "click": _click,
    "change": _change,
    "submit": _submit,
    "load": _load,
    "find": _find,
    "querySelector": _find,
    "closest": _closest,
    "parent": _parent,
    "ready": _ready,
    "serialize": _serialize,
    "text": _text,
    "each": _each,
    "forEach": _each,
    "first": lambda elements, _values: Elements(elements.browser, elements.found[:1]),
    "last": lambda elements, _values: Elements(elements.browser, elements.found[-1:]),
    "size": lambda elements, _values: float(len(elements.found)),
    "is": _unknown,
    "hasClass": _unknown,
    "offset": _unknown,
    "height": _unknown,
    "scrollTop": _unknown,
}
