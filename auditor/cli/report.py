"""`auditor report`."""

from __future__ import annotations

from pathlib import Path

import click

from auditor import operations
from auditor.cli.options import NOT_OBSERVED, Options, SpanType, declare, month_option
from auditor.cli.running import context
from auditor.context import Context
from auditor.office import periods
from auditor.outcomes import Verdict
from auditor.report import ALL_FORMATS, FORMATS
from auditor.report.as_span import span_text
from auditor.report.as_text import month_summary
from auditor.window import Month, Span


def _formats(_: click.Context, __: click.Parameter, text: str) -> tuple[str, ...]:
    """The formats named, each once."""
    formats = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    unknown = [name for name in formats if name not in ALL_FORMATS]
    if unknown or not formats:
        raise click.BadParameter(f"{text!r}: name one or more of {', '.join(ALL_FORMATS)}")
    return formats


def print_report(report: operations.Report) -> int:
    """Prints the summary and where the files are; answers the exit status."""
    click.echo(month_summary(report.figures), nl=False)
    for file in report.files:
        click.echo(file)
    return NOT_OBSERVED if report.figures.with_verdict(Verdict.NOT_OBSERVABLE) else 0


@declare(
    "report --month 2019-11",
    "report --month 2019-11 --output bao-cao --formats docx,xlsx,pdf",
    "report --period 2019-9M",
)
@month_option(default="")
@click.option("--period", type=SpanType(), help="Instead of a month: 2019-Q3, 2019-H1, 2019-9M (nine months), 2019.")
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="Default: reports in the data folder.")
@click.option(
    "--formats",
    callback=_formats,
    default=",".join(FORMATS),
    show_default=True,
    help="Separated by commas; pdf as well where LibreOffice is installed.",
)
def command(
    options: Options, month: Month | None, period: Span | None, output: Path | None, formats: tuple[str, ...]
) -> int:
    """Writes the report files of a month, or of a longer period, and prints their summary and places.

    A longer period adds up the months as they were closed, shows apart what was learnt since, and compares with the
    same months of the year before.
    """
    if month is None and period is None:
        raise click.UsageError("Missing option '--month' (or '--period').")
    if month and period:
        raise click.UsageError("Give either --month or --period.")
    run = context(options)
    if period:
        return _print_period(periods.report(run, period, output or run.data.reports, formats))
    assert month is not None  # noqa: S101 - or the usage was wrong
    report = operations.report(run, month, output or run.data.reports, formats)
    if report.figures.closed is None and not options.quiet:
        click.echo(_still_open(report, run), err=True)
    return print_report(report)


def _print_period(report: periods.PeriodReport) -> int:
    click.echo(span_text(report.figures), nl=False)
    for file in report.files:
        click.echo(file)
    return 0 if report.figures.now.whole else NOT_OBSERVED


def _still_open(report: operations.Report, run: Context) -> str:
    month, last = report.figures.month, report.figures.window.last
    if run.today <= last:
        return f"{month} is open until {last}: these figures are not final"
    return (
        f"{month} is not closed, its figures may still change: `auditor close --month {month} --by NAME` freezes them"
    )
