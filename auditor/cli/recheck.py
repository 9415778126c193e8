"""`auditor recheck`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import click

from auditor.cli.options import NOT_OBSERVED, Options, declare, month_option, platforms_option
from auditor.cli.running import Lines, context, interruptible
from auditor.comparing import Change
from auditor.rechecking import Rechecked, Unread, recheck
from auditor.report import FORMATS
from auditor.text import json_text, printable
from auditor.window import Month


@declare("recheck --month 2019-11", "recheck so-noi-vu --month 2019-11 --adopt")
@click.argument("units", metavar="[UNIT]...", nargs=-1)
@month_option()
@click.option("--adopt", is_flag=True, help="Take over what is seen today, all at once; without it nothing changes.")
@click.option(
    "--output", type=click.Path(path_type=Path, file_okay=False), help="Write the month's report as it would be."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@platforms_option
def command(
    options: Options,
    units: tuple[str, ...],
    month: Month | None,
    output: Path | None,
    form: str,
    *,
    adopt: bool,
    platforms: bool,
) -> int:
    """Reads the visits of a month again from their evidence, and shows what would change.

    No portal is asked anything: today's program and today's portals.yaml read what was answered then, with the clock of
    that night. Items, dates, categories, verdicts and figures that come out otherwise are listed; --adopt takes them
    over.
    The printed figures of a closed month never change: what is taken over then counts as learnt since it was closed.
    A visit without evidence, or whose evidence lacks what is asked for today, keeps what it saw, is named on standard
    error, and makes the exit status 3.
    """
    run = replace(context(options, Lines.as_progress(options)), platforms=platforms)
    with interruptible(run.stop):
        found = recheck(run, month or run.open_month, units, adopt=adopt, output=output, formats=FORMATS)
    for line in _json(found) if form == "json" else _text(found):
        click.echo(line)
    for each in found.unread:
        options.terminal.say(_unread(each), err=True)
    if not options.quiet:
        options.terminal.say(_summary(found), err=True)
    return NOT_OBSERVED if found.unread else 0


def _text(found: Rechecked) -> Iterator[str]:
    for change in found.changes:
        yield f"{change.unit:<24} {_what(change)}: {_words(change.before)} -> {_words(change.after)}{_which(change)}"
    yield from map(str, found.files)


def _what(change: Change) -> str:
    is_figure = change.what in {"verdict", "count"}
    return f"{change.what} of {change.of}" if is_figure and change.of else change.what


def _words(text: str) -> str:
    return printable(text, 120) or "not there"


def _which(change: Change) -> str:
    if not change.title:
        return ""
    return f" | {printable(change.title, 100)} | {printable(change.of)}"


def _json(found: Rechecked) -> Iterator[str]:
    record = {
        "month": str(found.figures.month),
        "visits": found.visits,
        "differing": found.differing,
        "adopted": found.adopted,
        "unread": [{**asdict(each), "started": each.started.isoformat()} for each in found.unread],
        "changes": [asdict(change) for change in found.changes],
        "files": [str(file) for file in found.files],
    }
    yield json_text(record, indent=1)


def _unread(each: Unread) -> str:
    return f"{each.unit}: the visit of {each.started:%Y-%m-%d %H:%M} UTC keeps what it saw: {each.why}"


def _summary(found: Rechecked) -> str:
    told = f"{found.visits} visits read again, {found.differing} saw something else; {len(found.changes)} changes"
    if not found.changes and not found.differing:
        return told
    return f"{told}, taken over" if found.adopted else f"{told}; nothing was stored: --adopt takes them over"
