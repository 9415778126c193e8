"""The rules as rules.yaml has them: what is asked for, of whom, from when until when, under which article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from auditor import own_yaml
from auditor.portals import Level

FILE: Final = Path(__file__).with_name("rules.yaml")
LOCAL: Final = "hướng dẫn theo dõi của cơ quan lập báo cáo"


@dataclass(frozen=True)
class Span:
    """From a day to a day, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Minimum:
    """How much is asked for: a number (of days in the month, as a rule), or a day in every week."""

    days: int = 0
    per_week: int = 0

    @property
    def label(self) -> str:
        """The number as a sentence has it."""
        return f"{self.days:02d}" if self.days else f"{self.per_week:02d} ngày mỗi tuần, tương ứng 04"


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        check: the name of the function that decides it; "" where `undecidable` says why none can.
        minimums, articles: each with the days it is in force.
    """

    key: str
    text: str
    expected: str
    check: str
    undecidable: str
    levels: frozenset[Level]
    span: Span
    minimums: tuple[tuple[Span, Minimum], ...]
    articles: tuple[tuple[Span, str], ...]
    local: bool

    def applies(self, level: Level, day: date) -> bool:
        """Whether it is asked of a level on a day."""
        return level in self.levels and day in self.span

    def minimum(self, day: date) -> Minimum:
        """What is asked for on a day; nothing where the rule names no number."""
        return next((minimum for span, minimum in self.minimums if day in span), Minimum())

    def basis(self, day: date) -> str:
        """The article in force on a day; the office's guidance where no law asks for it."""
        return LOCAL if self.local else next((article for span, article in self.articles if day in span), "")

    def expects(self, day: date) -> str:
        """What should be found, with the number of that day."""
        return self.expected.format(minimum=self.minimum(day).label)


@cache
def rules(path: Path = FILE) -> tuple[Rule, ...]:
    """The rules in their order, read once."""
    return tuple(_rule(key, record) for key, record in own_yaml.read(path.read_text("utf-8"))["rules"].items())


def _rule(key: str, record: Mapping[str, Any]) -> Rule:
    return Rule(
        key=key,
        text=record["text"],
        expected=record["expected"],
        check=record.get("check", ""),
        undecidable=record.get("undecidable", ""),
        levels=frozenset(map(Level, record.get("levels", list(Level)))),
        span=_span(record),
        minimums=tuple((_span(each), _minimum(each)) for each in _each(record, "minimum")),
        articles=tuple((_span(each), each["article"]) for each in _each(record, "basis")),
        local=record.get("local", False),
    )


def _each(record: Mapping[str, Any], field: str) -> Iterable[Mapping[str, Any]]:
    return list(record.get(field, ()))


def _minimum(record: Mapping[str, Any]) -> Minimum:
    return Minimum(record.get("days", 0), record.get("per_week", 0))


def _span(record: Mapping[str, Any]) -> Span:
    return Span(record.get("from", date.min), record.get("to", date.max))
