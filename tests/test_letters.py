"""`auditor received` and `auditor remind`, with a real database."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from click.testing import Result

from auditor.observation import Observation
from auditor.office.letters import Lacking
from auditor.outcomes import Cause, Outcome
from auditor.portals import load
from auditor.report.narrative import written
from auditor.store.database import Database
from auditor.store.ingest import ingest
from tests.installation import THE_DAY_AFTER
from tests.report.province import month, unit
from tests.test_correcting import DATABASE, _no_trace_of_the_commands, call, url
from tests.test_office import MONTH, _two_days_after

__all__ = ["_no_trace_of_the_commands", "_two_days_after", "call"]  # fixtures every test here uses

LETTERS = Path("data/letters/2019-11/2019-11-20")
NOTED = ("received", "good-a", *MONTH, "--date", "2019-11-19", "--number", "12/BC-SA", "--count", "3")


def text_of(file: Path) -> str:
    document = docx.Document(str(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def more_units(*observations: Observation) -> None:
    """Units of that name in the file, and what was seen of them."""
    file = Path("portals.yaml")
    lines = [
        f"  - {{key: {one.unit}, name: Sở {one.unit}, level: department, url: 'http://{one.unit}.example.gov.vn/'}}\n"
        for one in observations
    ]
    file.write_text(file.read_text("utf-8") + "".join(lines), "utf-8")
    with Database.open(DATABASE) as database, database.transaction() as session:
        for one in observations:
            ingest(session, load(file), one)


def seen(unit: str, outcome: Outcome = Outcome.COMPLETE, cause: Cause | None = None) -> Observation:
    return Observation(unit, THE_DAY_AFTER, THE_DAY_AFTER, date(2019, 9, 19), outcome, cause)


def test_who_posted_nothing_is_reminded_and_who_could_not_be_seen_gets_a_notice(call: Callable[..., Result]) -> None:
    never = replace(seen("never-c"), unit="never-c", first_day=date(2019, 11, 18))
    more_units(seen("empty-a"), seen("down-b", Outcome.UNREACHABLE, Cause.TIMEOUT), never)
    result = call("remind", *MONTH, "--sheets")
    assert result.exit_code == 0, result.output
    files = {file.name: text_of(file) for file in LETTERS.iterdir()}
    about_empty = files["2019-11-empty-a-nhac-nho.docx"]
    assert "Kính gửi: Sở empty-a" in about_empty
    assert "V/v đăng tải thông tin tiếp công dân tháng 11/2019" in about_empty
    assert "không có tin nào được đăng tải trong kỳ" in about_empty
    notice = files["2019-11-down-b-su-co-truy-cap.docx"]
    assert f"Nguyên nhân ghi nhận: {Cause.TIMEOUT.label}" in notice
    assert "01:30 ngày 19/11/2019" in notice
    assert "2019-11-down-b-nhac-nho.docx" not in files
    assert {name for name in files if "never-c" in name} == {"2019-11-never-c-phieu-kiem-tra.docx"}
    assert url("good-a", 1) in files["2019-11-good-a-phieu-kiem-tra.docx"]
    assert len([name for name in files if "phieu" in name]) == 5


def test_a_letter_that_does_not_hold_any_more_is_removed(call: Callable[..., Result]) -> None:
    more_units(seen("down-b", Outcome.UNREACHABLE, Cause.TIMEOUT))
    assert call("remind", *MONTH).exit_code == 0
    notice, own = LETTERS / "2019-11-down-b-su-co-truy-cap.docx", LETTERS / "2019-10-down-b-su-co-truy-cap.docx"
    notice.rename(own)
    assert call("remind", *MONTH).stderr == ""
    with Database.open(DATABASE) as database, database.transaction() as session:
        ingest(session, load(Path("portals.yaml")), seen("down-b"))
    result = call("remind", *MONTH)
    assert result.stderr == f"removed, it does not hold any more: {notice}\n"
    assert (notice.exists(), own.exists(), (LETTERS / "2019-11-down-b-nhac-nho.docx").exists()) == (False, True, True)


def test_a_letter_that_was_edited_is_kept_when_it_does_not_hold_any_more(call: Callable[..., Result]) -> None:
    more_units(seen("down-b", Outcome.UNREACHABLE, Cause.TIMEOUT))
    assert call("remind", *MONTH).exit_code == 0
    notice = LETTERS / "2019-11-down-b-su-co-truy-cap.docx"
    notice.write_bytes(b"numbered, signed, sent")
    with Database.open(DATABASE) as database, database.transaction() as session:
        ingest(session, load(Path("portals.yaml")), seen("down-b"))
    result = call("remind", *MONTH)
    assert "was edited by hand: kept as 2019-11-down-b-su-co-truy-cap-da-sua-1.docx" in result.stderr
    assert not notice.exists()
    assert (LETTERS / "2019-11-down-b-su-co-truy-cap-da-sua-1.docx").read_bytes() == b"numbered, signed, sent"


def test_nobody_writes_to_a_unit_that_is_no_more(call: Callable[..., Result]) -> None:
    more_units(seen("gone-c"), seen("empty-a"))
    file = Path("portals.yaml")
    ends = file.read_text("utf-8").replace("key: gone-c,", "key: gone-c, valid_to: 2019-11-10,")
    file.write_text(ends, "utf-8")
    assert call("remind", *MONTH, "--sheets").exit_code == 0
    assert {file.name for file in LETTERS.glob("*gone-c*")} == {"2019-11-gone-c-phieu-kiem-tra.docx"}
    assert (LETTERS / "2019-11-empty-a-nhac-nho.docx").exists()


def test_who_sent_no_report_is_reminded_where_others_did(call: Callable[..., Result]) -> None:
    assert call("remind", *MONTH).exit_code == 0
    before = text_of(LETTERS / "2019-11-good-b-nhac-nho.docx")
    assert "chưa nhận được báo cáo" not in before  # it lacks sections only
    assert call(*NOTED).stdout == "good-a: 12/BC-SA noted for 2019-11\n"
    assert call("remind", *MONTH).exit_code == 0
    assert "chưa nhận được báo cáo tháng 11/2019" in text_of(LETTERS / "2019-11-good-b-nhac-nho.docx")
    assert "chưa nhận được báo cáo" not in text_of(LETTERS / "2019-11-good-a-nhac-nho.docx")


def test_who_lacks_the_report_alone_is_asked_for_the_report_alone() -> None:
    facts = {"unit": unit("Sở Y tế", 2), "visits": [], "lacking": Lacking(nothing=False, sections=(), report=True)}
    told = "\n".join(
        block.text for block in written("reminder.txt.j2", {"figures": month([]), **facts, "is_open": False})
    )
    assert "chưa nhận được báo cáo tháng 11/2019 của đơn vị. Đề nghị đơn vị gửi báo cáo về Văn phòng UBND" in told
    assert "địa chỉ" not in told


def test_what_units_report_is_compared_count_by_count_and_post_by_post(call: Callable[..., Result]) -> None:
    assert call(*NOTED).exit_code == 0
    assert call("received", *MONTH).stdout.splitlines() == [
        "good-a                   12/BC-SA of 2019-11-19: says 3 (+1), counted 2",
        "good-b                   nothing received; counted 1",
    ]
    head = "unit,month,date,number,count,title,url\n"
    listed = (
        f"good-a,2019-11,2019-11-19,13/BC-SA,2,,{url('good-a', 1)}\ngood-a,2019-11,2019-11-19,13/BC-SA,,Tin khác,\n"
    )
    Path("sent.csv").write_text(head + listed, "utf-8")
    assert call("received", "--file", "sent.csv").stdout == "1 document noted\n"
    told = call("received", *MONTH).stdout
    assert "13/BC-SA of 2019-11-19: says 2 (+0), counted 2" in told
    assert "only theirs: Tin khác (không thấy trên cổng)" in told
    assert "only ours:   Lịch tiếp công dân tháng 2" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("received", "so-x", *NOTED[2:]), "there is no unit 'so-x'"),
        (("received", "good-a", *MONTH, "--date", "2019-12-01", "--number", "1"), "2019-12-01 has not come yet"),
        (("received", "good-a", *MONTH, "--date", "2019-11-19", "--number", " "), "number has 1 to 200 characters"),
        (("received", "good-a", "--month", "2020-01", *NOTED[4:]), "2020-01 has not begun"),
        (("received", "good-a", *MONTH), "needs --date and --number"),
        (("received",), "Missing option '--month'"),
        (("received", "--file", "nowhere.csv"), "cannot be read"),
        (("received", "good-a", "--file", "sent.csv"), "leave the unit and the other options out"),
        (("remind", "--month", "2020-05"), "2020-05 has not begun"),
        (("remind", *MONTH, "--output", "portals.yaml/x"), "the letters cannot be written"),
    ],
)
def test_bad_input_says_why(call: Callable[..., Result], words: tuple[str, ...], told: str) -> None:
    result = call(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_months_and_days_are_read_as_offices_write_them(call: Callable[..., Result]) -> None:
    rows = "good-a;11/2019;19/11/2019;12/BC-SA;2\ngood-b;2019-11-01;2019-11-18;7/BC-SB;1\n"
    Path("sent.csv").write_text("đơn vị;tháng;ngày;số;số lượt\n" + rows, "utf-8")
    assert call("received", "--file", "sent.csv").stdout == "2 documents noted\n"
    assert call("received", "good-b", *MONTH, "--date", "20/11/2019", "--number", "8/BC-SB").exit_code == 0
    assert call("received", *MONTH).stdout.splitlines() == [
        "good-a                   12/BC-SA of 2019-11-19: says 2 (+0), counted 2",
        "good-b                   8/BC-SB of 2019-11-20: says no number, counted 1",
    ]


def test_a_listed_post_is_found_by_its_title_where_its_address_is_written_otherwise(
    call: Callable[..., Result],
) -> None:
    head = "unit,month,date,number,count,title,url\n"
    other = url("good-a", 1).replace("http://", "https://www.")
    row = f"good-a,2019-11,2019-11-19,12/BC-SA,1,LỊCH TIẾP CÔNG DÂN THÁNG 1,{other}\n"
    Path("sent.csv").write_text(head + row, "utf-8")
    assert call("received", "--file", "sent.csv").exit_code == 0
    assert "only theirs" not in call("received", *MONTH).stdout
    Path("sent.csv").write_text(head + row.replace(",1,LỊCH", f",{10**23},LỊCH"), "utf-8")
    assert "is no count" in call("received", "--file", "sent.csv").stderr


def test_what_a_unit_says_is_not_held_against_a_zero_nobody_proved(call: Callable[..., Result]) -> None:
    more_units(seen("down-b", Outcome.UNREACHABLE, Cause.TIMEOUT))
    assert call("received", "down-b", *NOTED[2:]).exit_code == 0
    told = call("received", *MONTH).stdout
    assert "down-b                   12/BC-SA of 2019-11-19: says 3, not observable\n" in told


def test_a_unit_reports_on_months_it_existed_in(call: Callable[..., Result]) -> None:
    file = Path("portals.yaml")
    old = "  - {key: old-c, name: C, level: department, url: 'http://c.example.gov.vn/', valid_to: 2019-09-30}\n"
    file.write_text(file.read_text("utf-8") + old, "utf-8")
    result = call("received", "old-c", *NOTED[2:])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "old-c is no unit of 2019-11: see valid_from and valid_to in portals.yaml" in result.stderr


def test_a_wrong_file_of_reports_is_refused_whole(call: Callable[..., Result]) -> None:
    rows = "good-a,2019-11,2019-11-19,1\nso-x,2019-11,2019-11-19,2\ngood-b,11,2019-11-19,3\ngood-b,2019-11,soon,4\n"
    Path("sent.csv").write_text("unit,month,date,number\n" + rows, "utf-8")
    result = call("received", "--file", "sent.csv")
    assert result.exit_code == 2
    assert [f"row {number}" in result.stderr for number in (2, 3, 4, 5)] == [False, True, True, True]
    assert "12/BC" not in call("received", *MONTH).stdout


def test_the_report_names_who_sent_one(call: Callable[..., Result]) -> None:
    assert call("report", *MONTH, "--formats", "json").exit_code == 0
    file = Path("data/reports/2019-11.json")
    assert json.loads(file.read_text("utf-8"))["received"] == []
    assert call(*NOTED).exit_code == 0
    assert call("report", *MONTH, "--formats", "json,html").exit_code == 0
    assert json.loads(file.read_text("utf-8"))["received"] == ["good-a"]
    assert "Đã gửi báo cáo" in file.with_suffix(".html").read_text("utf-8")
