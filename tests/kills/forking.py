"""`python -m tests.kills.forking`: has the program loaded, and runs each of its commands in a fork of its own.

An order is a line of JSON on standard input; the answers are two lines: the process, then "STATUS STEPS", how it ended
and how many of its calls wrote something. With `step` it kills itself at that call, which finds moments that the clock
rarely hits. `worker` is the command of its children; `shift` moves its clock by that many days; `largest` is how many
bytes a file may have, `patience` how many seconds it waits for a database that is locked.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from auditor.classify import judge

WRITING = {"execute", "commit", "replace", "fsync", "open", "mkdir", "unlink", "rename", "write", "flock", "rmdir"}


class Steps:
    """Counts the calls of this process that write, from when it is made; dies at the `last`, if that is not 0."""

    def __init__(self, last: int) -> None:
        self.count, self._last = 0, last
        sys.setprofile(self._called)

    def _called(self, _frame: object, event: str, called: Any) -> None:
        if event == "c_call" and called.__name__ in WRITING:
            self.count += 1
            if self.count == self._last:
                os.kill(os.getpid(), signal.SIGKILL)


def _run(order: dict[str, Any]) -> int:
    """The command, in this process."""
    silent = os.open(os.devnull, os.O_RDWR)
    said = os.open(order["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    for number, target in ((0, silent), (1, silent), (2, said)):
        os.dup2(target, number)
    running, options = import_module("auditor.cli.running"), import_module("auditor.cli.options")
    running.WORKER = tuple(order["worker"])
    options.Options.now = staticmethod(lambda: datetime.now(UTC) + timedelta(days=order["shift"]))
    if order["patience"]:
        import_module("auditor.store.database").LOCK_TIMEOUT = order["patience"]
    if order["largest"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest"], order["largest"]))
    sys.argv = ["auditor", *order["words"]]
    steps = Steps(order["step"])
    status = 0
    try:
        import_module("auditor.cli").main()
    except SystemExit as end:
        status = int(end.code or 0)
    finally:
        sys.setprofile(None)
    Path(order["steps"]).write_text(str(steps.count))
    return status


def main() -> None:
    """Serves until standard input ends."""
    judge().classify("")
    for name in ("auditor.store.upgrade", "auditor.report.as_docx", "auditor.report.as_xlsx", "auditor.report.as_html"):
        import_module(name)
    for name in ("recheck", "crawl", "close", "evidence", "report", "doctor", "backup"):
        import_module(f"auditor.cli.{name}")
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            try:
                os._exit(_run(order))
            finally:
                os._exit(1)  # whatever happened, this is not the process that forks
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        place = Path(order["steps"])
        steps = place.read_text() if place.exists() else "0"
        place.unlink(missing_ok=True)
        sys.stdout.write(f"{status} {steps}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
