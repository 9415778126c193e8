from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from store_world import CLASSIFIER, JURISDICTION, SITE, post, snapshot, visit

from auditor.categories import Category
from auditor.classify import Decision
from auditor.errors import InputError
from auditor.observation import Attachment, Coverage, Observation, Placement, SeenItem
from auditor.outcomes import Cause, Outcome
from auditor.store.database import Database
from auditor.store.ingest import Classifier, IngestResult, ingest
from auditor.store.models import AddressRow, ItemRow, ObservationRow, PlacementRow, UnitRow

LISTED = "listing: 03/11/2019"
OWN = "article: Chủ nhật - 03/11/2019 14:45"


def take(database: Database, *observations: Observation, classifier: Classifier = CLASSIFIER) -> list[IngestResult]:
    results = []
    for observation in observations:
        with database.transaction() as session:
            results.append(ingest(session, JURISDICTION, observation, classifier=classifier))
    return results


def item(database: Database) -> ItemRow:
    """The only item there is."""
    with database.session() as session:
        return session.scalars(select(ItemRow)).one()


def test_stores_everything_a_visit_hands_over(database: Database) -> None:
    seen = post(
        1,
        published="2019-11-03T07:45:00+00:00",
        published_from=OWN,
        modified="2019-11-04",
        body="Thời gian: 8 giờ",
        opened=True,
        commune="Đức Mạnh",
        placements=(Placement(f"{SITE}/tin/1?a", f"{SITE}/lich", "Lịch tiếp công dân", Category.SCHEDULE),),
        also_at=(f"{SITE}/en/tin/1",),
        attachments=(Attachment(f"{SITE}/lich.pdf", "pdf", text=False),),
    )
    coverage = Coverage(f"{SITE}/lich", "Lịch tiếp công dân", Category.SCHEDULE, pages=2, promised=3, rows=20)
    observation = visit(
        "2019-11-19 02:00",
        seen,
        outcome=Outcome.PARTIAL,
        cause=Cause.LISTING_LOST,
        detail="page 3: 502",
        section=f"{SITE}/tiep-dan",
        sections={Category.SCHEDULE: f"{SITE}/lich"},
        listings=(coverage,),
        requests=12,
    )
    with database.transaction() as session:
        ingest(session, JURISDICTION, observation, source="so-noi-vu.json", classifier=CLASSIFIER)
    with database.session() as session:
        [stored] = snapshot(session)
        [seen_visit] = session.scalars(select(ObservationRow))
        unit = session.get_one(UnitRow, "so-noi-vu")
    assert stored["published"] == "2019-11-03T14:45:00+07:00"
    assert stored["published_day"] == date(2019, 11, 3)
    assert stored["title_key"] == "lich tiep cong dan thang 11"
    assert stored["addresses"] == [f"{SITE}/en/tin/1", f"{SITE}/tin/1"]
    assert stored["placements"] == [(f"{SITE}/tin/1?a", f"{SITE}/lich", "Lịch tiếp công dân", Category.SCHEDULE)]
    assert stored["attachments"] == [{"url": f"{SITE}/lich.pdf", "kind": "pdf", "text": False}]
    assert (stored["category"], stored["classifier"]) == (Category.SCHEDULE, "test")
    assert stored["first_seen"] == stored["last_seen"] == observation.started
    assert (seen_visit.outcome, seen_visit.cause, seen_visit.detail) == (
        Outcome.PARTIAL,
        Cause.LISTING_LOST,
        "page 3: 502",
    )
    assert seen_visit.sections == {"schedule": f"{SITE}/lich"}
    assert seen_visit.listings[0]["promised"] == 3
    assert (seen_visit.items, seen_visit.requests, seen_visit.source) == (1, 12, "so-noi-vu.json")
    assert unit.name == "Sở Nội vụ"


def test_the_same_file_twice_adds_nothing(database: Database) -> None:
    observation = visit("2019-11-19 02:00", post(1), post(2))
    assert take(database, observation, observation) == [IngestResult(2, 0), IngestResult(0, 2)]
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(ObservationRow)) == 1


def test_a_second_visit_adds_only_what_is_new(database: Database) -> None:
    results = take(database, visit("2019-11-18 02:00", post(1)), visit("2019-11-19 02:00", post(1), post(2)))
    assert results == [IngestResult(1, 0), IngestResult(1, 1)]


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.COMPLETE])
def test_a_visit_that_met_trouble_removes_nothing(database: Database, outcome: Outcome) -> None:
    take(database, visit("2019-11-18 02:00", post(1, published="2019-11-03")))
    with database.session() as session:
        before = snapshot(session)
    take(database, visit("2019-11-19 02:00", outcome=outcome))
    with database.session() as session:
        assert snapshot(session) == before


def test_a_visit_that_saw_less_erases_nothing(database: Database) -> None:
    full = post(
        1,
        title="Lịch tiếp công dân tháng 11 của Giám đốc Sở",
        published="2019-11-03T14:45:00+07:00",
        published_from=OWN,
        modified="2019-11-04",
        body="Thời gian: 8 giờ",
        opened=True,
        commune="Đức Mạnh",
        placements=(Placement(f"{SITE}/tin/1", f"{SITE}/lich", "Lịch"),),
        attachments=(Attachment(f"{SITE}/lich.pdf", "pdf", text=True),),
    )
    take(database, visit("2019-11-18 02:00", full))
    with database.session() as session:
        [before] = snapshot(session, "last_seen", "last_observation")
    poor = post(1, title="Lịch tiếp công dân tháng 11 của…", attachments=(Attachment(f"{SITE}/lich.pdf"),))
    take(database, visit("2019-11-19 02:00", poor))
    with database.session() as session:
        [after] = snapshot(session, "last_seen", "last_observation")
    assert after == before
    assert item(database).last_seen == visit("2019-11-19 02:00").started


LATER_DATE = "2019-11-05"


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        pytest.param((None, None), ("2019-11-03", LISTED), "2019-11-03", id="a date beats none"),
        pytest.param(("2019-11-03", LISTED), (None, None), "2019-11-03", id="none never erases"),
        pytest.param(
            ("2019-11-03T14:45:00+07:00", LISTED), ("2019-11-03", OWN), "2019-11-03T14:45:00+07:00",
            id="a time beats the same day",
        ),
        pytest.param(
            ("2019-11-03", OWN), ("2019-11-03T14:45:00+07:00", LISTED), "2019-11-03T14:45:00+07:00",
            id="a time is added to the same day",
        ),
        pytest.param(("2019-11-03T14:45:00+07:00", LISTED), (LATER_DATE, OWN), LATER_DATE, id="own page corrects"),
        pytest.param(("2019-11-03", OWN), (LATER_DATE, LISTED), "2019-11-03", id="listing never corrects the page"),
        pytest.param(("2019-11-03", OWN), (LATER_DATE, OWN), LATER_DATE, id="the later of two pages"),
        pytest.param(("2019-11-03", LISTED), (LATER_DATE, LISTED), LATER_DATE, id="the later of two listings"),
        pytest.param(("2019-11-03", "feed: x"), (LATER_DATE, LISTED), LATER_DATE, id="a feed is a listing"),
    ],
)  # fmt: skip
def test_which_date_is_kept(
    database: Database, first: tuple[str | None, str | None], second: tuple[str | None, str | None], kept: str
) -> None:
    facts = [{"published": published, "published_from": place} for published, place in (first, second)]
    take(database, visit("2019-11-18 02:00", post(1, **facts[0])), visit("2019-11-19 02:00", post(1, **facts[1])))
    assert item(database).published == kept
    assert item(database).published_day == date.fromisoformat(kept[:10])


def test_what_a_file_says_is_kept_and_decides_where_the_post_says_little(database: Database) -> None:
    asked: list[tuple[str | None, str | None]] = []

    def decide(
        _title: str, _section: str | None, body: str | None, _published: date | None, document: str | None
    ) -> Decision:
        asked.append((body, document))
        return Decision(None, 0.5, ("title: no cue",))

    classifier = Classifier(decide, "listening")
    file = Attachment(f"{SITE}/tb.pdf", "pdf", text=True)
    say = "Tiếp công dân ngày 15"
    take(
        database,
        visit("2019-11-19 02:00", post(1, body="Xem tệp", document=say, attachments=(file,))),
        classifier=classifier,
    )
    take(database, visit("2019-11-20 02:00", post(1, attachments=(replace(file, text=None),))), classifier=classifier)
    take(database, visit("2019-11-21 02:00", post(2, body="Thời gian " * 30, document=say)), classifier=classifier)
    with database.session() as session:
        first = session.scalars(select(ItemRow).where(ItemRow.url == f"{SITE}/tin/1")).one()
    assert (first.document, first.attachments[0]["text"]) == (say, True)
    assert asked[0] == ("Xem tệp", say)
    assert asked[-1] == ("Thời gian " * 30, None)


def test_an_older_visit_read_in_late_changes_only_the_first_sight(database: Database) -> None:
    newer, older = visit("2019-11-19 02:00", post(1)), visit("2019-11-10 02:00", post(1, title="Lịch cũ"))
    take(database, newer, older)
    stored = item(database)
    assert stored.title == "Lịch tiếp công dân tháng 11"
    assert (stored.first_seen, stored.last_seen) == (older.started, newer.started)


@pytest.mark.parametrize(
    ("published", "day"),
    [
        ("2019-11-18T23:50:00+07:00", date(2019, 11, 18)),
        ("2019-11-18T17:10:00+00:00", date(2019, 11, 19)),
        ("2019-11-19T00:10:00+07:00", date(2019, 11, 19)),
        ("2019-11-18", date(2019, 11, 18)),
    ],
)
def test_a_day_is_a_day_of_the_province(database: Database, published: str, day: date) -> None:
    take(database, visit("2019-11-19 02:00", post(1, published=published)))
    assert item(database).published_day == day


@pytest.mark.parametrize("published", ["2019-11-03T14:45:00", "03/11/2019", "", "2019-02-30", "today"])
def test_a_date_of_another_form_is_refused_whole(database: Database, published: str) -> None:
    with pytest.raises(InputError, match=r"so-noi-vu .*http://snv.daknong.gov.vn/tin/2.*crawl again"):
        take(database, visit("2019-11-19 02:00", post(1), post(2, published=published)))
    with database.session() as session:
        assert snapshot(session) == []


def test_a_unit_nobody_named_is_refused(database: Database) -> None:
    with pytest.raises(InputError, match="so-la"):
        take(database, visit("2019-11-19 02:00", unit="so-la"))


def test_units_have_their_addresses_to_themselves(database: Database) -> None:
    take(database, visit("2019-11-19 02:00", post(1)), visit("2019-11-19 02:10", post(1), unit="dak-mil"))
    with database.session() as session:
        assert [row["unit"] for row in snapshot(session)] == ["dak-mil", "so-noi-vu"]


def test_a_renamed_unit_is_known_by_its_new_name(database: Database) -> None:
    take(database, visit("2019-11-18 02:00"))
    renamed = replace(JURISDICTION.units[0], name="Sở Nội vụ tỉnh")
    with database.transaction() as session:
        ingest(session, replace(JURISDICTION, units=(renamed,)), visit("2019-11-19 02:00"), classifier=CLASSIFIER)
        assert session.get_one(UnitRow, "so-noi-vu").name == "Sở Nội vụ tỉnh"


class TestAddresses:
    def test_found_under_another_address_it_is_the_same_item(self, database: Database) -> None:
        other = post(2).url
        results = take(
            database, visit("2019-11-18 02:00", post(1, also_at=(other,))), visit("2019-11-19 02:00", post(2))
        )
        assert results[1] == IngestResult(0, 1)
        assert item(database).url == post(1).url

    def test_an_alias_learnt_late_makes_two_items_one(self, database: Database) -> None:
        take(
            database,
            visit("2019-11-17 02:00", post(2, published="2019-11-03", placements=(Placement("u", "l", "Lịch"),))),
            visit("2019-11-18 02:00", post(1, body="Thời gian", opened=True)),
            visit("2019-11-19 02:00", post(1, also_at=(post(2).url,))),
        )
        with database.session() as session:
            [row] = snapshot(session)
        assert row["url"] == post(2).url
        assert (row["published"], row["body"], row["opened"]) == ("2019-11-03", "Thời gian", True)
        assert row["addresses"] == [post(1).url, post(2).url]
        assert row["placements"] == [("u", "l", "Lịch", None)]

    def test_two_items_of_one_visit_may_turn_out_to_be_one(self, database: Database) -> None:
        tied = post(3, also_at=(post(1).url, post(2).url))
        assert take(database, visit("2019-11-19 02:00", post(1), post(2), tied)) == [IngestResult(2, 1)]
        assert item(database).url == post(1).url

    def test_many_addresses(self, database: Database) -> None:
        items = [post(number) for number in range(2500)]
        again = visit("2019-11-19 02:00", *items)
        assert take(database, visit("2019-11-18 02:00", *items), again)[1] == IngestResult(0, 2500)


class TestClassification:
    @staticmethod
    def recorded(calls: list[tuple[Any, ...]]) -> Callable[..., Decision]:
        def decide(*facts: Any) -> Decision:
            calls.append(facts)
            return Decision(Category.RULES, 0.7, ("title: nội quy", "section: Nội quy"))

        return decide

    def test_is_told_the_most_specific_section(self, database: Database) -> None:
        places = (
            Placement("u", "http://l/1", "Tiếp công dân và giải quyết đơn thư khiếu nại"),
            Placement("u", "http://l/2", "Lịch", Category.SCHEDULE),
            Placement("u", "http://l/3", "Lịch tiếp dân", Category.SCHEDULE),
        )
        calls: list[tuple[Any, ...]] = []
        seen = post(1, title="Thông báo", body="Giám đốc tiếp", published="2019-11-03", placements=places)
        take(database, visit("2019-11-19 02:00", seen), classifier=Classifier(self.recorded(calls), "1"))
        assert calls == [("Thông báo", "Lịch tiếp dân", "Giám đốc tiếp", date(2019, 11, 3), None)]
        stored = item(database)
        assert (stored.category, stored.confidence) == (Category.RULES, 0.7)
        assert stored.why == ["title: nội quy", "section: Nội quy"]

    def test_a_new_version_decides_the_unit_s_items_again(self, database: Database) -> None:
        take(database, visit("2019-11-18 02:00", post(1)), visit("2019-11-18 03:00", post(2), unit="dak-mil"))
        take(database, visit("2019-11-19 02:00"), classifier=Classifier(self.recorded([]), "2"))
        with database.session() as session:
            decided = [(row["unit"], row["category"], row["classifier"]) for row in snapshot(session)]
        assert decided == [("dak-mil", Category.SCHEDULE, "test"), ("so-noi-vu", Category.RULES, "2")]

    def test_the_product_s_own_rules_are_the_default(self) -> None:
        from auditor import classify

        assert Classifier() == Classifier(classify.classify, classify.VERSION)


URLS = [f"{SITE}/tin/{number}" for number in range(4)]
ITEMS = st.builds(
    SeenItem,
    url=st.sampled_from(URLS),
    title=st.sampled_from(["Lịch tiếp công dân tháng 11", "Báo cáo quý IV", "Thông báo", ""]),
    published=st.sampled_from([None, "2019-11-03", "2019-11-03T14:45:00+07:00", "2019-11-18T23:50:00+07:00"]),
    published_from=st.sampled_from([None, LISTED, OWN]),
    body=st.sampled_from(["", "Nội dung"]),
    opened=st.booleans(),
    standing=st.booleans(),
    commune=st.sampled_from([None, "Đức Mạnh"]),
    placements=st.lists(
        st.builds(Placement, st.sampled_from(URLS), st.just("http://l"), st.sampled_from(["Lịch", "Báo cáo"])),
        max_size=2,
    ).map(tuple),
    also_at=st.lists(st.sampled_from(URLS), max_size=2).map(tuple),
    attachments=st.lists(st.builds(Attachment, st.sampled_from(URLS), text=st.none() | st.booleans()), max_size=2).map(
        tuple
    ),
)
NIGHTS = st.lists(
    st.builds(
        lambda night, items, outcome: visit(f"2019-11-{night:02d} 02:00", *items, outcome=outcome),
        st.integers(1, 28),
        st.lists(ITEMS, max_size=4),
        st.sampled_from([Outcome.COMPLETE, Outcome.PARTIAL, Outcome.UNREACHABLE]),
    ),
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(nights=NIGHTS)
def test_any_sequence_of_visits_read_twice_gives_the_same_rows(nights: list[Observation]) -> None:
    with TemporaryDirectory() as folder, Database.open(f"sqlite:///{Path(folder) / 'a.db'}") as database:
        take(database, *nights)
        with database.session() as session:
            once = snapshot(session)
        again = take(database, *nights)
        with database.session() as session:
            assert snapshot(session) == once
            _holds_together(session, nights)
        assert all(result.new == 0 for result in again)


def _holds_together(session: Any, nights: list[Observation]) -> None:
    """Every address seen leads to one item, every item to what was seen of it."""
    addresses = dict(session.execute(select(AddressRow.url, AddressRow.item)).all())
    seen = [item for night in nights for item in night.items]
    assert set(addresses) == {url for item in seen for url in (item.url, *item.also_at)}
    assert set(addresses.values()) == set(session.scalars(select(ItemRow.id)))
    dated = {addresses[item.url] for item in seen if item.published}
    assert dated == set(session.scalars(select(ItemRow.id).where(ItemRow.published_day.is_not(None))))
    places = {(addresses[item.url], place.url, place.label) for item in seen for place in item.placements}
    rows = session.execute(select(PlacementRow.item, PlacementRow.url, PlacementRow.label))
    assert {tuple(row) for row in rows} == places
