import pytest
from sqlalchemy.exc import NoResultFound
from store_world import CLASSIFIER, JURISDICTION, at, post, visit

from auditor.outcomes import Outcome
from auditor.store.database import Database
from auditor.store.ingest import ingest
from auditor.store.runs import Run, RunOutcome, beat, end_run, finish_run, last_run, latest_runs, start_run
from auditor.window import Month


def test_a_run_tells_what_came_of_its_visits(database: Database) -> None:
    with database.transaction() as session:
        run = start_run(session, "crawl", Month(2019, 11), at("2019-11-19 02:00"))
        for number, outcome in enumerate([Outcome.COMPLETE, Outcome.COMPLETE, Outcome.BLOCKED]):
            observation = visit(f"2019-11-19 02:0{number}", post(1), outcome=outcome)
            ingest(session, JURISDICTION, observation, run=run, classifier=CLASSIFIER)
        finish_run(session, run, at("2019-11-19 02:30"))
    with database.session() as session:
        assert last_run(session) == Run(
            run,
            "crawl",
            Month(2019, 11),
            at("2019-11-19 02:00"),
            at("2019-11-19 02:30"),
            {Outcome.COMPLETE: 2, Outcome.BLOCKED: 1},
            heartbeat=at("2019-11-19 02:30"),
            outcome=RunOutcome.DONE,
        )


def test_a_run_shows_signs_of_life_and_why_it_failed(database: Database) -> None:
    with database.transaction() as session:
        run = start_run(session, "crawl", None, at("2019-11-19 02:00"))
        beat(session, run, at("2019-11-19 02:10"))
        [going_on] = latest_runs(session, 5)
        end_run(session, run, at("2019-11-19 02:20"), RunOutcome.FAILED, "OSError: no room")
        start_run(session, "report", None, at("2019-11-19 06:00"))
    assert (going_on.heartbeat, going_on.outcome) == (at("2019-11-19 02:10"), None)
    with database.session() as session:
        report, failed = latest_runs(session, 5)
    assert (report.kind, report.outcome) == ("report", None)
    assert (failed.finished, failed.outcome, failed.detail) == (None, RunOutcome.FAILED, "OSError: no room")


def test_the_last_run_is_the_one_that_began_last_of_its_kind(database: Database) -> None:
    with database.transaction() as session:
        assert last_run(session) is None
        crawl = start_run(session, "crawl", None, at("2019-11-19 02:00"))
        audit = start_run(session, "audit", None, at("2019-11-19 09:00"))
        start_run(session, "crawl", None, at("2019-11-18 02:00"))
        assert [found.id for kind in (None, "crawl") if (found := last_run(session, kind))] == [audit, crawl]
        assert last_run(session, "report") is None


def test_a_run_cut_off_has_no_end(database: Database) -> None:
    with database.transaction() as session:
        start_run(session, "crawl", None, at("2019-11-19 02:00"))
        found = last_run(session)
    assert found is not None
    assert found.finished is None


def test_an_unknown_run_cannot_end(database: Database) -> None:
    with database.transaction() as session, pytest.raises(NoResultFound):
        finish_run(session, 7, at("2019-11-19 02:00"))
