"""The document is laid out as Nghị định 30/2020/NĐ-CP says, and the measuring sees when it is not."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.audit.month import MonthFigures
from auditor.report.as_docx import Letterhead, Paper, month_docx, paper_docx
from auditor.report.narrative import Block, Kind, narrative
from auditor.window import Month
from tests.report.decree import faults
from tests.report.province import month, november_2019, unit, unseen


def written(figures: MonthFigures) -> bytes:
    return month_docx(figures, narrative(figures))


@pytest.mark.parametrize(
    "figures",
    [
        november_2019(),
        month([]),
        month([unit("Sở Y tế", 1)], Month(2020, 1)),
        month([*(unit(f"UBND xã {number}", number % 3) for number in range(123)), unseen("UBND xã Đắk R'lấp")]),
    ],
    ids=["november_2019", "empty", "january_one_unit", "communes"],
)
def test_the_report_is_as_the_decree_says(figures: MonthFigures) -> None:
    assert faults(written(figures)) == []


def test_a_letter_is_as_the_decree_says() -> None:
    said = [
        (Kind.ADDRESSEE, "Kính gửi: Sở Y tế"),
        (Kind.PARAGRAPH, "Đề nghị Sở đăng tải."),
        (Kind.SIGNATORY, "CHÁNH VĂN PHÒNG"),
    ]
    blocks = [Block(kind, text) for kind, text in [*said, (Kind.RECIPIENT, "Như trên"), (Kind.RECIPIENT, "Lưu: VT.")]]
    head = Letterhead("UBND TỈNH ĐẮK NÔNG", "VĂN PHÒNG", "VPUBND", "Đắk Nông", about="đăng tải thông tin")
    paper = Paper("Văn phòng UBND tỉnh", head, "Công văn", Month(2019, 11), blocks)
    assert faults(paper_docx(paper)) == []


@settings(max_examples=15, deadline=None)
@given(
    counts=st.lists(st.one_of(st.none(), st.integers(0, 12)), max_size=9),
    previous=st.one_of(st.none(), st.integers(0, 12)),
    number=st.integers(1, 12),
)
def test_whatever_was_counted_the_layout_stays(counts: list[int | None], previous: int | None, number: int) -> None:
    """`None` is a unit that could not be observed."""
    units = [
        unseen(f"Sở số {place}") if count is None else unit(f"Sở số {place}", count, previous=previous)
        for place, count in enumerate(counts)
    ]
    figures = month(units, Month(2020, number))
    content = written(figures)
    assert faults(content) == []
    assert content == written(figures)


def _narrow(document: Document) -> None:
    document.sections[0].left_margin = Mm(20)


def _letter_size(document: Document) -> None:
    document.sections[1].page_width = Mm(280)


def _ragged(document: Document) -> None:
    for paragraph in document.paragraphs:
        if paragraph.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT


def _other_font(document: Document) -> None:
    document.paragraphs[0].runs[0].font.name = "Arial"


def _small(document: Document) -> None:
    document.tables[0].cell(0, 1).paragraphs[0].runs[0].font.size = Pt(10)


def _numbered_at_once(document: Document) -> None:
    document.sections[0].different_first_page_header_footer = False


def _numbered_on(document: Document) -> None:
    [properties] = document.sections[2]._sectPr.xpath("w:pgNumType")
    properties.getparent().remove(properties)


def _headless(document: Document) -> None:
    document.element.body.remove(document.tables[0]._tbl)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_narrow, "left margin 20 mm, not 30-35"),
        (_letter_size, "annex 1: not A4"),
        (_ragged, "no justified body"),
        (_other_font, "font ['Arial"),
        (_small, "quốc hiệu: 10 pt, not 12-13"),
        (_numbered_at_once, "main part: the first page is numbered"),
        (_numbered_on, "an annex is not numbered from 1"),
        (_headless, "no letterhead at the top"),
    ],
)
def test_the_measuring_sees_a_fault(spoil: Callable[[Document], None], told: str) -> None:
    document = docx.Document(io.BytesIO(written(november_2019())))
    spoil(document)
    buffer = io.BytesIO()
    document.save(buffer)
    assert told in "\n".join(faults(buffer.getvalue()))
