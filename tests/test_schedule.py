import logging
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from hypothesis import given
from hypothesis import strategies as st

from auditor import crawling, operations, schedule
from auditor.context import Context, InterruptedCrawlError
from auditor.crawl import lock
from auditor.errors import InputError
from auditor.schedule import Plan
from auditor.window import CutoffDay, Month
from tests.installation import context, portals

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PLAN = Plan(ZONE, 18)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2019, month, day, hour, minute, tzinfo=ZONE)


def scheduled(folder: Path, now: datetime, *keys: str) -> Context:
    return replace(context(folder, *(keys or ("good-a",))), now=lambda: now)


def later(run: Context, now: datetime) -> Context:
    return replace(run, now=lambda: now)


@pytest.mark.parametrize(
    ("now", "last", "following"),
    [
        (at(20, 0, 59), at(19, 1), at(20, 1)),
        (at(20, 1), at(20, 1), at(21, 1)),
        (at(30, 23), at(30, 1), at(1, 1, month=12)),
    ],
)
def test_a_crawl_is_due_every_night(now: datetime, last: datetime, following: datetime) -> None:
    assert (PLAN.last_crawl(now), PLAN.next_crawl(now)) == (last, following)
    assert PLAN.last_crawl(now.astimezone(UTC)) == last


@pytest.mark.parametrize(
    ("now", "cutoff", "month", "due"),
    [
        (at(19, 5, 59), 18, Month(2019, 10), at(19, 6, month=10)),
        (at(19, 6), 18, Month(2019, 11), at(19, 6)),
        (at(18, 23), 18, Month(2019, 10), at(19, 6, month=10)),
        (at(1, 6, month=12), "end", Month(2019, 11), at(1, 6, month=12)),
        (at(30, 23), 31, Month(2019, 10), at(1, 6)),
        (at(30, 12), 29, Month(2019, 11), at(30, 6)),
    ],
)
def test_a_report_is_due_the_morning_after_the_cutoff(
    now: datetime, cutoff: CutoffDay, month: Month, due: datetime
) -> None:
    plan = Plan(ZONE, cutoff)
    assert plan.last_reported(now) == month
    assert plan.report(month) == due


@given(
    st.integers(0, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.one_of(st.integers(1, 31), st.just("end")),
)
def test_now_always_lies_between_what_was_due_and_what_will_be(now: datetime, cutoff: CutoffDay) -> None:
    plan = Plan(ZONE, cutoff)
    assert plan.last_crawl(now) <= now < plan.next_crawl(now)
    month = plan.last_reported(now)
    assert plan.report(month) <= now < plan.report(month.following())


def test_a_report_before_the_crawl_it_needs_is_refused(tmp_path: Path) -> None:
    jurisdiction = context(tmp_path, "good-a").jurisdiction
    with pytest.raises(InputError, match=r"the report at 01:00 would not know the crawl at 01:00"):
        Plan.of(jurisdiction, time(1, 0), time(1, 0))


def test_a_night_is_crawled_once(tmp_path: Path) -> None:
    run = scheduled(tmp_path, at(20, 1, 10))
    assert schedule.crawl_if_due(run, PLAN)
    assert schedule.crawl_if_due(later(run, at(20, 12)), PLAN) is None
    assert schedule.crawl_if_due(later(run, at(21, 0, 59)), PLAN) is None
    assert schedule.crawl_if_due(later(run, at(21, 1)), PLAN)


def test_a_night_ends_by_dropping_what_evidence_is_over_its_limits(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run = scheduled(tmp_path, at(20, 1, 10))
    limited = replace(run.jurisdiction, service=replace(run.jurisdiction.service, evidence_days=400))
    old = run.data.evidence / "good-a" / "2018-01-01-010101.warc.gz"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"")
    with caplog.at_level(logging.INFO, "auditor.schedule"):
        assert schedule.crawl_if_due(replace(run, jurisdiction=limited), PLAN)
    assert not old.exists()
    old.write_bytes(b"")
    assert "dropped 1 evidence files that prove nothing" in caplog.text
    with lock.hold(run.data.lock, "another", at(20, 2)):
        schedule._keep_limits(replace(run, jurisdiction=limited))
    assert "evidence is over its limits, and stays" in caplog.text


def test_a_night_that_was_cut_off_is_made_up_for(tmp_path: Path) -> None:
    run = scheduled(tmp_path, at(20, 1, 10), "good-a", "hang-b")
    run.stop.set()
    with pytest.raises(InterruptedCrawlError):
        schedule.crawl_if_due(run, PLAN)
    run.stop.clear()
    healed = replace(later(run, at(20, 6)), jurisdiction=replace(run.jurisdiction, units=run.jurisdiction.units[:1]))
    assert schedule.crawl_if_due(healed, PLAN)


def test_single_units_do_not_make_a_night(tmp_path: Path) -> None:
    run = scheduled(tmp_path, at(20, 1, 10), "good-a", "good-b")
    crawling.crawl(run, ["good-a"])
    assert schedule.crawl_if_due(run, PLAN)


def test_what_was_not_read_is_visited_twice_more_and_what_was_is_not(tmp_path: Path) -> None:
    now = datetime.now(ZONE)  # of the fake worker's observations
    plan = replace(PLAN, crawl_at=now.time(), again_at=(now.time(), now.time()))
    run = scheduled(tmp_path, now, "good-a", "crash-b")
    schedule.crawl_if_due(run, plan)
    for _ in range(2):
        again = schedule.try_again(run, plan)
        assert again
        assert [visited.unit.key for visited in again.visits] == ["crash-b"]
    assert schedule.try_again(run, plan) is None
    last = operations.latest_run(run, "crawl")
    assert last
    assert sum(last.outcomes.values()) == 2, "an attempt is no crawl of its own"


def test_a_further_attempt_waits_for_its_time() -> None:
    plan = replace(PLAN, again_at=(time(3), time(4, 30)))
    moments = [at(20, 1), at(20, 2, 59), at(20, 3), at(20, 4, 30), at(20, 23), at(21, 0, 59), at(21, 1)]
    assert [plan.attempts(moment) for moment in moments] == [1, 1, 2, 3, 3, 3, 1]
    late = replace(PLAN, crawl_at=time(23), report_at=time(23, 30), again_at=(time(1), time(3)))
    assert [late.attempts(moment) for moment in (at(20, 23), at(21, 1), at(21, 3), at(21, 22))] == [1, 2, 3, 3]


def test_a_report_is_written_once_after_the_crawl_it_needs(tmp_path: Path) -> None:
    run = scheduled(tmp_path, at(19, 6))
    done = schedule.catch_up(run, PLAN)
    assert done.crawl
    assert done.report
    assert done.report.figures.month == Month(2019, 11)
    assert {file.parent for file in done.report.files} == {run.data.reports}
    again = schedule.catch_up(later(run, at(19, 12)), PLAN)
    assert again == schedule.Done(None, None)
    operations.report(later(run, at(20, 9)), Month(2019, 5), tmp_path, ["json"])
    assert schedule.report_if_due(later(run, at(20, 10)), PLAN) is None, "a report by hand changes nothing"


def test_a_crawl_that_fails_holds_the_report_back(tmp_path: Path) -> None:
    run = scheduled(tmp_path, at(19, 6))
    with lock.hold(run.data.lock, "crawl", at(19, 1)), pytest.raises(lock.BusyError):
        schedule.catch_up(run, PLAN)
    assert operations.latest_run(run, schedule.MONTHLY_REPORT) is None


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[BackgroundScheduler]:
    made = schedule.scheduler_for(scheduled(tmp_path, at(20, 12)), PLAN, {})
    made.start(paused=True)
    yield made
    made.shutdown()


def test_jobs_have_fixed_names_and_do_not_pile_up(scheduler: BackgroundScheduler) -> None:
    jobs = {job.id: job for job in scheduler.get_jobs()}
    assert sorted(jobs) == ["another-attempt-2", "another-attempt-3", "monthly-report", "nightly-crawl"]
    assert {(job.coalesce, job.max_instances) for job in jobs.values()} == {(True, 1)}
    assert {job.misfire_grace_time for job in jobs.values()} == {12 * 3600}


def test_jobs_keep_the_time_of_the_jurisdiction(scheduler: BackgroundScheduler) -> None:
    evening = datetime(2019, 11, 19, 17, 30, tzinfo=UTC)  # 00:30 of the 20th in Việt Nam
    crawl = scheduler.get_job("nightly-crawl").trigger.get_next_fire_time(None, evening)
    report = scheduler.get_job("monthly-report").trigger.get_next_fire_time(None, evening)
    assert at(20, 1) <= crawl <= at(20, 1, 30)
    assert report == at(20, 6)


def test_a_job_reads_portals_yaml_again(tmp_path: Path) -> None:
    run = scheduled(tmp_path, at(20, 1, 10), "good-a")
    portals(tmp_path, "good-a", "good-new")
    schedule._run(schedule.crawl_if_due, run, PLAN)
    last = operations.latest_run(run, "crawl")
    assert last
    assert sum(last.outcomes.values()) == 2


def event(code: int, error: Exception | None = None) -> JobExecutionEvent:
    return JobExecutionEvent(code, "nightly-crawl", "default", at(20, 1), exception=error)


def test_what_a_job_could_not_do_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    run = scheduled(tmp_path, at(20, 1))
    caplog.set_level(logging.INFO, "auditor.schedule")
    schedule._tell(run, event(EVENT_JOB_MISSED))
    schedule._tell(run, event(EVENT_JOB_ERROR, InputError("portals.yaml:3: no")))
    schedule._tell(run, event(EVENT_JOB_ERROR, ZeroDivisionError("inside")))
    missed, refused, broken = caplog.messages
    assert missed.startswith("nightly-crawl of 2019-11-20 01:00:00+07:00 was missed")
    assert refused == "nightly-crawl: portals.yaml:3: no"
    written = Path(broken.rpartition(" ")[2])
    assert "ZeroDivisionError: inside" in written.read_text("utf-8")
    assert "inside" not in broken


def test_serving_catches_up_and_shows_its_plan_until_it_is_stopped(tmp_path: Path) -> None:
    run = scheduled(tmp_path, at(19, 7))
    run.data.make()
    assert operations.latest_run(run, schedule.MONTHLY_REPORT) is None
    assert schedule.running_plan(run) is None
    plan = replace(PLAN, crawl_at=time(2, 30), again_at=run.jurisdiction.service.again_at)
    serving = Thread(target=schedule.serve, args=(run, plan))
    serving.start()
    while not (last := operations.latest_run(run, schedule.MONTHLY_REPORT)) or not last.finished:
        serving.join(0.05)
    assert schedule.running_plan(run) == plan
    run.stop.set()
    serving.join()
    assert schedule.running_plan(run) is None
    assert (run.data.reports / "2019-11.json").exists()


def test_two_schedulers_of_one_data_folder_do_not_meet(tmp_path: Path) -> None:
    run = scheduled(tmp_path, at(20, 12))
    run.stop.set()
    with (
        lock.hold(run.data.root / "schedule.lock", "schedule", at(19, 1)),
        pytest.raises(lock.BusyError, match="'schedule' has been running"),
    ):
        schedule.serve(run, PLAN)


def test_the_scheduler_never_loads_the_crawler() -> None:
    script = "import sys, auditor.cli.schedule; print({'scrapy', 'twisted'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
