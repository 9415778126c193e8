"""The months before a report's, as far as they were closed or written down: what a picture of twelve months shows.

Nothing is computed anew: a month that was neither closed nor written down is unknown, and stays an empty place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from auditor.audit.afterwards import PastMonth
from auditor.audit.earlier import Earlier, earlier_figures
from auditor.audit.month import MonthFigures
from auditor.outcomes import Verdict
from auditor.portals import Group, Jurisdiction
from auditor.store.closings import closing_of
from auditor.window import Month

MONTHS_BEFORE = 11


def with_past(session: Session, jurisdiction: Jurisdiction, figures: MonthFigures) -> MonthFigures:
    """The month with the eleven before it.

    Raises:
        InputError: a closed month was altered in the database.
    """
    return replace(figures, past=past_months(session, jurisdiction, figures))


def past_months(session: Session, jurisdiction: Jurisdiction, figures: MonthFigures) -> tuple[PastMonth, ...]:
    """The eleven months before, oldest first.

    Args:
        session: of `Database.session`.
        jurisdiction: names the units whose history is looked up.
        figures: of the report's month; the month just before is taken from its comparison.

    Raises:
        InputError: a closed month was altered in the database.
    """
    months = [figures.month.preceding()]
    while len(months) < MONTHS_BEFORE:
        months.append(months[-1].preceding())
    known = [_just_before(figures), *(_known(session, jurisdiction, month) for month in months[1:])]
    return tuple(reversed(known))


def _just_before(figures: MonthFigures) -> PastMonth:
    groups = {group.key: group.tally.previous for group in figures.groups}
    units = {unit.key: unit.tally.previous for unit in figures.units}
    source = figures.previous_from if figures.total.previous is not None else "unknown"
    return PastMonth(figures.month.preceding(), source, figures.total.previous, _filled(groups), _filled(units))


def _filled(counts: Mapping[Any, int | None]) -> dict[Any, int]:
    return {key: count for key, count in counts.items() if count is not None}


def _known(session: Session, jurisdiction: Jurisdiction, month: Month) -> PastMonth:
    closing = closing_of(session, str(month))
    if closing:
        return _closed(month, json.loads(closing.content)["figures"])
    earlier = earlier_figures(session, month)
    return _written(month, earlier, jurisdiction) if earlier.source == "history" else PastMonth(month, "unknown")


def _closed(month: Month, figures: Mapping[str, Any]) -> PastMonth:
    """The counts alone, of the frozen text: a year of months is not made into objects for a picture."""
    observed = [unit for unit in figures["units"] if unit["verdict"] != Verdict.NOT_OBSERVABLE]
    known = {unit["group"] for unit in observed}
    return PastMonth(
        month=month,
        source="closed",
        count=figures["total"]["count"] if observed else None,
        groups={Group(one["key"]): one["tally"]["count"] for one in figures["groups"] if one["key"] in known},
        units={unit["key"]: unit["tally"]["count"] for unit in observed},
    )


def _written(month: Month, earlier: Earlier, jurisdiction: Jurisdiction) -> PastMonth:
    units = {unit.key: found.count for unit in jurisdiction.units if (found := earlier.unit(unit.key))}
    groups = {group: found.count for group in Group if (found := earlier.group(group))}
    total = earlier.total(jurisdiction.groups_in(month.window(jurisdiction.cutoff_day)))
    return PastMonth(month, "history", total.count if total else None, _filled(groups), _filled(units))
