"""What units report of themselves: a document with a day, a number and a count. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.store.models import ReceivedRow


@dataclass(frozen=True)
class ReportedItem:
    """A post as a unit lists it; url and published may be empty."""

    title: str
    url: str = ""
    published: str = ""


@dataclass(frozen=True)
class Received:
    """A monthly report of a unit about itself.

    Attributes:
        unit: its key. month: YYYY-MM. day, number: of the document.
        count: what it says it posted; None where it names no number.
        items: what it lists; often nothing.
    """

    unit: str
    month: str
    day: date
    number: str
    count: int | None
    items: tuple[ReportedItem, ...] = ()


def keep_received(session: Session, received: Received, noted: datetime) -> None:
    """Notes a document."""
    session.add(
        ReceivedRow(
            unit=received.unit,
            month=received.month,
            day=received.day,
            number=received.number,
            count=received.count,
            items=[{"title": one.title, "url": one.url, "published": one.published} for one in received.items],
            noted=noted,
        )
    )


def received_of(session: Session, month: str) -> Mapping[str, Received]:
    """Per unit, what it reported of the month; of several documents the one noted last."""
    query = select(ReceivedRow).where(ReceivedRow.month == month).order_by(ReceivedRow.noted, ReceivedRow.id)
    return {
        row.unit: Received(
            row.unit, row.month, row.day, row.number, row.count, tuple(ReportedItem(**item) for item in row.items)
        )
        for row in session.scalars(query)
    }
