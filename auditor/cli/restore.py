"""`auditor restore`."""

from __future__ import annotations

from pathlib import Path

import click

from auditor import backup
from auditor.cli.backup import places, told
from auditor.cli.options import Options, declare


@declare("restore auditor-2019-11-19.zip", "restore auditor-2019-11-19.zip --replace")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Put it in the place of the installation that is there.")
def command(options: Options, file: Path, *, replace: bool) -> None:
    """Puts a backup's files in their places, after all of them were checked.

    An installation that is there already stays unless --replace is given, and is then moved aside, not deleted. The
    next command upgrades the database, if the backup was made by an older version.
    """
    restored = backup.restore(places(options), file, replace=replace)
    click.echo(f"{restored.data}: {told(restored.manifest)}")
    if restored.before:
        click.echo(f"what was there before lies in {restored.before}")
