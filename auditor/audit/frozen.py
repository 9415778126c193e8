"""A closed month as it was frozen: the month object, every item that concerned it, the configuration of that day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import cast

from sqlalchemy.orm import Session

from auditor.audit.month import CountedItem, MonthFigures
from auditor.audit.plain import Plain, from_plain, to_plain
from auditor.errors import InputError
from auditor.portals import Jurisdiction
from auditor.store.closings import Closing, closing_of
from auditor.window import Month, Window

_FORM = 1
"""Of the frozen text; a program that changes it so that older ones cannot read it counts on."""


@dataclass(frozen=True)
class Frozen:
    """What a closing keeps.

    Attributes:
        figures: the month; `closed` is filled.
        items: counted or not, as `auditor items --all` printed them.
        days: the first and the last day of each unit of the file, as it was then; None for no such day.
    """

    figures: MonthFigures
    items: tuple[CountedItem, ...]
    days: Mapping[str, tuple[date | None, date | None]] = field(default_factory=dict)


def freeze(frozen: Frozen, jurisdiction: Jurisdiction) -> str:
    """What is frozen, as one JSON text: the same objects give the same text."""
    record: dict[str, Plain] = {
        "form": _FORM,
        "figures": to_plain(frozen.figures),
        "items": to_plain(frozen.items),
        "configuration": _configuration(jurisdiction),
    }
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def _configuration(jurisdiction: Jurisdiction) -> Plain:
    """All that portals.yaml says of the audit; not how the service runs, which holds addresses of people."""
    settings = (one.name for one in fields(jurisdiction) if one.name != "service")
    return {name: to_plain(getattr(jurisdiction, name)) for name in settings}


def thaw(closing: Closing) -> Frozen:
    """The month as it was when it was closed.

    Raises:
        InputError: a newer program froze it in a form this one cannot read.
    """
    record = cast(dict[str, Plain], json.loads(closing.content))
    if record.get("form") != _FORM:
        raise InputError(f"the closed month {closing.month} was written by a newer program: install that version")
    figures = from_plain(MonthFigures, record["figures"])
    if figures.closed:
        figures = replace(figures, closed=replace(figures.closed, digest=closing.digest))
    items = tuple(from_plain(CountedItem, item) for item in cast(list[Plain], record["items"]))
    units = cast(list[dict[str, str | None]], cast(dict[str, Plain], record["configuration"])["units"])
    return Frozen(
        figures, items, {str(unit["key"]): (_day(unit, "valid_from"), _day(unit, "valid_to")) for unit in units}
    )


def _day(unit: Mapping[str, str | None], name: str) -> date | None:
    day = unit.get(name)
    return date.fromisoformat(day) if day else None


def frozen_month(session: Session, month: Month) -> Frozen | None:
    """The closed month; None while it is open.

    Raises:
        InputError: it was altered in the database, or a newer program wrote it.
    """
    closing = closing_of(session, str(month))
    return thaw(closing) if closing else None


def frozen_window(session: Session, month: Month) -> Window | None:
    """The days a closed month counted; None while it is open.

    Raises:
        InputError: it was altered in the database.
    """
    closing = closing_of(session, str(month))
    return from_plain(Window, json.loads(closing.content)["figures"]["window"]) if closing else None
