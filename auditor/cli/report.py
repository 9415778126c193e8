"""`auditor report`."""

from __future__ import annotations

from pathlib import Path

import click

from auditor import operations
from auditor.cli.options import NOT_OBSERVED, Options, declare, month_option
from auditor.cli.running import context
from auditor.outcomes import Verdict
from auditor.report.as_text import month_summary
from auditor.window import Month


def _formats(_: click.Context, __: click.Parameter, text: str) -> tuple[str, ...]:
    """The formats named, each once."""
    formats = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    unknown = [name for name in formats if name not in operations.FORMATS]
    if unknown or not formats:
        raise click.BadParameter(f"{text!r}: name one or more of {', '.join(operations.FORMATS)}")
    return formats


def print_report(report: operations.Report) -> int:
    """Prints the summary and where the files are; answers the exit status."""
    click.echo(month_summary(report.figures), nl=False)
    for file in report.files:
        click.echo(file)
    return NOT_OBSERVED if report.figures.with_verdict(Verdict.NOT_OBSERVABLE) else 0


@declare("report --month 2019-11", "report --month 2019-11 --output bao-cao --formats docx,xlsx")
@month_option(required=True)
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="Default: reports in the data folder.")
@click.option(
    "--formats", callback=_formats, default=",".join(operations.FORMATS), show_default=True, help="Separated by commas."
)
def command(options: Options, month: Month, output: Path | None, formats: tuple[str, ...]) -> int:
    """Writes a month's report files from what is stored, and prints its summary and their places."""
    run = context(options)
    report = operations.report(run, month, output or run.data.reports, formats)
    if report.figures.closed is None and not options.quiet:
        click.echo(_still_open(report, run), err=True)
    return print_report(report)


def _still_open(report: operations.Report, run: operations.Context) -> str:
    month, last = report.figures.month, report.figures.window.last
    if run.today <= last:
        return f"{month} is open until {last}: these figures are not final"
    return (
        f"{month} is not closed, its figures may still change: `auditor close --month {month} --by NAME` freezes them"
    )
