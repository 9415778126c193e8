"""The words that speak for a category: read from vocabulary.yaml, turned into patterns, and how a text is made ready.

The file explains its own notation. Text and patterns are prepared alike here, so that a person who edits the file
writes ordinary Vietnamese and never thinks of folding, tone placement or punctuation.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from auditor import own_yaml
from auditor.categories import Category
from auditor.errors import InputError
from auditor.letters import LETTERS
from auditor.text import bare as fold
from auditor.text import clean

FILE: Final = Path(__file__).with_name("vocabulary.yaml")
PLACES: Final = ("title", "section", "body")
LABELS: Final[Mapping[str, Category | None]] = {**{str(category): category for category in Category}, "none": None}

_MARK: Final = "~"
_WEIGHTS: Final = ("none_weight", "silent_none_weight", "session_ahead", "session_past")
_KEYS: Final = frozenset((*PLACES, *_WEIGHTS, "names", "silent", "spellings", "look_alikes", "words"))


@dataclass(frozen=True)
class Words:
    """A text as patterns see it.

    Attributes:
        printed: the text as a person reads it, on one line.
        text: its words, folded or marked, each after one space.
        spans: for each word, where it stands in `printed`.
        bare: its words, folded and spelled rightly.
    """

    printed: str
    text: str
    spans: Sequence[tuple[int, int]]
    bare: Sequence[str] = ()

    def printed_between(self, start: int, end: int) -> str:
        """The printed text of what stands between `start` and `end` in `text`."""
        first = self.text.count(" ", 0, start)
        last = self.text.count(" ", 0, end) - 1
        return self.printed[self.spans[first][0] : self.spans[last][1]]


@dataclass(frozen=True)
class Cue:
    """One pattern of the vocabulary and what it says: `label` None speaks for "in none of the five"."""

    label: Category | None
    weight: float
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None

    def matches(self, text: str) -> list[re.Match[str]]:
        """Every place in `Words.text` where the cue speaks; none where it is absent or silenced."""
        if not self.pattern.search(text) or (self.unless and self.unless.search(text)):
            return []
        return list(self.pattern.finditer(text))


@dataclass(frozen=True)
class Vocabulary:
    """What vocabulary.yaml says, ready to be matched.

    Attributes:
        version: the first twelve hexadecimal digits of the file's SHA-256; another vocabulary, another version.
        cues: for each of `PLACES`, its cues.
        spellings: a folded word as written, to the folded word meant.
        distinct: words whose diacritics matter, in lower case.
        names: names whose words say nothing.
        silent: what a title that says nothing consists of.
        none_weight, silent_none_weight, session_ahead, session_past: in logits, as the file explains them.
    """

    version: str
    cues: Mapping[str, Sequence[Cue]]
    spellings: Mapping[str, str]
    distinct: frozenset[str]
    names: re.Pattern[str]
    silent: re.Pattern[str]
    none_weight: float
    silent_none_weight: float
    session_ahead: float
    session_past: float

    def words(self, text: str) -> Words:
        """Makes a text ready for the patterns; a text without any diacritics is taken to have lost them."""
        printed = clean(text)
        spans = [match.span() for match in _WORD.finditer(printed.translate(LETTERS))]
        distinct = frozenset[str]() if printed.isascii() else self.distinct
        words = [printed[start:end].lower() for start, end in spans]
        folded = [word.translate(LETTERS) for word in words]
        bare = [self.spellings.get(word, word) for word in folded]
        pairs = zip(words, bare, strict=True)
        text = "".join(f" {word}{_MARK}" if word in distinct else f" {plain}" for word, plain in pairs)
        return Words(printed, self.names.sub(_nameless, text), spans, bare)

    def says_nothing(self, title: Words) -> bool:
        """Whether a title leaves open what the post is ("Thông báo số 12/TB-UBND")."""
        return not title.bare or bool(self.silent.search(title.text))


_WORD: Final = re.compile(r"\d[\w/.,-]*\w|\d|[a-z]+(?:'[a-z]+)*\d*|[:?]")


def _nameless(match: re.Match[str]) -> str:
    """As many words as the name had, so that words keep their places."""
    return " _" * match[0].count(" ")


@cache
def load(path: Path = FILE) -> Vocabulary:
    """Reads a vocabulary, once.

    Raises:
        InputError: the file cannot be read, or something in it is no pattern, has no weight or names no category.
    """
    try:
        data = path.read_bytes()
        entries = own_yaml.read(data)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise InputError(f"{path} is not a readable vocabulary ({error}): restore it") from error
    return _Reader(path.name, entries).vocabulary(digest(data))


def digest(data: bytes) -> str:
    """What tells two vocabularies apart: twelve hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()[:12]


_EXPRESSION: Final = re.compile(r"\{([^{}\d,][^{}]*)\}")
_GAP: Final = re.compile(r"<(\d{1,2})>")
_START: Final = re.compile(r"(?<![\[\\])\^")
_WRITTEN: Final = re.compile(r"(?<!\\)[^\W\d_]+(?![^{}]*\})")
_CAPITAL_CLASS: Final = re.compile(r"\\[A-Z]")


class _Reader:
    """Turns the file's entries into patterns; every refusal names the file, the place and the text at fault."""

    def __init__(self, name: str, entries: object) -> None:
        self._name = name
        if not isinstance(entries, dict) or entries.keys() != _KEYS:
            raise self._refusal("the top", f"has to hold exactly {', '.join(sorted(_KEYS))}")
        self._entries: dict[str, Any] = entries
        self._distinct = frozenset(entries["look_alikes"]) | _written(entries)
        self._expressions: dict[str, str] = {}

    def vocabulary(self, version: str) -> Vocabulary:
        for name, pattern in self._entries["words"].items():
            self._expressions[fold(name)] = self._expanded(pattern, f"words, {name}")
        return Vocabulary(
            version=version,
            cues={place: self._cues(place) for place in PLACES},
            spellings=self._spellings(),
            distinct=self._distinct,
            names=self._compiled("|".join(map(str, self._entries["names"])), "names"),
            silent=self._compiled(self._entries["silent"], "silent"),
            **{name: self._weight(self._entries[name], name) for name in _WEIGHTS},
        )

    def _spellings(self) -> dict[str, str]:
        rows = self._entries["spellings"].items()
        return {fold(wrong): fold(right) for right, wrongs in rows for wrong in wrongs}

    def _cues(self, place: str) -> list[Cue]:
        categories = self._entries[place]
        for key in categories:
            if key not in LABELS:
                raise self._refusal(place, f"'{key}' is no category: use one of {', '.join(LABELS)}")
        return [self._cue(f"{place}, {key}", key, entry) for key, rows in categories.items() for entry in rows]

    def _cue(self, place: str, key: str, entry: Mapping[Any, Any]) -> Cue:
        weights = [name for name in entry if name != "unless"]
        if len(weights) != 1:
            raise self._refusal(place, f"{entry} has to be `weight: pattern`, with an optional `unless`")
        unless = entry.get("unless")
        return Cue(
            LABELS[key],
            self._weight(weights[0], place),
            self._compiled(entry[weights[0]], place),
            None if unless is None else self._compiled(unless, place),
        )

    def _weight(self, value: object, place: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise self._refusal(place, f"the weight '{value}' has to be a number above 0")
        return float(value)

    def _compiled(self, pattern: object, place: str) -> re.Pattern[str]:
        try:
            return re.compile(f" (?:{self._expanded(pattern, place)})(?![^ ])")
        except re.error as error:
            raise self._refusal(place, f"'{pattern}' is not a pattern ({error})") from error

    def _expanded(self, pattern: object, place: str) -> str:
        if not isinstance(pattern, str) or not pattern.strip() or _CAPITAL_CLASS.search(pattern):
            raise self._refusal(place, f"'{pattern}' has to be text, without capital escapes such as \\S")
        written = _WRITTEN.sub(lambda match: self._either(match[0]), clean(pattern).lower())
        folded = _EXPRESSION.sub(lambda match: self._expression(match[1], place), written)
        return _START.sub(r"(?<=\\A )", _GAP.sub(r"(?:[^ ]+ ){0,\1}?", folded))

    def _either(self, word: str) -> str:
        """A word as texts may hold it: with its diacritics, or folded."""
        return f"(?:{word}{_MARK}|{fold(word)})" if word in self._distinct else fold(word)

    def _expression(self, name: str, place: str) -> str:
        try:
            return f"(?:{self._expressions[fold(name)]})"
        except KeyError:
            raise self._refusal(place, f"'{{{name}}}' stands under `words` neither above nor at all") from None

    def _refusal(self, place: str, problem: str) -> InputError:
        return InputError(f"{self._name}: {place}: {problem}; correct the file")


def _written(entries: object) -> frozenset[str]:
    """Every word of every pattern, with its diacritics."""
    if isinstance(entries, str):
        return frozenset(word.lower() for word in _WRITTEN.findall(clean(entries)))
    if isinstance(entries, dict):
        entries = [entry for key, entry in entries.items() if key not in ("spellings", "look_alikes")]
    return frozenset().union(*map(_written, entries)) if isinstance(entries, list) else frozenset()
