"""The whole program against real local portals: commands as a user calls them, in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.crawl.evidence.files import Shelf
from auditor.crawl.evidence.manifest import all_files, digests
from auditor.crawl.evidence.verify import faults_of
from tests.spiders.lab import FIRST_DAY, Answer, Portal, Site, serving
from tests.spiders.test_portal import CHALLENGE, at, refused_url

ROOT = Path(__file__).parents[1]
MONTH = "2019-11"


class Office:
    """An installation of its own: a folder with a portals.yaml, and the command line."""

    def __init__(self, folder: Path, urls: dict[str, str]) -> None:
        self.folder = folder
        record = "  - {{key: {0}, name: Đơn vị {0}, level: department, url: '{1}', crawl: {{delay: 0, timeout: 3}}}}\n"
        units = "".join(record.format(key, url) for key, url in urls.items())
        head = "jurisdiction: {name: tỉnh Thử, office: Văn phòng UBND tỉnh Thử}\nperiod: {cutoff_day: 18}\nunits:\n"
        (folder / "portals.yaml").write_text(head + units, "utf-8")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "auditor", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def run(self, *arguments: str, status: int = 0) -> str:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=180)
        assert process.returncode == status, f"{arguments}: {process.returncode}\n{out[-1500:]}\n{err[-1500:]}"
        assert "Traceback" not in err
        return out

    def items(self, month: str = MONTH) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = json.loads(self.run("items", "--month", month, "--all", "--format", "json"))
        return [{**item, "first_seen": None, "evidence": None} for item in listed]


UNWELL: dict[str, tuple[Portal | None, str]] = {
    "refuses": (None, "unreachable"),
    "answers-500": (Portal(play=at("/", Answer("Internal Server Error", 500))), "unreachable"),
    "challenge": (Portal(play=at("/", Answer(CHALLENGE))), "blocked"),
    "section-gone": (Portal(play=at("/tiep-cong-dan/", Answer("", 301, {"Location": "/"}))), "section_not_found"),
    "page-lost": (
        Portal(newest=FIRST_DAY - timedelta(days=90), play=at("/lich/page-2/", Answer("error", 500))),
        "partial",
    ),
}


@pytest.fixture(scope="module")
def unwell(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Portals that cannot be read, visited once."""
    with serving({key: portal for key, (portal, _) in UNWELL.items() if portal}) as sites:
        urls = {key: site.url for key, site in sites.items()} | {"refuses": refused_url()}
        office = Office(tmp_path_factory.mktemp("unwell"), urls)
        office.run("crawl", "--month", MONTH, status=3)
    return office


@pytest.mark.parametrize(("key", "said"), [("refuses", "máy chủ từ chối kết nối"), ("page-lost", "CHƯA ĐỦ")])
def test_explain_tells_what_stood_in_the_way(unwell: Office, key: str, said: str) -> None:
    text = unwell.run("explain", key, "--month", MONTH, status=3)
    assert said in text
    assert "Cần làm" in text
    told = json.loads(unwell.run("explain", key, "--month", MONTH, "--format", "json", status=3))
    assert sum(told["answers"].values()) >= 1, "from the evidence"
    assert Path(unwell.folder / told["evidence"]).exists()


@pytest.mark.parametrize("key", UNWELL)
def test_what_cannot_be_read_is_never_said_to_have_published_nothing(key: str, unwell: Office) -> None:
    record = json.loads(unwell.run("audit", key, "--month", MONTH, "--no-crawl", "--format", "json", status=3))
    assert record["verdict"] == "not_observable"
    assert record["outcome"] == UNWELL[key][1]
    assert record["cause"]
    assert {each["verdict"] for each in record["categories"].values()} == {"not_observable"}


def test_report_names_them_apart(unwell: Office) -> None:
    unwell.run("report", "--month", MONTH, status=3)
    report = json.loads((unwell.folder / "data" / "reports" / f"{MONTH}.json").read_text("utf-8"))
    assert report["not_published"] == []
    assert {each["unit"]: each["outcome"] for each in report["not_observable"]} == {
        key: outcome for key, (_, outcome) in UNWELL.items()
    }
    assert all(check["ok"] for check in report["checks"])


@pytest.mark.parametrize("posts", [0, 6])
def test_complete_and_empty_for_the_window_is_not_published(posts: int, tmp_path: Path) -> None:
    portal = Portal(posts=posts, newest=FIRST_DAY - timedelta(days=200))
    with serving({"quiet": portal}) as sites:
        office = Office(tmp_path, {"quiet": sites["quiet"].url})
        record = json.loads(office.run("audit", "quiet", "--month", MONTH, "--format", "json"))
    assert record["verdict"] == "not_published"
    assert record["count"] == 0


def test_audit_prints_verdicts_and_items_with_their_links(tmp_path: Path) -> None:
    with serving({"so-noi-vu": Portal()}) as sites:
        office = Office(tmp_path, {"so-noi-vu": sites["so-noi-vu"].url})
        told = office.run("audit", "so-noi-vu", "--month", MONTH)
        record = json.loads(office.run("audit", "so-noi-vu", "--month", MONTH, "--no-crawl", "--format", "json"))
    assert record["verdict"] == "published"
    assert record["count"] == len(record["items"]) > 0
    for item in record["items"]:
        assert item["url"] in told
        assert item["title"] in told
    assert "Lịch tiếp công dân" in told


def test_running_twice_adds_nothing_and_prints_the_same(tmp_path: Path) -> None:
    with serving({"so-noi-vu": Portal(dated=False)}) as sites:
        office = Office(tmp_path, {"so-noi-vu": sites["so-noi-vu"].url})
        office.run("crawl", "--month", MONTH)
        first = office.items()
        office.run("crawl", "--month", MONTH)
        assert office.items() == first
    reports = [office.run("report", "--month", MONTH, "--formats", "json", "--output", name) for name in ("a", "b")]
    assert len(reports) == 2
    assert (tmp_path / "a" / f"{MONTH}.json").read_bytes() == (tmp_path / "b" / f"{MONTH}.json").read_bytes()


def test_killed_crawl_run_again_gives_the_same_items(tmp_path: Path) -> None:
    reached = threading.Event()
    go_on = threading.Event()

    def hold(path: str, _nth: int) -> None:
        if path.startswith("/lich/page-2/"):
            reached.set()
            go_on.wait(60)

    portals = {"quick": Portal(), "slow": Portal(play=hold), "other": Portal(dated=False)}
    with serving(portals) as sites:
        urls = {key: site.url for key, site in sites.items()}
        for name in ("killed", "whole"):
            (tmp_path / name).mkdir()
        office = Office(tmp_path / "killed", urls)
        process = office.start("crawl", "--month", MONTH)
        assert reached.wait(60)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        go_on.set()
        office.run("crawl", "--month", MONTH)
        whole = Office(tmp_path / "whole", urls)
        whole.run("crawl", "--month", MONTH)
    assert office.items() == whole.items() != []
    data = office.folder / "data"
    seen = {path.stem.rpartition("-")[0] for path in (data / "observations").glob("*/*.json")}
    files = all_files(data / "evidence")
    assert len(files) == len(list((data / "observations").glob("*/*.json"))), "evidence of each visit, and of no other"
    assert {file.parent.name for file in files} == seen == set(portals)
    assert not [fault for file in files for fault in faults_of(file, Shelf(file.parent), digests(data / "evidence"))]


def test_portals_file_is_refused_before_any_request(tmp_path: Path) -> None:
    with serving({"so-noi-vu": Portal()}) as sites:
        site: Site = sites["so-noi-vu"]
        office = Office(tmp_path, {"so-noi-vu": site.url})
        file = tmp_path / "portals.yaml"
        file.write_text(file.read_text("utf-8").replace("department", "departement"), "utf-8")
        process = office.start("crawl", "--month", MONTH)
        _, told = process.communicate(timeout=60)
        assert process.returncode == 2
        assert "portals.yaml:4" in told
        assert "department" in told
        assert not site.hits


def test_discover_finds_sections_with_reasons_and_stores_nothing(tmp_path: Path) -> None:
    with serving({"so-noi-vu": Portal()}) as sites:
        office = Office(tmp_path, {"so-noi-vu": sites["so-noi-vu"].url})
        told = office.run("units", "discover", "so-noi-vu")
        url = sites["so-noi-vu"].url
    assert "label 'Tiếp công dân' names the section" in told
    lines = told.partition("# for portals.yaml:\n")[2]
    assert yaml.safe_load(lines) == {
        "section": f"{url}tiep-cong-dan/",
        "sections": {"schedule": f"{url}lich/", "petitions": f"{url}don-thu/"},
    }
    assert not (tmp_path / "data" / "auditor.db").exists()
    assert not list((tmp_path / "data" / "work").iterdir())
