"""A post's title, section and texts become a category, with reasons.

Two judges are heard. The vocabulary (vocabulary.yaml) says which phrases speak for which category, how strongly and
where: rules a clerk can read. The runs of words (ngrams.json) say of a title what labelled titles have taught. Neither
knows enough alone: measured on titles neither had seen, both together err least (docs/judge.md).

Scores are in logits. A category's cues add up with halving weight, strongest first, so that two cues seeing the same
words do not count twice; runs of words add up plainly, as they were fitted. The confidence is the winner's share
(softmax) among the five and "none".
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from auditor import ngrams, vocabulary
from auditor.categories import Category
from auditor.letters import LETTERS
from auditor.vocabulary import LABELS, Vocabulary, Words

_TITLE_LETTERS: Final = 500
_BODY_LETTERS: Final = 800  # further down stand signatures, and teasers of other posts
_HALF_YEAR: Final = 183  # days; a day without a year this far from the publication is some other occasion
_TITLE_COUNTS: Final = 0.55  # what the vocabulary's weights on a title count for: the runs of words speak of it too
RUNS_COUNT: Final = 0.5
"""What the runs of words count for, beside the vocabulary."""
_AROUND_COUNTS: Final = 1.0  # section, texts and days: of them the vocabulary alone speaks
_CITED_RUN: Final = 0.25  # logits; a run that says less for the winner against the runner-up is not worth citing
_MOST_RUNS: Final = 6
_NOTHING_FOUND: Final = "title: (không có từ ngữ thuộc năm mục tin)"

Label = Category | None


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
    """A cue found: "place: printed text" for each time; `label` None speaks for "in none of the five".

    `around`: whether it was found beside the title's words: in the section, a text, or a day held against another.
    """

    label: Label
    weight: float
    reasons: tuple[str, ...]
    around: bool = False


class Judge:
    """A vocabulary and learnt weights, ready to decide.

    Attributes:
        version: what decisions are made by: a change of either file, or of how they are weighed, is a change of this.
    """

    def __init__(self, known: Vocabulary, model: ngrams.Model) -> None:
        self._known = known
        self._model = model
        self.version = _version(known.version, model.version)

    def classify(
        self,
        title: str,
        section: str | None = None,
        body: str | None = None,
        published: date | None = None,
        document: str | None = None,
    ) -> Decision:
        """Decides from the title first, then the section's name, then the body and the attached document's text.

        `section` may be a path ("Tiếp công dân > Lịch tiếp công dân"): its last part speaks. `published` against a
        date named in the title tells a session announced from a session held.
        """
        return _decide(*self._heard(title, section, body, published, document))

    def scores(
        self,
        title: str,
        section: str | None = None,
        body: str | None = None,
        published: date | None = None,
        document: str | None = None,
    ) -> tuple[float, ...]:
        """What speaks for each of `LABELS`, in their order, in logits."""
        found, none_weight, runs, _ = self._heard(title, section, body, published, document)
        return tuple(_scores(_cues(found, none_weight), runs).values())

    def _heard(
        self, title: str, section: str | None, body: str | None, published: date | None, document: str | None
    ) -> tuple[list[_Evidence], float, _Runs, Words]:
        known = self._known
        printed = known.words(title[:_TITLE_LETTERS])
        found = list(_found(known, "title", printed))
        found += _session_day(known, printed, found, published)
        found += _found(known, "section", known.words(_last_part(section)))
        found += _found(known, "body", known.words((body or "")[:_BODY_LETTERS]))
        found += _found(known, "document", known.words((document or "")[:_BODY_LETTERS]))
        silent = known.says_nothing(printed)
        runs = [] if silent else self._model.found(printed.bare)
        return found, known.silent_none_weight if silent else known.none_weight, runs, printed


@cache
def judge(weights: Path = ngrams.FILE) -> Judge:
    """The judge of this installation; `weights` may be others, learnt from its own corrections.

    Raises:
        InputError: the vocabulary or the weights cannot be read.
    """
    return Judge(vocabulary.load(), ngrams.load(weights))


def version(weights: Path = ngrams.FILE) -> str:
    """`Judge.version`, without reading what the files say."""
    return _version(*(vocabulary.digest(path.read_bytes()) for path in (vocabulary.FILE, weights)))


def _version(words: str, weights: str) -> str:
    """From the digests of both files; what they count for belongs to the rules."""
    weighed = f"{words} {_TITLE_COUNTS} {RUNS_COUNT} {_AROUND_COUNTS} {_TITLE_LETTERS} {_BODY_LETTERS} {_HALF_YEAR}"
    return vocabulary.digest(weighed.encode())[:6] + weights[:6]


VERSION: Final = version()
"""Which vocabulary and weights decisions are made by."""


def classify(
    title: str,
    section: str | None = None,
    body: str | None = None,
    published: date | None = None,
    document: str | None = None,
) -> Decision:
    """`Judge.classify` by the vocabulary and the weights that come with the program."""
    return judge().classify(title, section, body, published, document)


def _last_part(section: str | None) -> str:
    return (section or "").rpartition(">")[2][:_TITLE_LETTERS]


def _found(known: Vocabulary, place: str, words: Words) -> Iterator[_Evidence]:
    for cue in known.cues["body" if place == "document" else place]:
        matches = cue.matches(words.text)
        if matches:
            reasons = tuple(f"{place}: {words.printed_between(*match.span())}" for match in matches)
            yield _Evidence(cue.label, cue.weight, reasons, around=place != "title")


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
        yield _Evidence(Category.SCHEDULE, known.session_ahead, reasons, around=True)
    else:
        yield _Evidence(Category.RECEPTION, known.session_past, reasons, around=True)


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


_Runs = Sequence[tuple[ngrams.Run, Sequence[int]]]
_ORDER: Final[Mapping[Label, int]] = {label: place for place, label in enumerate(LABELS.values())}


def _decide(found: Sequence[_Evidence], none_weight: float, runs: _Runs, title: Words) -> Decision:
    cues = _cues(found, none_weight)
    scores = _scores(cues, runs)
    winner, *others = sorted(scores, key=lambda label: -scores[label])
    share = 1 / sum(math.exp(score - scores[winner]) for score in scores.values())
    reasons = dict.fromkeys((*_cited(found, winner), *_cited_runs(runs, title, winner, others[0])))
    rivals = [label for label in others if label is not None and (cues[label] > 0 or _learnt(runs, label) > 0)]
    return Decision(winner, round(share, 3), tuple(reasons) or (_NOTHING_FOUND,), rivals[0] if rivals else None)


def _cues(found: Sequence[_Evidence], none_weight: float) -> dict[Label, float]:
    return {label: _cued(found, label, none_weight if label is None else 0.0) for label in _ORDER}


def _scores(cues: Mapping[Label, float], runs: _Runs) -> dict[Label, float]:
    return {label: cues[label] + RUNS_COUNT * _learnt(runs, label) for label in _ORDER}


def _cued(found: Sequence[_Evidence], label: Label, prior: float) -> float:
    """What the vocabulary says for a category; what stands around a title counts more: nothing else speaks of it."""
    title = prior + _total(cue.weight for cue in found if cue.label is label and not cue.around)
    whole = prior + _total(cue.weight for cue in found if cue.label is label)
    return _TITLE_COUNTS * title + _AROUND_COUNTS * (whole - title)


def _total(weights: Iterator[float]) -> float:
    return sum(weight / 2.0**rank for rank, weight in enumerate(sorted(weights, reverse=True)))


def _learnt(runs: _Runs, label: Label) -> float:
    place = _ORDER[label]
    return sum(weights[place] for _, weights in runs) / ngrams.UNIT


def _cited(found: Iterable[_Evidence], winner: Label) -> Iterator[str]:
    for evidence in sorted((cue for cue in found if cue.label is winner), key=lambda cue: -cue.weight):
        yield from evidence.reasons


def _cited_runs(runs: _Runs, title: Words, winner: Label, second: Label) -> Iterator[str]:
    """The runs that spoke most for the winner against the second, as printed, none within another."""
    first, other = _ORDER[winner], _ORDER[second]
    speaking = sorted(runs, key=lambda run: run[1][other] - run[1][first])[:_MOST_RUNS]
    told: list[ngrams.Run] = []
    for run, weights in speaking:
        says = RUNS_COUNT * (weights[first] - weights[other]) / ngrams.UNIT
        if says >= _CITED_RUN and not any(run.first >= seen.first and run.last <= seen.last for seen in told):
            told.append(run)
            start, end = title.spans[run.first][0], title.spans[run.last][1]
            yield f"title: {title.printed[start:end]}"
