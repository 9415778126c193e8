"""`auditor items`: the month's items, and what people decide of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from auditor import correcting, exchange, operations
from auditor.audit.month import CountedItem, MonthFigures
from auditor.categories import Category
from auditor.cli.options import NOT_OBSERVED, Options, epilog, global_params, month_option
from auditor.cli.running import context
from auditor.correcting import NOT_COUNTED, Changed, Wish
from auditor.outcomes import Verdict
from auditor.report.as_json import items_csv, items_json
from auditor.text import printable
from auditor.window import Month

F = TypeVar("F", bound=Callable[..., Any])

_DAY_LETTERS = 10


@click.group(
    invoke_without_command=True,
    params=global_params(hidden=True),
    epilog=epilog(
        (
            "items --month 2019-11",
            "items --month 2019-11 --unit so-noi-vu --all --format csv",
            'items set 1f0c77ab --category reception --by "Lê An" --reason "kết quả của một phiên"',
        )
    ),
)
@month_option(default="")
@click.option("--unit", metavar="KEY", help="Of this unit only.")
@click.option("--all", "everything", is_flag=True, help="The ones not counted too, each with its reason.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.pass_context
def command(ctx: click.Context, month: Month | None, unit: str | None, form: str, *, everything: bool) -> int | None:
    """Lists the counted items of a month; the commands below correct them.

    No items do not mean that nothing was published: units that could not be observed are named, and the exit status
    is 3.
    """
    if ctx.invoked_subcommand is not None:
        return None
    if month is None:
        raise click.UsageError("Missing option '--month'.", ctx)
    options = ctx.ensure_object(Options)
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
    yield f"{item.id}  {day:<10}  {item.unit:<24} {item.category or '-':<10} {printable(item.title, 200)}"
    if item.reason:
        yield f"{'':<22}not counted: {printable(item.reason)}"
    yield from (f"{'':<22}{printable(note, 500)}" for note in item.notes)
    if item.correction:
        yield f"{'':<22}corrected by {printable(item.correction.by)}: {printable(item.correction.reason)}"


def _unobserved(figures: MonthFigures, key: str | None) -> list[str]:
    units = figures.with_verdict(Verdict.NOT_OBSERVABLE)
    return [unit.key for unit in units if key in {None, unit.key}]


def signed(function: F) -> F:
    """`--by` and `--reason`, which every decision needs."""
    by = click.option("--by", required=True, metavar="NAME", help="Who decides; kept for good.")
    reason = click.option("--reason", required=True, metavar="TEXT", help="Why; kept for good.")
    return by(reason(function))


@command.command(
    "set",
    params=global_params(hidden=True),
    epilog=epilog(
        (
            'items set 1f0c77ab --category reception --by "Lê An" --reason "kết quả của một phiên"',
            'items set 1f0c77ab 99d2e0c4 --not-counted --by "Lê An" --reason "lịch công tác tuần"',
            'items set http://snv.example.vn/tin/7 --published 2019-11-03T14:45 --by "Lê An" --reason "theo văn bản"',
        )
    ),
)
@click.argument("ids", nargs=-1, required=True)
@click.option("--category", type=click.Choice([str(category) for category in Category]), help="The category it is in.")
@click.option("--not-counted", is_flag=True, help="It is in none of the five.")
@click.option("--published", metavar="DATE", help="YYYY-MM-DD or YYYY-MM-DDTHH:MM, by the jurisdiction's clock.")
@signed
@click.pass_obj
def set_command(
    options: Options,
    ids: tuple[str, ...],
    category: str | None,
    published: str | None,
    by: str,
    reason: str,
    *,
    not_counted: bool,
) -> None:
    """Decides what items are or when they were published.

    IDS are those that `items` and `review` show, or addresses. Neither a crawl nor a newer judge overwrites it; where
    an item's text changes, `auditor review` offers it again. All the items are decided upon, or none.
    """
    if category and not_counted:
        raise click.UsageError("--category and --not-counted exclude each other.")
    wish = Wish(by, reason, NOT_COUNTED if not_counted else category, published)
    tell(correcting.set_items(context(options), ids, wish))


@command.command(
    "unset",
    params=global_params(hidden=True),
    epilog=epilog(('items unset 1f0c77ab --by "Lê An" --reason "nhầm tin"',)),
)
@click.argument("ids", nargs=-1, required=True)
@signed
@click.pass_obj
def unset_command(options: Options, ids: tuple[str, ...], by: str, reason: str) -> None:
    """Withdraws what was decided of items; the program's decision holds again, and the history stays."""
    tell(correcting.unset_items(context(options), ids, Wish(by, reason)))


@command.command("history", params=global_params(hidden=True), epilog=epilog(("items history 1f0c77ab",)))
@click.argument("item")
@click.pass_obj
def history_command(options: Options, item: str) -> None:
    """Shows who decided what of an item, when and why; oldest first."""
    run = context(options)
    for entry in correcting.history(run, item):
        when = entry.made.astimezone(run.jurisdiction.timezone)
        what = ", ".join(filter(None, (entry.category, entry.published))) or "-"
        click.echo(f"{when:%Y-%m-%d %H:%M}  {entry.kind:<8}  {what:<24}  {entry.by}: {entry.reason}")
        held = f"{entry.machine_category} ({entry.machine_confidence:.2f}), {entry.machine_published or 'undated'}"
        click.echo(f"{'':<18}the program held: {held}; {printable(entry.title, 200)}")


@command.command(
    "export", params=global_params(hidden=True), epilog=epilog(("items export corrections.jsonl", "items export -"))
)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.pass_obj
def export_command(options: Options, file: Path) -> None:
    """Writes every decision ever made, as JSON lines, to be imported into another database."""
    text = exchange.exported(context(options))
    if str(file) == "-":
        click.echo(text, nl=False)
        return
    exchange.write(file, text)
    click.echo(f"{file}: {len(text.splitlines())} decisions")


@command.command("import", params=global_params(hidden=True), epilog=epilog(("items import corrections.jsonl",)))
@click.argument("file", type=click.File("rb"))
@click.option("--skip-unknown", is_flag=True, help="Leave out the items this database does not know.")
@click.pass_obj
def import_command(options: Options, file: Any, *, skip_unknown: bool) -> None:  # noqa: ANN401 - click's open file
    """Adds the decisions of a file that `items export` wrote; those known already are left out.

    The file is taken whole, or not at all: a wrong line ends it with status 2.
    """
    result = exchange.take(context(options), file.read(), str(file.name), skip_unknown=skip_unknown)
    click.echo(f"{result.added} decisions added, {result.known} known already, {result.unknown} of unknown items")


def tell(changes: Sequence[Changed]) -> None:
    """A line per item: what held before, and what holds now."""
    for change in changes:
        told = [f"{before or 'undated'} -> {now or 'undated'}" for before, now in (change.category, change.published)]
        same = [change.category[0] == change.category[1], change.published[0] == change.published[1]]
        what = "; ".join(one for one, unchanged in zip(told, same, strict=True) if not unchanged)
        kept = f"{change.category[1]}, {change.published[1] or 'undated'}, as before"
        click.echo(f"{change.id}  {change.unit:<24} {what or kept}  {printable(change.title, 120)}")
