"""PDF, by pypdf. Most are scans: then there is no text, only pictures."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import DependencyError, PdfReadError

from auditor.reading.documents.telling import ENOUGH, FIRST_PAGES, Told, UnreadableError

_END = 2048


def read_pdf(body: bytes) -> Told:
    """The lines of the first pages.

    Raises:
        UnreadableError: a password is needed, or nothing can be made of it.
    """
    try:
        reader = PdfReader(BytesIO(_whole(body)), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("encrypted: a password is needed")
        pages = len(reader.pages)
        lines: list[str] = []
        for number in range(min(pages, FIRST_PAGES)):
            lines += reader.pages[number].extract_text().splitlines()
            if sum(map(len, lines)) > ENOUGH:
                break
    except (PdfReadError, DependencyError, NotImplementedError) as error:
        raise UnreadableError(f"damaged, or of a kind that is not read ({type(error).__name__})") from error
    return Told(lines, pages)


def _whole(body: bytes) -> bytes:
    """The file without what a server put before it, and with an end: a download cut short keeps its first pages."""
    body = body[max(0, body.find(b"%PDF-")) :]
    return body if b"%%EOF" in body[-_END:] else body + b"\nstartxref\n0\n%%EOF"
