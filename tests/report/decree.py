"""Measures a DOCX file against Nghị định 30/2020/NĐ-CP, Phụ lục I; by hand: `python -m tests.report.decree FILE.docx`.

Reads the file itself, not the program that wrote it: page, fonts, sizes, order of parts, page numbers.
What a style leaves out comes from "Normal"; what only a human sees (signature, number, date filled in) is not measured.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.section import Section
from docx.table import Table
from docx.text.paragraph import Paragraph

MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
DEVICE = "Độc lập - Tự do - Hạnh phúc"


def faults(content: bytes) -> list[str]:
    """What the document does otherwise than the decree says, one sentence each; empty when all is as it should be."""
    document = docx.Document(io.BytesIO(content))
    return [
        *_pages(document),
        *_fonts(document),
        *_head(document),
        *_body(document),
        *_foot(document),
        *_annexes(document),
    ]


def _pages(document: Document) -> Iterator[str]:
    for place, section in enumerate(document.sections):
        name = "main part" if place == 0 else f"annex {place}"
        assert section.page_width is not None
        assert section.page_height is not None
        if sorted((round(section.page_width.mm), round(section.page_height.mm))) != [210, 297]:
            yield f"{name}: not A4"
        yield from (f"{name}: {fault}" for fault in _margins(section))
        numbers = section.header.paragraphs[0]
        if not any("PAGE" in field.get(qn("w:instr"), "") for field in numbers._p.iter(qn("w:fldSimple"))):
            yield f"{name}: no page number in the top margin"
        if numbers.alignment != WD_ALIGN_PARAGRAPH.CENTER:
            yield f"{name}: page number not centred"
        if not section.different_first_page_header_footer or section.first_page_header.paragraphs[0].text:
            yield f"{name}: the first page is numbered"


def _margins(section: Section) -> Iterator[str]:
    for side, least, most in (("top", 20, 25), ("bottom", 20, 25), ("left", 30, 35), ("right", 15, 20)):
        margin = getattr(section, f"{side}_margin").mm
        if not least <= round(margin, 1) <= most:
            yield f"{side} margin {margin:.0f} mm, not {least}-{most}"


def _fonts(document: Document) -> Iterator[str]:
    styles = [style.element for style in document.styles if style.type == WD_STYLE_TYPE.PARAGRAPH]
    for part in (document.element, *styles):
        for fonts in part.iter(qn("w:rFonts")):
            named = {value for key, value in fonts.attrib.items() if not key.endswith("hint")}
            if named != {"Times New Roman"}:
                yield f"font {sorted(named)}"


def _head(document: Document) -> Iterator[str]:
    if not document.tables or document.element.body[0].tag != qn("w:tbl"):
        yield "no letterhead at the top"
        return
    left, right = (cell.paragraphs for cell in document.tables[0].rows[0].cells)
    yield from _line(left, 0, "issuing body above", (12, 13), bold=False)
    yield from _line(left, 1, "issuing body", (12, 13), bold=True)
    yield from _line(left, 3, "number and symbol", (13, 13), bold=False, begins="Số: ")
    yield from _line(right, 0, "quốc hiệu", (12, 13), bold=True, begins=MOTTO)
    yield from _line(right, 1, "tiêu ngữ", (13, 14), bold=True, begins=DEVICE)
    yield from _line(right, 3, "place and date", (13, 14), bold=False)
    if ", ngày " not in right[-1].text or not all(run.italic for run in right[-1].runs):
        yield "place and date: not in italics, or no date"
    for name, column in (("issuing body", left), ("tiêu ngữ", right)):
        if column[2]._p.find(f".//{qn('w:pBdr')}") is None:
            yield f"no line below {name}"


def _line(
    lines: list[Paragraph], place: int, name: str, sizes: tuple[int, int], *, bold: bool, begins: str = ""
) -> Iterator[str]:
    if place >= len(lines) or not lines[place].runs or not lines[place].text.startswith(begins):
        yield f"{name}: not in its place"
        return
    for run in lines[place].runs:
        size = run.font.size.pt if run.font.size else 0
        if not sizes[0] <= size <= sizes[1]:
            yield f"{name}: {size:g} pt, not {sizes[0]}-{sizes[1]}"
        if bool(run.bold) is not bold:
            yield f"{name}: {'not ' if bold else ''}bold"


def _main_part(document: Document) -> list[Paragraph | Table]:
    """What stands before the first annex."""
    parts: list[Paragraph | Table] = []
    for part in document.iter_inner_content():
        parts.append(part)
        if isinstance(part, Paragraph) and part._p.find(f".//{qn('w:sectPr')}") is not None:
            break
    return parts


def _body(document: Document) -> Iterator[str]:
    normal = document.styles["Normal"].font.size  # type: ignore[attr-defined]
    if not 13 <= normal.pt <= 14:
        yield f"body {normal.pt:g} pt, not 13-14"
    text = [part for part in _main_part(document) if isinstance(part, Paragraph) and part.text.strip()]
    justified = [each for each in text if each.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY]
    if not justified:
        yield "no justified body"
    for each in justified:
        indent, after = each.paragraph_format.first_line_indent, each.paragraph_format.space_after
        if indent is None or not 9.9 <= indent.mm <= 12.8:
            yield f"first line not indented by 1-1.27 cm: {each.text[:40]}"
        if after is None or after.pt < 6:
            yield f"less than 6 pt below: {each.text[:40]}"


def _foot(document: Document) -> Iterator[str]:
    tables = [part for part in _main_part(document) if isinstance(part, Table)]
    if len(tables) < 2:
        yield "no recipients and signature"
        return
    left, right = (cell.paragraphs for cell in tables[-1].rows[0].cells)
    yield from _line(left, 0, "Nơi nhận", (12, 12), bold=True, begins="Nơi nhận:")
    for place, line in enumerate(left[1:], start=1):
        yield from _line(left, place, "recipient", (11, 11), bold=False, begins="- ")
        if not line.text.endswith("." if line is left[-1] else ";"):
            yield f"recipient ends wrongly: {line.text}"
    if not left[-1].text.startswith("- Lưu: VT"):
        yield "the last recipient is not the archive"
    yield from _line(right, 0, "signatory", (13, 14), bold=True)


def _annexes(document: Document) -> Iterator[str]:
    lines = document.paragraphs
    heads = [
        place for place, line in enumerate(lines) if f"{line.text} ".startswith("Phụ lục ") and len(line.text) < 13
    ]
    if len(heads) != len(document.sections) - 1:
        yield f"{len(heads)} annexes in {len(document.sections) - 1} sections of their own"
    if len(heads) > 1 and any(lines[place].text == "Phụ lục" for place in heads):
        yield "several annexes, not numbered"
    for section in document.sections[1:]:
        numbers = section._sectPr.findall(qn("w:pgNumType"))
        if [each.get(qn("w:start")) for each in numbers] != ["1"]:
            yield "an annex is not numbered from 1"
    for place in heads:
        yield from _line(lines, place, "annex number", (14, 14), bold=True)
        yield from _line(lines, place + 1, "annex title", (13, 14), bold=True)
        if lines[place + 1].text != lines[place + 1].text.upper():
            yield f"annex title not in capitals: {lines[place + 1].text}"
        if not lines[place + 2].text.startswith("(Kèm theo "):
            yield f"{lines[place].text} does not say what it is attached to"


if __name__ == "__main__":
    found = faults(Path(sys.argv[1]).read_bytes())
    sys.stdout.write("\n".join(found or ["as the decree says"]) + "\n")
    sys.exit(bool(found))
