"""Titles made from the patterns of compositions.yaml: the same seed makes the same titles, on every machine."""

from __future__ import annotations

import random
import re
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from auditor import own_yaml
from auditor.text import fold

FILE: Final = Path(__file__).with_name("compositions.yaml")

_SLOT: Final = re.compile(r"\{([^{}]+)\}")
_CHOICE: Final = re.compile(r"\[([^\[\]]*)\]")
_GAPS: Final = re.compile(r"\s+(?=[,:;?])|(?<=\s)\s+")
_WORN: Final = (0.07, 0.12, 0.15, 0.20, 0.23)  # up to which share of titles are spoilt in each way; the rest are not
_TWO_DIGITS: Final = 0.4  # the share of days and months written with a leading zero
_DEEPEST: Final = 12  # slots within slots; more is a circle


@dataclass(frozen=True)
class Composed:
    """A title made up, its label ("none" for what is not counted) and the pattern it came from."""

    title: str
    label: str
    pattern: str


class Composer:
    """Fills patterns at random, but always alike for the same seed."""

    def __init__(self, slots: Mapping[str, Sequence[str]], seed: int) -> None:
        self._slots = slots
        self._random = random.Random(seed)  # noqa: S311  # no secret: repeatable titles

    def fill(self, pattern: str) -> str:
        """One title by the pattern."""
        text = pattern
        for _ in range(_DEEPEST):
            chosen = _CHOICE.sub(lambda match: self._random.choice(match[1].split("|")), text)
            filled = _SLOT.sub(lambda match: self._slot(match[1]), chosen)
            if filled == text:
                break
            text = filled
        title = _GAPS.sub("", text).strip(" ,-:")
        return title[:1].upper() + title[1:]

    def _slot(self, name: str) -> str:
        number = self._random.randint
        if name in self._slots:
            return self._random.choice(self._slots[name])
        made = {"m": (1, 12), "d": (1, 28), "y": (2014, 2026), "n": (2, 480), "q": (1, 4), "nn": (12, 9_870)}
        if name == "roman":
            return self._random.choice(["IX", "X", "XI", "XIII", "XIV", "XV", "XVII", "XX"])
        value = number(*made[name])
        if name == "q":
            return self._random.choice([str(value), ["I", "II", "III", "IV"][value - 1]])
        if name == "nn":
            return f"{value:,}".replace(",", self._random.choice([".", "."]))
        return f"{value:02d}" if name in "dm" and self._random.random() < _TWO_DIGITS else str(value)

    def worn(self, title: str) -> str:
        """The title as portals spoil them: capitals, lost diacritics, slips, a place in front, a date behind."""
        how = bisect(_WORN, self._random.random())
        if how == 0:
            return title.upper()
        if how == 1:
            return fold(title)
        if how == 2:  # noqa: PLR2004  (the ways are numbered)
            return self._slipped(title)
        if how == 3:  # noqa: PLR2004
            return f"{self._slot('tỉnh')}: {title}"
        return self.fill(title + " ({d}/{m}/{y})") if how == 4 else title  # noqa: PLR2004

    def _slipped(self, title: str) -> str:
        at = self._random.randrange(max(1, len(title) - 1))
        return title[:at] + title[at + 1 : at + 2] + title[at : at + 1] + title[at + 2 :]


def compose(per_pattern: int, seed: int = 1, path: Path = FILE) -> Iterator[Composed]:
    """`per_pattern` titles of each pattern, without repeats."""
    data = own_yaml.read(path.read_text("utf-8"))
    composer = Composer(data["slots"], seed)
    seen: set[str] = set()
    for label, patterns in data["titles"].items():
        for pattern in patterns:
            for _ in range(per_pattern):
                title = composer.worn(composer.fill(pattern))
                if title not in seen:
                    seen.add(title)
                    yield Composed(title, label, pattern)
