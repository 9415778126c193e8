"""`auditor close`, `restate`: with a real database, through the commands."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result

from auditor.cli.options import Options
from tests.test_correcting import _no_trace_of_the_commands, call, see, url

__all__ = ["_no_trace_of_the_commands", "call"]  # fixtures every test here uses

CLOSE = ("close", "--month", "2019-11", "--by", "Lê An")
MONTH = ("--month", "2019-11")
WISH = ("--by", "Trần Bình", "--reason", "lịch tuần")


@pytest.fixture(autouse=True)
def _two_days_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Options, "now", staticmethod(lambda: datetime(2019, 11, 20, 3, tzinfo=UTC)))


def printed(call: Callable[..., Result]) -> dict[str, bytes]:
    """Every file and every list of the month."""
    result = call("report", *MONTH)
    assert result.exit_code == 0, result.output
    files = {file.name: file.read_bytes() for file in Path("data/reports").iterdir()}
    lists = {
        form: call("items", *MONTH, "--all", "--format", form).stdout_bytes for form in ("table", "json", "csv")
    }  # fmt: skip
    audits = {unit: call("audit", unit, *MONTH, "--no-crawl").stdout_bytes for unit in ("good-a", "good-b")}
    return {**files, **lists, **audits}


def test_a_closed_month_prints_the_same_after_corrections_and_late_finds(call: Callable[..., Result]) -> None:
    closed = call(*CLOSE)
    assert closed.exit_code == 0, closed.output
    assert "by Lê An, 2019-11-20 10:00, digest " in closed.stdout
    before = printed(call)
    assert json.loads(before["2019-11.json"])["closed"]["by"] == "Lê An"
    assert call("items", "set", url("good-a", 1), "--not-counted", *WISH).exit_code == 0
    see("good-b", 3, 9)
    assert printed(call) == before
    found = json.loads(call("restate", *MONTH, "--format", "json").stdout)
    assert {(one["kind"], one["url"], one["effect"]) for one in found["later"]} >= {
        ("corrected", url("good-a", 1), -1),
    }
    assert found["counted"] == 3


def test_a_closed_month_keeps_its_sentences_whatever_the_templates_say_later(call: Callable[..., Result]) -> None:
    assert call(*CLOSE).exit_code == 0
    before = printed(call)
    assert call("templates", "report.txt.j2").exit_code == 0
    template = Path("templates/report.txt.j2")
    template.write_text("= GIẤY KHÁC\n~ AI ĐÓ\n", "utf-8")
    assert printed(call) == before
    assert call("report", "--month", "2019-10", "--formats", "html").exit_code in {0, 3}
    assert "GIẤY KHÁC" in Path("data/reports/2019-10.html").read_text("utf-8")


def test_a_month_whose_wording_is_broken_is_not_closed(call: Callable[..., Result]) -> None:
    assert call("templates", "report.txt.j2").exit_code == 0
    Path("templates/report.txt.j2").write_text("{{ figures.totl }}", "utf-8")
    result = call(*CLOSE)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "line 1: there is no 'totl'" in result.stderr
    Path("templates/report.txt.j2").unlink()
    assert call(*CLOSE).exit_code == 0


def test_a_closed_month_survives_its_units(call: Callable[..., Result]) -> None:
    assert call(*CLOSE).exit_code == 0
    before = printed(call)
    text = Path("portals.yaml").read_text("utf-8")
    Path("portals.yaml").write_text(text.replace("good-a", "other-a"), "utf-8")
    assert printed(call) == before
    assert "not compared: good-a" in call("restate", *MONTH).stdout


def test_a_month_closed_after_the_one_it_is_compared_with_is_told(call: Callable[..., Result]) -> None:
    assert call(*CLOSE).exit_code == 0
    assert call("items", "set", url("good-a", 1), "--published", "2019-10-10", *WISH).exit_code == 0
    late = call("close", "--month", "2019-10", "--by", "Lê An")
    assert late.exit_code == 0, late.output
    assert "2019-11 was closed before 2019-10 and compares with 0, not with 1; its report keeps that" in late.stderr


def test_months_closed_in_their_order_are_not_warned_of(call: Callable[..., Result]) -> None:
    first = call("close", "--month", "2019-10", "--by", "Lê An")
    assert (first.exit_code, first.stderr) == (0, "")
    assert "warning" not in call(*CLOSE).stderr


def test_after_another_cut_off_the_month_that_is_open_begins_where_the_closed_one_ended(
    call: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The 26th: November was closed with the 18th, and ends with the 30th by the file of today."""
    assert call(*CLOSE).exit_code == 0
    text = Path("portals.yaml").read_text("utf-8")
    ended = "valid_to: 2019-11-25, successors: [good-a]"
    text = text.replace("cutoff_day: 18", "cutoff_day: end").replace("key: good-b,", f"key: good-b, {ended},")
    Path("portals.yaml").write_text(text, "utf-8")
    monkeypatch.setattr(Options, "now", staticmethod(lambda: datetime(2019, 11, 26, 3, tzinfo=UTC)))
    december = ("--month", "2019-12")
    assert "2019-12  tỉnh Thử  2019-11-19 to 2019-12-31" in call("report", *december).stdout
    assert "2019-11-19 to 2019-12-31" in call("audit", "good-b", "--no-crawl").stdout
    assert call("remind", *december).exit_code == 0
    noted = ("--date", "2019-11-25", "--number", "1/BC")
    assert call("received", "good-b", *december, *noted).exit_code == 0
    assert "11/2019" not in call("messages").stdout.replace("26/11/2019", "")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("close", "--month", "2019-12", "--by", "Lê An"), "2019-12 is open until 2019-12-18"),
        (("close", "--month", "2020-05", "--by", "Lê An"), "2020-05 is open until"),
        (("close", "--month", "2019-13", "--by", "Lê An"), "is not a month"),
        (("close", "--month", "2019-11", "--by", " "), "--by must say something"),
        ((*CLOSE, "--reason", "x"), "--reason without --accept"),
        ((*CLOSE, "--accept", "good-a"), "1 units accepted and 0 reasons"),
        (("restate", "--month", "2019-11"), "2019-11 is not closed"),
    ],
)
def test_what_cannot_be_done_ends_with_status_2_and_says_why(
    call: Callable[..., Result], words: tuple[str, ...], told: str
) -> None:
    result = call(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_the_report_of_an_open_month_says_so(call: Callable[..., Result]) -> None:
    assert "2019-11 is not closed, its figures may still change" in call("report", *MONTH).stderr
    assert "2019-12 is open until 2019-12-18" in call("report", "--month", "2019-12").stderr
    assert call("report", *MONTH, "--quiet").stderr == ""
