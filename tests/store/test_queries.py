from collections.abc import Iterable
from datetime import date

from store_world import CLASSIFIER, JURISDICTION, SITE, at, post, visit

from auditor.categories import Category
from auditor.observation import Observation
from auditor.outcomes import Cause, Outcome
from auditor.store.database import Database
from auditor.store.ingest import ingest
from auditor.store.queries import items_of_days, latest_sections, latest_visits, visits_since

LOST = {"outcome": Outcome.UNREACHABLE, "cause": Cause.TIMEOUT, "detail": "no answer in 30 s", "requests": 4}


def fill(database: Database, observations: Iterable[Observation]) -> None:
    with database.transaction() as session:
        for observation in observations:
            ingest(session, JURISDICTION, observation, classifier=CLASSIFIER)


def test_visits_are_told_per_unit_oldest_first(database: Database) -> None:
    fill(
        database,
        [
            visit("2019-11-19 02:00", **LOST),
            visit("2019-11-18 02:00", post(1)),
            visit("2019-11-18 01:00", unit="dak-mil"),
            visit("2019-11-17 23:59"),
        ],
    )
    with database.session() as session:
        found = visits_since(session, at("2019-11-18 00:00"))
    assert {unit: [visit.started for visit in visits] for unit, visits in found.items()} == {
        "so-noi-vu": [at("2019-11-18 02:00"), at("2019-11-19 02:00")],
        "dak-mil": [at("2019-11-18 01:00")],
    }
    first, last = found["so-noi-vu"]
    assert (first.outcome, first.items, first.first_day) == (Outcome.COMPLETE, 1, date(2019, 10, 19))
    assert (last.outcome, last.cause, last.detail, last.requests) == (
        Outcome.UNREACHABLE,
        Cause.TIMEOUT,
        "no answer in 30 s",
        4,
    )


def test_the_latest_visit_and_the_latest_complete_one(database: Database) -> None:
    fill(
        database,
        [
            visit("2019-11-19 02:00", **LOST),
            visit("2019-11-18 02:00"),
            visit("2019-11-17 02:00", unit="dak-mil", **LOST),
        ],
    )
    with database.session() as session:
        latest, complete = latest_visits(session), latest_visits(session, complete=True)
    assert {unit: visit.outcome for unit, visit in latest.items()} == {
        "so-noi-vu": Outcome.UNREACHABLE,
        "dak-mil": Outcome.UNREACHABLE,
    }
    assert {unit: visit.started for unit, visit in complete.items()} == {"so-noi-vu": at("2019-11-18 02:00")}


def test_sections_are_those_of_the_last_complete_visit_that_found_any(database: Database) -> None:
    old, good, part = ({Category.SCHEDULE: f"{SITE}/{name}"} for name in ("old", "good", "part"))
    fill(
        database,
        [
            visit("2019-11-16 02:00", sections=old),
            visit("2019-11-17 02:00", sections={Category.REPORTS: f"{SITE}/bc", **good}),
            visit("2019-11-18 02:00", sections=part, outcome=Outcome.PARTIAL),
            visit("2019-11-19 02:00"),
            visit("2019-11-18 02:00", unit="dak-mil", sections=part, outcome=Outcome.PARTIAL),
        ],
    )
    with database.session() as session:
        found = latest_sections(session)
    assert found == {"so-noi-vu": {**good, Category.REPORTS: f"{SITE}/bc"}, "dak-mil": part}
    assert list(found["so-noi-vu"]) == [Category.SCHEDULE, Category.REPORTS]


def test_items_of_some_days_and_the_undated_seen_since(database: Database) -> None:
    fill(
        database,
        [
            visit("2019-10-18 02:00", post(1)),
            visit("2019-11-18 02:00", post(2), post(3, published="2019-10-18"), post(4, published="2019-10-19")),
            visit("2019-11-18 02:00", post(5, published="2019-11-18T23:50:00+07:00"), unit="dak-mil"),
        ],
    )
    since = at("2019-10-19 00:00")
    with database.session() as session:
        found = items_of_days(session, date(2019, 10, 19), date(2019, 11, 18), undated_since=since)
        one = items_of_days(session, date(2019, 10, 19), date(2019, 11, 18), undated_since=since, unit="dak-mil")
    urls = {unit: [item.url for item in items] for unit, items in found.items()}
    assert urls == {"so-noi-vu": [post(2).url, post(4).url], "dak-mil": [post(5).url]}
    assert list(one) == ["dak-mil"]
