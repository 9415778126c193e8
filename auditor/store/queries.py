"""What the other floors read: visits and items as plain records, in a fixed order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, defer, selectinload

from auditor.categories import Category
from auditor.observation import Attachment
from auditor.outcomes import Cause, Outcome
from auditor.store.corrections import Correction, corrections, effective, short_id
from auditor.store.models import AddressRow, CorrectionRow, EditionRow, ItemRow, ObservationRow, RunRow


@dataclass(frozen=True)
class Visit:
    """One observation without its items; see `auditor.observation.Observation`."""

    id: int
    unit: str
    started: datetime
    finished: datetime
    first_day: date
    outcome: Outcome
    cause: Cause | None
    detail: str
    items: int
    requests: int
    section: str | None = None
    source: str = ""
    certificate: Cause | None = None


@dataclass(frozen=True)
class Edition:
    """One text of an item's page, without the text itself.

    Attributes:
        title, published, modified: as the page printed them with it; ISO, None where it printed none.
        after: start of the last visit that found another text before it, UTC; None for the first text known. Where
            `published` is None, the edition was put up between `after` and `first_seen`.
        first_seen, last_seen: starts of the first and the last visit that found it, UTC.
    """

    title: str
    published: str | None
    modified: str | None
    after: datetime | None
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True)
class StoredItem:
    """One item as the database knows it.

    Attributes:
        title_key: the title folded. published: ISO day, or instant at the jurisdiction's offset.
        published_day: the day in the jurisdiction's time zone.
        modified: of the last change, in the same forms as `published`. document_date: ISO day of the document shown.
        first_seen, last_seen: starts of the first and the last visit that saw it, UTC.
        also_at: its other addresses, sorted.
        editions: the texts of its own page, first seen first; more than one where it was overwritten in place.
        correction: what people decided of it; category, dates and the rest hold it already.
    """

    unit: str
    url: str
    title: str
    title_key: str
    published: str | None
    published_day: date | None
    published_from: str | None
    modified: str | None
    standing: bool
    commune: str | None
    category: Category | None
    confidence: float
    why: tuple[str, ...]
    first_seen: datetime
    last_seen: datetime
    also_at: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    editions: tuple[Edition, ...] = ()
    document_date: str | None = None
    correction: Correction | None = None

    @property
    def id(self) -> str:
        """Short and stable, for commands."""
        return short_id(self.unit, self.url)


def visits_since(session: Session, since: datetime, until: datetime | None = None) -> dict[str, list[Visit]]:
    """Per unit, the visits that began at `since` or later, oldest first; none after `until`, the present.

    A visit that is dated later was made with a wrong clock: it proves nothing of the days that it skips.
    """
    found: dict[str, list[Visit]] = defaultdict(list)
    period = ObservationRow.started.between(since, until) if until else ObservationRow.started >= since
    for visit in _visits(session, period):
        found[visit.unit].append(visit)
    return found


def visits_of_runs_since(session: Session, since: datetime) -> list[Visit]:
    """The visits of the runs that began at `since` or later, oldest first."""
    runs = select(RunRow.id).where(RunRow.started >= since)
    return _visits(session, ObservationRow.run.in_(runs))


def latest_visits(session: Session, *, complete: bool = False, until: datetime | None = None) -> dict[str, Visit]:
    """Per unit, the visit that began last, not after `until`; with `complete`, the last one that was complete."""
    order = func.row_number().over(
        partition_by=ObservationRow.unit, order_by=(ObservationRow.started.desc(), ObservationRow.id.desc())
    )
    ranked = select(ObservationRow.id, order.label("place"))
    if complete:
        ranked = ranked.where(ObservationRow.outcome == Outcome.COMPLETE)
    if until is not None:
        ranked = ranked.where(ObservationRow.started <= until)
    places = ranked.subquery()
    latest = ObservationRow.id.in_(select(places.c.id).where(places.c.place == 1))
    return {visit.unit: visit for visit in _visits(session, latest)}


def latest_sections(session: Session) -> dict[str, Mapping[Category, str]]:
    """Per unit, the listings per category that the last visit found which found any.

    A complete visit goes before one that may have missed some.
    """
    order = func.row_number().over(
        partition_by=ObservationRow.unit,
        order_by=(
            (ObservationRow.outcome == Outcome.COMPLETE).desc(),
            ObservationRow.started.desc(),
            ObservationRow.id.desc(),
        ),
    )
    ranked = select(ObservationRow.unit, ObservationRow.sections, order.label("place"))
    places = ranked.where(ObservationRow.sections != {}).subquery()
    rows = session.execute(select(places.c.unit, places.c.sections).where(places.c.place == 1))
    return {unit: {key: found[key] for key in Category if key in found} for unit, found in rows}


def items_of_days(
    session: Session, first: date, last: date, *, undated_since: datetime, unit: str | None = None
) -> dict[str, list[StoredItem]]:
    """Per unit, the items published on these days, and the undated ones seen at `undated_since` or later.

    What people decided goes before what the program decided. Ordered by the visit that saw them first, then by address.
    """
    decided = corrections(session, unit)
    query = (
        select(ItemRow)
        .where(
            or_(
                ItemRow.published_day.between(first, last),
                and_(ItemRow.published_day.is_(None), ItemRow.last_seen >= undated_since),
                ItemRow.id.in_(select(CorrectionRow.item).where(CorrectionRow.published.is_not(None))),
            )
        )
        .order_by(ItemRow.first_seen, ItemRow.url, ItemRow.id)
        .options(defer(ItemRow.body), defer(ItemRow.document), selectinload(ItemRow.addresses))
        .options(selectinload(ItemRow.editions).defer(EditionRow.body))
    )
    found: dict[str, list[StoredItem]] = defaultdict(list)
    for row in session.scalars(query if unit is None else query.where(ItemRow.unit == unit)):
        item = corrected(_item(row), decided.get(row.id))
        day = item.published_day
        if row.last_seen >= undated_since if day is None else first <= day <= last:
            found[row.unit].append(item)
    return found


def item_at(session: Session, unit: str, url: str) -> StoredItem | None:
    """The unit's item that is known by this address, with what people decided of it; None: there is none."""
    address = session.get(AddressRow, (unit, url))
    if address is None:
        return None
    row = address.of
    return corrected(_item(row), effective(row.corrections))


def corrected(item: StoredItem, correction: Correction | None) -> StoredItem:
    """The item with what people decided of it in place of what the program did."""
    if correction is None:
        return item
    told = f"corrected by {correction.by}: {correction.reason}"
    item = replace(item, correction=correction)
    if correction.sets_category:
        item = replace(item, category=correction.category, confidence=1.0, why=(told, *item.why))
    if correction.published:
        item = replace(item, published=correction.published, published_day=correction.day, published_from=told)
    return item


def _visits(session: Session, which: ColumnElement[bool]) -> list[Visit]:
    row = ObservationRow
    query = select(
        row.id, row.unit, row.started, row.finished, row.first_day,
        row.outcome, row.cause, row.detail, row.items, row.requests, row.section, row.source,
        row.certificate,
    )  # fmt: skip
    return [Visit(**fields._asdict()) for fields in session.execute(query.where(which).order_by(row.started, row.id))]


def _item(row: ItemRow) -> StoredItem:
    return StoredItem(
        unit=row.unit,
        url=row.url,
        title=row.title,
        title_key=row.title_key,
        published=row.published,
        published_day=row.published_day,
        published_from=row.published_from,
        modified=row.modified,
        standing=row.standing,
        commune=row.commune,
        category=row.category,
        confidence=row.confidence,
        why=tuple(row.why),
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        also_at=tuple(address.url for address in row.addresses if address.url != row.url),
        attachments=tuple(Attachment(**file) for file in row.attachments),
        editions=tuple(
            Edition(each.title, each.published, each.modified, each.after, each.first_seen, each.last_seen)
            for each in row.editions
        ),
        document_date=row.document_date,
    )
