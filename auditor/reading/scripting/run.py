"""Runs the part of JavaScript in which pagers are written, to see what a click would ask for. Nothing is ever sent.

Whatever is not known (an answer of the server, the width of the window) is `UNKNOWN`, and so is all that follows from
it; where a condition is unknown both of its branches are run, for a counter is counted up in one of them. The number
of steps is bounded.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import quote

from auditor.reading.scripting.syntax import Tree

MOST_STEPS = 40_000
_DEEPEST = 40
_LONGEST_TEXT = 20_000


class Unknown:
    """What a script cannot tell us: it stays unknown whatever is done with it."""


UNKNOWN = Unknown()


class OutOfStepsError(Exception):
    """The script runs for too long."""


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


class Returned(Exception):  # noqa: N818 - not an error: how a function gives its value back
    """A function's value on its way out."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


class Runner:
    """Runs statements in a scope; `top` holds what the browser provides.

    Attributes:
        puzzled: whether a function was called that is not known.
    """

    def __init__(self, top: dict[str, object]) -> None:
        self.top = Scope(top)
        self.puzzled = False
        self._steps = 0
        self._depth = 0

    def refill(self) -> None:
        """Allows the full number of steps again."""
        self._steps = 0

    def run(self, statements: Sequence[Tree], scope: Scope | None = None, this: object = None) -> None:
        """Runs statements in turn; functions first, as they may be called above where they stand."""
        inside = scope or self.top
        if this is not None:
            inside = Scope({"this": this}, inside)
        for statement in statements:
            if statement[0] == "var":
                for name, tree in cast("list[tuple[str, Tree]]", statement[1]):
                    if tree[0] == "function":
                        inside.names[name] = self.value(tree, inside)
        for statement in statements:
            self._do(statement, inside)

    def call(self, function: object, values: Sequence[object] = (), this: object = None) -> object:
        """Calls a function of the script or of the browser."""
        if isinstance(function, Thing):
            return function.call(values)
        if not isinstance(function, Function) or self._depth >= _DEEPEST:
            self.puzzled = True
            return UNKNOWN
        given = dict(zip(function.names, [*values, *[None] * len(function.names)], strict=False))
        inside = Scope({**given, "arguments": list(values), "this": this or function.this}, function.scope)
        self._depth += 1
        try:
            self.run(function.body, inside)
        except Returned as returned:
            return returned.value
        finally:
            self._depth -= 1
        return None

    def _do(self, statement: Tree, scope: Scope) -> None:
        self._count()
        kind, *parts = statement
        if kind == "expr":
            self.value(cast("Tree", parts[0]), scope)
        elif kind == "var":
            for name, tree in cast("list[tuple[str, Tree]]", parts[0]):
                scope.names[name] = self.value(tree, scope)
        elif kind == "block":
            self.run(cast("list[Tree]", parts[0]), scope)
        elif kind == "if":
            self._branch(*cast("tuple[Tree, Tree, Tree]", tuple(parts)), scope)
        elif kind == "return":
            raise Returned(self.value(cast("Tree", parts[0]), scope))

    def _branch(self, condition: Tree, then: Tree, otherwise: Tree, scope: Scope) -> None:
        holds = self.value(condition, scope)
        if not isinstance(holds, Unknown):
            self._do(then if is_true(holds) else otherwise, scope)
            return
        for branch in (then, otherwise):
            try:
                self._do(branch, scope)
            except Returned:  # one of two ways the script may go: the other is gone as well
                continue

    def _count(self) -> None:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise OutOfStepsError

    def value(self, tree: Tree, scope: Scope) -> object:
        """What an expression gives."""
        self._count()
        kind, *parts = tree
        return _VALUES[str(kind)](self, parts, scope)

    # --- one method for each kind of expression

    def _plain(self, parts: Sequence[object], _scope: Scope) -> object:
        return parts[0]

    def _nothing(self, _parts: Sequence[object], _scope: Scope) -> object:
        return None

    def _unknown(self, _parts: Sequence[object], _scope: Scope) -> object:
        return UNKNOWN

    def _name(self, parts: Sequence[object], scope: Scope) -> object:
        name = str(parts[0])
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        holder = scope.holder(name)
        return holder.names[name] if holder else UNKNOWN

    def _template(self, parts: Sequence[object], scope: Scope) -> object:
        return joined([self.value(piece, scope) for piece in cast("list[Tree]", parts[0])])

    def _list(self, parts: Sequence[object], scope: Scope) -> object:
        return [self.value(each, scope) for each in cast("list[Tree]", parts[0])]

    def _record(self, parts: Sequence[object], scope: Scope) -> object:
        return {name: self.value(each, scope) for name, each in cast("list[tuple[str, Tree]]", parts[0])}

    def _function(self, parts: Sequence[object], scope: Scope) -> object:
        return Function(cast("list[str]", parts[0]), cast("list[Tree]", parts[1]), scope)

    def _both(self, parts: Sequence[object], scope: Scope) -> object:
        first, second = cast("tuple[Tree, Tree]", tuple(parts))
        self.value(first, scope)
        return self.value(second, scope)

    def _choice(self, parts: Sequence[object], scope: Scope) -> object:
        condition, then, otherwise = cast("tuple[Tree, Tree, Tree]", tuple(parts))
        holds = self.value(condition, scope)
        if isinstance(holds, Unknown):
            return UNKNOWN
        return self.value(then if is_true(holds) else otherwise, scope)

    def _unary(self, parts: Sequence[object], scope: Scope) -> object:
        value = self.value(cast("Tree", parts[1]), scope)
        if isinstance(value, Unknown):
            return UNKNOWN
        if parts[0] == "!":
            return not is_true(value)
        if parts[0] in {"-", "+"}:
            number = as_number(value)
            return UNKNOWN if number is None else -number if parts[0] == "-" else number
        return value if parts[0] in {"await", "..."} else UNKNOWN

    def _binary(self, parts: Sequence[object], scope: Scope) -> object:
        left = self.value(cast("Tree", parts[1]), scope)
        if parts[0] in {"||", "??", "&&"}:
            wants_more = is_true(left) if parts[0] == "&&" else not is_true(left)
            return self.value(cast("Tree", parts[2]), scope) if wants_more or isinstance(left, Unknown) else left
        return combined(str(parts[0]), left, self.value(cast("Tree", parts[2]), scope))

    def _set(self, parts: Sequence[object], scope: Scope) -> object:
        operator, target = str(parts[0]), cast("Tree", parts[1])
        value = self.value(cast("Tree", parts[2]), scope)
        if operator != "=":
            value = combined(operator[0], self.value(target, scope), value)
        self._assign(target, value, scope)
        return value

    def _step(self, parts: Sequence[object], scope: Scope) -> object:
        before = self.value(cast("Tree", parts[1]), scope)
        after = combined(str(parts[0])[0], as_number(before), 1.0)
        self._assign(cast("Tree", parts[1]), after, scope)
        return after

    def _step_after(self, parts: Sequence[object], scope: Scope) -> object:
        before = self.value(cast("Tree", parts[1]), scope)
        self._step(parts, scope)
        return before

    def _assign(self, target: Tree, value: object, scope: Scope) -> None:
        if target[0] == "name":
            holder = scope.holder(str(target[1])) or self.top
            holder.names[str(target[1])] = value
            if holder is self.top and isinstance(window := self.top.names.get("window"), Thing):
                window.put(str(target[1]), value)
        elif target[0] == "get":
            owner, name = self.value(cast("Tree", target[1]), scope), self.value(cast("Tree", target[2]), scope)
            if isinstance(owner, Thing):
                owner.put(as_text(name), value)
            elif isinstance(owner, dict):
                owner[as_text(name)] = value

    def _get(self, parts: Sequence[object], scope: Scope) -> object:
        owner, name = self.value(cast("Tree", parts[0]), scope), self.value(cast("Tree", parts[1]), scope)
        return member(owner, name)

    def _call(self, parts: Sequence[object], scope: Scope) -> object:
        callee, arguments = cast("Tree", parts[0]), cast("list[Tree]", parts[1])
        owner = self.value(cast("Tree", callee[1]), scope) if callee[0] == "get" else None
        if callee[0] == "get":
            name = self.value(cast("Tree", callee[2]), scope)
            function = member(owner, name)
            if name in {"call", "apply"} and isinstance(owner, Function):
                function = owner
                arguments = arguments[1:]
        else:
            function = self.value(callee, scope)
        return self.call(function, [self.value(each, scope) for each in arguments], owner)

    def _new(self, parts: Sequence[object], scope: Scope) -> object:
        function = self.value(cast("Tree", parts[0]), scope)
        return self.call(function, [self.value(each, scope) for each in cast("list[Tree]", parts[1])])


_CONSTANTS: dict[str, object] = {"true": True, "false": False, "null": None, "undefined": None}

_VALUES: dict[str, Callable[[Runner, Sequence[object], Scope], object]] = {
    "number": Runner._plain,  # noqa: SLF001
    "text": Runner._plain,  # noqa: SLF001
    "none": Runner._nothing,  # noqa: SLF001
    "unknown": Runner._unknown,  # noqa: SLF001
    "name": Runner._name,  # noqa: SLF001
    "template": Runner._template,  # noqa: SLF001
    "list": Runner._list,  # noqa: SLF001
    "record": Runner._record,  # noqa: SLF001
    "function": Runner._function,  # noqa: SLF001
    "both": Runner._both,  # noqa: SLF001
    "if-else": Runner._choice,  # noqa: SLF001
    "unary": Runner._unary,  # noqa: SLF001
    "binary": Runner._binary,  # noqa: SLF001
    "set": Runner._set,  # noqa: SLF001
    "step": Runner._step,  # noqa: SLF001
    "step-after": Runner._step_after,  # noqa: SLF001
    "get": Runner._get,  # noqa: SLF001
    "call": Runner._call,  # noqa: SLF001
    "new": Runner._new,  # noqa: SLF001
}


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
        return UNKNOWN
    return "".join(map(as_text, values))[:_LONGEST_TEXT]


def combined(operator: str, left: object, right: object) -> object:
    """What an operator makes of two values."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return UNKNOWN
    if operator == "+" and (isinstance(left, str | Thing) or isinstance(right, str | Thing)):
        return joined([left, right])
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
    if key in _TEXT_METHODS:
        return Method(lambda values: _TEXT_METHODS[key](owner, list(map(as_text, values))))
    return UNKNOWN


_TEXT_METHODS: dict[str, Callable[[str, list[str]], object]] = {
    "concat": lambda text, given: text + "".join(given),
    "replace": lambda text, given: text.replace(given[0], given[1], 1) if len(given) > 1 and given[0] else UNKNOWN,
    "split": lambda text, given: list(text.split(given[0])) if given and given[0] else UNKNOWN,
    "toLowerCase": lambda text, _given: text.lower(),
    "indexOf": lambda text, given: float(text.find(given[0])) if given else UNKNOWN,
    "includes": lambda text, given: given[0] in text if given else UNKNOWN,
}


def as_json(value: object) -> object:
    """A value as JSON text; unknown where a part of it is."""
    try:
        return json.dumps(_as_told(value), ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return UNKNOWN


def _as_told(value: object) -> object:
    if isinstance(value, dict):
        return {key: _as_told(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_told(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def encoded(value: object) -> object:
    """`encodeURIComponent`."""
    return UNKNOWN if isinstance(value, Unknown) else quote(as_text(value), safe="!~*'()")
