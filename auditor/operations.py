"""What is stored, for whoever asks: the commands and the schedule.

An operation takes a `Context` and gives its result; it prints nothing and asks nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from auditor.audit.closing import printed_items, printed_month
from auditor.audit.month import CountedItem, MonthFigures
from auditor.context import Context, open_decided, recorded
from auditor.errors import InputError
from auditor.outcomes import Outcome
from auditor.portals import Unit
from auditor.report import write_report
from auditor.store.closings import closed_months
from auditor.store.database import Database
from auditor.store.queries import Visit, latest_visits, visits_since
from auditor.store.runs import Run, last_run, latest_runs
from auditor.window import Month


def figures(context: Context, month: Month) -> MonthFigures:
    """The figures of a month from what is stored.

    Raises:
        InputError: the month has not begun, or no unit existed in it; the database cannot be used.
    """
    context.refuse_future(month)
    with open_decided(context) as database, database.session() as session:
        return _figures(context, session, month)


def is_closed(context: Context, month: Month) -> bool:
    """Whether the month is closed; without a database none is."""
    try:
        with Database.open(context.database) as database, database.session() as session:
            return str(month) in closed_months(session)
    except InputError:
        return False


def _figures(context: Context, session: Session, month: Month) -> MonthFigures:
    """The month as it is printed; a closed one needs nothing of today's portals.yaml."""
    if str(month) not in closed_months(session):
        context.units(month)
    return printed_month(session, context.jurisdiction, month, today=context.today)


def items(
    context: Context, month: Month, *, unit: str | None = None, everything: bool = False
) -> Sequence[CountedItem]:
    """The counted items of a month; with `everything`, those not counted too, each with its reason.

    Raises:
        InputError: as `figures`; no such unit.
    """
    context.refuse_future(month)
    if unit is not None and not is_closed(context, month):
        context.jurisdiction.unit(unit)
    with open_decided(context) as database, database.session() as session:
        return printed_items(
            session, context.jurisdiction, month, unit=unit, everything=everything, today=context.today
        )


@dataclass(frozen=True)
class Report:
    """A month's figures and the files they were written to."""

    figures: MonthFigures
    files: Sequence[Path]


def report(context: Context, month: Month, output: Path, formats: Sequence[str], *, kind: str = "report") -> Report:
    """Writes the report of a month.

    Args:
        context: where and how.
        month: of the report.
        output: the folder, made where it is missing.
        formats: of the files: docx, xlsx, html, json; pdf.
        kind: the name of the run in the database.

    Raises:
        InputError: as `figures`; a place that cannot be written; an unknown format.
    """
    context.refuse_future(month)
    with open_decided(context) as database, recorded(context, database, kind, month):
        with database.session() as session:
            found = _figures(context, session, month)
        files = write_report(found, output, formats, templates=context.templates)
    return Report(found, tuple(files))


@dataclass(frozen=True)
class LastSeen:
    """A unit and its visits: the last one, and the last one that was complete; None where there was none."""

    unit: Unit
    visit: Visit | None
    complete: Visit | None


def last_seen(context: Context) -> Sequence[LastSeen]:
    """Every unit of the open month, and how it was last seen.

    Raises:
        InputError: the database cannot be used.
    """
    units = context.units(context.open_month)
    with Database.open(context.database) as database, database.session() as session:
        until = context.latest
        visits, complete = latest_visits(session, until=until), latest_visits(session, complete=True, until=until)
    return [LastSeen(unit, visits.get(unit.key), complete.get(unit.key)) for unit in units]


def unread_since(context: Context, since: datetime, attempts: int) -> Sequence[str]:
    """The keys of units whose every visit since then was in vain, though another may not be: fewer than `attempts`.

    Raises:
        InputError: the database cannot be used.
    """
    with Database.open(context.database) as database, database.session() as session:
        visits = visits_since(session, since, context.latest)
    tried = {unit.key: visits.get(unit.key, []) for unit in context.units(context.open_month)}
    return [key for key, seen in tried.items() if seen and len(seen) < attempts and all(map(_may_pass, seen))]


def _may_pass(visit: Visit) -> bool:
    return visit.outcome in {Outcome.UNREACHABLE, Outcome.BLOCKED, Outcome.PARTIAL, Outcome.FAILED}


def latest_run(context: Context, kind: str, *, finished: bool = False) -> Run | None:
    """The run of this kind that began last, as of the present; with `finished`, of those that came to their end."""
    with Database.open(context.database) as database, database.session() as session:
        return last_run(session, kind, finished=finished, until=context.latest)


def recent_runs(context: Context, count: int) -> Sequence[Run]:
    """The runs, of any kind, that began last; the last one first."""
    with Database.open(context.database) as database, database.session() as session:
        return latest_runs(session, count)
