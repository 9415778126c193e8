import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text
from store_world import CLASSIFIER, JURISDICTION, post, snapshot, visit

from auditor.store.database import Database
from auditor.store.ingest import ingest

WRITER = Path(__file__).with_name("writer.py")


def start(url: str, mode: str, unit: str = "so-noi-vu") -> "subprocess.Popen[str]":
    command = [sys.executable, "-X", "utf8", str(WRITER), url, mode, unit]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=WRITER.parents[2])


def heard(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


@pytest.mark.parametrize(("mode", "items"), [("hold", 0), ("keep", 2)])
def test_killed_at_any_moment_a_visit_is_whole_or_not_there(url: str, mode: str, items: int) -> None:
    with start(url, mode) as process:
        assert heard(process) == "open"
        tell(process)
        assert heard(process) == "written"
        process.kill()
    with Database.open(url) as database:
        with database.session() as session:
            assert len(snapshot(session)) == items
            assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        with database.transaction() as session:
            ingest(session, JURISDICTION, visit("2019-11-20 02:00", post(9)), classifier=CLASSIFIER)
        with database.session() as session:
            assert len(snapshot(session)) == items + 1


def test_two_processes_create_and_write_one_database(url: str) -> None:
    units = [unit.key for unit in JURISDICTION.units]
    with ExitStack() as stack:
        writers = [stack.enter_context(start(url, "many", unit)) for unit in units]
        assert [heard(writer) for writer in writers] == ["open", "open"]
        for writer in writers:
            tell(writer)
    assert [writer.returncode for writer in writers] == [0, 0]
    with Database.open(url) as database, database.session() as session:
        assert [row["unit"] for row in snapshot(session)] == [unit for unit in sorted(units) for _ in range(21)]
