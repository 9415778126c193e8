import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from auditor import backup, crawling
from auditor.backup import DATABASE, MANIFEST, PORTALS, Places
from auditor.cli import cli
from auditor.crawl import lock
from auditor.crawl.folders import DataFolder
from auditor.errors import InputError
from auditor.store.database import Database
from tests.installation import THE_DAY_AFTER, context, stored


def places(folder: Path) -> Places:
    data = folder / "data"
    return Places(folder / "portals.yaml", f"sqlite:///{data / DATABASE}", DataFolder(data), lambda: THE_DAY_AFTER)


@pytest.fixture
def made(tmp_path: Path) -> tuple[Places, Path]:
    """An installation that has crawled, and its backup."""
    run = context(tmp_path, "good-a", "good-b")
    crawling.crawl(run)
    (run.data.root / "judge").mkdir()
    (run.data.root / "judge" / "current.json").write_text("{}")
    file = tmp_path / "kept.zip"
    backup.back_up(places(tmp_path), file)
    return places(tmp_path), file


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.suffix not in {".db", ".lock", ".log"}
    }


def test_what_was_backed_up_is_restored_elsewhere(made: tuple[Places, Path], tmp_path: Path) -> None:
    there = places(tmp_path / "new")
    restored = backup.restore(there, made[1])
    assert restored.before is None
    assert there.portals.read_bytes() == made[0].portals.read_bytes()
    assert contents(there.data.root) == contents(made[0].data.root)
    old, new = context(tmp_path, "good-a", "good-b"), replace(context(tmp_path, "good-a"), database=there.database)
    assert [row.unit for row in stored(new)] == [row.unit for row in stored(old)] != []


def test_a_backup_is_of_one_moment_while_somebody_writes(made: tuple[Places, Path], tmp_path: Path) -> None:
    writer = sqlite3.connect(made[0].database_file, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM observations")
    file = tmp_path / "meanwhile.zip"
    backup.back_up(made[0], file)
    writer.execute("ROLLBACK")
    writer.close()
    there = places(tmp_path / "new")
    backup.restore(there, file)
    with Database.open(there.database) as database, database.session() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM observations").scalar()


def test_what_is_there_is_replaced_only_when_told_and_never_deleted(made: tuple[Places, Path], tmp_path: Path) -> None:
    where, file = made
    where.portals.write_text("mine")
    with pytest.raises(InputError, match=r"auditor\.db is there already: .*--replace"):
        backup.restore(where, file)
    assert where.portals.read_text() == "mine"
    restored = backup.restore(where, file, replace=True)
    assert restored.before
    assert (restored.before / PORTALS).read_text() == "mine"
    assert (restored.before / DATABASE).exists()
    assert "jurisdiction" in where.portals.read_text("utf-8")
    again = backup.back_up(where, tmp_path / "again.zip")
    assert again.files.keys() == backup.read(file).files.keys(), "what was put aside is in no backup"


def test_evidence_without_a_database_is_somebodys_as_well(made: tuple[Places, Path], tmp_path: Path) -> None:
    there = places(tmp_path / "new")
    evidence = there.data.evidence / "good-a" / "2019-11-18-010000.warc.gz"
    evidence.parent.mkdir(parents=True)
    evidence.touch()
    with pytest.raises(InputError, match=r"evidence is there already"):
        backup.restore(there, made[1])
    assert evidence.exists()
    evidence.unlink()
    evidence.parent.rmdir()
    there.data.make()
    assert backup.restore(there, made[1]).before is None, "empty folders are nobody's"


@pytest.mark.parametrize("place", range(0, 100, 4))
def test_a_torn_or_damaged_archive_is_told(made: tuple[Places, Path], tmp_path: Path, place: int) -> None:
    content = made[1].read_bytes()
    at = len(content) * place // 100
    torn, damaged = tmp_path / "torn.zip", tmp_path / "damaged.zip"
    torn.write_bytes(content[:at])
    damaged.write_bytes(content[:at] + bytes(each ^ 0x55 for each in content[at : at + 40]) + content[at + 40 :])
    for file in (torn, damaged):
        with pytest.raises(InputError, match=r"use another|is no backup"):
            backup.restore(places(tmp_path / "new"), file)
    assert not (tmp_path / "new").exists()


def test_a_file_that_goes_away_meanwhile_is_left_out(
    made: tuple[Places, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = backup._sources

    def pruned(where: Places, snapshot: Path) -> Iterator[tuple[str, Path]]:
        yield from real(where, snapshot)
        yield "data/evidence/gone.warc.gz", where.data.evidence / "gone.warc.gz"

    monkeypatch.setattr(backup, "_sources", pruned)
    manifest = backup.back_up(made[0], tmp_path / "meanwhile.zip")
    assert manifest.files.keys() == backup.read(made[1]).files.keys()


def test_nothing_is_restored_under_a_crawl(made: tuple[Places, Path]) -> None:
    where, file = made
    with (
        lock.hold(where.data.lock, "crawl", THE_DAY_AFTER),
        pytest.raises(InputError, match=r"'crawl' has been running .* stop it first"),
    ):
        backup.restore(where, file, replace=True)


def rewritten(file: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(file) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    target = file.with_name("changed.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target


def lead_out(name: str) -> Callable[[dict[str, bytes]], None]:
    def change(entries: dict[str, bytes]) -> None:
        manifest = json.loads(entries[MANIFEST])
        manifest["files"][name] = {"size": 1, "sha256": hashlib.sha256(b"x").hexdigest()}
        entries |= {MANIFEST: json.dumps(manifest).encode(), name: b"x"}

    return change


def spoil(entries: dict[str, bytes]) -> None:
    entries[DATABASE] = entries[DATABASE][:-1] + b"?"


def of_the_future(entries: dict[str, bytes]) -> None:
    entries[MANIFEST] = entries[MANIFEST].replace(b'"format": 1', b'"format": 2')


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (spoil, r"is damaged at 'auditor\.db'"),
        (lambda entries: entries.pop(PORTALS), "does not hold the files"),
        (lambda entries: entries.update({"data/more": b"x"}), "does not hold the files"),
        (lambda entries: entries.pop(MANIFEST), "is no backup of this program"),
        (lambda entries: entries.update({MANIFEST: b"[" * 100_000}), "is no backup of this program"),
        (of_the_future, "was made by a newer version"),
        *((lead_out(name), "which no backup has") for name in ("data/../../x", "/x", "x", "data/C:x", "data/..\\x")),
    ],
)
def test_a_wrong_backup_is_refused_before_anything_is_touched(
    made: tuple[Places, Path], tmp_path: Path, change: Callable[[dict[str, bytes]], None], told: str
) -> None:
    there = places(tmp_path / "new")
    with pytest.raises(InputError, match=told):
        backup.restore(there, rewritten(made[1], change))
    assert not (tmp_path / "new").exists()


def test_a_damaged_database_is_told_and_not_kept_as_a_backup(made: tuple[Places, Path], tmp_path: Path) -> None:
    where = made[0]
    content = bytearray(where.database_file.read_bytes())
    for page in range(4096 * 3, len(content), 4096):
        content[page : page + 64] = b"\xff" * 64
    where.database_file.write_bytes(content)
    with pytest.raises(InputError, match=r"is damaged|cannot be"):
        backup.back_up(where, tmp_path / "bad.zip")
    assert {path.name for path in tmp_path.iterdir()} == {"data", "portals.yaml", "kept.zip"}


def test_a_backup_with_a_damaged_byte_anywhere_is_refused(made: tuple[Places, Path], tmp_path: Path) -> None:
    whole, file = made[1].read_bytes(), tmp_path / "damaged.zip"
    with zipfile.ZipFile(made[1]) as archive:
        packed = archive.getinfo(DATABASE)
    for place in range(packed.header_offset + 100, packed.header_offset + packed.compress_size, 4001):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
        with pytest.raises(InputError, match=r"use another"):
            backup.read(file)


def test_what_has_no_room_is_not_begun(
    made: tuple[Places, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup.shutil, "disk_usage", lambda _place: SimpleNamespace(free=1000))
    with pytest.raises(InputError, match=r"has room for 1,000 bytes, the backup takes .* nothing was replaced"):
        backup.restore(places(tmp_path / "new"), made[1])
    assert not (tmp_path / "new" / "portals.yaml").exists()


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner(
        env={"AUDITOR_PORTALS": None, "AUDITOR_DATABASE": None, "AUDITOR_DATA": None}
    ).invoke(cli, words)


def test_the_commands(made: tuple[Places, Path], call: Callable[..., Result], tmp_path: Path) -> None:
    assert "every file checked" in call("backup", "--check", "kept.zip").stdout
    assert call("backup", "kept.zip").exit_code == 2
    assert call("restore", "missing.zip").exit_code == 2
    elsewhere = ("--data", "other/data", "--portals", "other/portals.yaml")
    assert call("restore", "kept.zip", *elsewhere).exit_code == 0
    assert (tmp_path / "other" / "portals.yaml").exists()
    assert made[1].exists()


def test_an_installation_begins_with_a_file_that_is_right(call: Callable[..., Result], tmp_path: Path) -> None:
    assert call("init").exit_code == 0
    assert call("units", "check").exit_code == 0
    assert (tmp_path / "data").is_dir()
    again = call("init")
    assert again.exit_code == 2
    assert "is there already" in again.stderr
