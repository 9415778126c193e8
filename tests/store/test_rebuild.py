"""What visits saw can be learnt anew: the same visits give the same rows, other ones what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from sqlalchemy import select
from store_world import CLASSIFIER, JURISDICTION, SITE, post, snapshot, visit
from test_ingest import NIGHTS, take

from auditor.observation import Observation
from auditor.store.corrections import Decided, record
from auditor.store.database import Database
from auditor.store.ingest import digest_of
from auditor.store.models import ItemRow, ObservationRow
from auditor.store.rebuild import rebuild

UNIT = "so-noi-vu"


def learn(database: Database, told: dict[str, Observation]) -> None:
    """Learns the unit anew; `told` says what visits, by their digest, saw."""
    with database.transaction() as session:
        rows = session.scalars(select(ObservationRow).where(ObservationRow.unit == UNIT)).all()
        visits = {row.id: (told[row.digest], row.source) for row in rows}
        rebuild(session, JURISDICTION, UNIT, visits.__getitem__, CLASSIFIER)


def ids(database: Database) -> dict[str, int]:
    with database.session() as session:
        return {row.url: row.id for row in session.scalars(select(ItemRow))}


@settings(max_examples=25)
@given(nights=NIGHTS)
def test_the_same_visits_give_the_same_rows(nights: list[Observation]) -> None:
    with TemporaryDirectory() as folder, Database.open(f"sqlite:///{Path(folder) / 'a.db'}") as database:
        take(database, *nights)
        with database.session() as session:
            once = snapshot(session)
        named = ids(database)
        learn(database, {digest_of(night): night for night in nights})
        with database.session() as session:
            assert snapshot(session) == once
        assert ids(database) == named


def test_what_no_visit_sees_any_more_goes_unless_a_person_decided_upon_it(database: Database) -> None:
    night = visit("2019-11-19 02:00", post(1), post(2), post(3))
    take(database, night)
    before = ids(database)
    with database.transaction() as session:
        row = session.get_one(ItemRow, before[f"{SITE}/tin/2"])
        decided = Decided("Lê An", "lịch", datetime(2019, 11, 20, tzinfo=UTC), sets_category=True)
        row.corrections.append(record(row, decided))
        kept = row.title
    again = replace(night, items=(post(1, title="Báo cáo tháng 11"),))
    learn(database, {digest_of(night): again})
    with database.session() as session:
        rows = {row.url: row for row in session.scalars(select(ItemRow))}
        assert {url: row.id for url, row in rows.items()} == {url: before[url] for url in rows}
        assert set(rows) == {f"{SITE}/tin/1", f"{SITE}/tin/2"}
        assert rows[f"{SITE}/tin/1"].title == "Báo cáo tháng 11"
        assert rows[f"{SITE}/tin/2"].title == kept
        assert session.scalars(select(ObservationRow.digest)).one() == digest_of(again)
