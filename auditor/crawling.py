"""Crawls, for whoever asks: visits units by child processes and stores what they saw; looks at one without storing."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from auditor.adopted import weights_in
from auditor.context import Context, InterruptedCrawlError, Visited, recorded
from auditor.crawl import lock
from auditor.crawl.evidence.manifest import complete
from auditor.crawl.folders import LOOK, DataFolder
from auditor.crawl.supervise import Job, RejectedError, Supervisor, read_observation
from auditor.errors import InputError
from auditor.observation import Observation
from auditor.outcomes import Outcome
from auditor.portals import Unit
from auditor.store.absence import missing_posts
from auditor.store.database import Database
from auditor.store.ingest import ingest
from auditor.store.landmarks import landmarks
from auditor.store.runs import beat
from auditor.window import Month

log = logging.getLogger(__name__)

LOOKS_BACK = 3
"""Months before the one asked for that a crawl reads as well."""


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
    context.refuse_future(month)
    units = context.units(month, keys)
    context.data.make()
    work = " ".join(("crawl", *keys))
    with lock.hold(context.data.lock, work, context.now()), Database.open(context.database) as database:
        store = _Store(context, database)
        _take_leftovers(context.data, store)
        with recorded(context, database, kind or ("audit" if keys else "crawl"), month) as run:
            store.run = run
            result = _crawl(context, store, units, month, run)
        _clear_up(context)
        return result


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
