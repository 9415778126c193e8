"""How the files of a report are made and written."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from auditor.errors import InputError
from auditor.report import as_pdf
from auditor.report.files import with_pdf, write_files
from auditor.window import Month

MONTH = Month(2019, 11)
PATIENCE = 60
"""Seconds until a test that waits for what never comes gives up."""


def test_the_pdf_is_printed_while_the_others_are_made(tmp_path: Path) -> None:
    printing, made = Event(), Event()

    def pdf() -> bytes:
        printing.set()
        assert made.wait(PATIENCE)
        return b"pdf"

    def html() -> str:
        assert printing.wait(PATIENCE)
        made.set()
        return "html"

    files = write_files(tmp_path, "2019-11", {"docx": lambda: b"docx", "html": html, "pdf": pdf}, ("pdf", "html"))
    assert [(file.name, file.read_bytes()) for file in files] == [("2019-11.pdf", b"pdf"), ("2019-11.html", b"html")]


def test_the_printed_document_is_the_one_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = iter([b"the first", b"another"])
    monkeypatch.setattr(as_pdf, "pdf_of", lambda document, _month: b"printed " + document)
    docx, pdf = write_files(tmp_path, "2019-11", with_pdf({"docx": lambda: next(made)}, MONTH), ("docx", "pdf"))
    assert (docx.read_bytes(), pdf.read_bytes()) == (b"the first", b"printed the first")


@pytest.mark.parametrize("broken", ["docx", "html", "pdf"])
def test_nothing_is_written_where_one_format_fails(tmp_path: Path, broken: str) -> None:
    def fail() -> bytes:
        raise InputError("no such thing")

    makers = {form: fail if form == broken else (lambda: b"made") for form in ("docx", "html", "pdf")}
    with pytest.raises(InputError, match="no such thing"):
        write_files(tmp_path, "2019-11", makers, ("docx", "html", "pdf"))
    assert not list(tmp_path.iterdir())
