"""`auditor review`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from auditor import reviewing
from auditor.cli.items import signed, tell
from auditor.cli.options import Options, epilog, global_params, month_option
from auditor.cli.running import context
from auditor.correcting import Wish
from auditor.reviewing import Doubtful, Group
from auditor.text import json_text, printable
from auditor.window import Month


@click.group(
    invoke_without_command=True,
    params=global_params(hidden=True),
    epilog=epilog(
        ("review --month 2019-11", 'review accept g1f0c77a --month 2019-11 --by "Lê An" --reason "đã đọc từng tin"')
    ),
)
@month_option()
@click.option("--unit", metavar="KEY", help="Of this unit only.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_context
def command(ctx: click.Context, month: Month | None, unit: str | None, form: str) -> None:
    """Lists what deserves a look in a month, what matters most to its figures first.

    Doubtful categories, doubtful dates, and what was decided of a text that has changed since; alike items stand
    together, named by their group. `items set` decides; `review accept` lets stand what the program decided.
    """
    if ctx.invoked_subcommand is not None:
        return
    run = context(ctx.ensure_object(Options))
    groups = reviewing.review(run, month or run.open_month, unit)
    if form == "json":
        click.echo(json_text([_record(group) for group in groups], indent=2))
        return
    for group in groups:
        for line in _lines(group):
            click.echo(line)


@command.command(
    params=global_params(hidden=True),
    epilog=epilog(('review accept g1f0c77a 99d2e0c4 --month 2019-11 --by "Lê An" --reason "đã đọc từng tin"',)),
)
@click.argument("names", nargs=-1, required=True, metavar="GROUP|ID...")
@month_option()
@signed
@click.pass_obj
def accept(options: Options, names: tuple[str, ...], month: Month | None, by: str, reason: str) -> None:
    """Lets what holds of items stand, by group or one by one; they are offered again when their text changes."""
    run = context(options)
    tell(reviewing.accept(run, names, Wish(by, reason), month or run.open_month))


def _record(group: Group) -> dict[str, Any]:
    return {"group": group.id, "items": [_item(each) for each in group.members]}


def _item(each: Doubtful) -> dict[str, Any]:
    item = each.item
    doubts = [{"doubt": doubt.name.lower(), "told": str(doubt), "detail": detail} for doubt, detail in each.doubts]
    return {
        "id": item.id,
        "unit": item.unit,
        "url": item.url,
        "title": item.title,
        "category": str(item.category) if item.category else None,
        "confidence": item.confidence,
        "published": item.published,
        "counted": item.counted,
        "doubts": doubts,
    }


def _lines(group: Group) -> Iterator[str]:
    item, several = group.first.item, len(group.members)
    counted = "counted" if item.counted else "not counted"
    number = f"{several} items like " if several > 1 else ""
    yield f"{group.id}  {item.category or '-':<10} {counted:<11}  {number}{printable(item.title, 200)}"
    told = "; ".join(f"{doubt}{f' ({detail})' if detail else ''}" for doubt, detail in group.first.doubts)
    yield f"{'':<10}{printable(told)}"
    yield f"{'':<10}{' '.join(f'{each.item.id} ({each.item.unit})' for each in group.members)}"
