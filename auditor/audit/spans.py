"""Longer periods as values: what each month gives, what adds up, what is compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from auditor.audit.units import Listed
from auditor.portals import Group
from auditor.window import Month, Span

UNKNOWN, OPEN, CLOSED, HISTORY = "unknown", "open", "closed", "history"


@dataclass(frozen=True)
class MonthSum:
    """One month of a period.

    Attributes:
        source: "closed", "history", "open" (computed today) or "unknown".
        count: of all units; None where nothing is known. groups, units: the same by group and by unit, as far as known:
            a unit of which nothing could be said has no count, not even 0.
        without: groups that had no unit that month. lacking: keys of its units of which no count is known.
        listed: its units by key, as it was closed with them. days: of its window.
        later: what was learnt since it was closed would add this much.
        whole: whether every unit of it was seen in full.
    """

    month: Month
    source: str
    count: int | None
    groups: Mapping[Group, int] = field(default_factory=dict)
    units: Mapping[str, int] = field(default_factory=dict)
    later: int = 0
    whole: bool = False
    without: frozenset[Group] = frozenset()
    lacking: frozenset[str] = frozenset()
    listed: Mapping[str, Listed] = field(default_factory=dict)
    days: int = 0

    @property
    def is_remainder(self) -> bool:
        """Whether it goes on, or is only what portals still showed when they were visited later."""
        return self.source == OPEN and not self.whole


@dataclass(frozen=True)
class Part:
    """What adds up to a period: a month, or several of which people wrote down one figure.

    Attributes:
        count: None where nothing is known. later, source: as of `MonthSum`.
    """

    span: Span
    count: int | None
    later: int
    source: str


@dataclass(frozen=True)
class SpanSum:
    """A period of several months.

    Attributes:
        written: what people wrote down of the period as a whole; None where they did not.
        inside: what they wrote down of periods within it, each with a month that is not fully known; none overlap.
    """

    span: Span
    months: tuple[MonthSum, ...]
    written: int | None = None
    inside: tuple[tuple[Span, int], ...] = ()

    @property
    def apart(self) -> tuple[MonthSum, ...]:
        """The months that count on their own: those in no period that was written down."""
        return tuple(one for one in self.months if not any(one.month in span.months() for span, _ in self.inside))

    @property
    def parts(self) -> tuple[Part, ...]:
        """All that adds up, in order of time."""
        single = [
            Part(Span(one.month.year, one.month.number, one.month.number), one.count, one.later, one.source)
            for one in self.apart
        ]
        return tuple(sorted([*single, *(Part(span, count, 0, HISTORY) for span, count in self.inside)], key=_first))

    @property
    def days(self) -> int:
        """The days its months count."""
        return sum(one.days for one in self.months)

    @property
    def counted(self) -> int | None:
        """The parts as they were reported, added up; None where none of them is known."""
        known = [one.count for one in self.parts if one.count is not None]
        return sum(known) if known else None

    @property
    def later(self) -> int:
        """What was learnt after the closings would add this much."""
        return sum(one.later for one in self.parts)

    @property
    def cumulative(self) -> int | None:
        """The period's figure: the reported months with what was learnt since; else what was written down of it."""
        if self.counted is None or self.is_written:
            return self.written
        return self.counted + self.later

    @property
    def missing(self) -> tuple[Month, ...]:
        """The months of which nothing is known."""
        return tuple(one.month for one in self.apart if one.count is None)

    @property
    def whole(self) -> bool:
        """Whether the figure is all there was, as far as anyone knows."""
        return self.is_written or (self.counted is not None and all(one.whole for one in self.apart))

    @property
    def is_written(self) -> bool:
        """Whether the period's figure is the one written down of it as a whole: months of it are not fully known."""
        return self.written is not None and (bool(self.missing) or self.is_remainder)

    @property
    def remainders(self) -> tuple[Month, ...]:
        """The months that go on, or are only what portals still showed when they were visited later."""
        return tuple(one.month for one in self.apart if one.is_remainder and one.count is not None)

    @property
    def is_remainder(self) -> bool:
        """Whether a month of it is none that can be compared with."""
        return bool(self.remainders)

    def group(self, group: Group) -> int | None:
        """The reported months of a group; None where a month in which it had units is not known by itself."""
        if self.inside:
            return None
        found = [one.groups.get(group, 0 if group in one.without else None) for one in self.months]
        known = [count for count in found if count is not None]
        return sum(known) if len(known) == len(found) else None

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups that had units in some month."""
        return tuple(group for group in Group if any(group not in one.without for one in self.months))

    def unit(self, key: str) -> int | None:
        """The reported months of a unit, as far as known."""
        known = [one.units[key] for one in self.months if key in one.units]
        return sum(known) if known else None


@dataclass(frozen=True)
class SpanFigures:
    """A period against the same one of the year before.

    Attributes:
        units: key and name of every unit of both periods, in the order of portals.yaml; then those it no longer has.
        changed: the names of units that were not there in the same months of both periods.
    """

    jurisdiction: str
    office: str
    now: SpanSum
    before: SpanSum
    units: tuple[tuple[str, str], ...]
    changed: tuple[str, ...] = ()

    @property
    def change(self) -> int | None:
        """Against the year before; None where either is not known, months of it are missing, or it is a remainder."""
        if self.now.cumulative is None or self.before.cumulative is None:
            return None
        lacks = any(one.missing and not one.is_written for one in (self.now, self.before))
        lacks = lacks or any(one.is_remainder and not one.is_written for one in (self.now, self.before))
        return None if lacks else self.now.cumulative - self.before.cumulative

    @property
    def comparable(self) -> bool:
        """Whether the change is one of what was posted, and not of what was seen or of the list of units."""
        seen = self.change is not None and self.now.whole and self.before.whole
        return seen and self.is_regular and not self.changed

    @property
    def is_regular(self) -> bool:
        """Whether both periods have as many days, but for that of a leap year: the cut-off was not moved."""
        return abs(self.now.days - self.before.days) <= 1


def _first(part: Part) -> Span:
    return part.span
