"""What functions of the browser, of jQuery and of texts give, as far as scripts build addresses with them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import urlencode

from auditor.reading.js_page import of_address, of_element
from auditor.reading.js_values import Hole, Lookup, Name, Value, text_of
from auditor.reading.json_values import load
from auditor.reading.page import Page

_AS_TEXT = frozenset({"encodeURIComponent", "encodeURI", "String", "escape"})
_SAME = _AS_TEXT | {"decodeURIComponent", "Number", "parseInt", "parseFloat", "ref", "useState", "URL", "Request"}
_FIND = frozenset({"$", "jQuery", "document.querySelector", "document.getElementById"})
_MERGE = frozenset({"Object.assign", "$.extend", "jQuery.extend", "angular.extend"})
_FIELDS = frozenset({"URLSearchParams", "FormData", "param", "stringify", "HttpParams"})
_CLOCK = frozenset({"now", "getTime", "random", "Date"})
_PARAMETER = re.compile(r"get|param|query|url", re.IGNORECASE)


def called(page: Page, lookup: Lookup, target: Value, name: str, arguments: list[Value]) -> Value:
    """The result of a call, or a `Hole`: `target` is what is called, or the value whose method `name` is."""
    if isinstance(target, Name):
        return _named(page, lookup, target.path, name, arguments)
    if isinstance(target, str):
        return _of_text(target, name, arguments)
    if isinstance(target, list):
        return _of_list(target, name, arguments)
    if isinstance(target, dict) and name == "toString":
        return urlencode({key: text_of(value) or "" for key, value in target.items()})
    return text_of(target) if name in {"toString", "valueOf"} and text_of(target) is not None else Hole(name)


def _named(page: Page, lookup: Lookup, path: str, name: str, arguments: list[Value]) -> Value:
    first = arguments[0] if arguments else None
    if name in _SAME and arguments:
        return text_of(first) if name in _AS_TEXT and text_of(first) is not None else first
    if path in _FIND:
        return _found(name, first)
    if path.startswith("$("):
        return of_element(page, f"{path}({text_of(first) or ''})")
    plain = _plain_function(path, name, arguments)
    if plain is not None:
        return plain
    if isinstance(first, str) and len(arguments) == 1 and _PARAMETER.search(name):
        return of_address(page, first)
    value = lookup(path.rpartition(".")[0]) if path.count(".") == 1 else None
    return _of_text(value, name, arguments) if isinstance(value, str) else Hole(name)


def _found(name: str, selector: Value) -> Name:
    """An element, by its selector; of one that is not told, any."""
    sign = "#" if name == "getElementById" else ""
    if isinstance(selector, str):
        return Name(f"$({sign}{selector})")
    return Name(f"$({selector.name if isinstance(selector, Hole) else 'this'})")


def _plain_function(path: str, name: str, arguments: list[Value]) -> Value:
    """Functions of the language; None for others."""
    first = arguments[0] if arguments else None
    if path == "JSON.stringify":
        return _as_json(first)
    if path == "JSON.parse" and isinstance(first, str):
        return load(first)
    if name in _FIELDS:
        return first if isinstance(first, dict) else Name("params")
    if path in _MERGE:
        return {key: value for each in arguments if isinstance(each, dict) for key, value in each.items()}
    return 1 if name in _CLOCK else None


def _of_list(items: list[Value], name: str, arguments: list[Value]) -> Value:
    if name == "pop" and items:
        return items[-1]
    told = [text_of(each) for each in items]
    if name == "join" and None not in told:
        return (text_of(arguments[0]) or "" if arguments else ",").join(map(str, told))
    return Hole(name)


def _of_text(text: str, name: str, arguments: list[Value]) -> Value:
    method = _METHODS.get(name)
    return method(text, arguments) if method else Hole(name)


def _concat(text: str, arguments: list[Value]) -> Value:
    told = [text_of(each) for each in arguments]
    if None in told:
        return next((each for each in arguments if isinstance(each, Hole)), Hole())
    return text + "".join(map(str, told))


def _split(text: str, arguments: list[Value]) -> Value:
    sign = arguments[0] if arguments else None
    return list(text.split(sign)) if isinstance(sign, str) and sign else Hole("split")


def _replace(text: str, arguments: list[Value]) -> Value:
    old, new = [*map(text_of, arguments), None, None][:2]
    return text.replace(old, new, 1) if isinstance(arguments[0], str) and old and new is not None else Hole("replace")


def _slice(text: str, arguments: list[Value]) -> Value:
    numbers = [each for each in arguments if isinstance(each, int)]
    return text[numbers[0] : numbers[1] if len(numbers) > 1 else None] if numbers else Hole("slice")


_METHODS: dict[str, Callable[[str, list[Value]], Value]] = {
    "concat": _concat,
    "split": _split,
    "replace": lambda text, arguments: _replace(text, arguments) if arguments else Hole("replace"),
    "slice": _slice,
    "substring": _slice,
    "toString": lambda text, _: text,
    "trim": lambda text, _: text.strip(),
    "toLowerCase": lambda text, _: text.lower(),
}


def _as_json(value: Value) -> Value:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        return Hole("JSON")
