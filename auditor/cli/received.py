"""`auditor received`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from auditor.audit.reconciling import Reconciled
from auditor.cli.options import Options, declare, month_option
from auditor.cli.running import context
from auditor.office import receiving
from auditor.store.received import Received
from auditor.text import printable
from auditor.window import Month


@declare(
    "received so-noi-vu --month 2019-11 --date 2019-11-19 --number 12/BC-SNV --count 4",
    "received --file bao-cao-don-vi.xlsx",
    "received --month 2019-11",
)
@click.argument("unit", required=False)
@month_option(default="")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), help="Of the document.")
@click.option("--number", metavar="TEXT", help="Of the document, as 12/BC-SNV.")
@click.option("--count", type=click.IntRange(0, 1_000_000), help="What the unit says it posted.")
@click.option("--file", type=click.Path(path_type=Path), help="Many at once: CSV or XLSX.")
def command(
    options: Options,
    unit: str | None,
    month: Month | None,
    day: datetime | None,
    number: str | None,
    count: int | None,
    file: Path | None,
) -> None:
    """Notes a unit's own monthly report, or many from a file; without UNIT shows who sent one, against our count.

    A file's columns are unit, month, date, number, count, title, url; rows of one document list its posts.
    """
    run = context(options)
    if file and any(given is not None for given in (unit, month, day, number, count)):
        raise click.UsageError("--file has all that is to be noted: leave the unit and the other options out.")
    if file:
        noted = receiving.receive_file(run, file)
        click.echo(f"{noted} document{'s' * (noted != 1)} noted")
    elif month is None:
        raise click.UsageError("Missing option '--month'.")
    elif unit is None:
        for one in receiving.reconciliation(run, month):
            click.echo("\n".join(_lines(one)))
    elif day is None or number is None:
        raise click.UsageError("A document needs --date and --number.")
    else:
        receiving.receive(run, Received(unit, str(month), day.date(), number, count))
        click.echo(f"{unit}: {number} noted for {month}")


def _lines(one: Reconciled) -> Iterator[str]:
    received = one.received
    counted = "not observable" if one.ours is None else f"counted {one.ours}"
    if received is None:
        yield f"{one.unit:<24} nothing received; {counted}"
        return
    said = "no number" if received.count is None else f"{received.count}"
    against = "" if one.difference is None else f" ({one.difference:+})"
    yield f"{one.unit:<24} {printable(received.number)} of {received.day}: says {said}{against}, {counted}"
    for missing in one.theirs_only:
        title = printable(missing.item.title or missing.item.url, 200)
        yield f"{'':<24}   only theirs: {title} ({printable(missing.why)})"
    for item in one.ours_only:
        yield f"{'':<24}   only ours:   {printable(item.title, 200)}"
