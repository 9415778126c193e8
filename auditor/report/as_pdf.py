"""The PDF of a document: its DOCX printed by LibreOffice, so that both are the same pages.

LibreOffice is no dependency of the program (264 MB): PDF is written only where it is asked for, and where the programme
is installed. The typeface is checked afterwards: without Times New Roman or one of its measure, lines and pages would
break elsewhere, and letters of Vietnamese would stand out among the others.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from pathlib import Path
from unicodedata import normalize

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, StreamObject

from auditor.errors import InputError
from auditor.report.pdf_bytes import reproducible
from auditor.window import Month

_PROGRAMS = ("soffice", "libreoffice")
_TIMEOUT = 180
"""Seconds; 124 communes with thousands of posts take about ten."""
_FONTS = ("TimesNewRoman", "LiberationSerif", "Tinos", "TeXGyreTermes", "NimbusRoman")
"""Times New Roman and typefaces of its measure, as PDF names them; symbols may come from elsewhere."""
_TONES = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng
_TONED = {normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in _TONES}
_VIETNAMESE = frozenset(case for letter in _TONED | set("ăâđêôơư") for case in (letter, letter.upper()))
_MAPPED = re.compile(rb"<[0-9A-F]+>\s*<((?:[0-9A-F]{4})+)>", re.IGNORECASE)


def pdf_of(document: bytes, month: Month) -> bytes:
    """A DOCX as PDF, dated by the month: the same document printed by the same LibreOffice gives the same bytes.

    Raises:
        InputError: LibreOffice is missing or fails; no typeface of the measure of Times New Roman with the letters of
            Vietnamese is installed.
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


def fonts_of(printed: bytes) -> Mapping[str, AbstractSet[str]]:
    """The typefaces a PDF carries, without the marks of subsets ("LiberationSerif-Bold"), and the letters of each.

    Raises:
        InputError: it is no PDF.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    try:
        for font in _fonts(PdfReader(io.BytesIO(printed))):
            found[str(font["/BaseFont"]).rpartition("+")[2].lstrip("/")] |= _letters(font)
    except (PyPdfError, KeyError, ValueError) as error:
        raise InputError(f"what LibreOffice printed is no PDF ({error}): try again, or use the docx") from error
    return found


def _fonts(reader: PdfReader) -> Iterator[DictionaryObject]:
    for page in reader.pages:
        resources = page["/Resources"].get_object()
        fonts = resources["/Font"].get_object() if "/Font" in resources else {}  # type: ignore[index, operator]
        for font in fonts.values():
            yield font.get_object()


def _letters(font: DictionaryObject) -> set[str]:
    """What stands in a font's ToUnicode table (ISO 32000-1, 9.10.3), as LibreOffice writes it: a line a letter."""
    table = font["/ToUnicode"].get_object() if "/ToUnicode" in font else None
    data = table.get_data() if isinstance(table, StreamObject) else b""
    return {
        letter
        for code in _MAPPED.findall(data)
        for letter in bytes.fromhex(code.decode()).decode("utf-16-be", "replace")
    }


def _refuse_other_fonts(printed: bytes) -> None:
    """Liberation 1 (Debian 12's fonts-liberation) has no letters of Vietnamese: each would be of another typeface."""
    fonts = fonts_of(printed)
    others = sorted(font for font, letters in fonts.items() if not font.startswith(_FONTS) and letters & _VIETNAMESE)
    if others or not any(font.startswith(_FONTS) for font in fonts):
        found = ", ".join(others or sorted(fonts)) or "none"
        raise InputError(
            "no typeface of the measure of Times New Roman with the letters of Vietnamese is installed (the PDF would "
            f"have {found}): install one (Debian 12: fonts-liberation2, later: fonts-liberation), then write the "
            "report again"
        )
