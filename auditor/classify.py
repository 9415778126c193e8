"""A post's title, section and text become a category, with reasons.

The vocabulary (vocabulary.yaml) says which words speak for which category, how strongly and where. Here the words are
found, weighed and reported as printed; nothing about Vietnamese phrasing lives in code.

Scores are in logits: a category's cues add up with halving weight, strongest first, so that two cues seeing the same
words do not count twice; the confidence is the winner's share (softmax) among the five and "none".
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from auditor import vocabulary
from auditor.categories import Category
from auditor.letters import LETTERS
from auditor.vocabulary import LABELS, Vocabulary, Words

VERSION: Final = vocabulary.digest(vocabulary.FILE.read_bytes())
"""Which vocabulary decisions are made by: a change of the data is a change of this."""

_TITLE_LETTERS: Final = 500
_BODY_LETTERS: Final = 800  # further down stand signatures, and teasers of other posts
_HALF_YEAR: Final = 183  # days; a day without a year this far from the publication is some other occasion
_TEMPERATURE: Final = (
    1.5  # softens the shares: titles written by others fit the vocabulary less well than those it grew on
)
_NOTHING_FOUND: Final = "title: (không có từ ngữ thuộc năm mục tin)"


@dataclass(frozen=True)
class Decision:
    """What a post is, how sure that is, and why.

    Attributes:
        category: None for what is in none of the five.
        confidence: 0 to 1.
        why: the cues, each as "place: the text it matched" ("title: lịch tiếp công dân"), strongest first.
        runner_up: the category that came second; None where nothing spoke for another.
    """

    category: Category | None
    confidence: float
    why: tuple[str, ...]
    runner_up: Category | None = None


@dataclass(frozen=True)
class _Evidence:
    """A cue found in a text: "place: printed text" for each time; `label` None speaks for "in none of the five"."""

    label: Category | None
    weight: float
    reasons: tuple[str, ...]


def classify(
    title: str, section: str | None = None, body: str | None = None, published: date | None = None
) -> Decision:
    """Decides from the title first, then the section's name, then the body.

    `section` may be a path ("Tiếp công dân > Lịch tiếp công dân"): its last part speaks. `published` against a date
    named in the title tells a session announced from a session held.
    """
    known = vocabulary.load()
    printed = known.words(title[:_TITLE_LETTERS])
    found = list(_found(known, "title", printed))
    found += _session_day(known, printed, found, published)
    found += _found(known, "section", known.words(_last_part(section)))
    found += _found(known, "body", known.words((body or "")[:_BODY_LETTERS]))
    silent = known.silent.search(printed.text)
    return _decide(found, known.silent_none_weight if silent else known.none_weight)


def _last_part(section: str | None) -> str:
    return (section or "").rpartition(">")[2][:_TITLE_LETTERS]


def _found(known: Vocabulary, place: str, words: Words) -> Iterator[_Evidence]:
    for cue in known.cues[place]:
        matches = cue.matches(words.text)
        if matches:
            reasons = tuple(f"{place}: {words.printed_between(*match.span())}" for match in matches)
            yield _Evidence(cue.label, cue.weight, reasons)


_DAY: Final = re.compile(r"(?:ngay )?\b(\d{1,2})(?:[/.-]| thang )(\d{1,2})(?:(?:[/.-]| nam )(\d{4}))?(?![\w/.-]*\d)")
_SESSION: Final = (Category.SCHEDULE, Category.RECEPTION)


def _session_day(
    known: Vocabulary, title: Words, found: Sequence[_Evidence], published: date | None
) -> Iterator[_Evidence]:
    """A session named with a day after its publication is announced; on that day or later it was held."""
    match = _DAY.search(title.printed.translate(LETTERS))
    if published is None or match is None or not any(evidence.label in _SESSION for evidence in found):
        return
    day = _nearest_day(published, int(match[1]), int(match[2]), match[3])
    if day is None:
        return
    reasons = (f"title: {title.printed[slice(*match.span())]}",)
    if day > published:
        yield _Evidence(Category.SCHEDULE, known.session_ahead, reasons)
    else:
        yield _Evidence(Category.RECEPTION, known.session_past, reasons)


def _nearest_day(published: date, day: int, month: int, year: str | None) -> date | None:
    """The day named; without a year, the one nearest to the publication. None where no calendar has it near."""
    years = [int(year)] if year else range(published.year - 1, published.year + 2)
    days = [found for found in (_calendar_day(number, month, day) for number in years) if found]
    nearest = min(days, key=lambda found: abs(found - published), default=None)
    return nearest if nearest and abs(nearest - published).days < _HALF_YEAR else None


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _decide(found: Sequence[_Evidence], none_weight: float) -> Decision:
    scores = {
        label: _total(evidence.weight for evidence in found if evidence.label is label) for label in LABELS.values()
    }
    scores[None] += none_weight
    winner, *others = sorted(scores, key=lambda label: -scores[label])
    rivals = [label for label in others if label is not None and scores[label] > 0]
    share = 1 / sum(math.exp((score - scores[winner]) / _TEMPERATURE) for score in scores.values())
    cited = sorted((evidence for evidence in found if evidence.label is winner), key=lambda evidence: -evidence.weight)
    reasons = dict.fromkeys(reason for evidence in cited for reason in evidence.reasons)
    return Decision(winner, round(share, 3), tuple(reasons) or (_NOTHING_FOUND,), rivals[0] if rivals else None)


def _total(weights: Iterator[float]) -> float:
    return sum(weight / 2.0**rank for rank, weight in enumerate(sorted(weights, reverse=True)))
