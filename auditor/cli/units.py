"""`auditor units`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import click

from auditor.cli.options import NOT_OBSERVED, Options, epilog, global_params
from auditor.observation import Observation
from auditor.outcomes import Outcome
from auditor.reading.addresses import MAX_LENGTH
from auditor.text import printable


@click.group(
    invoke_without_command=True,
    params=global_params(hidden=True),
    epilog=epilog(("units", "units check --portals new.yaml", "units discover so-noi-vu")),
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


@command.command(params=global_params(hidden=True), epilog=epilog(("units discover so-noi-vu",)))
@click.argument("unit")
@click.pass_obj
def discover(options: Options, unit: str) -> None:
    """Finds a unit's section and its parts as if portals.yaml said nothing of them, with the reasons.

    Ends with lines ready for portals.yaml. Nothing is stored.
    """
    from auditor import operations  # noqa: PLC0415 - listing and checking units need no database
    from auditor.cli.running import context, interruptible  # noqa: PLC0415

    run = context(options)
    with interruptible(run.stop):
        seen = operations.discover(run, unit)
    for line in proposal(seen):
        click.echo(line)
    if seen.outcome is not Outcome.COMPLETE:
        raise click.exceptions.Exit(NOT_OBSERVED)


def proposal(seen: Observation) -> Iterator[str]:
    """What a visit found of a section, line by line, and the lines portals.yaml may take over."""
    cause = f": {seen.cause.english} ({printable(seen.detail)})" if seen.cause else ""
    yield f"{seen.unit} {seen.outcome}{cause}"
    for listing in seen.listings:
        label, url = printable(listing.label, 200), printable(listing.listing, MAX_LENGTH)
        yield f"- {listing.category or 'section'} '{label}' {url}"
        reasons = printable("; ".join(listing.reasons) or "no reason kept")
        yield f"  {listing.rows} posts on {listing.pages} pages; {reasons}"
    if seen.section or seen.sections:
        yield "# for portals.yaml:"
    if seen.section:
        yield f"    section: {_quoted(seen.section)}"
    if seen.sections:
        yield "    sections:"
    for category, url in seen.sections.items():
        yield f"      {category}: {_quoted(url)}"


def _quoted(url: str) -> str:
    """An address, whole, as YAML takes it whatever it holds."""
    return "'{}'".format(printable(url, MAX_LENGTH).replace("'", "''"))
