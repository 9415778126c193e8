"""What a unit's visits saw, learnt anew: each visit keeps its row, each post its row and what people decided of it.

What no visit sees any more, as it is read today, goes; but nothing goes that a person has decided upon.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from auditor.observation import Observation, SeenItem
from auditor.portals import Jurisdiction
from auditor.store.deciding import Classifier, decide
from auditor.store.ingest import Intake, digest_of, visit_row
from auditor.store.models import ItemRow, ObservationRow


@dataclass(frozen=True)
class StoredVisit:
    """A visit as it is found again: its row, and where its observation was put away."""

    id: int
    unit: str
    source: str
    started: datetime
    first_day: date


def stored_visits(session: Session, units: Sequence[str] | None = None) -> list[StoredVisit]:
    """The visits of some units, or of all, in the order they were stored."""
    row = ObservationRow
    query = select(row.id, row.unit, row.source, row.started, row.first_day)
    if units is not None:
        query = query.where(row.unit.in_(units))
    return [StoredVisit(**fields._asdict()) for fields in session.execute(query.order_by(row.id))]


def rebuild(
    session: Session,
    jurisdiction: Jurisdiction,
    unit: str,
    saw: Callable[[int], tuple[Observation, str]],
    classifier: Classifier,
) -> None:
    """Learns a unit's posts anew; the caller's transaction makes it whole.

    Args:
        session: of `Database.transaction`.
        jurisdiction: gives the time zone days are of.
        unit: whose posts.
        saw: tells of any visit of the unit, by its row: what it saw, and where that is put away.
        classifier: decides the categories.
    """
    untouched = {row.id: row for row in _items(session, unit)}
    for row in untouched.values():
        _forget_addresses(row)
    session.flush()
    rows = select(ObservationRow).where(ObservationRow.unit == unit).order_by(ObservationRow.id)
    for visit in session.scalars(rows).all():
        observation, source = saw(visit.id)
        _rewrite(visit, observation, source)
        _Again(session, visit, jurisdiction.timezone, classifier, untouched).take(observation.items)
    for gone in untouched.values():
        if not gone.corrections:
            session.delete(gone)
    session.flush()


def decide_stale(session: Session, classifier: Classifier) -> None:
    """Decides the items, of whatever unit, that another version decided."""
    stale = select(ItemRow).where(ItemRow.classifier != classifier.version)
    for row in session.scalars(stale.options(selectinload(ItemRow.placements))):
        decide(row, classifier)
    session.flush()


def _items(session: Session, unit: str) -> Sequence[ItemRow]:
    query = select(ItemRow).where(ItemRow.unit == unit).options(selectinload(ItemRow.addresses))
    return session.scalars(query.options(selectinload(ItemRow.corrections))).all()


def _forget_addresses(row: ItemRow) -> None:
    """Forgets what else the post is known by, but not of one that a person has decided upon."""
    if not row.corrections:
        row.addresses = [address for address in row.addresses if address.url == row.url]


def _rewrite(row: ObservationRow, observation: Observation, source: str) -> None:
    """Brings a visit's row to what it saw as it is read today."""
    now = visit_row(observation, digest=digest_of(observation), run=row.run, source=source)
    for name in ObservationRow.__table__.columns.keys() & vars(now).keys():
        setattr(row, name, getattr(now, name))


class _Again(Intake):
    """Takes in a visit's items; a row that no visit has touched yet is emptied first."""

    def __init__(
        self,
        session: Session,
        visit: ObservationRow,
        zone: ZoneInfo,
        classifier: Classifier,
        untouched: dict[int, ItemRow],
    ) -> None:
        super().__init__(session, visit, zone, classifier)
        self._untouched = untouched

    def _find(self, seen: SeenItem) -> ItemRow | None:
        for url in (seen.url, *seen.also_at):
            row = self.known.get(url)
            if row is not None and self._untouched.pop(row.id, None) is not None:
                self._empty(row)
        return super()._find(seen)

    def _empty(self, row: ItemRow) -> None:
        """Leaves of a post what names it, and what people decided."""
        for column in ItemRow.__table__.columns:
            if column.nullable:
                setattr(row, column.name, None)
        row.title = row.title_key = row.body = row.document = ""
        row.opened, row.standing = False, True  # it stands only where every visit says so
        row.attachments, row.placements, row.editions = [], [], []
        row.first_seen = row.last_seen = self.visit.started
        row.first_observation = row.last_observation = self.visit.id
        self.session.flush()
