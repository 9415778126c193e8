"""The nightly crawl and the monthly report, for ever.

What is due is decided from the runs in the database, never from what this process remembers: a night that was missed
(machine off, crawl killed, another crawl in the way) is made up for when the scheduler starts and again before the
report is due each morning. The jobs only say when to look.

The crawl itself runs in child processes; this one stays small and never loads the crawler.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from time import sleep
from types import MappingProxyType
from zoneinfo import ZoneInfo

from apscheduler.events import (  # type: ignore[import-untyped]
    EVENT_JOB_ERROR,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    JobEvent,
)
from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped]

from auditor import crawling, logs, operations
from auditor.context import Context, InterruptedCrawlError
from auditor.crawl import lock
from auditor.crawling import CrawlResult
from auditor.errors import InputError, place_fault
from auditor.files import write_atomic
from auditor.health import Health, Upcoming, health, serving
from auditor.messages.telling import Delivery, tell
from auditor.operations import Report
from auditor.portals import Jurisdiction, load
from auditor.pruning import keep_limits
from auditor.report import FORMATS
from auditor.window import CutoffDay, Month

log = logging.getLogger(__name__)

NIGHTLY_CRAWL = "nightly-crawl"
MONTHLY_REPORT = "monthly-report"
ANOTHER_ATTEMPT = "another-attempt"

_JITTER = timedelta(minutes=30)  # so that not every installation calls on the same second
_GRACE = timedelta(hours=12)  # a look that had to wait longer (machine asleep, crawl going on) is left to the next one
_SECONDS_TO_NOTICE_A_SIGNAL = 0.2
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Plan:
    """When the crawl and the report are due, in the jurisdiction's time zone."""

    zone: ZoneInfo
    cutoff: CutoffDay
    crawl_at: time = time(1, 0)
    report_at: time = time(6, 0)
    again_at: tuple[time, ...] = ()

    @classmethod
    def of(cls, jurisdiction: Jurisdiction, crawl_at: time | None = None, report_at: time | None = None) -> Plan:
        """The plan of a jurisdiction: its own times, unless others are given.

        Raises:
            InputError: the report would be written before the crawl it needs.
        """
        crawl_at = crawl_at or jurisdiction.service.crawl_at
        report_at = report_at or jurisdiction.service.report_at
        if report_at <= crawl_at:
            raise InputError(
                f"the report at {report_at:%H:%M} would not know the crawl at {crawl_at:%H:%M}: "
                "let it be later on the same day"
            )
        return cls(jurisdiction.timezone, jurisdiction.cutoff_day, crawl_at, report_at, jurisdiction.service.again_at)

    def last_crawl(self, now: datetime) -> datetime:
        """When a crawl was last due."""
        today = now.astimezone(self.zone).date()
        due = self._at(today, self.crawl_at)
        return due if due <= now else self._at(today - _DAY, self.crawl_at)

    def attempts(self, now: datetime) -> int:
        """How many visits of a unit the night has room for until now, the crawl's own among them."""
        due = self.last_crawl(now)
        moments = (self._at(due.date() + (clock < self.crawl_at) * _DAY, clock) for clock in self.again_at)
        return 1 + sum(moment <= now for moment in moments)

    def next_crawl(self, now: datetime) -> datetime:
        """When the next crawl is due."""
        return self._at(self.last_crawl(now).date() + _DAY, self.crawl_at)

    def report(self, month: Month) -> datetime:
        """When a month's report is due: the morning after its cut-off."""
        return self._at(month.last_counted_day(self.cutoff) + _DAY, self.report_at)

    def last_reported(self, now: datetime) -> Month:
        """The month whose report was due last."""
        month = Month.containing(now.astimezone(self.zone).date(), self.cutoff).preceding()
        return month if self.report(month) <= now else month.preceding()

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone)


@dataclass(frozen=True)
class Done:
    """What was due and has been done; None for what was not due."""

    crawl: CrawlResult | None
    report: Report | None
    again: CrawlResult | None = None

    @property
    def observed(self) -> bool:
        """Whether no unit was left unread by what was done."""
        last = self.again or self.crawl
        return last is None or last.observed


def crawl_if_due(context: Context, plan: Plan) -> CrawlResult | None:
    """Crawls all units unless that has been done, to its end, since it was last due.

    Raises:
        InputError, InterruptedCrawlError: as `crawling.crawl`.
    """
    context.data.make()
    last = operations.latest_run(context, "crawl")
    if last and last.finished and last.started >= plan.last_crawl(context.now()):
        return None
    result = crawling.crawl(context)
    log.info("crawled: %s", ", ".join(f"{count} {outcome}" for outcome, count in result.outcomes.items()))
    _keep_limits(context)
    return result


def _keep_limits(context: Context) -> None:
    """Drops evidence that need not be kept; what stands in the way costs no night."""
    try:
        gone = keep_limits(context)
    except InputError as error:
        log.error("evidence is over its limits, and stays: %s", error)  # noqa: TRY400 - told whole
        return
    if gone and gone.files:
        log.info("dropped %d evidence files that prove nothing, %d bytes", len(gone.files), gone.bytes)


def try_again(context: Context, plan: Plan) -> CrawlResult | None:
    """Visits again what could not be read since the night's crawl was due: a fault that passes is nobody's fault.

    Raises:
        InputError, InterruptedCrawlError: as `crawling.crawl`.
    """
    keys = operations.unread_since(context, plan.last_crawl(context.now()), plan.attempts(context.now()))
    if not keys:
        return None
    result = crawling.crawl(context, keys, kind=ANOTHER_ATTEMPT)
    log.info("visited again: %s", ", ".join(f"{count} {outcome}" for outcome, count in result.outcomes.items()))
    return result


def report_if_due(context: Context, plan: Plan) -> Report | None:
    """Writes the report that was due last, unless that has been done.

    Raises:
        InputError: as `operations.report`.
    """
    month = plan.last_reported(context.now())
    last = operations.latest_run(context, MONTHLY_REPORT)
    if last and last.finished and last.month and last.month >= month:
        return None
    report = operations.report(context, month, context.data.reports, FORMATS, kind=MONTHLY_REPORT)
    log.info("wrote the report of %s: %s", month, ", ".join(str(file) for file in report.files))
    return report


def catch_up(context: Context, plan: Plan) -> Done:
    """Does what is due; the report only after the crawl it needs, and after another attempt at what it did not read.

    Raises:
        InputError, InterruptedCrawlError: as the three above.
    """
    crawled = crawl_if_due(context, plan)
    again = try_again(context, plan)
    return Done(crawled, report_if_due(context, plan), again)


def tell_people(context: Context, secrets: Mapping[str, str]) -> Sequence[Delivery]:
    """Tells the operator and the clerk what is new to them; what could not be sent is sent the next time.

    Raises:
        InputError: as `messages.telling.tell`.
    """
    deliveries = tell(context, secrets)
    for delivery in deliveries:
        if delivery.fault:
            log.error("a message was not sent: %s", delivery.fault)
        elif delivery.digest:
            log.info(
                "told through %s: %d new, %d over",
                delivery.channel,
                len(delivery.digest.news),
                len(delivery.digest.ended),
            )
    return deliveries


def look_after(context: Context, plan: Plan, secrets: Mapping[str, str]) -> Done:
    """Does what is due, then tells people what came of it, also where the work itself could not be done.

    Raises:
        InputError, InterruptedCrawlError: as `catch_up` and `tell_people`.
    """
    try:
        return catch_up(context, plan)
    finally:
        if not context.stop.is_set():
            tell_people(context, secrets)


def once(context: Context, plan: Plan, secrets: Mapping[str, str]) -> Done:
    """What `look_after` does, with a log of its own: a scheduler may be writing the other one.

    Raises:
        InputError, InterruptedCrawlError: as `look_after`; the log cannot be written.
    """
    with logs.to_file(context.data.logs / "once.log", logging.getLogger("auditor")):
        return look_after(context, plan, secrets)


def serve(
    context: Context,
    plan: Plan,
    secrets: Mapping[str, str] = MappingProxyType({}),
    health_at: tuple[str, int] | None = None,
) -> None:
    """Does what is due now, then what becomes due, until `context.stop` is set.

    Args:
        context: where and how.
        plan: when.
        secrets: of the channels to people, see `messages.secrets`.
        health_at: host and port at which it answers how it does; None for nowhere.

    Raises:
        BusyError: another scheduler looks after this data folder.
        InputError: `health_at` is taken.
    """
    answering = serving(*health_at, partial(_health, context)) if health_at else nullcontext()
    journal = logs.to_file(context.data.logs / "schedule.log", logging.getLogger("auditor"))
    with lock.hold(_lock(context), "schedule", context.now()), journal, answering:
        note = {"crawl_at": f"{plan.crawl_at:%H:%M}", "report_at": f"{plan.report_at:%H:%M}"}
        write_atomic(_note(context), json.dumps(note))
        log.info("looking after %s: crawl at %s, report at %s (%s)", context.data.root, *note.values(), plan.zone)
        scheduler = scheduler_for(context, plan, secrets)
        scheduler.add_job(partial(_run, partial(look_after, secrets=secrets), context, plan), id="catch-up")
        scheduler.start()
        try:
            while not context.stop.is_set():  # never waited on: see Supervisor
                sleep(_SECONDS_TO_NOTICE_A_SIGNAL)
        finally:
            context.stop.set()
            scheduler.shutdown()


def running_plan(context: Context) -> Plan | None:
    """The plan of the scheduler that looks after this data folder; None where none does."""
    if lock.holder(_lock(context)) is None:
        return None
    try:
        times = json.loads(_note(context).read_text("utf-8"))
        crawl_at, report_at = time.fromisoformat(times["crawl_at"]), time.fromisoformat(times["report_at"])
    except (OSError, ValueError, KeyError, TypeError):  # it has only just begun
        return None
    return Plan.of(context.jurisdiction, crawl_at, report_at)


def upcoming(context: Context) -> Upcoming | None:
    """What the scheduler that looks after this data folder is going to do; None where none does."""
    plan = running_plan(context)
    if plan is None:
        return None
    now = context.now()
    month = plan.last_reported(now).following()
    crawl, report = (moment.astimezone(UTC) for moment in (plan.next_crawl(now), plan.report(month)))
    return Upcoming(crawl.isoformat(timespec="seconds"), report.isoformat(timespec="seconds"), str(month))


def _health(context: Context) -> Health:
    """How it does, by the portals.yaml of now."""
    fresh = replace(context, jurisdiction=load(context.portals))
    return health(fresh, upcoming(fresh))


def scheduler_for(context: Context, plan: Plan, secrets: Mapping[str, str]) -> BackgroundScheduler:
    """A scheduler with its jobs, not started: the crawl, further attempts, the report.

    It has one thread: a report that becomes due while a crawl goes on waits for it.
    """
    scheduler = BackgroundScheduler(
        timezone=plan.zone,
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": int(_GRACE.total_seconds())},
    )
    scheduler.add_job(
        partial(_run, crawl_if_due, context, plan), _daily(plan.crawl_at, plan.zone, _JITTER), id=NIGHTLY_CRAWL
    )
    for number, clock in enumerate(context.jurisdiction.service.again_at, 2):
        attempt = partial(_run, try_again, context, plan)
        scheduler.add_job(attempt, _daily(clock, plan.zone), id=f"{ANOTHER_ATTEMPT}-{number}")
    look = partial(look_after, secrets=secrets)
    scheduler.add_job(partial(_run, look, context, plan), _daily(plan.report_at, plan.zone), id=MONTHLY_REPORT)
    scheduler.add_listener(partial(_tell, context), EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
    return scheduler


def _daily(clock: time, zone: ZoneInfo, jitter: timedelta = timedelta(0)) -> CronTrigger:
    return CronTrigger(hour=clock.hour, minute=clock.minute, timezone=zone, jitter=int(jitter.total_seconds()) or None)


def _run(action: Callable[[Context, Plan], object], context: Context, plan: Plan) -> None:
    """Does one look; portals.yaml is read again, as it may have changed since the scheduler started."""
    jurisdiction = load(context.portals)
    try:
        action(replace(context, jurisdiction=jurisdiction), Plan.of(jurisdiction, plan.crawl_at, plan.report_at))
    except InterruptedCrawlError as interrupted:
        log.warning("stopped: %s", interrupted)


def _tell(context: Context, event: JobEvent) -> None:
    """Says what the scheduler could not do."""
    if event.code == EVENT_JOB_MISSED:
        log.error("%s of %s was missed: what is due is done at the next look", event.job_id, event.scheduled_run_time)
    elif event.code == EVENT_JOB_MAX_INSTANCES:
        log.error("%s was left out: the one before it is still going on", event.job_id)
    elif isinstance(event.exception, InputError):
        log.error("%s: %s", event.job_id, event.exception)
    elif fault := place_fault(event.exception):
        log.error("%s: %s", event.job_id, fault)
    else:
        place = context.data.keep_traceback(event.exception, context.now())
        log.error("%s: internal error (%s), written to %s", event.job_id, type(event.exception).__name__, place)


def _lock(context: Context) -> Path:
    return context.data.schedule_lock


def _note(context: Context) -> Path:
    return context.data.root / "schedule.json"
