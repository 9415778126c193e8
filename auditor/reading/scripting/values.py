"""The values that scripts work with, and what operators and methods of the language make of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from auditor.reading.scripting.expressions import Tree

_LONGEST_TEXT = 20_000
_LONGEST_NAME = 200
_MOST_INNER = 20_000


@dataclass(frozen=True)
class Unknown:
    """What a script cannot tell us: it stays unknown whatever is done with it. The name is what it is called there."""

    name: str = ""


UNKNOWN = Unknown()


class Thing:
    """An object of the browser: an element, the location, jQuery."""

    def get(self, name: str) -> object:  # noqa: ARG002 - things that know nothing keep this one
        """A property; a method is a `Method`."""
        return UNKNOWN

    def put(self, name: str, value: object) -> None:
        """Sets a property."""

    def call(self, values: Sequence[object]) -> object:  # noqa: ARG002
        """What calling it gives."""
        return UNKNOWN


@dataclass
class Method(Thing):
    """A function of the browser."""

    run: Callable[[Sequence[object]], object]

    def call(self, values: Sequence[object]) -> object:
        """What running it gives."""
        return self.run(values)


@dataclass
class Scope:
    """The variables a function sees: its own, and those around it."""

    names: dict[str, object] = field(default_factory=dict)
    outer: Scope | None = None

    def holder(self, name: str) -> Scope | None:
        """The scope a variable lives in."""
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.outer
        return scope


@dataclass
class Function:
    """A function of the script."""

    names: list[str]
    body: list[Tree]
    scope: Scope
    this: object = None
    called: bool = False


def is_true(value: object) -> bool:
    """Whether a condition holds; an unknown one holds as well."""
    return value not in (None, False, 0, 0.0, "") if not isinstance(value, list | dict) else True


def as_number(value: object) -> float | None:
    """A value as a number; None where it is none."""
    if isinstance(value, bool | int | float):
        return float(value)
    if isinstance(value, str):
        try:
            return float(value.strip() or 0)
        except ValueError:
            return None
    return 0.0 if value is None else None


def as_text(value: object) -> str:
    """A value as JavaScript writes it; "" for what has no text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value == value and abs(value) < 1e15 and value == int(value) else str(value)  # noqa: PLR0124, PLR2004
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def spoken(value: object) -> object:
    """A value, or the text that an address or a list of fields is written as."""
    written = value.get("toString") if isinstance(value, Thing) else None
    return written.call(()) if isinstance(written, Method) else value


def joined(given: Sequence[object]) -> object:
    """Values written one after another; unknown where one of them is."""
    values = [spoken(value) for value in given]
    if any(isinstance(value, Unknown | Function | Thing | list | dict) or value is None for value in values):
        return Unknown("".join(_shown(value) for value in values)[:_LONGEST_NAME])
    return "".join(map(as_text, values))[:_LONGEST_TEXT]


def _shown(value: object) -> str:
    if isinstance(value, Unknown):
        return value.name if "{" in value.name else f"{{{value.name}}}"
    return as_text(value)


def combined(operator: str, left: object, right: object) -> object:
    """What an operator makes of two values."""
    if operator == "+" and (isinstance(left, str | Thing | Unknown) or isinstance(right, str | Thing | Unknown)):
        return joined([left, right])
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return UNKNOWN
    if operator in {"==", "===", "!=", "!=="}:
        same = as_text(left) == as_text(right) and (left is None) == (right is None)
        return same == (operator[0] == "=")
    first, second = as_number(left), as_number(right)
    if first is None or second is None:
        return UNKNOWN
    try:
        return _OPERATIONS[operator](first, second)
    except (KeyError, ZeroDivisionError, OverflowError):
        return UNKNOWN


_OPERATIONS: dict[str, Callable[[float, float], object]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "%": lambda left, right: left % right,
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}


def member(owner: object, name: object) -> object:
    """A property of a value: a thing's, a record's, a list's, a text's."""
    key = as_text(name)
    if isinstance(owner, Thing | dict):
        return owner.get(key)
    if isinstance(owner, list):
        return _of_list(owner, key)
    if key in {"toString", "valueOf", "trim"} and isinstance(owner, str | int | float):
        return Method(lambda _values: as_text(owner).strip())
    return _of_text(owner, key) if isinstance(owner, str) else UNKNOWN


def _of_list(owner: list[object], key: str) -> object:
    if key == "length":
        return float(len(owner))
    return owner[int(key)] if key.isdecimal() and len(key) < 6 and int(key) < len(owner) else UNKNOWN  # noqa: PLR2004


def _of_text(owner: str, key: str) -> object:
    if key == "length":
        return float(len(owner))
    if key == "concat":
        return Method(lambda values: joined([owner, *values]))
    if key in _TEXT_METHODS:
        return Method(lambda values: _called_on(owner, key, values))
    return UNKNOWN


def _called_on(owner: str, key: str, values: Sequence[object]) -> object:
    return (
        UNKNOWN
        if any(isinstance(value, Unknown) for value in values)
        else _TEXT_METHODS[key](owner, list(map(as_text, values)))
    )


_TEXT_METHODS: dict[str, Callable[[str, list[str]], object]] = {
    "replace": lambda text, given: (
        text.replace(given[0], given[1], 1)[:_LONGEST_TEXT] if len(given) > 1 and given[0] else UNKNOWN
    ),
    "split": lambda text, given: list(text.split(given[0])) if given and given[0] else UNKNOWN,
    "toLowerCase": lambda text, _given: text.lower(),
    "indexOf": lambda text, given: float(text.find(given[0])) if given else UNKNOWN,
    "includes": lambda text, given: given[0] in text if given else UNKNOWN,
}


def as_json(value: object) -> object:
    """A value as JSON text; unknown where a part of it is."""
    try:
        return json.dumps(as_told(value), ensure_ascii=False) if is_small(value) else UNKNOWN
    except (TypeError, ValueError, RecursionError):
        return UNKNOWN


def is_small(value: object, most: int = _MOST_INNER) -> bool:
    """Whether a value holds no more values than so many; a list may hold itself, or another many times over."""
    waiting, seen = [value], 0
    while waiting and seen <= most:
        inner = waiting.pop()
        seen += 1
        if isinstance(inner, dict | list):
            waiting.extend(list(inner.values() if isinstance(inner, dict) else inner)[: most - seen + 1])
    return seen <= most


def as_told(value: object) -> object:
    """A value with whole numbers as such, which JavaScript does not tell apart."""
    if isinstance(value, dict):
        return {key: as_told(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_told(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def encoded(value: object) -> object:
    """`encodeURIComponent`."""
    return UNKNOWN if isinstance(value, Unknown) else quote(as_text(value), safe="!~*'()")
