"""`auditor templates`."""

from __future__ import annotations

import click

from auditor.cli.options import Options, declare
from auditor.errors import InputError
from auditor.files import write_atomic
from auditor.report.rendering import builtin_templates


@declare("templates", "templates report.txt.j2")
@click.argument("names", nargs=-1, metavar="[NAME]...")
def command(options: Options, names: tuple[str, ...]) -> None:
    """Copies the templates of the report and the letters beside portals.yaml, for the office to edit.

    All of them, or those named. What lies there already is left as it is; a template that does not is taken from the
    program. docs/templates.md lists the fields.
    """
    ours, folder = builtin_templates(), options.portals.parent / "templates"
    known = sorted(file.name for file in ours.glob("*.j2"))
    if unknown := [name for name in names if name not in known]:
        raise InputError(f"there is no template '{unknown[0]}': choose from {', '.join(known)}")
    if folder.exists() and folder.samefile(ours):
        raise InputError(f"{folder} holds the program's own templates already: edit them there")
    for name in names or known:
        if (folder / name).exists():
            click.echo(f"{folder / name}: is there already, and stays as it is")
            continue
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_atomic(folder / name, (ours / name).read_bytes())
        except OSError as error:
            raise InputError(f"cannot write {folder / name} ({error.strerror}): make the folder writable") from error
        click.echo(f"{folder / name}: edit it; without it the program's own is used")
