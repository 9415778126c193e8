"""The service on a clock that jumps from one thing due to the next.

The jobs, their triggers and what they do are the scheduler's own (`scheduler_for`); only the waiting is left out, as
APScheduler waits by the machine's clock alone.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

from auditor import schedule
from auditor.context import Context
from auditor.crawl.folders import DataFolder
from auditor.crawl.supervise import Limits
from auditor.errors import InputError
from auditor.portals import load

PROJECT = Path(__file__).parents[2]


class JumpingClock:
    """Goes on at the machine's pace from where it was put last."""

    def __init__(self, start: datetime) -> None:
        self.put(start)

    def put(self, moment: datetime) -> None:
        """Sets it, forwards or backwards."""
        self._moment, self._mark = moment, monotonic()

    def now(self) -> datetime:
        """What it shows, UTC."""
        return (self._moment + timedelta(seconds=monotonic() - self._mark)).astimezone(UTC)


def installation(folder: Path, clock: JumpingClock) -> Context:
    """An installation in a folder that holds a portals.yaml."""
    data = DataFolder(folder / "data")
    return Context(
        portals=folder / "portals.yaml",
        jurisdiction=load(folder / "portals.yaml"),
        database=f"sqlite:///{data.root / 'auditor.db'}",
        data=data,
        now=clock.now,
        limits=Limits(processes=1, poll=0.05),
    )


@dataclass
class Service:
    """A scheduler's process: begins by catching up, then does each job when it is due.

    Attributes:
        folder: the installation's.
        clock: it lives by.
        before: called before each job.
        done: what was done, in order: moment and job.
        faults: what could not be done: moment, job and the reason told.
    """

    folder: Path
    clock: JumpingClock
    before: Callable[[], None] = lambda: None
    done: list[tuple[datetime, str]] = field(default_factory=list)
    faults: list[tuple[datetime, str, str]] = field(default_factory=list)

    def start(self) -> None:
        """Begins, as after the machine has started."""
        context = installation(self.folder, self.clock)
        plan = schedule.Plan.of(context.jurisdiction)
        scheduler = schedule.scheduler_for(context, plan, {})
        scheduler.start(paused=True)  # until then its jobs lack what it gives them all
        self._jobs = {job.id: job for job in scheduler.get_jobs()}
        scheduler.shutdown()
        self._do("catch-up", lambda: self._look(context, plan))
        self._plan_from_now()

    def live_until(self, moment: datetime) -> None:
        """Does what becomes due until then."""
        while min(self._due.values()) <= moment:
            name = min(self._due, key=lambda each: self._due[each])
            if self._due[name] > self.clock.now():
                self.clock.put(self._due[name])
            self._do(name, self._jobs[name].func)
            self._due[name] = self._next(name, after=self._due[name])
        self.clock.put(moment)

    def sleep_until(self, moment: datetime) -> None:
        """The machine sleeps; what became due meanwhile is done once on waking if it is not too old (coalescing)."""
        self.clock.put(moment)
        for name in sorted(self._due, key=lambda each: self._due[each]):
            last = None
            while self._due[name] <= moment:
                last, self._due[name] = self._due[name], self._next(name, after=self._due[name])
            if last and moment - last <= timedelta(seconds=self._jobs[name].misfire_grace_time):
                self._do(name, self._jobs[name].func)

    def set_clock(self, moment: datetime) -> None:
        """Somebody sets the machine's clock, and the scheduler reckons anew."""
        self.clock.put(moment)
        self._plan_from_now()

    def _plan_from_now(self) -> None:
        self._due = {name: self._next(name) for name in self._jobs}

    def _next(self, name: str, after: datetime | None = None) -> datetime:
        found: datetime = self._jobs[name].trigger.get_next_fire_time(after, after or self.clock.now())
        return found

    def _do(self, name: str, action: Any) -> None:
        moment = self.clock.now()
        self.before()
        try:
            action()
            self.done.append((moment, name))
        except (InputError, OSError) as error:
            self.faults.append((moment, name, str(error)))

    def _look(self, context: Context, plan: schedule.Plan) -> None:
        schedule.look_after(context, plan, {})


def look_in_a_process(folder: Path, moment: datetime, largest_file: int | None = None) -> subprocess.Popen[str]:
    """A look of the service in a process of its own, at the head of a group.

    `largest_file`: bytes that any file may have: what a disk without room does to whoever writes.
    """
    return subprocess.Popen(
        [sys.executable, "-m", "tests.simulation.service", str(folder), moment.isoformat(), str(largest_file or 0)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def kill_when(process: subprocess.Popen[str], reached: Event) -> None:
    """Kills the process alone, as the system does when memory is short, once `reached` is set."""
    assert reached.wait(60), "the crawl did not get so far"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)


def main(arguments: list[str]) -> int:
    """One look; prints why it could not be done."""
    folder, moment, largest_file = Path(arguments[0]), datetime.fromisoformat(arguments[1]), int(arguments[2])
    context = installation(folder, JumpingClock(moment))
    if largest_file:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    try:
        schedule.look_after(context, schedule.Plan.of(context.jurisdiction), {})
    except (InputError, OSError) as error:
        print(error)  # noqa: T201 - for whoever started it
        return 2
    return 0


def told(folder: Path) -> str:
    """Every message that was sent, in order, without what differs from run to run: ports, and the folder."""
    files = sorted((folder / "data" / "messages").glob("*.txt"))
    text = "\n".join(f"== {file.name}\n{file.read_text('utf-8')}" for file in files)
    return re.sub(r":\d{4,5}/", ":PORT/", text).replace(str(folder), "FOLDER")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
