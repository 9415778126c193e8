"""What visits read of each listing, and which listings an item stood in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

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
