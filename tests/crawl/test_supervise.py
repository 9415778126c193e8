import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import ngrams
from auditor.crawl import supervise, worker
from auditor.crawl.folders import DataFolder
from auditor.crawl.supervise import Child, Job, Limits, RejectedError, Supervisor, batches
from auditor.errors import InputError
from auditor.observation import Observation
from auditor.outcomes import Cause, Outcome
from auditor.portals import Level, Unit

FAKE_WORKER = (sys.executable, str(Path(__file__).with_name("fake_worker.py")))
QUICK = Limits(processes=2, time_cap=timedelta(seconds=60), grace=timedelta(seconds=5), poll=0.02)
FIRST_DAY = date(2019, 9, 19)
GREED = 200_000_000
"""Bytes that a greedy unit takes, as the fake worker has it."""


def unit(key: str, host: str | None = None) -> Unit:
    return Unit(key=key, name=key, level=Level.DEPARTMENT, url=f"http://{host or key}.example.gov.vn/")


class Crawl:
    """A supervised crawl of the fake worker and what it delivered."""

    def __init__(self, root: Path, limits: Limits = QUICK) -> None:
        self.data = DataFolder(root)
        self.data.make()
        self.limits = limits
        self.stop = Event()
        self.delivered: dict[str, Observation] = {}
        self.on_delivery: Callable[[Observation], None] = lambda _: None

    def deliver(self, observation: Observation, file: Path) -> None:
        assert Observation.read(file) == observation, "the file holds what is delivered"
        assert observation.unit not in self.delivered, "every unit is delivered once"
        self.delivered[observation.unit] = observation
        self.on_delivery(observation)

    def run(self, *keys: str) -> dict[str, Observation]:
        job = Job(self.data.root / "portals.yaml", [unit(key) for key in keys], FIRST_DAY, "run", FAKE_WORKER)
        Supervisor(job, self.data, self.deliver, self.limits, self.stop).run()
        return self.delivered


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    return Crawl(tmp_path)


def wait_for(condition: Callable[[], bool]) -> None:
    """Returns when the condition holds; a test that waits in vain is ended by its time-out."""
    pause = Event()
    while not condition():
        pause.wait(0.02)


def alive(pid: int) -> bool:
    """Whether the process runs; one that is dead but not yet collected by its parent does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def pids(place: Path) -> list[int]:
    wait_for(place.exists)
    return [int(pid) for pid in place.read_text("utf-8").split()]


def test_every_unit_is_delivered_with_its_file(crawl: Crawl) -> None:
    keys = [f"good-{number}" for number in range(12)]
    assert sorted(crawl.run(*keys)) == sorted(keys)
    assert {observation.outcome for observation in crawl.delivered.values()} == {Outcome.COMPLETE}
    assert {observation.first_day for observation in crawl.delivered.values()} == {FIRST_DAY}


def test_a_system_without_process_groups_is_told_before_anything_starts(
    crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "_GROUPS", False)
    with pytest.raises(InputError, match="use WSL 2"):
        crawl.run("good-a")


def test_a_crash_is_named_and_costs_no_other_unit(crawl: Crawl) -> None:
    delivered = crawl.run("crash-a", "good-b", "good-c", "good-d")
    assert sorted(key for key, seen in delivered.items() if seen.outcome is Outcome.COMPLETE) == [
        "good-b",
        "good-c",
        "good-d",
    ]
    culprit = delivered["crash-a"]
    assert (culprit.outcome, culprit.cause) == (Outcome.FAILED, Cause.CRASHED)
    assert culprit.detail == "the worker was killed by signal 9: Segmentation [31mfault"


def test_a_unit_that_only_fails_in_company_is_saved_by_the_second_try(crawl: Crawl) -> None:
    delivered = crawl.run("flaky-a", "good-b")
    assert {key: seen.outcome for key, seen in delivered.items()} == {
        "flaky-a": Outcome.COMPLETE,
        "good-b": Outcome.COMPLETE,
    }


def test_a_worker_that_ends_well_without_writing_is_a_failure(crawl: Crawl) -> None:
    seen = crawl.run("silent-a")["silent-a"]
    assert (seen.cause, seen.detail) == (Cause.CRASHED, "the worker ended with status 0: reading silent-a")


@pytest.mark.parametrize("key", ["garbage-a", "stranger-a"])
def test_a_damaged_file_fails_its_unit_and_is_kept_aside(crawl: Crawl, key: str) -> None:
    delivered = crawl.run(key, "good-b")
    assert delivered["good-b"].outcome is Outcome.COMPLETE
    assert (delivered[key].outcome, delivered[key].cause) == (Outcome.FAILED, Cause.CRASHED)
    kept = crawl.data.root / delivered[key].detail.rpartition(" ")[2]
    assert kept.parent == crawl.data.root / "damaged"
    assert kept.read_text("utf-8").startswith("{")


@pytest.fixture
def time_is_up_for_hanging_units(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cap is reached when a child hangs, however long the machine takes to get there."""

    def hangs(child: Child, _: timedelta) -> bool:
        return any((child.folder.parents[2] / f"{key}.pids").exists() for key in child.waited)

    monkeypatch.setattr(Child, "over", hangs)


@pytest.mark.usefixtures("time_is_up_for_hanging_units")
@pytest.mark.parametrize("key", ["hang-a", "deaf-a"])
def test_a_hanging_child_is_ended_at_the_cap_with_its_offspring(tmp_path: Path, key: str) -> None:
    seen = Crawl(tmp_path, replace(QUICK, grace=timedelta(seconds=0.2))).run(key)[key]
    assert (seen.outcome, seen.cause) == (Outcome.FAILED, Cause.TIME_CAP)
    assert seen.detail.startswith("stopped after 0:01:00; the worker was killed by signal")
    wait_for(lambda: not any(alive(pid) for pid in pids(tmp_path / f"{key}.pids")))


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux tells what a process holds")
def test_who_takes_too_much_memory_is_ended_and_named_and_the_others_are_read(tmp_path: Path) -> None:
    delivered = Crawl(tmp_path, replace(QUICK, memory_cap=GREED)).run("good-a", "greedy-b", "good-c")
    seen = {key: (visit.outcome, visit.cause) for key, visit in delivered.items()}
    good = (Outcome.COMPLETE, None)
    assert seen == {"good-a": good, "greedy-b": (Outcome.FAILED, Cause.MEMORY_CAP), "good-c": good}
    assert "stopped at 200 MB of memory" in delivered["greedy-b"].detail


@pytest.mark.usefixtures("time_is_up_for_hanging_units")
def test_units_behind_a_hanging_one_are_read_in_processes_of_their_own(crawl: Crawl) -> None:
    delivered = crawl.run("hang-a", "good-b", "good-c")
    assert {key: seen.cause for key, seen in delivered.items()} == {
        "hang-a": Cause.TIME_CAP,
        "good-b": None,
        "good-c": None,
    }


def test_the_cap_is_a_time(tmp_path: Path) -> None:
    seen = Crawl(tmp_path, replace(QUICK, time_cap=timedelta(0))).run("hang-a")["hang-a"]
    assert seen.cause is Cause.TIME_CAP


def test_units_of_one_host_have_their_time_one_after_another(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    data.make()
    tenants = [unit("silent-a", "shared"), unit("silent-b", "shared"), unit("silent-c")]
    child = Child(Job(tmp_path, tenants, FIRST_DAY, "run", FAKE_WORKER), tenants, data, 1)
    child.end(60)
    assert child.turns == 2


def test_a_child_is_told_whose_judgement_holds(tmp_path: Path) -> None:
    (tmp_path / "portals.yaml").write_text(
        "jurisdiction: {name: tỉnh A, office: Văn phòng}\nperiod: {cutoff_day: 18}\n"
        "units: [{key: so-a, name: Sở A, level: department, url: 'http://a.example/'}]\n",
        "utf-8",
    )
    data = DataFolder(tmp_path / "data")
    data.make()
    weights = data.judge / "ngrams-0123456789ab.json"
    for name, told in (("one", weights), ("two", None)):
        job = Job(tmp_path / "portals.yaml", [unit("so-a")], FIRST_DAY, name, FAKE_WORKER, weights=told)
        Child(job, job.units, data, 1).end(60)
        assert worker.Job.read(data.work / name / "0001.job.json").weights == (told or ngrams.FILE)


def test_an_observation_that_cannot_be_stored_is_a_failure(crawl: Crawl) -> None:
    def reject(observation: Observation) -> None:
        if observation.outcome is Outcome.COMPLETE and observation.unit == "good-a":
            del crawl.delivered["good-a"]
            raise RejectedError("a date of no form")

    crawl.on_delivery = reject
    delivered = crawl.run("good-a", "good-b")
    assert {key: seen.cause for key, seen in delivered.items()} == {"good-a": Cause.CRASHED, "good-b": None}
    assert (crawl.data.root / "damaged" / "run-good-a.json").exists()


def test_a_stop_ends_children_and_keeps_what_was_finished(crawl: Crawl) -> None:
    crawl.on_delivery = lambda _: crawl.stop.set()
    delivered = crawl.run("good-a", "hang-b", "good-c")
    assert list(delivered) == ["good-a"]
    wait_for(lambda: not any(alive(pid) for pid in pids(crawl.data.root / "hang-b.pids")))


def test_a_failing_database_leaves_no_child_and_keeps_the_file(crawl: Crawl) -> None:
    hanging: list[int] = []

    def refuse(_: Observation) -> None:
        hanging.extend(pids(crawl.data.root / "hang-b.pids"))
        raise OSError("disk full")

    crawl.on_delivery = refuse
    with pytest.raises(OSError, match="disk full"):
        crawl.run("good-a", "hang-b")
    assert [file.name for file in crawl.data.leftovers()] == ["good-a.json"]
    assert hanging
    wait_for(lambda: not any(alive(pid) for pid in hanging))


PARENT = """
import sys
from datetime import timedelta
from pathlib import Path
from tests.crawl.test_supervise import Crawl
print("up", flush=True)
Crawl(Path(sys.argv[1])).run("good-a", "hang-b")
"""


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    project = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], cwd=project) as process:
        yield process
        process.kill()


def test_children_do_not_outlive_a_killed_parent(parent: subprocess.Popen[bytes], tmp_path: Path) -> None:
    child, _ = pids(tmp_path / "hang-b.pids")
    assert alive(child)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    wait_for(lambda: not alive(child))
    assert [file.name for file in DataFolder(tmp_path).leftovers()] == ["good-a.json"]


@given(st.lists(st.sampled_from("abcdefgh"), max_size=200), st.integers(1, 16))
def test_batches_hold_every_unit_once_and_never_part_a_host(hosts: list[str], processes: int) -> None:
    units = [unit(f"unit-{number}", host) for number, host in enumerate(hosts)]
    split = batches(units, processes)
    assert sorted(each.key for batch in split for each in batch) == sorted(each.key for each in units)
    assert all(split)
    homes = [{each.url for each in batch} for batch in split]
    assert len(set().union(*homes)) == sum(map(len, homes))


@pytest.mark.parametrize(
    ("units", "processes", "sizes"),
    [(26, 2, [13, 13]), (4, 8, [4]), (11, 8, [6, 5]), (120, 2, [40, 40, 40]), (1, 2, [1])],
)
def test_work_is_shared_among_processes(units: int, processes: int, sizes: list[int]) -> None:
    assert [len(batch) for batch in batches([unit(f"u-{n}") for n in range(units)], processes)] == sizes
