"""A clock that was wrong and is put right: what was dated after the present holds nothing up, and proves nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from auditor import crawling, operations, schedule
from auditor.context import Context
from auditor.messages.matters import matters
from auditor.outcomes import Outcome, Verdict
from auditor.schedule import Plan
from auditor.store.absence import missing_posts
from auditor.store.database import Database
from auditor.store.landmarks import landmarks
from auditor.window import Month
from tests.installation import THE_DAY_AFTER, context

YEARS = timedelta(days=15 * 365)
DECEMBER = Month(2019, 12)
AFTER_DECEMBER = THE_DAY_AFTER + timedelta(days=30)


def at(run: Context, now: datetime) -> Context:
    return replace(run, now=lambda: now)


@pytest.fixture
def put_right(tmp_path: Path) -> Context:
    """An installation that worked a night on a clock fifteen years ahead, and knows better now."""
    run = context(tmp_path, "good-a")
    wrong = at(run, THE_DAY_AFTER + YEARS)
    schedule.catch_up(wrong, Plan.of(run.jurisdiction))
    return run


def test_a_night_of_the_future_is_no_reason_to_leave_this_one_out(put_right: Context) -> None:
    plan, now = Plan.of(put_right.jurisdiction), at(put_right, THE_DAY_AFTER + timedelta(hours=6))
    done = schedule.catch_up(now, plan)
    assert done.crawl
    assert done.report
    assert done.report.figures.month == Month(2019, 11)
    assert schedule.catch_up(now, plan) == schedule.Done(None, None)


def test_a_visit_of_the_future_proves_nothing_of_the_days_between(put_right: Context) -> None:
    [unit] = operations.figures(at(put_right, AFTER_DECEMBER), DECEMBER).units
    assert unit.verdict is Verdict.NOT_OBSERVABLE
    crawling.crawl(at(put_right, AFTER_DECEMBER), month=DECEMBER)
    [unit] = operations.figures(at(put_right, AFTER_DECEMBER), DECEMBER).units
    assert unit.verdict is Verdict.NOT_PUBLISHED
    assert unit.proof
    assert unit.proof.year == 2019


def test_the_last_visit_is_the_last_of_the_past(put_right: Context) -> None:
    now = at(put_right, AFTER_DECEMBER)
    assert [seen.visit for seen in operations.last_seen(now)] == [None]
    assert any(each.key == "night" for each in matters(now)), "no night came to its end yet"
    crawling.crawl(now)
    [seen] = operations.last_seen(now)
    assert seen.visit
    assert (seen.visit.outcome, seen.visit.started.year) == (Outcome.COMPLETE, 2019)


def test_looks_and_missing_posts_are_of_the_past(put_right: Context) -> None:
    with Database.open(put_right.database) as database, database.session() as session:
        assert landmarks(session, ["good-a"], THE_DAY_AFTER) == {}
        assert missing_posts(session, ["good-a"], put_right.jurisdiction.timezone, THE_DAY_AFTER) == {}


def test_a_clock_that_goes_back_within_a_night_stores_every_visit(tmp_path: Path) -> None:
    run = context(tmp_path, "good-a")
    for minutes in (0, -30, -30, 5):
        crawling.crawl(at(run, THE_DAY_AFTER + timedelta(minutes=minutes)))
    files = {file.name for file in run.data.root.glob("observations/*/*.json")}
    assert len(files) == 4, "no file takes the place of another"
    [unit] = operations.figures(at(run, AFTER_DECEMBER), Month(2019, 11)).units
    assert unit.verdict is Verdict.NOT_PUBLISHED
