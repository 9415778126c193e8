"""The data folder of an installation: what lies where, and how an observation gets to its place.

crawl.lock                                  one crawl at a time
work/<run>/<batch>/<unit>.json              observations not yet in the database
observations/YYYY-MM-DD/<unit>-HHMMSS.json  those that are; the day and time of the visit, jurisdiction's zone;
                                            .r1.json: the same visit, read again from its evidence later
damaged/                                    observation files that could not be read
evidence/<unit>/YYYY-MM-DD-HHMMSS.warc.gz    what the portal answered on that visit
evidence/YYYY-MM.sha256                     SHA-256 of the files of a month's visits; pruned.jsonl: what was dropped
judge/                                      what this installation's judge has learnt; see auditor.adopted
messages/                                   what whom was told, and when
logs/  reports/
"""

from __future__ import annotations

import shutil
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import chain, count
from pathlib import Path

from auditor.crawl.evidence.files import SUFFIX
from auditor.errors import InputError
from auditor.files import move, write_atomic
from auditor.observation import Observation, evidence_name

LOOK = "discover-"
"""How the name of a run begins of which nothing is to be stored."""
LOGS_KEPT = timedelta(days=60)
"""How long what children said is kept."""


@dataclass(frozen=True)
class DataFolder:
    """The folder `root` and the places in it."""

    root: Path

    @property
    def lock(self) -> Path:
        """Held while a crawl runs."""
        return self.root / "crawl.lock"

    @property
    def schedule_lock(self) -> Path:
        """Held while a scheduler looks after the folder."""
        return self.root / "schedule.lock"

    @property
    def work(self) -> Path:
        """Where children write."""
        return self.root / "work"

    @property
    def logs(self) -> Path:
        """What children said, and tracebacks."""
        return self.root / "logs"

    @property
    def reports(self) -> Path:
        """Where reports go unless told otherwise."""
        return self.root / "reports"

    @property
    def evidence(self) -> Path:
        """What portals answered."""
        return self.root / "evidence"

    @property
    def messages(self) -> Path:
        """What whom was told, and when."""
        return self.root / "messages"

    @property
    def judge(self) -> Path:
        """What the judge has learnt here."""
        return self.root / "judge"

    def make(self) -> None:
        """Makes the folders a crawl needs.

        Raises:
            InputError: they cannot be made.
        """
        for folder in (self.work, self.logs):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                message = f"cannot make the folder {folder} ({error.strerror}): choose another --data folder"
                raise InputError(message) from error

    def keep_traceback(self, error: BaseException, now: datetime) -> Path:
        """Writes an unexpected error down for whoever maintains the program; answers the file.

        Raises:
            OSError: it cannot be written.
        """
        self.logs.mkdir(parents=True, exist_ok=True)
        text = "".join(traceback.format_exception(error))
        return write_atomic(self.logs / f"error-{now:%Y%m%d-%H%M%S}.log", text.encode("utf-8", "backslashreplace"))

    def leftovers(self) -> Iterator[Path]:
        """Observation files that a crawl which was cut short left behind, oldest run first."""
        for run in sorted(self.work.iterdir()):
            if not run.name.startswith(LOOK):
                yield from sorted(run.glob("*/*.json"))

    def sweep(self) -> None:
        """Empties the work folder, once nothing in it is wanted any more.

        What a child of a killed crawl writes meanwhile, on its way out, is left to the next crawl.
        """
        for run in self.work.iterdir():
            if run.name.startswith(LOOK) or not any(run.glob("*/*.json")):
                shutil.rmtree(run, ignore_errors=True)

    def forget_logs(self, now: datetime) -> None:
        """Deletes what children said on nights long past; tracebacks and the service's own log stay."""
        for file in self.logs.glob("crawl-*.log"):
            with suppress(OSError):
                if now.timestamp() - file.stat().st_mtime > LOGS_KEPT.total_seconds():
                    file.unlink()

    def drop(self, run: str) -> None:
        """Empties the work folder of one run, of which nothing is wanted; what other runs left behind stays."""
        shutil.rmtree(self.work / run, ignore_errors=True)

    def source(self, observation: Observation, zone: tzinfo) -> str:
        """A free place for the observation's file, relative to the data folder."""
        started = observation.started.astimezone(zone)
        stem = f"observations/{started:%Y-%m-%d}/{observation.unit}-{started:%H%M%S}"
        names = chain([f"{stem}.json"], (f"{stem}-{number}.json" for number in count(2)))
        return next(name for name in names if not (self.root / name).exists())

    def keep(self, file: Path, source: str) -> None:
        """Moves an observation's file to its place, whole or not at all; its evidence first."""
        if warc_of(file).exists():
            move(warc_of(file), self.evidence_of(source, file.stem))
        move(file, self.root / source)

    def evidence_of(self, source: str, unit: str) -> Path:
        """Where the evidence of a stored observation stands, if it has any; `source` is the observation's own place."""
        return self.root / evidence_name(source, unit)

    def reread(self, source: str) -> str:
        """A free place for what came of reading a stored visit again, beside its observation."""
        stem = source.partition(".")[0]
        return next(
            name for name in (f"{stem}.r{number}.json" for number in count(1)) if not (self.root / name).exists()
        )

    def set_aside(self, file: Path) -> str:
        """Keeps a damaged file for whoever wants to know why; answers its place relative to the data folder."""
        place = f"damaged/{file.parent.parent.name}-{file.name}"
        move(file, self.root / place)
        if warc_of(file).exists():
            move(warc_of(file), self.root / f"{place}{SUFFIX}")
        return place


def warc_of(observation: Path) -> Path:
    """Where a child puts the evidence of an observation that it is about to write."""
    return observation.with_suffix(SUFFIX)
