"""Longer periods: the months added up as they were closed, what was learnt since shown apart, against the year before.

Nothing is counted anew: a closed month gives its closed figures, a month of the time before the system what people
wrote down, an open one what the store says today. A month of which nothing is known is named; the sum is a minimum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from auditor.audit.earlier import Earlier, Known, earlier_figures
from auditor.audit.figures import month_figures
from auditor.audit.frozen import frozen_month
from auditor.audit.month import MonthFigures
from auditor.audit.spans import CLOSED, HISTORY, OPEN, UNKNOWN, MonthSum, SpanFigures, SpanSum
from auditor.audit.telling import effect_since
from auditor.audit.units import Listed
from auditor.audit.windows import window_of
from auditor.portals import Group, Jurisdiction
from auditor.store.history import past_figures
from auditor.window import Month, Span


def span_figures(session: Session, jurisdiction: Jurisdiction, span: Span, *, today: date) -> SpanFigures:
    """A period's figures from the closed months, the written ones, and the store."""
    now, before = (_span_sum(session, jurisdiction, one, today) for one in (span, span.year_before()))
    names = {unit.key: unit.name for unit in jurisdiction.units}
    for month in (*before.months, *now.months):
        names |= {key: one.name for key, one in month.listed.items() if key not in names}
    pairs = list(zip(now.months, before.months, strict=True))
    changed = {key for month, old in pairs for key in month.listed.keys() ^ old.listed.keys()}
    listed = {key for month, old in pairs for key in (*month.listed, *old.listed)}
    return SpanFigures(
        jurisdiction=jurisdiction.name,
        office=jurisdiction.office,
        now=now,
        before=before,
        units=tuple((key, name) for key, name in names.items() if key in listed),
        changed=tuple(name for key, name in names.items() if key in changed),
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


def _month_sum(session: Session, jurisdiction: Jurisdiction, month: Month, today: date) -> MonthSum:
    found = _known_sum(session, jurisdiction, month, today)
    if not found.listed:
        window = window_of(session, jurisdiction, month)
        units = jurisdiction.units_valid_in(window)
        listed = {unit.key: Listed(unit.name, jurisdiction.group_of(unit)) for unit in units}
        found = replace(found, listed=listed, days=window.length)
    had = {one.group for one in found.listed.values()} | set(found.groups)
    lacking = frozenset(key for key in found.listed if key not in found.units)
    return replace(found, without=frozenset(set(Group) - had), lacking=lacking)


def _known_sum(session: Session, jurisdiction: Jurisdiction, month: Month, today: date) -> MonthSum:
    frozen = frozen_month(session, month)
    if frozen:
        effect = effect_since(session, jurisdiction, frozen, today=today)
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
        listed={unit.key: Listed(unit.name, unit.group) for unit in figures.units},
        days=figures.window.length,
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
