"""Values written in scripts: literals, and expressions that put known pieces together; nothing is ever executed.

What is known becomes a plain value (str, int, float, bool, None, list, dict); anything else is a `Hole`. Bounded in
depth and in steps; a script that is no script gives holes, never an exception.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from auditor.reading.js_text import PLAIN, skip_brackets

_SPACE = re.compile(r"(?:\s+|//[^\n]{0,5000}|/\*.{0,5000}?\*/)*", re.DOTALL)
_NAME = re.compile(r"[\w$]+")
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]{1,12}|\d{1,17}(?:\.\d{1,17})?(?:[eE][+-]?\d{1,2})?|\.\d{1,17}")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "", "\n": ""}
_HEX = re.compile(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}")
_PATTERN = re.compile(r"/(?![*/])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.){0,200}\]){1,500}/[a-z]{0,8}")
_WORDS = {"true": True, "false": False, "null": None, "undefined": None, "NaN": None}
_SILENT = frozenset({"await", "new", "typeof", "void", "return", "async", "yield"})
_COMPARED = ("===", "!==", "==", "!=", "<=", ">=", "<", ">")
_DEEPEST = 40
_MOST_STEPS = 3_000


@dataclass(frozen=True)
class Hole:
    """A value that the script alone does not tell; `name` is what stands in its place ("page", "item.id")."""

    name: str = ""


@dataclass(frozen=True)
class Name:
    """A name, not looked up yet: `cfg.api`, `$("#id").val`; brackets with a known text inside are part of it."""

    path: str


Value = object
Lookup = Callable[[str], Value]
"""From a path to its value, or a `Hole`."""
Call = Callable[[Value, str, list[Value]], Value]
"""From what is called (a `Name`, or a value and the method's name) and the arguments to the result, or a `Hole`."""


def _nothing(path: str) -> Value:
    return Hole(path)


def _no_call(_target: Value, name: str, _arguments: list[Value]) -> Value:
    return Hole(name)


class Reader:
    """Reads expressions of one script.

    Args:
        text: the script. lookup: what names stand for. call: what known functions give.
        steps: the pieces of one expression that are looked at, at most; a literal full of data has many.
    """

    def __init__(self, text: str, lookup: Lookup = _nothing, call: Call = _no_call, steps: int = _MOST_STEPS) -> None:
        self._text = text
        self._most = steps
        self._lookup = lookup
        self._call = call
        self._at = 0
        self._steps = 0
        self._depth = 0

    def expression(self, position: int) -> tuple[Value, int]:
        """The value of the expression at a position, and where it ends."""
        self._at, self._steps, self._depth = position, 0, 0
        try:
            value = self._resolved(self._ternary())
        except (_Broken, RecursionError):
            value = Hole()
        return value, self._at

    def arguments(self, position: int) -> list[Value]:
        """The arguments of a call whose bracket opens right before a position; as many as can be read."""
        self._at, self._steps, self._depth = position, 0, 0
        found: list[Value] = []
        with suppress(_Broken, RecursionError):
            self._list_until(")", found)
        return found

    # Each method below reads what its name says from the current place on, and moves behind it.

    def _peek(self) -> str:
        self._steps += 1
        if self._steps > self._most:
            raise _Broken
        space = _SPACE.match(self._text, self._at)
        self._at = space.end() if space else self._at
        return self._text[self._at : self._at + 1]

    def _takes(self, sign: str) -> bool:
        self._peek()
        if self._text.startswith(sign, self._at):
            self._at += len(sign)
            return True
        return False

    def _ternary(self) -> Value:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _Broken
        value = self._either()
        if self._peek() == "?" and not self._text.startswith("?.", self._at):
            self._at += 1
            first = self._resolved(self._ternary())
            if not self._takes(":"):
                raise _Broken
            second = self._resolved(self._ternary())
            value = second if isinstance(first, Hole) else first
        self._depth -= 1
        return value

    def _either(self) -> Value:
        value = self._sum()
        while True:
            self._peek()
            sign = next((each for each in ("||", "??", "&&", *_COMPARED) if self._text.startswith(each, self._at)), "")
            if not sign:
                return value
            self._at += len(sign)
            value, other = self._resolved(value), self._resolved(self._sum())
            if sign in {"||", "??"}:
                value = other if isinstance(value, Hole) or value in (None, "") else value
            else:
                value = other if sign == "&&" else Hole("compared")

    def _sum(self) -> Value:
        value = self._product()
        while self._peek() in {"+", "-"} and self._text[self._at : self._at + 2] not in {"++", "--", "+=", "-="}:
            sign = self._text[self._at]
            self._at += 1
            value = _added(self._resolved(value), self._resolved(self._product()), sign)
        return value

    def _product(self) -> Value:
        value = self._unary()
        while self._peek() in {"*", "/", "%"}:
            sign = self._text[self._at]
            self._at += 1
            value = _multiplied(self._resolved(value), self._resolved(self._unary()), sign)
        return value

    def _unary(self) -> Value:
        sign = self._peek()
        if sign in {"!", "-", "+", "~"}:
            self._at += 1
            value = self._resolved(self._unary())
            if sign == "!":
                return Hole() if isinstance(value, Hole) else not value
            return -value if sign == "-" and isinstance(value, int | float) else value
        return self._postfix(self._primary())

    def _postfix(self, value: Value) -> Value:
        while True:
            sign = self._peek()
            if sign == "." or self._text.startswith("?.", self._at):
                self._at += 1 if sign == "." else 2
                if self._peek() in {"(", "["}:
                    continue
                value = self._member(value, self._word())
            elif sign == "[":
                self._at += 1
                key = self._resolved(self._ternary())
                if not self._takes("]"):
                    raise _Broken
                value = self._member(value, str(key)) if isinstance(key, str | int) else Hole()
            elif sign == "(":
                self._at += 1
                arguments: list[Value] = []
                self._list_until(")", arguments)
                value = self._called(value, arguments)
            elif self._text.startswith(("++", "--"), self._at):
                self._at += 2
            else:
                return value

    def _member(self, value: Value, key: str) -> Value:
        if isinstance(value, Name):
            return Name(f"{value.path}.{key}")
        if isinstance(value, dict) and key in value:
            return value[key]
        if isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            return value[int(key)]
        return _Method(value, key)

    def _called(self, value: Value, arguments: list[Value]) -> Value:
        if isinstance(value, Name):
            return self._call(value, value.path.rpartition(".")[2], arguments)
        if isinstance(value, _Method):
            return self._call(value.owner, value.name, arguments)
        return Hole()

    def _primary(self) -> Value:
        sign = self._peek()
        if sign in {"'", '"'}:
            return self._string(sign)
        enclosed = {"`": self._template, "[": self._list, "{": self._object, "(": self._bracketed}.get(sign)
        if enclosed is not None:
            return enclosed()
        if number := _NUMBER.match(self._text, self._at):
            self._at = number.end()
            return _number(number[0])
        if pattern := _PATTERN.match(self._text, self._at):
            self._at = pattern.end()
            return Hole("pattern")
        return self._named()

    def _list(self) -> Value:
        self._at += 1
        inner: list[Value] = []
        self._list_until("]", inner)
        return inner

    def _named(self) -> Value:
        name = self._word()
        if name in _SILENT:
            return self._unary()
        if name in {"function", "class"}:
            self._skip_function()
            return Hole("function")
        if self._peek() == "=" and self._text.startswith("=>", self._at):
            self._at += 2
            self._skip_body()
            return Hole("function")
        return _WORDS[name] if name in _WORDS else Name(name)

    def _bracketed(self) -> Value:
        """An expression in brackets, of several the last; or the parameters of an arrow function."""
        start = self._at
        end = skip_brackets(self._text, start)
        after = _SPACE.match(self._text, end)
        if self._text.startswith("=>", after.end() if after else end):
            self._at = (after.end() if after else end) + 2
            self._skip_body()
            return Hole("function")
        self._at = start + 1
        inner: list[Value] = []
        self._list_until(")", inner)
        return inner[-1] if inner else Hole()

    def _list_until(self, closing: str, found: list[Value]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _Broken
        while self._peek() != closing:
            if self._takes(","):
                continue
            if self._takes("..."):
                self._ternary()
                continue
            before = self._at
            found.append(self._resolved(self._ternary()))
            if self._peek() not in {",", closing} or self._at == before:
                raise _Broken
        self._at += 1
        self._depth -= 1

    def _object(self) -> Value:
        self._at += 1
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _Broken
        found: dict[str, Value] = {}
        while self._peek() != "}":
            if self._takes(","):
                continue
            if self._takes("..."):
                spread = self._resolved(self._ternary())
                found.update(spread if isinstance(spread, dict) else {})
                continue
            self._pair(found)
            if self._peek() not in {",", "}"}:
                raise _Broken
        self._at += 1
        self._depth -= 1
        return found

    def _pair(self, found: dict[str, Value]) -> None:
        key = self._key()
        if key in {"async", "get", "set"} and self._peek() not in {":", "(", ",", "}"}:
            key = self._key()
        if self._takes(":"):
            found[key] = self._resolved(self._ternary())
        elif self._peek() == "(":
            self._at = skip_brackets(self._text, self._at)
            self._skip_body()
        elif self._peek() in {",", "}"}:
            found[key] = self._resolved(Name(key))
        else:
            raise _Broken

    def _key(self) -> str:
        sign = self._peek()
        if sign in {"'", '"'}:
            return self._string(sign)
        if sign == "[":
            self._at += 1
            key = self._resolved(self._ternary())
            if not self._takes("]"):
                raise _Broken
            return str(key) if isinstance(key, str | int) else ""
        return self._word()

    def _word(self) -> str:
        self._peek()
        match = _NAME.match(self._text, self._at)
        if match is None:
            raise _Broken
        self._at = match.end()
        return match[0][:200]

    def _string(self, quote: str) -> str:
        self._at += 1
        pieces: list[str] = []
        while True:
            self._steps += 1
            plain = PLAIN[quote].match(self._text, self._at)
            if plain is None or self._steps > self._most:
                raise _Broken
            pieces.append(plain[0])
            self._at = plain.end()
            sign = self._text[self._at : self._at + 1]
            if sign == "\\":
                pieces.append(self._escape())
            elif sign == quote:
                self._at += 1
                return "".join(pieces)
            else:
                raise _Broken

    def _escape(self) -> str:
        self._at += 1
        if match := _HEX.match(self._text, self._at):
            self._at = match.end()
            code = int(match[1] or match[2] or match[3], 16)
            return chr(code) if code <= 0x10FFFF else ""  # noqa: PLR2004  (the last of Unicode)
        sign = self._text[self._at : self._at + 1]
        self._at += 1
        return _ESCAPED.get(sign, sign)

    def _template(self) -> Value:
        self._at += 1
        told: Value = ""
        while True:
            self._steps += 1
            plain = PLAIN["`"].match(self._text, self._at)
            if plain is None or self._steps > self._most:
                raise _Broken
            told = _added(told, plain[0], "+")
            self._at = plain.end()
            sign = self._text[self._at : self._at + 1]
            if sign == "`":
                self._at += 1
                return told
            if self._text.startswith("${", self._at):
                self._at += 2
                told = _added(told, self._resolved(self._ternary()), "+")
                if not self._takes("}"):
                    raise _Broken
            elif sign == "\\":
                told = _added(told, self._escape(), "+")
            elif sign == "$":
                self._at += 1
                told = _added(told, "$", "+")
            else:
                raise _Broken

    def _skip_function(self) -> None:
        opening = self._text.find("(", self._at, self._at + 200)
        if opening < 0:
            raise _Broken
        self._at = skip_brackets(self._text, opening)
        self._skip_body()

    def _skip_body(self) -> None:
        if self._peek() == "{":
            self._at = skip_brackets(self._text, self._at)
        else:
            self._ternary()

    def _resolved(self, value: Value) -> Value:
        if isinstance(value, Name):
            return self._lookup(value.path)
        if isinstance(value, _Method):
            return (
                len(value.owner) if value.name == "length" and isinstance(value.owner, str | list) else Hole(value.name)
            )
        return value


class _Broken(Exception):  # noqa: N818  (never leaves this module)
    """What stands here is no expression, or one too long."""


@dataclass(frozen=True)
class _Method:
    """A member of a value that is not one of its keys: perhaps a method."""

    owner: Value
    name: str


def _number(text: str) -> int | float:
    if text[:2].lower() == "0x":
        return int(text, 16)
    return int(text) if text.isdecimal() else float(text)


def text_of(value: Value) -> str | None:
    """A known plain value as a script joins it to a text; None for what has no such text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return None


def _added(one: Value, other: Value, sign: str) -> Value:
    numbers = (int, float)
    if isinstance(one, numbers) and isinstance(other, numbers):
        return one + other if sign == "+" else one - other
    if sign == "-":
        return Hole()
    first, second = text_of(one), text_of(other)
    if first is None or second is None:
        hole = next((each for each in (one, other) if isinstance(each, Hole)), Hole())
        return Hole(hole.name)
    return first + second


def _multiplied(one: Value, other: Value, sign: str) -> Value:
    if not isinstance(one, int | float) or not isinstance(other, int | float) or abs(one) > 1e9 or abs(other) > 1e9:  # noqa: PLR2004
        return Hole()
    if sign == "*":
        return one * other
    if not other:
        return Hole()
    return one / other if sign == "/" else one % other
