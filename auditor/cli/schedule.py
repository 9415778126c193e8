"""`auditor schedule`."""

from __future__ import annotations

import logging
import os
from datetime import datetime, time

import click

from auditor import schedule
from auditor.cli.options import NOT_OBSERVED, Options, declare
from auditor.cli.report import print_report
from auditor.cli.running import Lines, context, interruptible
from auditor.cli.terminal import log_to_terminal
from auditor.messages import secrets

_LAST_PORT = 65_535


class _Clock(click.ParamType[time]):
    name = "HH:MM"

    def convert(self, value: str | time, param: click.Parameter | None, ctx: click.Context | None) -> time:
        if isinstance(value, time):
            return value
        try:
            return datetime.strptime(value, "%H:%M").time()  # noqa: DTZ007 - a time of day, in the jurisdiction's zone
        except ValueError:
            self.fail(f"{value!r} is not a time of day: write it as 01:00", param, ctx)


class _Place(click.ParamType[tuple[str, int]]):
    name = "HOST:PORT"

    def convert(
        self, value: str | tuple[str, int], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        if isinstance(value, tuple):
            return value
        host, _, port = value.rpartition(":")
        if not host or not port.isascii() or not port.isdigit() or int(port) > _LAST_PORT:
            self.fail(f"{value!r} is not a place: write it as 127.0.0.1:9100", param, ctx)
        return host.strip("[]"), int(port)


@declare(
    "schedule", "schedule --crawl-at 02:30 --report-at 07:00", "schedule --health 127.0.0.1:9100", "schedule --once"
)
@click.option("--crawl-at", type=_Clock(), help="Up to 30 minutes later.  [default: portals.yaml, or 01:00]")
@click.option("--report-at", type=_Clock(), help="The morning after the cut-off.  [default: portals.yaml, or 06:00]")
@click.option("--health", "place", type=_Place(), help="Answer /health and /metrics there, as 127.0.0.1:9100.")
@click.option("--once", is_flag=True, help="Do what is due now and end: for cron or a systemd timer.")
def command(
    options: Options, crawl_at: time | None, report_at: time | None, place: tuple[str, int] | None, *, once: bool
) -> int:
    """Crawls every night and writes the report the morning after each cut-off, until it is told to end (SIGTERM).

    Times are those of the jurisdiction. What was missed while it did not run is made up for when it starts. The files
    go to reports in the data folder. Every morning the operator and the clerk are told what is new (see
    `auditor messages`).
    """
    run = context(options, Lines.as_result(options))
    plan = schedule.Plan.of(run.jurisdiction, crawl_at, report_at)
    known = secrets.load(os.environ)
    with interruptible(run.stop):
        if once:
            return _print(schedule.once(run, plan, known))
        log_to_terminal(options, logging.INFO, "%(asctime)s %(levelname)s %(message)s")
        schedule.serve(run, plan, known, place)
    return 0


def _print(done: schedule.Done) -> int:
    status = print_report(done.report) if done.report else 0
    return status if done.observed else NOT_OBSERVED
