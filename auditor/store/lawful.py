"""What the law's checks read from the store: posts with their texts, counts of any time, listings read to their end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from auditor.categories import Category
from auditor.observation import Attachment
from auditor.outcomes import Outcome
from auditor.store.corrections import Correction, corrections
from auditor.store.models import CorrectionRow, ItemRow, ObservationRow

_STANDING = (Category.SCHEDULE, Category.RULES)


@dataclass(frozen=True)
class StoredText:
    """One item with what was read of it; see `ItemRow`."""

    url: str
    title: str
    category: Category | None
    published_day: date | None
    body: str
    document: str
    opened: bool
    standing: bool
    commune: str | None
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True)
class Listing:
    """One listing of a visit: what it is for, and whether it was read to its end."""

    category: Category | None
    whole: bool


def texts(session: Session, first: date, last: date) -> dict[str, list[StoredText]]:
    """Per unit, the schedules, rules and guides of any time, and all that was published on these days.

    What people decided goes before what the program decided.
    """
    row = ItemRow
    decided = corrections(session)
    query = (
        select(
            row.id, row.unit, row.url, row.title, row.category, row.published_day,
            row.body, row.document, row.opened, row.standing, row.commune, row.attachments,
        )
        .where(
            or_(
                row.category.in_(_STANDING),
                row.published_day.between(first, last),
                row.title_key.contains("quy trinh tiep"),
                row.id.in_(select(CorrectionRow.item)),
            )
        )
        .order_by(row.unit, row.url)
    )  # fmt: skip
    found: dict[str, list[StoredText]] = defaultdict(list)
    for fields in session.execute(query):
        record = fields._asdict()
        files = tuple(Attachment(**file) for file in record.pop("attachments"))
        correction = decided.get(record.pop("id"))
        found[record.pop("unit")].append(_corrected(StoredText(**record, attachments=files), correction))
    return found


def _corrected(text: StoredText, correction: Correction | None) -> StoredText:
    if correction is None:
        return text
    category = correction.category if correction.sets_category else text.category
    return replace(text, category=category, published_day=correction.day or text.published_day)


def counts_by_category(session: Session, last: date) -> dict[str, dict[Category, int]]:
    """Per unit and category, the items published until a day, those without a day included."""
    row = ItemRow
    query = (
        select(row.unit, row.category, func.count())
        .where(row.category.is_not(None), or_(row.published_day.is_(None), row.published_day <= last))
        .where(row.id.not_in(select(CorrectionRow.item)))
        .group_by(row.unit, row.category)
    )
    found: dict[str, dict[Category, int]] = defaultdict(dict)
    for unit, category, count in session.execute(query):
        if category is not None:
            found[unit][category] = count
    _count_corrected(session, last, found)
    return found


def _count_corrected(session: Session, last: date, found: dict[str, dict[Category, int]]) -> None:
    """Adds the items that have a history of corrections."""
    row, decided = ItemRow, corrections(session)
    query = select(row.id, row.unit, row.category, row.published_day).where(row.id.in_(select(CorrectionRow.item)))
    for number, unit, category, day in session.execute(query):
        correction = decided.get(number)
        category = correction.category if correction and correction.sets_category else category  # noqa: PLW2901
        day = (correction and correction.day) or day  # noqa: PLW2901
        if category is not None and (day is None or day <= last):
            found[unit][category] = found[unit].get(category, 0) + 1


def listings_of(session: Session, first: date) -> Mapping[int, tuple[Listing, ...]]:
    """Per complete visit since the day, what it read of each listing."""
    row = ObservationRow
    since = datetime.combine(first, time(), UTC) - timedelta(days=1)
    query = select(row.id, row.listings).where(row.outcome == Outcome.COMPLETE, row.started >= since)
    return {visit: tuple(map(_listing, listings)) for visit, listings in session.execute(query)}


def _listing(record: dict[str, Any]) -> Listing:
    """Visits of earlier versions did not note the end: a listing of one page, or of all it promised, was read to it."""
    pages, promised = record["pages"], record["promised"]
    ended = record.get("whole", pages <= 1 or (promised is not None and pages >= promised))
    category = Category(record["category"]) if record["category"] else None
    return Listing(category, whole=record["complete"] and ended)
