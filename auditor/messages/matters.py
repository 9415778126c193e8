"""What concerns whom tonight, asked from the database: crawl health for the operator, content for the clerk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import date, timedelta, tzinfo
from pathlib import Path

from auditor.audit.figures import month_figures
from auditor.audit.law.finding import Present
from auditor.audit.law.workdays import calendar
from auditor.audit.month import UnitFigures
from auditor.categories import Category
from auditor.context import Context, open_decided
from auditor.crawl import lock
from auditor.messages.digest import Audience, Matter
from auditor.messages.faults import faulty_channels
from auditor.operations import latest_run
from auditor.outcomes import Cause, Outcome, Verdict
from auditor.portals import Unit
from auditor.report.remedies import remedy
from auditor.store.queries import Visit, visits_since
from auditor.text import printable
from auditor.window import Month

LEAST_ROOM = 1_000_000_000
"""Bytes free on the data folder's disk, below which the operator is told."""
SCHEDULE_AHEAD = 5
"""Working days before the month begins by which its schedule has to be up."""

_LOOKS_BACK = timedelta(days=40)
_OVERDUE = timedelta(hours=36)
_SILENT = timedelta(hours=3)
"""A crawl stores a visit far more often: the longest takes half an hour, and an hour where two units share a host."""


def matters(context: Context) -> Sequence[Matter]:
    """Everything that concerns anybody now.

    Raises:
        InputError: the database cannot be used.
    """
    return [*_health(context), *_content(context)]


def _health(context: Context) -> Iterator[Matter]:
    yield from _units(context)
    yield from _night(context)
    yield from _hanging(context)
    yield from _disk(context.data.root)
    yield from faulty_channels(context.data.messages)
    for file in sorted(context.data.logs.glob("error-*.log")):
        text = f"an internal error was written to {file}"
        yield Matter(
            Audience.OPERATOR, f"error {file.name}", text, "send the file to whoever maintains the program", once=True
        )


def _units(context: Context) -> Iterator[Matter]:
    since = context.now() - _LOOKS_BACK
    with open_decided(context) as database, database.session() as session:
        visits = visits_since(session, since, context.latest)
    for unit in _valid(context):
        nights = unread_nights(visits.get(unit.key, ()), context.jurisdiction.timezone)
        if len(nights) >= context.jurisdiction.service.after_nights:
            yield _unread(unit, nights[-1])


def _valid(context: Context) -> Sequence[Unit]:
    return context.jurisdiction.units_valid_in(context.window(context.open_month))


def unread_nights(visits: Sequence[Visit], zone: tzinfo) -> list[Visit]:
    """The nights since a unit was last read in full, oldest first: the last visit of each."""
    last: dict[date, Visit] = {}
    for visit in visits:
        if visit.outcome is Outcome.COMPLETE:
            last = {}
        else:
            last[visit.started.astimezone(zone).date()] = visit
    return list(last.values())


def _unread(unit: Unit, visit: Visit) -> Matter:
    cause = visit.cause
    text = f"{unit.key} ({unit.url}) cannot be read in full: {cause.english if cause else visit.outcome}"
    return Matter(
        Audience.OPERATOR,
        f"unit {unit.key}",
        text,
        remedy(cause) if cause else "look at 'auditor status'",
        over=f"{unit.key} is read in full again",
    )


def _night(context: Context) -> Iterator[Matter]:
    run = latest_run(context, "crawl", finished=True)
    if run is None or run.finished is None:
        text = "no nightly crawl has come to its end"
    elif context.now() - run.finished > _OVERDUE:
        ended = run.finished.astimezone(context.jurisdiction.timezone)
        text = f"the last nightly crawl that came to its end did so on {ended:%Y-%m-%d %H:%M}"
    else:
        return
    remedy = "see to it that 'auditor schedule' runs; its log names the reason"
    yield Matter(Audience.OPERATOR, "night", text, remedy, over="the nightly crawl works again")


def _hanging(context: Context) -> Iterator[Matter]:
    """A crawl that holds its lock and shows no sign of life: nothing else will be done before it is ended."""
    run, holder = latest_run(context, "crawl"), lock.holder(context.data.lock)
    if holder is None or run is None or run.outcome is not None:
        return
    beat = run.heartbeat or run.started
    if context.now() - beat > _SILENT:
        since = f"{beat.astimezone(context.jurisdiction.timezone):%Y-%m-%d %H:%M}"
        text = f"a crawl has shown no sign of life since {since}"
        remedy = f"end process {holder.pid} ('kill {holder.pid}') and let 'auditor schedule' start again"
        yield Matter(Audience.OPERATOR, "hanging", text, remedy, over="no crawl hangs any more")


def _disk(root: Path) -> Iterator[Matter]:
    free = shutil.disk_usage(root).free
    if free < LEAST_ROOM:
        text = f"less than {LEAST_ROOM // 10**9} GB are free on the disk of {root}"
        yield Matter(
            Audience.OPERATOR, "disk", text, "make room on it", over=f"there is room again on the disk of {root}"
        )


def _content(context: Context) -> Iterator[Matter]:
    yield from _reported(context)
    month = context.open_month
    window = context.window(month)
    warn = window.last - timedelta(days=context.jurisdiction.service.warn_days)
    following = _calendar_month_after(context.today)
    late = _is_late(following, context.today)
    if context.today < warn and not late:
        return
    with open_decided(context) as database, database.session() as session:
        if context.today >= warn:
            open_figures = month_figures(session, context.jurisdiction, month, today=context.today)
            there = [unit for unit in open_figures.units if _is_there(unit, context.today)]
            yield from (_empty(unit, month, window.last) for unit in there if _has_nothing(unit))
        if late:
            ahead = month_figures(session, context.jurisdiction, following, today=context.today)
            there = [unit for unit in ahead.units if _is_there(unit, date(following.year, following.number, 1))]
            yield from (_without_schedule(unit, following) for unit in there if _lacks_schedule(unit))


def _is_there(unit: UnitFigures, day: date) -> bool:
    """Whether the unit has not ended before the day: nobody can be reminded of one that has."""
    return unit.ended is None or unit.ended >= day


def _has_nothing(unit: UnitFigures) -> bool:
    return unit.verdict is Verdict.NOT_PUBLISHED or (
        unit.verdict is Verdict.NOT_OBSERVABLE and unit.cause is Cause.TOO_EARLY and not unit.tally.count
    )


def _empty(unit: UnitFigures, month: Month, last: date) -> Matter:
    return Matter(
        Audience.CLERK,
        f"empty {month} {unit.key}",
        f"{printable(unit.name)}: chưa đăng tải tin nào của kỳ {month.number:02d}/{month.year} "
        f"(chốt số liệu ngày {last:%d/%m/%Y})",
        "nhắc đơn vị đăng tải trước ngày chốt số liệu",
        over=f"{printable(unit.name)}: đã đăng tải, hoặc kỳ số liệu đã kết thúc",
    )


def _lacks_schedule(unit: UnitFigures) -> bool:
    return unit.categories[Category.SCHEDULE].standing.present is Present.NO


def _without_schedule(unit: UnitFigures, month: Month) -> Matter:
    return Matter(
        Audience.CLERK,
        f"schedule {month} {unit.key}",
        f"{printable(unit.name)}: chưa có lịch tiếp công dân tháng {month.number:02d}/{month.year} "
        f"(phải công khai trước ít nhất {SCHEDULE_AHEAD:02d} ngày làm việc)",
        "nhắc đơn vị công khai lịch",
    )


def _calendar_month_after(today: date) -> Month:
    return Month(today.year, today.month).following()


def _is_late(month: Month, today: date) -> bool:
    """Whether less than the working days asked for are left until the month begins."""
    try:
        return today > calendar().latest_before(date(month.year, month.number, 1), SCHEDULE_AHEAD)
    except LookupError:  # a year whose holidays nobody has entered
        return False


def _reported(context: Context) -> Iterator[Matter]:
    run = latest_run(context, "monthly-report")
    if run is None or run.finished is None or run.month is None:
        return
    month = run.month
    files = ", ".join(sorted(file.name for file in context.data.reports.glob(f"{month}.*")))
    text = f"báo cáo tháng {month.number:02d}/{month.year} đã lập: {printable(str(context.data.reports))} ({files})"
    yield Matter(Audience.CLERK, f"report {month}", text, "xem lại, ký và phát hành", once=True)
