"""What every operation needs to know and how it begins: the context, the decided database, a recorded run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Event

from sqlalchemy.exc import SQLAlchemyError

from auditor import logs
from auditor.adopted import judge_in, weights_in
from auditor.audit.windows import window_of
from auditor.classify import Judge, judge, version
from auditor.crawl.folders import DataFolder
from auditor.crawl.supervise import WORKER, Limits
from auditor.errors import InputError
from auditor.outcomes import Cause, Outcome
from auditor.portals import Jurisdiction, Unit
from auditor.store.database import Database
from auditor.store.deciding import Classifier, decide_again
from auditor.store.runs import RunOutcome, end_run, finish_run, start_run
from auditor.text import printable
from auditor.window import Month, Window

log = logging.getLogger(__name__)

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

    def units(self, month: Month, keys: Sequence[str] = ()) -> Sequence[Unit]:
        """The units of these keys, or all that exist in the month.

        Raises:
            InputError: there is no such unit; none exists in the month.
        """
        if keys:
            return [self.jurisdiction.unit(key) for key in dict.fromkeys(keys)]
        units = self.jurisdiction.units_valid_in(self.window(month))
        if not units:
            raise InputError(f"no unit exists in {month}: check valid_from and valid_to in portals.yaml")
        return units

    def refuse_future(self, month: Month) -> None:
        """Sees to it that a month has begun.

        Raises:
            InputError: it has not.
        """
        first = self.window(month).first
        if first > self.today:
            raise InputError(f"{month} has not begun: it counts from {first}; the open month is {self.open_month}")

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


@contextmanager
def recorded(context: Context, database: Database, kind: str, month: Month) -> Iterator[int]:
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
