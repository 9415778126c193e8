"""What the shipped weights are trained on: titles composed from patterns, and titles that people have labelled.

labelled.jsonl holds a title per line with its category (null: none of the five) and `sure` (false: a careful second
person could decide otherwise). Names of private persons in it are made up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from auditor.learning.composing import compose
from auditor.learning.training import Example

FILE: Final = Path(__file__).with_name("labelled.jsonl")

_PER_PATTERN: Final = 12
_NONE: Final = 1.5  # most of what portals post is in none of the five
LABELLED: Final = 3.0
"""What a title counts for that people have labelled; a composed one counts for 1."""
UNSURE: Final = 0.9


def shipped() -> Iterator[Example]:
    """All examples, in a fixed order."""
    yield from composed()
    yield from labelled()


def by_people(*, sure: bool = True) -> list[Example]:
    """The titles that people have labelled, those alone that they were sure of, or all."""
    weights = (LABELLED,) if sure else (LABELLED, UNSURE)
    return [example for example in labelled() if example.weight in weights]


def composed() -> Iterator[Example]:
    """Titles made up from the patterns of compositions.yaml."""
    for made in compose(_PER_PATTERN):
        yield Example(made.title, made.label, _NONE if made.label == "none" else 1.0)


def labelled(path: Path = FILE) -> Iterator[Example]:
    """Titles that people have labelled; a title of the project's own corpus counts as a composed one."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        weight = 1.0 if "sure" not in row else LABELLED if row["sure"] else UNSURE
        yield Example(row["title"], row["category"] or "none", weight)
