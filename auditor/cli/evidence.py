"""`auditor evidence`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from auditor.cli.options import NOT_OBSERVED, Options, declare, month_option
from auditor.cli.running import context
from auditor.context import Context
from auditor.crawl.evidence.entries import Entry, Kind
from auditor.crawl.evidence.extract import extract
from auditor.crawl.evidence.files import Shelf
from auditor.errors import InputError
from auditor.evidencing import Held, Share, evidence_of_item, evidence_of_unit, lost_files, posts_proven, shares
from auditor.pruning import MEGABYTE, prune
from auditor.text import printable
from auditor.window import Month


@declare(
    "evidence --month 2019-11 --verify",
    "evidence so-noi-vu --month 2019-11",
    "evidence 1f0c77ab --extract /tmp/pages",
    "evidence --prune-older 400",
)
@click.argument("what", metavar="[ITEM|UNIT]", required=False)
@month_option()
@click.option(
    "--verify", is_flag=True, help="Compare every digest: of records, bodies, files; exit status 3 if one fails."
)
@click.option(
    "--extract", "folder", type=click.Path(path_type=Path, file_okay=False), help="Write the answers as files."
)
@click.option(
    "--prune-older", type=click.IntRange(min=0), metavar="DAYS", help="Drop what is older and proves nothing."
)
@click.option(
    "--prune-to", type=click.IntRange(min=0), metavar="MB", help="Drop what proves nothing, down to this size."
)
def command(
    options: Options,
    what: str | None,
    month: Month | None,
    folder: Path | None,
    prune_older: int | None,
    prune_to: int | None,
    *,
    verify: bool,
) -> int:
    """Shows what portals answered: behind an item, on a unit's visits, or how much there is of a month per unit.

    An ITEM is named by the id or address that `auditor items` shows: its answers are those it was read from, on the
    first visit that saw it and on the last. --extract writes bodies as they came, with the scripts in them.
    Pruning never drops what the figures of any month rest on, nor what other evidence refers to; both limits may be
    given, and then only what is older goes, until the rest fits.
    """
    run = context(options)
    if prune_older is not None or prune_to is not None:
        if what or folder or verify:
            raise InputError("--prune-older and --prune-to stand without anything else")
        return _prune(run, prune_older, prune_to)
    if what is None:
        if folder:
            raise InputError("--extract needs an ITEM or a UNIT")
        return _month(run, month or run.open_month, verify=verify)
    held = _named(run, what, month or run.open_month, verify=verify)
    if folder:
        return _extract(folder, held)
    for line in _lines(held, verify=verify):
        click.echo(line)
    return NOT_OBSERVED if any(each.faults for each in held) or not held else 0


def _named(run: Context, what: str, month: Month, *, verify: bool) -> Sequence[Held]:
    if what in {unit.key for unit in run.jurisdiction.units}:
        return evidence_of_unit(run, month, what, verify=verify)
    title, held = evidence_of_item(run, what, verify=verify)
    click.echo(printable(title, 200))
    return held


def _lines(held: Sequence[Held], *, verify: bool) -> Iterator[str]:
    for visit in held:
        told = (
            f"{visit.file}  {visit.bytes:,} bytes  sha256 {visit.sha256 or 'in no manifest yet'}" if visit.file else ""
        )
        yield f"{visit.unit}  {visit.started:%Y-%m-%d %H:%M:%S} UTC  {told}".rstrip()
        for entry in visit.answers:
            yield f"  {_answer(entry)}"
        for fault in visit.faults:
            yield f"  ! {printable(fault, 300)}"
        if verify and not visit.faults:
            yield f"  verified: {len(visit.answers)} answers"


def _answer(entry: Entry) -> str:
    came = {Kind.REVISIT: "as before", Kind.FAULT: "no answer", Kind.LEFT: "not kept"}.get(
        entry.kind, f"{entry.status}"
    )
    return (
        f"{entry.time[11:19]}  {came:<9}  {entry.size:>9,}  {entry.method} {printable(entry.url, 300)}  {entry.digest}"
    )


def _extract(folder: Path, held: Sequence[Held]) -> int:
    files = [(visit.file, entry) for visit in held if visit.file for entry in visit.answers]
    if not files:
        raise InputError("there is no evidence to extract: `auditor evidence` without --extract says why")
    for written in extract(folder, files, Shelf(files[0][0].parent)):
        click.echo(f"{folder / written.name}  {printable(written.url, 300)}")
    return 0


def _month(run: Context, month: Month, *, verify: bool) -> int:
    found = shares(run, month, verify=verify)
    for share in found:
        click.echo(_share(share))
        for fault in share.faults:
            click.echo(f"  ! {printable(fault, 300)}")
    lost = lost_files(run, month) if verify else []
    for name in lost:
        click.echo(f"! {printable(name)} stands in the manifest, and is not there")
    total = sum(share.bytes for share in found)
    click.echo(f"{month}: {total / MEGABYTE:.2f} MB in {sum(share.files for share in found)} files")
    unproven = _posts(run, month) if verify else ()
    return NOT_OBSERVED if lost or unproven or any(share.faults for share in found) else 0


def _posts(run: Context, month: Month) -> Sequence[str]:
    """Says how many counted posts have their pages, and answers what is wrong with the others."""
    proven = posts_proven(run, month)
    for fault in proven.faults:
        click.echo(f"! {printable(fault, 300)}")
    whole = proven.posts - len(proven.faults)
    click.echo(f"{month}: {whole} of {proven.posts} counted posts have the pages they were read from, verified")
    return proven.faults


def _share(share: Share) -> str:
    answers = f"{share.answers} answers, {share.repeated} of them as before"
    return f"{share.unit:<24} {share.files:>4} files {share.bytes / MEGABYTE:>9.3f} MB  {answers}"


def _prune(run: Context, older_than: int | None, at_most: int | None) -> int:
    gone = prune(run, older_than=older_than, at_most=None if at_most is None else at_most * MEGABYTE)
    for name in gone.files:
        click.echo(printable(name))
    click.echo(
        f"{len(gone.files)} files dropped, {gone.bytes / MEGABYTE:.2f} MB; {gone.left / MEGABYTE:.2f} MB stay",
        err=True,
    )
    return 0
