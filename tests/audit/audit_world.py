"""A small province, its visits and its months, for the tests of the figures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from auditor.audit.figures import month_figures, month_items
from auditor.audit.month import CountedItem, MonthFigures, UnitFigures
from auditor.categories import DEFAULT_LABELS, Category
from auditor.classify import Decision
from auditor.observation import Observation, SeenItem
from auditor.outcomes import Outcome
from auditor.portals import Jurisdiction, Level, Unit
from auditor.store.database import Database
from auditor.store.ingest import Classifier, ingest
from auditor.window import Month

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SITE = "http://snv.daknong.gov.vn"
NOVEMBER = Month(2019, 11)
FIRST, LAST, AFTER = date(2019, 10, 19), date(2019, 11, 18), date(2019, 11, 20)
NOI_VU = Unit("so-noi-vu", "Sở Nội vụ", Level.DEPARTMENT, f"{SITE}/", short_name="Nội vụ")
DAK_MIL = Unit("dak-mil", "UBND huyện Đắk Mil", Level.DISTRICT, "http://dakmil.daknong.gov.vn/")

CUES = {
    "lịch tiếp": Category.SCHEDULE,
    "nội quy": Category.RULES,
    "thông báo kết luận": Category.RECEPTION,
    "báo cáo": Category.REPORTS,
    "quyết định giải quyết": Category.PETITIONS,
}


def decide(
    title: str, _section: str | None, _body: str | None, _published: date | None, _document: str | None
) -> Decision:
    for cue, category in CUES.items():
        if re.search(cue, title.lower()):
            return Decision(category, 0.9, (f"title: {cue}",))
    return Decision(None, 0.8, ("title: tập huấn",) if "tập huấn" in title else ())


def province(*units: Unit, **facts: Any) -> Jurisdiction:
    facts = {"timezone": ZONE, "cutoff_day": 18, "labels": DEFAULT_LABELS, **facts}
    return Jurisdiction("tỉnh Đắk Nông", "Văn phòng UBND tỉnh Đắk Nông", units=units or (NOI_VU, DAK_MIL), **facts)


def at(text: str) -> datetime:
    """An instant of the province's clock: "2019-11-19 02:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def post(
    number: int, published: str | None = "2019-11-05", title: str = "Lịch tiếp công dân tháng 11", **facts: Any
) -> SeenItem:
    """A post; each has a title of its own unless told otherwise."""
    place = f"article: {published}" if published else None
    return SeenItem(
        url=f"{SITE}/tin/{number:03d}",
        title=f"{title} ({number})" if facts.pop("own_title", True) else title,
        published=published,
        published_from=place,
        **facts,
    )


def visit(started: str, *items: SeenItem, unit: str = "so-noi-vu", **facts: Any) -> Observation:
    """A visit that read everything of November's window, unless told otherwise."""
    facts = {"outcome": Outcome.COMPLETE, "first_day": FIRST, **facts}
    return Observation(unit=unit, started=at(started), finished=at(started), items=items, **facts)


class Audit:
    """A database, and the province it is about."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.jurisdiction = province()

    def saw(self, *observations: Observation) -> None:
        for observation in observations:
            with self.database.transaction() as session:
                ingest(session, self.jurisdiction, observation, classifier=Classifier(decide, "test"))

    def figures(self, month: Month = NOVEMBER, today: date = AFTER) -> MonthFigures:
        with self.database.session() as session:
            return month_figures(session, self.jurisdiction, month, today=today)

    def unit(self, month: Month = NOVEMBER, today: date = AFTER, key: str = "so-noi-vu") -> UnitFigures:
        return next(unit for unit in self.figures(month, today).units if unit.key == key)

    def items(self, month: Month = NOVEMBER, **options: Any) -> tuple[CountedItem, ...]:
        with self.database.session() as session:
            return month_items(session, self.jurisdiction, month, **{"today": AFTER, **options})


def numbers(items: Iterable[CountedItem]) -> list[int]:
    """The numbers of posts made by `post`."""
    return [int(item.url.rsplit("/", 1)[1]) for item in items]
