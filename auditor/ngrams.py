"""What short runs of words say about a category: weights learnt from labelled titles (auditor.learning), summed up.

The weights are data beside this file. A run is one word, two in a row, two with any word between them, or the first
two or three words of a title. Words are folded, so capitals and lost diacritics do not count; figures count by shape.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from auditor.errors import InputError
from auditor.vocabulary import LABELS

FILE: Final = Path(__file__).with_name("ngrams.json")
UNIT: Final = 100
"""Weights are whole hundredths of a logit, so that a file is the same bytes wherever it is written."""

_FIGURES: Final = re.compile(r"\d+")
_LONG: Final = 3  # digits: a year, a document's number, many cases


@dataclass(frozen=True)
class Run:
    """A run of words: its name in the weights, and the first and last word it stands for."""

    name: str
    first: int
    last: int


def runs(words: Sequence[str]) -> Iterator[Run]:
    """The runs of a title's words (`Words.bare`)."""
    shaped = ["^", *map(_shape, words), "$"]
    last = len(words) - 1
    for place in range(1, len(shaped) - 1):
        yield Run(shaped[place], place - 1, place - 1)
    for place in range(len(shaped) - 1):
        yield Run(f"{shaped[place]} {shaped[place + 1]}", max(0, place - 1), min(last, place))
    for place in range(len(shaped) - 2):
        yield Run(f"{shaped[place]} * {shaped[place + 2]}", max(0, place - 1), min(last, place + 1))
    for length in (2, 3):
        if len(words) >= length:
            yield Run("^ " + " ".join(shaped[1 : length + 1]), 0, length - 1)


def _shape(word: str) -> str:
    if not word[0].isdigit():
        return word
    if word.isdigit():
        return "0" if len(word) < _LONG else "000"
    return _FIGURES.sub("0", word)


@dataclass(frozen=True)
class Model:
    """Learnt weights.

    Attributes:
        version: the first twelve hexadecimal digits of the SHA-256 of the weights as written.
        weights: for each run, what it says for each of `LABELS` in their order, in hundredths of a logit.
    """

    version: str
    weights: Mapping[str, Sequence[int]]

    @classmethod
    def read(cls, data: bytes) -> Model:
        """The weights of a file as `written` makes it.

        Raises:
            ValueError: it is none.
        """
        weights = json.loads(data)
        if not isinstance(weights, dict) or not all(map(_is_row, weights.values())):
            raise ValueError(f"every run needs {len(LABELS)} whole numbers")
        return cls(hashlib.sha256(data).hexdigest()[:12], weights)

    def found(self, words: Sequence[str]) -> list[tuple[Run, Sequence[int]]]:
        """The runs that the weights know, each once, with what it says."""
        known: dict[str, tuple[Run, Sequence[int]]] = {}
        for run in runs(words):
            weights = self.weights.get(run.name)
            if weights and run.name not in known:
                known[run.name] = (run, weights)
        return list(known.values())


def written(weights: Mapping[str, Sequence[int]]) -> bytes:
    """The weights as a file: the same weights, the same bytes."""
    lines = [
        f"{json.dumps(name, ensure_ascii=False)}:{json.dumps(list(row), separators=(',', ':'))}"
        for name, row in sorted(weights.items())
    ]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


@cache
def load(path: Path = FILE) -> Model:
    """Reads weights, once.

    Raises:
        InputError: the file cannot be read or holds no weights.
    """
    try:
        return Model.read(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path} holds no readable weights ({error}): restore it or train them again") from error


def _is_row(row: object) -> bool:
    return isinstance(row, list) and len(row) == len(LABELS) and all(type(value) is int for value in row)
