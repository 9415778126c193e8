"""`auditor items`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from auditor import operations
from auditor.audit.month import CountedItem, MonthFigures
from auditor.cli.options import NOT_OBSERVED, Options, declare, month_option
from auditor.cli.running import context
from auditor.outcomes import Verdict
from auditor.report.as_json import items_csv, items_json
from auditor.text import printable
from auditor.window import Month

_DAY_LETTERS = 10


@declare("items --month 2019-11", "items --month 2019-11 --unit so-noi-vu --all --format csv")
@month_option(required=True)
@click.option("--unit", metavar="KEY", help="Of this unit only.")
@click.option("--all", "everything", is_flag=True, help="The ones not counted too, each with its reason.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
def command(options: Options, month: Month, unit: str | None, form: str, *, everything: bool) -> int:
    """Lists the counted items of a month.

    No items do not mean that nothing was published: units that could not be observed are named, and the exit status
    is 3.
    """
    run = context(options)
    items = operations.items(run, month, unit=unit, everything=everything)
    click.echo({"table": _table, "json": items_json, "csv": items_csv}[form](items), nl=False)
    unobserved = _unobserved(operations.figures(run, month), unit)
    if unobserved and not options.quiet:
        click.echo(f"not observable: {', '.join(unobserved)}", err=True)
    return NOT_OBSERVED if unobserved else 0


def _table(items: Sequence[CountedItem]) -> str:
    return "".join(f"{line}\n" for item in items for line in _lines(item))


def _lines(item: CountedItem) -> Iterator[str]:
    day = (item.published or "undated")[:_DAY_LETTERS]
    yield f"{day:<10}  {item.unit:<24} {item.category or '-':<10} {printable(item.title, 200)}"
    if item.reason:
        yield f"{'':<12}not counted: {printable(item.reason)}"


def _unobserved(figures: MonthFigures, key: str | None) -> list[str]:
    units = figures.with_verdict(Verdict.NOT_OBSERVABLE)
    return [unit.key for unit in units if key in {None, unit.key}]
