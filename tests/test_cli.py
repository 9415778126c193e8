import json
import logging
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

import auditor
from auditor.categories import Category
from auditor.cli import SUMMARIES, cli, running
from auditor.cli import schedule as schedule_command
from auditor.cli.options import Options
from auditor.crawl import lock
from auditor.crawl.folders import DataFolder
from tests.installation import FAKE_WORKER, THE_DAY_AFTER, portals

PROJECT = Path(__file__).parents[1]
NO_ENVIRONMENT = {"AUDITOR_PORTALS": None, "AUDITOR_DATABASE": None, "AUDITOR_DATA": None}


@pytest.fixture(autouse=True)
def _no_trace_of_the_commands() -> Iterator[None]:
    """Commands set up logging for the whole process: it is put back."""
    loggers = [logging.getLogger(name) for name in ("auditor", "apscheduler")]
    before = [(logger, list(logger.handlers), logger.level) for logger in loggers]
    yield
    for logger, handlers, level in before:
        logger.handlers[:] = handlers
        logger.setLevel(level)


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Calls a command in a folder of its own, with the fake worker."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(running, "WORKER", FAKE_WORKER)
    portals(tmp_path, "good-a", "good-b", "crash-c")

    def run(*words: str, stdin: bytes | None = None, **environment: str) -> Result:
        return CliRunner(env={**NO_ENVIRONMENT, **environment}).invoke(cli, words, input=stdin)

    return run


def lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


# --- crawl, audit, report, items ------------------------------------------------------------------------------------


def test_crawl_prints_a_line_per_unit_and_tells_that_one_failed(call: Callable[..., Result]) -> None:
    result = call("crawl")
    assert result.exit_code == 3, result.output
    assert {unit: outcome for unit, outcome, *_ in lines(result.stdout)} == {
        "good-a": "complete",
        "good-b": "complete",
        "crash-c": "failed",
    }
    assert "the worker was killed by signal 9: Segmentation" in result.stdout
    assert "3 units: 2 complete, 1 failed" in result.stderr
    assert "\x1b" not in result.output, "no control sequence, from a worker or for a terminal, reaches a pipe"


def test_crawl_of_units_that_are_all_observed_ends_well(call: Callable[..., Result]) -> None:
    result = call("--quiet", "crawl", "good-a", "good-b")
    assert (result.exit_code, result.stderr) == (0, "")
    assert len(lines(result.stdout)) == 2


def test_audit_prints_the_verdict_of_one_unit(call: Callable[..., Result]) -> None:
    result = call("audit", "good-a", "--format", "json")
    record = json.loads(result.stdout)
    assert record["key"] == "good-a"
    assert [line[:2] for line in lines(result.stderr)] == [["good-a", "complete"]]
    stored = call("audit", "good-a", "--no-crawl", "--format", "json", "--quiet")
    assert json.loads(stored.stdout) == record
    assert stored.stderr == ""
    failed = call("audit", "crash-c", "--quiet")
    assert failed.exit_code == 3
    assert "not observable" in failed.stdout


def test_report_says_where_its_files_are(call: Callable[..., Result], tmp_path: Path) -> None:
    call("crawl", "--month", "2019-11")
    result = call("report", "--month", "2019-11", "--formats", "json", "--output", "bao-cao")
    assert result.exit_code == 3, "one unit was not observable"
    assert result.stdout.splitlines()[-1] == str(Path("bao-cao") / "2019-11.json")
    report = json.loads((tmp_path / "bao-cao" / "2019-11.json").read_text("utf-8"))
    assert [unit["unit"] for unit in report["not_observable"]] == ["crash-c"]
    assert "crash-c" in result.stdout


def test_items_never_lets_nothing_pass_for_a_fact(call: Callable[..., Result]) -> None:
    call("crawl", "--month", "2019-11")
    result = call("items", "--month", "2019-11", "--format", "json")
    assert (json.loads(result.stdout), result.exit_code) == ([], 3)
    assert result.stderr == "not observable: crash-c\n"
    assert call("items", "--month", "2019-11", "--unit", "good-a").exit_code == 0


def test_status_tells_what_needs_a_person_and_what_to_do(call: Callable[..., Result]) -> None:
    call("crawl", "good-a", "crash-c")
    result = call("status")
    assert result.exit_code == 3
    assert "good-a" not in result.stdout.partition("Needs a person")[2]
    for told in ("crash-c: the crawling process died", "good-b: never visited", "remedy: ", "last read in full: never"):
        assert told in result.stdout
    assert "none: no scheduler looks after this data folder" in result.stdout
    call("crawl", "good-b")
    portals(Path(), "good-a", "good-b")
    assert (call("status", "--quiet").exit_code, call("status", "--quiet").stdout) == (0, "")


def test_status_knows_the_next_runs_while_a_scheduler_runs(call: Callable[..., Result]) -> None:
    Path("data").mkdir()
    Path("data/schedule.json").write_text('{"crawl_at": "02:30", "report_at": "07:00"}', "utf-8")
    with lock.hold(Path("data/schedule.lock"), "schedule", THE_DAY_AFTER):
        runs = call("status").stdout.partition("Next runs")[2]
    (crawl, *_), (report, *_) = (line[-1:] for line in lines(runs.strip()))
    assert (crawl, report) == ("02:30", "07:00")


@pytest.fixture
def _not_between_the_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    """From one to six the night has room for fewer visits than later: then it is six."""
    now = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
    if now.hour in range(1, 6):
        monkeypatch.setattr(Options, "now", staticmethod(lambda: now.replace(hour=6)))


@pytest.mark.usefixtures("_not_between_the_attempts")
def test_schedule_once_does_what_is_due(call: Callable[..., Result]) -> None:
    first = call("schedule", "--once")
    assert first.exit_code == 3
    assert {line[0] for line in lines(first.stdout)} >= {"good-a", "good-b", "crash-c"}
    second = call("schedule", "--once")
    assert (second.exit_code, {line[0] for line in lines(second.stdout)}) == (3, {"crash-c"}), "its third attempt"
    third = call("schedule", "--once")
    assert (third.exit_code, third.output) == (0, "")
    said = [json.loads(line) for line in Path("data/logs/once.log").read_text("utf-8").splitlines()]
    assert any(each["message"].startswith("crawled: ") for each in said)
    assert any(each["run"] == 1 and "good-a" in each["message"] for each in said)


# --- options --------------------------------------------------------------------------------------------------------


def test_an_option_beats_the_environment_wherever_it_stands(call: Callable[..., Result], tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
        portals(tmp_path / name, f"good-{name}")

    def listed(*words: str) -> str:
        return lines(call(*words, AUDITOR_PORTALS="one/portals.yaml").stdout)[0][0]

    assert listed("units") == "good-one"
    assert listed("--portals", "two/portals.yaml", "units") == "good-two"
    assert listed("units", "--portals", "two/portals.yaml") == "good-two"
    assert listed("--portals", "two/portals.yaml", "units", "--portals", "three/portals.yaml") == "good-three"
    assert "three/portals.yaml" in call("units", "check", "--portals", "three/portals.yaml").stdout


def test_data_and_database_are_where_they_are_told_to_be(call: Callable[..., Result], tmp_path: Path) -> None:
    call("crawl", "good-a", AUDITOR_DATA="elsewhere")
    assert (tmp_path / "elsewhere" / "auditor.db").exists()
    call("crawl", "good-a", "--database", "sqlite:///own.db", AUDITOR_DATABASE="sqlite:///other.db")
    assert (tmp_path / "own.db").exists()
    assert not (tmp_path / "other.db").exists()
    assert (tmp_path / "data" / "observations").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("crawl", "so-x"), "there is no unit 'so-x'"),
        (("audit", "so-x", "--no-crawl"), "there is no unit 'so-x'"),
        (("crawl", "--month", "2019-13"), "'2019-13' is not a month: write it as YYYY-MM"),
        (("report", "--month", "2999-01"), "2999-01 has not begun"),
        (("report",), "Missing option '--month'"),
        (("report", "--month", "2019-11", "--formats", "odt"), "name one or more of docx, xlsx, html, json"),
        (("items", "--month", "2019-11", "--unit", "so-x"), "there is no unit 'so-x'"),
        (("schedule", "--crawl-at", "25:00"), "'25:00' is not a time of day"),
        (("schedule", "--report-at", "00:30"), "the report at 00:30 would not know the crawl at 01:00"),
        (("units", "--portals", "nowhere.yaml"), "there is no such file: copy"),
        (("crawl", "--data", "portals.yaml"), "cannot make the folder"),
        (("crawl", "--database", "mysql://host/db"), "is not the address of an SQLite file"),
        (("crwl",), "No such command 'crwl'"),
        (("classify", "nowhere.jsonl"), "No such file"),
    ],
)
def test_bad_input_ends_with_status_2_and_no_traceback(
    call: Callable[..., Result], words: tuple[str, ...], told: str
) -> None:
    result = call(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("audit", "good-a", "--month", "2019-11"), "2019-11 has no unit 'good-a'"),
        (("report", "--month", "2019-11"), "no unit exists in 2019-11"),
        (("items", "--month", "2019-11"), "no unit exists in 2019-11"),
        (("crawl", "--month", "2019-11"), "no unit exists in 2019-11"),
    ],
)
def test_a_month_before_the_units_is_refused_before_anything_is_done(
    call: Callable[..., Result], words: tuple[str, ...], told: str
) -> None:
    file = portals(Path(), "good-a")
    file.write_text(file.read_text("utf-8").replace("level:", "valid_from: 2020-01-01, level:"), "utf-8")
    Path("data").mkdir()
    result = call(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert not list(Path("data").rglob("*.json"))


def test_the_example_named_to_who_has_no_portals_yaml_exists(call: Callable[..., Result]) -> None:
    told = call("units", "--portals", "nowhere.yaml").stderr
    assert Path(told.partition("copy ")[2].partition(" there and edit")[0]).is_file()


def test_a_second_crawl_is_told_who_is_first(call: Callable[..., Result]) -> None:
    with lock.hold(Path("data/crawl.lock"), "crawl good-b", THE_DAY_AFTER):
        result = call("crawl")
    assert result.exit_code == 2
    assert f"'crawl good-b' has been running since 2019-11-18T18:30:00+00:00 (process {os.getpid()})" in result.stderr


def test_an_internal_error_is_one_line_and_a_file(call: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError("deep inside")

    monkeypatch.setattr(schedule_command.schedule, "catch_up", break_down)
    result = call("schedule", "--once")
    assert result.exit_code == 1
    (told,) = result.stderr.splitlines()
    assert told.startswith("Error: internal error (ZeroDivisionError), written to data/logs/error-")
    assert "deep inside" in Path(told.rpartition(" ")[2]).read_text("utf-8")


def test_an_internal_error_that_cannot_be_written_is_told(
    call: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError("deep inside")

    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(schedule_command.schedule, "catch_up", break_down)
    monkeypatch.setattr(DataFolder, "keep_traceback", full)
    result = call("schedule", "--once")
    assert result.exit_code == 1
    assert "it could not be written down ([Errno 28] No space left on device)" in result.stderr


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(28, "No space left on device"), "Error: No space left on device: make room"),
        (
            PermissionError(13, "Permission denied", "data/work"),
            "Error: data/work: Permission denied: make room or see",
        ),
    ],
)
def test_a_place_that_cannot_be_used_is_no_internal_error(
    call: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, error: OSError, told: str
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(schedule_command.schedule, "catch_up", refuse)
    result = call("schedule", "--once")
    assert result.exit_code == 2
    assert result.stderr.startswith(told)


def test_an_operating_system_error_of_another_kind_is_internal(
    call: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(schedule_command.schedule, "catch_up", refuse)
    assert call("schedule", "--once").exit_code == 1


# --- help and version -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [(name,) for name in SUMMARIES] + [("units", "check")])
def test_every_command_shows_an_example(call: Callable[..., Result], words: tuple[str, ...]) -> None:
    result = call(*words, "--help")
    assert result.exit_code == 0
    assert f"  auditor {' '.join(words)}" in result.stdout
    assert "global options" in result.stdout


def test_the_list_of_commands_is_complete() -> None:
    shown = CliRunner().invoke(cli, ["--help"]).stdout
    for name, summary in SUMMARIES.items():
        assert f" {name} {summary}" in re.sub(r"\s+", " ", shown)
    modules = {path.stem.replace("_", "-") for path in (PROJECT / "auditor" / "cli").glob("*.py")}
    assert modules - set(SUMMARIES) == {"--init--", "following", "options", "proposals", "running", "terminal"}


def test_version(call: Callable[..., Result]) -> None:
    assert call("--version").stdout == f"auditor, version {auditor.__version__}\n"


# --- classify -------------------------------------------------------------------------------------------------------


def test_classify_keeps_the_line_and_adds_its_decision(call: Callable[..., Result]) -> None:
    posts = [
        {"title": "Lịch tiếp công dân tháng 11 năm 2019", "id": 7, "section": None, "published": "2019-11-03"},
        {"title": "Hội nghị tập huấn \ud800", "body": "…"},
    ]
    given = "\ufeff" + "\n\n".join(json.dumps(post) for post in posts)
    result = call("classify", stdin=given.encode())
    assert result.exit_code == 0, result.output
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert (first["id"], first["category"]) == (7, "schedule")
    assert any(reason.startswith("title: ") for reason in first["why"])
    assert 0.5 < first["confidence"] <= 1
    assert first["runner_up"] in {None, *Category}
    assert (second["title"], second["category"]) == ("Hội nghị tập huấn \ud800", None)


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b"[1]",
        b"{}",
        b'{"title": 1}',
        b'{"title": "a", "body": 1}',
        b'{"title": "\xff"}',
        b'{"title": "a", "published": "soon"}',
        b"[" * 100_000,
        b'{"title": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_bad_line_is_named_and_those_before_it_are_printed(call: Callable[..., Result], line: bytes) -> None:
    Path("posts.jsonl").write_bytes(b'{"title": "L\xe1\xbb\x8bch"}\n' + line + b"\n")
    result = call("classify", "posts.jsonl")
    assert result.exit_code == 2
    assert "posts.jsonl:2: " in result.stderr
    assert len(result.stdout.splitlines()) == 1


# --- real processes -------------------------------------------------------------------------------------------------


def test_help_and_classify_load_nothing_heavy() -> None:
    script = (
        "import sys\nfrom auditor.cli import cli\n"
        "cli(sys.argv[1:], standalone_mode=False)\n"
        "print(sorted({'scrapy', 'twisted', 'sqlalchemy', 'docx', 'apscheduler', 'alembic'} & set(sys.modules)))"
    )
    for words in (["--help"], ["classify"], ["units", "check"]):
        done = subprocess.run(
            [sys.executable, "-c", script, *words],
            cwd=PROJECT,
            input='{"title": "Lịch tiếp công dân"}\n',
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_leaves_is_no_error() -> None:
    many = '{"title": "Lịch tiếp công dân"}\n' * 5000
    command = f"'{sys.executable}' -m auditor classify | head -n 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=PROJECT, input=many, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (141, "")
    assert len(done.stdout.splitlines()) == 1


def test_output_is_utf8_whatever_the_locale() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "auditor", "units", "check"],
        cwd=PROJECT,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert "tỉnh Đắk Nông".encode() in done.stdout


PROGRAM = """
import sys
from auditor.categories import Category
from auditor.cli import main, running
running.WORKER = (sys.executable, sys.argv.pop(1))
main()
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the program with the fake worker as a process of its own."""
    started: list[subprocess.Popen[str]] = []

    def run(*words: str) -> subprocess.Popen[str]:
        options = ("--portals", str(tmp_path / "portals.yaml"), "--data", str(tmp_path / "data"))
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", PROGRAM, FAKE_WORKER[-1], *options, *words],
                cwd=PROJECT,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_interrupted_crawl_keeps_what_it_had(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path, number: signal.Signals
) -> None:
    portals(tmp_path, "good-a", "hang-b")
    process = start("crawl")
    assert process.stdout
    assert process.stdout.readline().startswith("good-a")
    process.send_signal(number)
    _, told = process.communicate()
    assert (process.returncode, told) == (128 + number, "stopped: 1 of 2 units were visited and stored\n")
    assert lock.holder(tmp_path / "data" / "crawl.lock") is None


def test_a_scheduler_that_is_told_to_end_ends_well(start: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    portals(tmp_path, "good-a", "hang-b")
    process = start("schedule")
    assert process.stdout
    assert process.stdout.readline().startswith("good-a"), "it makes up for the night"
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate()
    assert process.returncode == 0, told
    assert "stopped: 1 of 2 units" in told
    assert "Traceback" not in told


def test_a_crawl_can_be_watched_and_ended_by_another(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    portals(tmp_path, "good-a", "hang-b")
    crawl = start("crawl")
    assert crawl.stdout
    crawl.stdout.readline()
    watch = start("status", "--quiet", "--follow")
    assert watch.stdout
    who, visit = watch.stdout.readline(), watch.stdout.readline()
    assert f"kill {crawl.pid}" in who
    assert visit.split() == ["good-a", "complete", "0", "items"]
    crawl.send_signal(signal.SIGTERM)
    out, told = watch.communicate()
    assert out.startswith("the crawl has ended\nNeeds a person\n"), told
    assert "hang-b: never visited" in out
    assert (
        start("status", "--quiet", "--follow").communicate()[0].startswith("no crawl is going on in this data folder")
    )


def test_of_a_crawl_and_two_schedulers_one_crawls_and_the_others_say_who(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    portals(tmp_path, "good-a", "hang-b")
    crawl = start("crawl")
    assert crawl.stdout
    crawl.stdout.readline()
    first = start("schedule")
    assert first.stderr
    waiting = next(line for line in first.stderr if "has been running since" in line)
    assert "'crawl' has been running since" in waiting
    assert f"(process {crawl.pid})" in waiting
    second = start("schedule")
    _, told = second.communicate()
    assert (second.returncode, f"(process {first.pid})" in told) == (2, True), told
    for process, status in ((first, 0), (crawl, 128 + signal.SIGTERM)):
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate()
        assert (process.returncode, "Traceback" in told) == (status, False), told


def test_a_crawl_killed_outright_is_continued_by_the_next(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    portals(tmp_path, "good-a", "hang-b")
    process = start("crawl")
    assert process.stdout
    assert process.stdout.readline().startswith("good-a")
    process.kill()
    process.communicate()
    portals(tmp_path, "good-a", "good-b")
    out, told = start("crawl").communicate()
    assert sorted(line.split()[0] for line in out.splitlines()) == ["good-a", "good-b"], told


def output_to(place: str, portals_file: Path) -> subprocess.CompletedProcess[str]:
    """`auditor units` with its standard output somewhere else, by a shell."""
    command = f'"$0" -m auditor units --portals "$1" {place}'
    return subprocess.run(
        ["/bin/sh", "-c", command, sys.executable, str(portals_file)],
        cwd=PROJECT,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_the_output_is_told(tmp_path: Path) -> None:
    portals(tmp_path, "good-a")
    done = output_to("> /dev/full", tmp_path / "portals.yaml")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("Error: No space left on device: make room")


@pytest.mark.skipif(os.name != "posix", reason="needs a shell that can close the output")
def test_a_closed_output_is_no_error(tmp_path: Path) -> None:
    portals(tmp_path, "good-a")
    done = output_to(">&-", tmp_path / "portals.yaml")
    assert (done.returncode, done.stderr) == (0, "")
