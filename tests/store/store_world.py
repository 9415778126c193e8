"""A small province and its visits, for the tests of the store."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.categories import DEFAULT_LABELS, Category
from auditor.classify import Decision
from auditor.observation import Observation, SeenItem
from auditor.outcomes import Outcome
from auditor.portals import Jurisdiction, Level, Unit
from auditor.store.ingest import Classifier
from auditor.store.models import ItemRow

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SITE = "http://snv.daknong.gov.vn"
JURISDICTION = Jurisdiction(
    name="tỉnh Đắk Nông",
    office="Văn phòng UBND tỉnh Đắk Nông",
    timezone=ZONE,
    cutoff_day=18,
    units=(
        Unit("so-noi-vu", "Sở Nội vụ", Level.DEPARTMENT, f"{SITE}/"),
        Unit("dak-mil", "UBND huyện Đắk Mil", Level.DISTRICT, "http://dakmil.daknong.gov.vn/"),
    ),
    labels=DEFAULT_LABELS,
)


def decide(
    title: str, section: str | None, _body: str | None, _published: date | None, _document: str | None
) -> Decision:
    """A classifier small enough to foresee: the first word of a category in title, then section."""
    for place, text in (("title", title), ("section", section or "")):
        for pattern, category in (("(?i)lịch", Category.SCHEDULE), ("(?i)báo cáo", Category.REPORTS)):
            if re.search(pattern, text):
                return Decision(category, 0.9, (f"{place}: {text}",))
    return Decision(None, 0.5, ("title: no cue",))


CLASSIFIER = Classifier(decide, "test")


def at(text: str) -> datetime:
    """An instant of the province's clock: "2019-11-19 02:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def post(number: int, title: str = "Lịch tiếp công dân tháng 11", **facts: Any) -> SeenItem:
    return SeenItem(url=f"{SITE}/tin/{number}", title=title, **facts)


def visit(started: str, *items: SeenItem, unit: str = "so-noi-vu", **facts: Any) -> Observation:
    """A visit that took ten minutes; complete unless told otherwise."""
    facts.setdefault("outcome", Outcome.COMPLETE)
    facts.setdefault("first_day", date(2019, 10, 19))
    return Observation(unit=unit, started=at(started), finished=at(started), items=items, **facts)


def snapshot(session: Session, *without: str) -> list[dict[str, Any]]:
    """Every item with all that hangs on it, ids left out, by address."""
    kept = [column.key for column in ItemRow.__table__.columns if column.key not in {"id", *without}]
    return [
        {
            **{key: getattr(row, key) for key in kept},
            "addresses": [address.url for address in row.addresses],
            "placements": [(place.url, place.listing, place.label, place.category) for place in row.placements],
            "editions": [(each.title, each.body, each.after, each.first_seen, each.last_seen) for each in row.editions],
        }
        for row in session.scalars(select(ItemRow).order_by(ItemRow.unit, ItemRow.url))
    ]
