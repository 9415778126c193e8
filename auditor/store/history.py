"""Figures of the time before the system, as people wrote them down; one per period and unit, group or total."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.store.models import PastFigureRow


@dataclass(frozen=True)
class PastFigure:
    """A count.

    Attributes:
        period: YYYY-MM, or a longer one as `auditor.window.Span` writes it.
        scope: "unit", "group" or "total". key: of the unit or group; "" for the total.
        source: the file it came from.
    """

    period: str
    scope: str
    key: str
    count: int
    note: str = ""
    source: str = ""


def past_figures(session: Session, period: str | None = None) -> tuple[PastFigure, ...]:
    """What was written down, of one period or of all, by period, scope and key."""
    row = PastFigureRow
    query = select(row).order_by(row.period, row.scope, row.key)
    rows = session.scalars(query if period is None else query.where(row.period == period))
    return tuple(PastFigure(one.period, one.scope, one.key, one.count, one.note, one.source) for one in rows)


def keep_past_figures(session: Session, figures: Iterable[PastFigure], imported: datetime) -> None:
    """Adds figures; one that is known already is replaced."""
    for one in figures:
        session.merge(
            PastFigureRow(
                period=one.period,
                scope=one.scope,
                key=one.key,
                count=one.count,
                note=one.note,
                source=one.source,
                imported=imported,
            )
        )
