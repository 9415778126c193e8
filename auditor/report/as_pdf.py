"""The PDF of a document: its DOCX printed by LibreOffice, so that both are the same pages.

LibreOffice is no dependency of the program (264 MB): PDF is written only where it is asked for, and where the programme
is installed. The typeface is checked afterwards: without Times New Roman or one of its measure, lines and pages would
break elsewhere, and letters of Vietnamese might be missing.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from auditor.errors import InputError
from auditor.report.pdf_bytes import reproducible
from auditor.window import Month

_PROGRAMS = ("soffice", "libreoffice")
_TIMEOUT = 180
"""Seconds; 124 communes with thousands of posts take about ten."""
_FONTS = ("TimesNewRoman", "LiberationSerif", "Tinos", "TeXGyreTermes", "NimbusRoman")
"""Times New Roman and typefaces of its measure, as PDF names them; symbols may come from elsewhere."""
_SYMBOLS = ("OpenSymbol", "Symbol", "Wingdings", "DejaVu")


def pdf_of(document: bytes, month: Month) -> bytes:
    """A DOCX as PDF, dated by the month: the same document printed by the same LibreOffice gives the same bytes.

    Raises:
        InputError: LibreOffice is missing or fails; no typeface of the measure of Times New Roman is installed.
    """
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise InputError(
            "a PDF is printed by LibreOffice, which is not installed: install it (Debian: libreoffice-writer), "
            "or open the docx in Word and save it as PDF"
        )
    with tempfile.TemporaryDirectory(prefix="auditor-pdf-") as folder:
        printed = _printed(program, document, Path(folder))
    _refuse_other_fonts(printed)
    return reproducible(printed, month)


def _printed(program: str, document: bytes, folder: Path) -> bytes:
    """In a profile of its own: a LibreOffice that is open on the screen would take the order, and do nothing."""
    source = folder / "report.docx"
    source.write_bytes(document)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    order = [program, profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    told = _run(order, folder)
    try:
        return source.with_suffix(".pdf").read_bytes()
    except OSError as error:
        raise InputError(f"LibreOffice printed no PDF ({told[-200:].strip() or 'it said nothing'})") from error


def _run(order: list[str], folder: Path) -> str:
    """Runs LibreOffice, which is a tree of processes, and ends all of it where it takes too long."""
    environment = {**os.environ, "HOME": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    with subprocess.Popen(
        order,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            told, _ = process.communicate(timeout=_TIMEOUT)
        except subprocess.TimeoutExpired as error:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise InputError(
                f"LibreOffice printed no PDF within {_TIMEOUT} seconds: try again, or use the docx"
            ) from error
    return told.decode("utf-8", "replace")


def fonts_of(printed: bytes) -> tuple[str, ...]:
    """The typefaces a PDF carries, without the marks of subsets: "LiberationSerif-Bold".

    Raises:
        InputError: it is no PDF.
    """
    try:
        return tuple(sorted(set(_named_fonts(PdfReader(io.BytesIO(printed))))))
    except (PyPdfError, KeyError, ValueError) as error:
        raise InputError(f"what LibreOffice printed is no PDF ({error}): try again, or use the docx") from error


def _named_fonts(reader: PdfReader) -> Iterator[str]:
    for page in reader.pages:
        resources = page["/Resources"].get_object()
        fonts = resources["/Font"].get_object() if "/Font" in resources else {}  # type: ignore[index, operator]
        for font in fonts.values():
            yield str(font.get_object()["/BaseFont"]).rpartition("+")[2].lstrip("/")


def _refuse_other_fonts(printed: bytes) -> None:
    fonts = [font for font in fonts_of(printed) if not font.startswith(_SYMBOLS)]
    if not any(font.startswith(_FONTS) for font in fonts):
        found = ", ".join(fonts) or "none"
        raise InputError(
            f"no typeface of the measure of Times New Roman is installed (the PDF would have {found}): install one "
            "(Debian: fonts-liberation), then write the report again"
        )
