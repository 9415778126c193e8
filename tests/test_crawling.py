import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from auditor import crawling, operations
from auditor.context import Context, InterruptedCrawlError
from auditor.crawl import lock
from auditor.errors import InputError
from auditor.observation import Observation
from auditor.outcomes import Cause, Outcome
from auditor.window import Month
from tests.installation import NOVEMBER, THE_DAY_AFTER, Noted, context, stored


def observation(unit: str) -> Observation:
    return Observation(
        unit=unit,
        started=THE_DAY_AFTER,
        finished=THE_DAY_AFTER,
        first_day=date(2019, 9, 19),
        outcome=Outcome.COMPLETE,
    )


def leave_behind(run: Context, unit: str, content: str) -> Path:
    file = run.data.work / "20191118-010000-1" / "0001" / f"{unit}.json"
    file.parent.mkdir(parents=True)
    file.write_text(content, "utf-8")
    return file


def test_a_crawl_stores_every_unit_and_says_how_it_gets_on(tmp_path: Path) -> None:
    run = context(tmp_path, "good-a", "crash-b", "good-c")
    result = crawling.crawl(run)
    assert result.outcomes == {Outcome.COMPLETE: 2, Outcome.FAILED: 1}
    assert not result.observed
    assert {row.unit: row.cause for row in stored(run)} == {"good-a": None, "good-c": None, "crash-b": Cause.CRASHED}
    progress = run.progress
    assert isinstance(progress, Noted)
    assert (progress.notes[0], progress.notes[-1]) == ("begin 3", "end")
    assert sorted(progress.notes[1:-1]) == ["crash-b", "good-a", "good-c"]


def test_observations_are_kept_where_the_database_says(tmp_path: Path) -> None:
    run = context(tmp_path, "good-a", "silent-b")
    crawling.crawl(run)
    for row in stored(run):
        kept = Observation.read(run.data.root / row.source)
        assert (kept.unit, kept.started, kept.outcome) == (row.unit, row.started, row.outcome)
        local = row.started.astimezone(run.jurisdiction.timezone)
        assert row.source.startswith(f"observations/{local:%Y-%m-%d}/{row.unit}-{local:%H%M%S}")
    assert list(run.data.work.iterdir()) == []


def test_two_visits_of_one_second_are_both_kept(tmp_path: Path) -> None:
    run = context(tmp_path, "good-a")
    seen = observation("good-a")
    for requests in (1, 2, 3):
        file = replace(seen, requests=requests).write(tmp_path / "good-a.json")
        run.data.keep(file, run.data.source(seen, run.jurisdiction.timezone))
    kept = sorted((run.data.root / "observations" / "2019-11-19").iterdir())
    assert [file.name for file in kept] == [f"good-a-013000{more}.json" for more in ("-2", "-3", "")]
    assert sorted(Observation.read(file).requests for file in kept) == [1, 2, 3]


def test_a_crawl_reads_the_three_windows_before_as_well(tmp_path: Path) -> None:
    run = context(tmp_path, "good-a")
    crawling.crawl(run)
    crawling.crawl(run, month=NOVEMBER)
    assert [row.first_day for row in stored(run)] == [date(2019, 8, 19), date(2019, 7, 19)]


def test_runs_are_recorded_whole_ones_apart_from_single_units(tmp_path: Path) -> None:
    run = context(tmp_path, "good-a", "good-b")
    crawling.crawl(run, month=NOVEMBER)
    later = replace(run, now=lambda: THE_DAY_AFTER + timedelta(hours=1))
    crawling.crawl(later, ["good-b"])
    whole, single = operations.latest_run(later, "crawl"), operations.latest_run(later, "audit")
    assert whole
    assert single
    assert (whole.month, whole.finished, whole.outcomes) == (NOVEMBER, THE_DAY_AFTER, {Outcome.COMPLETE: 2})
    assert single.outcomes == {Outcome.COMPLETE: 1}


def test_a_unit_named_twice_is_visited_once(tmp_path: Path) -> None:
    result = crawling.crawl(context(tmp_path, "good-a"), ["good-a", "good-a"])
    assert len(result.visits) == 1


def test_what_cannot_be_stored_fails_its_unit_only(tmp_path: Path) -> None:
    run = context(tmp_path, "baddate-a", "good-b")
    outcomes = {visited.unit.key: visited.cause for visited in crawling.crawl(run).visits}
    assert outcomes == {"baddate-a": Cause.CRASHED, "good-b": None}
    assert len(list((run.data.root / "damaged").iterdir())) == 1


def test_what_a_killed_crawl_had_finished_is_stored_by_the_next(tmp_path: Path) -> None:
    run = context(tmp_path, "good-a", "good-b")
    leave_behind(run, "good-a", observation("good-a").to_json())
    crawling.crawl(run, ["good-b"])
    left, new = stored(run)
    assert (left.unit, left.run, left.source) == ("good-a", None, "observations/2019-11-19/good-a-013000.json")
    assert (run.data.root / left.source).exists()
    assert (new.unit, new.run is None) == ("good-b", False)


def test_a_crash_between_database_and_archive_stores_nothing_twice(tmp_path: Path) -> None:
    run = context(tmp_path, "good-a")
    crawling.crawl(run)
    (row,) = stored(run)
    archived = run.data.root / row.source
    again = leave_behind(run, "good-a", "")
    shutil.move(archived, again)
    crawling.crawl(run)
    assert len(stored(run)) == 2, "the first visit and the second"
    assert archived.exists()


@pytest.mark.parametrize("content", ["{", observation("so-ai-biet").to_json()])
def test_a_damaged_leftover_is_kept_aside_and_stops_nothing(tmp_path: Path, content: str) -> None:
    run = context(tmp_path, "good-a")
    leave_behind(run, "so-ai-biet", content)
    assert crawling.crawl(run).observed
    (kept,) = (run.data.root / "damaged").iterdir()
    assert kept.read_text("utf-8") == content


def test_a_stopped_crawl_keeps_what_was_finished_and_counts_as_cut_off(tmp_path: Path) -> None:
    run = context(tmp_path, "good-a", "hang-b")
    assert isinstance(run.progress, Noted)
    run.progress.on_visit = run.stop.set
    with pytest.raises(InterruptedCrawlError, match="1 of 2 units were visited and stored"):
        crawling.crawl(run)
    assert [row.unit for row in stored(run)] == ["good-a"]
    last = operations.latest_run(run, "crawl")
    assert last
    assert last.finished is None
    assert lock.holder(run.data.lock) is None


def test_two_crawls_of_one_data_folder_do_not_meet(tmp_path: Path) -> None:
    run = context(tmp_path, "good-a")
    with lock.hold(run.data.lock, "crawl", THE_DAY_AFTER), pytest.raises(lock.BusyError, match="'crawl' has been"):
        crawling.crawl(run)


@pytest.mark.parametrize(
    ("keys", "month", "message"),
    [
        (["good-x"], None, r"there is no unit 'good-x'.* 'good-a'"),
        ([], Month(2020, 2), r"2020-02 has not begun: it counts from 2020-01-19; the open month is 2019-12"),
    ],
)
def test_wrong_wishes_are_refused_before_anything_is_made(
    tmp_path: Path, keys: list[str], month: Month | None, message: str
) -> None:
    run = context(tmp_path, "good-a")
    with pytest.raises(InputError, match=message):
        crawling.crawl(run, keys, month)
    assert not run.data.root.exists()


def test_units_that_ended_before_the_month_are_not_visited(tmp_path: Path) -> None:
    run = context(tmp_path, "good-a", "good-b")
    gone = replace(run.jurisdiction.units[0], valid_to=date(2019, 6, 30))
    here = replace(run, jurisdiction=replace(run.jurisdiction, units=(gone, run.jurisdiction.units[1])))
    assert [visited.unit.key for visited in crawling.crawl(here).visits] == ["good-b"]
    nobody = replace(run, jurisdiction=replace(run.jurisdiction, units=(gone,)))
    with pytest.raises(InputError, match="no unit exists in 2019-12: check valid_from"):
        crawling.crawl(nobody)
