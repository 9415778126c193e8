"""The values that stand in a script as literals: lists and records of texts, figures, and what a script puts in them.

Names and calls within stay unknown. How much is read of one script is bounded.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from functools import cached_property
from typing import cast

from auditor.reading.scripting.run import OutOfStepsError, Returned, Runner
from auditor.reading.scripting.syntax import parse_value
from auditor.reading.scripting.values import UNKNOWN, as_told, is_small

_MOST = 1_000_000
"""Characters of literals read in one script, but for those that are JSON."""
_MOST_TOKENS = 300_000
_MOST_STEPS = 400_000
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_MARKS = re.compile(
    r"[(){}\[\]]|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|(?<![:\"'])//[^\n]*|/\*.*?\*/", re.DOTALL
)


class Literals:
    """The literals of one script."""

    def __init__(self, script: str) -> None:
        self._script = script
        self._left = _MOST

    @cached_property
    def ends(self) -> dict[int, int]:
        """Where each bracket opens, and the place behind the one that closes it; strings and comments are passed."""
        waiting: list[tuple[str, int]] = []
        pairs: dict[int, int] = {}
        for match in _MARKS.finditer(self._script):
            sign = match[0]
            if sign in _CLOSING:
                waiting.append((_CLOSING[sign], match.start()))
            elif sign in ")]}" and waiting and waiting[-1][0] == sign:
                pairs[waiting.pop()[1]] = match.end()
        return pairs

    def value(self, start: int) -> object:
        """The value between a bracket and the one that closes it; unknown where it is none."""
        text = self._script[start : self.ends[start]]
        with suppress(ValueError, RecursionError):
            return cast("object", json.loads(text))
        if len(text) > self._left:
            return UNKNOWN
        self._left -= len(text)
        tree = parse_value(text, _MOST, _MOST_TOKENS)
        runner = Runner({}, _MOST_STEPS)
        with suppress(OutOfStepsError, Returned, RecursionError):
            value = runner.value(tree, runner.top) if tree else UNKNOWN
            return as_told(value) if is_small(value, _MOST_STEPS) else UNKNOWN
        return UNKNOWN
