"""What the program does, for whoever asks: the commands and the schedule.

An operation takes a `Context` and gives its result; it prints nothing and asks nobody.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from auditor import logs
from auditor.adopted import judge_in, weights_in
from auditor.audit.closing import printed_items, printed_month
from auditor.audit.month import CountedItem, MonthFigures
from auditor.audit.windows import window_of
from auditor.classify import Judge, judge, version
from auditor.crawl import lock
from auditor.crawl.evidence.manifest import complete
from auditor.crawl.folders import LOOK, DataFolder
from auditor.crawl.supervise import WORKER, Job, Limits, RejectedError, Supervisor, read_observation
from auditor.errors import InputError
from auditor.observation import Observation
from auditor.outcomes import Cause, Outcome
from auditor.portals import Jurisdiction, Unit
from auditor.report import write_report
from auditor.store.absence import missing_posts
from auditor.store.closings import closed_months
from auditor.store.database import Database
from auditor.store.deciding import Classifier, decide_again
from auditor.store.ingest import ingest
from auditor.store.landmarks import landmarks
from auditor.store.queries import Visit, latest_visits, visits_since
from auditor.store.runs import Run, RunOutcome, beat, end_run, finish_run, last_run, latest_runs, start_run
from auditor.text import printable
from auditor.window import Month, Window

log = logging.getLogger(__name__)

LOOKS_BACK = 3
"""Months before the one asked for that a crawl reads as well."""
_CLOCK_MAY_ERR = timedelta(hours=12)


@dataclass(frozen=True)
class Visited:
    """One unit of a crawl, stored: what came of the visit; how many items it saw, and how many of them were new."""

    unit: Unit
    outcome: Outcome
    cause: Cause | None
    detail: str
    items: int
    new: int


class Progress:
    """Is told how a crawl gets on. This one keeps silent."""

    def begin(self, total: int) -> None:
        """`total` units are going to be visited."""

    def visited(self, visited: Visited) -> None:
        """One of them was."""

    def advanced(self) -> None:
        """One of them was, and there is nothing to say of it."""

    def end(self) -> None:
        """No more will be."""


@dataclass(frozen=True)
class Context:
    """What every operation needs to know.

    Attributes:
        portals: the file `jurisdiction` was read from; children read it again.
        database: its address, as `Database.open` takes it.
        now: the clock; aware.
        stop: set from outside, it ends a crawl within seconds.
        platforms: whether a crawl may use what is known of a portal's family.
    """

    portals: Path
    jurisdiction: Jurisdiction
    database: str
    data: DataFolder
    now: Callable[[], datetime]
    progress: Progress = field(default_factory=Progress)
    stop: Event = field(default_factory=Event)
    limits: Limits = field(default_factory=Limits)
    worker: Sequence[str] = WORKER
    platforms: bool = True

    @property
    def latest(self) -> datetime:
        """The present, and half a day that clocks are put right by: what is dated later was dated by a wrong one."""
        return self.now() + _CLOCK_MAY_ERR

    @property
    def today(self) -> date:
        """The day it is in the jurisdiction."""
        return self.now().astimezone(self.jurisdiction.timezone).date()

    @property
    def open_month(self) -> Month:
        """The month whose window holds today; one that was closed under another cut-off may have ended before."""
        month = Month.containing(self.today, self.jurisdiction.cutoff_day)
        return month if self.today <= self.window(month).last else month.following()

    def window(self, month: Month) -> Window:
        """The days a month counts, as `auditor.audit.windows.window_of`.

        Raises:
            InputError: the database cannot be used; a closed month was altered in it.
        """
        if not Database.is_there(self.database):
            return month.window(self.jurisdiction.cutoff_day)
        with Database.open(self.database) as database, database.session() as session:
            return window_of(session, self.jurisdiction, month)

    def month_of(self, day: date) -> Month:
        """The month whose window holds a day."""
        return Month.containing(day, self.jurisdiction.cutoff_day)

    @property
    def templates(self) -> Path | None:
        """The office's own wording: a folder `templates` beside portals.yaml; None where there is none."""
        folder = self.portals.parent / "templates"
        return folder if folder.is_dir() else None

    @property
    def judge(self) -> Judge:
        """The judge in use; asked for anew each time, as another command may have adopted one.

        Raises:
            InputError: what was adopted is damaged.
        """
        return judge_in(self.data.judge)

    @property
    def classifier(self) -> Classifier:
        """The judge in use, for the store; it is not loaded before it has something to decide.

        Raises:
            InputError: as `judge`.
        """
        weights = weights_in(self.data.judge)

        return Classifier(lambda *facts: judge(weights).classify(*facts), version(weights))


class InterruptedCrawlError(Exception):
    """The crawl was told to stop; what was finished is stored."""


@dataclass(frozen=True)
class CrawlResult:
    """The visits of a crawl, in the order they ended."""

    visits: tuple[Visited, ...]

    @property
    def outcomes(self) -> Mapping[Outcome, int]:
        """How many visits had each outcome."""
        return Counter(visited.outcome for visited in self.visits)

    @property
    def observed(self) -> bool:
        """Whether every unit was read completely."""
        return all(visited.outcome is Outcome.COMPLETE for visited in self.visits)


def crawl(
    context: Context, keys: Sequence[str] = (), month: Month | None = None, kind: str | None = None
) -> CrawlResult:
    """Visits the units (all that exist in the month, or those named) and stores what was seen.

    Reads down to the first day of the window `LOOKS_BACK` months before the month's: the comparison needs the one
    before it; the others take in what was posted late or dated back, and let a first crawl fill a quarter.

    Args:
        context: where and how.
        keys: of the units to visit; none for all.
        month: default: the open one.
        kind: the name of the run in the database; default: "crawl" of all units, "audit" of some.

    Raises:
        InputError: an unknown unit, a month that has not begun, a place that cannot be written, another crawl.
        InterruptedCrawlError: `context.stop` was set.
    """
    month = month or context.open_month
    _refuse_future(context, month)
    units = _units(context, keys, month)
    context.data.make()
    work = " ".join(("crawl", *keys))
    with lock.hold(context.data.lock, work, context.now()), Database.open(context.database) as database:
        store = _Store(context, database)
        _take_leftovers(context.data, store)
        with _recorded(context, database, kind or ("audit" if keys else "crawl"), month) as run:
            store.run = run
            result = _crawl(context, store, units, month, run)
        _clear_up(context)
        return result


@contextmanager
def _recorded(context: Context, database: Database, kind: str, month: Month) -> Iterator[int]:
    """A run of the database for the body of the `with`: its number; what comes of the body is noted in it."""
    with database.transaction() as session:
        run = start_run(session, kind, month, context.now())
    try:
        with logs.of_run(run):
            yield run
    except BaseException as error:
        stopped = isinstance(error, InterruptedCrawlError | KeyboardInterrupt)
        outcome = RunOutcome.STOPPED if stopped else RunOutcome.FAILED
        why = printable(f"{type(error).__name__}: {error}", 300)
        with suppress(InputError, SQLAlchemyError), database.transaction() as session:  # it may be what failed
            end_run(session, run, context.now(), outcome, why)
        raise
    with database.transaction() as session:
        finish_run(session, run, context.now())


def _clear_up(context: Context) -> None:
    context.data.sweep()
    complete(context.data.evidence, context.month_of)
    context.data.forget_logs(context.now())


def _crawl(context: Context, store: _Store, units: Sequence[Unit], month: Month, run: int) -> CrawlResult:
    cutoff = context.jurisdiction.cutoff_day
    started = context.now()
    with store.database.session() as session:
        keys = [unit.key for unit in units]
        looks = landmarks(session, keys, started)
        missing = missing_posts(session, keys, context.jurisdiction.timezone, context.latest)
    job = Job(
        portals=context.portals,
        units=units,
        first_day=_months_before(month, LOOKS_BACK).window(cutoff).first,
        run=f"{started.astimezone(context.jurisdiction.timezone):%Y%m%d-%H%M%S}-{run}",
        worker=context.worker,
        platforms=context.platforms,
        weights=weights_in(context.data.judge),
        evidence=context.data.evidence,
        missing=missing,
        landmarks=looks,
        ahead=_ahead(started),
    )
    visits: list[Visited] = []

    def deliver(observation: Observation, file: Path) -> None:
        visits.append(store.take(observation, file))
        log.debug("%s: %s %s %s", observation.unit, observation.outcome, observation.cause or "", observation.detail)
        context.progress.visited(visits[-1])

    context.progress.begin(len(units))
    try:
        Supervisor(job, context.data, deliver, context.limits, context.stop).run()
    finally:
        context.progress.end()
    if len(visits) < len(units):
        raise InterruptedCrawlError(f"{len(visits)} of {len(units)} units were visited and stored")
    return CrawlResult(tuple(visits))


def _ahead(now: datetime) -> timedelta:
    """How far a context's clock is ahead of the machine's: nothing worth a word, but in a rehearsal."""
    ahead = now - datetime.now(UTC)
    return ahead if abs(ahead) > timedelta(seconds=1) else timedelta(0)


def discover(context: Context, key: str) -> Observation:
    """Looks for a unit's section and its parts as if portals.yaml said nothing of them; stores nothing.

    Raises:
        InputError: an unknown unit, a place that cannot be written, another crawl.
        InterruptedCrawlError: `context.stop` was set.
    """
    return look(context, context.jurisdiction.unit(key), f"units discover {key}")


def look(context: Context, unit: Unit, command: str, keep: Path | None = None) -> Observation:
    """Visits one unit of `context.portals` for the open day alone, as if nothing were known of it; stores nothing.

    Args:
        context: its `portals` names the unit.
        unit: whom to visit.
        command: told to whoever finds the data folder locked.
        keep: a folder for the pages as they were answered.

    Raises:
        InputError: a place that cannot be written, another crawl.
        InterruptedCrawlError: `context.stop` was set.
    """
    context.data.make()
    found: list[Observation] = []
    run = f"{LOOK}{context.now():%Y%m%d-%H%M%S}"
    weights = weights_in(context.data.judge)
    job = Job(context.portals, [unit], context.today, run, context.worker, unguided=True, keep=keep, weights=weights)

    def deliver(observation: Observation, file: Path) -> None:
        found.append(observation)
        file.unlink()

    with lock.hold(context.data.lock, command, context.now()):
        context.data.drop(run)  # of a look that was killed in the same second of a clock that was set back
        Supervisor(job, context.data, deliver, context.limits, context.stop).run()
        context.data.drop(run)
    if not found:
        raise InterruptedCrawlError(f"{unit.url} was not visited")
    return found[0]


def _months_before(month: Month, count: int) -> Month:
    for _ in range(count):
        month = month.preceding()
    return month


class _Store:
    """Takes observations into the database, then their files into the archive."""

    def __init__(self, context: Context, database: Database) -> None:
        self.database = database
        self.run: int | None = None
        self._context = context
        self._jurisdiction = context.jurisdiction
        self._data = context.data

    def take(self, observation: Observation, file: Path) -> Visited:
        """Stores one observation in one transaction.

        Raises:
            RejectedError: it cannot be stored, whoever tries.
        """
        source = self._data.source(observation, self._jurisdiction.timezone)
        classifier = self._context.classifier
        with self.database.transaction() as session:
            try:
                unit = self._jurisdiction.unit(observation.unit)
                result = ingest(
                    session, self._jurisdiction, observation, run=self.run, source=source, classifier=classifier
                )
            except InputError as error:
                raise RejectedError(f"{file}: {error}") from error
            if self.run is not None:
                beat(session, self.run, self._context.now())
        # A crash between the two leaves the file for the next crawl, which stores nothing twice.
        self._data.keep(file, source)
        return Visited(
            unit, observation.outcome, observation.cause, observation.detail, len(observation.items), result.new
        )


def _take_leftovers(data: DataFolder, store: _Store) -> None:
    """Stores what a crawl that was cut off had finished."""
    for file in data.leftovers():
        try:
            visited = store.take(read_observation(file), file)
            log.info("stored %s of a crawl that was cut off", visited.unit.key)
        except RejectedError as error:
            log.warning("%s: kept as %s", error, data.set_aside(file))
    data.sweep()


def figures(context: Context, month: Month) -> MonthFigures:
    """The figures of a month from what is stored.

    Raises:
        InputError: the month has not begun, or no unit existed in it; the database cannot be used.
    """
    _refuse_future(context, month)
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
        _units(context, (), month)
    return printed_month(session, context.jurisdiction, month, today=context.today)


def items(
    context: Context, month: Month, *, unit: str | None = None, everything: bool = False
) -> Sequence[CountedItem]:
    """The counted items of a month; with `everything`, those not counted too, each with its reason.

    Raises:
        InputError: as `figures`; no such unit.
    """
    _refuse_future(context, month)
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
    _refuse_future(context, month)
    with open_decided(context) as database, _recorded(context, database, kind, month):
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
    units = _units(context, (), context.open_month)
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
    tried = {unit.key: visits.get(unit.key, []) for unit in _units(context, (), context.open_month)}
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


def open_decided(context: Context) -> Database:
    """The database, with every item decided by the judge in use: the commands that read decisions open it so.

    Raises:
        InputError: the database cannot be used; what was adopted is damaged.
    """
    database = Database.open(context.database)
    try:
        again = decide_again(database, context.classifier)
    except BaseException:
        database.close()
        raise
    if again:
        log.warning("the judge has changed: %d stored items were decided again", again)
    return database


def _units(context: Context, keys: Sequence[str], month: Month) -> Sequence[Unit]:
    if keys:
        return [context.jurisdiction.unit(key) for key in dict.fromkeys(keys)]
    units = context.jurisdiction.units_valid_in(context.window(month))
    if not units:
        raise InputError(f"no unit exists in {month}: check valid_from and valid_to in portals.yaml")
    return units


def _refuse_future(context: Context, month: Month) -> None:
    first = context.window(month).first
    if first > context.today:
        raise InputError(f"{month} has not begun: it counts from {first}; the open month is {context.open_month}")
