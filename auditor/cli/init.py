"""`auditor init`."""

from __future__ import annotations

from importlib.resources import files

import click

from auditor.cli.options import Options, declare
from auditor.crawl.folders import DataFolder
from auditor.errors import InputError
from auditor.files import write_atomic


@declare("init", "init --portals /srv/auditor/portals.yaml --data /srv/auditor/data")
def command(options: Options) -> None:
    """Makes what an installation begins with: a commented portals.yaml to fill in, and the data folder.

    What is there already is left as it is.
    """
    start = files("auditor").joinpath("portals.start.yaml").read_text("utf-8")
    if options.portals.exists():
        raise InputError(f"{options.portals} is there already: edit it, or name another file with --portals FILE")
    DataFolder(options.data).make()
    try:
        options.portals.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(options.portals, start)
    except OSError as error:
        raise InputError(f"cannot write {options.portals} ({error.strerror}): name another place") from error
    click.echo(f"{options.portals}: fill it in, then run 'auditor units check'")
    click.echo(f"{options.data}: the database, observations, reports and logs will lie here")
