"""Whether an installation is well: database, files, evidence and configuration checked against each other.

Looks without changing anything, at a crawl's side too. What a repair does is safe by kind: it moves files to where the
next crawl, or a person, finds them, and deletes only what a killed process left half-written.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from auditor.backup import UNPACKING, Places
from auditor.crawl import lock
from auditor.crawl.evidence.manifest import digests, sha256_of
from auditor.errors import InputError
from auditor.files import PART, move
from auditor.observation import Observation
from auditor.portals import load
from auditor.pruning import PRUNED
from auditor.store import migrations
from auditor.text import printable

ROOM = 500_000_000
"""Bytes that ought to be free: a night of a province and its evidence, many times over."""
_AHEAD = timedelta(minutes=10)
_MOST_NAMED = 5
_RESTORE = "restore it from a backup (auditor restore)"


class Level(StrEnum):
    """How bad it is: nothing is wrong, good to know, a person has to act."""

    OK = "ok"
    NOTE = "note"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes:
        check: which. level: how bad. about: one line. remedy: what to do; "" where nothing is to be done.
        repaired: what `repair` did about it; "" for nothing.
    """

    check: str
    level: Level
    about: str
    remedy: str = ""
    repaired: str = ""


def examine(places: Places, *, repair: bool = False) -> list[Finding]:
    """Everything there is to be found, check by check; with `repair`, what is safe is mended.

    Raises:
        BusyError: a repair was asked for, and something is at work on the data folder.
    """
    if not places.data.root.is_dir():
        remedy = "a crawl makes it; or name another with --data"
        return [*_configuration(places), Finding("folders", Level.FAULT, f"{places.data.root} does not exist", remedy)]
    if repair:
        with lock.hold(places.data.lock, "doctor --repair", places.now()):
            return list(_all(places, repair=True, quiet=True))
    return list(_all(places, repair=False, quiet=lock.holder(places.data.lock) is None))


def _all(places: Places, *, repair: bool, quiet: bool) -> Iterator[Finding]:
    """`quiet`: nobody else works here, so what looks unfinished is."""
    yield from _configuration(places)
    yield from _folders(places)
    yield from _room(places)
    yield from _lock(places, repair=repair, quiet=quiet)
    yield from _database(places)
    yield from _observations(places, repair=repair, quiet=quiet)
    yield from _evidence(places)
    if quiet:
        yield from _unfinished(places, repair=repair)


def _configuration(places: Places) -> Iterator[Finding]:
    try:
        units = load(places.portals).units
    except (InputError, OSError) as error:
        yield Finding("configuration", Level.FAULT, printable(str(error)), "correct portals.yaml: auditor units check")
        return
    yield Finding("configuration", Level.OK, f"{places.portals}: {len(units)} units, no mistakes")
    keys = {unit.key for unit in units}
    stored = {str(key) for (key,) in _query(places.database_file, "SELECT key FROM units")}
    if gone := sorted(stored - keys):
        remedy = "nothing where they no longer exist; else give them their old keys again, with valid_to"
        yield Finding("configuration", Level.NOTE, f"units of the database only: {_names(gone)}", remedy)


def _folders(places: Places) -> Iterator[Finding]:
    data = places.data
    made = (data.root, data.work, data.logs, data.reports, data.evidence, data.root / "observations")
    folders = dict.fromkeys(folder for folder in (*made, places.database_file.parent) if folder.is_dir())
    faults = [f"{folder} ({error})" for folder in folders if (error := _unwritable(folder))]
    if faults:
        remedy = "give the folder to the user who runs auditor: chown, chmod"
        yield Finding("folders", Level.FAULT, f"cannot write to {'; '.join(faults)}", remedy)
    else:
        yield Finding("folders", Level.OK, f"{len(folders)} folders may be written")


def _unwritable(folder: Path) -> str:
    """Why a folder cannot be written; "" where it can."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0")
            file.flush()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _room(places: Places) -> Iterator[Finding]:
    for folder in dict.fromkeys((places.data.root, places.database_file.parent)):
        if not folder.is_dir():
            continue
        free = shutil.disk_usage(folder).free
        told = f"{free / 1e6:,.0f} MB free where {folder} lies"
        if free < ROOM:
            yield Finding("room", Level.FAULT, told, "make room: auditor evidence --prune-older, old logs and backups")
        else:
            yield Finding("room", Level.OK, told)


def _lock(places: Places, *, repair: bool, quiet: bool) -> Iterator[Finding]:
    if repair:
        return  # held by ourselves, and its card with it
    holder = lock.holder(places.data.lock)
    if holder is not None or not quiet:
        yield Finding("lock", Level.NOTE, str(holder or "something is at work"), "what it is writing was not judged")
    else:
        yield Finding("lock", Level.OK, "nothing is at work")


def _database(places: Places) -> Iterator[Finding]:
    file = places.database_file
    if not file.exists():
        yield _without_database(places)
        return
    if not os.access(file, os.W_OK):
        remedy = "give the file to the user who runs auditor: chown, chmod"
        yield Finding("database", Level.FAULT, f"{file} may not be written", remedy)
    try:
        with closing(_opened(file)) as database:
            damage = [str(row[0]) for row in database.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
            loose = database.execute("PRAGMA foreign_key_check").fetchmany(3) if not damage else []
            revision = str(next(database.execute("SELECT version_num FROM alembic_version"), ("none",))[0])
    except sqlite3.Error as error:
        yield Finding("database", Level.FAULT, f"{file}: {printable(str(error))}", _remedy(error))
        return
    if damage:
        yield Finding("database", Level.FAULT, f"{file} is damaged: {printable('; '.join(damage))}", _RESTORE)
    elif loose:
        yield Finding("database", Level.FAULT, f"{file}: rows of {loose[0][0]} refer to nothing", _RESTORE)
    else:
        yield _of_revision(file, revision)
        yield from _clock(places)


def _without_database(places: Places) -> Finding:
    """A new installation, or one whose visits are there and whose database is not: a crawl would begin an empty one."""
    file = places.database_file
    if any(places.data.root.glob("observations/*/*.json")) or any(places.data.root.glob("before-restore-*")):
        about = f"{file} does not exist, though there are visits: it was lost, or a restore was cut off"
        return Finding("database", Level.FAULT, about, "restore a backup (auditor restore --replace) before any crawl")
    return Finding("database", Level.NOTE, f"{file} does not exist", "the first crawl makes it")


def _remedy(error: sqlite3.Error) -> str:
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}:
        return "give the file and its folder to the user who runs auditor: chown, chmod"
    if "locked" in str(error):
        return "wait for the other program that holds it, then repeat the command"
    return _RESTORE if isinstance(error, sqlite3.DatabaseError) else "see to its permissions"


def _of_revision(file: Path, revision: str) -> Finding:
    if revision == migrations.HEAD:
        return Finding("database", Level.OK, f"{file} is whole, of revision {revision}")
    if revision in migrations.REVISIONS:
        remedy = "nothing: the next command upgrades it, after copying it"
        return Finding("database", Level.NOTE, f"{file} is of revision {revision}; this is {migrations.HEAD}", remedy)
    about = f"{file} has revision {printable(revision, 40)}, this program knows up to {migrations.HEAD}"
    return Finding("database", Level.FAULT, about, "install the newer version that wrote it")


def _clock(places: Places) -> Iterator[Finding]:
    latest = next(iter(_query(places.database_file, "SELECT max(started) FROM observations")), (None,))[0]
    if latest and datetime.fromisoformat(f"{latest}+00:00") > places.now() + _AHEAD:
        about = f"a visit is dated {latest} UTC, after the present: the clock was, or is, wrong"
        yield Finding("clock", Level.FAULT, about, "set the clock (NTP); such visits prove nothing of the days between")
    else:
        yield Finding("clock", Level.OK, "no visit is dated after the present")


# --- files ----------------------------------------------------------------------------------------------------------


def _observations(places: Places, *, repair: bool, quiet: bool) -> Iterator[Finding]:
    data, root = places.data, places.data.root
    rows = _query(places.database_file, "SELECT source, digest FROM observations")
    stored = {str(source): str(digest) for source, digest in rows}
    files = {file.relative_to(root).as_posix(): file for file in root.glob("observations/*/*.json")}
    if lost := sorted(source for source in stored if source and source not in files):
        yield Finding(
            "observations", Level.FAULT, f"files that the database names are missing: {_names(lost)}", _RESTORE
        )
    altered = [name for name, file in sorted(files.items()) if name in stored and not _same(file, stored[name])]
    if altered:
        done = [move_aside(places, files[name]) for name in altered] if repair else []
        about = f"not as they were stored: {_names(altered)}"
        yield Finding("observations", Level.FAULT, about, _RESTORE, f"moved to {_names(done)}" if done else "")
    if stored and quiet:
        yield from _strays(places, sorted(set(files) - _kept(stored)), repair=repair)
    if not lost and not altered:
        yield Finding("observations", Level.OK, f"{len(stored)} visits have their files")
    aside = sum(1 for file in (root / "damaged").glob("*.json"))
    if aside:
        about = f"{aside} observations that could not be stored stand in {data.root / 'damaged'}"
        yield Finding("observations", Level.NOTE, about, "send them to whoever maintains the program; then delete them")


def _kept(stored: Mapping[str, str]) -> set[str]:
    """The files of the visits in the database: those it names, and of those read again the first reading."""
    return {name for source in stored for name in (source, f"{source.partition('.')[0]}.json")}


def _same(file: Path, digest: str) -> bool:
    """Whether an observation's file is what was stored."""
    try:
        raw = file.read_bytes()
        if hashlib.sha256(raw).hexdigest() == digest:
            return True
        return hashlib.sha256(Observation.from_json(raw.decode()).to_json().encode()).hexdigest() == digest
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False


def _strays(places: Places, names: list[str], *, repair: bool) -> Iterator[Finding]:
    """Observations that no row names: of a database that was put back to an earlier state."""
    names = [name for name in names if ".r" not in Path(name).name]  # a rereading that was not adopted
    if not names:
        return
    done = (
        sum(_hand_over(places, places.data.root / name, number) for number, name in enumerate(names)) if repair else 0
    )
    told = f"{done} of them are handed to the next crawl, which stores them" if done else ""
    about = f"visits that the database does not know: {_names(names)}"
    yield Finding("observations", Level.FAULT, about, "auditor doctor --repair hands them to the next crawl", told)


def _hand_over(places: Places, file: Path, number: int) -> bool:
    """Puts an observation where the next crawl takes it in; one that cannot be read, aside."""
    try:
        unit = Observation.read(file).unit
    except InputError:
        move_aside(places, file)
        return False
    move(file, places.data.work / "doctor" / f"{number:06d}" / f"{unit}.json")
    return True


def move_aside(places: Places, file: Path) -> str:
    """Moves a file to `damaged/`, under a name that is free; answers its place."""
    name = f"doctor-{file.parent.name}-{file.stem}"
    folder = places.data.root / "damaged"
    number = next(n for n in range(1, 10**6) if not (folder / f"{name}-{n}{file.suffix}").exists())
    place = folder / f"{name}-{number}{file.suffix}"
    move(file, place)
    return place.relative_to(places.data.root).as_posix()


def _evidence(places: Places) -> Iterator[Finding]:
    root = places.data.evidence
    listed = digests(root)
    dropped = {record["file"] for record in _records(root / PRUNED) if "file" in record}
    lost = sorted(name for name in listed if name not in dropped and not (root / name).is_file())
    altered = [name for name in sorted(listed) if (root / name).is_file() and not _is(root / name, listed[name])]
    if lost:
        yield Finding("evidence", Level.FAULT, f"missing: {_names(lost)}", _RESTORE)
    if altered:
        yield Finding("evidence", Level.FAULT, f"not as the manifest has it: {_names(altered)}", _RESTORE)
    if not lost and not altered:
        yield Finding("evidence", Level.OK, f"{len(listed) - len(dropped)} files are as the manifests have them")


def _is(file: Path, digest: str) -> bool:
    try:
        return sha256_of(file) == digest
    except OSError:
        return False


def _records(file: Path) -> Iterator[dict[str, object]]:
    for line in file.read_text("utf-8", "replace").splitlines() if file.exists() else ():
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict):
            yield record


def _unfinished(places: Places, *, repair: bool) -> Iterator[Finding]:
    """What a crawl that was cut off left: visits to be stored, and files that are not whole."""
    waiting = list(places.data.leftovers()) if places.data.work.is_dir() else []
    if waiting:
        about = f"{len(waiting)} visits of a crawl that was cut off are not yet stored"
        yield Finding("unfinished", Level.NOTE, about, "nothing: the next crawl stores them")
    parts = sorted(_parts(places.data.root))
    if parts:
        gone = sum(_deleted(file) for file in parts) if repair else 0
        about = f"{len(parts)} files that were never finished: {_names([file.name for file in parts])}"
        told = f"{gone} deleted" if gone else ""
        yield Finding("unfinished", Level.NOTE, about, "auditor doctor --repair deletes them", told)


def _parts(root: Path) -> Iterator[Path]:
    """Half-written files; a link leads nowhere, so that nothing outside the folder is touched."""
    for folder, folders, names in os.walk(root, followlinks=False):
        halves = folder == str(root) and [name for name in folders if name.startswith(UNPACKING)]
        for half in halves or ():
            folders.remove(half)  # of a restore that was cut off: copies of what the backup holds
            yield Path(folder) / half
        yield from (Path(folder) / name for name in names if name.startswith(".") and name.endswith(PART))


def _deleted(file: Path) -> bool:
    try:
        if file.is_dir() and not file.is_symlink():
            shutil.rmtree(file)
        else:
            file.unlink()
    except OSError:
        return False
    return True


# --- the database, read only ----------------------------------------------------------------------------------------


def _opened(file: Path) -> sqlite3.Connection:
    """The database as it is: neither made, nor upgraded, nor written."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=5)


def _query(file: Path, query: str) -> list[tuple[object, ...]]:
    """The rows; none where the database cannot answer, of which `_database` tells."""
    try:
        with closing(_opened(file)) as database:
            return database.execute(query).fetchall()
    except sqlite3.Error:
        return []


def _names(names: list[str]) -> str:
    told = ", ".join(printable(name, 120) for name in names[:_MOST_NAMED])
    return told + (f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else "")
