"""A page overwritten in place is one item with editions."""

import json
from datetime import date, datetime
from itertools import permutations
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest
from sqlalchemy import select, update
from store_world import CLASSIFIER, JURISDICTION, at, post, snapshot, visit

from auditor.audit.counting import recognise
from auditor.observation import Attachment, Observation, SeenItem
from auditor.report.as_json import items_json
from auditor.store.database import Database
from auditor.store.editions import READER
from auditor.store.ingest import ingest
from auditor.store.models import EditionRow
from auditor.store.queries import StoredItem, items_of_days

OLD = "Năm 2019: Giám đốc Sở tiếp công dân ngày 15 hàng tháng."
NEW = "Năm 2020: Giám đốc Sở tiếp công dân ngày 20 hàng tháng."


def page(body: str, title: str = "Lịch tiếp công dân", **facts: Any) -> SeenItem:
    return post(1, title, body=body, opened=True, standing=True, **facts)


def take(database: Database, *observations: Observation) -> None:
    for observation in observations:
        with database.transaction() as session:
            ingest(session, JURISDICTION, observation, classifier=CLASSIFIER)


def stored(database: Database) -> StoredItem:
    with database.session() as session:
        found = items_of_days(session, date(2000, 1, 1), date(2100, 1, 1), undated_since=at("2000-01-01 00:00"))
    [item] = found["so-noi-vu"]
    return item


def told(database: Database) -> list[tuple[str, datetime | None, datetime, datetime]]:
    with database.session() as session:
        [row] = snapshot(session)
        return [(body[:8], after, first, last) for _, body, after, first, last in row["editions"]]


def test_an_overwritten_page_is_one_item_with_both_texts(database: Database) -> None:
    take(
        database,
        visit("2019-12-01 02:00", page(OLD)),
        visit("2019-12-31 02:00", page(OLD)),
        visit("2020-01-03 02:00", page(NEW, modified="2020-01-02")),
        visit("2020-01-04 02:00", page(NEW, modified="2020-01-02")),
    )
    first, second = stored(database).editions
    assert (first.after, first.first_seen, first.last_seen) == (None, at("2019-12-01 02:00"), at("2019-12-31 02:00"))
    assert (second.after, second.first_seen) == (at("2019-12-31 02:00"), at("2020-01-03 02:00"))
    assert (first.modified, second.modified) == (None, "2020-01-02")
    with database.session() as session:
        assert session.scalars(select(EditionRow.body).order_by(EditionRow.id)).all() == [OLD, NEW]


def test_each_edition_keeps_the_date_it_was_printed_with(database: Database) -> None:
    take(
        database,
        visit("2019-11-19 02:00", page(OLD, published="2019-11-01", published_from="article: 01/11/2019")),
        visit("2019-12-19 02:00", page(NEW, published="2019-12-01", published_from="article: 01/12/2019")),
    )
    item = stored(database)
    assert [edition.published for edition in item.editions] == ["2019-11-01", "2019-12-01"]
    assert item.published == "2019-12-01"


def test_nothing_is_made_up_for_a_page_without_a_date(database: Database) -> None:
    take(database, visit("2019-12-31 02:00", page(OLD)), visit("2020-01-03 02:00", page(NEW)))
    item = stored(database)
    assert item.published is None
    assert [edition.published for edition in item.editions] == [None, None]


def test_a_listing_is_no_edition(database: Database) -> None:
    take(database, visit("2019-12-31 02:00", post(1, body="Trích yếu của tin")))
    assert stored(database).editions == ()


def test_a_page_that_could_not_be_read_is_no_edition(database: Database) -> None:
    take(database, visit("2019-12-31 02:00", page(OLD)), visit("2020-01-01 02:00", page("")))
    assert [edition[0] for edition in told(database)] == [OLD[:8]]


def test_a_text_that_comes_back_is_the_edition_it_was(database: Database) -> None:
    take(
        database,
        visit("2019-12-01 02:00", page(OLD)),
        visit("2019-12-02 02:00", page(NEW)),
        visit("2019-12-03 02:00", page(OLD)),
    )
    assert told(database) == [
        (OLD[:8], None, at("2019-12-01 02:00"), at("2019-12-03 02:00")),
        (NEW[:8], at("2019-12-01 02:00"), at("2019-12-02 02:00"), at("2019-12-02 02:00")),
    ]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_visits_read_in_any_order_tell_the_same(database: Database, order: tuple[int, ...]) -> None:
    visits = [
        visit("2019-12-01 02:00", page(OLD)),
        visit("2019-12-31 02:00", page(OLD)),
        visit("2020-01-03 02:00", page(NEW)),
        visit("2020-01-09 02:00", page(NEW)),
    ]
    take(database, *(visits[index] for index in order))
    assert told(database) == [
        (OLD[:8], None, at("2019-12-01 02:00"), at("2019-12-31 02:00")),
        (NEW[:8], at("2019-12-31 02:00"), at("2020-01-03 02:00"), at("2020-01-09 02:00")),
    ]


def test_two_items_that_turn_out_to_be_one_keep_the_editions_of_both(database: Database) -> None:
    other = post(2, "Lịch tiếp công dân", body=NEW, opened=True)
    take(
        database,
        visit("2019-12-01 02:00", page(OLD), other),
        visit("2020-01-03 02:00", page(NEW, also_at=(other.url,))),
    )
    assert [(body, last) for body, _, _, last in told(database)] == [
        (OLD[:8], at("2019-12-01 02:00")),
        (NEW[:8], at("2020-01-03 02:00")),
    ]


def test_a_page_that_is_a_file_has_a_new_edition_with_a_new_file(database: Database) -> None:
    files = [(Attachment(f"http://snv.daknong.gov.vn/lich-{year}.pdf", "pdf"),) for year in (2019, 2020)]
    take(
        database,
        visit("2019-12-31 02:00", page("", attachments=files[0])),
        visit("2020-01-03 02:00", page("", attachments=files[1])),
    )
    assert len(stored(database).editions) == 2


class TestAnotherReader:
    """What an earlier version of the program stored was read by other rules."""

    @staticmethod
    def age(database: Database) -> None:
        with database.transaction() as session:
            session.execute(update(EditionRow).values(text_key="", reader=READER - 1))

    def test_the_same_text_read_better_is_no_new_edition(self, database: Database) -> None:
        take(database, visit("2019-12-01 02:00", page(f"{OLD} Tin liên quan Hội nghị")))
        self.age(database)
        take(database, visit("2019-12-31 02:00", page(OLD)))
        assert told(database) == [(OLD[:8], None, at("2019-12-01 02:00"), at("2019-12-31 02:00"))]

    def test_a_new_year_is_a_new_edition(self, database: Database) -> None:
        take(database, visit("2019-12-01 02:00", page(OLD)))
        self.age(database)
        take(database, visit("2020-01-03 02:00", page(NEW)))
        assert [edition[0] for edition in told(database)] == [OLD[:8], NEW[:8]]


def test_a_database_without_editions_gains_them_from_the_items_opened(url: str) -> None:
    file = url.removeprefix("sqlite:///")
    connection = connect(file)
    connection.executescript((Path(__file__).parent / "old" / "0001.sql").read_text("utf-8"))
    connection.close()
    with Database.open(url) as database:
        item = stored(database)
    [edition] = item.editions
    assert edition.title == item.title
    assert (edition.after, edition.first_seen, edition.last_seen) == (None, item.first_seen, item.first_seen)


def test_items_print_their_editions(database: Database) -> None:
    take(database, visit("2019-12-31 02:00", page(OLD)), visit("2020-01-03 02:00", page(NEW)))
    [record] = json.loads(items_json([each.record() for each in recognise([stored(database)])]))
    first, second = record["editions"]
    assert first["after"] is None
    assert second["after"] == "2019-12-30T19:00:00+00:00"
    assert list(second) == ["title", "published", "modified", "after", "first_seen"]


def test_items_whose_page_never_changed_print_none(database: Database) -> None:
    take(database, visit("2019-12-31 02:00", page(OLD)), visit("2020-01-03 02:00", page(OLD)))
    [record] = json.loads(items_json([each.record() for each in recognise([stored(database)])]))
    assert record["editions"] == []
