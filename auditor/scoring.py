"""How well a judge decides, against decisions of people: pure arithmetic on pairs of labels.

A label is a category or None ("in none of the five"). F1 is the harmonic mean of precision and recall; macro-F1 the
plain mean over the labels that occur, among the decisions of people or of the judge; nothing is weighted by frequency.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from auditor.categories import Category

Label = Category | None

LABELS: Final[tuple[Label, ...]] = (*Category, None)
_BINS: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True)
class Verdict:
    """One case: what people say it is, what the judge says, how sure it is (0 to 1), the title."""

    truth: Label
    said: Label
    confidence: float
    title: str = ""


@dataclass(frozen=True)
class LabelScore:
    """One label: how many cases are of it; None where nothing is to be divided by.

    Attributes:
        precision: of those the judge gave this label, the share that has it. recall: of those that have it, the share
            the judge found.
    """

    support: int
    precision: float | None
    recall: float | None
    f1: float


@dataclass(frozen=True)
class Bin:
    """The cases of a range of confidences: how many, how sure the judge was on average, how often it was right."""

    low: float
    high: float
    cases: int
    confidence: float
    right: float


@dataclass(frozen=True)
class Score:
    """The whole comparison; `confusion` counts (truth, said)."""

    cases: int
    accuracy: float
    macro_f1: float
    labels: Mapping[Label, LabelScore]
    confusion: Mapping[tuple[Label, Label], int]
    calibration: tuple[Bin, ...]
    wrong: tuple[Verdict, ...]


def score(verdicts: Sequence[Verdict]) -> Score:
    """Compares; at least one case is needed.

    Raises:
        ValueError: there is no case.
    """
    if not verdicts:
        raise ValueError("no cases to score")
    confusion = Counter((verdict.truth, verdict.said) for verdict in verdicts)
    labels = {label: _of_label(label, confusion) for label in LABELS if any(label in pair for pair in confusion)}
    wrong = tuple(verdict for verdict in verdicts if verdict.truth is not verdict.said)
    return Score(
        cases=len(verdicts),
        accuracy=1 - len(wrong) / len(verdicts),
        macro_f1=sum(one.f1 for one in labels.values()) / len(labels),
        labels=labels,
        confusion=confusion,
        calibration=_calibration(verdicts),
        wrong=wrong,
    )


def _of_label(label: Label, confusion: Mapping[tuple[Label, Label], int]) -> LabelScore:
    hit = confusion.get((label, label), 0)
    support = sum(count for (truth, _), count in confusion.items() if truth is label)
    given = sum(count for (_, said), count in confusion.items() if said is label)
    return LabelScore(
        support=support,
        precision=hit / given if given else None,
        recall=hit / support if support else None,
        f1=2 * hit / (support + given),
    )


def _calibration(verdicts: Sequence[Verdict]) -> tuple[Bin, ...]:
    found = []
    for low, high in pairwise(_BINS):
        inside = [one for one in verdicts if low <= one.confidence < high or (one.confidence == high == _BINS[-1])]
        if inside:
            sure = sum(one.confidence for one in inside) / len(inside)
            right = sum(one.truth is one.said for one in inside) / len(inside)
            found.append(Bin(low, high, len(inside), sure, right))
    return tuple(found)
