"""`auditor backup`."""

from __future__ import annotations

from pathlib import Path

import click

from auditor import backup
from auditor.cli.options import Options, declare
from auditor.crawl.folders import DataFolder
from auditor.text import printable


def places(options: Options) -> backup.Places:
    """Where the installation lies that the options name."""
    return backup.Places(options.portals, options.database_url, DataFolder(options.data), options.now)


def told(manifest: backup.Manifest) -> str:
    """A backup in a line."""
    size = f"{len(manifest.files)} files, {manifest.size / 1e6:,.1f} MB"
    return f"{size}, made {printable(manifest.made, 40)} by version {printable(manifest.version, 40)}"


@declare("backup auditor-2019-11-19.zip", "backup --check auditor-2019-11-19.zip")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--check", is_flag=True, help="Read a backup that was made, and check every file in it.")
def command(options: Options, file: Path, *, check: bool) -> None:
    """Writes the whole installation into one ZIP file: database, portals.yaml, observations, what was learnt, reports.

    A crawl or the scheduler may be running meanwhile. What was written is read back and checked before the file gets
    its name. Logs, the demo and what is being worked on are left out.
    """
    manifest = backup.read(file) if check else backup.back_up(places(options), file)
    click.echo(f"{file}: {told(manifest)}; every file checked")
