"""`auditor audit`."""

from __future__ import annotations

from dataclasses import replace

import click

from auditor import crawling, operations
from auditor.cli.options import NOT_OBSERVED, Options, declare, month_option, platforms_option
from auditor.cli.running import Lines, context, interruptible
from auditor.context import Context
from auditor.errors import InputError
from auditor.outcomes import Verdict
from auditor.report.as_json import find_unit, unit_json
from auditor.report.as_text import unit_text
from auditor.window import Month


@declare("audit so-noi-vu", "audit so-noi-vu --month 2019-11 --no-crawl --format json")
@click.argument("unit")
@month_option()
@click.option("--no-crawl", is_flag=True, help="Judge by what is stored.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@platforms_option
def command(options: Options, unit: str, month: Month | None, form: str, *, no_crawl: bool, platforms: bool) -> int:
    """Audits one portal: visits it, then prints the verdict per category, each counted item, and what is missing."""
    run = replace(context(options, Lines.as_progress(options)), platforms=platforms)
    month = month or run.open_month
    if not (no_crawl and operations.is_closed(run, month)):
        _refuse_unless_it_exists(run, unit, month)
    if not no_crawl:
        with interruptible(run.stop):
            crawling.crawl(run, [unit], month)
    figures = operations.figures(run, month)
    click.echo((unit_json if form == "json" else unit_text)(figures, unit), nl=False)
    return NOT_OBSERVED if find_unit(figures, unit).verdict is Verdict.NOT_OBSERVABLE else 0


def _refuse_unless_it_exists(run: Context, key: str, month: Month) -> None:
    """Before a crawl whose result nobody could show."""
    jurisdiction = run.jurisdiction
    if jurisdiction.unit(key) not in jurisdiction.units_valid_in(run.window(month)):
        raise InputError(
            f"{month} has no unit '{key}': its valid_from and valid_to in {run.portals} say so; name another --month"
        )
