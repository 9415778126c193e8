"""`auditor demo`."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import sleep

import click

from auditor import crawling, operations
from auditor.cli.options import Options, declare
from auditor.cli.report import print_report
from auditor.cli.running import Lines, context, interruptible
from auditor.context import Context
from auditor.crawl import lock
from auditor.crawl.folders import DataFolder
from auditor.demo.content import MONTH
from auditor.demo.province import Province, serve
from auditor.errors import InputError
from auditor.files import write_atomic
from auditor.operations import Report
from auditor.report import FORMATS

_DOWN = "krong-no"
_LOCK = "demo.lock"
_SECONDS_TO_NOTICE_A_SIGNAL = 0.2


@declare("demo", "demo --data /srv/auditor", "demo --serve")
@click.option("--serve", "stay", is_flag=True, help="Let the portals answer until Ctrl-C: for 'auditor schedule'.")
def command(options: Options, *, stay: bool) -> int:
    """Serves a built-in province on this machine, crawls it on two nights, and writes its report of November 2019.

    On the first night one portal is down; on the second all are up. Nothing leaves this machine, and everything it
    makes stays in demo in the data folder; what an earlier demo made there is removed first.

    With --serve the portals answer on until it is told to end (Ctrl-C, SIGTERM), so that `auditor schedule`, started
    beside it, has something to visit at night. What an earlier demo made is then kept, and its scheduler may run on.
    """
    folder = options.data / "demo"
    with _alone(folder, options), serve() as province:
        made = (folder / "reports" / f"{MONTH}.json").exists()
        if not (stay and made):
            _empty(folder)
        write_atomic(folder / "portals.yaml", province.portals_yaml)
        here = replace(options, portals=folder / "portals.yaml", data=folder, database="")
        run = context(here, Lines.as_progress(here))
        with interruptible(run.stop):
            status = 0 if stay and made else _make(run, province, here)
            if stay:
                _stay(run, province, here)
    return status


def _make(run: Context, province: Province, here: Options) -> int:
    report = _two_nights(run, province, here)
    status = print_report(report)
    _explain(report, here)
    return status


def _stay(run: Context, province: Province, here: Options) -> None:
    """Waits, the portals answering, for a signal."""
    click.echo(f"{len(province.urls)} portals answer on this machine, until Ctrl-C; in another terminal:")
    click.echo(f"  auditor schedule --portals {here.portals} --data {here.data} --health 127.0.0.1:9100")
    sys.stdout.flush()
    while not run.stop.is_set():  # never waited on: a signal would not be noticed everywhere
        sleep(_SECONDS_TO_NOTICE_A_SIGNAL)


def _two_nights(run: Context, province: Province, options: Options) -> Report:
    for night, down in (("first", [_DOWN]), ("second", [])):
        if not options.quiet:
            state = f"{_DOWN} is down" if down else "all portals are up"
            options.terminal.say(f"the {night} night: {state}", err=True)
        province.set_down(down)
        crawling.crawl(run, month=MONTH)
    return operations.report(run, MONTH, run.data.reports, FORMATS)


def _explain(report: Report, here: Options) -> None:
    page = next((file for file in report.files if file.suffix == ".html"), None)
    if page and not here.quiet:
        asked = f"--portals {here.portals} --data {here.data}"
        here.terminal.say(f"open {page} in a browser, or ask further: auditor items --month {MONTH} {asked}", err=True)


@contextmanager
def _alone(folder: Path, options: Options) -> Iterator[None]:
    """The demo's folder, for one demo at a time; its lock also marks it as a demo's.

    Raises:
        InputError: the folder is somebody else's, or another demo is using it.
    """
    place = folder / _LOCK
    if folder.is_symlink() or (folder.exists() and not place.exists() and any(folder.iterdir())):
        raise InputError(f"{folder} was not made by a demo: move it away, or choose another --data folder")
    with lock.hold(place, "demo", options.now()):
        yield


def _empty(folder: Path) -> None:
    """Removes what an earlier demo made.

    Raises:
        InputError: a scheduler or a crawl is at work on it.
    """
    data = DataFolder(folder)
    for busy in (data.schedule_lock, data.lock):
        if who := lock.holder(busy):
            raise InputError(f"{who} in {folder}: stop it first, or 'auditor demo --serve' keeps what is there")
    for entry in folder.iterdir():
        if not entry.name.startswith(Path(_LOCK).stem):
            _remove(entry)


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        entry.unlink()
