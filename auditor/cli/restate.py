"""`auditor restate`."""

from __future__ import annotations

import click

from auditor.cli.options import Options, declare, month_option
from auditor.cli.running import context
from auditor.office import closing
from auditor.report.as_json import restatement_json
from auditor.report.as_text import restatement_text
from auditor.window import Month


@declare("restate --month 2019-11", "restate --month 2019-11 --format json")
@month_option(required=True)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(options: Options, month: Month, form: str) -> None:
    """Lists what was learnt of a closed month: posts found late, dated back, gone, corrected, and their effect.

    The closed month never changes. What is listed here stands in the next month's report, and in the figures of longer
    periods.
    """
    found = closing.restate_month(context(options), month)
    click.echo((restatement_json if form == "json" else restatement_text)(found), nl=False)
