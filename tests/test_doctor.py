"""`auditor doctor`: each kind of damage is told with its remedy, and only what is safe is mended."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor import doctor
from auditor.backup import Places
from auditor.cli import cli
from auditor.context import Context
from auditor.crawl import lock
from auditor.crawling import crawl
from auditor.doctor import Level, examine
from tests.installation import NOVEMBER, THE_DAY_AFTER, context, stored


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """An installation after a crawl of two units, on a disk with room."""
    monkeypatch.setattr(doctor, "ROOM", 0)
    made = context(tmp_path, "good-a", "good-b")
    crawl(made, month=NOVEMBER)
    return made


def places(run: Context) -> Places:
    return Places(run.portals, run.database, run.data, lambda: max(each.started for each in stored(run)))


def wrong(run: Context, *, repair: bool = False) -> list[tuple[str, str, str]]:
    """What is not well: check, what about it, what was done."""
    found = examine(places(run), repair=repair)
    assert all(each.remedy for each in found if each.level is Level.FAULT), (
        "whoever is told of a fault is told what to do"
    )
    return [(each.check, each.about, each.repaired) for each in found if each.level is not Level.OK]


def file_of(run: Context, unit: str) -> Path:
    return next(run.data.root / row.source for row in stored(run) if row.unit == unit)


def damage_database(run: Context) -> None:
    file = places(run).database_file
    raw = bytearray(file.read_bytes())
    raw[4096 * 2 : 4096 * 6] = b"\xff" * 4096 * 4
    file.write_bytes(raw)


def newer_database(run: Context) -> None:
    with closing(sqlite3.connect(places(run).database_file)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()


def loose_row(run: Context) -> None:
    with closing(sqlite3.connect(places(run).database_file)) as database:
        database.execute("UPDATE observations SET unit = 'nobody' WHERE unit = 'good-a'")
        database.commit()


def lose_file(run: Context) -> None:
    file_of(run, "good-a").unlink()


def alter_file(run: Context) -> None:
    file = file_of(run, "good-a")
    file.write_text(file.read_text("utf-8").replace("complete", "partial"), "utf-8")


def halve_file(run: Context) -> None:
    file = file_of(run, "good-a")
    file.write_bytes(file.read_bytes()[:100])


def unwritable_database(_run: Context) -> None:
    patch = pytest.MonkeyPatch()
    patch.setattr(doctor.os, "access", lambda _file, _mode: patch.undo())  # who runs the tests may write anything


def lose_database(run: Context) -> None:
    places(run).database_file.unlink()


def empty_file(run: Context) -> None:
    file_of(run, "good-a").write_bytes(b"")


def link_instead_of_a_file(run: Context) -> None:
    file = file_of(run, "good-a")
    file.unlink()
    file.symlink_to("/etc/passwd")


def folder_instead_of_a_file(run: Context) -> None:
    file = file_of(run, "good-a")
    file.unlink()
    file.mkdir()


def text_instead_of_a_database(run: Context) -> None:
    places(run).database_file.write_text("CREATE TABLE", "utf-8")


def empty_database(run: Context) -> None:
    places(run).database_file.write_bytes(b"")


def portals_that_are_none(run: Context) -> None:
    run.portals.unlink()
    run.portals.mkdir()


def wrong_portals(run: Context) -> None:
    run.portals.write_text("units: [", "utf-8")


def lose_evidence(run: Context) -> None:
    run.data.evidence.mkdir()
    (run.data.evidence / "2019-11.sha256").write_text(f"{'0' * 64}  good-a/2019-11-19-013000.warc.gz\n", "utf-8")


DAMAGES: dict[str, tuple[Callable[[Context], None], str, str]] = {
    "damaged database": (damage_database, "database", "damaged|malformed"),
    "newer database": (newer_database, "database", "revision 9999"),
    "loose row": (loose_row, "database", "refer to nothing"),
    "lost file": (lose_file, "observations", "missing: observations/"),
    "altered file": (alter_file, "observations", "not as they were stored"),
    "half a file": (halve_file, "observations", "not as they were stored"),
    "empty file": (empty_file, "observations", "not as they were stored"),
    "a link": (link_instead_of_a_file, "observations", "not as they were stored"),
    "a folder": (folder_instead_of_a_file, "observations", "not as they were stored"),
    "no database": (lose_database, "database", "though there are visits"),
    "no database at all": (text_instead_of_a_database, "database", "not a database"),
    "an empty database": (empty_database, "database", "no such table"),
    "a database of somebody else": (unwritable_database, "database", "may not be written"),
    "portals that are a folder": (portals_that_are_none, "configuration", "portals.yaml"),
    "wrong portals": (wrong_portals, "configuration", "portals.yaml"),
    "lost evidence": (lose_evidence, "evidence", "missing: good-a/2019-11-19-013000.warc.gz"),
}


def test_a_sound_installation_is_well(run: Context) -> None:
    assert wrong(run) == []


@pytest.mark.parametrize("name", DAMAGES)
def test_every_damage_is_told(run: Context, name: str) -> None:
    do, check, told = DAMAGES[name]
    before = places(run)
    now = max(each.started for each in stored(run))
    do(run)
    faults = [each for each in examine(replace(before, now=lambda: now)) if each.level is Level.FAULT]
    assert [each.check for each in faults] == [check]
    assert any(word in faults[0].about for word in told.split("|")), faults
    assert faults[0].remedy


def test_a_damaged_observation_is_moved_aside_and_never_deleted(run: Context) -> None:
    halve_file(run)
    half = file_of(run, "good-a").read_bytes()
    [(_, _, done), *_] = wrong(run, repair=True)
    assert done.startswith("moved to damaged/doctor-")
    assert (run.data.root / done.removeprefix("moved to ")).read_bytes() == half


def test_visits_that_the_database_forgot_are_taken_in_again(run: Context) -> None:
    with closing(sqlite3.connect(places(run).database_file)) as database:
        database.execute("DELETE FROM observations WHERE unit = 'good-b'")
        database.commit()
    [(check, about, done)] = wrong(run)
    assert (check, done) == ("observations", "")
    assert "visits that the database does not know: observations/" in about
    wrong(run, repair=True)
    crawl(run, ["good-a"], NOVEMBER)
    assert sorted(row.unit for row in stored(run)) == ["good-a", "good-a", "good-b"]
    assert wrong(run) == []


def test_a_database_in_a_folder_of_somebody_else_is_not_called_damaged(
    run: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_file: Path) -> sqlite3.Connection:
        error = sqlite3.OperationalError("attempt to write a readonly database")
        error.sqlite_errorcode = sqlite3.SQLITE_READONLY_DIRECTORY
        raise error

    monkeypatch.setattr(doctor, "_opened", refused)
    [found] = [each for each in examine(places(run)) if each.check == "database"]
    assert "chown" in found.remedy
    assert "restore" not in found.remedy


def test_a_repair_follows_no_link_and_deletes_nothing_of_ours(run: Context, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / ".mine.part").write_text("mine")
    (run.data.root / "linked").symlink_to(outside)
    (run.data.root / ".restore-linked").symlink_to(outside)
    (run.data.root / ".restore-x").mkdir()
    (run.data.root / ".restore-x" / "auditor.db").write_text("half")
    link_instead_of_a_file(run)
    told = [f"{check}: {done}" for check, _, done in wrong(run, repair=True)]
    assert "unfinished: 2 deleted" in told
    assert any(each.startswith("observations: moved to damaged/") for each in told)
    assert (outside / ".mine.part").read_text() == "mine"
    assert not (run.data.root / ".restore-x").exists()
    assert Path("/etc/passwd").exists()


def test_what_a_killed_process_left_half_written_goes(run: Context) -> None:
    part = run.data.root / "reports" / ".2019-11.docx.x7.part"
    part.parent.mkdir()
    part.write_bytes(b"half")
    assert [check for check, _, _ in wrong(run)] == ["unfinished"]
    wrong(run, repair=True)
    assert not part.exists()
    assert wrong(run) == []


def test_a_visit_of_the_future_is_told(run: Context) -> None:
    before = places(run)
    found = examine(replace(before, now=lambda: before.now() - timedelta(days=2)))
    assert [each.check for each in found if each.level is Level.FAULT] == ["clock"]


def test_little_room_is_told(run: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "ROOM", 10**18)
    assert {check for check, _, _ in wrong(run)} == {"room"}


def test_nothing_is_repaired_beside_a_crawl(run: Context) -> None:
    with lock.hold(run.data.lock, "crawl", THE_DAY_AFTER):
        assert [check for check, _, _ in wrong(run)] == ["lock"]
        with pytest.raises(lock.BusyError, match="'crawl' has been running since"):
            examine(places(run), repair=True)


def test_the_command_tells_in_text_and_as_json(run: Context) -> None:
    words = ["--portals", str(run.portals), "--data", str(run.data.root), "doctor"]
    assert CliRunner().invoke(cli, words).exit_code == 0
    lose_file(run)
    told = CliRunner().invoke(cli, [*words, "--quiet"])
    assert told.exit_code == 3
    assert told.stdout.startswith("fault  observations   files that the database names are missing")
    record = json.loads(CliRunner().invoke(cli, [*words, "--format", "json"]).stdout)
    assert record["ok"] is False
    assert "observations" in {each["check"] for each in record["findings"] if each["level"] == "fault"}
