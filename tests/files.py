"""Documents as portals attach them, made for a test."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import docx
import xlsxwriter
from docx.oxml.ns import qn
from pypdf import PdfReader, PdfWriter

FROZEN = Path(__file__).parent / "documents"
"""Written by programs that no test can run: DOC and ODT by LibreOffice, XLS by a writer long retired."""
NOTICE = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Đắk Nông, ngày 05 tháng 11 năm 2019",
    "THÔNG BÁO",
    "Về việc tiếp công dân định kỳ tháng 11 năm 2019 của Chủ tịch UBND huyện",
)


def docx_of(paragraphs: Sequence[str] = NOTICE, font: str | None = None) -> bytes:
    """A document of Word; with a table after its paragraphs."""
    document = docx.Document()
    for text in paragraphs:
        run = document.add_paragraph().add_run(text)
        if font:
            run.font.name = font
            run._element.rPr.rFonts.set(qn("w:hAnsi"), font)
    document.add_table(1, 2).cell(0, 0).text = "Hết"
    return _saved(document.save)


def xlsx_of(rows: Sequence[Sequence[object]]) -> bytes:
    """A workbook of one sheet."""
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return written.getvalue()


def zip_of(parts: dict[str, bytes]) -> bytes:
    """Any zip."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def pdf_of(lines: Sequence[str] = NOTICE, *, pages: int = 1, unicode: bool = True) -> bytes:
    """A PDF; without lines each page is a picture. Its font says what its codes mean, or (`unicode` false) nothing."""
    letters = sorted({letter for line in lines for letter in line})
    codes = {letter: number + 1 for number, letter in enumerate(letters)}

    def shown(line: str) -> bytes:
        return bytes(codes[letter] for letter in line) if unicode else line.encode("latin-1")

    drawn = b"".join(b"0 -20 Td <" + shown(line).hex().encode() + b"> Tj\n" for line in lines)
    content = b"BT /F 12 Tf 50 800 Td\n" + drawn + b"ET" if lines else b"q 500 0 0 700 0 0 cm /I Do Q"
    mapping = "\n".join(f"<{code:02x}> <{ord(letter):04x}>" for letter, code in codes.items())
    ranges = f"begincmap 1 begincodespacerange <00> <ff> endcodespacerange {len(codes)} beginbfchar"
    cmap = f"{ranges}\n{mapping}\nendbfchar endcmap"
    picture = b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /.VnTime /Encoding /WinAnsiEncoding"
    kids = b" ".join(b"%d 0 R" % (number + 6) for number in range(pages))
    page = (
        b"<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << /Font << /F 3 0 R >> /XObject << /I 4 0 R >> >> >>"
    )
    return pdf_from(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] /MediaBox [0 0 595 842] >>" % (pages, kids),
        font + (b" /ToUnicode %d 0 R >>" % (pages + 6) if unicode else b" >>"),
        _stream(picture, b"\x80"),
        _stream(b"<<", content),
        *[page] * pages,
        _stream(b"<<", cmap.encode()),
    )


def pdf_from(*objects: bytes) -> bytes:
    """A PDF of these objects; the first is its catalogue."""
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return body + b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        size,
        table,
        size,
        len(body),
    )


def encrypted(pdf: bytes, password: str) -> bytes:
    """The PDF behind a password."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    writer.encrypt(password, algorithm="RC4-128")
    return _saved(writer.write)


def _stream(head: bytes, content: bytes) -> bytes:
    return head + b" /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def _saved(save: object) -> bytes:
    written = BytesIO()
    save(written)  # type: ignore[operator]
    return written.getvalue()
