"""Learns from being overruled: weights that a judge has are moved until it decides as people did, and no further.

What people decide here often goes against the rules, which runs of words alone would never outweigh. So the whole
judgement of a post is kept in view while its title's runs are fitted: where the judge is right already, nothing moves;
labelled titles that come with the program hold the rest in place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditor import ngrams
from auditor.classify import RUNS_COUNT, Judge
from auditor.learning.training import Example, Fit, names_of
from auditor.vocabulary import LABELS

_ROUNDS = 40
_NONE = (0,) * len(LABELS)


@dataclass(frozen=True)
class Lesson:
    """A labelled title, and what else the judge was told of the post: `scores` are what spoke for each of `LABELS`."""

    example: Example
    scores: Sequence[float]


def overruled(
    base: ngrams.Model, judge: Judge, lessons: Sequence[Lesson], held: Sequence[Example], rounds: int = _ROUNDS
) -> ngrams.Model:
    """The weights, moved by the lessons.

    Args:
        base: the weights of `judge`.
        judge: who was overruled.
        lessons: what people decided, with this judge's scores.
        held: labelled titles to be judged as well as before.
        rounds: over all of them.
    """
    names = sorted({name for lesson in lessons for name in names_of(lesson.example.title)})
    fit = Fit(names, kept=1, counts_for=RUNS_COUNT)
    for lesson in lessons:
        example = lesson.example
        fit.add(names_of(example.title), example.label, example.weight, lesson.scores)
    for example in held:
        fit.add(names_of(example.title), example.label, example.weight, judge.scores(example.title))
    moves = fit.after(rounds)
    moved = {
        name: [old + move for old, move in zip(base.weights.get(name, _NONE), row, strict=True)]
        for name, row in moves.items()
    }
    return ngrams.Model("", {**base.weights, **moved})
