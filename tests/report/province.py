"""Months for the tests: the province of November 2019 from a data file, and small ones made to measure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor.audit.month import (
    CategoryFigure,
    Check,
    CountedItem,
    GroupFigures,
    MonthFigures,
    Tally,
    UnitFigures,
)
from auditor.categories import DEFAULT_LABELS, Category
from auditor.outcomes import Cause, Verdict
from auditor.portals import Group, Level
from auditor.window import Month

NOVEMBER = Month(2019, 11)
CUTOFF = 18
DATA = Path(__file__).with_name("november_2019.json")

_GROUPS = {
    Level.PORTAL: Group.PROVINCIAL,
    Level.DEPARTMENT: Group.PROVINCIAL,
    Level.DISTRICT: Group.DISTRICT,
    Level.COMMUNE: Group.COMMUNE,
}


def item(unit: str, number: int = 0, **changes: Any) -> CountedItem:
    """A counted item; `number` makes its address its own."""
    values: dict[str, Any] = {
        "unit": unit,
        "url": f"http://{unit}.example.gov.vn/tin-{number}.html",
        "title": f"Lịch tiếp công dân số {number}",
        "published": "2019-11-05",
        "published_from": "listing: 05/11/2019",
        "category": Category.SCHEDULE,
        "confidence": 0.98,
        "why": ("title: lịch tiếp công dân",),
        "counted": True,
        "reason": None,
        "commune": None,
        "first_seen": "2019-11-05T19:30:00+00:00",
    }
    return CountedItem(**{**values, **changes})


def items(unit: str, count: int, titles: Sequence[str] = ()) -> tuple[CountedItem, ...]:
    """`count` items, the categories in turn; the first ones with the given titles."""
    categories = list(Category)
    return tuple(
        item(
            unit,
            number,
            category=categories[number % len(categories)],
            **({"title": titles[number]} if number < len(titles) else {}),
        )
        for number in range(count)
    )


def unit(name: str, counted: int | Iterable[CountedItem] = 0, **changes: Any) -> UnitFigures:
    """A unit that published `counted` items; with none: proven to have published nothing."""
    key = changes.pop("key", "-".join(name.lower().split()))
    listed = items(key, counted) if isinstance(counted, int) else tuple(counted)
    verdict = changes.get("verdict", Verdict.PUBLISHED if listed else Verdict.NOT_PUBLISHED)
    level = changes.get("level", Level.DEPARTMENT)
    values: dict[str, Any] = {
        "key": key,
        "name": name,
        "short_name": name,
        "level": level,
        "group": _GROUPS[level],
        "url": f"http://{key}.example.gov.vn/",
        "tally": Tally(len(listed), changes.pop("previous", None), comparable=changes.pop("comparable", True)),
        "verdict": verdict,
        "outcome": None,
        "cause": None,
        "detail": "",
        "categories": {category: _figure(category, listed, verdict) for category in Category},
        "sections": {category: f"http://{key}.example.gov.vn/{category}" for category in Category},
        "items": listed,
        "nights": (30, 31),
        "proof": datetime(2019, 11, 18, 18, tzinfo=UTC),
    }
    return UnitFigures(**{**values, **changes})


def unseen(name: str, cause: Cause = Cause.TIMEOUT, **changes: Any) -> UnitFigures:
    """A unit nothing can be said of."""
    values: dict[str, Any] = {
        "verdict": Verdict.NOT_OBSERVABLE,
        "outcome": cause.outcome,
        "cause": cause,
        "detail": "http://example.gov.vn/ TimeoutError",
        "sections": {},
        "nights": (0, 31),
        "proof": None,
        "comparable": False,
    }
    return unit(name, 0, **{**values, **changes})


def _figure(category: Category, listed: Sequence[CountedItem], verdict: Verdict) -> CategoryFigure:
    counted = sum(entry.category == category for entry in listed)
    if counted:
        return CategoryFigure(Tally(counted), Verdict.PUBLISHED)
    return CategoryFigure(
        Tally(0), Verdict.NOT_OBSERVABLE if verdict is Verdict.NOT_OBSERVABLE else Verdict.NOT_PUBLISHED
    )


def month(units: Sequence[UnitFigures], when: Month = NOVEMBER, **changes: Any) -> MonthFigures:
    """The month of these units, summed."""
    values: dict[str, Any] = {
        "month": when,
        "window": when.window(CUTOFF),
        "previous_window": when.preceding().window(CUTOFF),
        "jurisdiction": "tỉnh Đắk Nông",
        "office": "Văn phòng UBND tỉnh Đắk Nông",
        "labels": DEFAULT_LABELS,
        "total": _sum(units),
        "groups": tuple(_group(key, units) for key in Group if any(entry.group == key for entry in units)),
        "units": tuple(units),
        "checks": (Check("total equals the sum of the groups", ok=True),),
    }
    return MonthFigures(**{**values, **changes})


def _sum(units: Sequence[UnitFigures]) -> Tally:
    previous = [entry.tally.previous for entry in units]
    return Tally(
        sum(entry.tally.count for entry in units),
        None if None in previous or not previous else sum(value or 0 for value in previous),
        comparable=all(entry.tally.comparable for entry in units),
    )


def _group(key: Group, units: Sequence[UnitFigures]) -> GroupFigures:
    members = [entry for entry in units if entry.group == key]
    published = sum(entry.verdict == Verdict.PUBLISHED for entry in members)
    return GroupFigures(key, _sum(members), len(members), published)


def november_2019() -> MonthFigures:
    """The province of the November 2019 report: 26 units, 133 items."""
    return month([_recorded(record) for record in json.loads(DATA.read_text("utf-8"))])


def _recorded(record: Mapping[str, Any]) -> UnitFigures:
    key, level = record["key"], Level(record["level"])
    sections = {category: f"http://{key}.example.gov.vn/{category}" for category in Category}
    if not record["all_sections"]:
        sections.popitem()
    return unit(
        record["name"],
        items(key, record["count"], record.get("titles", ())),
        key=key,
        short_name=record["short_name"],
        level=level,
        previous=record["previous"],
        sections=sections,
    )
