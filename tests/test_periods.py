"""`auditor report --period`: months added up, what was learnt since shown apart, against the year before."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from auditor.audit.closing import Signing, close
from auditor.audit.cumulating import span_figures, standing_for
from auditor.audit.spans import MonthSum, SpanFigures, SpanSum
from auditor.outcomes import Cause, Outcome
from auditor.portals import Group, Jurisdiction, Level, Unit
from auditor.report.as_span import comparison, months_table, span_json, span_makers, span_text
from auditor.store.database import Database
from auditor.store.ingest import Classifier, ingest
from auditor.window import Month, Span
from tests.audit.audit_world import DAK_MIL, NOI_VU, at, decide, post, province, visit
from tests.test_correcting import _no_trace_of_the_commands, call, url
from tests.test_office import CLOSE, _two_days_after

__all__ = ["_no_trace_of_the_commands", "_two_days_after", "call"]  # fixtures every test here uses

PAST = "period,group,count\n" + "".join(
    f"2018-{month:02d},total,100\n" + (f"2019-{month:02d},total,16\n" if month < 11 else "") for month in range(1, 12)
)


def period(call: Callable[..., Result], name: str) -> dict[str, Any]:
    result = call("report", "--period", name)
    assert result.exit_code in (0, 3), result.output
    found: dict[str, Any] = json.loads(Path(f"data/reports/{name}.json").read_text("utf-8"))
    return found


def test_a_year_to_date_adds_up_its_months_and_shows_what_was_learnt_since(call: Callable[..., Result]) -> None:
    Path("old.csv").write_text(PAST, "utf-8")
    assert call("import-history", "old.csv").exit_code == 0
    assert call(*CLOSE).exit_code == 0
    call("items", "set", url("good-a", 1), "--not-counted", "--by", "Trần Bình", "--reason", "lịch tuần")
    found = period(call, "2019-11M")
    assert [(one["source"], one["count"], one["later"]) for one in found["now"]["months"]] == [
        *[("history", 16, 0)] * 10,
        ("closed", 3, -1),
    ]
    now = found["now"]
    assert (now["reported"], now["later"], now["cumulative"], found["change"]) == (163, -1, 162, -938)
    text = "\n".join(paragraph.text for paragraph in docx.Document("data/reports/2019-11M.docx").paragraphs)
    assert "đã đăng tải 162 lượt thông tin (giảm 938 lượt so với 11 tháng đầu năm 2018)" in text
    assert "được 163 lượt; ghi nhận bổ sung sau khi chốt làm giảm 1 lượt; số lũy kế là 162 lượt" in text
    book = openpyxl.load_workbook("data/reports/2019-11M.xlsx")
    assert book.sheetnames == ["Theo tháng", "Theo đơn vị"]
    assert [cell.value for cell in list(book["Theo tháng"].rows)[-1][:4]] == ["Cộng", 163, -1, 162]
    assert "giảm 938 lượt" in Path("data/reports/2019-11M.html").read_text("utf-8")


def test_months_that_nobody_knows_are_named_and_nothing_is_compared(call: Callable[..., Result]) -> None:
    found = period(call, "2019")
    assert found["now"]["missing"] == [*(f"2019-{month:02d}" for month in range(1, 10)), "2019-12"]
    assert (found["change"], found["comparable"], found["now"]["whole"]) == (None, False, False)
    result = call("report", "--period", "2019", "--formats", "json")
    assert result.exit_code == 3
    assert "not known: 2019-01, 2019-02" in result.stdout


def test_what_was_written_for_a_whole_period_stands_where_months_are_missing(call: Callable[..., Result]) -> None:
    Path("old.csv").write_text("period,group,count\n2019-9M,total,1200\n2018-9M,total,927\n", "utf-8")
    call("import-history", "old.csv")
    found = period(call, "2019-9M")
    assert (found["now"]["cumulative"], found["change"]) == (1200, 273)
    assert "tăng 273 lượt so với 9 tháng đầu năm 2018" in Path("data/reports/2019-9M.html").read_text("utf-8")


def test_a_year_takes_the_nine_months_written_down_and_adds_what_came_after(call: Callable[..., Result]) -> None:
    """What an office has that began with the system in October."""
    past = "2019-9M,total,1200\n2019-H1,total,700\n2019-10,total,40\n2018-Q4,total,300\n2018-9M,total,900\n"
    Path("old.csv").write_text(f"period,group,count\n{past}", "utf-8")
    assert call("import-history", "old.csv").exit_code == 0
    assert call(*CLOSE).exit_code == 0
    found = period(call, "2019-11M")
    assert found["now"]["inside"] == [{"period": "2019-9M", "count": 1200}]
    assert (found["now"]["reported"], found["now"]["cumulative"], found["now"]["missing"]) == (1243, 1243, [])
    assert (found["before"]["cumulative"], found["change"]) == (900, None)
    book = openpyxl.load_workbook("data/reports/2019-11M.xlsx")
    rows = [[cell.value for cell in row] for row in book["Theo tháng"].rows][-4:]
    assert rows == [
        ["9 tháng đầu năm 2019", 1200, 0, 1200, "số liệu nhập", 900],
        ["tháng 10/2019", 40, 0, 40, "số liệu nhập", "–"],
        ["tháng 11/2019", 3, 0, 3, "đã chốt", "–"],
        ["Cộng", 1243, 0, 1243, "–", 900],
    ]
    page = Path("data/reports/2019-11M.html").read_text("utf-8")
    assert "Số liệu 9 tháng đầu năm 2019 lấy theo số liệu đã nhập riêng cho cả kỳ đó: 1.200 lượt." in page
    assert "cộng số liệu đã báo cáo được 1.243 lượt" in page
    year = period(call, "2019")["before"]
    assert (year["cumulative"], [one["period"] for one in year["inside"]]) == (1200, ["2018-9M", "2018-Q4"])
    assert "2019-9M       1200  written down, stands for its months" in call("report", "--period", "2019-11M").stdout


def test_a_period_written_for_some_groups_only_is_no_total(call: Callable[..., Result]) -> None:
    text = Path("portals.yaml").read_text("utf-8")
    district = "  - {key: h, name: UBND huyện H, level: district, url: 'http://h.example.gov.vn/'}\n"
    Path("portals.yaml").write_text(text + district, "utf-8")
    Path("old.csv").write_text("period,group,count\n2018-9M,provincial,900\n", "utf-8")
    assert call("import-history", "old.csv").exit_code == 0
    assert period(call, "2019-11M")["before"]["cumulative"] is None
    more = "period,group,count\n2018-9M,provincial,900\n2018-9M,district,50\n"
    Path("old.csv").write_text(more, "utf-8")
    assert call("import-history", "old.csv").exit_code == 0
    assert period(call, "2019-11M")["before"]["cumulative"] == 950


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--period", "2030"), "2030 has not begun"),
        (("--period", "2018"), "nothing is known of any month of 2018"),
        (("--period", "2019-Q9"), "is not a period"),
        ((), "Missing option '--month' (or '--period')"),
        (("--period", "2019", "--month", "2019-11"), "Give either --month or --period"),
    ],
)
def test_a_period_that_cannot_be_reported_says_why(
    call: Callable[..., Result], words: tuple[str, ...], told: str
) -> None:
    result = call("report", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_a_period_across_a_change_of_units_has_every_group_and_no_zero_without_proof(tmp_path: Path) -> None:
    """Districts until the second month, communes from the third; of one department nothing could be said in between."""
    district = Unit("h", "UBND huyện H", Level.DISTRICT, "http://h.example/", valid_to=date(2025, 6, 30))
    commune = Unit("x", "UBND xã X", Level.COMMUNE, "http://x.example/", valid_from=date(2025, 7, 1))
    seen, unseen = (Unit(key, f"Sở {key}", Level.DEPARTMENT, f"http://{key}.example/") for key in ("s", "u"))
    lands = province(seen, unseen, district, commune, cutoff_day=14)
    with Database.open(f"sqlite:///{tmp_path / 'auditor.db'}") as database:
        for month in (Month(2025, 5), Month(2025, 6), Month(2025, 7), Month(2025, 8)):
            window = month.window(14)
            night = f"{window.last + timedelta(days=1)} 02:00"
            for unit in lands.units_valid_in(window):
                lost = unit.key == "u" and month.number == 6
                facts = {"outcome": Outcome.UNREACHABLE, "cause": Cause.DNS} if lost else {}
                posts = [] if lost else [post(month.number, str(window.last if unit is not district else window.first))]
                with database.transaction() as session:
                    observed = visit(night, *posts, unit=unit.key, first_day=window.first, **facts)
                    ingest(session, lands, observed, classifier=Classifier(decide, "test"))
        with database.session() as session:
            found = span_figures(session, lands, Span(2025, 5, 8), today=date(2025, 9, 1))
    assert [found.now.group(group) for group in found.now.groups] == [7, 3, 2]
    assert found.now.counted == 12
    assert [one.units.get("u") for one in found.now.months] == [1, None, 1, 1]
    assert found.changed == ("UBND huyện H", "UBND xã X")
    assert not found.now.whole
    told = paper(found)
    assert "Cấp huyện: 03 lượt" in told
    assert "Cấp xã: 02 lượt" in told
    assert "Có tháng chưa kiểm tra trọn vẹn mọi đơn vị, số lượt nêu trên là mức tối thiểu" in told
    assert "tháng 5/2025, tháng 6/2025, tháng 7/2025" in told


def test_what_portals_still_show_of_last_year_is_no_year_to_compare_with(tmp_path: Path) -> None:
    department = Unit("s", "Sở s", Level.DEPARTMENT, "http://s.example/")
    lands = province(department)
    with Database.open(f"sqlite:///{tmp_path / 'auditor.db'}") as database:
        with database.transaction() as session:
            posts = post(1, "2019-11-05"), post(2, "2018-11-05")
            whole = visit("2019-11-19 02:00", *posts, unit="s", first_day=date(2019, 10, 19))
            ingest(session, lands, whole, classifier=Classifier(decide, "test"))
        with database.session() as session:
            found = span_figures(session, lands, Span(2019, 11, 11), today=date(2019, 11, 20))
    assert (found.now.cumulative, found.before.cumulative, found.change) == (1, 1, None)
    assert "chưa đủ số liệu" in comparison(found)
    assert "Số liệu cùng kỳ năm trước của tháng 11/2018 chỉ gồm các tin còn hiện trên cổng" in paper(found)


@pytest.mark.parametrize(
    ("later", "told", "regular"),
    [
        (province(NOI_VU), "Danh sách đơn vị của hai kỳ khác nhau (01 đơn vị thay đổi)", True),
        (province(NOI_VU, DAK_MIL, cutoff_day="end"), "Hai kỳ không cùng số ngày (73 và 61 ngày)", False),
    ],
)
def test_a_year_is_compared_with_the_list_and_the_days_its_months_were_closed_with(
    tmp_path: Path, later: Jurisdiction, told: str, *, regular: bool
) -> None:
    early, lands = date(2017, 1, 1), province(NOI_VU, DAK_MIL)
    with Database.open(f"sqlite:///{tmp_path / 'auditor.db'}") as database:
        for unit in lands.units:
            posts = [post(number, f"{year}-11-05") for number, year in enumerate((2018, 2019))]
            seen = visit("2020-01-02 02:00", *posts, unit=unit.key, first_day=early)
            with database.transaction() as session:
                ingest(session, lands, seen, classifier=Classifier(decide, "test"))
        for month in (Month(2018, 10), Month(2018, 11), Month(2019, 10)):
            with database.transaction() as session:
                close(session, lands, month, Signing("Lê An", at("2020-01-02 09:00"), "1.0"), today=date(2020, 1, 2))
        with database.session() as session:
            found = span_figures(session, later, Span(2019, 10, 11), today=date(2020, 1, 2))
    assert (found.comparable, found.is_regular) == (False, regular)
    assert found.units == (("so-noi-vu", "Sở Nội vụ"), ("dak-mil", "UBND huyện Đắk Mil"))
    assert sum(found.before.unit(key) or 0 for key, _ in found.units) == found.before.cumulative == 2
    assert told in paper(found)


def test_a_group_nobody_could_observe_has_no_sum_in_the_period(tmp_path: Path) -> None:
    department = Unit("s", "Sở s", Level.DEPARTMENT, "http://s.example/")
    district = Unit("h", "UBND huyện H", Level.DISTRICT, "http://h.example/")
    lands = province(department, district)
    lost = {"outcome": Outcome.UNREACHABLE, "cause": Cause.TIMEOUT}
    with Database.open(f"sqlite:///{tmp_path / 'auditor.db'}") as database:
        with database.transaction() as session:
            for unit, facts in ((department, {}), (district, lost)):
                seen = visit("2019-11-19 02:00", unit=unit.key, first_day=date(2019, 8, 1), **facts)
                ingest(session, lands, seen, classifier=Classifier(decide, "test"))
        with database.session() as session:
            found = span_figures(session, lands, Span(2019, 10, 11), today=date(2019, 11, 20))
    assert {group: found.now.group(group) for group in found.now.groups} == {Group.PROVINCIAL: 0, Group.DISTRICT: None}
    assert "Chưa đủ số liệu từng tháng để tính riêng: Cấp huyện." in paper(found)


def test_a_figure_written_for_the_whole_period_is_reconciled_with_the_months_that_are_known() -> None:
    months = (MonthSum(Month(2019, 1), "closed", 40, later=2), MonthSum(Month(2019, 2), "unknown", None))
    before = tuple(MonthSum(Month(2018, number), "unknown", None) for number in (1, 2))
    now = SpanSum(Span(2019, 1, 2), months, 100)
    figures = SpanFigures("tỉnh Thử", "Văn phòng", now, SpanSum(Span(2018, 1, 2), before), ())
    told = paper(figures)
    assert (
        "số lượt của cả kỳ lấy theo số liệu đã nhập riêng cho cả kỳ; cộng số liệu của các tháng đã có được 40" in told
    )
    assert "làm tăng 2 lượt, chênh lệch 58 lượt so với số liệu cả kỳ" in told
    assert "tối thiểu" not in told
    assert "Chưa đủ số liệu từng tháng để tính riêng: Cấp tỉnh; Cấp huyện; Cấp xã" in told


def paper(figures: SpanFigures) -> str:
    return str(span_makers(figures)["html"]())


def test_a_unit_s_sum_that_lacks_months_says_so() -> None:
    months = (
        MonthSum(Month(2019, 1), "history", 9, units={"a": 4, "b": 5}),
        MonthSum(Month(2019, 2), "history", 7, units={"b": 7}, lacking=frozenset({"a"})),
    )
    before = tuple(MonthSum(Month(2018, number), "unknown", None, lacking=frozenset("ab")) for number in (1, 2))
    spans = SpanSum(Span(2019, 1, 2), months), SpanSum(Span(2018, 1, 2), before)
    figures = SpanFigures("tỉnh Thử", "Văn phòng", *spans, (("a", "Sở A"), ("b", "Sở B")))
    book = openpyxl.load_workbook(io.BytesIO(bytes(span_makers(figures)["xlsx"]())))
    rows = [[cell.value for cell in row] for row in book["Theo đơn vị"].rows][-2:]
    assert rows == [[1, "Sở A", 4, "–", 4, "–", "chưa đủ các tháng: kỳ này"], [2, "Sở B", 5, 7, 12, "–", ""]]


COUNTS = st.none() | st.integers(0, 10_000)
MONTHS = st.lists(st.tuples(COUNTS, st.integers(-50, 50)), min_size=3, max_size=3)


def summed(year: int, counts: list[tuple[int | None, int]], written: int | None) -> SpanSum:
    months = tuple(
        MonthSum(Month(year, number), "closed", count, later=0 if count is None else later, whole=True)
        for number, (count, later) in enumerate(counts, start=1)
    )
    return SpanSum(Span(year, 1, 3), months, written)


@given(MONTHS, MONTHS, COUNTS, COUNTS)
def test_sums_equal_their_parts_and_nothing_is_compared_that_is_not_known(
    now: list[tuple[int | None, int]], before: list[tuple[int | None, int]], written: int | None, old: int | None
) -> None:
    figures = SpanFigures("tỉnh Thử", "Văn phòng", summed(2020, now, written), summed(2019, before, old), ())
    known = [count for count, _ in now if count is not None]
    assert figures.now.counted == (sum(known) if known else None)
    if len(known) == len(now):
        assert figures.now.cumulative == sum(known) + figures.now.later
    elif written is not None:
        assert figures.now.cumulative == written
    lacks = (len(known) < 3 and written is None) or (None in [count for count, _ in before] and old is None)
    assert (figures.change is None) == lacks
    record = json.loads(span_json(figures))
    assert record["change"] == figures.change
    assert ("chưa đủ số liệu" in comparison(figures)) == lacks
    assert span_text(figures).startswith("2020-Q1  tỉnh Thử")


INSIDE = st.sets(st.sampled_from([Span(0, 1, 2), Span(0, 2, 3), Span(0, 1, 1), Span(0, 3, 3)])).map(
    lambda spans: {span: 50 * span.first + span.last for span in spans}
)


def in_year(year: int, parts: dict[Span, int]) -> dict[Span, int]:
    return {replace(span, year=year): count for span, count in parts.items()}


@given(MONTHS, MONTHS, INSIDE, INSIDE)
def test_every_column_of_the_months_adds_up_whatever_was_written_down_of_parts(
    now: list[tuple[int | None, int]],
    before: list[tuple[int | None, int]],
    inside: dict[Span, int],
    old: dict[Span, int],
) -> None:
    spans = [
        replace(one, inside=standing_for(one.months, in_year(one.span.year, parts)))
        for one, parts in ((summed(2020, now, None), inside), (summed(2019, before, None), old))
    ]
    figures = SpanFigures("tỉnh Thử", "Văn phòng", spans[0], spans[1], ())
    cells = [row.cells for row in months_table(figures).rows]
    at = next(number for number, row in enumerate(cells) if row[0] == "Cộng")
    for column in (1, 3, 5):
        known = [row[column] for row in cells[:at] if isinstance(row[column], int)]
        assert cells[at][column] == (sum(known) if known else None)
    assert figures.now.cumulative == cells[at][3]
