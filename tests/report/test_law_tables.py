"""What the annexes say of the law: one row per unit, one per rule not kept, all of it in the workbook and the JSON."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import docx
import openpyxl

from auditor.audit.law.finding import Finding, Present, Ruling, Standing
from auditor.audit.month import MonthFigures
from auditor.categories import Category
from auditor.report import law_tables
from auditor.report.as_docx import month_docx
from auditor.report.as_html import month_html
from auditor.report.as_json import month_json
from auditor.report.as_text import unit_text
from auditor.report.as_xlsx import month_xlsx
from auditor.report.narrative import narrative
from tests.report.province import month, unit

ADDRESS = "http://a.gov.vn/lich?x=<b>"


def finding(rule: str, verdict: Ruling, **changes: object) -> Finding:
    values = {"text": "Có lịch", "expected": "lịch tháng", "seen": "thấy <i>gì</i>", "basis": "Điều 24", **changes}
    return Finding(rule=rule, verdict=verdict, **values)  # type: ignore[arg-type]


def figures() -> MonthFigures:
    found = (
        finding("R01", Ruling.OK, items=(ADDRESS,)),
        finding("R02", Ruling.VIOLATED, items=(ADDRESS,)),
        finding("R03", Ruling.CANNOT_BE_DECIDED),
        finding("R06", Ruling.NOT_APPLICABLE),
    )
    judged = unit("Sở Y tế", 2, findings=found)
    present = dict(zip(Category, [Present.YES, Present.NO, *[Present.CANNOT_BE_DECIDED] * 3], strict=True))
    categories = {key: replace(one, standing=Standing(present[key])) for key, one in judged.categories.items()}
    return month([replace(judged, categories=categories), unit("Sở Nội vụ")])


def test_one_row_per_unit_with_what_is_present_and_which_rules_are_not_kept() -> None:
    first, second = law_tables.present(figures()).rows
    assert first.cells == (1, "Sở Y tế", "Có", "Không", None, None, None, 1, 1, "R02")
    assert second.cells == (2, "Sở Nội vụ", None, None, None, None, None, 0, 0, "")


def test_one_row_per_rule_not_kept() -> None:
    [row] = law_tables.not_kept(figures()).rows
    assert row.cells[1:6] == ("Sở Y tế", "R02. Có lịch", "lịch tháng", "thấy <i>gì</i>", "Điều 24")


def test_the_workbook_has_every_rule_that_applies() -> None:
    book = openpyxl.load_workbook(io.BytesIO(month_xlsx(figures())))
    rows = [[cell.value for cell in row[1:5]] for row in book["Đối chiếu quy định"].iter_rows(min_row=3)]
    assert rows == [
        ["Sở Y tế", "R01", "Có lịch", "đạt"],
        ["Sở Y tế", "R02", "Có lịch", "chưa đạt"],
        ["Sở Y tế", "R03", "Có lịch", "chưa kết luận được"],
    ]


def test_the_documents_annexes() -> None:
    text = month_docx(figures(), narrative(figures()))
    document = docx.Document(io.BytesIO(text))
    said = [paragraph.text for paragraph in document.paragraphs]
    assert [line for line in said if line.startswith("Phụ lục ")] == [
        f"Phụ lục {number}" for number in ["I", "II", "III", "IV", "V", "VI"]
    ]
    assert [cell.text for cell in document.tables[-2].rows[1].cells][2] == "R02. Có lịch"
    assert [cell.text for cell in document.tables[-1].rows[1].cells][2:4] == ["31", "30"], "nights tried, and observed"


def test_a_month_without_a_broken_rule_has_no_annex_of_them() -> None:
    kept = month([unit("Sở Y tế", 1)])
    document = docx.Document(io.BytesIO(month_docx(kept, narrative(kept))))
    assert "Phụ lục VI" not in [paragraph.text for paragraph in document.paragraphs]
    assert not [one.text for one in document.paragraphs if "CHƯA THỰC HIỆN ĐÚNG" in one.text]


def test_the_page_escapes_what_was_seen() -> None:
    page = month_html(figures(), narrative(figures()))
    assert "thấy &lt;i&gt;gì&lt;/i&gt;" in page
    assert "<i>gì" not in page


def test_the_json_has_every_finding_and_what_is_present() -> None:
    record = json.loads(month_json(figures()))["units"][0]
    assert [(each["rule"], each["verdict"]) for each in record["findings"]] == [
        ("R01", "ok"),
        ("R02", "violated"),
        ("R03", "cannot_be_decided"),
        ("R06", "not_applicable"),
    ]
    assert record["findings"][0]["items"] == [ADDRESS]
    assert record["categories"]["rules"]["present"] == "no"
    assert record["categories"]["schedule"]["in_force"] == {"items": [], "from": None, "to": None}
    assert record["count"] == 2


def test_the_terminal_shows_what_is_not_kept_at_length() -> None:
    text = unit_text(figures(), "sở-y-tế")
    assert "R02  chưa đạt: Có lịch" in text
    assert "asked for: lịch tháng (Điều 24)" in text
    assert "R03  chưa kết luận được: thấy" in text
    assert "đạt: R01" in text
