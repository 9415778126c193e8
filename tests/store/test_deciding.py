"""Items are decided again when another judge holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from store_world import CLASSIFIER, JURISDICTION, at, post, visit

from auditor.categories import Category
from auditor.classify import Decision
from auditor.observation import Observation
from auditor.store.corrections import Decided, corrections, record
from auditor.store.database import Database
from auditor.store.deciding import Classifier, decide_again
from auditor.store.ingest import ingest
from auditor.store.models import ItemRow


def take(database: Database, *observations: Observation) -> None:
    for observation in observations:
        with database.transaction() as session:
            ingest(session, JURISDICTION, observation, classifier=CLASSIFIER)


def rules(*_: Any) -> Decision:
    return Decision(Category.RULES, 0.7, ("title: nội quy",))


def stored(database: Database) -> dict[str, tuple[Category | None, str]]:
    with database.session() as session:
        return {row.url: (row.category, row.classifier) for row in session.scalars(select(ItemRow))}


def test_every_unit_s_items_are_decided_by_the_new_version_once(database: Database) -> None:
    take(database, visit("2019-11-18 02:00", post(1)), visit("2019-11-18 03:00", post(2), unit="dak-mil"))
    calls: list[tuple[Any, ...]] = []

    def decide(*facts: Any) -> Decision:
        calls.append(facts)
        return rules()

    assert decide_again(database, Classifier(decide, "newer")) == 2
    assert stored(database) == {post(1).url: (Category.RULES, "newer"), post(2).url: (Category.RULES, "newer")}
    assert decide_again(database, Classifier(decide, "newer")) == 0
    assert len(calls) == 2, "nobody is asked where nothing has changed"
    with database.session() as session:
        row = session.scalars(select(ItemRow)).first()
        assert row is not None
        assert (row.confidence, row.why) == (0.7, ["title: nội quy"])


def test_an_empty_database_has_nothing_to_decide(database: Database) -> None:
    assert decide_again(database, Classifier(rules, "newer")) == 0


def test_the_judge_is_told_what_a_visit_would_tell_it(database: Database) -> None:
    told: list[tuple[Any, ...]] = []

    def decide(*facts: Any) -> Decision:
        told.append(facts)
        return rules()

    seen = post(1, body="Theo tệp", document="Lịch tiếp", published="2019-11-03")
    take(database, visit("2019-11-18 02:00", seen))
    decide_again(database, Classifier(decide, "newer"))
    assert told == [(seen.title, None, "Theo tệp", date(2019, 11, 3), "Lịch tiếp")]


def test_what_people_decided_stays(database: Database) -> None:
    take(database, visit("2019-11-18 02:00", post(1)))
    decided = Decided("Lê An", "đã đọc", at("2019-11-19 08:00"), sets_category=True, category=Category.PETITIONS)
    with database.transaction() as session:
        record(session.scalars(select(ItemRow)).one(), decided)
    assert decide_again(database, Classifier(rules, "newer")) == 1
    with database.session() as session:
        [held] = corrections(session).values()
    assert (held.category, held.machine_category) == (Category.PETITIONS, Category.SCHEDULE)


def test_what_a_crawl_stores_meanwhile_is_left_to_the_next_call(database: Database) -> None:
    take(database, visit("2019-11-18 02:00", post(1), post(2)))
    crawls = [visit("2019-11-19 02:00", post(1, title="Báo cáo tháng 10", opened=True))]

    def decide(*_: Any) -> Decision:
        while crawls:
            take(database, crawls.pop())
        return rules()

    decide_again(database, Classifier(decide, "newer"))
    assert stored(database) == {post(1).url: (Category.REPORTS, "test"), post(2).url: (Category.RULES, "newer")}
    assert decide_again(database, Classifier(rules, "newer")) == 1
