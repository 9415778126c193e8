"""Thirty-one nights and the report, and whatever goes wrong in a month: done once each, and told as expected."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from auditor.demo.content import TIMEZONE
from auditor.demo.province import EXPECTED
from auditor.store.database import Database
from auditor.store.models import ObservationRow, RunRow
from auditor.window import Month as ReportMonth
from tests.simulation.month import MOVED, UNITS, Month, at
from tests.simulation.province import living
from tests.simulation.service import told

NOVEMBER = ReportMonth(2019, 11)
MESSAGES = Path(__file__).with_name("messages.txt")
ASLEEP = {24, 25}
"""Days of October on which the machine slept."""

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    """The whole month, lived once."""
    with living(UNITS) as province:
        lived = Month.begin(tmp_path_factory.mktemp("month"), province)
        lived.run()
    return lived


def runs(month: Month, kind: str) -> list[RunRow]:
    with Database.open(f"sqlite:///{month.folder / 'data' / 'auditor.db'}") as database, database.session() as session:
        return list(session.scalars(select(RunRow).where(RunRow.kind == kind).order_by(RunRow.id)))


def day(moment: datetime) -> tuple[int, int]:
    there = moment.astimezone(TIMEZONE)
    return there.month, there.day


def test_each_night_is_crawled_to_its_end_once(month: Month) -> None:
    finished = Counter(day(run.started) for run in runs(month, "crawl") if run.finished)
    nights = {(10, number) for number in range(19, 32) if number not in ASLEEP} | {(11, n) for n in range(1, 20)}
    assert finished == Counter(nights)


def test_what_was_killed_is_made_up_for(month: Month) -> None:
    cut = [day(run.started) for run in runs(month, "crawl") if not run.finished]
    assert cut == [(10, 29)], "the night without room had none for a run"
    assert "disk" in month.said_without_room


def test_the_report_is_written_once_on_the_morning_after_the_cutoff(month: Month) -> None:
    written = [(str(run.month), run.started.astimezone(TIMEZONE)) for run in runs(month, "monthly-report")]
    assert [name for name, _ in written] == ["2019-10", "2019-11"], "October's was due when the service was installed"
    assert at(11, 19, 6) <= written[1][1] < at(11, 19, 6, 5)


def test_the_report_is_right(month: Month) -> None:
    report: dict[str, Any] = json.loads((month.folder / "data" / "reports" / "2019-11.json").read_text("utf-8"))
    counts = {unit["key"]: unit["count"] for unit in report["units"]}
    assert counts == {key: EXPECTED.units[key][NOVEMBER] for key in UNITS}, f"{MOVED} moved in the midst of it"
    assert {unit["key"]: unit["verdict"] for unit in report["units"]} == {
        key: "published" if counts[key] else "not_published" for key in UNITS
    }
    assert [check["name"] for check in report["checks"] if not check["ok"]] == []


def test_everybody_was_told_what_is_expected_and_nothing_else(month: Month) -> None:
    assert told(month.folder) == MESSAGES.read_text("utf-8")
    assert month.service.faults == []


def test_the_process_holds_no_more_at_the_end_than_after_some_nights(month: Month) -> None:
    if not month.marks:
        pytest.skip("this system does not tell what a process holds")
    settled, end = month.marks[8], month.marks[-1]
    assert (end.files, end.children) == (settled.files, settled.children)
    assert end.memory < 1.2 * settled.memory


def test_no_visit_is_of_another_time(month: Month) -> None:
    with Database.open(f"sqlite:///{month.folder / 'data' / 'auditor.db'}") as database, database.session() as session:
        started = [row.started for row in session.scalars(select(ObservationRow))]
    assert at(10, 19) < min(started) < max(started) < at(11, 20)
    assert len(started) >= 29 * len(UNITS)
