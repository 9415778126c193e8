"""The commands that visited units or wrote reports: when they began, and whether they came to an end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.outcomes import Outcome
from auditor.store.models import ObservationRow, RunRow
from auditor.window import Month


@dataclass(frozen=True)
class Run:
    """One run. `finished` is None while it goes on, and for ever where it was cut off; `outcomes` counts its visits."""

    id: int
    kind: str
    month: Month | None
    started: datetime
    finished: datetime | None
    outcomes: Mapping[Outcome, int]


def start_run(session: Session, kind: str, month: Month | None, started: datetime) -> int:
    """Notes that a run of this kind ("crawl", "audit", "report") begins; its id goes with every observation of it."""
    run = RunRow(kind=kind, month=str(month) if month else None, started=started)
    session.add(run)
    session.flush()
    return run.id


def finish_run(session: Session, run: int, finished: datetime) -> None:
    """Notes that the run came to its end."""
    session.get_one(RunRow, run).finished = finished


def last_run(session: Session, kind: str | None = None, *, finished: bool = False) -> Run | None:
    """The run, of this kind or of any, that began last; with `finished`, of those that came to their end."""
    query = select(RunRow).order_by(RunRow.started.desc(), RunRow.id.desc()).limit(1)
    query = query if kind is None else query.where(RunRow.kind == kind)
    row = session.scalar(query.where(RunRow.finished.is_not(None)) if finished else query)
    if row is None:
        return None
    visits = (
        select(ObservationRow.outcome, func.count())
        .where(ObservationRow.run == row.id)
        .group_by(ObservationRow.outcome)
    )
    outcomes = dict(session.execute(visits).all())
    month = Month.parse(row.month) if row.month else None
    return Run(row.id, row.kind, month, row.started, row.finished, outcomes)
