"""`auditor import-history`: figures of the time before the system."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import InputError
from auditor.office.past import read_period
from auditor.office.tables_in import unit_named
from auditor.portals import Level, Unit
from tests.audit.audit_world import province
from tests.test_correcting import _no_trace_of_the_commands, call
from tests.test_office import CLOSE, MONTH, _two_days_after

__all__ = ["_no_trace_of_the_commands", "_two_days_after", "call"]  # fixtures every test here uses

OCTOBER = "period,unit,group,count,note\n2019-10,good-a,,40,\n10/2019,,cấp tỉnh,42,báo cáo\n2019-9M,,tổng số,1.200,\n"


def taken(call: Callable[..., Result], text: str, *words: str, name: str = "old.csv") -> Result:
    Path(name).write_text(text, "utf-8")
    return call("import-history", name, *words)


def report(call: Callable[..., Result]) -> dict[str, object]:
    assert call("report", *MONTH, "--formats", "json").exit_code == 0
    found: dict[str, object] = json.loads(Path("data/reports/2019-11.json").read_text("utf-8"))
    return found


def test_the_first_report_compares_with_what_was_written_down(call: Callable[..., Result]) -> None:
    assert report(call)["total"] == {"count": 3, "previous": 0, "change": 3, "comparable": True}
    done = taken(call, OCTOBER)
    assert (done.exit_code, done.stdout) == (
        0,
        "3 figures added, 0 replaced, 0 known already: 2019-10, 2019-9M\n",
    ), done.output
    found = report(call)
    assert found["previous_from"] == "history"
    assert found["total"] == {"count": 3, "previous": 42, "change": -39, "comparable": True}
    assert found["groups"] == [{"key": "provincial", "count": 3, "previous": 42, "change": -39, "comparable": True}]
    units = found["units"]
    assert isinstance(units, list)
    assert [unit["previous"] for unit in units] == [40, 0]


def test_a_second_time_changes_nothing_and_another_figure_needs_a_word(call: Callable[..., Result]) -> None:
    taken(call, OCTOBER)
    assert taken(call, OCTOBER).stdout.startswith("0 figures added, 0 replaced, 3 known already")
    other = "period;group;count\n2019-9M;total;1210\n"
    refused = taken(call, other)
    assert refused.exit_code == 2
    assert "2019-9M total is known as 1200, the file says 1210: --replace takes the file's figures" in refused.stderr
    assert taken(call, other, "--replace").stdout.startswith("0 figures added, 1 replaced")


def test_a_workbook_is_read_with_vietnamese_headings(call: Callable[..., Result]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Tháng", "Đơn vị", "Số lượt", "Ghi chú"], ["10/2019", "GOOD-B", 7, None], [None, None, None, None]):
        sheet.append(row)
    book.save("old.xlsx")
    assert call("import-history", "old.xlsx").stdout.startswith("1 figures added")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("period,unit,count\n2019-13,good-a,1\n", "row 2: '2019-13' is not a month"),
        ("period,unit,count\nOctober,good-a,1\n", "row 2: 'October' is not a period"),
        ("period,unit,count\n2030-08,good-a,1\n", "row 2: 2030-08 has not begun"),
        ("period,unit,count\n2019-10,so-x,1\n", "row 2: 'so-x' is no unit of portals.yaml"),
        ("period,group,count\n2019-10,tỉnh,1\n", "row 2: 'tỉnh' is no group"),
        ("period,unit,group,count\n2019-10,,,1\n", "row 2: name either a unit or a group"),
        ("period,unit,group,count\n2019-10,good-a,total,1\n", "row 2: name either a unit or a group"),
        ("period,unit,count\n2019-10,good-a,-1\n", "row 2: '-1' is no count"),
        ("period,unit,count\n2019-10,good-a,1.5\n", "row 2: '1.5' is no count"),
        ("period,unit,count\n2019-10,good-a,1\n2019-10,Good-A,2\n", "row 3: 2019-10 good-a stands in row 2 already"),
        (
            "period,unit,group,count\n2019-10,good-a,,3\n2019-10,good-b,,4\n2019-10,,provincial,8\n",
            "row 4: 2019-10: provincial is 8, its parts in this file make 7",
        ),
        (
            "period,group,count\n2019-10,total,161\n2019-10,provincial,160\n",
            "total is 161, its parts in this file make 160",
        ),
        ("period,unit\n2019-10,good-a\n", "there is no column 'count'"),
        ("period,colour,count\n2019-10,good-a,1\n", "unknown column 'colour'"),
        ("period,unit,count\n", "has no row below its headings"),
        ("", "there is no column 'period'"),
    ],
)
def test_a_wrong_file_is_refused_whole(call: Callable[..., Result], text: str, told: str) -> None:
    result = taken(call, text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert report(call)["previous_from"] == "store"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("old.csv", "kỳ".encode("utf-16"), "is not UTF-8"),
        ("old.xlsx", b"no workbook", "is not a workbook that can be read"),
        ("old.ods", b"", "is neither .csv nor .xlsx"),
        ("old.csv", b"period,unit,count\n2019-10," + b"x" * 140_000, "is not a table that can be read"),
        ("old.csv", b"\n\nperiod,unit,count\n2019-10,so-x,1\n", "row 4: 'so-x' is no unit"),
        ("old.csv", b"period,unit,count\r2019-10,so-x,1\r", "row 2: 'so-x' is no unit"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(
    call: Callable[..., Result], name: str, content: bytes, told: str
) -> None:
    Path(name).write_bytes(content)
    result = call("import-history", name)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "cannot be read" in call("import-history", "nowhere.csv").stderr


def test_help_names_no_month_that_is_not_taken(call: Callable[..., Result]) -> None:
    for command in ("report", "received", "items"):
        assert "the open one" not in call(command, "--help").stdout
    assert "the open one" in call("audit", "--help").stdout


def test_a_closed_month_takes_no_figures(call: Callable[..., Result]) -> None:
    assert call(*CLOSE).exit_code == 0
    result = taken(call, "period,unit,count\n2019-11,good-a,1\n")
    assert result.exit_code == 2
    assert "2019-11 is closed: its figures stay" in result.stderr


@given(st.integers(2, 9998), st.integers(1, 12))
def test_a_month_is_read_however_it_is_written(year: int, month: int) -> None:
    name = f"{year:04d}-{month:02d}"
    forms = (name, f"{month}/{year:04d}", f"{month:02d}/{year:04d}", f"{month}-{year:04d}", f"{name}-01")
    assert {read_period(form) for form in forms} == {name}


def test_a_group_that_has_ended_since_is_a_part_of_the_total_written_then(call: Callable[..., Result]) -> None:
    groups = "period,group,count\n2019-10,provincial,40\n2019-10,district,2\n"
    assert taken(call, groups + "2019-10,total,41\n").exit_code == 2
    assert taken(call, groups).exit_code == 0
    assert report(call)["total"] == {"count": 3, "previous": 42, "change": -39, "comparable": False}


def test_a_total_without_its_units_is_no_unit_s_fault(call: Callable[..., Result]) -> None:
    assert taken(call, "period,group,count\n2019-10,total,40\n").exit_code == 0
    assert call("report", *MONTH, "--formats", "html").exit_code == 0
    page = Path("data/reports/2019-11.html").read_text("utf-8")
    assert "vì số liệu tháng 10 là số liệu nhập, không đủ của từng đơn vị)" in page
    assert "chưa được kiểm tra trọn vẹn" not in page


def test_a_file_of_semicolons_may_begin_with_blank_lines(call: Callable[..., Result]) -> None:
    result = taken(call, "\r\n\r\nperiod;group;count\r\n2019-10;total;40\r\n")
    assert (result.exit_code, result.stdout.split()[0]) == (0, "1"), result.output


def test_a_period_of_one_month_is_that_month() -> None:
    assert read_period("2019-1M") == "2019-01"


@given(st.text(max_size=12))
def test_any_text_is_a_period_or_refused(text: str) -> None:
    try:
        read = read_period(text)
    except InputError:
        read = "2019"
    assert read_period(read) == read


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("so-y-te", "so-y-te"),
        ("Sở Y tế", "so-y-te"),
        ("y tế", "so-y-te"),
        ("SỞ Y TẾ TỈNH THỬ", "so-y-te"),
        ("Sở NN", "nn"),
    ],
)
def test_a_unit_is_named_as_reports_name_it(written: str, key: str) -> None:
    health = Unit("so-y-te", "Sở Y tế tỉnh Thử", Level.DEPARTMENT, "http://y.example/", short_name="Y tế")
    farming = Unit("nn", "Sở Nông nghiệp tỉnh Thử", Level.DEPARTMENT, "http://n.example/", short_name="NN")
    lands = replace(province(health, farming), name="tỉnh Thử")
    assert unit_named(lands, written) == key
    with pytest.raises(InputError, match="is no unit of"):
        unit_named(lands, "Sở")
