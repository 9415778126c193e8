"""`auditor explain`."""

from __future__ import annotations

import sys
from shutil import get_terminal_size

import click

from auditor.cli.options import NOT_OBSERVED, Options, declare, month_option
from auditor.cli.running import context
from auditor.explaining import explained
from auditor.outcomes import Verdict
from auditor.report.as_explanation import explanation_json, explanation_text
from auditor.window import Month


@declare("explain so-noi-vu", "explain so-noi-vu --month 2019-11 --format json")
@click.argument("unit")
@month_option()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(options: Options, unit: str, month: Month | None, form: str) -> int:
    """Tells why a unit's number is what it is: its nights, what was read and what was not, the proof, what to do.

    Visits nobody. The text is in Vietnamese, to be read out to a unit that calls.
    """
    run = context(options)
    told = explained(run, unit, month or run.open_month)
    width = get_terminal_size().columns if sys.stdout.isatty() else None
    click.echo(explanation_json(told) if form == "json" else explanation_text(told, width), nl=False)
    return NOT_OBSERVED if told.unit.verdict is Verdict.NOT_OBSERVABLE else 0
