"""One SQLite file: opening, upgrading, reading, writing.

SQLite's own way with transactions is switched off in the driver, so that a transaction starts where the code says so:
readers with BEGIN (they never wait, the file is in WAL mode), writers with BEGIN IMMEDIATE (they wait for each other
instead of failing halfway).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from auditor.errors import InputError
from auditor.store import migrations
from auditor.text import printable

LOCK_TIMEOUT = 30
"""Seconds a writer waits for another one."""

_REMEDIES = {
    sqlite3.SQLITE_BUSY: "wait for the other command that writes to it, then repeat this one",
    sqlite3.SQLITE_FULL: "make room on its disk, then repeat the command",
    sqlite3.SQLITE_READONLY: "see to it that the file and its folder may be written, or name another one",
    sqlite3.SQLITE_CANTOPEN: "see to it that the file and its folder may be written, or name another one",
    sqlite3.SQLITE_IOERR: "check its disk and the room on it, then repeat the command",
    sqlite3.SQLITE_CORRUPT: "put a good copy of the file in its place, or name another one",
    sqlite3.SQLITE_NOTADB: "put a good copy of the file in its place, or name another one",
}
"""What a person can do, by SQLite's word for what is wrong with the file's place; any other fault is the program's."""
_PRIMARY = 0xFF  # of an extended result code, the byte that is the plain one


class Database:
    """The store's file, open. Safe to use from several threads and several processes."""

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self._readers = engine
        self._writers = engine.execution_options(begin="BEGIN IMMEDIATE")

    @classmethod
    def open(cls, url: str) -> Database:
        """Opens the database `url` names ("sqlite:///data/auditor.db"); creates or upgrades it where needed.

        An upgrade is one transaction: it happens whole or not at all.

        Raises:
            InputError: a bad address, a folder that is missing or cannot be written, a file that is no database,
                another program's, or of a newer revision than this program knows.
        """
        path = _path(url)
        with _telling(path, "used as the database"):
            _prepare(path)
        return cls(path, _engine(path, "foreign_keys=ON"))

    @staticmethod
    def is_there(url: str) -> bool:
        """Whether the file that `url` names exists; nothing is created."""
        try:
            return _path(url).exists()
        except InputError:
            return False

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that reads one state of the database, whatever is written meanwhile. Nothing in it is kept.

        Raises:
            InputError: the file is damaged, or its disk fails.
        """
        with _telling(self.path, "read"), Session(self._readers) as session:
            yield session

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that writes: committed at the end, rolled back where an exception leaves it.

        Raises:
            InputError: another writer held the database for longer than `LOCK_TIMEOUT`; its disk is full or fails,
                the file is damaged or may not be written.
        """
        with _telling(self.path, "written"), Session(self._writers) as session, session.begin():
            session.connection()
            yield session

    def close(self) -> None:
        """Closes every connection."""
        self._readers.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextmanager
def _telling(path: Path, done: str) -> Iterator[None]:
    """Says in words what a person has to mend; the program's own mistakes pass."""
    try:
        yield
    except (DatabaseError, sqlite3.Error) as error:
        told = error.orig if isinstance(error, DatabaseError) else error
        remedy = _REMEDIES.get(getattr(told, "sqlite_errorcode", 0) & _PRIMARY)
        if remedy is None:
            raise
        raise InputError(f"{path} cannot be {done} ({printable(str(told))}): {remedy}") from error


def _path(url: str) -> Path:
    """The file a database address names."""
    remedy = "write it as sqlite:///data/auditor.db"
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise InputError(f"'{printable(url)}' is not a database address: {remedy}") from error
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:" or parsed.query:
        raise InputError(f"'{parsed.render_as_string()}' is not the address of an SQLite file: {remedy}")
    path = Path(parsed.database)
    if not path.parent.is_dir():
        raise InputError(
            f"the folder {path.parent} of the database does not exist: "
            "create it (a crawl makes the --data folder), or name another one"
        )
    return path


def _engine(path: Path, *pragmas: str) -> Engine:
    """An engine whose connections begin transactions as their options say, after setting `pragmas`."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": LOCK_TIMEOUT, "isolation_level": None},
        json_serializer=partial(json.dumps, ensure_ascii=False),
    )

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        for pragma in pragmas:
            connection.cursor().execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def _prepare(path: Path) -> None:
    """Makes sure that the file is ours and of the newest revision."""
    revision = _revision(path) if path.exists() else None
    if revision == migrations.HEAD:
        return
    if revision:
        _keep(path, revision)
    # A table is altered by dropping and copying it; with foreign keys on, the drop would take its children along.
    engine = _engine(path, "foreign_keys=OFF", "journal_mode=WAL").execution_options(begin="BEGIN IMMEDIATE")
    try:
        with engine.begin() as connection:
            _upgrade(connection)
    finally:
        engine.dispose()


def _keep(path: Path, revision: str) -> None:
    """Copies the file as it is before it is upgraded, to "auditor.db.before-0006"; a copy made earlier stays."""
    kept = path.with_name(f"{path.name}.before-{revision}")
    if kept.exists():
        return
    part = kept.with_name(f"{kept.name}.part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as original, closing(sqlite3.connect(part)) as copy:
        original.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    part.replace(kept)


def _revision(path: Path) -> str | None:
    """The revision of the file; None for an empty one.

    Raises:
        InputError: the tables are another program's, or of a revision this program does not know.
    """
    engine = _engine(path)
    try:
        with engine.connect() as connection:
            tables = inspect(connection).get_table_names()
            revision = str(connection.scalar(text("SELECT version_num FROM alembic_version"))) if tables else None
    except OperationalError as error:
        if "no such table" not in str(error.orig):
            raise
        raise InputError(f"{path} is the database of another program: name another file") from error
    finally:
        engine.dispose()
    if revision not in (None, *migrations.REVISIONS):
        raise InputError(
            f"{path} has revision {printable(str(revision))}, this program knows up to {migrations.HEAD}: "
            "it was written by a newer version; install that version, or name another file"
        )
    return revision


def _upgrade(connection: Connection) -> None:
    from auditor.store.upgrade import upgrade  # noqa: PLC0415 - alembic takes a second to import, and is rarely needed

    upgrade(connection)
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(f"the upgrade broke {len(broken)} references, first {tuple(broken[0])}; nothing was changed")
