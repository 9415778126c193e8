"""Backups of an installation: one ZIP file that holds everything an office cannot make again.

What is in it: the database as of one moment (SQLite's own online backup, so a crawl may go on meanwhile), portals.yaml,
and the data folder without what can be made anew or is of the moment (locks, work, logs, the demo). A manifest lists
each file with its size and SHA-256; a backup is read back and checked before it gets its name, and again before
anything of it is restored.

The database is copied first: the files that it names are then in the backup as well, whatever a crawl adds meanwhile.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from sqlalchemy.engine import make_url

import auditor
from auditor.crawl import lock
from auditor.crawl.folders import DataFolder
from auditor.errors import InputError
from auditor.files import write_atomic
from auditor.store.database import Database
from auditor.text import printable

MANIFEST = "manifest.json"
DATABASE = "auditor.db"
PORTALS = "portals.yaml"
FILES = "data/"
"""Before the name of a file of the data folder."""

_NOT_KEPT = frozenset({"work", "logs", "demo", "schedule.json"})
_PASSING = (".lock", ".holder.json")
_NOT_KEPT_ENDINGS = (*_PASSING, ".part", "-wal", "-shm", "-journal")
_ASIDE = "before-restore-"
UNPACKING = ".restore-"
"""Begins the name of the folder in which a restore unpacks; one that stays was left by a process that was killed."""
_PACKED = frozenset({".gz", ".zip", ".docx", ".xlsx", ".pdf", ".png"})
_UNREADABLE = (OSError, EOFError, NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What Python's library raises of archives that are torn, damaged, encrypted or packed in an unknown manner."""
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
_FIRST_ZIP = (1980, 1, 1, 0, 0, 0)
_CHUNK = 1 << 20
_LARGEST_MANIFEST = 256 << 20
_FORMAT = 1
_DAMAGES = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


@dataclass(frozen=True)
class Places:
    """Where an installation lies: its portals.yaml, the address of its database, its data folder; and the clock."""

    portals: Path
    database: str
    data: DataFolder
    now: Callable[[], datetime]

    @property
    def database_file(self) -> Path:
        """The file of the database."""
        return Path(make_url(self.database).database or "")


@dataclass(frozen=True)
class Kept:
    """One file of a backup: its size in bytes and the SHA-256 of its content, in hex."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself.

    Attributes:
        made: ISO instant. version: of the program. files: by their names in the archive.
    """

    made: str
    version: str
    files: Mapping[str, Kept]

    @property
    def size(self) -> int:
        """Bytes of all files, unpacked."""
        return sum(kept.size for kept in self.files.values())


@dataclass(frozen=True)
class Restored:
    """What a restore did: where the files went, and where those are that lay there before; None where none did."""

    manifest: Manifest
    data: Path
    before: Path | None


def back_up(places: Places, target: Path) -> Manifest:
    """Writes a backup of the installation to `target`, checked, whole or not at all; a crawl may go on meanwhile.

    Raises:
        InputError: there is nothing to back up; the place exists or cannot be written; the database is damaged.
    """
    if target.exists():
        raise InputError(f"{target} exists already: name a new file")
    source = places.database_file
    if not source.exists():
        raise InputError(f"{source}: there is no database to back up: crawl first, or name it with --database")
    with Database.open(places.database):
        pass  # ours, and of this program's revision
    try:
        return _write(places, source, target)
    except OSError as error:
        raise InputError(f"{target} cannot be written ({error.strerror or error}): name another place") from error


def _write(places: Places, source: Path, target: Path) -> Manifest:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
        snapshot = Path(folder) / DATABASE
        _copy_database(source, snapshot)
        part = Path(folder) / "backup.part"
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
            files = dict(_add_all(archive, _sources(places, snapshot)))
            manifest = Manifest(places.now().isoformat(timespec="seconds"), auditor.__version__, files)
            archive.writestr(MANIFEST, json.dumps({"format": _FORMAT, **asdict(manifest)}, indent=1))
        read(part)
        part.replace(target)
    return manifest


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's online backup: one state of the database, whoever writes to it meanwhile."""
    try:
        with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(target)) as copy:
            original.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without the two beside it
            [[verdict]] = copy.execute("PRAGMA integrity_check(1)").fetchall()
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF not in _DAMAGES:  # of an extended code, the byte that is the plain one
            remedy = f"make room in {target.parent}, or see to the disk, then repeat the command"
            raise InputError(f"{source} cannot be copied ({printable(str(error), 200)}): {remedy}") from error
        verdict = str(error)
    if verdict != "ok":
        raise InputError(f"{source} is damaged ({printable(str(verdict), 200)}): restore the newest good backup")


def _sources(places: Places, snapshot: Path) -> Iterator[tuple[str, Path]]:
    yield DATABASE, snapshot
    yield PORTALS, places.portals
    root = places.data.root
    other = {places.database_file.resolve(), places.portals.resolve()}
    for file in sorted(root.rglob("*")):
        name = file.relative_to(root)
        passing = name.parts[0] in _NOT_KEPT or name.parts[0].startswith((".", _ASIDE))
        if passing or name.name.endswith(_NOT_KEPT_ENDINGS) or file.is_symlink() or file.resolve() in other:
            continue
        if file.is_file():
            yield FILES + name.as_posix(), file


def _add_all(archive: zipfile.ZipFile, sources: Iterator[tuple[str, Path]]) -> Iterator[tuple[str, Kept]]:
    for name, file in sources:
        try:
            source = file.open("rb")
        except FileNotFoundError:
            if name in {DATABASE, PORTALS}:
                raise
            continue  # replaced or pruned by another command since the folder was listed
        with source:
            yield name, _add(archive, name, file, source)


def _add(archive: zipfile.ZipFile, name: str, file: Path, source: BinaryIO) -> Kept:
    changed = datetime.fromtimestamp(os.fstat(source.fileno()).st_mtime, UTC).timetuple()[:6]
    info = zipfile.ZipInfo(name, max(_FIRST_ZIP, changed))
    info.compress_type = zipfile.ZIP_STORED if file.suffix in _PACKED else zipfile.ZIP_DEFLATED
    digest, size = hashlib.sha256(), 0
    with archive.open(info, "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return Kept(size, digest.hexdigest())


def read(file: Path) -> Manifest:
    """Reads a backup whole and checks every file in it.

    Raises:
        InputError: it cannot be read, is no backup, or is damaged; says which file in it.
    """
    with _opened(file) as archive:
        manifest = _manifest(archive, file)
        for name, kept in manifest.files.items():
            _check(archive, name, kept, file)
        return manifest


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except FileNotFoundError:
        raise InputError(f"{file}: there is no such file") from None
    except _UNREADABLE as error:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:  # where it is unpacked to
            raise
        raise InputError(
            f"{file} cannot be read as a backup ({printable(str(error), 200)}): use another one"
        ) from error


def _manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    try:
        with archive.open(MANIFEST) as raw:
            said = json.loads(raw.read(_LARGEST_MANIFEST))
        files = {str(name): Kept(int(kept["size"]), str(kept["sha256"])) for name, kept in said["files"].items()}
        manifest = Manifest(str(said["made"]), str(said["version"]), files)
        known = said["format"] == _FORMAT
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{file} is no backup of this program: it has no manifest that can be read") from error
    if not known:
        raise InputError(f"{file} was made by a newer version ({printable(manifest.version, 40)}): install that one")
    if sorted(archive.namelist()) != sorted([MANIFEST, *files]) or DATABASE not in files or PORTALS not in files:
        raise InputError(f"{file} does not hold the files that its manifest lists: use another backup")
    for name in files:
        _refuse_outside(name, file)
    return manifest


def _refuse_outside(name: str, file: Path) -> None:
    """A name may lead nowhere but into the data folder, on any system."""
    path = PurePosixPath(name)
    inside = name in {DATABASE, PORTALS} or (name.startswith(FILES) and len(path.parts) > 1)
    if not inside or ".." in path.parts or path.is_absolute() or any(mark in name for mark in "\\:\0"):
        raise InputError(
            f"{file} holds a file with the name '{printable(name, 80)}', which no backup has: use another one"
        )


def _check(archive: zipfile.ZipFile, name: str, kept: Kept, file: Path) -> None:
    digest, size = hashlib.sha256(), 0
    with archive.open(name) as source:
        while (chunk := source.read(_CHUNK)) and size <= kept.size:
            digest.update(chunk)
            size += len(chunk)
    if (size, digest.hexdigest()) != (kept.size, kept.sha256):
        raise InputError(f"{file} is damaged at '{printable(name, 80)}': use another backup")


def restore(places: Places, file: Path, *, replace: bool = False) -> Restored:
    """Puts a backup's files in their places; what lies there already is moved aside, never deleted.

    Nothing is touched before the whole backup has been checked and unpacked beside the data folder.

    Args:
        places: where to; the database lies in the data folder.
        file: the backup.
        replace: whether an installation may be there already.

    Raises:
        InputError: as `read`; an installation is there and `replace` is not set; a crawl or the scheduler is running;
            the place cannot be written, or the database is not in the data folder.
    """
    manifest = read(file)
    root = places.data.root
    if places.database_file.resolve() != (root / DATABASE).resolve():
        raise InputError(f"a backup is restored to {root / DATABASE}: leave --database out")
    if not replace:
        _refuse_occupied(places)
    try:
        with _nobody_at_work(places):
            _refuse_narrow(root, manifest.size)
            return _unpack(places, file, manifest)
    except OSError as error:
        remedy = "make room, or see to the permissions there, then repeat the command"
        raise InputError(f"{root} cannot be written ({error.strerror or error}): {remedy}") from error


def _refuse_occupied(places: Places) -> None:
    """Anything of an installation counts, not only its database: evidence without one is worth as much."""
    for place in (places.data.root / DATABASE, places.portals, *_there(places)):
        if place.exists():
            raise InputError(
                f"{place} is there already: name another --data folder and --portals file, or --replace it"
            )


def _there(places: Places) -> list[Path]:
    """What lies in the data folder and is somebody's; an empty folder, a lock, or what was put aside before is not."""
    root = places.data.root
    entries = sorted(root.iterdir()) if root.is_dir() else []
    kept = (each for each in entries if not each.name.startswith((".", _ASIDE)) and not each.name.endswith(_PASSING))
    return [entry for entry in kept if entry.is_symlink() or not entry.is_dir() or any(entry.iterdir())]


@contextmanager
def _nobody_at_work(places: Places) -> Iterator[None]:
    for place in (places.data.lock, places.data.schedule_lock):
        if who := lock.holder(place):
            raise InputError(f"{who}: stop it first, then restore")
    with lock.hold(places.data.lock, "restore", places.now()):
        yield


def _refuse_narrow(root: Path, size: int) -> None:
    free = shutil.disk_usage(root).free
    if free < size:
        raise InputError(
            f"{root} has room for {free:,} bytes, the backup takes {size:,}: make room; nothing was replaced"
        )


def _unpack(places: Places, file: Path, manifest: Manifest) -> Restored:
    """The data folder itself stays: it may be a mount point. The database comes last: without it nothing is there."""
    root = places.data.root
    root.mkdir(parents=True, exist_ok=True)
    places.portals.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root, prefix=UNPACKING) as folder:
        fresh = Path(folder)
        with _opened(file) as archive:
            for name in manifest.files:
                _extract(archive, name, fresh / name)
        before = _put_aside(places)
        write_atomic(places.portals, (fresh / PORTALS).read_bytes())
        for entry in sorted((fresh / FILES).glob("*")):
            entry.rename(root / entry.name)
        (fresh / DATABASE).rename(root / DATABASE)
    return Restored(manifest, root, before)


def _extract(archive: zipfile.ZipFile, name: str, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as source, place.open("wb") as target:
        shutil.copyfileobj(source, target, _CHUNK)


def _put_aside(places: Places) -> Path | None:
    """Moves the installation that is there out of the way; answers where to."""
    root = places.data.root
    aside = root / f"{_ASIDE}{places.now():%Y%m%d-%H%M%S}"
    there = _there(places)
    if not there and not places.portals.exists():
        return None
    aside.mkdir()
    if places.portals.exists():
        shutil.copy2(places.portals, aside / PORTALS)
    for entry in there:
        if entry.resolve() != places.portals.resolve():
            entry.rename(aside / entry.name)
    return aside
