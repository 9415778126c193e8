"""Runs the crawl in child processes and hands over what each of them finishes.

A child (`python -m auditor.crawl.worker`) reads a batch of units and writes one observation file per unit. Whatever
becomes of it, every unit ends with an observation: a child that dies or hangs is ended with all its offspring, its
units without a file are tried once more, one process each, and what still has none is recorded as failed, by name.

Children cannot outlive the parent: their standard input is a pipe that only the parent holds, and they end when it
closes. They stand in process groups of their own, so that an interrupt reaches only the parent.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event
from time import monotonic, sleep

from auditor.crawl.folders import DataFolder
from auditor.crawl.processes import family, resident
from auditor.errors import InputError
from auditor.files import write_atomic
from auditor.observation import Landmark, Missing, Observation
from auditor.outcomes import Cause, Outcome
from auditor.portals import Unit
from auditor.reading.addresses import host_of
from auditor.text import printable

log = logging.getLogger(__name__)

Deliver = Callable[[Observation, Path], None]
"""Takes a finished observation and its file, which it may move.

Raises:
    RejectedError: the observation cannot be what it says; its unit is then recorded as failed.
"""


class RejectedError(Exception):
    """An observation that is well-formed, but cannot be stored: says why."""


WORKER = (sys.executable, "-m", "auditor.crawl.worker")
_LARGEST_BATCH = 40  # units one process reads side by side
_SMALLEST_BATCH = 5  # fewer are not worth the second that another process takes to start
_TAIL_BYTES = 4096
_GROUPS = hasattr(os, "killpg")
"""Whether this system has process groups: without them a browser would outlive the crawler that started it."""
_SECRETS = ("AUDITOR_SMTP", "AUDITOR_WEBHOOK_", "AUDITOR_SECRETS")
"""How the names of those variables begin that `auditor.messages.secrets` reads."""


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Limits:
    """What children may take.

    Attributes:
        processes: children at the same time.
        memory_cap: bytes that a child and all it started may hold together (where the system tells: Linux).
        time_cap: a visit's time, whatever it is doing; the worker's own limit, which spares the other units, is
            shorter. A child that visits units of one host, one after another, has it as many times.
        grace: between asking it to end and killing it.
        poll: seconds between two looks at what has been finished.
    """

    processes: int = field(default_factory=cores)
    time_cap: timedelta = timedelta(minutes=25)
    memory_cap: int = 3_000_000_000
    grace: timedelta = timedelta(seconds=5)
    poll: float = 0.2


@dataclass(frozen=True)
class Job:
    """What to read.

    Attributes:
        portals: the portals.yaml that children read.
        units: which of its units.
        first_day: every post published on this day or later is asked for.
        run: names the run's folder and logs; no two runs of a data folder have the same.
        worker: the command of a child, without its last argument, the job file.
        unguided: find each section anew, whatever portals.yaml says of it.
        landmarks: per unit, the parts of its section that had posts at the last complete visit.
        missing: per unit, posts that listings no longer show: what their own addresses say is asked.
        weights: of the judge in use; None: those that come with the program.
        platforms: use what is known of a portal's family; without it every portal is read like a stranger.
        keep: a folder for the pages as they were answered; None keeps none.
        evidence: the folder of earlier evidence, where evidence is to be kept; None keeps none.
        replay: evidence files by unit, to read instead of asking anybody.
        ahead: how far the caller's clock is ahead of the machine's.
    """

    portals: Path
    units: Sequence[Unit]
    first_day: date
    run: str
    worker: Sequence[str] = WORKER
    unguided: bool = False
    missing: Mapping[str, Sequence[Missing]] = field(default_factory=dict)
    landmarks: Mapping[str, Sequence[Landmark]] = field(default_factory=dict)
    platforms: bool = True
    weights: Path | None = None
    keep: Path | None = None
    evidence: Path | None = None
    replay: Mapping[str, Path] = field(default_factory=dict)
    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        """The caller's time, UTC."""
        return datetime.now(UTC) + self.ahead


def batches(units: Iterable[Unit], processes: int) -> list[list[Unit]]:
    """Splits units among processes; those of one host stay together, so that its delay between requests holds."""
    hosts: defaultdict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        hosts[host_of(unit.url)].append(unit)
    total = sum(map(len, hosts.values()))
    wanted = max(-(-total // _LARGEST_BATCH), min(processes, total // _SMALLEST_BATCH), 1)
    split: list[list[Unit]] = [[] for _ in range(wanted)]
    for together in sorted(hosts.values(), key=len, reverse=True):
        min(split, key=len).extend(together)
    return [batch for batch in split if batch]


def _environment() -> dict[str, str]:
    """Ours, without what opens the mail server and the webhooks: whoever reads strangers' pages need not know it."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(_SECRETS)}
    return {**ours, "AUDITOR_WATCH_STDIN": "1", "PYTHONUTF8": "1"}


class Child:
    """One worker process with its batch, its folder and its log."""

    def __init__(self, job: Job, units: Sequence[Unit], data: DataFolder, number: int) -> None:
        name = f"{number:04d}"
        self.units = units
        self.waited = {unit.key for unit in units}
        self.folder = data.work / job.run / name
        self.log = data.logs / f"crawl-{job.run}-{name}.log"
        self.turns = max(Counter(host_of(unit.url) for unit in units).values())
        self.started = job.now()
        self._began = monotonic()
        self.folder.mkdir(parents=True)
        order = write_atomic(self.folder.with_suffix(".job.json"), self._order(job))
        with self.log.open("ab") as said:
            self._process = subprocess.Popen(
                [*job.worker, str(order)],
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=said,
                start_new_session=True,
                env=_environment(),
            )

    def _order(self, job: Job) -> str:
        return json.dumps(
            {
                "portals": str(job.portals.absolute()),
                "units": [unit.key for unit in self.units],
                "first_day": job.first_day.isoformat(),
                "output": str(self.folder.absolute()),
                "unguided": job.unguided,
                "missing": {
                    unit.key: [[post.url, post.title] for post in posts]
                    for unit in self.units
                    if (posts := job.missing.get(unit.key))
                },
                "landmarks": {
                    unit.key: [asdict(part) for part in parts]
                    for unit in self.units
                    if (parts := job.landmarks.get(unit.key))
                },
                "platforms": job.platforms,
                "weights": str(job.weights.absolute()) if job.weights else None,
                "keep": str(job.keep.absolute()) if job.keep else None,
                "evidence": str(job.evidence.absolute()) if job.evidence else None,
                "replay": {key: str(file.absolute()) for key, file in job.replay.items()},
                "ahead": job.ahead.total_seconds(),
            }
        )

    def finished(self) -> list[Path]:
        """The files written since the last call."""
        files = [file for key in sorted(self.waited) if (file := self.folder / f"{key}.json").exists()]
        self.waited.difference_update(file.stem for file in files)
        return files

    def running(self) -> bool:
        """Whether the process lives."""
        return self._process.poll() is None

    def over(self, cap: timedelta) -> bool:
        """Whether its time is up: `cap` for each visit that has to wait for another."""
        return monotonic() - self._began > (cap * self.turns).total_seconds()

    def memory(self) -> int:
        """Bytes that the process and all it started hold; 0 where the system does not tell."""
        return sum(map(resident, family(self._process.pid)))

    def ask_to_end(self) -> None:
        """Tells the whole group to end."""
        self._signal(signal.SIGTERM)

    def end(self, grace: float) -> None:
        """Waits `grace` seconds for the process to end by itself, then kills what is left of its group."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(grace)
        self._signal(signal.SIGKILL)
        self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):  # all gone; macOS: gone but not yet collected
            os.killpg(self._process.pid, number)

    def epitaph(self) -> str:
        """How it ended, and the last thing it said, as one harmless line."""
        status = self._process.returncode
        how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
        return printable(f"the worker {how}: {self._last_words()}")

    def _last_words(self) -> str:
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - _TAIL_BYTES))
            lines = file.read().decode("utf-8", "replace").splitlines()
        return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


class Supervisor:
    """Reads a job's units by children and delivers an observation for each, one at a time.

    It looks at `stop` and never waits on it: a signal handler that sets an event while its own thread is about to wait
    for it would wait for itself.
    """

    def __init__(self, job: Job, data: DataFolder, deliver: Deliver, limits: Limits, stop: Event) -> None:
        self._job = job
        self._data = data
        self._deliver = deliver
        self._limits = limits
        self._stop = stop
        self._waiting: deque[Sequence[Unit]] = deque(batches(job.units, limits.processes))
        self._children: list[Child] = []
        self._started = 0

    def run(self) -> None:
        """Returns when every unit has been delivered, or soon after `stop` is set: then what was finished has been.

        Raises:
            InputError: this system cannot end a process with all its offspring.
            OSError: a child or its folder cannot be made.
            Exception: whatever `deliver` raises. No child lives on; finished files stay in the work folder.
        """
        if not _GROUPS:
            raise InputError("portals cannot be visited under Windows itself: use WSL 2, see docs/service.md")
        try:
            self._watch()
        finally:
            for child in self._children:
                child.ask_to_end()
            for child in self._children:
                child.end(self._grace)
        for child in self._children:
            self._collect(child)

    @property
    def _grace(self) -> float:
        return self._limits.grace.total_seconds()

    def _watch(self) -> None:
        while self._waiting or self._children:
            while self._waiting and len(self._children) < self._limits.processes:
                self._start(self._waiting.popleft())
            sleep(self._limits.poll)
            if self._stop.is_set():
                return
            for child in tuple(self._children):
                self._look_at(child)

    def _start(self, units: Sequence[Unit]) -> None:
        self._started += 1
        self._children.append(Child(self._job, units, self._data, self._started))

    def _look_at(self, child: Child) -> None:
        alive = child.running()  # asked before looking for files: so the last one it wrote is not missed
        self._collect(child)
        if not alive or not child.waited:
            self._bury(child, Cause.CRASHED)
        elif child.over(self._limits.time_cap):
            child.ask_to_end()
            self._bury(child, Cause.TIME_CAP)
        elif child.memory() > self._limits.memory_cap:
            self._bury(child, Cause.MEMORY_CAP)

    def _bury(self, child: Child, cause: Cause) -> None:
        child.end(self._grace)
        self._children.remove(child)
        self._collect(child)
        missing = [unit for unit in child.units if unit.key in child.waited]
        if not missing:
            return
        log.warning("%s; without an observation: %s", child.epitaph(), ", ".join(unit.key for unit in missing))
        if len(child.units) > 1:
            self._waiting.extend([unit] for unit in missing)
        else:
            self._fail(child, child.units[0].key, cause, self._why(child, cause))

    def _why(self, child: Child, cause: Cause) -> str:
        caps = {
            Cause.TIME_CAP: f"stopped after {self._limits.time_cap * child.turns}; ",
            Cause.MEMORY_CAP: f"stopped at {self._limits.memory_cap // 1_000_000} MB of memory; ",
        }
        return caps.get(cause, "") + child.epitaph()

    def _collect(self, child: Child) -> None:
        for file in child.finished():
            try:
                self._deliver(read_observation(file), file)
            except RejectedError as error:
                place = self._data.set_aside(file)
                log.warning("%s: kept as %s", error, place)
                self._fail(child, file.stem, Cause.CRASHED, f"the worker left a damaged observation, kept as {place}")

    def _fail(self, child: Child, unit: str, cause: Cause, detail: str) -> None:
        failed = Observation(
            unit=unit,
            started=child.started,
            finished=self._job.now(),
            first_day=self._job.first_day,
            outcome=Outcome.FAILED,
            cause=cause,
            detail=detail,
        )
        self._deliver(failed, failed.write(child.folder / f"{unit}.json"))


def read_observation(file: Path) -> Observation:
    """Reads the observation of the unit the file is named after.

    Raises:
        RejectedError: it is damaged, or another unit's.
    """
    try:
        observation = Observation.read(file)
    except InputError as error:
        raise RejectedError(str(error)) from error
    if observation.unit != file.stem:
        raise RejectedError(f"{file} holds an observation of {printable(observation.unit, 80)}")
    return observation
