"""The words of a script: names, figures, texts, marks; comments and white space are passed over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

LONGEST = 400_000
"""Characters of one script that are looked at."""
MOST_TOKENS = 100_000
"""Words of all scripts of a page that are looked at."""
_TOKEN = re.compile(
    r"(?P<space>[\s\ufeff]+)|(?P<number>0[xX][0-9a-fA-F]{1,12}|\d{1,15}(?:\.\d{1,15})?)|"
    r"(?P<string>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')|(?P<template>`(?:[^`\\]|\\.)*`)|(?P<name>[^\W\d][\w$]*|\$[\w$]*)|"
    r"(?P<mark>=>|\+\+|--|[+\-*/%]=|===|!==|==|!=|<=|>=|&&|\|\||\?\.|\?\?|\.\.\.|.)",
    re.DOTALL,
)
_REGEX = re.compile(r"/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.){0,500}\]){1,500}/[a-z]{0,8}")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0", "\n": ""}
_AFTER_VALUE = frozenset({"number", "string", "template", "name", "regex"})


class Token(NamedTuple):
    """A word of a script."""

    kind: str
    text: str
    after_line: bool = False


def tokens_of(script: str, longest: int = LONGEST, most: int = MOST_TOKENS) -> list[Token]:
    """The words of a script, without comments, at most so many."""
    text = script[:longest]
    found: list[Token] = []
    position, after_line = 0, False
    while position < len(text) and len(found) < most:
        if text.startswith(("//", "<!--"), position):
            end = text.find("\n", position)
            position = len(text) if end < 0 else end
            continue
        if text.startswith("/*", position):
            end = text.find("*/", position)
            position = len(text) if end < 0 else end + 2
            continue
        regex = _REGEX.match(text, position) if text[position] == "/" and not _after_value(found) else None
        match = regex or _TOKEN.match(text, position)
        if match is None:
            break
        kind = "regex" if regex else str(match.lastgroup)
        if kind == "space":
            after_line = after_line or "\n" in match[0]
        else:
            found.append(Token(kind, match[0], after_line))
            after_line = False
        position = match.end()
    return found


def _after_value(found: Sequence[Token]) -> bool:
    return bool(found) and (found[-1].kind in _AFTER_VALUE or found[-1].text in {")", "]", "}"})


def unquoted(text: str) -> str:
    """What a quoted text says."""

    def meant(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if len(code) > 1 else _ESCAPES.get(code, code)

    return _ESCAPE.sub(meant, text[1:-1])
