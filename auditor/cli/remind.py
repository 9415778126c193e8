"""`auditor remind`."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli.options import Options, declare, month_option
from auditor.cli.running import context
from auditor.office import letters
from auditor.window import Month


@declare("remind --month 2019-11", "remind --month 2019-11 --sheets --output cong-van")
@month_option(required=True)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Default: letters/YYYY-MM/YYYY-MM-DD in the data, the month and today.",
)
@click.option("--sheets", is_flag=True, help="A sheet (phiếu kiểm tra) for every unit as well.")
def command(options: Options, month: Month, output: Path | None, *, sheets: bool) -> None:
    """Writes a letter (DOCX) to each unit that posted nothing, lacks a section, or sent no report where others did.

    Before the cut-off it asks, after it states. A unit whose portal could not be read gets a notice of the fault with
    times and cause, never a reminder; one that was not visited for our own reasons gets neither.
    """
    run = context(options)
    folder = output or run.data.root / "letters" / str(month) / str(run.today)
    written = letters.remind(run, month, folder, sheets=sheets)
    for letter in written.letters:
        click.echo(f"{letter.unit:<24} {letter.kind:<16} {letter.file}")
    for file in written.removed:
        click.echo(f"removed, it does not hold any more: {file}", err=True)
    if not written.letters and not options.quiet:
        click.echo(f"{month}: nothing is missing of any unit that could be observed", err=True)
