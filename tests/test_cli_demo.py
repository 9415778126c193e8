import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from signal import SIGTERM
from socket import socket
from time import sleep
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from auditor import operations
from auditor.cli import cli
from auditor.cli.options import Options
from auditor.cli.running import context
from auditor.crawl import lock
from auditor.demo.content import MONTH
from tests.demonstration import PROJECT, Demonstration
from tests.installation import THE_DAY_AFTER


def demo(data: Path) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["demo", "--data", str(data)])
    return result.exit_code, result.stderr


def test_a_folder_that_no_demo_made_is_left_alone(tmp_path: Path) -> None:
    own = tmp_path / "demo" / "letters.txt"
    own.parent.mkdir()
    own.write_text("mine", "utf-8")
    status, told = demo(tmp_path)
    assert status == 2
    assert "demo was not made by a demo: move it away" in told
    assert own.read_text("utf-8") == "mine"


def test_a_link_to_another_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "demo.lock").touch()
    (tmp_path / "mine" / "letters.txt").touch()
    (tmp_path / "demo").symlink_to(tmp_path / "mine")
    assert demo(tmp_path)[0] == 2
    assert (tmp_path / "mine" / "letters.txt").exists()


def test_two_demos_of_one_folder_do_not_meet(tmp_path: Path) -> None:
    with lock.hold(tmp_path / "demo" / "demo.lock", "demo", THE_DAY_AFTER):
        (tmp_path / "demo" / "reports").mkdir()
        status, told = demo(tmp_path)
        assert (tmp_path / "demo" / "reports").exists()
    assert status == 2
    assert "'demo' has been running since" in told


def test_the_demo_writes_the_report_of_november(demonstration: Demonstration, tmp_path: Path) -> None:
    data = Path(demonstration.data)
    assert demonstration.returncode == 0, demonstration.stderr
    reports = {f"2019-11.{suffix}" for suffix in ("docx", "xlsx", "html", "json")}
    assert {file.name for file in (data / "demo" / "reports").iterdir()} == reports, "and nothing of an earlier demo"
    report = json.loads((data / "demo" / "reports" / "2019-11.json").read_text("utf-8"))
    assert (report["month"], report["published"], report["not_observable"]) == ("2019-11", {"units": 21, "of": 26}, [])
    for name in sorted(reports):
        assert str(data / "demo" / "reports" / name) in demonstration.stdout.splitlines()
    the_report_comes_out_of_the_evidence_byte_for_byte(data / "demo", tmp_path)
    all_133_posts_have_evidence_that_verifies(data / "demo")
    a_second_night_adds_under_a_tenth(data / "demo")


def test_the_first_night_of_the_demo_misses_one_portal(demonstration: Demonstration) -> None:
    lines = demonstration.stderr.splitlines()
    assert len(lines) == 1 + 26 + 1 + 26 + 1
    of_krong_no = [line.split()[1] for line in lines if line.startswith("krong-no ")]
    assert of_krong_no == ["unreachable", "complete"]


def test_everything_the_demo_makes_stays_in_its_folder(demonstration: Demonstration) -> None:
    data = Path(demonstration.data)
    assert [entry.name for entry in data.iterdir()] == ["demo"]
    assert (data / "demo" / "auditor.db").exists()
    assert (data / "demo" / "portals.yaml").exists()


@pytest.fixture
def begun() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts commands in processes of their own, and ends them with the test."""
    running: list[subprocess.Popen[str]] = []

    def begin(*words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "auditor", *words]
        running.append(subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True))
        return running[-1]

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def free_port() -> int:
    with socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def healthy(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=30) as answer:
            return bool(json.load(answer)["ok"])
    except OSError:
        return False


def _far_from_now() -> tuple[str, ...]:
    """Times of a schedule of which none comes while the test runs."""
    day = 6 < datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).hour < 22
    return ("--crawl-at", "01:00", "--report-at", "06:00") if day else ("--crawl-at", "12:00", "--report-at", "14:00")


def test_the_nightly_service_runs_on_the_served_demo_as_the_readme_says(
    demonstration: Demonstration, tmp_path: Path, begun: Callable[..., subprocess.Popen[str]]
) -> None:
    shutil.copytree(demonstration.untouched, tmp_path / "demo")
    province = begun("demo", "--serve", "--data", str(tmp_path))
    assert province.stdout is not None
    assert "26 portals answer on this machine" in province.stdout.readline()
    (_, command, *words) = province.stdout.readline().split()
    port = free_port()
    service = begun(command, *words[:-1], f"127.0.0.1:{port}", *_far_from_now())
    while not healthy(port):
        assert service.poll() is None
        sleep(0.1)
    places = words[:4]
    status = CliRunner().invoke(cli, [*places, "status"])
    assert status.exit_code == 0, status.output
    assert "nightly crawl" in status.stdout
    status, told = demo(tmp_path)
    assert (status, "'demo' has been running" in told) == (2, True)
    visit = CliRunner().invoke(cli, [*places, "crawl", "so-khcn"])
    assert visit.exit_code == 0, visit.output
    province.send_signal(SIGTERM)
    assert province.wait(20) == 0
    status, told = demo(tmp_path)
    assert (status, "'schedule' has been running" in told) == (2, True), "nothing is removed under a scheduler"
    service.send_signal(SIGTERM)
    assert service.wait(20) == 0


GUARD = """
import socket

def refuse(*_):
    raise OSError("no network in this test")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
"""


def the_report_comes_out_of_the_evidence_byte_for_byte(demo: Path, tmp_path: Path) -> None:
    """With the province gone and every way to the network cut; `make recheck` does it with all 26 portals."""
    (tmp_path / "sitecustomize.py").write_text(GUARD, "utf-8")
    command = [sys.executable, "-m", "auditor", "recheck", "krong-no", "so-noi-vu", "--month", "2019-11"]
    places = ["--portals", str(demo / "portals.yaml"), "--data", str(demo), "--output", str(tmp_path / "again")]
    again = subprocess.run(
        [*command, *places],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{PROJECT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 0, again.stderr
    assert "4 visits read again, 0 saw something else; 0 changes" in again.stderr
    for name in ("2019-11.json", "2019-11.html"):
        assert (tmp_path / "again" / name).read_bytes() == (demo / "reports" / name).read_bytes()


def all_133_posts_have_evidence_that_verifies(demo: Path) -> None:
    places = ["--portals", str(demo / "portals.yaml"), "--data", str(demo)]
    told = CliRunner().invoke(cli, [*places, "evidence", "--month", str(MONTH), "--verify"])
    assert told.exit_code == 0, told.stdout
    assert " in 52 files" in told.stdout
    assert "133 of 133 counted posts have the pages they were read from, verified" in told.stdout
    for post in operations.items(context(Options(portals=demo / "portals.yaml", data=demo)), MONTH):
        assert (demo / post.evidence).exists()


def a_second_night_adds_under_a_tenth(demo: Path) -> None:
    nights = [
        [file.stat().st_size for file in sorted(folder.glob("*.warc.gz"))]
        for folder in (demo / "evidence").glob("*/")
        if folder.name != "krong-no"  # was down on the first
    ]
    assert len(nights) == 25
    assert sum(second for _, second in nights) < 0.1 * sum(first for first, _ in nights)
