"""`auditor units`."""

from __future__ import annotations

from collections import Counter

import click

from auditor.cli.options import Options, epilog, global_params


@click.group(
    invoke_without_command=True,
    params=global_params(hidden=True),
    epilog=epilog(("units", "units check", "units check --portals new.yaml")),
)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Lists the units of portals.yaml: key, level, address, name."""
    if ctx.invoked_subcommand is None:
        for unit in ctx.ensure_object(Options).jurisdiction().units:
            click.echo(f"{unit.key:<24} {unit.level:<11} {unit.url:<44} {unit.name}")


@command.command(params=global_params(hidden=True), epilog=epilog(("units check",)))
@click.pass_obj
def check(options: Options) -> None:
    """Checks portals.yaml; every mistake is told with its line and its remedy, and ends with status 2."""
    jurisdiction = options.jurisdiction()
    levels = Counter(unit.level for unit in jurisdiction.units)
    counted = ", ".join(f"{count} {level}" for level, count in levels.items())
    click.echo(f"{options.portals}: {jurisdiction.name}, {len(jurisdiction.units)} units ({counted}), no mistakes")
