"""`auditor doctor`."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from auditor.cli.backup import places
from auditor.cli.options import NOT_OBSERVED, Options, declare
from auditor.doctor import Finding, Level, examine
from auditor.text import printable


@declare("doctor", "doctor --repair", "doctor --format json")
@click.option("--repair", is_flag=True, help="Mend what is safe to mend; nothing that was stored is ever deleted.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(options: Options, form: str, *, repair: bool) -> int:
    """Checks the installation: portals.yaml, folders, room, lock, database, observations, evidence, against each other.

    Changes nothing without --repair, and may run beside a crawl. With it, visits that the database does not know are
    handed to the next crawl, damaged files are moved to `damaged/`, and what a killed process left half-written is
    deleted. With --quiet only what is wrong. The exit status is 3 when a person has to act.
    """
    found = examine(places(options), repair=repair)
    faults = [each for each in found if each.level is Level.FAULT]
    if form == "json":
        click.echo(json.dumps({"ok": not faults, "findings": [asdict(each) for each in found]}, indent=2))
    else:
        for each in found:
            if each.level is not Level.OK or not options.quiet:
                _tell(each)
    return NOT_OBSERVED if faults else 0


def _tell(finding: Finding) -> None:
    click.echo(f"{finding.level:<6} {finding.check:<14} {printable(finding.about, 1000)}")
    if finding.repaired:
        click.echo(f"{'':<22}repaired: {printable(finding.repaired, 1000)}")
    elif finding.remedy:
        click.echo(f"{'':<22}remedy: {printable(finding.remedy)}")
