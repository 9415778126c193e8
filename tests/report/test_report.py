"""The report's files: November 2019 as it should have been, and months nobody has had yet."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html

from auditor.audit.afterwards import Later, LaterKind, Restatement
from auditor.audit.month import Check, MonthFigures
from auditor.categories import Category
from auditor.errors import InputError
from auditor.outcomes import Cause, Verdict
from auditor.portals import Level
from auditor.report import FORMATS, wording, write_report
from auditor.report.as_docx import month_docx
from auditor.report.as_html import month_html
from auditor.report.as_json import items_csv, month_json, unit_json
from auditor.report.as_text import month_summary, unit_text
from auditor.report.as_xlsx import month_xlsx
from auditor.report.narrative import narrative
from auditor.window import Month
from tests.report.decree import faults
from tests.report.province import NOVEMBER, item, month, november_2019, unit, unseen

HOSTILE = '=HYPERLINK("http://x";"<script>alert(\'&\')</script>")\x1b[31m\x00 {{ 7*7 }} ' + "dài " * 3000


def told(figures: MonthFigures) -> str:
    """The report's sentences."""
    return "\n".join(block.text for block in narrative(figures))


@pytest.fixture(scope="module")
def report() -> str:
    return told(november_2019())


@pytest.mark.parametrize(
    "sentence",
    [
        "đăng tải tổng cộng 133 lượt thông tin (giảm 28 lượt so với tháng 10)",
        "42 lượt (tăng 2 lượt so với tháng 10), gồm 04 lượt của",
        "và 38 lượt của các",
        "91 lượt (giảm 30 lượt so với tháng 10)",
        "15/17 sở, ban, ngành có đăng tải thông tin trong kỳ",
        "5/8 đơn vị cấp huyện có đăng tải thông tin trong kỳ",
        "21/26 cơ quan, đơn vị đã đăng tải",
        "Còn lại: 05 đơn vị không đăng tải",
        "Thanh tra tỉnh (10 lượt)",
        "UBND huyện Đắk Mil (45 lượt)",
        "Số liệu được chốt ngày 18/11/2019",
        "từ ngày 19/10/2019 đến hết ngày 18/11/2019",
        "Khoa học và Công nghệ",
        "Đắk R'lấp",
    ],
)
def test_november_2019_says(sentence: str, report: str) -> None:
    assert sentence in report


@pytest.mark.parametrize("falsehood", ["26/26", "17/17", "8/8", "Tất cả cơ quan"])
def test_november_2019_never_says(falsehood: str, report: str) -> None:
    assert falsehood not in report


def test_january_names_the_year() -> None:
    said = told(month([unit("Sở Nội vụ", 3, previous=1)], Month(2020, 1)))
    assert "tăng 2 lượt so với tháng 12/2019" in said


def test_no_change_and_no_figures_before() -> None:
    assert "bằng số lượt tháng 10" in told(month([unit("Sở Nội vụ", 2, previous=2)]))
    assert "chưa có số liệu tháng 10 để so sánh" in told(month([unit("Sở Nội vụ", 2)]))


def test_nobody_and_everybody() -> None:
    nobody = told(month([unit("Sở Nội vụ"), unit("Sở Y tế")]))
    assert "không ghi nhận cơ quan, đơn vị nào đăng tải thông tin (0/2" in nobody
    everybody = told(month([unit("Sở Nội vụ", 1), unit("Sở Y tế", 2)]))
    assert "Tất cả cơ quan, đơn vị được theo dõi đều có tin" in everybody
    assert "không đăng tải" not in everybody


def test_empty_province() -> None:
    assert "chưa có cơ quan, đơn vị nào" in told(month([]))
    assert month_xlsx(month([]))
    assert month_docx(month([]), narrative(month([])))


def test_what_could_not_be_observed_stands_apart() -> None:
    figures = month([unit("Sở Nội vụ", 1), unit("Sở Y tế"), unseen("Sở Tư pháp", Cause.TIMEOUT)])
    said = told(figures)
    assert "01 đơn vị không đăng tải; 01 đơn vị chưa kết luận được" in said
    assert "không thể coi là không đăng tải" in said
    assert Cause.TIMEOUT.label in said
    posted_nothing = [line for line in said.splitlines() if line.startswith("Không đăng tải")]
    assert posted_nothing
    assert not any("Tư pháp" in line for line in posted_nothing)


def test_failed_check_is_told_first() -> None:
    figures = november_2019()
    wrong = MonthFigures(
        **{**vars(figures), "checks": (figures.checks[0].__class__("sums agree", ok=False, detail="121 and 119"),)}
    )
    assert told(wrong).splitlines()[2].startswith("Số liệu chưa khớp")
    assert "121 and 119" in month_summary(wrong)


def test_json_has_the_promised_shape() -> None:
    record = json.loads(month_json(november_2019()))
    assert list(record)[:9] == [
        "month", "window", "total", "groups", "published", "not_published", "not_observable", "units", "checks",
    ]  # fmt: skip
    assert record["total"] | {"comparable": True} == {"count": 133, "previous": 161, "change": -28, "comparable": True}
    assert record["published"] == {"units": 21, "of": 26}
    assert [(group["key"], group["count"]) for group in record["groups"]] == [("provincial", 42), ("district", 91)]
    assert sum(each["count"] for each in record["units"]) == 133


def test_unit_record_and_text() -> None:
    figures = month([unit("Sở Nội vụ", 2, key="so-noi-vu"), unseen("Sở Y tế", key="so-y-te")])
    record = json.loads(unit_json(figures, "so-noi-vu"))
    assert record["verdict"] == "published"
    assert [entry["url"] for entry in record["items"]] == [entry.url for entry in figures.units[0].items]
    assert json.loads(unit_json(figures, "so-y-te"))["outcome"] == "unreachable"
    text = unit_text(figures, "so-noi-vu")
    assert all(entry.url in text for entry in figures.units[0].items)
    with pytest.raises(InputError, match="so-noi-vo"):
        unit_json(figures, "so-noi-vo")


def test_hostile_title_takes_effect_nowhere(tmp_path: Path) -> None:
    bad = item("so-noi-vu", title=HOSTILE, url="javascript:alert(1)", commune=HOSTILE)
    figures = month([unit("Sở Nội vụ", [bad], key="so-noi-vu")])
    page = month_html(figures, narrative(figures))
    assert "<script" not in page
    assert not [a for a in html.fromstring(page).iter("a") if "javascript" in a.get("href", "")]
    book = openpyxl.load_workbook(io.BytesIO(month_xlsx(figures)))
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    document = docx.Document(io.BytesIO(month_docx(figures, narrative(figures))))
    assert any("HYPERLINK" in cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert "\x1b" not in unit_text(figures, "so-noi-vu")
    assert not [line for line in items_csv([bad]).splitlines() if line.startswith(("=", "+", "-", "@"))]
    assert len(write_report(figures, tmp_path)) == len(FORMATS)


def test_document_is_laid_out_as_the_decree_asks() -> None:
    document = docx.Document(io.BytesIO(month_docx(november_2019(), narrative(november_2019()))))
    first, *annexes = document.sections
    assert [round(length.mm) for length in (first.page_width, first.page_height) if length] == [210, 297]
    margins = (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)
    assert [round(length.mm) for length in margins if length] == [20, 20, 30, 20]
    widths = [round(annex.page_width.mm) for annex in annexes if annex.page_width]
    assert widths == [297] * (len(annexes) - 1) + [210], "tables across the page, pictures upright"
    assert first.different_first_page_header_footer
    letterhead = "\n".join(cell.text for cell in document.tables[0].rows[0].cells)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in letterhead
    assert "Độc lập - Tự do - Hạnh phúc" in letterhead
    assert "VĂN PHÒNG" in letterhead
    text = [paragraph.text for paragraph in document.paragraphs]
    assert text.index("BÁO CÁO") < text.index("1. Kết quả đăng tải theo nhóm cơ quan, đơn vị") < text.index("Phụ lục I")


def test_same_figures_same_bytes(tmp_path: Path) -> None:
    one = write_report(november_2019(), tmp_path / "one")
    two = write_report(november_2019(), tmp_path / "two")
    assert [file.read_bytes() for file in one] == [file.read_bytes() for file in two]
    assert [file.name for file in one] == [f"2019-11.{name}" for name in FORMATS]


def test_workbook_holds_every_item_and_figure() -> None:
    book = openpyxl.load_workbook(io.BytesIO(month_xlsx(november_2019())))
    assert book.sheetnames == [
        "Tổng hợp",
        "Chi tiết",
        "Cấp xã",
        "Mười hai tháng",
        "Thông tin hiện có",
        "Đối chiếu quy định",
        "Duyệt, sửa",
        "Các đêm kiểm tra",
        "Lịch kiểm tra",
        "Ghi chú về tin",
        "Không quan sát được",
        "Bổ sung",
        "Kiểm tra số liệu",
    ]
    detail = book["Chi tiết"]
    assert detail.max_row == 2 + 133
    assert detail.freeze_panes == "C3"
    assert detail.auto_filter.ref
    total = [cell.value for cell in book["Tổng hợp"][book["Tổng hợp"].max_row]]
    assert total[1] == "Tổng cộng"
    assert 133 in total


def test_everything_learnt_of_a_closed_month_stands_in_the_workbook() -> None:
    later = tuple(
        Later(
            LaterKind.LATE, "so-y-te", "Sở Y tế", "chưa có", "Lịch", 1, f"{number:08d}", f"http://a.vn/{number}", "Tin"
        )
        for number in range(25)
    )
    figures = month([unit("Sở Y tế", 1)], restated=(Restatement(NOVEMBER.preceding(), 3, later),))
    sheet = openpyxl.load_workbook(io.BytesIO(month_xlsx(figures)))["Bổ sung"]
    assert sheet.max_row == 2 + 25
    assert [cell.value for cell in sheet[27]][1:5] == ["tháng 10/2019", "Sở Y tế", "Tin", LaterKind.LATE.label]
    told = "\n".join(block.text for block in narrative(figures))
    assert "Còn 05 nội dung khác, nêu tại trang tính “Bổ sung” của tệp xlsx." in told


def test_unknown_format_and_bad_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'odt'"):
        write_report(november_2019(), tmp_path, ["odt"])
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(InputError, match="cannot be written"):
        write_report(november_2019(), blocked / "reports", ["json"])


def test_broken_template_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "report.txt.j2").write_text("= BÁO CÁO\n{{ figures.nothing }}\n", "utf-8")
    with pytest.raises(InputError, match=r"report\.txt\.j2, line 2"):
        write_report(november_2019(), tmp_path / "out", templates=templates)
    assert not (tmp_path / "out").exists()


def named_after(said: str, start: str) -> set[str]:
    """The units named in the lines that begin so."""
    return {name for line in said.splitlines() if line.startswith(start) for name in re.findall(r"Đơn vị \d\d", line)}


counts = st.lists(
    st.tuples(st.integers(0, 30), st.none() | st.integers(0, 30), st.booleans(), st.sampled_from(list(Level))),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(counts)
@example([(0, None, True, Level.PORTAL)])
def test_any_month_adds_up(rows: list[tuple[int, int | None, bool, Level]]) -> None:
    units = [
        unseen(f"Đơn vị {place:02d}", level=level)
        if hidden and not count
        else unit(f"Đơn vị {place:02d}", count, previous=previous, level=level)
        for place, (count, previous, hidden, level) in enumerate(rows)
    ]
    figures = month(units)
    said = told(figures)
    total = sum(each.tally.count for each in units)
    if total:
        printed = re.search(r"tổng cộng ([\d.]+) lượt", said)
        assert printed
        assert int(printed[1].replace(".", "")) == total
        by_category = re.search(r"^Theo mục tin: (.*)$", said, re.MULTILINE)
        assert by_category
        parts = [int(part.replace(".", "")) for part in re.findall(r" ([\d.]+) lượt", by_category[1])]
        assert len(parts) == len(Category)
        assert sum(parts) == total
    refused, unseen_ = (
        named_after(said, start) for start in ("Không đăng tải thông tin trong kỳ", "Chưa kết luận được (")
    )
    portals = {each.name for each in units if each.level == Level.PORTAL}
    assert refused == {each.name for each in figures.with_verdict(Verdict.NOT_PUBLISHED)} - portals
    assert unseen_ == {each.name for each in figures.with_verdict(Verdict.NOT_OBSERVABLE)} - portals
    anybody = any(each.verdict is not Verdict.NOT_OBSERVABLE for each in figures.units)
    sheet = openpyxl.load_workbook(io.BytesIO(month_xlsx(figures)))["Tổng hợp"]
    assert sheet.cell(sheet.max_row, 8).value == (total if anybody else "–"), "zero needs proof"
    annex = docx.Document(io.BytesIO(month_docx(figures, narrative(figures)))).tables[2]
    assert [cell.text for cell in annex.rows[-1].cells][7] == (wording.number(total) if anybody else "–")


def test_packages_are_sound() -> None:
    for package in (month_docx(november_2019(), narrative(november_2019())), month_xlsx(november_2019())):
        assert zipfile.ZipFile(io.BytesIO(package)).testzip() is None


def test_a_link_on_paper_is_one_word_that_leads_to_the_item() -> None:
    figures = november_2019()
    document = docx.Document(io.BytesIO(month_docx(figures, narrative(figures))))
    annex = next(table for table in document.tables if table.rows[0].cells[-1].text == "Địa chỉ")
    links = list(annex._tbl.iter(qn("w:hyperlink")))
    assert {text.text for link in links for text in link.iter(qn("w:t"))} == {"Xem"}
    addresses = [document.part.rels[str(link.get(qn("r:id")))].target_ref for link in links]
    assert addresses == [entry.url for one in figures.units for entry in one.items]


def test_figures_that_disagree_come_with_a_cover_note_which_goes_when_they_agree(tmp_path: Path) -> None:
    good = month([unit("Sở Nội vụ", 2), unseen("Sở Y tế")])
    failed = Check("total equals the sum of the groups", ok=False, detail="3 against 2")
    wrong = replace(good, checks=(*good.checks, failed))
    note = tmp_path / "2019-11-phieu-trinh.docx"
    assert note in write_report(wrong, tmp_path)
    assert faults(note.read_bytes()) == []
    said = "\n".join(paragraph.text for paragraph in docx.Document(str(note)).paragraphs)
    assert "- Tổng số bằng tổng các cấp: 3 so với 2." in said
    assert "1/2 nội dung kiểm tra số liệu chưa khớp" in said
    assert "Sở Y tế" in said
    assert write_report(wrong, tmp_path, ["json"]) == [tmp_path / "2019-11.json"]
    assert note.exists(), "it is still true"
    assert note not in write_report(good, tmp_path)
    assert not note.exists()


def test_rows_of_the_workbook_are_as_high_as_their_text() -> None:
    long = "Lịch tiếp công dân " * 20
    figures = month([unit("Sở Nội vụ", [item("so-noi-vu", title=long), item("so-noi-vu", 1)], key="so-noi-vu")])
    sheet = openpyxl.load_workbook(io.BytesIO(month_xlsx(figures)))["Chi tiết"]
    width = sheet.column_dimensions["D"].width
    heights = [sheet.row_dimensions[line].height or 15 for line in (2, 3, 4)]
    assert heights[1] >= 15 * len(long) / (1.2 * width) > heights[2]
    assert heights[0] > 15, "a heading of two lines"
