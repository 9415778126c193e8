"""Kills commands with SIGKILL at seeded random moments, lets each run to its end, and compares what is stored.

A chain is the life of one data folder: three nights, the adopting of what portals.yaml says better today, the pruning
of evidence, the report, the closing, a backup, a repair. Each of them may be killed, by chance, before it is let
through. Five ways: the parent alone, its children alone, all of them, at a moment of the clock; and the parent, or the
first of its children, by itself, at the n-th of its own steps that touch the database or a file.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from auditor.crawl.evidence.files import Shelf
from auditor.crawl.evidence.manifest import all_files, digests
from auditor.crawl.evidence.verify import faults_of
from auditor.pruning import PRUNED
from tests.spiders.lab import ALONE, Portal, serving

PROJECT = Path(__file__).parents[2]
WAYS = ("parent", "children", "all", "step", "step", "worker's step")
CRAWL = ("crawl", "--month", "2019-11")
LIFE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("first night", CRAWL),
    ("second night", CRAWL),
    ("third night", CRAWL),
    ("adopting", ("recheck", "--month", "2019-11", "--adopt")),
    ("pruning", ("evidence", "--prune-older", "0")),
    ("report", ("report", "--month", "2019-11", "--output", "{data}/reports")),
    ("closing", ("close", "--month", "2019-11", "--by", "Lê An")),
    ("backup", ("backup", "{data}.zip")),
    ("repair", ("doctor", "--repair")),
)
"""A life's commands, in order."""
_WORKING = {"first night", "second night", "third night", "adopting"}  # what has children
_LATER = 40  # days: when pruning and what follows happens
_PATIENCE = 120

_ITEMS = (
    "SELECT i.unit, i.url, i.title, i.published, i.published_from, i.category, i.body, i.document, "
    "(SELECT group_concat(url || ' ' || listing || ' ' || label, '; ') FROM "
    " (SELECT * FROM placements p WHERE p.item = i.id ORDER BY url, listing)), "
    "(SELECT group_concat(url, '; ') FROM (SELECT * FROM addresses a WHERE a.item = i.id ORDER BY url)) "
    "FROM items i ORDER BY i.unit, i.url"
)


class Forker:
    """The process that has the program loaded (tests/kills/forking.py)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kills.forking"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT), **ALONE, "TLDEXTRACT_CACHE": str(folder)},
        )

    def start(
        self,
        words: Sequence[str],
        worker: Sequence[str],
        step: int = 0,
        shift: int = 0,
        largest: int = 0,
        patience: float = 0,
    ) -> int:
        """Starts a command; answers its process. `largest`: bytes a file may have; `patience`: seconds for locks."""
        places = {"said": str(self._folder / "said.log"), "steps": str(self._folder / "steps")}
        order = {
            "words": [*words],
            "worker": [*worker],
            "step": step,
            "shift": shift,
            "largest": largest,
            "patience": patience,
        }
        assert self._process.stdin
        self._process.stdin.write(json.dumps({**order, **places}) + "\n")
        self._process.stdin.flush()
        return int(self._answer())

    def ended(self, seconds: float) -> bool:
        """Whether the command ends within so many seconds."""
        return bool(select.select([self._process.stdout], [], [], seconds)[0])

    def end(self) -> tuple[int, int]:
        """Waits for the command: its status (minus a signal), and how many of its steps wrote."""
        assert self.ended(_PATIENCE), "the command hangs"
        status, steps = map(int, self._answer().split())
        return status, steps

    def said(self) -> str:
        """What the last command said on standard error."""
        return (self._folder / "said.log").read_text("utf-8", "replace")

    def _answer(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()

    def close(self) -> None:
        """Ends it."""
        self._process.communicate()


@dataclass
class Killer:
    """A small province, and what an undisturbed life of its data folder stores.

    Attributes:
        worker: the command of the children. shift: days by which its clock is moved.
        items, figures: what was stored, what was reported.
        seconds, steps: of each command of `LIFE`; steps: of its children as well, under "worker".
    """

    folder: Path
    portals: Path
    worker: Sequence[str]
    forker: Forker
    chance: random.Random
    shift: int = 0
    items: list[Any] = field(default_factory=list)
    figures: list[Any] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)

    @property
    def armed(self) -> Path:
        """The file that makes the next worker kill itself."""
        return self.folder / "armed"

    @property
    def is_real(self) -> bool:
        """Whether the children are those of a real crawl."""
        return str(self.armed) in self.worker

    def whole(self) -> None:
        """An undisturbed life, for comparison."""
        for stage, _ in LIFE:
            if self.is_real:
                self.armed.write_text("0")
            began = monotonic()
            status, self.steps[stage] = self._run("whole", stage)
            assert status == 0, f"{stage}: {status}\n{self.forker.said()}"
            self.seconds[stage] = monotonic() - began
        if self.is_real:
            self.steps["worker"] = int(self.armed.with_suffix(".count").read_text())
        self.armed.unlink(missing_ok=True)
        data = self.folder / "whole"
        self.items, self.figures = _items(data), _figures(data)
        assert list(data.glob("observations/*/*.r1.json")), "reading again saw nothing else"

    def chain(self, name: str, kills: int) -> tuple[list[str], Counter[str]]:
        """A life with so many kills: what was lost, and how it was killed."""
        moments = Counter(self.chance.choices([stage for stage, _ in LIFE], k=kills))
        told: Counter[str] = Counter()
        faults: list[str] = []
        for stage, _ in LIFE:
            for _ in range(moments[stage]):
                told[f"{stage}: {self._kill(name, stage)}"] += 1
            status, _ = self._run(name, stage)
            if status and not (stage == "closing" and _closed(self.folder / name)):
                done = stage == "backup" and (self.folder / f"{name}.zip").exists()
                faults += [] if done else [f"{stage} ended with status {status}: {self.forker.said()}"]
        return [*faults, *self._faults(name)], told

    def _run(self, name: str, stage: str, step: int = 0) -> tuple[int, int]:
        self._start(name, stage, step)
        return self.forker.end()

    def _start(self, name: str, stage: str, step: int) -> int:
        data = self.folder / name
        words = [word.replace("{data}", str(data)) for word in dict(LIFE)[stage]]
        shift = self.shift + (_LATER if "night" not in stage and stage != "adopting" else 0)
        portals = self.portals if "night" in stage else self.portals.with_name("better.yaml")
        places = ["--portals", str(portals), "--data", str(data), "--quiet"]
        return self.forker.start([*places, *words], self.worker, step, shift)

    def _kill(self, name: str, stage: str) -> str:
        ways = WAYS if stage in _WORKING and self.is_real else ("step", "step", "parent")
        way = self.chance.choice(ways)
        if way == "worker's step":
            self.armed.write_text(str(self.chance.randint(1, self.steps["worker"])))
        process = self._start(name, stage, self.chance.randint(1, self.steps[stage]) if way == "step" else 0)
        late = "step" not in way and self.forker.ended(self.chance.uniform(0.02, self.seconds[stage]))
        if "step" not in way and not late:
            _end(process, way)
        self.forker.end()
        self.armed.unlink(missing_ok=True)
        return f"{way}, too late" if late else way

    def _faults(self, name: str) -> Iterator[str]:
        data = self.folder / name
        if _items(data) != self.items:
            yield "the items differ"
        if _figures(data) != self.figures:
            yield "the figures differ"
        yield from _left(data)
        with closing(sqlite3.connect(data / "auditor.db")) as database:
            if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                yield "the database is damaged"
            if database.execute("PRAGMA foreign_key_check").fetchall():
                yield "references lead nowhere"
            sources = {source for (source,) in database.execute("SELECT source FROM observations")}
        kept = {file.relative_to(data).as_posix() for file in data.glob("observations/*/*.json")}
        if lost := sources - kept:
            yield f"observations without a file: {sorted(lost)}"
        first = {f"{source.partition('.')[0]}.json" for source in sources}  # of what was read again
        again = {name for name in kept if ".r" in name}  # a rereading that was killed before it was taken over stays
        if strange := kept - sources - first - again:
            yield f"observations without a row: {sorted(strange)}"
        yield from torn(data / "evidence")
        if status := self._run(name, "repair")[0]:
            yield f"doctor ends with status {status}"


@contextmanager
def real(folder: Path, seed: int) -> Iterator[Killer]:
    """A served province, read by real workers."""
    names = ("mot", "hai")
    with serving({name: Portal(posts=5) for name in names}) as sites:
        portals = written(folder, {name: site.url for name, site in sites.items()})
        worker = (sys.executable, "-m", "tests.kills.worker", str(folder / "armed"))
        with ready(folder, portals, worker, seed) as killer:
            yield killer


@contextmanager
def ready(folder: Path, portals: Path, worker: Sequence[str], seed: int, shift: int = 0) -> Iterator[Killer]:
    """A province whose children are `worker`, after an undisturbed life."""
    forker = Forker(folder)
    try:
        chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
        killer = Killer(folder, portals, worker, forker, chance, shift)
        killer.whole()
        yield killer
    finally:
        forker.close()


def written(folder: Path, urls: dict[str, str]) -> Path:
    """A portals.yaml; and beside it, as better.yaml, one that knows more, so that visits read again differ."""
    for name, more in (
        ("better", "section: '{0}tiep-cong-dan/', sections: {{reception: '{0}don-thu/'}}, "),
        ("portals", ""),
    ):
        units = "".join(
            f"  - {{key: {key}, name: Đơn vị {key}, level: department, {more.format(url)}url: '{url}', "
            "crawl: {delay: 0}}\n"
            for key, url in urls.items()
        )
        head = "jurisdiction: {name: tỉnh Thử, office: Văn phòng}\nperiod: {cutoff_day: 18}\n"
        (folder / f"{name}.yaml").write_text(f"{head}units:\n{units}", "utf-8")
    return folder / "portals.yaml"


def _items(data: Path) -> list[Any]:
    with closing(sqlite3.connect(data / "auditor.db")) as database:
        return database.execute(_ITEMS).fetchall()


def _figures(data: Path) -> list[Any]:
    report = json.loads((data / "reports" / "2019-11.json").read_text("utf-8"))
    return [report["total"], *((each["key"], each["count"], each["verdict"]) for each in report["units"])]


def _closed(data: Path) -> bool:
    with closing(sqlite3.connect(data / "auditor.db")) as database:
        return database.execute("SELECT month FROM closings").fetchall() == [("2019-11",)]


def _left(data: Path) -> Iterator[str]:
    """What nobody finished, of a life whose end is a repair; and what is not what it should be."""
    if left := [file.name for file in (*data.glob("work/*/*/*.json"), *data.rglob("*.part"))]:
        yield f"left behind: {left}"
    if damaged := [file.name for file in data.glob("damaged/*")]:
        yield f"damaged: {damaged}"
    for file in (*data.glob("reports/*.docx"), *data.glob("reports/*.xlsx"), Path(f"{data}.zip")):
        with zipfile.ZipFile(file) as archive:
            if archive.testzip():
                yield f"{file} is torn"


def torn(root: Path) -> Iterator[str]:
    """What is wrong with the evidence: every record, body, file and line of the manifest."""
    manifest, files = digests(root), all_files(root)
    for file in files:
        yield from faults_of(file, Shelf(file.parent), manifest)
    lines = (root / PRUNED).read_text("utf-8").splitlines() if (root / PRUNED).exists() else []
    dropped = {json.loads(line)["file"] for line in lines}
    lost = [name for name in manifest if name not in dropped and not (root / name).exists()]
    yield from (f"{name} is lost" for name in lost)


def _end(process: int, way: str) -> None:
    """Kills the parent, the groups its children lead, or both; a parent whose children were killed goes on."""
    children = _children(process) if way != "parent" else []
    if way != "children":
        os.kill(process, signal.SIGKILL)
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
