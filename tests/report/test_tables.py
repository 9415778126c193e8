"""The tables, and how each format lays them out: links, limits, order, bytes."""

from __future__ import annotations

import csv
import io
import json

import docx
import openpyxl
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from auditor.audit.month import CountedItem
from auditor.observation import Attachment
from auditor.report import tables
from auditor.report.as_docx import letterhead, month_docx
from auditor.report.as_html import month_html
from auditor.report.as_json import items_csv, items_json
from auditor.report.as_text import unit_text
from auditor.report.as_xlsx import month_xlsx
from auditor.report.narrative import narrative
from auditor.report.tables import Link, link
from tests.report.province import item, month, november_2019, unit, unseen


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://a.gov.vn/tin.html?id=1&x=2#y", "http://a.gov.vn/tin.html?id=1&x=2#y"),
        ("https://a.gov.vn/tiếp dân/", "https://a.gov.vn/ti%E1%BA%BFp%20d%C3%A2n/"),
        ("http://a.gov.vn/%E1%BA%BF/100%", "http://a.gov.vn/%E1%BA%BF/100%25"),
        ("http://a.gov.vn/?a[]={b}|c", "http://a.gov.vn/?a%5B%5D=%7Bb%7D%7Cc"),
        ("http://tiếpdân.vn/", "http://xn--tipdn-6qa6264c.vn/"),
        ("http://a.gov.vn:8080/x", "http://a.gov.vn:8080/x"),
    ],
)
def test_links_are_uris(url: str, address: str) -> None:
    assert link(url) == Link(address)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//a.gov.vn/x",
        "/x",
        "",
        "http://",
        "http://[::1",
        "http://a b/",
        "http://user:secret@a.gov.vn/",
        "mailto:a@a.gov.vn",
    ],
)
def test_what_is_no_web_address_stays_text(url: str) -> None:
    assert link(url) == url


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u200b=1", "＝1"])
def test_no_cell_of_the_csv_is_a_formula(title: str) -> None:
    text = items_csv([item("so-noi-vu", title=title)])
    assert text.startswith("\ufeff")
    (record,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert record["title"].startswith("'")


def test_items_as_the_contract_promises_them() -> None:
    attachment = Attachment("http://a.gov.vn/x.pdf", "pdf", text=True)
    (record,) = json.loads(items_json([item("so-noi-vu", attachments=(attachment,), also_at=("http://a.gov.vn/y",))]))
    assert list(record)[:14] == [
        "unit", "url", "title", "published", "published_from", "category", "confidence", "why", "counted", "reason",
        "commune", "first_seen", "also_at", "attachments",
    ]  # fmt: skip
    assert record["attachments"] == [{"url": "http://a.gov.vn/x.pdf", "kind": "pdf", "text": True}]
    assert record["category"] == "schedule"
    kept = item("so-noi-vu", id="1f0c77ab", evidence="evidence/so-noi-vu/2019-11-05-193000.warc.gz")
    assert json.loads(items_json([kept]))[0]["evidence"] == kept.evidence
    detailed = tables.counted_items(month([unit("Sở Nội vụ", [kept])]), detailed=True)
    assert [column.heading for column in detailed.columns][-2:] == ["Mã tin", "Bản lưu"]
    assert detailed.rows[0].cells[-2:] == (kept.id, kept.evidence)


def test_zero_is_printed_only_where_it_is_known() -> None:
    figures = month([unit("Sở Nội vụ", previous=3), unseen("Sở Y tế", previous=3)])
    known, unknown, *_ = tables.summary(figures).rows
    assert known.cells[2:10] == (0, 0, 0, 0, 0, 0, 3, -3)
    assert unknown.cells[2:10] == (None, None, None, None, None, None, 3, None)
    sheet = openpyxl.load_workbook(io.BytesIO(month_xlsx(figures)))["Tổng hợp"]
    assert [cell.value for cell in sheet[4]][2:8] == [tables.UNKNOWN] * 6
    assert "0 (" not in unit_text(figures, figures.units[1].key)


def test_totals_of_the_summary_are_the_sums_above_them() -> None:
    rows = tables.summary(november_2019()).rows
    units, totals = [row for row in rows if not row.total], [row for row in rows if row.total]
    for place in range(2, 9):
        column = [row.cells[place] for row in units]
        numbers = [cell for cell in column if isinstance(cell, int)]
        assert len(numbers) == len(column) == 26
        assert totals[-1].cells[place] == sum(numbers)
    assert totals[-1].cells[7:10] == (133, 161, -28)


def strange() -> tuple[CountedItem, ...]:
    """Items at every limit of the office formats."""
    return (
        item("a", 1, url="http://a.gov.vn/" + "x" * 5000),
        item("a", 2, title="=" + "dài" * 20_000),
        item("a", 3, title="&<>\"' \x00\x07\x1b[31m\ud800\ufffe ]]>", published="2019-11-05T14:45:00+07:00"),
        item("a", 4, title="", published=None, why=()),
    )


def test_office_files_bear_what_is_at_their_limits() -> None:
    figures = month([unit("Sở & <A>", strange(), key="a")])
    sheet = openpyxl.load_workbook(io.BytesIO(month_xlsx(figures)))["Chi tiết"]
    assert sheet.max_row == 2 + 4
    assert [sheet.cell(row, 4).data_type for row in range(3, 6)] == ["s", "s", "s"]
    assert sheet["F3"].hyperlink is None
    assert sheet["F4"].hyperlink
    assert sheet["E5"].is_date
    document = docx.Document(io.BytesIO(month_docx(figures, narrative(figures))))
    cells = [cell.text for cell in document.tables[-3].columns[3].cells]
    assert cells[3] == "&<>\"' [31m ]]>"
    assert max(map(len, cells)) <= 300


def test_links_of_the_document_lead_to_the_items() -> None:
    document = docx.Document(io.BytesIO(month_docx(november_2019(), narrative(november_2019()))))
    targets = [
        relation.target_ref
        for relation in document.part.rels.values()
        if relation.reltype == RELATIONSHIP_TYPE.HYPERLINK
    ]
    assert sorted(targets) == sorted(entry.url for each in november_2019().units for entry in each.items)
    assert len(list(document.element.body.iter(qn("w:hyperlink")))) == 133


def test_heading_rows_repeat_and_annex_pages_are_numbered_anew() -> None:
    document = docx.Document(io.BytesIO(month_docx(november_2019(), narrative(november_2019()))))
    assert all(len(list(table._tbl.iter(qn("w:tblHeader")))) == 1 for table in document.tables[-3:])
    names = [child.tag for child in document.sections[-1]._sectPr]
    # CT_SectPr (ECMA-376): Word takes a file with another order for damaged.
    assert names.index(qn("w:pgMar")) < names.index(qn("w:pgNumType")) < names.index(qn("w:cols"))


def test_the_document_is_in_one_typeface() -> None:
    document = docx.Document(io.BytesIO(month_docx(november_2019(), narrative(november_2019()))))
    for style in ("Normal", "Heading 1", "Heading 2"):
        fonts = document.styles[style].element.rPr.rFonts
        assert set(fonts.attrib.values()) == {"Times New Roman"}
        assert {name.split("}")[1] for name in fonts.attrib} == {"ascii", "hAnsi", "eastAsia", "cs"}


@pytest.mark.parametrize(
    ("jurisdiction", "office", "authority", "body", "place", "symbol"),
    [
        ("tỉnh Đắk Nông", "Văn phòng UBND tỉnh Đắk Nông", "UBND TỈNH ĐẮK NÔNG", "VĂN PHÒNG", "Đắk Nông", "BC-VPUBND"),
        ("thành phố Huế", "Thanh tra thành phố Huế", "UBND THÀNH PHỐ HUẾ", "THANH TRA", "Huế", "BC-"),
    ],
)
def test_letterhead(jurisdiction: str, office: str, authority: str, body: str, place: str, symbol: str) -> None:
    head = letterhead(jurisdiction, office)
    assert (head.authority, head.body, head.place, head.symbol) == (authority, body, place, symbol)


def test_the_page_loads_nothing_and_tells_its_picture_in_words() -> None:
    page = month_html(november_2019(), narrative(november_2019()))
    assert "default-src 'none'" in page
    assert not [word for word in ("<script", "<link", "<img", "src=", "@import", "url(") if word in page]
    assert "<desc>UBND huyện Đắk Mil: 45 (-6);" in page
    assert page.count("<table>") == 5
