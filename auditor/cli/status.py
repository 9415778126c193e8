"""`auditor status`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

import click

from auditor import operations, schedule
from auditor.cli.options import NOT_OBSERVED, Options, declare
from auditor.cli.proposals import snippet
from auditor.cli.running import context
from auditor.health import as_json, health
from auditor.operations import Context, LastSeen
from auditor.outcomes import Cause, Outcome
from auditor.report.remedies import remedy
from auditor.text import printable


@declare("status", "status --quiet", "status --format json")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(options: Options, form: str) -> int:
    """Shows the last visit to each unit, what needs a person and what that person can do, and the next runs.

    With --quiet only what needs a person. The exit status is 3 when something does. As JSON it is what a watcher of
    machines asks for: there a portal needs a person after as many nights as `service` in portals.yaml says.
    """
    run = context(options)
    if form == "json":
        found = health(run)
        click.echo(as_json(found))
        return 0 if found.ok else NOT_OBSERVED
    seen = operations.last_seen(run)
    zone = run.jurisdiction.timezone
    needy = [unit for unit in seen if not unit.visit or unit.visit.outcome is not Outcome.COMPLETE]
    if not options.quiet:
        _section("Last visits", (_visit(unit, zone) for unit in seen))
    _section("Needs a person", (line for unit in needy for line in _need(unit, zone)))
    if not options.quiet:
        _section("Next runs", _next_runs(run))
    return NOT_OBSERVED if needy else 0


def _section(title: str, lines: Iterator[str]) -> None:
    for number, line in enumerate(lines):
        if number == 0:
            click.echo(title)
        click.echo(f"  {line}")


def _visit(seen: LastSeen, zone: tzinfo) -> str:
    if not seen.visit:
        return f"{seen.unit.key:<24} never visited"
    return f"{seen.unit.key:<24} {_clock(seen.visit.started, zone)}  {seen.visit.outcome:<17} {seen.visit.items} items"


def _need(seen: LastSeen, zone: tzinfo) -> Iterator[str]:
    visit = seen.visit
    cause = visit.cause if visit else Cause.NEVER_VISITED
    yield f"{seen.unit.key}: {cause.english if cause else 'no cause was noted'}"
    if visit and visit.detail:
        yield f"  detail: {printable(visit.detail)}"
    if visit:
        yield f"  last read in full: {_clock(seen.complete.started, zone) if seen.complete else 'never'}"
    if visit and visit.section and cause is Cause.SECTION_MOVED:
        yield "  proposal for portals.yaml:"
        yield from (f"  {line}" for line in snippet(visit.section, {}))
    if cause:
        yield f"  remedy: {remedy(cause)}"


def _next_runs(run: Context) -> Iterator[str]:
    plan = schedule.running_plan(run)
    if plan is None:
        yield "none: no scheduler looks after this data folder; start 'auditor schedule'"
        return
    now = run.now()
    month = plan.last_reported(now).following()
    yield f"{'nightly crawl':<24} {_clock(plan.next_crawl(now), plan.zone)}"
    yield f"{f'report of {month}':<24} {_clock(plan.report(month), plan.zone)}"


def _clock(instant: datetime, zone: tzinfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"
