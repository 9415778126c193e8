"""Learns what runs of words say, from labelled titles: multinomial logistic regression, fitted one title at a time.

The same examples in the same order give the same weights. Some thousands of titles take well under a minute; nothing
beyond the standard library is needed, so that an office can train on its own corrections.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, sqrt
from typing import Final

from auditor import ngrams, vocabulary
from auditor.vocabulary import LABELS

_INPUT: Final = 0.45  # what a run that is present counts for: keeps one title from moving a weight far
_RATE: Final = 0.6
_RIDGE: Final = 0.5  # pulls weights towards nothing; as in scikit-learn's C = 2
_ROUNDS: Final = 14
_NEGLIGIBLE: Final = 0.004  # an error too small to learn from
_REMEMBERED: Final = 20_000  # titles
_NAMES: Final = tuple(LABELS)
_NOTHING: Final = (0.0,) * len(_NAMES)
_KEPT: Final = 4  # hundredths: runs that say less are not kept


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
    titles = [names_of(example.title) for example in known]
    counts = Counter(name for names in titles for name in names)
    fit = Fit(sorted(name for name, count in counts.items() if count > 1), _KEPT)
    for names, example in zip(titles, known, strict=True):
        fit.add(names, example.label, example.weight)
    return ngrams.Model("", fit.after(rounds))


@lru_cache(_REMEMBERED)
def names_of(title: str) -> list[str]:
    """The names of a title's runs; remembered, because a measurement fits the same titles many times."""
    return sorted({run.name for run in ngrams.runs(vocabulary.load().words(title).bare)})


class Fit:
    """One fit under way: AdaGrad, each weight with its own rate.

    Args:
        names: the runs that weights are fitted for.
        kept: hundredths; runs that say less are left out of the result.
        counts_for: what the weights count for beside what else is known of a title (`add`).
    """

    def __init__(self, names: Sequence[str], kept: int, counts_for: float = 1.0) -> None:
        self._names = names
        self._kept = kept
        self._scale = _INPUT * counts_for
        self._place = {name: number for number, name in enumerate(names)}
        self._rows: list[tuple[Sequence[int], int, float, Sequence[float]]] = []
        self._seen = Counter[str]()
        self._weights = [[0.0] * len(_NAMES) for _ in names]
        self._paces = [[1.0] * len(_NAMES) for _ in names]
        self._decay: list[float] = []

    def add(self, names: Sequence[str], label: str, weight: float, known: Sequence[float] = _NOTHING) -> None:
        """A title's runs and its label; `known`: what else speaks for each label, in logits."""
        self._seen.update(names)
        self._rows.append(
            ([self._place[name] for name in names if name in self._place], _NAMES.index(label), weight, known)
        )

    def after(self, rounds: int) -> Mapping[str, Sequence[int]]:
        """The weights, after so many rounds over the titles."""
        self._decay = [_RIDGE / max(1, self._seen[name]) for name in self._names]
        order = list(range(len(self._rows)))
        shuffle = random.Random(1).shuffle  # noqa: S311  # no secret: a repeatable order
        for _ in range(rounds):
            shuffle(order)
            for number in order:
                self._learn(*self._rows[number])
        rounded = {name: _hundredths(row) for name, row in zip(self._names, self._weights, strict=True)}
        return {name: row for name, row in rounded.items() if any(abs(value) >= self._kept for value in row)}

    def _learn(self, places: Sequence[int], right: int, weight: float, known: Sequence[float]) -> None:
        shares = self._shares(places, known)
        shares[right] -= 1
        slopes = [
            (label, error * weight * self._scale) for label, error in enumerate(shares) if abs(error) >= _NEGLIGIBLE
        ]
        for place in places if slopes else ():
            row, paces, decay = self._weights[place], self._paces[place], self._decay[place]
            for label, slope in slopes:
                step = slope + decay * row[label]
                paces[label] = pace = paces[label] + step * step
                row[label] -= _RATE * step / sqrt(pace)

    def _shares(self, places: Sequence[int], known: Sequence[float]) -> list[float]:
        rows = [self._weights[place] for place in places]
        sums = [sum(column) for column in zip(*rows, strict=True)] or _NOTHING
        totals = [self._scale * said + other for said, other in zip(sums, known, strict=True)]
        highest = max(totals)
        powers = [exp(total - highest) for total in totals]
        whole = sum(powers)
        return [power / whole for power in powers]


def _hundredths(row: Sequence[float]) -> list[int]:
    """What a run says for each label, against what it says on average."""
    mean = sum(row) / len(row)
    return [round(ngrams.UNIT * _INPUT * (weight - mean)) for weight in row]
