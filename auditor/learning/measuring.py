"""How well a judge does on titles it has not learnt from: cross-validation grouped by text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from auditor import vocabulary
from auditor.classify import Decision, Judge
from auditor.learning.training import Example, train
from auditor.ngrams import Model
from auditor.text import fold

FOLDS = 5
_FIGURES = re.compile(r"\d+")


@dataclass(frozen=True)
class Judged:
    """An example, and what a judge that has not seen its like decided."""

    example: Example
    decision: Decision

    @property
    def key(self) -> str:
        """The decision as a key of `LABELS`."""
        return self.decision.category or "none"

    @property
    def right(self) -> bool:
        """Whether the judge agrees with the label."""
        return self.key == self.example.label


def group_of(title: str) -> str:
    """What titles that differ in figures, capitals and diacritics alone have in common."""
    return " ".join(_FIGURES.sub("", fold(title)).split())


def fold_of(title: str, folds: int = FOLDS) -> int:
    """The part of the examples a title belongs to: its whole group does, whatever else there is."""
    return int(hashlib.sha256(group_of(title).encode()).hexdigest(), 16) % folds


def cross_validate(measured: Sequence[Example], others: Iterable[Example] = (), folds: int = FOLDS) -> Iterator[Judged]:
    """Judges each example with weights fitted without its group.

    Args:
        measured: the examples to judge; also learnt from, in the other folds.
        others: examples that are only learnt from, where their group is not the one judged.
        folds: in how many parts the examples are split.
    """
    for number, model in enumerate(strangers([*others, *measured], folds)):
        judge = Judge(vocabulary.load(), model)
        for example in measured:
            if fold_of(example.title, folds) == number:
                yield Judged(example, judge.classify(example.title))


def strangers(examples: Sequence[Example], folds: int = FOLDS) -> Iterator[Model]:
    """For each part of the examples, in order, weights fitted without it."""
    for number in range(folds):
        yield train(each for each in examples if fold_of(each.title, folds) != number)
