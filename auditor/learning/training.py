"""Learns what runs of words say, from labelled titles: multinomial logistic regression, fitted one title at a time.

The same examples in the same order give the same weights. Some thousands of titles take well under a minute; nothing
beyond the standard library is needed, so that an office can train on its own corrections.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from auditor import ngrams, vocabulary
from auditor.vocabulary import LABELS

_INPUT: Final = 0.45  # what a run that is present counts for: keeps one title from moving a weight far
_RATE: Final = 0.6
_RIDGE: Final = 0.5  # pulls weights towards nothing; as in scikit-learn's C = 2
_ROUNDS: Final = 14
_NEGLIGIBLE: Final = 0.004  # an error too small to learn from
_NAMES: Final = tuple(LABELS)


@dataclass(frozen=True)
class Example:
    """A labelled title.

    Attributes:
        title: as printed.
        label: a key of `LABELS`: a category, or "none".
        weight: how much it counts; a title a person labelled counts for several composed ones.
    """

    title: str
    label: str
    weight: float = 1.0


def train(examples: Iterable[Example], rounds: int = _ROUNDS) -> ngrams.Model:
    """Fits weights to the examples.

    Raises:
        ValueError: a label is none of `LABELS`.
    """
    known = list(examples)
    for example in known:
        if example.label not in _NAMES:
            raise ValueError(f"'{example.label}' is none of {', '.join(_NAMES)}")
    weights = _Fit(known).after(rounds)
    return ngrams.Model("", weights)


class _Fit:
    """One fit under way: AdaGrad, each weight with its own rate."""

    def __init__(self, examples: Sequence[Example]) -> None:
        words = vocabulary.load().words
        named = [sorted({run.name for run in ngrams.runs(words(example.title).bare)}) for example in examples]
        counts = Counter(name for names in named for name in names)
        self._names = sorted(name for name, count in counts.items() if count > 1)
        place = {name: number for number, name in enumerate(self._names)}
        self._rows = [
            ([place[name] for name in names if name in place], _NAMES.index(example.label), example.weight)
            for names, example in zip(named, examples, strict=True)
        ]
        self._decay = [_RIDGE / counts[name] for name in self._names]
        self._weights = [[0.0] * len(_NAMES) for _ in self._names]
        self._paces = [[1.0] * len(_NAMES) for _ in self._names]

    def after(self, rounds: int) -> Mapping[str, Sequence[int]]:
        order = list(range(len(self._rows)))
        shuffle = random.Random(1).shuffle  # noqa: S311  # no secret: a repeatable order
        for _ in range(rounds):
            shuffle(order)
            for number in order:
                self._learn(*self._rows[number])
        rounded = {name: _hundredths(row) for name, row in zip(self._names, self._weights, strict=True)}
        return {name: row for name, row in rounded.items() if any(abs(value) >= _KEPT for value in row)}

    def _learn(self, places: Sequence[int], right: int, weight: float) -> None:
        shares = self._shares(places)
        shares[right] -= 1
        for label, error in enumerate(shares):
            if abs(error) < _NEGLIGIBLE:
                continue
            slope = error * weight * _INPUT
            for place in places:
                row, paces = self._weights[place], self._paces[place]
                step = slope + self._decay[place] * row[label]
                paces[label] += step * step
                row[label] -= _RATE * step / math.sqrt(paces[label])

    def _shares(self, places: Sequence[int]) -> list[float]:
        rows = [self._weights[place] for place in places]
        totals = [_INPUT * sum(column) for column in zip(*rows, strict=True)] or [0.0] * len(_NAMES)
        highest = max(totals)
        powers = [math.exp(total - highest) for total in totals]
        whole = sum(powers)
        return [power / whole for power in powers]


_KEPT: Final = 4  # hundredths: runs that say less are not kept


def _hundredths(row: Sequence[float]) -> list[int]:
    """What a run says for each label, against what it says on average."""
    mean = sum(row) / len(row)
    return [round(ngrams.UNIT * _INPUT * (weight - mean)) for weight in row]
