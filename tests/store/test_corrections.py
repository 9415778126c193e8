"""What people decide lasts: crawls, moves, newer judges and texts leave it alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from store_world import CLASSIFIER, JURISDICTION, SITE, at, post, visit

from auditor.audit.figures import month_figures, month_items
from auditor.categories import Category
from auditor.classify import Decision
from auditor.errors import InputError
from auditor.observation import Observation
from auditor.store.corrections import (
    ACCEPT,
    SET,
    WITHDRAW,
    Correction,
    Decided,
    effective,
    find_items,
    record,
    short_id,
    text_changed,
)
from auditor.store.database import Database
from auditor.store.ingest import Classifier, ingest
from auditor.store.lawful import counts_by_category, texts
from auditor.store.models import CorrectionRow, ItemRow
from auditor.store.queries import StoredItem, items_of_days
from auditor.window import Month

NOVEMBER = Month(2019, 11)
TODAY = date(2019, 11, 20)
FIRST = short_id("so-noi-vu", f"{SITE}/tin/1")


def take(database: Database, *observations: Observation, classifier: Classifier = CLASSIFIER) -> None:
    for observation in observations:
        with database.transaction() as session:
            ingest(session, JURISDICTION, observation, classifier=classifier)


def decide(database: Database, name: str = FIRST, kind: str = SET, **facts: Any) -> None:
    facts.setdefault("made", at("2019-11-19 09:00"))
    if "category" in facts:
        facts["sets_category"] = True
    with database.transaction() as session:
        [row] = find_items(session, [name])
        record(row, Decided(**{"by": "Lê An", "reason": "đã đọc", **facts}), kind)


def stored(database: Database) -> list[StoredItem]:
    with database.session() as session:
        found = items_of_days(session, date(2000, 1, 1), date(2100, 1, 1), undated_since=at("2000-01-01 00:00"))
    return found.get("so-noi-vu", [])


def held(database: Database) -> tuple[Category | None, str | None]:
    [item] = stored(database)
    return item.category, item.published


SEEN = post(1, published="2019-11-03", published_from="listing: 03/11/2019")


@pytest.fixture
def corrected(database: Database) -> Database:
    take(database, visit("2019-11-18 02:00", SEEN))
    decide(database, category=Category.RECEPTION, published="2019-11-05T08:00:00+07:00")
    return database


HELD = (Category.RECEPTION, "2019-11-05T08:00:00+07:00")


def test_what_a_person_decided_holds_and_says_so(corrected: Database) -> None:
    [item] = stored(corrected)
    assert (item.category, item.published, item.published_day) == (*HELD, date(2019, 11, 5))
    assert (item.confidence, item.why[0], item.published_from) == (
        1.0,
        "corrected by Lê An: đã đọc",
        "corrected by Lê An: đã đọc",
    )
    assert item.correction is not None
    assert (item.correction.machine_category, item.correction.machine_confidence) == (Category.SCHEDULE, 0.9)


def test_it_survives_another_crawl_that_reads_another_date(corrected: Database) -> None:
    take(corrected, visit("2019-11-19 02:00", replace(SEEN, published="2019-11-04T10:00:00+07:00", opened=True)))
    assert held(corrected) == HELD


def test_it_survives_a_move_to_another_address(corrected: Database) -> None:
    moved = replace(SEEN, url=f"{SITE}/moi/1", also_at=(SEEN.url,))
    take(corrected, visit("2019-11-19 02:00", moved), visit("2019-11-20 02:00", replace(moved, also_at=())))
    assert held(corrected) == HELD
    with corrected.session() as session:
        for name in (FIRST, short_id("so-noi-vu", f"{SITE}/moi/1"), f"{SITE}/moi/1"):
            assert [row.url for row in find_items(session, [name])] == [SEEN.url]


@pytest.mark.parametrize("known_first", [1, 2])
def test_it_survives_that_two_items_turn_out_to_be_one(database: Database, known_first: int) -> None:
    one, two = (post(number, published="2019-11-03") for number in (known_first, 3 - known_first))
    take(database, visit("2019-11-17 02:00", one), visit("2019-11-18 02:00", one, two))
    decide(database, category=None)
    take(database, visit("2019-11-19 02:00", replace(one, also_at=(two.url,))))
    assert held(database) == (None, "2019-11-03")


def test_it_survives_a_newer_judge_and_the_judge_goes_on_below(corrected: Database) -> None:
    newer = Classifier(lambda *_: Decision(Category.PETITIONS, 0.7, ("title: x",)), "newer")
    take(corrected, visit("2019-11-19 02:00"), classifier=newer)
    assert held(corrected) == HELD
    decide(corrected, kind=WITHDRAW, made=at("2019-11-20 09:00"))
    assert held(corrected) == (Category.PETITIONS, "2019-11-03")


def test_the_last_decision_holds_and_dates_and_categories_are_decided_apart(database: Database) -> None:
    take(database, visit("2019-11-18 02:00", SEEN))
    decide(database, category=Category.RULES)
    decide(database, published="2019-11-01", made=at("2019-11-19 10:00"))
    assert held(database) == (Category.RULES, "2019-11-01")
    decide(database, category=None, made=at("2019-11-19 11:00"))
    assert held(database) == (None, "2019-11-01")
    with database.session() as session:
        assert len(session.scalars(select(CorrectionRow)).all()) == 3


def test_a_date_decided_moves_the_item_into_its_month_and_out_of_another(database: Database) -> None:
    take(database, visit("2019-11-19 02:00", post(1), post(2, "Báo cáo", published="2019-10-30")))
    decide(database, published="2019-11-03")
    decide(database, f"{SITE}/tin/2", published="2019-09-30")
    with database.session() as session:
        urls = {
            month: [item.url for item in month_items(session, JURISDICTION, month, today=TODAY)]
            for month in (Month(2019, 10), NOVEMBER)
        }
    assert urls == {Month(2019, 10): [f"{SITE}/tin/2"], NOVEMBER: [f"{SITE}/tin/1"]}


def test_the_months_figures_and_their_list_of_corrections_agree(corrected: Database) -> None:
    take(corrected, visit("2019-11-19 02:00", post(2, published="2019-11-04"), SEEN))
    decide(corrected, f"{SITE}/tin/2", category=None)
    with corrected.session() as session:
        figures = month_figures(session, JURISDICTION, NOVEMBER, today=TODAY)
    unit = figures.units[0]
    assert {key: figure.tally.count for key, figure in unit.categories.items() if figure.tally.count} == {
        Category.RECEPTION: 1
    }
    assert [(item.url, item.counted) for item in figures.corrected] == [
        (f"{SITE}/tin/2", False),
        (f"{SITE}/tin/1", True),
    ]
    assert all(check.ok for check in figures.checks)


def test_the_laws_checks_see_what_was_decided(corrected: Database) -> None:
    with corrected.session() as session:
        [text] = texts(session, date(2019, 11, 5), date(2019, 11, 5))["so-noi-vu"]
        assert (text.category, text.published_day) == (Category.RECEPTION, date(2019, 11, 5))
        assert counts_by_category(session, date(2019, 11, 18)) == {"so-noi-vu": {Category.RECEPTION: 1}}
        assert counts_by_category(session, date(2019, 11, 4)) == {}


def test_a_changed_text_is_noticed_and_a_body_read_for_the_first_time_is_none(database: Database) -> None:
    take(database, visit("2019-11-18 02:00", SEEN))

    def changed() -> bool:
        with database.session() as session:
            row = session.scalars(select(ItemRow)).one()
            return text_changed(row.corrections[-1].text_key, row)

    decide(database, category=Category.RULES)
    assert not changed()
    take(database, visit("2019-11-19 02:00", replace(SEEN, body="Thời gian: 8 giờ", opened=True)))
    assert not changed()
    decide(database, category=Category.RULES, made=at("2019-11-19 10:00"))
    take(database, visit("2019-11-20 02:00", replace(SEEN, body="Thời gian: 9 giờ", opened=True)))
    assert changed()
    decide(database, category=Category.RULES, made=at("2019-11-20 10:00"))
    take(database, visit("2019-11-21 02:00", replace(SEEN, title="Hoãn lịch tiếp công dân", opened=True)))
    assert changed()


def test_a_name_that_means_nothing_is_told(database: Database) -> None:
    take(database, visit("2019-11-18 02:00", SEEN))
    with database.session() as session, pytest.raises(InputError, match="there is no item 'ffffffff'"):
        find_items(session, [FIRST, "ffffffff"])


def test_an_address_of_two_units_is_told_with_both(database: Database) -> None:
    take(database, visit("2019-11-18 02:00", SEEN), visit("2019-11-18 02:00", SEEN, unit="dak-mil"))
    with database.session() as session, pytest.raises(InputError, match=r"so-noi-vu .*, dak-mil "):
        find_items(session, [SEEN.url])


CATEGORIES = st.sampled_from([*Category, None])
DECISIONS = st.one_of(
    st.builds(dict, category=CATEGORIES, kind=st.just(SET)),
    st.builds(dict, published=st.sampled_from(["2019-11-02", "2019-11-09"]), kind=st.just(SET)),
    st.builds(dict, category=CATEGORIES, kind=st.just(ACCEPT)),
    st.builds(dict, kind=st.just(WITHDRAW)),
)
CRAWLS = st.sampled_from(
    [
        SEEN,
        replace(SEEN, title="Báo cáo", opened=True),
        replace(SEEN, published="2019-11-12", opened=True),
        replace(SEEN, url=f"{SITE}/moi/1", also_at=(SEEN.url,)),
    ]
)


@settings(max_examples=30, deadline=None)
@given(steps=st.lists(st.one_of(DECISIONS, CRAWLS), max_size=8))
def test_whatever_crawls_come_between_the_decisions_alone_say_what_holds(steps: list[Any]) -> None:
    category: tuple[Category | None] | None = None
    published: str | None = None
    start = at("2019-11-18 02:00")
    with TemporaryDirectory() as folder, Database.open(f"sqlite:///{Path(folder) / 'a.db'}") as database:
        take(database, visit("2019-11-18 02:00", SEEN))
        for number, step in enumerate(steps, 1):
            now = start + timedelta(hours=number)
            if not isinstance(step, dict):
                take(database, visit(f"{now:%Y-%m-%d %H:%M}", step))
                continue
            decide(database, made=now, **step)
            category = (step["category"],) if "category" in step else category
            published = step.get("published", published)
            if step["kind"] == WITHDRAW:
                category = published = None
        [item] = stored(database)
    assert category is None or item.category == category[0]
    assert published is None or item.published == published
    assert (item.correction is None) == (category is None and published is None)


def test_an_empty_history_holds_nothing() -> None:
    assert effective([]) is None


def test_the_day_of_an_instant_is_that_of_its_own_clock() -> None:
    now = datetime(2019, 11, 19, tzinfo=UTC)
    made = Correction(now, "a", "b", False, None, "2019-11-05T23:30:00+07:00", False, "", None, 0.5)  # noqa: FBT003
    assert made.day == date(2019, 11, 5)
