"""An observation enters the database: what it saw is added to what earlier visits knew, and never takes from it.

A visit may see less than the one before (a title without its post, a listing cut short, nothing at all). So a fact is
replaced only by one of at least the same standing: the post's own page beats a listing, a date with a time beats the
same day without one, and between equals the later visit wins. Nothing is ever deleted because it was not seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from auditor.errors import InputError
from auditor.observation import Attachment, Observation, Placement, PostCheck, SeenItem
from auditor.portals import Jurisdiction, Unit
from auditor.store.deciding import SHIPPED, Classifier, decide
from auditor.store.editions import learn_edition, merge_editions
from auditor.store.models import AddressRow, CheckRow, ItemRow, ObservationRow, PlacementRow, UnitRow
from auditor.text import fold, printable

_LISTS = ("listing", "feed", "sitemap")
"""Where `published_from` begins so, the date was not read on the post's own page."""

_CHUNK = 1000


@dataclass(frozen=True)
class IngestResult:
    """How many of the observation's items the database did not know, and how many it did."""

    new: int
    known: int


def ingest(
    session: Session,
    jurisdiction: Jurisdiction,
    observation: Observation,
    *,
    run: int | None = None,
    source: str = "",
    classifier: Classifier = SHIPPED,
) -> IngestResult:
    """Stores one observation; the caller's transaction makes it whole. The same one a second time changes nothing.

    Args:
        session: of `Database.transaction`.
        jurisdiction: names the unit, and the time zone days are of.
        observation: what the visit handed over.
        run: the id `start_run` gave.
        source: where the observation was read from, for the record.
        classifier: decides the categories; items decided by another version are decided again.

    Raises:
        InputError: the unit is not in portals.yaml, or a date is not of the form an observation has.
    """
    digest = digest_of(observation)
    if session.scalar(select(ObservationRow.id).where(ObservationRow.digest == digest)) is not None:
        return IngestResult(new=0, known=len(observation.items))
    session.merge(_unit_row(jurisdiction.unit(observation.unit)))
    session.flush()
    visit = visit_row(observation, digest=digest, run=run, source=source)
    session.add(visit)
    session.flush()
    intake = Intake(session, visit, jurisdiction.timezone, classifier)
    new = intake.take(observation.items)
    intake.note(observation.checks)
    intake.decide_again()
    session.flush()
    return IngestResult(new=new, known=len(observation.items) - new)


def digest_of(observation: Observation) -> str:
    """Names the observation's content."""
    return hashlib.sha256(observation.to_json().encode()).hexdigest()


def _unit_row(unit: Unit) -> UnitRow:
    return UnitRow(key=unit.key, name=unit.name, level=unit.level, url=unit.url)


def visit_row(observation: Observation, *, digest: str, run: int | None, source: str) -> ObservationRow:
    """What is stored of a visit itself."""
    return ObservationRow(
        unit=observation.unit,
        run=run,
        source=source,
        digest=digest,
        started=observation.started,
        finished=observation.finished,
        first_day=observation.first_day,
        outcome=observation.outcome,
        cause=observation.cause,
        detail=observation.detail,
        certificate=observation.certificate,
        section=observation.section,
        sections={str(category): url for category, url in sorted(observation.sections.items())},
        listings=[asdict(listing) for listing in observation.listings],
        items=len(observation.items),
        requests=observation.requests,
    )


class Intake:
    """One observation's items on their way in."""

    def __init__(self, session: Session, visit: ObservationRow, zone: ZoneInfo, classifier: Classifier) -> None:
        self.session = session
        self.visit = visit
        self.zone = zone
        self.classifier = classifier
        self.known: dict[str, ItemRow] = {}

    def take(self, items: tuple[SeenItem, ...]) -> int:
        """Adds what was seen; the number of items that were not known."""
        self._recall(url for item in items for url in _urls(item))
        return sum(self._take(item) for item in items)

    def note(self, checks: tuple[PostCheck, ...]) -> None:
        """Adds what came of asking after items; those that are not known any more are passed over."""
        self._recall(check.url for check in checks)
        for check in checks:
            if row := self.known.get(check.url):
                row.checks.append(
                    CheckRow(
                        started=self.visit.started, url=check.url, presence=str(check.presence), status=check.status
                    )
                )

    def decide_again(self) -> None:
        """Decides the unit's items that another version of the rules decided."""
        stale = select(ItemRow).where(ItemRow.unit == self.visit.unit, ItemRow.classifier != self.classifier.version)
        for row in self.session.scalars(stale.options(selectinload(ItemRow.placements))):
            decide(row, self.classifier)

    def _recall(self, urls: Iterable[str]) -> None:
        """Loads the items known by any of these addresses."""
        wanted = iter(sorted(set(urls)))
        while chunk := list(islice(wanted, _CHUNK)):
            query = (
                select(AddressRow)
                .where(AddressRow.unit == self.visit.unit, AddressRow.url.in_(chunk))
                .options(selectinload(AddressRow.of).selectinload(ItemRow.placements))
                .options(selectinload(AddressRow.of).selectinload(ItemRow.addresses))
                .options(selectinload(AddressRow.of).selectinload(ItemRow.editions))
                .options(selectinload(AddressRow.of).selectinload(ItemRow.corrections))
                .options(selectinload(AddressRow.of).selectinload(ItemRow.checks))
            )
            for address in self.session.scalars(query):
                self.known.update((other.url, address.of) for other in address.of.addresses)

    def _take(self, seen: SeenItem) -> bool:
        row = self._find(seen)
        new = row is None
        if row is None:
            row = self._blank(seen)
        newer = self.visit.started >= row.last_seen
        checked = self._checked(seen)
        _learn(row, checked, newer=newer)
        learn_edition(row, checked, self.visit.started)
        if newer:
            row.last_seen, row.last_observation = self.visit.started, self.visit.id
        if self.visit.started < row.first_seen:
            row.first_seen, row.first_observation = self.visit.started, self.visit.id
        decide(row, self.classifier)
        return new

    def _find(self, seen: SeenItem) -> ItemRow | None:
        """The item any of these addresses leads to; where they lead to several, those are one from now on."""
        rows = {row.url: row for url in _urls(seen) if (row := self.known.get(url))}
        if not rows:
            return None
        kept, *others = sorted(rows.values(), key=lambda row: (row.first_seen, row.url))
        for other in others:
            self._merge(kept, other)
        self._address(kept, seen)
        return kept

    def _merge(self, kept: ItemRow, other: ItemRow) -> None:
        self.session.flush()
        newer = other.last_seen > kept.last_seen
        _learn(kept, _as_seen(other), newer=newer)
        merge_editions(kept, other)
        kept.corrections.extend(list(other.corrections))
        kept.checks.extend(list(other.checks))
        if newer:
            kept.last_seen, kept.last_observation = other.last_seen, other.last_observation
        for address in list(other.addresses):
            kept.addresses.append(address)
            self.known[address.url] = kept
        self.session.flush()
        self.session.delete(other)
        self.session.flush()

    def _blank(self, seen: SeenItem) -> ItemRow:
        """An item of which only the address is known yet."""
        visit = self.visit
        row = ItemRow(
            unit=visit.unit,
            url=seen.url,
            title="",
            title_key="",
            body="",
            document="",
            opened=False,
            standing=seen.standing,
            attachments=[],
            first_seen=visit.started,
            last_seen=visit.started,
            first_observation=visit.id,
            last_observation=visit.id,
        )
        self.session.add(row)
        self._address(row, seen)
        return row

    def _address(self, row: ItemRow, seen: SeenItem) -> None:
        for url in _urls(seen):
            if url not in self.known:
                row.addresses.append(AddressRow(unit=row.unit, url=url))
                self.known[url] = row

    def _checked(self, seen: SeenItem) -> SeenItem:
        """The item with its dates at the jurisdiction's offset."""
        try:
            return replace(seen, published=_local(seen.published, self.zone), modified=_local(seen.modified, self.zone))
        except ValueError as error:
            raise InputError(
                f"the observation of {self.visit.unit} has a date that is none ({printable(str(error))}) "
                f"for {printable(seen.url)}: move the observation away and crawl again"
            ) from error


def _urls(seen: SeenItem) -> tuple[str, ...]:
    return (seen.url, *seen.also_at)


def _learn(row: ItemRow, seen: SeenItem, *, newer: bool) -> None:
    """Adds to the item what was seen; `newer`: by a later visit than the item's last."""
    better = seen.opened > row.opened or (seen.opened == row.opened and newer)
    if seen.title and (better or not row.title):
        row.title, row.title_key = seen.title, fold(seen.title)
    if seen.body and (better or not row.body):
        row.body = seen.body
    if seen.document and (newer or not row.document):
        row.document = seen.document
    if _better_date(row, seen, newer=newer):
        row.published, row.published_day, row.published_from = seen.published, _day(seen.published), seen.published_from
    if seen.modified and (newer or row.modified is None):
        row.modified = seen.modified
    if seen.document_date and (newer or row.document_date is None):
        row.document_date = seen.document_date
    if seen.commune and (newer or row.commune is None):
        row.commune = seen.commune
    row.opened |= seen.opened
    row.standing &= seen.standing
    _learn_attachments(row, seen.attachments)
    _learn_placements(row, seen.placements)


def _better_date(row: ItemRow, seen: SeenItem, *, newer: bool) -> bool:
    """Whether the date just seen replaces the known one."""
    if seen.published is None or row.published is None:
        return seen.published is not None
    if _day(seen.published) == row.published_day and _has_time(seen.published) != _has_time(row.published):
        return _has_time(seen.published)
    own, known_own = _from_own_page(seen.published_from), _from_own_page(row.published_from)
    return newer if own == known_own else own


def _from_own_page(place: str | None) -> bool:
    return place is not None and not place.startswith(_LISTS)


def _has_time(published: str) -> bool:
    return "T" in published


def _day(published: str | None) -> date | None:
    """The day of a date `_local` made: its offset is the jurisdiction's, so the day is written in it."""
    return date.fromisoformat(published[:10]) if published else None


def _local(published: str | None, zone: ZoneInfo) -> str | None:
    """A day as it is; an instant at the zone's offset.

    Raises:
        ValueError: it is neither; or it has a time without an offset.
    """
    if published is None:
        return None
    if "T" not in published:
        return date.fromisoformat(published).isoformat()
    instant = datetime.fromisoformat(published)
    if instant.tzinfo is None:
        raise ValueError(f"{published} has no time zone")
    return instant.astimezone(zone).isoformat()


def _learn_attachments(row: ItemRow, files: tuple[Attachment, ...]) -> None:
    """Adds files by address; what is known of a file is kept where this visit does not say."""
    known = {file["url"]: file for file in row.attachments}
    for file in files:
        before = known.get(file.url, {"kind": "", "text": None})
        text = before["text"] if file.text is None else file.text
        known[file.url] = {"url": file.url, "kind": file.kind or before["kind"], "text": text}
    row.attachments = list(known.values())


def _learn_placements(row: ItemRow, places: tuple[Placement, ...]) -> None:
    known = {(place.url, place.listing, place.label): place for place in row.placements}
    for place in places:
        key = (place.url, place.listing, place.label)
        if key not in known:
            known[key] = PlacementRow(url=place.url, listing=place.listing, label=place.label)
            row.placements.append(known[key])
        known[key].category = place.category or known[key].category


def _as_seen(row: ItemRow) -> SeenItem:
    """A stored item as if one visit had seen all that is known of it."""
    return SeenItem(
        url=row.url,
        title=row.title,
        published=row.published,
        published_from=row.published_from,
        modified=row.modified,
        body=row.body,
        document=row.document,
        document_date=row.document_date,
        opened=row.opened,
        standing=row.standing,
        commune=row.commune,
        placements=tuple(Placement(place.url, place.listing, place.label, place.category) for place in row.placements),
        attachments=tuple(Attachment(**file) for file in row.attachments),
    )
