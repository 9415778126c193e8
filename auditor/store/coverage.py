"""What visits read of each listing, and which listings an item stood in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import islice
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.outcomes import Cause, Outcome
from auditor.reading.addresses import lasting
from auditor.store.models import ItemRow, ObservationRow, PlacementRow

_CHUNK = 500
_T = TypeVar("_T")


def listings_read(session: Session, visits: Iterable[int]) -> Mapping[int, frozenset[str]]:
    """Per visit, the listings (first pages) it read down to its first day, or to their end, without losing a page."""
    row = ObservationRow
    found: dict[int, frozenset[str]] = {}
    for chunk in _chunks(visits):
        for visit, listings in session.execute(select(row.id, row.listings).where(row.id.in_(chunk))):
            read = (each["listing"] for each in listings if each["complete"] and not each["lost"])
            found[visit] = frozenset(map(lasting, read))
    return found


def places_of(session: Session, items: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], frozenset[str]]:
    """Per item (unit, address), the listings it stood in."""
    row, wanted = ItemRow, set(items)
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for chunk in _chunks({url for _, url in wanted}):
        query = select(row.unit, row.url, PlacementRow.listing).join(PlacementRow, PlacementRow.item == row.id)
        for unit, url, listing in session.execute(query.where(row.url.in_(chunk))):
            if (unit, url) in wanted:
                found[unit, url].add(lasting(listing))
    return {key: frozenset(listings) for key, listings in found.items()}


def _chunks(values: Iterable[_T]) -> Iterator[list[_T]]:
    left = iter(values)
    while chunk := list(islice(left, _CHUNK)):
        yield chunk


@dataclass(frozen=True)
class ListingRead:
    """What a visit read of one listing; see `auditor.observation.Coverage`."""

    listing: str
    label: str
    pages: int
    promised: int | None
    rows: int
    complete: bool
    empty: bool
    lost: tuple[str, ...]


@dataclass(frozen=True)
class VisitDetail:
    """One visit with what it read; `source`: its observation's place in the data folder."""

    started: datetime
    finished: datetime
    first_day: date
    outcome: Outcome
    cause: Cause | None
    detail: str
    section: str | None
    items: int
    requests: int
    source: str
    listings: tuple[ListingRead, ...]


def visits_in_detail(session: Session, unit: str, since: datetime) -> list[VisitDetail]:
    """A unit's visits that began at `since` or later, oldest first."""
    row = ObservationRow
    query = select(row).where(row.unit == unit, row.started >= since).order_by(row.started, row.id)
    return [_detail(each) for each in session.scalars(query)]


def last_complete_before(session: Session, unit: str, before: datetime) -> VisitDetail | None:
    """A unit's last complete visit that began earlier."""
    row = ObservationRow
    query = select(row).where(row.unit == unit, row.outcome == Outcome.COMPLETE, row.started < before)
    found = session.scalar(query.order_by(row.started.desc(), row.id.desc()).limit(1))
    return _detail(found) if found else None


def _detail(row: ObservationRow) -> VisitDetail:
    names = [each.name for each in fields(ListingRead)]
    return VisitDetail(
        started=row.started,
        finished=row.finished,
        first_day=row.first_day,
        outcome=row.outcome,
        cause=row.cause,
        detail=row.detail,
        section=row.section,
        items=row.items,
        requests=row.requests,
        source=row.source,
        listings=tuple(
            ListingRead(**{**{name: each[name] for name in names}, "lost": tuple(each["lost"])})
            for each in row.listings
        ),
    )
