"""`auditor status`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from itertools import chain

import click

from auditor import operations, schedule
from auditor.cli.following import follow
from auditor.cli.options import NOT_OBSERVED, Options, declare
from auditor.cli.proposals import snippet
from auditor.cli.running import context, interruptible
from auditor.context import Context
from auditor.health import Health, LastRun, Problem, as_json, health
from auditor.operations import LastSeen
from auditor.outcomes import Cause, Outcome
from auditor.pruning import MEGABYTE, PRUNED, dropped_files, total_size
from auditor.report.remedies import remedy
from auditor.text import printable

_ENDED = {"done": "came to its end", "stopped": "was stopped", "failed": "failed"}


@declare("status", "status --quiet", "status --format json", "status --follow")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--follow", "following", is_flag=True, help="Watch the crawl that is going on until it ends.")
def command(options: Options, form: str, *, following: bool) -> int:
    """Shows the last visit to each unit, what needs a person (with its remedy), and the next runs.

    With --quiet only what needs a person. The exit status is 3 when something does. With --follow, first a line for
    each visit of the crawl that is going on, and which process does it. As JSON it is what a watcher of machines asks
    for: there a portal needs a person after as many nights as `service` in portals.yaml says.
    """
    run = context(options)
    if following:
        with interruptible(run.stop):
            if not follow(run, options.terminal.say):
                options.terminal.say("no crawl is going on in this data folder")
    found = health(run, schedule.upcoming(run))
    if form == "json":
        click.echo(as_json(found))
        return 0 if found.ok else NOT_OBSERVED
    seen = operations.last_seen(run)
    zone = run.jurisdiction.timezone
    needy = [unit for unit in seen if not unit.visit or unit.visit.outcome is not Outcome.COMPLETE]
    if not options.quiet:
        _section("Last visits", (_visit(unit, zone) for unit in seen))
    others = [each for each in found.problems if not each.about.startswith("unit ") and not _by_hand(each, found)]
    needs = chain.from_iterable([*(_need(unit, zone) for unit in needy), *map(_problem, others)])
    _section("Needs a person", needs)
    if not options.quiet:
        _section("Installation", _installation(found, options, zone))
        _section("Evidence", _evidence(run))
        _section("Next runs", _next_runs(found, zone))
    return NOT_OBSERVED if needy or others else 0


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


def _by_hand(problem: Problem, found: Health) -> bool:
    """Whether nobody misses the nightly crawl: there has never been one, and no scheduler is there to do it."""
    return problem.about == "night" and found.crawl_started is None and found.scheduler is None


def _problem(problem: Problem) -> Iterator[str]:
    yield printable(problem.cause)
    yield f"  remedy: {printable(problem.remedy)}"


def _evidence(run: Context) -> Iterator[str]:
    """How much is kept, under which limits, and what was dropped last."""
    size, limits = total_size(run), run.jurisdiction.service
    days = f"{limits.evidence_days} days" if limits.evidence_days is not None else "for ever"
    room = f", at most {limits.evidence_mb} MB" if limits.evidence_mb is not None else ""
    yield f"{size / MEGABYTE:.1f} MB; what proves no figure is kept {days}{room} (service: in portals.yaml)"
    if limits.evidence_mb is not None and size > limits.evidence_mb * MEGABYTE:
        yield "over its limit, and figures rest on all of it: raise evidence_mb, or make room"
    if dropped := dropped_files(run):
        last = dropped[-1].get("dropped", "")[:10]
        yield f"{len(dropped)} files were dropped, the last on {printable(last)}: evidence/{PRUNED} names them"


def _installation(found: Health, options: Options, zone: tzinfo) -> Iterator[str]:
    crawl = next((run for run in found.runs if run.kind == "crawl"), None)
    yield f"{'last nightly crawl':<24} {_told(crawl, zone) if crawl else 'none yet'}"
    if found.working:
        yield f"{'at work':<24} {found.working}"
    if found.last_complete:
        unit, instant = min(found.last_complete.items(), key=lambda each: each[1] or "")
        yield f"{'longest not read in full':<24} {unit}: {_local(instant, zone) if instant else 'never'}"
    yield f"{'free disk':<24} {found.disk_free / 10**9:,.1f} GB where {options.data} lies"


def _told(run: LastRun, zone: tzinfo) -> str:
    last = _local(run.finished or run.heartbeat or run.started, zone)
    ended = _ENDED.get(run.outcome or "", "last sign of life")
    return f"{_local(run.started, zone)}, {ended} {last}{f': {printable(run.detail)}' if run.detail else ''}"


def _next_runs(found: Health, zone: tzinfo) -> Iterator[str]:
    if found.upcoming is None:
        yield "none: no scheduler looks after this data folder; start 'auditor schedule'"
        return
    yield f"{'nightly crawl':<24} {_local(found.upcoming.crawl, zone)}"
    yield f"{f'report of {found.upcoming.report_of}':<24} {_local(found.upcoming.report, zone)}"


def _local(instant: str, zone: tzinfo) -> str:
    return _clock(datetime.fromisoformat(instant), zone)


def _clock(instant: datetime, zone: tzinfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"
