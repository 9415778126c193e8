"""Macro-F1 and recall per category over labelled titles, "none" being a label like the others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from auditor.categories import Category
from auditor.classify import classify
from auditor.vocabulary import LABELS

Pair = tuple[Category | None, Category | None]


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def judged(labelled: Iterable[Mapping[str, Any]]) -> list[Pair]:
    """For each row, the label it has and the one it gets."""
    return [(LABELS[row["category"] or "none"], decided(row)) for row in labelled]


def decided(row: Mapping[str, Any]) -> Category | None:
    published = date.fromisoformat(row["published"]) if row.get("published") else None
    return classify(row["title"], row.get("section"), row.get("body"), published).category


def recall(pairs: Sequence[Pair], label: Category | None) -> float:
    got = [given for true, given in pairs if true is label]
    return got.count(label) / len(got)


def f1(pairs: Sequence[Pair], label: Category | None) -> float:
    hits = pairs.count((label, label))
    return 2 * hits / (sum(true is label for true, _ in pairs) + sum(given is label for _, given in pairs))


def macro_f1(pairs: Sequence[Pair]) -> float:
    return sum(f1(pairs, label) for label in LABELS.values()) / len(LABELS)
