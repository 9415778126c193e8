"""Longer periods: the months added up as they were closed, what was learnt since shown apart, against the year before.

Nothing is counted anew: a closed month gives its closed figures, a month of the time before the system what people
wrote down, an open one what the store says today. A month of which nothing is known is named; the sum is a minimum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy.orm import Session

from auditor.audit.earlier import Earlier, Known, earlier_figures
from auditor.audit.figures import month_figures
from auditor.audit.frozen import frozen_month
from auditor.audit.month import MonthFigures
from auditor.audit.restating import restate
from auditor.portals import Group, Jurisdiction
from auditor.store.history import past_figures
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
    def is_remainder(self) -> bool:
        """Whether a month of it goes on, or is only what portals still showed when they were visited later."""
        return any(one.is_remainder for one in self.apart)

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
        units: key and name of every unit of the period, in the order of portals.yaml.
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
        return self.change is not None and self.now.whole and self.before.whole and not self.changed


def span_figures(session: Session, jurisdiction: Jurisdiction, span: Span, *, today: date) -> SpanFigures:
    """A period's figures from the closed months, the written ones, and the store."""
    cutoff = jurisdiction.cutoff_day
    pairs = list(zip(span.months(), span.year_before().months(), strict=True))
    return SpanFigures(
        jurisdiction=jurisdiction.name,
        office=jurisdiction.office,
        now=_span_sum(session, jurisdiction, span, today),
        before=_span_sum(session, jurisdiction, span.year_before(), today),
        units=tuple((unit.key, unit.name) for unit in jurisdiction.units_valid_in(span.window(cutoff))),
        changed=tuple(
            unit.name
            for unit in jurisdiction.units
            if any(unit.valid_in(now.window(cutoff)) != unit.valid_in(old.window(cutoff)) for now, old in pairs)
        ),
    )


def _span_sum(session: Session, jurisdiction: Jurisdiction, span: Span, today: date) -> SpanSum:
    months = tuple(_month_sum(session, jurisdiction, month, today) for month in span.months())
    written = _written(session, jurisdiction)
    whole = written.pop(span, None)
    return SpanSum(span, months, whole, standing_for(months, written) if whole is None else ())


def _written(session: Session, jurisdiction: Jurisdiction) -> dict[Span, int]:
    """The longer periods of which a total, or every group, was written down."""
    found: defaultdict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for one in past_figures(session):
        found[one.period][one.scope, one.key] = one.count
    spans = {Span.parse(period): counts for period, counts in found.items() if not Month.is_written_so(period)}
    totals = {span: _total(counts, jurisdiction, span) for span, counts in spans.items()}
    return {span: total for span, total in totals.items() if total is not None}


def _total(counts: Mapping[tuple[str, str], int], jurisdiction: Jurisdiction, span: Span) -> int | None:
    groups = [
        counts.get(("group", str(group))) for group in jurisdiction.groups_in(span.window(jurisdiction.cutoff_day))
    ]
    known = [count for count in groups if count is not None]
    return counts.get(("total", ""), sum(known) if known and len(known) == len(groups) else None)


def standing_for(months: Sequence[MonthSum], written: Mapping[Span, int]) -> tuple[tuple[Span, int], ...]:
    """The written periods that stand for months not fully known, the longest first where they overlap."""
    left = {one.month: one for one in months}
    found = []
    for span in sorted(written, key=lambda one: (one.first - one.last, one.first)):
        here = [left[month] for month in span.months() if month in left]
        if len(here) == len(span.months()) and any(one.count is None or one.is_remainder for one in here):
            found.append((span, written[span]))
            left = {month: one for month, one in left.items() if month not in span.months()}
    return tuple(sorted(found))


def _first(part: Part) -> Span:
    return part.span


def _month_sum(session: Session, jurisdiction: Jurisdiction, month: Month, today: date) -> MonthSum:
    found = _known_sum(session, jurisdiction, month, today)
    units = jurisdiction.units_valid_in(month.window(jurisdiction.cutoff_day))
    had = {jurisdiction.group_of(unit) for unit in units} | set(found.groups)
    lacking = frozenset(unit.key for unit in units if unit.key not in found.units)
    return replace(found, without=frozenset(set(Group) - had), lacking=lacking)


def _known_sum(session: Session, jurisdiction: Jurisdiction, month: Month, today: date) -> MonthSum:
    frozen = frozen_month(session, month)
    if frozen:
        effect = restate(session, jurisdiction, frozen, today=today).effect
        return _of_figures(frozen.figures, CLOSED, effect)
    window = month.window(jurisdiction.cutoff_day)
    earlier = earlier_figures(session, month)
    if earlier.source == HISTORY:
        return _of_history(month, earlier, jurisdiction)
    if window.first > today:
        return _unknown(month)
    figures = month_figures(session, jurisdiction, month, today=today)
    return _unknown(month) if figures.known() is None else _of_figures(figures, OPEN)


def _unknown(month: Month) -> MonthSum:
    return MonthSum(month, UNKNOWN, None)


def _of_figures(figures: MonthFigures, source: str, later: int = 0) -> MonthSum:
    return MonthSum(
        month=figures.month,
        source=source,
        count=figures.known(),
        groups={group.key: count for group in figures.groups if (count := figures.known(group.key)) is not None},
        units={unit.key: unit.known for unit in figures.units if unit.known is not None},
        later=later,
        whole=figures.as_of is None and all(unit.seen_whole for unit in figures.units),
    )


def _of_history(month: Month, earlier: Earlier, jurisdiction: Jurisdiction) -> MonthSum:
    window = month.window(jurisdiction.cutoff_day)
    units = jurisdiction.units_valid_in(window)
    known = {unit.key: found.count for unit in units if (found := earlier.unit(unit.key))}
    groups = {group: found.count for group in Group if (found := earlier.group(group))}
    total = earlier.total(jurisdiction.groups_in(window)) or _sum_of_units(known, [unit.key for unit in units])
    counts = {key: count for key, count in known.items() if count is not None}
    of_groups = {group: count for group, count in groups.items() if count is not None}
    return MonthSum(month, HISTORY, total.count, of_groups, counts, whole=total.whole)


def _sum_of_units(known: Mapping[str, int | None], keys: Sequence[str]) -> Known:
    """Where only units were written down: their sum, whole if all of them were."""
    return Known.sum([Known(known.get(key), whole=key in known) for key in keys])
