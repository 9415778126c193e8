"""`auditor close`."""

from __future__ import annotations

import click

from auditor.cli.options import NOT_OBSERVED, Options, declare, month_option
from auditor.cli.running import context
from auditor.office import closing
from auditor.report.as_text import month_summary
from auditor.window import Month


@declare(
    'close --month 2019-11 --by "Lê An"',
    'close --month 2019-11 --by "Lê An" --accept so-y-te --accept dak-mil --reason "cổng ngừng hoạt động từ 10/11"',
)
@month_option(required=True)
@click.option("--by", required=True, metavar="NAME", help="Who closes the month; kept for good.")
@click.option(
    "--accept", "accepted", multiple=True, metavar="UNIT", help="Close although this unit was not seen in full."
)
@click.option(
    "--reason", "reasons", multiple=True, metavar="TEXT", help="Why: one for all units accepted, or one for each."
)
def command(options: Options, month: Month, by: str, accepted: tuple[str, ...], reasons: tuple[str, ...]) -> int:
    """Freezes a month when its report is issued: from then on it prints the same, whatever is learnt later.

    Refused while the month is open, where a check of the figures fails, and where a unit was not seen in full, unless
    --accept names it. Prints what was frozen; `auditor restate` lists what is learnt afterwards.
    """
    run = context(options)
    figures = closing.close_month(run, month, by, accepted, reasons)
    click.echo(month_summary(figures), nl=False)
    if told := closing.later_month_disagrees(run, figures):
        click.echo(f"warning: {told}", err=True)
    return NOT_OBSERVED if accepted else 0
