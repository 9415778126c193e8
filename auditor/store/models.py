"""The tables of one installation. Instants are UTC; days are days of the jurisdiction's time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Dialect, Enum, ForeignKey, Index, MetaData, UniqueConstraint
from sqlalchemy import types as sql_types
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from auditor.categories import Category
from auditor.outcomes import Cause, Outcome
from auditor.portals import Level


class Utc(sql_types.TypeDecorator[datetime]):
    """An instant. SQLite keeps no time zone: without this, 14:05+07:00 would come back as 14:05."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The instant as UTC.

        Raises:
            ValueError: the value has no time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone: only aware instants are stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The stored instant, aware."""
        return None if value is None else value.replace(tzinfo=UTC)


def _words(vocabulary: type[Outcome | Cause | Category | Level]) -> Enum:
    """A closed vocabulary, stored by its words; no CHECK, so that a new word needs no migration."""
    return Enum(vocabulary, native_enum=False, length=30, values_callable=lambda words: [word.value for word in words])


class Base(DeclarativeBase):
    """What every table shares; constraints are named, because SQLite can alter only what has a name."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - read once, by the declarative machinery
        datetime: Utc,
        dict[str, str]: sql_types.JSON,
        list[str]: sql_types.JSON,
        list[dict[str, Any]]: sql_types.JSON,
        Outcome: _words(Outcome),
        Cause: _words(Cause),
        Category: _words(Category),
        Level: _words(Level),
    }


class UnitRow(Base):
    """A unit as portals.yaml last named it; kept when the file drops it, so that old months still have names."""

    __tablename__ = "units"

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    level: Mapped[Level]
    url: Mapped[str]


class RunRow(Base):
    """One command that visited units or wrote a report.

    Attributes:
        finished: empty where it did not come to its end.
        heartbeat: its last sign of life: its begin, each visit it stored, its end.
        outcome: "done", "stopped", "failed"; empty while it goes on, and for ever where it was killed.
        detail: why it failed.
    """

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    month: Mapped[str | None]
    started: Mapped[datetime]
    finished: Mapped[datetime | None]
    heartbeat: Mapped[datetime | None]
    outcome: Mapped[str | None]
    detail: Mapped[str | None]


class ObservationRow(Base):
    """One visit to one unit's portal. `digest` names its content: the same file adds nothing twice."""

    __tablename__ = "observations"
    __table_args__ = (Index(None, "unit", "started"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.key"))
    run: Mapped[int | None] = mapped_column(ForeignKey("runs.id"), index=True)
    source: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    started: Mapped[datetime] = mapped_column(index=True)
    finished: Mapped[datetime]
    first_day: Mapped[date]
    outcome: Mapped[Outcome]
    cause: Mapped[Cause | None]
    detail: Mapped[str]
    certificate: Mapped[Cause | None]
    section: Mapped[str | None]
    sections: Mapped[dict[str, str]]
    listings: Mapped[list[dict[str, Any]]]
    items: Mapped[int]
    requests: Mapped[int]


class ItemRow(Base):
    """One post of one unit, as well as all visits together know it.

    Attributes:
        url: the address it was first known by. title_key: the title folded, to find re-posts by.
        published, modified: ISO forms of `SeenItem`, brought to the jurisdiction's offset.
        published_day: the day the windows count by.
        document: what its files say. document_date: ISO day of the document its page reproduces.
        attachments: `{"url", "kind", "text"}` each.
        why: the classification's reasons, strongest first.
        classifier: the version that decided.
    """

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("unit", "url"),
        CheckConstraint("(published IS NULL) = (published_day IS NULL)", name="published_has_day"),
        CheckConstraint("first_seen <= last_seen", name="seen_in_order"),
        Index(None, "unit", "published_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.key"))
    url: Mapped[str]
    title: Mapped[str]
    title_key: Mapped[str]
    published: Mapped[str | None]
    published_day: Mapped[date | None] = mapped_column(index=True)
    published_from: Mapped[str | None]
    modified: Mapped[str | None]
    body: Mapped[str]
    document: Mapped[str] = mapped_column(server_default="")
    document_date: Mapped[str | None]
    opened: Mapped[bool]
    standing: Mapped[bool]
    commune: Mapped[str | None]
    attachments: Mapped[list[dict[str, Any]]]
    category: Mapped[Category | None]
    confidence: Mapped[float]
    why: Mapped[list[str]]
    classifier: Mapped[str] = mapped_column(index=True)
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    first_observation: Mapped[int] = mapped_column(ForeignKey("observations.id"))
    last_observation: Mapped[int] = mapped_column(ForeignKey("observations.id"))

    addresses: Mapped[list[AddressRow]] = relationship(
        back_populates="of", cascade="all, delete-orphan", order_by="AddressRow.url"
    )
    placements: Mapped[list[PlacementRow]] = relationship(
        cascade="all, delete-orphan", order_by="(PlacementRow.listing, PlacementRow.label, PlacementRow.url)"
    )
    editions: Mapped[list[EditionRow]] = relationship(
        back_populates="of", cascade="all, delete-orphan", order_by="(EditionRow.first_seen, EditionRow.id)"
    )
    corrections: Mapped[list[CorrectionRow]] = relationship(
        back_populates="of", cascade="all, delete-orphan", order_by="(CorrectionRow.made, CorrectionRow.id)"
    )
    checks: Mapped[list[CheckRow]] = relationship(
        back_populates="of", cascade="all, delete-orphan", order_by="(CheckRow.started, CheckRow.id)"
    )


class AddressRow(Base):
    """Every address a post is known by, its canonical one included; within a unit an address leads to one item."""

    __tablename__ = "addresses"

    unit: Mapped[str] = mapped_column(ForeignKey("units.key"), primary_key=True)
    url: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[int] = mapped_column(ForeignKey("items.id"), index=True)

    of: Mapped[ItemRow] = relationship(back_populates="addresses")


class PlacementRow(Base):
    """One listing an item was found in, and the address it was linked by there."""

    __tablename__ = "placements"
    __table_args__ = (UniqueConstraint("item", "url", "listing", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[int] = mapped_column(ForeignKey("items.id"))
    url: Mapped[str]
    listing: Mapped[str]
    label: Mapped[str]
    category: Mapped[Category | None]


class EditionRow(Base):
    """One text of an item's own page, and the visits between which it was found; see `auditor.store.editions`.

    Attributes:
        text_key: tells one text from another, whatever counters and clocks say; "" where an older reader read it.
        reader: the version of the reader that read it.
        published, modified: as the page printed them with this text, ISO.
        attachments: `{"url", "kind", "text"}` each.
        after: start of the last visit before `first_seen` that found another text; None for the first one known.
    """

    __tablename__ = "editions"
    __table_args__ = (
        UniqueConstraint("item", "text_key"),
        CheckConstraint("first_seen <= last_seen", name="seen_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[int] = mapped_column(ForeignKey("items.id"))
    text_key: Mapped[str]
    reader: Mapped[int]
    title: Mapped[str]
    body: Mapped[str]
    attachments: Mapped[list[dict[str, Any]]]
    published: Mapped[str | None]
    modified: Mapped[str | None]
    after: Mapped[datetime | None]
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]

    of: Mapped[ItemRow] = relationship(back_populates="editions")


class CheckRow(Base):
    """What a visit was answered when it asked for an item that listings no longer showed.

    Attributes:
        started: of the visit. url: the address asked for. presence: a word of `observation.Presence`.
        status: of the answer; 0 where there was none.
    """

    __tablename__ = "checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[int] = mapped_column(ForeignKey("items.id"), index=True)
    started: Mapped[datetime]
    url: Mapped[str]
    presence: Mapped[str]
    status: Mapped[int]

    of: Mapped[ItemRow] = relationship(back_populates="checks")


class CorrectionRow(Base):
    """One decision of a person about an item; never changed, never deleted. See `auditor.store.corrections`.

    Attributes:
        by, reason: who decided, and why, in their own words.
        kind: "set", "accept" (the machine was right), or "withdraw" (what was decided before holds no more).
        sets_category: whether `category` (None: in none of the five) was decided.
        published: the publication date decided, ISO day or instant at the jurisdiction's offset; None: not decided.
        text_key: tells whether the item's text has changed since.
        title: the item's at that time; machine_…: what the program held then.
    """

    __tablename__ = "corrections"
    __table_args__ = (
        CheckConstraint("kind IN ('set', 'accept', 'withdraw')", name="kind_known"),
        CheckConstraint("sets_category OR category IS NULL", name="category_is_set"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[int] = mapped_column(ForeignKey("items.id"), index=True)
    made: Mapped[datetime]
    by: Mapped[str]
    reason: Mapped[str]
    kind: Mapped[str]
    sets_category: Mapped[bool]
    category: Mapped[Category | None]
    published: Mapped[str | None]
    text_key: Mapped[str]
    title: Mapped[str]
    machine_category: Mapped[Category | None]
    machine_confidence: Mapped[float]
    machine_published: Mapped[str | None]

    of: Mapped[ItemRow] = relationship(back_populates="corrections")


class ClosingRow(Base):
    """A closed month; written once. See `auditor.store.closings`."""

    __tablename__ = "closings"

    month: Mapped[str] = mapped_column(primary_key=True)
    made: Mapped[datetime]
    by: Mapped[str]
    digest: Mapped[str]
    content: Mapped[bytes]


class PastFigureRow(Base):
    """A count of the time before the system, as somebody wrote it down. See `auditor.store.history`.

    Attributes:
        period: YYYY-MM, or a longer one. scope: "unit", "group" or "total".
        key: of the unit or group; "" for the total. source: the file it came from.
    """

    __tablename__ = "past_figures"
    __table_args__ = (
        CheckConstraint("count >= 0", name="count_is_none_or_more"),
        CheckConstraint("scope IN ('unit', 'group', 'total')", name="scope_known"),
    )

    period: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    note: Mapped[str]
    source: Mapped[str]
    imported: Mapped[datetime]


class ReceivedRow(Base):
    """A monthly report that a unit sent about itself; the last one noted holds. See `auditor.store.received`.

    Attributes:
        unit: a key of portals.yaml; it may report before anything was ever seen of it.
        day, number: of the document. count: what it says it posted; None where it names no number.
        items: what it lists, `{"title", "url", "published"}` each.
    """

    __tablename__ = "received"
    __table_args__ = (
        CheckConstraint("count IS NULL OR count >= 0", name="count_is_none_or_more"),
        Index(None, "month", "unit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str]
    month: Mapped[str]
    day: Mapped[date]
    number: Mapped[str]
    count: Mapped[int | None]
    items: Mapped[list[dict[str, Any]]]
    noted: Mapped[datetime]
