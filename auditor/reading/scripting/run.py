"""Runs the part of JavaScript in which pagers are written, to see what a click would ask for. Nothing is ever sent.

Whatever is not known (an answer of the server, the width of the window) is `UNKNOWN`, and so is all that follows from
it; where a condition is unknown both of its branches are run, for a counter is counted up in one of them. The number
of steps is bounded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import cast

from auditor.reading.scripting.expressions import Tree
from auditor.reading.scripting.values import (
    UNKNOWN,
    Function,
    Scope,
    Thing,
    Unknown,
    as_number,
    as_text,
    combined,
    is_true,
    joined,
    member,
)

MOST_STEPS = 40_000
"""Of one script, or of one click."""
MOST_STEPS_IN_ALL = 1_000_000
"""Of all that is run, or tried, on one page."""
_DEEPEST = 40
_LONGEST_NAME = 200


class OutOfStepsError(Exception):
    """The script runs for too long."""


class Returned(Exception):  # noqa: N818 - not an error: how a function gives its value back
    """A function's value on its way out."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


class Watcher:
    """What a runner tells of while it runs; this one knows nothing."""

    def unknown(self, path: str) -> object:
        """What a name or a property stands for that is not known."""
        return Unknown(path[-200:])

    def called(self, function: Unknown, values: Sequence[object]) -> object:  # noqa: ARG002
        """What calling an unknown function gives."""
        return UNKNOWN

    def made(self, value: Function | dict[str, object]) -> None:
        """A function or a record was made."""


class Runner:
    """Runs statements in a scope; `top` holds what the browser provides.

    Attributes:
        puzzled: whether a function was called that is not known, or the steps did not suffice.
        left: how many steps may still be made in all.
        watcher: is told of what is unknown, and may know better.
    """

    def __init__(self, top: dict[str, object], most: int = MOST_STEPS) -> None:
        self.top = Scope(top)
        self._most = most
        self.puzzled = False
        self.watcher = Watcher()
        self._steps = 0
        self._depth = 0
        self.left: float = math.inf

    def limit(self, steps: float) -> None:
        """Bounds the steps of all that is run from now on."""
        self.left = steps

    def refill(self) -> None:
        """Allows the full number of steps again, as far as any are left in all."""
        self._steps = 0

    def spend(self, steps: int) -> None:
        """Counts work that is not done step by step: looking through the page's elements."""
        self.left -= steps
        if self.left < 0:
            self.puzzled = True
            raise OutOfStepsError

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
            return self.watcher.called(function, values) if isinstance(function, Unknown) else UNKNOWN
        function.called = True
        given = dict(zip(function.names, [*values, *[None] * len(function.names)], strict=False))
        inside = Scope({**given, "arguments": list(values)}, function.scope)
        if (owner := this or function.this) is not None:
            inside.names["this"] = owner
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
        self.spend(1)
        if self._steps > self._most:
            self.puzzled = True
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
        return holder.names[name] if holder else self.watcher.unknown(name)

    def _template(self, parts: Sequence[object], scope: Scope) -> object:
        return joined([self.value(piece, scope) for piece in cast("list[Tree]", parts[0])])

    def _list(self, parts: Sequence[object], scope: Scope) -> object:
        return [self.value(each, scope) for each in cast("list[Tree]", parts[0])]

    def _record(self, parts: Sequence[object], scope: Scope) -> object:
        record = {name: self.value(each, scope) for name, each in cast("list[tuple[str, Tree]]", parts[0])}
        self.watcher.made(record)
        return record

    def _function(self, parts: Sequence[object], scope: Scope) -> object:
        function = Function(cast("list[str]", parts[0]), cast("list[Tree]", parts[1]), scope)
        self.watcher.made(function)
        return function

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

    def _if_none(self, parts: Sequence[object], scope: Scope) -> object:
        value = self.value(cast("Tree", parts[0]), scope)
        missing = value is None or isinstance(value, Unknown)
        return self.value(cast("Tree", parts[1]), scope) if missing else value

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
        return self.member(owner, name)

    def member(self, owner: object, name: object) -> object:
        """A property of a value, as far as it is known."""
        value = member(owner, name)
        if not isinstance(owner, Unknown) and not isinstance(value, Unknown):
            return value
        return self.watcher.unknown(f"{owner.name if isinstance(owner, Unknown) else ''}.{as_text(name)}")

    def _call(self, parts: Sequence[object], scope: Scope) -> object:
        callee, arguments = cast("Tree", parts[0]), cast("list[Tree]", parts[1])
        owner = self.value(cast("Tree", callee[1]), scope) if callee[0] == "get" else None
        if callee[0] == "get":
            name = self.value(cast("Tree", callee[2]), scope)
            function = self.member(owner, name)
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
    "if-none": Runner._if_none,  # noqa: SLF001
    "unary": Runner._unary,  # noqa: SLF001
    "binary": Runner._binary,  # noqa: SLF001
    "set": Runner._set,  # noqa: SLF001
    "step": Runner._step,  # noqa: SLF001
    "step-after": Runner._step_after,  # noqa: SLF001
    "get": Runner._get,  # noqa: SLF001
    "call": Runner._call,  # noqa: SLF001
    "new": Runner._new,  # noqa: SLF001
}
