"""The outer form of scripts: where brackets close, where strings and comments end. Linear in the script's length."""

from __future__ import annotations

import re

BRACKETS = {"(": ")", "[": "]", "{": "}"}
PLAIN = {"'": re.compile(r"[^'\\\n]*"), '"': re.compile(r'[^"\\\n]*'), "`": re.compile(r"[^`\\$]*")}
"""What a string may hold up to its next special sign, by the quote it begins with."""
_LONGEST_SKIP = 60_000
_SKIPPED = re.compile(r"[^'\"`(){}\[\]/]+|//[^\n]*|/\*.*?\*/|/", re.DOTALL)
_MARKS = re.compile(
    r"[(){}\[\]]|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|(?<![:\"'])//[^\n]*|/\*.*?\*/", re.DOTALL
)
_TICKED = re.compile(r"[^`\\]*")


def brackets_of(text: str) -> dict[int, int]:
    """Where each bracket opens, and the place behind the one that closes it; strings and comments are stepped over."""
    waiting: list[tuple[str, int]] = []
    pairs: dict[int, int] = {}
    for match in _MARKS.finditer(text):
        sign = match[0]
        if sign in BRACKETS:
            waiting.append((BRACKETS[sign], match.start()))
        elif sign in ")]}" and waiting and waiting[-1][0] == sign:
            pairs[waiting.pop()[1]] = match.end()
    return pairs


def skip_brackets(text: str, position: int) -> int:
    """The place behind the bracket that closes the one at a position; strings and comments are stepped over.

    Where none closes it within 60,000 characters, the place that was reached.
    """
    waiting: list[str] = []
    end = min(len(text), position + _LONGEST_SKIP)
    while position < end:
        sign = text[position]
        if sign in BRACKETS:
            waiting.append(BRACKETS[sign])
            position += 1
        elif sign in ")]}":
            if waiting and waiting[-1] == sign:
                waiting.pop()
            position += 1
            if not waiting:
                return position
        elif sign in PLAIN:
            position = _skip_string(text, position)
        else:
            match = _SKIPPED.match(text, position)
            position = match.end() if match else position + 1
    return end


def _skip_string(text: str, position: int) -> int:
    """The place behind the string that begins at a position; a line's end ends those that may not go on."""
    quote = text[position]
    pattern = PLAIN[quote] if quote != "`" else _TICKED
    position += 1
    end = min(len(text), position + _LONGEST_SKIP)
    while position < end:
        match = pattern.match(text, position)
        position = match.end() if match else position
        if text[position : position + 1] != "\\":
            return min(position + 1, len(text))
        position += 2
    return end
