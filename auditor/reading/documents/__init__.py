"""The text of a file that a post attaches, or why it has none: a scan says so, and that is an answer.

The bytes decide what a file is, never its name. The libraries are imported when a file needs them: most take a while,
and the crawl reads files in a child process of their own (`auditor.crawl.documents`), which caps time and memory.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from auditor.reading.documents.telling import Told, UnreadableError, telling

LARGEST = 16_000_000
"""Bytes; a larger file is not opened."""
_SCAN = 20
"""Letters; what has fewer on its first pages is a picture of a document, perhaps with a stamp."""
_HEAD = 2048
_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
)
_PICTURES = frozenset({"png", "jpg", "gif", "bmp", "tif"})
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIPPED = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("ppt/presentation.xml", "pptx"),
    ("content.xml", "odt"),
)


@dataclass(frozen=True)
class DocumentText:
    """What a file says.

    Attributes:
        kind: what it is by its bytes ("pdf", "docx", "doc", "xlsx", "xls", "rtf", "odt", "html", "png" …); "" unknown.
        text: of its first pages, as one line, NFC; fonts of old undone.
        pages: how many it has, where it counts them (sheets of a workbook).
        has_text: False for a scan, a picture or a form without words; None where it could not be opened.
        why_not: in English, why there is no text; "" where there is.
    """

    kind: str
    text: str = ""
    pages: int | None = None
    has_text: bool | None = None
    why_not: str = ""


def kind_of(body: bytes) -> str:
    """What a file is by its first bytes; "" where they say nothing."""
    head = body[:_HEAD]
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(body)
    if head.startswith(_COMPOUND):
        return "xls" if "Workbook".encode("utf-16-le") in body or "Book\0".encode("utf-16-le") in body else "doc"
    if b"%PDF-" in head[:1024]:  # some servers put a line break or a byte order mark before it
        return "pdf"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "html" if start.startswith((b"<!doctype html", b"<html", b"<head", b"<script", b"<body")) else ""


def _kind_of_zip(body: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return "zip"
    return next((kind for name, kind in _ZIPPED if name in names), "zip")


def read_document(body: bytes) -> DocumentText:
    """The text of a file's first pages; never raises for what stands in it.

    What a hostile file may cost is for the caller to cap: a library can be led to use much time and memory.
    """
    if len(body) > LARGEST:
        return DocumentText("", why_not=f"larger than {LARGEST // 1_000_000} MB")
    kind = kind_of(body)
    if kind in _PICTURES:
        return DocumentText(kind, pages=1, has_text=False, why_not="a picture")
    if kind == "html":
        return DocumentText(kind, why_not="a page, not a document")
    reader = _reader(kind)
    return (
        _read(kind, reader, body) if reader else DocumentText(kind, why_not=f"{kind or 'unknown'} files are not read")
    )


def _read(kind: str, reader: Callable[[bytes], Told], body: bytes) -> DocumentText:
    try:
        told = reader(body)
        text = telling(told)
    except UnreadableError as error:
        return DocumentText(kind, why_not=str(error))
    except Exception as error:  # noqa: BLE001 - the libraries raise whatever a broken file leads them to
        return DocumentText(kind, why_not=f"damaged ({type(error).__name__})")
    if sum(letter.isalpha() for letter in text) < _SCAN:
        return DocumentText(kind, text, told.pages, has_text=False, why_not="no text: a scan, or empty")
    return DocumentText(kind, text, told.pages, has_text=True)


def _reader(kind: str) -> Callable[[bytes], Told] | None:
    # The libraries take a while to import, and a file needs one of them.
    if kind == "pdf":
        from auditor.reading.documents.pdf import read_pdf  # noqa: PLC0415

        return read_pdf
    if kind in {"docx", "odt", "pptx"}:
        from auditor.reading.documents.zipped import read_zipped  # noqa: PLC0415

        return read_zipped
    if kind in {"xlsx", "xls"}:
        from auditor.reading.documents import sheets  # noqa: PLC0415

        return sheets.read_xlsx if kind == "xlsx" else sheets.read_xls
    if kind in {"doc", "rtf"}:
        from auditor.reading.documents import word  # noqa: PLC0415

        return word.read_doc if kind == "doc" else word.read_rtf
    return None
