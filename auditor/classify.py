"""A post's title, section and text become a category, with reasons.

The vocabulary (vocabulary.yaml, beside this file) says which words speak for which category and how strongly. Here
the words are found, weighed and reported as printed; nothing about Vietnamese phrasing lives in code.

Scores are in logits: a category's cues add up with halving weight, strongest first, so that two cues seeing the same
words twice do not count twice; the confidence is the winner's share (softmax) among the five and "none".
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, NoReturn

import yaml

from auditor.categories import Category
from auditor.errors import InputError
from auditor.text import clean, fold

VOCABULARY: Final = Path(__file__).with_name("vocabulary.yaml")

_BODY_LETTERS: Final = 1200
_TITLE_LETTERS: Final = 500
_NOTHING_FOUND: Final = "title: (không có từ ngữ thuộc năm mục tin)"
_HALF_YEAR: Final = 183

Label = Category | None
_LABELS: Final[Mapping[str, Label]] = {**{str(category): category for category in Category}, "none": None}


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


def classify(title: str, section: str | None = None, body: str | None = None, published: date | None = None) -> Decision:
    """Decides from the title first, then the section's name, then the body.

    `published` against a date named in the text tells a session announced from a session held.
    """
    vocabulary = load()
    words = {"title": _words(title[:_TITLE_LETTERS])}
    words["section"] = _words((section or "").rpartition(">")[2][:_TITLE_LETTERS])
    words["body"] = _words((body or "")[:_BODY_LETTERS])
    found = [cue for place, text in words.items() for cue in _found(vocabulary, place, text)]
    found += _session_day(vocabulary, words["title"], found, published)
    silent = vocabulary.silent.search(words["title"].text)
    return _decide(found, vocabulary.silent_none_weight if silent else vocabulary.none_weight)


# --- words --------------------------------------------------------------------------------------------------------


class _Letters(dict[int, str]):
    """Each letter's folded form, always one character, so that folded and printed text keep the same positions."""

    def __missing__(self, code: int) -> str:
        self[code] = (fold(chr(code)) or " ")[0]
        return self[code]


_LETTERS: Final = _Letters()
_MARK: Final = "~"
_WORD: Final = re.compile(r"\d[\w/.,-]*\w|\d|[a-z]+(?:'[a-z]+)*\d*|[:?]")


@dataclass(frozen=True)
class _Words:
    """A text as patterns see it: folded words, each after one space; `spans` are their places in `printed`."""

    printed: str
    text: str
    spans: Sequence[tuple[int, int]]

    def printed_between(self, start: int, end: int) -> str:
        """The printed text of the folded letters `start` to `end`."""
        first = self.text.count(" ", 0, start)
        last = self.text.count(" ", 0, end) - 1
        return self.printed[self.spans[first][0] : self.spans[last][1]]


def _words(text: str) -> _Words:
    printed = clean(text)
    spans = [match.span() for match in _WORD.finditer(printed.translate(_LETTERS))]
    spellings, distinct = load().spellings, frozenset() if printed.isascii() else load().distinct
    marked = (_marked(printed[start:end].lower(), spellings, distinct) for start, end in spans)
    return _Words(printed, "".join(" " + word for word in marked), spans)


def _marked(word: str, spellings: Mapping[str, str], distinct: frozenset[str]) -> str:
    """The folded word; with its diacritics and marked where these matter, so that none takes it for its look-alike."""
    if word in distinct:
        return word + _MARK
    folded = word.translate(_LETTERS)
    return spellings.get(folded, folded)


# --- evidence -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Cue:
    """One pattern of the vocabulary and what it says."""

    label: Label
    weight: float
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None


@dataclass(frozen=True)
class _Found:
    """A cue found in a text; `reason` is "place: printed text"."""

    label: Label
    weight: float
    place: str
    reason: str


def _found(vocabulary: Vocabulary, place: str, words: _Words) -> Iterator[_Found]:
    for cue in vocabulary.cues[place]:
        match = cue.pattern.search(words.text)
        if match and not (cue.unless and cue.unless.search(words.text)):
            yield _Found(cue.label, cue.weight, place, f"{place}: {words.printed_between(*match.span())}")


_DAY: Final = re.compile(
    r" (?:ngay )?(\d{1,2})(?:[/.-]| thang )(\d{1,2})(?:(?:[/.-]| nam )(\d{4}))?(?![^ ])(?! thang)",
)


def _session_day(
    vocabulary: Vocabulary, words: _Words, found: Sequence[_Found], published: date | None
) -> list[_Found]:
    """A session named with a day after its publication is announced; on that day or later it was held."""
    sessions = {Category.SCHEDULE, Category.RECEPTION}
    if published is None or not any(cue.label in sessions and cue.place == "title" for cue in found):
        return []
    match = _DAY.search(words.text)
    day = match and _day_near(published, int(match[1]), int(match[2]), match[3])
    if not match or not day:
        return []
    ahead = day > published
    label = Category.SCHEDULE if ahead else Category.RECEPTION
    weight = vocabulary.session_ahead if ahead else vocabulary.session_past
    return [_Found(label, weight, "title", f"title: {words.printed_between(*match.span())}")]


def _day_near(published: date, day: int, month: int, year: str | None) -> date | None:
    """The day named; without a year, the one nearest to the publication. None where no calendar has it."""
    years = [int(year)] if year else [published.year - 1, published.year, published.year + 1]
    days = [found for found in (_calendar_day(number, month, day) for number in years) if found]
    nearest = min(days, key=lambda found: abs((found - published).days), default=None)
    return nearest if nearest and abs((nearest - published).days) < _HALF_YEAR else None


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# --- decision -----------------------------------------------------------------------------------------------------


def _decide(found: Sequence[_Found], none_weight: float) -> Decision:
    scores = {label: _total([cue.weight for cue in found if cue.label is label]) for label in _LABELS.values()}
    scores[None] += none_weight
    ranked = sorted(scores, key=lambda label: -scores[label])
    winner = ranked[0]
    others = [label for label in ranked[1:] if label is not None and scores[label] > 0]
    confidence = 1 / sum(math.exp(score - scores[winner]) for score in scores.values())
    reasons = [cue.reason for cue in sorted(found, key=lambda cue: -cue.weight) if cue.label is winner]
    return Decision(
        winner, round(confidence, 3), tuple(dict.fromkeys(reasons)) or (_NOTHING_FOUND,), others[0] if others else None
    )


def _total(weights: Sequence[float]) -> float:
    return sum(weight / 2**rank for rank, weight in enumerate(sorted(weights, reverse=True)))


# --- vocabulary ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Vocabulary:
    """What vocabulary.yaml says, ready to be matched.

    Attributes:
        version: the first twelve hexadecimal digits of the file's SHA-256; another vocabulary, another version.
        cues: for each place (title, section, body), its cues.
        spellings: a folded word as written, to the folded word meant.
        distinct: words whose diacritics matter, in lower case.
        silent: what a title that says nothing consists of.
        none_weight, silent_none_weight, session_ahead, session_past: in logits, as the file explains them.
    """

    version: str
    cues: Mapping[str, Sequence[_Cue]]
    spellings: Mapping[str, str]
    distinct: frozenset[str]
    none_weight: float
    silent: re.Pattern[str]
    silent_none_weight: float
    session_ahead: float
    session_past: float


@cache
def load(path: Path = VOCABULARY) -> Vocabulary:
    """Reads a vocabulary, once.

    Raises:
        InputError: the file cannot be read, or a cue in it is no pattern, has no weight or names no category.
    """
    try:
        data = path.read_bytes()
        entries = yaml.safe_load(data)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise InputError(f"{path} is not a readable vocabulary: {error}") from error
    return _Reader(path.name).vocabulary(hashlib.sha256(data).hexdigest()[:12], entries)


def version() -> str:
    """The version of the vocabulary decisions are made by; see `Vocabulary.version`."""
    return load().version


_WEIGHTS: Final = ("none_weight", "silent_none_weight", "session_ahead", "session_past")
_EXPRESSION: Final = re.compile(r"\{([^{}\d,][^{}]*)\}")
_WRITTEN: Final = re.compile(r"(?<!\\)[^\W\d_]+(?![^{}]*\})")
_GAP: Final = re.compile(r"<(\d{1,2})>")
_START: Final = re.compile(r"(?<![\[\\])\^")


def _written(entries: Any) -> frozenset[str]:
    """Every word of every pattern, with its diacritics."""
    if isinstance(entries, str):
        return frozenset(word.lower() for word in _WRITTEN.findall(clean(entries)))
    if isinstance(entries, Mapping):
        entries = [entry for key, entry in entries.items() if key not in ("spellings", "look_alikes")]
    return frozenset().union(*map(_written, entries)) if isinstance(entries, list) else frozenset()


class _Reader:
    """Turns the file's entries into patterns; every refusal names the file, the place and the text at fault."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.words: dict[str, str] = {}
        self.distinct: frozenset[str] = frozenset()

    def vocabulary(self, version: str, entries: Any) -> Vocabulary:
        self.distinct = frozenset(entries["look_alikes"]) | _written(entries)
        for name, pattern in entries["words"].items():
            self.words[fold(name)] = self._expanded(pattern, name)
        return Vocabulary(
            version=version,
            cues={place: self._cues(place, entries[place]) for place in ("title", "section", "body")},
            spellings={fold(wrong): fold(right) for right, wrongs in entries["spellings"].items() for wrong in wrongs},
            distinct=self.distinct,
            silent=self._compiled(entries["silent"], "silent"),
            **{name: float(entries[name]) for name in _WEIGHTS},
        )

    def _cues(self, place: str, categories: Mapping[str, Sequence[Mapping[Any, Any]]]) -> list[_Cue]:
        return [self._cue(f"{place}.{key}", key, entry) for key, entries in categories.items() for entry in entries]

    def _cue(self, place: str, key: str, entry: Mapping[Any, Any]) -> _Cue:
        (weight, pattern), *rest = entry.items()
        unless = dict(rest).get("unless")
        return _Cue(_LABELS[key], float(weight), self._compiled(pattern, place), self._compiled(unless, place) if unless else None)

    def _compiled(self, pattern: str, place: str) -> re.Pattern[str]:
        return re.compile(f" (?:{self._expanded(pattern, place)})(?![^ ])")

    def _expanded(self, pattern: str, place: str) -> str:
        pattern = _WRITTEN.sub(lambda match: self._either(match[0]), clean(pattern).lower())
        folded = _EXPRESSION.sub(lambda match: "(?:" + self.words[fold(match[1])] + ")", pattern)
        return _START.sub(r"(?<=\\A )", _GAP.sub(r"(?:[^ ]+ ){0,\1}?", folded))

    def _either(self, word: str) -> str:
        """A word of a pattern as texts may hold it: folded, and marked if it is one of the distinct."""
        return f"(?:{word}{_MARK}|{fold(word)})" if word in self.distinct else fold(word)
