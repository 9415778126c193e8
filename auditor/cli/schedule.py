"""`auditor schedule`."""

from __future__ import annotations

import logging
from datetime import datetime, time

import click

from auditor import schedule
from auditor.cli.options import NOT_OBSERVED, Options, declare
from auditor.cli.report import print_report
from auditor.cli.running import Lines, context, interruptible
from auditor.cli.terminal import log_to_terminal


class _Clock(click.ParamType[time]):
    name = "HH:MM"

    def convert(self, value: str | time, param: click.Parameter | None, ctx: click.Context | None) -> time:
        if isinstance(value, time):
            return value
        try:
            return datetime.strptime(value, "%H:%M").time()  # noqa: DTZ007 - a time of day, in the jurisdiction's zone
        except ValueError:
            self.fail(f"{value!r} is not a time of day: write it as 01:00", param, ctx)


@declare("schedule", "schedule --crawl-at 02:30 --report-at 07:00", "schedule --once")
@click.option("--crawl-at", type=_Clock(), default="01:00", show_default=True, help="Up to 30 minutes later.")
@click.option("--report-at", type=_Clock(), default="06:00", show_default=True, help="The morning after the cut-off.")
@click.option("--once", is_flag=True, help="Do what is due now and end: for cron or a systemd timer.")
def command(options: Options, crawl_at: time, report_at: time, *, once: bool) -> int:
    """Crawls every night and writes the report the morning after each cut-off, until it is told to end (SIGTERM).

    Times are those of the jurisdiction. What was missed while it did not run is made up for when it starts. The files
    go to reports in the data folder.
    """
    run = context(options, Lines.as_result(options))
    plan = schedule.Plan.of(run.jurisdiction, crawl_at, report_at)
    with interruptible(run.stop):
        if once:
            return _print(schedule.catch_up(run, plan))
        log_to_terminal(options, logging.INFO, "%(asctime)s %(levelname)s %(message)s")
        schedule.serve(run, plan)
    return 0


def _print(done: schedule.Done) -> int:
    status = print_report(done.report) if done.report else 0
    return status if done.crawl is None or done.crawl.observed else NOT_OBSERVED
