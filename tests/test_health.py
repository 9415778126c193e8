import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from auditor import crawling, operations
from auditor.context import Context
from auditor.crawl import lock
from auditor.errors import InputError
from auditor.health import Health, Upcoming, as_json, as_metrics, health, serving
from auditor.store.database import Database
from auditor.store.runs import start_run
from tests.installation import THE_DAY_AFTER, context


@pytest.fixture
def run(tmp_path: Path) -> Context:
    """An installation after a crawl in which one portal could not be read."""
    made = context(tmp_path, "good-a", "crash-b")
    crawling.crawl(made)
    return made


def impatient(run: Context) -> Context:
    service = replace(run.jurisdiction.service, after_nights=1)
    return replace(run, jurisdiction=replace(run.jurisdiction, service=service))


def test_one_bad_night_needs_nobody(run: Context) -> None:
    found = health(run)
    assert found.ok
    assert found.units == {"complete": 1, "failed": 1}
    assert found.working is None
    assert [key for key, instant in found.last_complete.items() if instant] == ["good-a"]
    assert json.loads(as_json(found))["ok"] is True


def test_what_needs_a_person_has_a_cause_and_a_remedy(run: Context) -> None:
    (problem,) = health(impatient(run)).problems
    assert problem.about == "unit crash-b"
    assert "died" in problem.cause
    assert problem.remedy


def test_it_tells_every_unit_and_run_and_what_comes_next(run: Context) -> None:
    coming = Upcoming("2019-11-19T18:00:00+00:00", "2019-12-18T23:00:00+00:00", "2019-12")
    said = json.loads(as_json(health(run, coming)))
    assert [(each["unit"], each["outcome"], bool(each["remedy"])) for each in said["visits"]] == [
        ("good-a", "complete", False),
        ("crash-b", "failed", True),
    ]
    assert [(each["kind"], each["outcome"]) for each in said["runs"]] == [("crawl", "done")]
    assert said["upcoming"]["report_of"] == "2019-12"
    assert said["oldest_complete"] is None, "one was never read in full"


def test_a_run_that_fails_leaves_its_reason(run: Context) -> None:
    (run.data.root / "reports").write_text("in the way")
    with pytest.raises(InputError, match="reports"):
        operations.report(run, run.open_month, run.data.reports, ["json"])
    newest = health(run).runs[0]
    assert (newest.kind, newest.outcome, newest.finished) == ("report", "failed", None)
    assert "reports" in newest.detail


def test_a_crawl_that_shows_no_sign_of_life_needs_a_person(run: Context) -> None:
    with Database.open(run.database) as database, database.transaction() as session:
        start_run(session, "crawl", run.open_month, run.now())
    with lock.hold(run.data.lock, "crawl", run.now()):
        assert health(run).ok
        later = replace(run, now=lambda: THE_DAY_AFTER + timedelta(hours=4))
        (problem,) = health(later).problems
        assert (problem.about, str(os.getpid()) in problem.remedy) == ("hanging", True)
    assert health(later).ok, "it was killed: what was missed is another matter"


def test_a_crawl_going_on_is_told(run: Context) -> None:
    with lock.hold(run.data.lock, "crawl", run.now()):
        assert "'crawl' has been running" in str(health(run).working)


def test_metrics_are_what_prometheus_reads(run: Context) -> None:
    families = {each.name: each for each in text_string_to_metric_families(as_metrics(health(run)).decode())}
    assert {each.labels["outcome"]: each.value for each in families["auditor_units"].samples} == {
        "complete": 1,
        "failed": 1,
    }
    complete = {each.labels["unit"]: each.value for each in families["auditor_unit_complete_seconds"].samples}
    assert complete["good-a"] > complete["crash-b"] == 0
    assert families["auditor_heartbeat_seconds"].samples[0].value == THE_DAY_AFTER.timestamp()


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_it_answers_over_http(run: Context) -> None:
    answers: list[Callable[[], Context]] = [lambda: run, lambda: impatient(run)]
    for ask, status in zip(answers, (200, 503), strict=True):
        with serving("127.0.0.1", 0, lambda ask=ask: health(ask())) as port:
            code, text = get(port, "/health")
            assert (code, json.loads(text)["ok"]) == (status, status == 200)
            assert "auditor_problems" in get(port, "/metrics")[1]
            assert get(port, "/")[0] == 404


def test_a_broken_database_is_told(run: Context) -> None:
    broken = replace(run, database=f"sqlite:///{run.portals}")
    with serving("127.0.0.1", 0, lambda: health(broken)) as port:
        code, text = get(port, "/health")
    assert code == 503
    assert "portals.yaml" in json.loads(text)["error"]


def test_an_error_of_ours_is_an_answer_too(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> Health:
        raise OSError("no such disk")

    with serving("127.0.0.1", 0, fail) as port:
        code, text = get(port, "/health")
        assert (code, get(port, "/metrics")[0]) == (503, 503)
    assert "OSError" in json.loads(text)["error"]
    assert "no such disk" in caplog.text


def test_a_place_that_is_taken_is_told(run: Context) -> None:
    with (
        serving("127.0.0.1", 0, lambda: health(run)) as port,
        pytest.raises(InputError, match="choose another --health place"),
        serving("127.0.0.1", port, lambda: health(run)),
    ):
        pass
