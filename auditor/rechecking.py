"""Visits read again from their evidence, under today's code and configuration: what would change, and taking it over.

Nothing is asked of any portal. A visit whose evidence does not hold all that is asked for today, or that left none, is
told, and keeps what it saw then: silence of the evidence is no silence of the portal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic_ns

from sqlalchemy.orm import Session

from auditor.adopted import weights_in
from auditor.audit.figures import month_figures, month_items
from auditor.audit.month import CountedItem, MonthFigures
from auditor.audit.past import with_past
from auditor.audit.windows import window_of
from auditor.comparing import Change, changes
from auditor.context import Context, InterruptedCrawlError
from auditor.crawl import lock
from auditor.crawl.folders import DataFolder
from auditor.crawl.supervise import Job, Supervisor
from auditor.files import write_atomic
from auditor.observation import Observation
from auditor.report import write_report
from auditor.store.database import Database
from auditor.store.rebuild import StoredVisit, decide_stale, rebuild, stored_visits
from auditor.text import printable
from auditor.window import Month

_LISTED = 3


@dataclass(frozen=True)
class Unread:
    """A visit that could not be read again, and why."""

    unit: str
    started: datetime
    why: str


@dataclass(frozen=True)
class Rechecked:
    """What came of it.

    Attributes:
        visits: how many were read again; differing: how many of them saw something else.
        changes: in the month's items and verdicts. figures: the month as it would be, or now is.
        files: the report of those figures, where one was asked for.
    """

    visits: int
    differing: int
    unread: Sequence[Unread]
    changes: Sequence[Change]
    figures: MonthFigures
    adopted: bool
    files: Sequence[Path] = ()


@dataclass
class _Work:
    """What is known of the visits on the way.

    Attributes:
        desk: a folder for the time being, in which the visits are read.
        visits: all of the units'. chosen: those to be read again. seen: files of what they saw, by row.
        places: where what is taken over is put away.
    """

    desk: DataFolder
    visits: Sequence[StoredVisit]
    chosen: Sequence[StoredVisit]
    seen: dict[int, Path] = field(default_factory=dict)
    places: dict[int, str] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)

    def lacks(self, visit: StoredVisit, why: str) -> None:
        """Notes a visit that could not be read again."""
        self.unread.append(Unread(visit.unit, visit.started, why))


def recheck(
    context: Context,
    month: Month,
    keys: Sequence[str] = (),
    *,
    adopt: bool = False,
    output: Path | None = None,
    formats: Sequence[str] = (),
) -> Rechecked:
    """Reads the visits again that a month's figures may rest on, and compares.

    Args:
        context: where and how; its `progress` is told of each visit.
        month: whose items and verdicts are compared.
        keys: of the units; none for all.
        adopt: take over what is seen today, all in one transaction.
        output: a folder for the report of the month as it would be.
        formats: of the report's files.

    Raises:
        InputError: as `crawling.crawl`; an observation that should be there is missing.
        InterruptedCrawlError: `context.stop` was set.
    """
    context.refuse_future(month)
    units = [context.jurisdiction.unit(key).key for key in keys] or [unit.key for unit in context.jurisdiction.units]
    context.data.make()
    with (
        lock.hold(context.data.lock, " ".join(("recheck", *keys)), context.now()),
        Database.open(context.database) as database,
        TemporaryDirectory(dir=context.data.work, prefix="recheck-") as folder,
    ):
        with database.session() as session:
            work = _work(session, context, DataFolder(Path(folder)), month, units)
            before = _state(session, context, month)
        _read_again(context, work)
        differing = _differing(context, work)
        with _trial(database, keep=adopt) as session, _written(context, work, differing if adopt else ()):
            _relearn(context, session, work, differing if adopt else tuple(work.seen))
            after = _state(session, context, month)
    files = write_report(after[0], output, formats, templates=context.templates) if output else ()
    found = [change for change in changes(before, after) if change.unit in units]
    return Rechecked(len(work.seen), len(differing), work.unread, found, after[0], adopt, tuple(files))


def _state(session: Session, context: Context, month: Month) -> tuple[MonthFigures, tuple[CountedItem, ...]]:
    given = (session, context.jurisdiction, month)
    return (
        with_past(session, context.jurisdiction, month_figures(*given, today=context.today)),
        month_items(*given, everything=True, today=context.today),
    )


@contextmanager
def _trial(database: Database, *, keep: bool) -> Iterator[Session]:
    """A transaction that is undone unless it is to be kept."""
    with database.transaction() as session:
        yield session
        if not keep:
            session.rollback()


def _differing(context: Context, work: _Work) -> list[int]:
    """The visits that see something else today, by row.

    Raises:
        InputError: what one of them saw then is missing or damaged.
    """
    sources = {visit.id: context.data.root / visit.source for visit in work.visits}
    return [row for row, file in work.seen.items() if Observation.read(file) != Observation.read(sources[row])]


@contextmanager
def _written(context: Context, work: _Work, rows: Sequence[int]) -> Iterator[None]:
    """Writes what visits see today beside what they saw then, and takes it away again if the transaction fails."""
    work.places = {visit.id: context.data.reread(visit.source) for visit in work.visits if visit.id in rows}
    try:
        for row, source in work.places.items():
            write_atomic(context.data.root / source, work.seen[row].read_bytes())
        yield
    except BaseException:
        for source in work.places.values():
            (context.data.root / source).unlink(missing_ok=True)
        raise


def _relearn(context: Context, session: Session, work: _Work, rows: Sequence[int]) -> None:
    """Learns the units anew whose visits these are."""
    visits = {visit.id: visit for visit in work.visits}

    def saw(row: int) -> tuple[Observation, str]:
        visit = visits[row]
        file = work.seen.get(row, context.data.root / visit.source)
        return Observation.read(file), work.places.get(row, visit.source)

    for unit in sorted({visits[row].unit for row in rows}):
        rebuild(session, context.jurisdiction, unit, saw, context.classifier)
    decide_stale(session, context.classifier)


def _work(session: Session, context: Context, desk: DataFolder, month: Month, units: Sequence[str]) -> _Work:
    """The visits that may have seen something of the month's window or of the one it is compared with."""
    zone, visits = context.jurisdiction.timezone, stored_visits(session, units)
    window, previous = (window_of(session, context.jurisdiction, one) for one in (month, month.preceding()))
    work = _Work(desk, visits, [])
    concerned = [
        visit
        for visit in visits
        if visit.started.astimezone(zone).date() >= previous.first and visit.first_day <= window.last
    ]
    for visit in concerned:
        if not context.data.evidence_of(visit.source, visit.unit).exists():
            work.lacks(visit, "it left no evidence")
    lacking = {(each.unit, each.started) for each in work.unread}
    work.chosen = [visit for visit in concerned if (visit.unit, visit.started) not in lacking]
    return work


def _read_again(context: Context, work: _Work) -> None:
    """Reads the chosen visits, one of each unit side by side.

    Raises:
        InterruptedCrawlError: `context.stop` was set.
    """
    turns: defaultdict[str, list[StoredVisit]] = defaultdict(list)
    for visit in work.chosen:
        turns[visit.unit].append(visit)
    work.desk.make()
    context.progress.begin(len(work.chosen))
    try:
        for turn in range(max(map(len, turns.values()), default=0)):
            _read_turn(context, work, {key: visits[turn] for key, visits in turns.items() if turn < len(visits)})
    finally:
        context.progress.end()


def _read_turn(context: Context, work: _Work, visits: Mapping[str, StoredVisit]) -> None:
    run = f"recheck-{monotonic_ns()}"
    job = Job(
        portals=context.portals,
        units=[context.jurisdiction.unit(key) for key in visits],
        first_day=min(visit.first_day for visit in visits.values()),
        run=run,
        worker=context.worker,
        platforms=context.platforms,
        weights=weights_in(context.data.judge),
        replay={key: context.data.evidence_of(visit.source, key) for key, visit in visits.items()},
    )
    done: set[str] = set()

    def deliver(observation: Observation, file: Path) -> None:
        done.add(observation.unit)
        visit = visits[observation.unit]
        unkept = file.with_suffix(".unkept")
        if unkept.exists():
            work.lacks(visit, _asked_in_vain(unkept))
        elif observation.started != visit.started:  # the supervisor's own word for a reader that died
            work.lacks(visit, f"reading it failed: {observation.detail}")
        else:
            work.seen[visit.id] = file.replace(work.desk.root / f"{visit.id}.seen")
        context.progress.advanced()

    Supervisor(job, work.desk, deliver, context.limits, context.stop).run()
    work.desk.drop(run)
    if len(done) < len(visits):
        raise InterruptedCrawlError("nothing was changed")


def _asked_in_vain(unkept: Path) -> str:
    addresses = unkept.read_text("utf-8").splitlines()
    more = f" and {len(addresses) - _LISTED} more" if len(addresses) > _LISTED else ""
    named = ", ".join(printable(address, 200) for address in addresses[:_LISTED])
    return f"its evidence does not hold {named}{more}: only a new visit can tell"
