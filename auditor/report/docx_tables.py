"""Ruled tables of a DOCX file, written as XML: python-docx finds each cell anew, and there may be thousands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from xml.sax.saxutils import escape

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.oxml.text.paragraph import CT_P
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from auditor.report.shading import GREYS, shades
from auditor.report.tables import Cell, Column, Holds, Link, Row, Table, cell_text
from auditor.text import clean

_CENTRED = {Holds.NUMBER, Holds.CHANGE, Holds.DATE}
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_LINK = "Xem"
"""A link on paper: an address would take five lines, and is followed on the screen, or read in the workbook."""
_LINK_WIDTH = 9
_MOST_ROWS = 150
"""Rows of one table: LibreOffice's time grows with the square of them (2,400 items: 12 s, in parts 6 s)."""


def element(tag: str, **attributes: str) -> BaseOxmlElement:
    """An element of a DOCX file; the attributes are of the main namespace."""
    element = cast(BaseOxmlElement, OxmlElement(tag))
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def hyperlinked(document: Document, paragraph: Paragraph, text: str, address: str) -> None:
    """Adds a link to a paragraph of the body."""
    identifier = _relation(document, address)
    run = f'<w:r><w:rPr><w:color w:val="0000FF"/><w:u w:val="single"/></w:rPr><w:t>{escape(text)}</w:t></w:r>'
    link = f'<w:hyperlink {nsdecls("w", "r")} r:id="{identifier}">{run}</w:hyperlink>'
    paragraph._p.append(cast(CT_P, parse_xml(link)))  # noqa: SLF001 - python-docx reads links, and makes none


def _relation(document: Document, address: str) -> str:
    """Notes an address; the part's own `relate_to` compares every one with all before it."""
    identifier = f"rIdItem{len(document.part.rels)}"
    document.part.rels.add_relationship(RELATIONSHIP_TYPE.HYPERLINK, address, identifier, is_external=True)
    return identifier


def ruled_table(document: Document, table: Table, *, brief: bool) -> None:
    """A table that fills the page's width and repeats its heading row on every page; `brief`: a link is one word."""
    letters = [_LINK_WIDTH if brief and column.holds is Holds.LINK else column.width for column in table.columns]
    widths = [int(width * Mm(247).twips / sum(letters)) for width in letters]
    maker = _Rows(document, table.columns, widths, brief=brief)
    rows = list(zip(table.rows, shades(table), strict=True))
    for start in range(0, len(rows), _MOST_ROWS):
        if start:
            document.add_paragraph().paragraph_format.line_spacing = Pt(2)
        grid = _grid(document, widths)
        grid.extend(maker.parsed(rows[start : start + _MOST_ROWS]))


def _grid(document: Document, widths: Sequence[int]) -> BaseOxmlElement:
    """A table without rows; its rules are its own, as LibreOffice takes a fifth longer over those of a style."""
    table = document.add_table(rows=0, cols=len(widths))
    table.autofit = False
    grid = table._tbl  # noqa: SLF001
    rules = element("w:tblBorders")
    rules.extend(element(f"w:{side}", val="single", sz="4", space="0", color="000000") for side in _SIDES)
    grid.tblPr.find(qn("w:tblLayout")).addprevious(rules)
    margins = element("w:tblCellMar")
    margins.extend(element(f"w:{side}", w="60", type="dxa") for side in ("left", "right"))
    grid.tblPr.find(qn("w:tblLook")).addprevious(margins)
    for column, width in zip(grid.tblGrid.gridCol_lst, widths, strict=True):
        column.set(qn("w:w"), str(width))
    return cast(BaseOxmlElement, grid)


class _Rows:
    """Writes the rows of one table, as XML that is parsed once for all of them: much faster than single elements."""

    def __init__(self, document: Document, columns: Sequence[Column], widths: Sequence[int], *, brief: bool) -> None:
        self._document = document
        self._columns = columns
        self._widths = widths
        self._brief = brief

    def parsed(self, rows: Sequence[tuple[Row, Sequence[int]]]) -> BaseOxmlElement:
        """An element that holds the heading row and these; each with the places in `GREYS` of its cells."""
        written = "".join(self._row(row, greys) for row, greys in rows)
        return parse_xml(f"<w:tbl {nsdecls('w', 'r')}>{self._heading()}{written}</w:tbl>")

    def _heading(self) -> str:
        cells = [_paragraph(_run(column.heading, bold=True), centred=True) for column in self._columns]
        return self._filled(cells, properties="<w:tblHeader/>")

    def _row(self, row: Row, greys: Sequence[int]) -> str:
        cells = zip(row.cells, self._columns, strict=True)
        return self._filled([self._cell(cell, column, bold=row.total) for cell, column in cells], greys)

    def _filled(self, paragraphs: Sequence[str], greys: Sequence[int] = (), properties: str = "") -> str:
        cells = (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{_shade(greys[place] if greys else 0)}'
            f'<w:vAlign w:val="center"/></w:tcPr>{paragraph}</w:tc>'
            for place, (paragraph, width) in enumerate(zip(paragraphs, self._widths, strict=True))
        )
        return f"<w:tr><w:trPr><w:cantSplit/>{properties}</w:trPr>{''.join(cells)}</w:tr>"

    def _cell(self, cell: Cell, column: Column, *, bold: bool) -> str:
        text = cell_text(cell, column)
        if isinstance(cell, Link):
            link = _run(_LINK if self._brief else clean(text), link=True)
            identifier = _relation(self._document, cell.address)
            return _paragraph(f'<w:hyperlink r:id="{identifier}">{link}</w:hyperlink>', centred=self._brief)
        empty_ordinal = bold and cell is None and column.heading == "STT"
        centred = column.holds in _CENTRED or column.shaded
        return _paragraph(_run("" if empty_ordinal else text, bold=bold), centred=centred)


def _shade(grey: int) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{GREYS[grey]}"/>' if grey else ""


def _paragraph(content: str, *, centred: bool) -> str:
    properties = '<w:pPr><w:jc w:val="center"/></w:pPr>' if centred else ""
    return f"<w:p>{properties}{content}</w:p>"


def _run(text: str, *, bold: bool = False, link: bool = False) -> str:
    colour, underlined = ('<w:color w:val="0000FF"/>', '<w:u w:val="single"/>') if link else ("", "")
    properties = f'{"<w:b/>" if bold else ""}{colour}<w:sz w:val="20"/>{underlined}'
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
