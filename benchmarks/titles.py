"""Judging titles against merely splitting them into words, as a ratio within a round."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from statistics import median
from time import process_time

from auditor import vocabulary
from auditor.classify import classify
from auditor.learning import examples

ROUNDS = 5
TITLES = 10_000
LIMIT = 0.6
"""Milliseconds a title may take: 100,000 titles in a minute on one core."""


def main() -> int:
    """Runs the rounds; 1 where the median title takes longer than the limit."""
    known = [json.loads(line)["title"] for line in examples.FILE.read_text("utf-8").splitlines()]
    titles = [known[number % len(known)] for number in range(TITLES)]
    classify(titles[0])
    words = vocabulary.load().words
    taken = [(_seconds(classify, titles), _seconds(words, titles)) for _ in range(ROUNDS)]
    cost = median(1000 * judged / TITLES for judged, _ in taken)
    ratio = median(judged / folded for judged, folded in taken)
    print(f"{TITLES} titles, {ROUNDS} rounds: {cost:.2f} ms a title (limit {LIMIT}), {ratio:.0f} times the splitting")
    return 0 if cost <= LIMIT else 1


def _seconds(work: Callable[[str], object], titles: list[str]) -> float:
    began = process_time()
    for title in titles:
        work(title)
    return process_time() - began


if __name__ == "__main__":
    sys.exit(main())
