"""The commands that visited units or wrote reports: when they began, their last sign of life, what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.outcomes import Outcome
from auditor.store.models import ObservationRow, RunRow
from auditor.window import Month


class RunOutcome(StrEnum):
    """How a run ended; one that was killed has none."""

    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True)
class Run:
    """One run.

    Attributes:
        finished: None while it goes on, and for ever where it did not come to its end.
        outcomes: how many of its visits had each outcome.
        heartbeat: its last sign of life. outcome: None while it goes on, and for ever where it was killed.
        detail: why it failed.
    """

    id: int
    kind: str
    month: Month | None
    started: datetime
    finished: datetime | None
    outcomes: Mapping[Outcome, int]
    heartbeat: datetime | None = None
    outcome: RunOutcome | None = None
    detail: str = ""


def start_run(session: Session, kind: str, month: Month | None, started: datetime) -> int:
    """Notes that a run of this kind ("crawl", "audit", "report") begins; its id goes with every observation of it."""
    run = RunRow(kind=kind, month=str(month) if month else None, started=started, heartbeat=started)
    session.add(run)
    session.flush()
    return run.id


def finish_run(session: Session, run: int, finished: datetime) -> None:
    """Notes that the run came to its end."""
    row = session.get_one(RunRow, run)
    row.finished = row.heartbeat = finished
    row.outcome = RunOutcome.DONE.value


def end_run(session: Session, run: int, ended: datetime, outcome: RunOutcome, detail: str = "") -> None:
    """Notes that the run ended without coming to its end, and why."""
    row = session.get_one(RunRow, run)
    row.heartbeat, row.outcome, row.detail = ended, outcome.value, detail


def beat(session: Session, run: int, now: datetime) -> None:
    """Notes a sign of life."""
    session.get_one(RunRow, run).heartbeat = now


def last_run(
    session: Session, kind: str | None = None, *, finished: bool = False, until: datetime | None = None
) -> Run | None:
    """The run, of this kind or of any, that began last; with `finished`, of those that came to their end.

    `until`: the present; a run that is dated later was made with a wrong clock, and says nothing of what is due.
    """
    query = select(RunRow).order_by(RunRow.started.desc(), RunRow.id.desc()).limit(1)
    query = query if until is None else query.where(RunRow.started <= until)
    query = query if kind is None else query.where(RunRow.kind == kind)
    row = session.scalar(query.where(RunRow.finished.is_not(None)) if finished else query)
    return _run(session, row) if row else None


def latest_runs(session: Session, count: int) -> Sequence[Run]:
    """The runs, of any kind, that began last; the last one first."""
    query = select(RunRow).order_by(RunRow.started.desc(), RunRow.id.desc()).limit(count)
    return [_run(session, row) for row in session.scalars(query)]


def _run(session: Session, row: RunRow) -> Run:
    visits = (
        select(ObservationRow.outcome, func.count())
        .where(ObservationRow.run == row.id)
        .group_by(ObservationRow.outcome)
    )
    outcomes = dict(session.execute(visits).all())
    month = Month.parse(row.month) if row.month else None
    return Run(
        row.id,
        row.kind,
        month,
        row.started,
        row.finished,
        outcomes,
        row.heartbeat,
        RunOutcome(row.outcome) if row.outcome else None,
        row.detail or "",
    )
