"""`auditor import-history`."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli.options import Options, declare
from auditor.cli.running import context
from auditor.office import past


@declare("import-history so-lieu-cu.xlsx", "import-history so-lieu-cu.csv --replace")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Take the file's figures where others are known.")
def command(options: Options, file: Path, *, replace: bool) -> None:
    """Stores figures of the time before the system, so that the first reports can compare.

    FILE is CSV (UTF-8) or XLSX. Its first row names the columns: period (2019-10, 10/2019; longer ones as 2019-Q3,
    2019-9M, 2019), unit (key or name) or group (provincial, district, commune, total), count, and, if you like, note.
    Vietnamese headings (tháng, đơn vị, cấp, số lượt, ghi chú) are known as well. It is taken whole, or not at all.
    """
    done = past.import_history(context(options), file, replace=replace)
    click.echo(
        f"{done.added} figures added, {done.replaced} replaced, {done.known} known already: {', '.join(done.periods)}"
    )
