"""Items that complete visits no longer show, and what their own addresses answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from auditor.observation import Missing, Presence
from auditor.outcomes import Outcome
from auditor.reading.addresses import lasting
from auditor.store.coverage import listings_read
from auditor.store.models import CheckRow, ItemRow, ObservationRow
from auditor.window import night_of

NIGHTS = 2
"""So many complete nights must have missed an item before its own address is asked."""
MOST = 20
"""Items asked after, per unit and night."""


@dataclass(frozen=True)
class StoredCheck:
    """One answer; see `CheckRow`."""

    started: datetime
    url: str
    presence: Presence
    status: int


@dataclass(frozen=True)
class _Night:
    started: datetime
    first_day: date
    read: frozenset[str]


def missing_posts(
    session: Session, units: Iterable[str], zone: ZoneInfo, until: datetime | None = None
) -> dict[str, tuple[Missing, ...]]:
    """Per unit, the items to ask after: the last complete visits of `NIGHTS` nights should have shown them.

    Those that were never asked for come first, then those asked for longest ago; those proven gone are left alone.
    Visits after `until`, the present, were dated by a wrong clock.
    """
    found = {unit: _missing(session, unit, _last_nights(session, unit, zone, until)) for unit in units}
    return {unit: posts for unit, posts in found.items() if posts}


def _last_nights(session: Session, unit: str, zone: ZoneInfo, until: datetime | None) -> Sequence[_Night]:
    """The last complete visit of each of the last nights that had one."""
    row = ObservationRow
    query = (
        select(row.id, row.started, row.first_day)
        .where(row.unit == unit, row.outcome == Outcome.COMPLETE)
        .order_by(row.started.desc(), row.id.desc())
    )
    query = query.where(row.started <= until) if until else query
    latest: dict[date, tuple[int, datetime, date]] = {}
    for number, started, first_day in session.execute(query):
        if latest.setdefault(night_of(started, zone), (number, started, first_day)) and len(latest) == NIGHTS:
            break
    read = listings_read(session, [number for number, _, _ in latest.values()])
    return [_Night(started, first_day, read[number]) for number, started, first_day in latest.values()]


def _missing(session: Session, unit: str, nights: Sequence[_Night]) -> tuple[Missing, ...]:
    if len(nights) < NIGHTS:
        return ()
    query = (
        select(ItemRow)
        .where(
            ItemRow.unit == unit,
            ItemRow.last_seen < min(night.started for night in nights),
            ItemRow.published_day >= max(night.first_day for night in nights),
            ItemRow.standing.is_(False),
        )
        .options(selectinload(ItemRow.placements), selectinload(ItemRow.checks))
    )
    rows = [row for row in session.scalars(query) if _should_show(row, nights) and not _proven_gone(row)]
    never = datetime.min.replace(tzinfo=UTC)
    rows.sort(key=lambda row: (row.checks[-1].started if row.checks else never, row.url))
    return tuple(Missing(row.url, row.title) for row in rows[:MOST])


def _should_show(row: ItemRow, nights: Sequence[_Night]) -> bool:
    places = {lasting(place.listing) for place in row.placements}
    return all(places & night.read for night in nights)


def _proven_gone(row: ItemRow) -> bool:
    answers = [check for check in row.checks if check.presence != Presence.UNCLEAR]
    return bool(answers) and answers[-1].presence == Presence.GONE and answers[-1].started > row.last_seen


def checks_since(session: Session, since: datetime) -> Mapping[tuple[str, str], Sequence[StoredCheck]]:
    """Per item (unit, address), the answers of visits that began at `since` or later, oldest first."""
    found: dict[tuple[str, str], list[StoredCheck]] = defaultdict(list)
    query = (
        select(ItemRow.unit, ItemRow.url.label("item"), CheckRow)
        .join(CheckRow.of)
        .where(CheckRow.started >= since)
        .order_by(CheckRow.started, CheckRow.id)
    )
    for unit, item, check in session.execute(query):
        found[unit, item].append(StoredCheck(check.started, check.url, Presence(check.presence), check.status))
    return found
