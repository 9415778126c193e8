"""What a unit's section looked like when it was last read in full."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.categories import Category
from auditor.observation import Landmark
from auditor.outcomes import Outcome
from auditor.store.models import ObservationRow

LASTS = timedelta(days=30)
"""So long a look is remembered; one that has stood since is how the section looks now."""
FEWEST = 2
"""Posts that a part must have had: a single one may be taken down."""


def landmarks(session: Session, units: Iterable[str], now: datetime) -> dict[str, tuple[Landmark, ...]]:
    """Per unit, the parts that had posts at its last complete visit, where that is not too long ago."""
    found = {unit: _last_look(session, unit, now) for unit in units}
    return {unit: parts for unit, parts in found.items() if parts}


def _last_look(session: Session, unit: str, now: datetime) -> tuple[Landmark, ...]:
    row = ObservationRow
    query = (
        select(row.listings)
        .where(row.unit == unit, row.outcome == Outcome.COMPLETE, row.started.between(now - LASTS, now))
        .order_by(row.started.desc(), row.id.desc())
        .limit(1)
    )
    listings = session.scalar(query) or []
    return tuple(
        Landmark(str(each["listing"]), str(each["label"]), _category(each.get("category")), int(each["rows"]))
        for each in listings
        if each.get("rows", 0) >= FEWEST and not each.get("commune")
    )


def _category(key: str | None) -> Category | None:
    return Category(key) if key else None
