"""`auditor crawl`."""

from __future__ import annotations

from dataclasses import replace

import click

from auditor import crawling
from auditor.cli.options import NOT_OBSERVED, Options, declare, month_option, platforms_option
from auditor.cli.running import Lines, context, interruptible
from auditor.window import Month


@declare("crawl", "crawl so-noi-vu so-tai-chinh", "crawl --month 2019-11")
@click.argument("units", metavar="[UNIT]...", nargs=-1)
@month_option()
@platforms_option
def command(options: Options, units: tuple[str, ...], month: Month | None, *, platforms: bool) -> int:
    """Visits the units' portals (all, or those named) and stores what was seen: one line per unit.

    Reads the three windows before the month's as well, to compare with and to find what was posted late. One crawl
    at a time per data folder: a second one ends with status 2 and says who is at it. An interrupted crawl keeps what
    it had finished.
    """
    run = replace(context(options, Lines.as_result(options)), platforms=platforms)
    with interruptible(run.stop):
        result = crawling.crawl(run, units, month)
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in result.outcomes.items())
    if not options.quiet:
        units_visited = "1 unit" if len(result.visits) == 1 else f"{len(result.visits)} units"
        options.terminal.say(f"{units_visited}: {outcomes}", err=True)
    return 0 if result.observed else NOT_OBSERVED
