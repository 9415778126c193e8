"""`auditor units`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from auditor.cli.options import NOT_OBSERVED, Options, epilog, global_params
from auditor.cli.proposals import findings, record, snippet
from auditor.outcomes import Outcome
from auditor.text import printable


@click.group(
    invoke_without_command=True,
    params=global_params(hidden=True),
    epilog=epilog(
        ("units", "units check --portals new.yaml", "units discover so-noi-vu", "units new http://snv.example.vn/")
    ),
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
    units = "1 unit" if len(jurisdiction.units) == 1 else f"{len(jurisdiction.units)} units"
    click.echo(f"{options.portals}: {jurisdiction.name}, {units} ({counted}), no mistakes")


@command.command(params=global_params(hidden=True), epilog=epilog(("units discover so-noi-vu",)))
@click.argument("unit")
@click.pass_obj
def discover(options: Options, unit: str) -> None:
    """Finds a unit's section and its parts as if portals.yaml said nothing of them, with the reasons.

    Ends with lines ready for portals.yaml. Nothing is stored.
    """
    from auditor import crawling  # noqa: PLC0415 - listing and checking units need no database
    from auditor.cli.running import context, interruptible  # noqa: PLC0415

    run = context(options)
    with interruptible(run.stop):
        seen = crawling.discover(run, unit)
    for line in findings(seen):
        click.echo(line)
    if seen.section or seen.sections:
        click.echo("# for portals.yaml:")
    for line in snippet(seen.section, {str(key): url for key, url in seen.sections.items()}):
        click.echo(line)
    if seen.outcome is not Outcome.COMPLETE:
        raise click.exceptions.Exit(NOT_OBSERVED)


@command.command(params=global_params(hidden=True), epilog=epilog(("units new http://snv.example.vn/",)))
@click.argument("url")
@click.option("--delay", type=click.FloatRange(0, 60), default=1.0, show_default=True, help="Seconds between requests.")
@click.option(
    "--save",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the frozen pages go.  [default: DATA/new/KEY]",
)
@click.pass_obj
def new(options: Options, url: str, delay: float, save: Path | None) -> None:
    """Looks at a portal and proposes its record for portals.yaml.

    The record goes to standard output, ready to be appended; what was found stands in it as comments. Pages are frozen
    as cases for the tests. Nothing is stored in the database.
    """
    from auditor import newcomers  # noqa: PLC0415 - listing and checking units need no database
    from auditor.cli.running import context, interruptible  # noqa: PLC0415

    run = context(options)
    with interruptible(run.stop):
        found = newcomers.look_at(run, url, delay, save)
    for line in record(found):
        click.echo(line)
    for case in found.cases:
        click.echo(f"frozen page: {printable(str(case), 500)}", err=True)
    if found.seen.outcome is not Outcome.COMPLETE:
        raise click.exceptions.Exit(NOT_OBSERVED)
