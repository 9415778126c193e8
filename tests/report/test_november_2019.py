"""The report of November 2019 against the one its office published: every figure and name of it that is consistent
stands in ours; what contradicted itself is absent or told.

The facts are the published report's own (daknong.gov.vn, 04/12/2019), each beside the words ours has for it.
"""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest

from auditor.audit.checks import checks
from auditor.audit.month import MonthFigures
from auditor.outcomes import Verdict
from auditor.report.as_docx import month_docx
from auditor.report.as_json import month_json
from auditor.report.as_text import month_summary
from auditor.report.as_xlsx import month_xlsx
from auditor.report.narrative import narrative
from tests.report.province import november_2019

FACTS = json.loads(Path(__file__).with_name("original_2019.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def figures() -> MonthFigures:
    return replace(november_2019(), received=tuple(FACTS["senders"]))


@pytest.fixture(scope="module")
def said(figures: MonthFigures) -> str:
    return "\n".join(block.text for block in narrative(figures))


def parts(said: str, start: str) -> str:
    """The lines that begin so."""
    lines = [line for line in said.splitlines() if line.startswith(start)]
    assert lines, start
    return "\n".join(lines)


@pytest.mark.parametrize("fact", FACTS["figures"], ids=lambda fact: fact["original"])
def test_every_consistent_figure_stands_in_it(fact: dict[str, str], said: str) -> None:
    assert fact["ours"] in said


@pytest.mark.parametrize(("name", "count"), FACTS["counts"].items(), ids=list(FACTS["counts"]))
def test_every_unit_has_its_count(name: str, count: int, figures: MonthFigures, said: str) -> None:
    unit = next(one for one in figures.units if one.key == name)
    assert unit.tally.count == count
    record = next(one for one in json.loads(month_json(figures))["units"] if one["key"] == name)
    assert record["count"] == count
    row = next(row for row in _annex(figures) if row[1] == unit.name)
    assert row[7] == str(count)
    if count and unit.level != "portal":
        ranked = next(part for part in parts(said, "Cấp").replace("\n", "; ").split("; ") if _names(part, unit.key))
        assert f"{count:02d} lượt)" in ranked


def _names(part: str, key: str) -> bool:
    return FACTS["printed_names"][key] in part and "lượt)" in part


def _annex(figures: MonthFigures) -> list[list[str]]:
    annex = _opened(figures).tables[2]
    return [[cell.text for cell in row.cells] for row in annex.rows]


_DOCUMENTS: dict[int, docx.document.Document] = {}


def _opened(figures: MonthFigures) -> docx.document.Document:
    if id(figures) not in _DOCUMENTS:
        _DOCUMENTS[id(figures)] = docx.Document(io.BytesIO(month_docx(figures, narrative(figures))))
    return _DOCUMENTS[id(figures)]


@pytest.mark.parametrize("key", FACTS["none"])
def test_who_posted_nothing_is_named_as_such_and_nowhere_else(key: str, said: str) -> None:
    name = FACTS["printed_names"][key]
    assert name in parts(said, "Không đăng tải thông tin trong kỳ")
    praised = [line for line in said.splitlines() if "có đăng tải thông tin trong kỳ:" in line or "lượt)" in line]
    assert praised
    assert not [line for line in praised if name in line.split(". Chưa tạo đủ")[0]]


@pytest.mark.parametrize("key", FACTS["senders"])
def test_who_sent_a_report_is_named(key: str, said: str) -> None:
    assert FACTS["printed_names"][key] in parts(said, "Đã gửi báo cáo")


def test_no_other_is_said_to_have_sent_one(said: str) -> None:
    line = parts(said, "Đã gửi báo cáo")
    assert "(09 đơn vị)" in line
    assert "Chưa ghi nhận báo cáo của 08 đơn vị còn lại" in line
    others = set(FACTS["counts"]) - set(FACTS["senders"]) - {"cong-tinh"}
    assert not [key for key in others if FACTS["printed_names"][key] in line]
    assert "Chưa ghi nhận đơn vị cấp huyện nào gửi báo cáo" in said


@pytest.mark.parametrize("contradiction", FACTS["contradictions"], ids=lambda one: one["original"])
def test_every_contradiction_is_absent_or_told(contradiction: dict[str, list[str]], said: str) -> None:
    assert not [words for words in contradiction["never"] if words in said]
    assert not [words for words in contradiction["told"] if words not in said]


def test_the_sheets_say_the_same(figures: MonthFigures) -> None:
    book = openpyxl.load_workbook(io.BytesIO(month_xlsx(figures)))
    rows = {row[1].value: row[7].value for row in book["Tổng hợp"].iter_rows(min_row=3)}
    assert (rows["Cấp tỉnh"], rows["Cấp huyện"], rows["Tổng cộng"]) == (42, 91, 133)
    assert {unit.name: rows[unit.name] for unit in figures.units} == {
        unit.name: FACTS["counts"][unit.key] for unit in figures.units
    }


def test_its_contradictions_fail_the_checks(figures: MonthFigures) -> None:
    """What the office printed, put into the month object: each is found, by its name."""
    assert all(check.ok for check in checks(figures))
    district = next(unit for unit in figures.units if unit.key == "krong-no")
    all_posted = replace(
        figures,
        units=tuple(
            replace(unit, verdict=Verdict.PUBLISHED) if unit.tally.count == 0 else unit for unit in figures.units
        ),
    )
    assert failed(all_posted) >= {
        "the units said to have published are those with a count",
        "the numbers of units said of all are the sums of the groups'",
    }
    left_over = replace(figures, total=replace(figures.total, count=161, previous=161))
    assert "a total equal to the month before's is the sum of its units" in failed(left_over)
    assert "total equals the sum of the groups" in failed(left_over)
    short = replace(figures.groups[0], tally=replace(figures.groups[0].tally, count=38))
    assert "each group equals the sum of its units" in failed(replace(figures, groups=(short, figures.groups[1])))
    twice = replace(figures, units=(*figures.units, district))
    assert "every unit stands in exactly one of the three lists" in failed(twice)
    late = replace(figures, previous_window=figures.month.preceding().preceding().window(18))
    assert "the window begins the day after the one before ended" in failed(late)


def failed(figures: MonthFigures) -> set[str]:
    found = replace(figures, checks=checks(figures))
    names = {check.check for check in found.checks if not check.ok}
    assert names, "nothing failed"
    blocks = [block.text for block in narrative(found)]
    assert all(any(text.startswith("Số liệu chưa khớp") for text in blocks) for _ in names)
    assert all(f"CHECK FAILED: {name}" in month_summary(found) for name in names)
    told = {check["check"] for check in json.loads(month_json(found))["checks"] if not check["ok"]}
    assert told == names
    return names
