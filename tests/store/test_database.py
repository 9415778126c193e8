import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, String, select, text
from sqlalchemy.exc import OperationalError, StatementError
from store_world import CLASSIFIER, JURISDICTION, post, snapshot, visit

from auditor.errors import InputError
from auditor.observation import Placement
from auditor.store import database as database_module
from auditor.store import migrations
from auditor.store.database import Database
from auditor.store.ingest import ingest
from auditor.store.models import Base, RunRow, UnitRow
from auditor.store.runs import start_run

OLD = Path(__file__).parent / "old"
PLACED = post(1, placements=(Placement("u", "l", "Lịch"),))


def fill(database: Database) -> None:
    with database.transaction() as session:
        ingest(session, JURISDICTION, visit("2019-11-19 02:00", PLACED), classifier=CLASSIFIER)


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def test_a_new_file_has_the_tables_of_the_models(database: Database) -> None:
    with database.session() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_named_revisions_are_those_of_the_folder() -> None:
    config = Config()
    config.set_main_option("script_location", "auditor.store:migrations")
    folder = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(folder)) == migrations.REVISIONS


def test_every_connection_is_set_up(database: Database) -> None:
    with database.session() as reader, database.transaction() as writer:
        for session in (reader, writer):
            assert session.scalar(text("PRAGMA foreign_keys")) == 1
            assert session.scalar(text("PRAGMA journal_mode")) == "wal"
            assert session.scalar(text("PRAGMA busy_timeout")) == database_module.LOCK_TIMEOUT * 1000


def test_what_is_written_is_there_after_reopening(url: str) -> None:
    with Database.open(url) as first:
        fill(first)
    with Database.open(url) as second, second.session() as session:
        assert [row["title"] for row in snapshot(session)] == [PLACED.title]


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    def failing() -> None:
        with database.transaction() as session:
            ingest(session, JURISDICTION, visit("2019-11-19 02:00", PLACED), classifier=CLASSIFIER)
            raise RuntimeError("full disk")

    with pytest.raises(RuntimeError, match="full disk"):
        failing()
    with database.session() as session:
        assert session.scalars(select(UnitRow)).all() == []


def test_a_reader_sees_one_state_while_another_is_written(database: Database) -> None:
    with database.session() as reader:
        assert snapshot(reader) == []
        fill(database)
        assert snapshot(reader) == []
    with database.session() as later:
        assert len(snapshot(later)) == 1


def test_a_reading_session_keeps_nothing(database: Database) -> None:
    with database.session() as session:
        start_run(session, "crawl", None, visit("2019-11-19 02:00").started)
    with database.session() as session:
        assert session.scalars(select(RunRow)).all() == []


def test_a_writer_that_waits_too_long_is_told(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "LOCK_TIMEOUT", 0)
    with Database.open(url) as one, Database.open(url) as other, one.transaction() as held:
        assert held.in_transaction()
        with pytest.raises(InputError, match=r"locked.*wait for the other command"), other.transaction():
            pass


def test_an_instant_without_a_time_zone_is_refused(database: Database) -> None:
    naive = datetime(2019, 11, 19, 2)  # noqa: DTZ001
    with (
        database.transaction() as session,
        pytest.raises(StatementError, match="2019-11-19T02:00:00 has no time zone"),
        session.no_autoflush,
    ):
        session.execute(select(RunRow).where(RunRow.started > naive))


def test_an_instant_comes_back_as_the_same_instant(database: Database) -> None:
    started = visit("2019-11-19 02:00").started
    with database.transaction() as session:
        run = start_run(session, "crawl", None, started)
    with database.session() as session:
        stored = session.get_one(RunRow, run).started
    assert stored == started
    assert stored.isoformat() == "2019-11-18T19:00:00+00:00"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("auditor.db", "not a database address"),
        ("", "not a database address"),
        ("postgresql://user:hidden@host/db", r"postgresql://user:\*\*\*@host/db.*SQLite"),
        ("sqlite://", "SQLite file"),
        ("sqlite:///:memory:", "SQLite file"),
        ("sqlite:///data.db?mode=ro", "SQLite file"),
        ("sqlite:///no/such/folder/auditor.db", "no/such/folder of the database does not exist"),
    ],
)
def test_a_wrong_address_is_refused(url: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        Database.open(url)


@pytest.mark.parametrize(
    ("pragma", "told"),
    [("max_page_count = 1", "database or disk is full.*make room"), ("query_only = ON", "readonly.*may be written")],
)
def test_a_place_that_takes_no_more_is_told_and_nothing_is_kept(database: Database, pragma: str, told: str) -> None:
    def fill_up() -> None:
        with database.transaction() as session:
            session.execute(text(f"PRAGMA {pragma}"))
            session.execute(text("CREATE TABLE heavy AS SELECT zeroblob(100000)"))

    with pytest.raises(InputError, match=rf"auditor\.db cannot be written .*{told}"):
        fill_up()
    with database.session() as session:
        assert "heavy" not in session.scalars(text("SELECT name FROM sqlite_master")).all()


def test_damage_met_while_reading_is_told(database: Database, url: str) -> None:
    fill(database)
    with database.transaction() as session:
        find = text("SELECT rootpage FROM sqlite_master WHERE name = :name")
        root = session.execute(find, {"name": UnitRow.__tablename__}).scalar_one()
        size = session.execute(text("PRAGMA page_size")).scalar_one()
    database.close()
    with file_of(url).open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    with pytest.raises(InputError, match=r"cannot be read .*malformed.*good copy"), database.session() as session:
        session.scalars(select(UnitRow)).all()


def test_a_mistake_of_the_program_is_not_blamed_on_the_place(database: Database) -> None:
    with pytest.raises(OperationalError, match="no such table"), database.session() as session:
        session.execute(text("SELECT * FROM nowhere"))


@pytest.mark.parametrize("content", [b"x" * 5000, b"SQLite format 3\0" + b"\1" * 4000], ids=["other", "damaged"])
def test_a_file_that_is_no_database_is_refused_and_kept(url: str, content: bytes) -> None:
    file_of(url).write_bytes(content)
    with pytest.raises(InputError, match=r"auditor\.db cannot be used as the database"):
        Database.open(url)
    assert file_of(url).read_bytes() == content


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be used as the database"):
        Database.open(f"sqlite:///{tmp_path}")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder in which nobody may create a file")
def test_a_folder_that_cannot_be_written_is_told() -> None:
    with pytest.raises(InputError, match="its folder may be written"):
        Database.open("sqlite:////proc/auditor.db")


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ("CREATE TABLE pages (url TEXT)", "another program"),
        ("CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('0999')", "newer version"),
    ],
)
def test_a_database_that_is_not_for_this_program_is_refused_and_kept(url: str, tables: str, told: str) -> None:
    connection = sqlite3.connect(file_of(url))
    connection.executescript(tables)
    connection.close()
    before = file_of(url).read_bytes()
    with pytest.raises(InputError, match=told):
        Database.open(url)
    assert file_of(url).read_bytes() == before


@pytest.mark.parametrize("dump", sorted(OLD.glob("*.sql")), ids=lambda dump: dump.stem)
def test_a_database_of_every_revision_is_brought_up_to_date(url: str, dump: Path) -> None:
    connection = sqlite3.connect(file_of(url))
    connection.executescript(dump.read_text("utf-8"))
    connection.close()
    with Database.open(url) as database, database.session() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == migrations.HEAD
        assert [row["title"] for row in snapshot(session)] == ["Lịch tiếp công dân tháng 11/2019"]
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    kept = file_of(url).with_name(f"{file_of(url).name}.before-{dump.stem}")
    assert kept.exists() == (dump.stem != migrations.HEAD), "the file as it was before"
    if kept.exists():
        with closing(sqlite3.connect(kept)) as before:
            assert before.execute("SELECT version_num FROM alembic_version").fetchall() == [(dump.stem,)]


def test_there_is_an_old_database_of_every_revision() -> None:
    assert {dump.stem for dump in OLD.glob("*.sql")} == set(migrations.REVISIONS)


def rebuild_items(connection: Connection) -> None:
    """A migration of the kind that copies a table and drops the old one."""
    with Operations(MigrationContext.configure(connection)).batch_alter_table("items", recreate="always") as batch:
        batch.add_column(Column("note", String))
    connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


def rebuild_and_fail(connection: Connection) -> None:
    rebuild_items(connection)
    raise RuntimeError("power cut")


def lose_parents(connection: Connection) -> None:
    connection.execute(text("DELETE FROM items"))


@pytest.fixture
def newer_code(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Connection], None]], None]:
    """Makes the program know a revision more, applied by the given function."""

    def install(step: Callable[[Connection], None]) -> None:
        monkeypatch.setattr(migrations, "HEAD", "9999")
        monkeypatch.setattr("auditor.store.upgrade.upgrade", step)

    return install


def test_an_upgrade_that_rebuilds_a_table_keeps_what_hangs_on_it(
    url: str, newer_code: Callable[[Callable[[Connection], None]], None]
) -> None:
    with Database.open(url) as database:
        fill(database)
    newer_code(rebuild_items)
    with Database.open(url) as database, database.session() as session:
        [row] = snapshot(session)
        assert row["placements"] == [("u", "l", "Lịch", None)]
        assert session.execute(text("SELECT note FROM items")).all() == [(None,)]


@pytest.mark.parametrize(("step", "told"), [(rebuild_and_fail, "power cut"), (lose_parents, "broke 2 references")])
def test_an_upgrade_that_fails_changes_nothing(
    url: str, newer_code: Callable[[Callable[[Connection], None]], None], step: Callable[[Connection], None], told: str
) -> None:
    with Database.open(url) as database:
        fill(database)
        with database.session() as session:
            before = snapshot(session)
    newer_code(step)
    with pytest.raises(RuntimeError, match=told):
        Database.open(url)
    connection = sqlite3.connect(file_of(url))
    assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(migrations.REVISIONS[-1],)]
    assert "note" not in {column[1] for column in connection.execute("PRAGMA table_info(items)")}
    connection.close()
    assert len(before) == 1


def test_opening_does_not_import_alembic_where_nothing_is_to_do(url: str) -> None:
    Database.open(url).close()
    program = (
        "import sys; from auditor.store.database import Database; Database.open(sys.argv[1]).close();"
        "print('alembic' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", program, url], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"
