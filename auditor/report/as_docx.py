"""The editable report, laid out as Nghị định 30/2020/NĐ-CP, Phụ lục I, asks of an administrative document.

A4, margins 20/20/30/20 mm, Times New Roman 13–14, letterhead in two columns, page numbers centred in the top margin
except on the first page, signature and recipients below, each annex on landscape pages numbered on their own.
`python -m tests.report.decree FILE.docx` measures a file against it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENTATION, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.section import Section
from docx.shared import Cm, Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from auditor.audit.month import MonthFigures
from auditor.report import law_tables, night_tables, tables, wording
from auditor.report.docx_tables import element, hyperlinked, ruled_table
from auditor.report.narrative import Block, Kind
from auditor.report.packages import reproducible, written_on
from auditor.report.pictures import pictures
from auditor.report.svg import PAPER_WIDTH
from auditor.report.tables import Table
from auditor.text import clean
from auditor.window import Month

_FONT = "Times New Roman"
_LONGEST_CELL = 300
_LONGEST_ALTERNATIVE = 2000
_SIGNATURE_LINES = 4
_ADDRESS = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:)])")
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


@dataclass(frozen=True)
class Letterhead:
    """What the head of the document says of who issues it; `about`: what a letter is about, below its number."""

    authority: str
    body: str
    symbol: str
    place: str
    about: str = ""

    def worded(self, blocks: Iterable[Block]) -> Letterhead:
        """With the lines that a template gives instead, in this order: authority, body, symbol, place."""
        lines = [block.text for block in blocks if block.kind is Kind.LETTERHEAD]
        return replace(self, **dict(zip(("authority", "body", "symbol", "place"), lines, strict=False)))


def letterhead(jurisdiction: str, office: str) -> Letterhead:
    """Derives the letterhead from the names in portals.yaml.

    >>> letterhead("tỉnh Đắk Nông", "Văn phòng UBND tỉnh Đắk Nông").body
    'VĂN PHÒNG'
    """
    body = office.removesuffix(f" {jurisdiction}").removesuffix(" UBND")
    place = jurisdiction.removeprefix("tỉnh ").removeprefix("thành phố ")
    symbol = "BC-VPUBND" if office.startswith("Văn phòng UBND") else "BC-"
    return Letterhead(f"UBND {jurisdiction}".upper(), body.upper(), symbol, place)


def month_docx(figures: MonthFigures, blocks: Sequence[Block]) -> bytes:
    """The report as a DOCX file; the same figures and blocks give the same bytes."""
    document = docx.Document()
    head = letterhead(figures.jurisdiction, figures.office).worded(blocks)
    _prepare(document, figures.office, figures.month, blocks)
    _letterhead(document, head)
    for block in blocks:
        _block(document, block)
    _signature(document, blocks)
    attached_to = _numbered("Báo cáo", head, figures.office)
    annexes = [tables.summary(figures), tables.counted_items(figures, detailed=False), law_tables.present(figures)]
    more = (law_tables.not_kept(figures), night_tables.nights(figures), night_tables.noted(figures))
    annexes += [annex for annex in more if annex.rows]
    for numeral, annex in zip(_NUMERALS, annexes, strict=False):
        _annex(document, numeral, annex, attached_to, brief=True)
    _pictures(document, _NUMERALS[len(annexes)], figures, attached_to)
    buffer = io.BytesIO()
    document.save(buffer)
    return reproducible(buffer.getvalue())


@dataclass(frozen=True)
class Paper:
    """Any other document of the office.

    Attributes:
        head: its letterhead. kind: as its annexes call it ("Báo cáo"). month: the one its file is dated by.
    """

    office: str
    head: Letterhead
    kind: str
    month: Month
    blocks: Sequence[Block]
    annexes: Sequence[Table] = ()


def paper_docx(paper: Paper) -> bytes:
    """A report or a letter as a DOCX file; the same paper gives the same bytes."""
    document = docx.Document()
    head = paper.head.worded(paper.blocks)
    _prepare(document, paper.office, paper.month, paper.blocks)
    _letterhead(document, head)
    for block in paper.blocks:
        _block(document, block)
    _signature(document, paper.blocks)
    numerals = _NUMERALS if len(paper.annexes) > 1 else ("",)  # the decree numbers annexes from two on
    for numeral, annex in zip(numerals, paper.annexes, strict=False):
        _annex(document, numeral, annex, _numbered(paper.kind, head, paper.office))
    buffer = io.BytesIO()
    document.save(buffer)
    return reproducible(buffer.getvalue())


def _numbered(kind: str, head: Letterhead, office: str) -> str:
    """A document as its annexes name it, its number and day left to be filled in (Phụ lục III, mẫu 2.1)."""
    return f"{kind} số ……/{head.symbol} ngày … tháng … năm …… của {office}"


def _prepare(document: Document, office: str, month: Month, blocks: Sequence[Block]) -> None:
    """Page, fonts, properties."""
    properties = document.core_properties
    properties.title = next((block.text for block in blocks if block.kind is Kind.SUBJECT), "")[:255]
    properties.author = properties.last_modified_by = clean(office)[:255]
    properties.comments = ""
    properties.language = "vi-VN"
    properties.created = properties.modified = written_on(month).replace(tzinfo=None)
    for style in document.styles:
        if style.type is WD_STYLE_TYPE.PARAGRAPH and isinstance(style, ParagraphStyle):
            _typeface(style)
    _defaults(document)
    _page(document.sections[0], Mm(210), Mm(297))


def _typeface(style: ParagraphStyle) -> None:
    """Times New Roman, black, for every script; theme fonts would win over a name."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), _FONT)
    style.font.color.rgb = RGBColor(0, 0, 0)


def _defaults(document: Document) -> None:
    normal = document.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)  # noqa: S101 - what python-docx's own template holds
    normal.font.size = Pt(14)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    for name, italic in (("Heading 1", False), ("Heading 2", True)):
        heading = document.styles[name]
        assert isinstance(heading, ParagraphStyle)  # noqa: S101
        heading.font.size, heading.font.bold, heading.font.italic = Pt(14), True, italic
        heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(6)
    for defaults in document.styles.element.iter(qn("w:rPrDefault")):
        for language in defaults.iter(qn("w:lang")):
            language.attrib.update({qn("w:val"): "vi-VN", qn("w:eastAsia"): "vi-VN"})


def _page(section: Section, width: Length, height: Length) -> None:
    section.page_width, section.page_height = width, height
    section.orientation = WD_ORIENTATION.LANDSCAPE if width > height else WD_ORIENTATION.PORTRAIT
    section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
    section.left_margin = Mm(30)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _page_number(paragraph)


def _page_number(paragraph: Paragraph) -> None:
    field = element("w:fldSimple", instr="PAGE")
    run = element("w:r")
    run.append(element("w:t"))
    run[0].text = "2"
    field.append(run)
    paragraph._p.append(cast(CT_P, field))  # noqa: SLF001 - python-docx has no fields, nor types for what it lacks


def _letterhead(document: Document, head: Letterhead) -> None:
    left, right = _two_columns(document, Cm(5.8), Cm(10.2))
    _line(left, head.authority, size=12)
    _line(left, head.body, size=12, bold=True)
    _rule(left, Cm(2.2))
    _line(left, f"Số: ……/{head.symbol}", size=13)
    if head.about:
        _line(left, f"V/v {head.about}", size=12)
    _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True)
    _line(right, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True)
    _rule(right, Cm(2.1))
    _line(right, f"{head.place}, ngày … tháng … năm ……", size=13, italic=True)


def _two_columns(document: Document, left: Length, right: Length) -> tuple[_Cell, _Cell]:
    """An invisible table of two columns; its cells start with one empty paragraph, which the first line fills."""
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    table.rows[0]._tr.get_or_add_trPr().append(element("w:cantSplit"))  # noqa: SLF001
    grid = table._tbl.tblGrid.gridCol_lst  # noqa: SLF001 - some programs go by the grid, some by the cells
    for cell, column, width in zip(table.rows[0].cells, grid, (left, right), strict=True):
        cell.width = width
        column.set(qn("w:w"), str(int(width.twips)))
        margins = element("w:tcMar")
        margins.extend(element(f"w:{side}", w="0", type="dxa") for side in ("left", "right"))
        cell._tc.get_or_add_tcPr().append(margins)  # noqa: SLF001
    return table.cell(0, 0), table.cell(0, 1)


def _line(
    cell: _Cell,
    text: str,
    *,
    size: float,
    bold: bool = False,
    italic: bool = False,
    alignment: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.CENTER,
) -> None:
    first = cell.paragraphs[0]
    paragraph = cell.add_paragraph() if len(cell.paragraphs) > 1 or first.runs else first
    paragraph.alignment = alignment
    run = paragraph.add_run(clean(text))
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _rule(container: _Cell | Document, indent: Length) -> None:
    """A thin line, `indent` away from both sides."""
    paragraph = container.add_paragraph()
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = indent
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.line_spacing = Pt(3), Pt(6)
    borders = element("w:pBdr")
    borders.append(element("w:top", val="single", sz="6", space="1", color="000000"))
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def _block(document: Document, block: Block) -> None:
    match block.kind:
        case Kind.TITLE:
            _centred(document, block.text, space_before=Pt(14))
        case Kind.SUBJECT:
            _centred(document, block.text)
            _rule(document, Cm(5.8))
        case Kind.ADDRESSEE:
            paragraph = document.add_paragraph(block.text)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(12)
        case Kind.HEADING | Kind.SUBHEADING:
            style = "Heading 1" if block.kind is Kind.HEADING else "Heading 2"
            document.add_paragraph(block.text, style=style).paragraph_format.first_line_indent = Cm(1.27)
        case Kind.BULLET | Kind.SUB_BULLET:
            _body(document, f"{'-' if block.kind is Kind.BULLET else '+'} {block.text}")
        case Kind.WARNING:
            _body(document, block.text, bold=True)
        case Kind.PARAGRAPH:
            _body(document, block.text)
        case Kind.SIGNATORY | Kind.SIGNER | Kind.RECIPIENT | Kind.LETTERHEAD:
            pass  # they stand side by side, below or above everything: see _signature, _letterhead


def _centred(document: Document, text: str, *, space_before: Length | None = None, size: float = 14) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = space_before
    run = paragraph.add_run(text)
    run.bold, run.font.size = True, Pt(size)


def _body(document: Document, text: str, *, bold: bool = False) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Cm(1.27)
    paragraph.paragraph_format.space_after = Pt(6)
    parts = _ADDRESS.split(text)
    if len(parts) > 1 and text.startswith(("- ", "+ ")):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT  # an address that does not fit tears the words before it apart
    for number, part in enumerate(parts):
        address = tables.link(part) if number % 2 else None
        if isinstance(address, tables.Link):
            hyperlinked(document, paragraph, part, address.address)
        elif part:
            paragraph.add_run(part).bold = bold


def _signature(document: Document, blocks: Iterable[Block]) -> None:
    """Recipients on the left, the signatory's office on the right, room for the signature, the name where it is given.

    It stays with the end of the text: a signature alone on its page could be put below anything.
    """
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    document.add_paragraph().paragraph_format.keep_with_next = True
    left, right = _two_columns(document, Cm(8), Cm(8))
    _line(left, "Nơi nhận:", size=12, bold=True, italic=True, alignment=WD_ALIGN_PARAGRAPH.LEFT)
    for block in blocks:
        if block.kind is Kind.RECIPIENT:
            end = "" if block.text.endswith((".", ";")) else ";"
            _line(left, f"- {block.text}{end}", size=11, alignment=WD_ALIGN_PARAGRAPH.LEFT)
        elif block.kind is Kind.SIGNATORY:
            _line(right, block.text, size=14, bold=True)
        elif block.kind is Kind.SIGNER:
            for _ in range(_SIGNATURE_LINES):
                right.add_paragraph()
            _line(right, block.text, size=14, bold=True)


def _annex(document: Document, numeral: str, table: Table, attached_to: str, *, brief: bool = False) -> None:
    """A table on pages of its own; `brief`: its links are a word each, their addresses stand in the workbook."""
    _annex_head(document, numeral, table.title, attached_to, landscape=True)
    if table.rows:
        ruled_table(document, tables.shortened(table, _LONGEST_CELL), brief=brief)
    else:
        _body(document, "Không có số liệu trong kỳ.")


def _pictures(document: Document, numeral: str, figures: MonthFigures, attached_to: str) -> None:
    """The annex of pictures, on upright pages; each stays with its caption, and says in words what it shows."""
    title = f"Biểu đồ số liệu {wording.month_name(figures.month)}"
    for number, shown in enumerate(pictures(figures), start=1):
        if number == 1:
            _annex_head(document, numeral, title, attached_to, landscape=False)
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        drawn = paragraph.add_run().add_picture(io.BytesIO(shown.picture.png()), width=Mm(PAPER_WIDTH))
        drawn._inline.docPr.set("title", shown.picture.title)  # noqa: SLF001 - python-docx has no alternative texts
        drawn._inline.docPr.set("descr", wording.shorten(shown.picture.told, _LONGEST_ALTERNATIVE))  # noqa: SLF001
        caption = document.add_paragraph()
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        caption.paragraph_format.space_after = Pt(10)
        run = caption.add_run(f"Hình {number}. {shown.picture.title}")
        run.italic, run.font.size = True, Pt(12)


def _annex_head(document: Document, numeral: str, title: str, attached_to: str, *, landscape: bool) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _page(section, *((Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))))
    if section._sectPr.find(qn("w:pgNumType")) is None:  # noqa: SLF001 - a new section repeats the one before it
        # The schema fixes the order of a section's properties: page numbers come before columns.
        section._sectPr.find(qn("w:cols")).addprevious(element("w:pgNumType", start="1"))  # noqa: SLF001
    _centred(document, f"Phụ lục {numeral}".strip())
    _centred(document, clean(title).upper(), size=13)
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(6)
    paragraph.add_run(f"(Kèm theo {attached_to})").italic = True
