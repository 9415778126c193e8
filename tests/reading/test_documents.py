"""The text of files that posts attach: of every kind, in every encoding, damaged, and made to hurt."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.reading.documents import DocumentText, kind_of, read_document
from auditor.reading.documents.telling import ENOUGH
from tests.encodings import tcvn3, vni
from tests.files import FROZEN, NOTICE, docx_of, encrypted, pdf_from, pdf_of, xlsx_of, zip_of

TEXT = " ".join(NOTICE)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _frozen(name: str) -> bytes:
    return (FROZEN / name).read_bytes()


def _rtf(text: str, head: str = r"\ansi\ansicpg1252") -> bytes:
    shown = "".join(
        letter if letter.isascii() else rf"\'{ord(letter):02x}" if letter <= "\xff" else rf"\u{ord(letter)}\'3f"
        for letter in text
    )
    silent = r"{\fonttbl{\f0 Times;}}{\*\generator Word;}{\info{\author Ai}}"
    return rf"{{\rtf1{head}{silent}\pard {shown}\par}}".encode()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (docx_of(), "docx"),
        (docx_of([tcvn3(line) for line in NOTICE], ".VnTime"), "docx"),
        (docx_of([vni(line) for line in NOTICE], "VNI-Times"), "docx"),
        (pdf_of(), "pdf"),
        (b"\xef\xbb\xbf\r\n" + pdf_of(), "pdf"),
        (pdf_of(pages=5)[:-6], "pdf"),
        (pdf_of([tcvn3(line) for line in NOTICE], unicode=False), "pdf"),
        (encrypted(pdf_of(), ""), "pdf"),
        (_frozen("thong-bao.doc"), "doc"),
        (_frozen("thong-bao.odt"), "odt"),
        (_rtf(TEXT), "rtf"),
        (_rtf(tcvn3(TEXT)), "rtf"),
        (xlsx_of([[line] for line in NOTICE]), "xlsx"),
        (xlsx_of([NOTICE]), "xlsx"),
    ],
)
def test_the_text_of_a_document_is_told(body: bytes, kind: str) -> None:
    told = read_document(body)
    assert (told.kind, told.has_text, told.why_not) == (kind, True, "")
    assert told.text.lower().startswith(TEXT.lower())


def test_a_workbook_of_old_is_read() -> None:
    told = read_document(_frozen("lich.xls"))
    assert told == DocumentText(
        "xls",
        "Lịch tiếp công dân tháng 11 năm 2019 1 Ngày 15/11/2019: Chủ tịch UBND huyện tiếp công dân định kỳ 2",
        pages=1,
        has_text=True,
    )


@pytest.mark.parametrize(("body", "pages"), [(pdf_of([]), 1), (pdf_of([], pages=7), 7), (pdf_of(["Trang 1"]), 1)])
def test_a_scan_is_an_answer(body: bytes, pages: int) -> None:
    told = read_document(body)
    assert (told.kind, told.has_text, told.pages) == ("pdf", False, pages)
    assert told.why_not


def _tree_that_loops() -> bytes:
    return pdf_from(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R 2 0 R] >>")


def _bomb(inside: str) -> bytes:
    return zip_of({"word/document.xml": inside.encode()})


BILLION = (
    "<!DOCTYPE d [<!ENTITY a 'haha'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
    + "]>"
)
EXTERNAL = "<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'><!ENTITY y SYSTEM 'http://127.0.0.1:9/'>]>"


def _sheet(inside: str) -> bytes:
    """A workbook of one row of these cells, behind their document type."""
    with zipfile.ZipFile(BytesIO(xlsx_of([NOTICE]))) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    kind, _, cells = inside.rpartition("]>")
    name = next(name for name in parts if name.startswith("xl/worksheets/"))
    rows = f"<sheetData><row r='1'>{cells}</row></sheetData>"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return zip_of({**parts, name: f"{kind}{']>' if kind else ''}<worksheet xmlns='{main}'>{rows}</worksheet>".encode()})


def _overlapping() -> bytes:
    """An archive whose directory names one bomb a thousand times."""
    raw = zip_of({"word/document.xml": b"\0" * 20_000_000})
    directory, end = raw.rfind(b"PK\x01\x02"), raw.rfind(b"PK\x05\x06")
    entries = raw[directory:end] * 1_000
    return (
        raw[:directory]
        + entries
        + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1_000, 1_000, len(entries), directory, 0)
    )


def _packed_twice() -> bytes:
    packed = zlib.compress(zlib.compress(b"\0" * 60_000_000))
    head = f"<< /Length {len(packed)} /Filter [/FlateDecode /FlateDecode] >>\nstream\n".encode()
    kids = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9999999999 9999999999] /Contents 4 0 R >>"
    return pdf_from(b"<< /Type /Catalog /Pages 2 0 R >>", kids, page, head + packed + b"\nendstream")


def _pages_within_pages() -> bytes:
    tree = [f"<< /Type /Pages /Count 1000000000 /Kids [{number} 0 R] >>".encode() for number in range(3, 3_000)]
    return pdf_from(b"<< /Type /Catalog /Pages 2 0 R >>", *tree, b"<< /Type /Page >>")


HOSTILE: dict[str, tuple[Callable[[], bytes], str, bool | None]] = {
    "nothing": (lambda: b"", "", None),
    "noise": (lambda: bytes(range(256)) * 50, "", None),
    "a page": (lambda: b"\n <!DOCTYPE html><html><title>404</title>", "html", None),
    "a picture": (lambda: b"\xff\xd8\xff\xe0" + b"\x00" * 500, "jpg", False),
    "an archive": (lambda: zip_of({"lich.pdf": b"%PDF-"}), "zip", None),
    "a rar": (lambda: b"Rar!\x1a\x07\x00" + b"x" * 100, "rar", None),
    "half a zip": (lambda: docx_of()[:2000], "zip", None),
    "half a PDF": (lambda: pdf_of()[:300], "pdf", None),
    "half a DOC": (lambda: _frozen("thong-bao.doc")[:3000], "doc", None),
    "half an XLS": (lambda: _frozen("lich.xls")[:1000], "doc", None),
    "a PDF with a password": (lambda: encrypted(pdf_of(), "secret"), "pdf", None),
    "a PDF of a head": (lambda: b"%PDF-1.7\n", "pdf", None),
    "pages in a circle": (_tree_that_loops, "pdf", None),
    "a bomb of text": (lambda: _bomb(f"<w:d xmlns:w='{WORD}'><w:p><w:t>{'a' * 60_000_000}"), "docx", None),
    "a bomb of paragraphs": (lambda: _bomb(f"<w:d xmlns:w='{WORD}'>" + "<w:p/>" * 6_000_000), "docx", False),
    "entities upon entities": (
        lambda: _bomb(f"{BILLION}<w:d xmlns:w='{WORD}'><w:p><w:t>&j;</w:t></w:p></w:d>"),
        "docx",
        None,
    ),
    "strings without end": (
        lambda: zip_of({"xl/workbook.xml": b"<w/>", "xl/sharedStrings.xml": b"<si/>" * 10_000_000}),
        "xlsx",
        None,
    ),
    "a cell that is a file of ours": (
        lambda: _sheet(f"{EXTERNAL}<c t='inlineStr'><is><t>&x;&y;</t></is></c>"),
        "xlsx",
        None,
    ),
    "entities upon entities in a cell": (
        lambda: _sheet(f"{BILLION}<c t='inlineStr'><is><t>&j;</t></is></c>"),
        "xlsx",
        None,
    ),
    "a row without end": (lambda: _sheet("<c><v>1</v></c>" * 3_000_000), "xlsx", None),
    "a text that is a file of ours": (
        lambda: _bomb(f"{EXTERNAL}<w:d xmlns:w='{WORD}'><w:p><w:t>&x;&y;</w:t></w:p></w:d>"),
        "docx",
        False,
    ),
    "a thousand names for one part": (_overlapping, "docx", None),
    "a page packed twice": (_packed_twice, "pdf", False),
    "pages within pages": (_pages_within_pages, "pdf", None),
    "brackets": (lambda: b"{\\rtf1" + b"{" * 3_000_000, "rtf", False),
    "too large": (lambda: b"%PDF-" + b" " * 16_000_000, "", None),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_says_why_it_is_not_read(name: str) -> None:
    make, kind, has_text = HOSTILE[name]
    told = read_document(make())
    assert (told.kind, told.has_text) == (kind, has_text)
    assert told.why_not
    assert len(told.text) <= ENOUGH
    assert "root:" not in told.text


def test_only_the_beginning_is_read() -> None:
    assert len(read_document(docx_of(["Lịch tiếp công dân"] * 3_000)).text) <= ENOUGH
    rows = [[f"Dòng {number} của lịch tiếp công dân"] for number in range(20_000)]
    assert "Dòng 150 " in (text := read_document(xlsx_of(rows)).text)
    assert "Dòng 300 " not in text


def test_what_a_document_hides_is_not_told() -> None:
    shown = "<w:t>Lịch tiếp công dân tháng 11</w:t>"
    hidden = "<w:instrText>PAGE \\* MERGEFORMAT</w:instrText><w:delText>năm 2018</w:delText>"
    parts = {"word/document.xml": f"<w:d xmlns:w='{WORD}'><w:p><w:r>{shown}{hidden}</w:r></w:p></w:d>".encode()}
    assert read_document(zip_of(parts)).text == "Lịch tiếp công dân tháng 11"


SEEDS = [docx_of(), pdf_of(pages=2), xlsx_of([NOTICE]), _frozen("thong-bao.doc"), _frozen("lich.xls"), _rtf(TEXT)]


@given(data=st.data())
@settings(max_examples=60)
def test_any_damage_is_survived(data: st.DataObject) -> None:
    body = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(0, 30))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    told = read_document(bytes(body[: data.draw(st.integers(len(body) // 2, len(body)))]))
    assert len(told.text) <= ENOUGH
    assert told.has_text or told.why_not


@given(st.binary(max_size=200))
def test_any_bytes_have_a_kind(body: bytes) -> None:
    assert isinstance(kind_of(body), str)
