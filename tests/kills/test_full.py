"""A disk without room, and a database that another program holds: every command that writes says so, leaves nothing
half-written, and does its work once it can.

The disk is one of the kernel's own (tmpfs) where this process may mount one; anywhere, a limit to a file's size.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.kills.killing import LIFE, Forker, torn, written
from tests.kills.test_kills import URLS, prepared

SHIFT = (date(2019, 11, 19) - datetime.now(UTC).date()).days
LATER = 40
RESTORE = ("restore", ("restore", "{data}.zip", "--replace"))
COMMANDS = [*LIFE[:-1], RESTORE]
ROOM = 4  # megabytes of the small disk
LITTLE = {"pruning": 0, "closing": 0, "second night": 8, "third night": 16}
"""Kilobytes that are too little, where 40 are not."""
TOLD = re.compile(r"no space left|too large|disk is full|disk I/O error|has room for", re.IGNORECASE)


@dataclass
class Installation:
    """Where commands are run, at the clock of the month."""

    forker: Forker
    folder: Path
    root: Path

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.root / "data"

    def run(self, stage: str, words: tuple[str, ...], largest: int = 0, patience: float = 0) -> tuple[int, str]:
        """Runs a command; answers its status and what it said."""
        shift = SHIFT + (0 if "night" in stage or stage == "adopting" else LATER)
        portals = self.folder / ("portals.yaml" if "night" in stage or stage == "restore" else "better.yaml")
        named = [word.replace("{data}", str(self.data)) for word in words]
        worker = (
            sys.executable,
            "-IS",
            str(Path(__file__).with_name("copying.py")),
            str(self.folder / "seen"),
            str(SHIFT),
        )
        places = ["--portals", str(portals), "--data", str(self.data), "--quiet"]
        self.forker.start([*places, *named], worker, 0, shift, largest, patience)
        return self.forker.end()[0], self.forker.said()

    def whole(self) -> Iterator[str]:
        """What is half-written, or damaged."""
        yield from (str(file) for file in self.root.rglob("*") if file.name.startswith(".") or file.suffix == ".part")
        yield from torn(self.data / "evidence")
        if (self.data / "auditor.db").exists():
            with closing(sqlite3.connect(self.data / "auditor.db")) as database:
                yield from (str(row) for row in database.execute("PRAGMA integrity_check") if row != ("ok",))


@pytest.fixture(scope="module")
def forker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forker]:
    made = Forker(tmp_path_factory.mktemp("forker"))
    yield made
    made.close()


@contextmanager
def small_disk(place: Path) -> Iterator[Callable[[int], Callable[[], None]]]:
    """A disk of its own; called with kilobytes it leaves so many, and what it answers gives back the rest."""
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={ROOM}m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no disk may be mounted here")

    def fill(left: int) -> Callable[[], None]:
        free = os.statvfs(place)
        filler = place / "filler"
        filler.write_bytes(b"x" * max(0, free.f_bavail * free.f_frsize - left * 1024))
        return filler.unlink

    try:
        yield fill
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_told_and_nothing_is_half_written(forker: Forker, tmp_path: Path) -> None:
    prepared(tmp_path / "seen")
    written(tmp_path, URLS)
    with small_disk(tmp_path / "disk") as fill:
        office = Installation(forker, tmp_path, tmp_path / "disk")
        for stage, words in COMMANDS:
            empty = fill(LITTLE.get(stage, 40))
            status, said = office.run(stage, words)
            empty()
            assert (status, bool(TOLD.search(said))) == (2, True), f"{stage}: {status} {said}"
            assert "damaged" not in said
            assert list(office.whole()) == [], stage
            assert office.run(stage, words)[0] == 0, f"{stage}: {forker.said()}"
        assert list(office.whole()) == []


HELD = {"first night", "second night", "third night", "adopting", "report", "closing"}
"""The commands that write to the database."""


def test_a_locked_database_and_a_file_that_may_not_grow_are_told(forker: Forker, tmp_path: Path) -> None:
    prepared(tmp_path / "seen")
    written(tmp_path, URLS)
    office = Installation(forker, tmp_path, tmp_path)
    for stage, words in COMMANDS:
        status, said = office.run(stage, words, largest=3000)
        assert (status, bool(TOLD.search(said))) == (2, True), f"{stage}: {status} {said}"
        assert "damaged" not in said
        if stage in HELD:
            with held(office.data / "auditor.db"):
                status, said = office.run(stage, words, patience=0.1)
            assert status == 2, f"{stage}: {status} {said}"
            assert "locked): wait for the other command that writes to it, then repeat this one" in said
        assert office.run(stage, words)[0] == 0, f"{stage}: {forker.said()}"
    assert list(office.whole()) == []


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Another program, as the command sees it, holds the database."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        yield
        database.execute("ROLLBACK")
