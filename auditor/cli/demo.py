"""`auditor demo`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from auditor import operations
from auditor.cli.options import Options, declare
from auditor.cli.report import print_report
from auditor.cli.running import Lines, context, interruptible
from auditor.crawl import lock
from auditor.demo.content import MONTH
from auditor.demo.province import Province, serve
from auditor.errors import InputError
from auditor.files import write_atomic
from auditor.operations import Context, Report
from auditor.report import FORMATS

_DOWN = "krong-no"
_LOCK = "demo.lock"


@declare("demo", "demo --data /srv/auditor")
def command(options: Options) -> int:
    """Serves a built-in province on this machine, crawls it on two nights, and writes its report of November 2019.

    On the first night one portal is down; on the second all are up. Nothing leaves this machine, and everything it
    makes stays in demo in the data folder; what an earlier demo made there is removed first.
    """
    folder = options.data / "demo"
    with _fresh(folder, options), serve() as province:
        write_atomic(folder / "portals.yaml", province.portals_yaml)
        here = replace(options, portals=folder / "portals.yaml", data=folder, database="")
        run = context(here, Lines.as_progress(here))
        with interruptible(run.stop):
            report = _two_nights(run, province, options)
    status = print_report(report)
    _explain(report, here)
    return status


def _two_nights(run: Context, province: Province, options: Options) -> Report:
    for night, down in (("first", [_DOWN]), ("second", [])):
        if not options.quiet:
            state = f"{_DOWN} is down" if down else "all portals are up"
            options.terminal.say(f"the {night} night: {state}", err=True)
        province.set_down(down)
        operations.crawl(run, month=MONTH)
    return operations.report(run, MONTH, run.data.reports, FORMATS)


def _explain(report: Report, here: Options) -> None:
    page = next((file for file in report.files if file.suffix == ".html"), None)
    if page and not here.quiet:
        asked = f"--portals {here.portals} --data {here.data}"
        here.terminal.say(f"open {page} in a browser, or ask further: auditor items --month {MONTH} {asked}", err=True)


@contextmanager
def _fresh(folder: Path, options: Options) -> Iterator[None]:
    """The demo's folder, empty but for its lock, which also marks it as a demo's.

    Raises:
        InputError: the folder is somebody else's, or another demo is using it.
    """
    place = folder / _LOCK
    if folder.is_symlink() or (folder.exists() and not place.exists() and any(folder.iterdir())):
        raise InputError(f"{folder} was not made by a demo: move it away, or choose another --data folder")
    with lock.hold(place, "demo", options.now()):
        for entry in folder.iterdir():
            if not entry.name.startswith(place.stem):
                _remove(entry)
        yield


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        entry.unlink()
