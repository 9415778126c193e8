"""Ruled tables of a DOCX file, made as XML: python-docx finds each cell anew, and a province has thousands of items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm

from auditor.report.shading import GREYS, shades
from auditor.report.tables import Cell, Column, Holds, Link, Row, Table, cell_text
from auditor.text import clean

_CENTRED = {Holds.NUMBER, Holds.CHANGE, Holds.DATE}
_LINK = "Xem"
"""A link on paper: an address would take five lines, and is followed on the screen, or read in the workbook."""
_LINK_WIDTH = 9


def element(tag: str, **attributes: str) -> BaseOxmlElement:
    """An element of a DOCX file; the attributes are of the main namespace."""
    element = cast(BaseOxmlElement, OxmlElement(tag))
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def ruled_table(document: Document, table: Table, *, brief: bool) -> None:
    """A table that fills the page's width and repeats its heading row on every page; `brief`: a link is one word."""
    grid = document.add_table(rows=0, cols=len(table.columns), style="Table Grid")
    grid.autofit = False
    margins = element("w:tblCellMar")
    margins.extend(element(f"w:{side}", w="60", type="dxa") for side in ("left", "right"))
    grid._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)  # noqa: SLF001
    letters = [_LINK_WIDTH if brief and column.holds is Holds.LINK else column.width for column in table.columns]
    widths = [int(width * Mm(247).twips / sum(letters)) for width in letters]
    for column, width in zip(grid._tbl.tblGrid.gridCol_lst, widths, strict=True):  # noqa: SLF001
        column.set(qn("w:w"), str(width))
    rows = _Rows(document, table.columns, widths, brief=brief)
    grid._tbl.append(rows.heading())  # noqa: SLF001
    for row, greys in zip(table.rows, shades(table), strict=True):
        grid._tbl.append(rows.row(row, greys))  # noqa: SLF001


class _Rows:
    """Makes the rows of one table."""

    def __init__(self, document: Document, columns: Sequence[Column], widths: Sequence[int], *, brief: bool) -> None:
        self._relations = document.part.rels
        self._columns = columns
        self._widths = widths
        self._brief = brief

    def heading(self) -> BaseOxmlElement:
        row = self._filled([self._paragraph(column.heading, centred=True, bold=True) for column in self._columns])
        properties = row[0]
        properties.append(element("w:tblHeader"))
        return row

    def row(self, row: Row, greys: Sequence[int]) -> BaseOxmlElement:
        cells = zip(row.cells, self._columns, strict=True)
        return self._filled([self._cell(cell, column, bold=row.total) for cell, column in cells], greys)

    def _filled(self, paragraphs: Sequence[BaseOxmlElement], greys: Sequence[int] = ()) -> BaseOxmlElement:
        row, properties = element("w:tr"), element("w:trPr")
        properties.append(element("w:cantSplit"))
        row.append(properties)
        for place, (paragraph, width) in enumerate(zip(paragraphs, self._widths, strict=True)):
            cell, format_ = element("w:tc"), element("w:tcPr")
            format_.append(element("w:tcW", w=str(width), type="dxa"))
            if greys and greys[place]:
                format_.append(element("w:shd", val="clear", color="auto", fill=GREYS[greys[place]]))
            format_.append(element("w:vAlign", val="center"))
            cell.extend((format_, paragraph))
            row.append(cell)
        return row

    def _cell(self, cell: Cell, column: Column, *, bold: bool) -> BaseOxmlElement:
        text = cell_text(cell, column)
        if isinstance(cell, Link):
            return self._paragraph(_LINK if self._brief else clean(text), centred=self._brief, address=cell.address)
        empty_ordinal = bold and cell is None and column.heading == "STT"
        return self._paragraph(
            "" if empty_ordinal else text, centred=column.holds in _CENTRED or column.shaded, bold=bold
        )

    def _paragraph(
        self, text: str, *, centred: bool = False, bold: bool = False, address: str | None = None
    ) -> BaseOxmlElement:
        paragraph, properties = element("w:p"), element("w:pPr")
        if centred:
            properties.append(element("w:jc", val="center"))
        paragraph.append(properties)
        run = _run(text, bold=bold, link=address is not None)
        if address is None:
            paragraph.append(run)
            return paragraph
        hyperlink = element("w:hyperlink")
        # The part's own `relate_to` compares every address with all before it.
        identifier = f"rIdItem{len(self._relations)}"
        self._relations.add_relationship(RELATIONSHIP_TYPE.HYPERLINK, address, identifier, is_external=True)
        hyperlink.set(qn("r:id"), identifier)
        hyperlink.append(run)
        paragraph.append(hyperlink)
        return paragraph


def _run(text: str, *, bold: bool, link: bool) -> BaseOxmlElement:
    run, properties, content = element("w:r"), element("w:rPr"), element("w:t")
    if bold:
        properties.append(element("w:b"))
    if link:
        properties.append(element("w:color", val="0000FF"))
    properties.append(element("w:sz", val="20"))
    if link:
        properties.append(element("w:u", val="single"))
    content.text = text
    run.extend((properties, content))
    return run
