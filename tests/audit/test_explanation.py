"""Why this number, why this zero: what the office reads out."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from audit_world import SITE, ZONE, Audit, at, post, visit
from hypothesis import given
from hypothesis import strategies as st

from auditor.audit.afterwards import Closed
from auditor.audit.explanation import Explanation, explain
from auditor.audit.month import Removed
from auditor.observation import Coverage, Placement
from auditor.outcomes import Cause, Outcome
from auditor.report.as_explanation import _folded, answer, explanation_json, explanation_text
from auditor.text import printable

DOWN: dict[str, Any] = {"outcome": Outcome.UNREACHABLE, "cause": Cause.TIMEOUT, "detail": "http://x/ timed \x1b[31mout"}
BOTH = (
    Coverage(f"{SITE}/lich", "Lịch tiếp công dân", pages=2, promised=2, rows=15, complete=True),
    Coverage(f"{SITE}/don", "Giải quyết đơn thư", pages=1, rows=4, complete=True),
)


def told(audit: Audit, today: date = date(2019, 11, 20)) -> Explanation:
    figures = audit.figures(today=today)
    unit = next(unit for unit in figures.units if unit.key == "so-noi-vu")
    with audit.database.session() as session:
        return explain(session, audit.jurisdiction, figures, unit, today=today)


def test_a_zero_is_explained_by_what_was_read(audit: Audit) -> None:
    audit.saw(
        visit("2019-11-18 01:00", listings=BOTH), visit("2019-11-19 01:00", post(1, title="Tập huấn"), listings=BOTH)
    )
    text = explanation_text(told(audit))
    assert "KHÔNG ĐĂNG TẢI" in text
    assert "Từ 19/10/2019 đến 18/11/2019, Sở Nội vụ không có tin nào được tính. Căn cứ lần kiểm tra 01:00" in text
    assert "đã đọc đủ 2 danh sách, 3 trang, trở về đến ngày 19/10/2019." in text
    assert "Lịch tiếp công dân: 2/2 trang, 15 tin, đủ" in text
    assert "1 tin: không thuộc năm mục tin" in text
    assert "hỏi địa chỉ của tin" in text
    assert "lần kiểm tra này không có bản lưu" in text
    assert "không có bản lưu" not in explanation_text(replace(told(audit), evidence="evidence/so-noi-vu/x.warc.gz"))


def test_what_could_not_be_read_is_never_told_as_nothing(audit: Audit) -> None:
    audit.saw(
        visit("2019-11-10 01:00", listings=BOTH), *(visit(f"2019-11-{day} 01:00", **DOWN) for day in range(11, 20))
    )
    explanation = told(audit)
    said = answer(explanation)
    assert "chưa kết luận được, vì máy chủ không trả lời" in said
    assert "Không coi là đơn vị không đăng tải." in said
    assert "Lần đọc đầy đủ gần nhất: 01:00 ngày 10/11/2019." in said
    text = explanation_text(explanation)
    assert "đọc được đầy đủ 1/10 đêm" in text
    assert "01:00 ngày 11/11/2019 – 01:00 ngày 19/11/2019, 9 lần: không truy cập được" in text
    assert "trước có 15 tin" in text, "the listings that the last good visit had"
    assert "Gọi đơn vị" in text
    assert "\x1b" not in text
    assert len(text.splitlines()) < 40


def test_counted_posts_stand_by_category_with_their_reason_and_no_text_takes_effect(audit: Audit) -> None:
    schedules = [post(number, title="Lịch tiếp công dân\x1b]0;pwned\x07") for number in range(6)]
    audit.saw(visit("2019-11-19 01:00", *schedules, post(9, title="Báo cáo"), listings=BOTH))
    text = explanation_text(told(audit))
    assert "có 7 tin được tính" in text
    assert "… và 2 tin nữa: auditor items --month 2019-11 --unit so-noi-vu" in text
    assert "(tiêu đề: báo cáo)" in text
    assert not {"\x1b", "\x07"} & set(text)
    assert "Cần làm" not in text


def test_a_listing_that_was_lost_is_named(audit: Audit) -> None:
    lost = Coverage(
        f"{SITE}/lich", "Lịch tiếp công dân", pages=1, promised=2, rows=9, lost=(f"{SITE}/lich?p=2: timeout",)
    )
    partial = {"outcome": Outcome.PARTIAL, "cause": Cause.LISTING_LOST}
    audit.saw(
        visit("2019-11-18 01:00", post(1), listings=BOTH),
        visit("2019-11-19 01:00", post(1), listings=(lost,), **partial),
    )
    text = explanation_text(told(audit))
    assert "có 1 tin được tính" in text
    assert "Đây là mức tối thiểu" in text
    assert "1/2 trang, 9 tin, CHƯA ĐỦ" in text
    assert "không đọc được: /lich?p=2: timeout" in text
    assert "Giải quyết đơn thư: trước có 4 tin" in text
    assert "auditor crawl so-noi-vu" in text


def test_nothing_known_is_told_as_such(audit: Audit) -> None:
    text = explanation_text(told(audit))
    assert "chưa kiểm tra lần nào trong kỳ" in text
    assert "Chưa có lần nào đọc được đầy đủ." in text
    record = json.loads(explanation_json(told(audit)))
    assert (record["decisive"], record["visits"], record["last_complete"]) == (None, [], None)


def test_json_holds_audit_s_record_and_what_stands_behind_it(audit: Audit) -> None:
    audit.saw(visit("2019-11-10 01:00", listings=BOTH), visit("2019-11-19 01:00", **DOWN))
    record = json.loads(explanation_json(told(audit)))
    assert (record["key"], record["verdict"], record["cause"]) == ("so-noi-vu", "not_observable", "timeout")
    assert [each["outcome"] for each in record["visits"]] == ["complete", "unreachable"]
    assert record["decisive"]["started"] == "2019-11-18T18:00:00+00:00"
    assert at("2019-11-10 01:00").astimezone(ZONE).isoformat() != record["last_complete"] == "2019-11-09T18:00:00+00:00"
    assert [each["label"] for each in record["missing_listings"]] == ["Lịch tiếp công dân", "Giải quyết đơn thư"]
    assert record["advice"].startswith("Gọi đơn vị")


def test_a_closed_month_and_findings_are_told_with_what_to_do(audit: Audit) -> None:
    late = post(2, "2019-11-05")
    item = replace(late, placements=(Placement(late.url, f"{SITE}/lich", "Lịch tiếp công dân"),))
    audit.saw(visit("2019-11-10 01:00", listings=BOTH), visit("2019-11-19 01:00", item, listings=BOTH))
    explanation = told(audit)
    text = explanation_text(explanation)
    [counted] = explanation.unit.items
    assert f"[{counted.id}]" in text
    assert "1 tin ghi ngày đăng trái với các đêm kiểm tra: hỏi đơn vị ngày đăng thật" in text
    assert f"auditor evidence {counted.id}" in text
    gone = replace(counted, backdated=None, removed=Removed("", (), "", counted.url, 404, "đã bị gỡ khỏi cổng"))
    closed = Closed(at("2019-11-20 08:00"), "Lê\x1b An", "1")
    changed = replace(
        explanation,
        unit=replace(explanation.unit, items=(gone,)),
        figures=replace(explanation.figures, closed=closed),
    )
    text = explanation_text(changed)
    assert "Số liệu đã chốt lúc 08:00 ngày 20/11/2019 (Lê An), không đổi nữa" in text
    assert f"1 tin đã bị gỡ vẫn được tính; trang đã lưu: auditor evidence {counted.id}." in text


@given(st.integers(40, 200), st.text(max_size=30))
def test_a_screen_is_folded_and_nothing_is_lost(width: int, title: str) -> None:
    line = f"  Tin: {printable(title)} từ ngày 01/11/2019 đến ngày 30/11/2019, máy chủ không trả lời, đọc đủ 3 trang"
    folded = _folded(line, width)
    assert folded.split() == line.split()
    assert all(len(each) <= width for each in folded.splitlines())
    assert _folded(line, None) == line.rstrip()
