"""Kills crawls with SIGKILL at seeded random moments, lets one run to its end, and compares what is stored.

Four ways: the parent alone, its children alone, all of them, at a moment of the clock; and the parent by itself, at the
n-th of its own steps that touch the database or a file, which finds moments of the ingest that the clock rarely hits.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.spiders.lab import ALONE, Portal, serving

CHAIN = 10
"""Kills of one data folder before a crawl may end."""
PROJECT = Path(__file__).parents[2]
WAYS = ("parent", "children", "all", "step", "step")

# Counts the calls that write, and kills its own process at the n-th; "0" only counts, and tells at the end.
_STEPPING = """
import os, signal, sys
WRITING = {"execute", "commit", "replace", "fsync", "open", "mkdir", "unlink", "rename", "write", "flock", "rmdir"}
last, steps = int(sys.argv.pop(1)), 0
def count(frame, event, called):
    global steps
    if event == "c_call" and called.__name__ in WRITING:
        steps += 1
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)
from auditor.cli import main
sys.setprofile(count)
try:
    main()
finally:
    sys.setprofile(None)
    if not last:
        print("steps", steps)
"""

_ITEMS = (
    "SELECT i.unit, i.url, i.title, i.published, i.published_from, i.category, i.body, i.document, "
    "(SELECT group_concat(url || ' ' || listing || ' ' || label, '; ') FROM "
    " (SELECT * FROM placements p WHERE p.item = i.id ORDER BY url, listing)), "
    "(SELECT group_concat(url, '; ') FROM (SELECT * FROM addresses a WHERE a.item = i.id ORDER BY url)) "
    "FROM items i ORDER BY i.unit, i.url"
)


@dataclass
class Killer:
    """A small province on this machine, and what an undisturbed crawl of it stores.

    Attributes:
        whole: the items. seconds: how long the crawl took. steps: how many calls of its parent write something.
    """

    folder: Path
    portals: Path
    chance: random.Random
    whole: list[Any] = field(default_factory=list)
    seconds: float = 0.0
    steps: int = 0

    @classmethod
    @contextmanager
    def ready(cls, folder: Path, seed: int) -> Iterator[Killer]:
        """Serves the province and crawls it once, undisturbed."""
        names = ("mot", "hai")
        with serving({name: Portal(posts=5) for name in names}) as sites:
            killer = cls(
                folder,
                _written(folder, {name: site.url for name, site in sites.items()}),
                random.Random(seed),  # noqa: S311 - to be repeated, not to be secret
            )
            began = time.monotonic()
            said = killer._start("whole", 0).communicate(timeout=120)[0]
            killer.seconds = time.monotonic() - began
            killer.steps = int(said.split()[-1])
            killer.whole = _items(folder / "whole")
            yield killer

    def chain(self, name: str, kills: int) -> tuple[list[str], Counter[str]]:
        """Kills crawls of a new data folder one after another, then lets one end: the faults, and how it was killed."""
        ways: Counter[str] = Counter()
        for _ in range(kills):
            ways[self._kill(name, self.chance.choice(WAYS))] += 1
        last = self._start(name, 0)
        last.communicate(timeout=120)
        return list(self._faults(name, last.returncode)), ways

    def _kill(self, name: str, way: str) -> str:
        process = self._start(name, self.chance.randint(1, self.steps) if way == "step" else 0)
        try:
            if way != "step":
                process.wait(self.chance.uniform(0.05, self.seconds))
        except subprocess.TimeoutExpired:
            _end(process, way)
        else:
            way = way if way == "step" else f"{way}, too late"
        process.communicate(timeout=120)
        return way

    def _faults(self, name: str, status: int) -> Iterator[str]:
        data = self.folder / name
        if status != 0:
            yield f"the last crawl ended with status {status}"
        if _items(data) != self.whole:
            yield "the items differ"
        left = [file.name for file in data.glob("work/*/*/*.json")]
        if left:
            yield f"left behind: {left}"
        with closing(sqlite3.connect(data / "auditor.db")) as database:
            if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                yield "the database is damaged"
            if database.execute("PRAGMA foreign_key_check").fetchall():
                yield "references lead nowhere"
            sources = {source for (source,) in database.execute("SELECT source FROM observations")}
        kept = {file.relative_to(data).as_posix() for file in data.glob("observations/*/*.json")}
        if kept != sources:
            yield f"observations without a file or a row: {sorted(kept ^ sources)}"

    def _start(self, name: str, step: int) -> subprocess.Popen[str]:
        words = ["--portals", self.portals, "--data", self.folder / name, "--quiet", "crawl", "--month", "2019-11"]
        return subprocess.Popen(
            [sys.executable, "-c", _STEPPING, str(step), *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT), **ALONE, "TLDEXTRACT_CACHE": str(self.folder)},
        )


def _written(folder: Path, urls: dict[str, str]) -> Path:
    units = "".join(
        f"  - {{key: {name}, name: Đơn vị {name}, level: department, url: '{url}', crawl: {{delay: 0}}}}\n"
        for name, url in urls.items()
    )
    file = folder / "portals.yaml"
    file.write_text(f"jurisdiction: {{name: tỉnh Thử, office: Văn phòng}}\nperiod: {{cutoff_day: 18}}\nunits:\n{units}")
    return file


def _items(data: Path) -> list[Any]:
    with closing(sqlite3.connect(data / "auditor.db")) as database:
        return database.execute(_ITEMS).fetchall()


def _end(process: subprocess.Popen[str], way: str) -> None:
    """Kills the parent, the groups its children lead, or both; a parent whose children were killed goes on."""
    children = _children(process.pid) if way != "parent" else []
    if way != "children":
        process.kill()
    for child in children:
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)


def _children(parent: int) -> list[int]:
    """The children of a process of ours that lead a group of their own."""
    with suppress(OSError):
        found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return [pid for pid in map(int, found) if _leads(pid)]
    return []


def _leads(pid: int) -> bool:
    try:
        return os.getpgid(pid) == pid
    except ProcessLookupError:
        return False
