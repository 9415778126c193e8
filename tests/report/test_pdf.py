"""PDF: LibreOffice's own pages where it is installed; and everywhere, what is told where it cannot be had."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader

from auditor.errors import InputError
from auditor.report import as_pdf, pdf_bytes, write_report
from auditor.report.as_docx import month_docx
from auditor.report.as_pdf import fonts_of, pdf_of
from auditor.report.narrative import narrative
from tests.report.province import NOVEMBER, month, november_2019, unit


def lacking() -> str:
    """What this machine lacks to print a PDF; empty where it lacks nothing."""
    if not (shutil.which("soffice") or shutil.which("libreoffice")):
        return "LibreOffice is not installed"
    if fontconfig := shutil.which("fc-list"):
        listed = subprocess.run([fontconfig, ":lang=vi", "family"], capture_output=True, text=True, check=True).stdout
        if not re.search("Times New Roman|Liberation Serif|Tinos|TeX Gyre Termes", listed):
            return "no typeface of the measure of Times New Roman with the letters of Vietnamese is installed"
    return ""


needs_libreoffice = pytest.mark.skipif(bool(lacking()), reason=lacking())


def program(folder: Path, script: str) -> None:
    """A LibreOffice of a few lines."""
    file = folder / "soffice"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


@needs_libreoffice
def test_the_report_is_printed_with_its_typeface_and_the_same_twice(tmp_path: Path) -> None:
    figures = november_2019()
    (one,) = write_report(figures, tmp_path, ["pdf"])
    printed = one.read_bytes()
    reader = PdfReader(io.BytesIO(printed))
    first = reader.pages[0].extract_text()
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in first
    assert "15/17 sở, ban, ngành" in re.sub(r"\s+", " ", first)
    assert "Đắk R'lấp" in re.sub(r"\s+", " ", "".join(page.extract_text() for page in reader.pages[:3]))
    assert [round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:]] == [210, 297]
    assert [round(float(side) / 72 * 25.4) for side in reader.pages[3].mediabox[2:]] == [297, 210]
    assert any(font.startswith(("Times", "Liberation", "Tinos")) for font in fonts_of(printed))
    assert reader.metadata
    assert str(reader.metadata.get("/CreationDate", "")).startswith("D:20191101120000Z")
    assert pdf_of(month_docx(figures, narrative(figures)), NOVEMBER) == printed
    assert pdf_bytes.is_as_written(printed)
    assert not pdf_bytes.is_as_written(printed + b"\n5 0 obj<</Type/Sig>>endobj\n%%EOF\n")


def test_a_pdf_is_named_by_its_content() -> None:
    name = b"0123456789ABCDEF" * 2
    printed = b"%PDF-1.7 /CreationDate(D:20260101000000+07'00') /ID [ <" + name + b">\n<" + name + b"> ] %%EOF"
    written = pdf_bytes.reproducible(printed, NOVEMBER)
    assert len(written) == len(printed)
    assert written == pdf_bytes.reproducible(printed.replace(b"0101000000", b"0202123456"), NOVEMBER)
    assert pdf_bytes.is_as_written(written)
    assert not pdf_bytes.is_as_written(written.replace(b"1.7", b"1.4"))
    assert not pdf_bytes.is_as_written(b"%PDF-1.7 %%EOF")


def test_without_libreoffice_the_remedy_is_told_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="LibreOffice, which is not installed"):
        write_report(month([unit("Sở Nội vụ", 1)]), tmp_path / "out", ["json", "pdf"])
    assert not (tmp_path / "out").exists()


def test_a_libreoffice_that_fails_is_told_with_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "echo 'Error: source file could not be loaded'")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match=r"printed no PDF .*could not be loaded"):
        pdf_of(b"no document", NOVEMBER)


def test_a_libreoffice_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "while :; do :; done")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(as_pdf, "_TIMEOUT", 0.2)
    with pytest.raises(InputError, match=r"within 0\.2 seconds"):
        pdf_of(b"", NOVEMBER)


def _pdf(**letters: str) -> bytes:
    """One page that names typefaces, each with the letters it prints."""
    first = 4
    fonts, tables = [], []
    for number, (font, printed) in enumerate(letters.items()):
        table = b"%d beginbfchar\n" % len(printed)
        table += b"".join(b"<%02X> <%04X>\n" % each for each in enumerate(map(ord, printed), start=1)) + b"endbfchar\n"
        tables.append(b"<</Length %d>>stream\n%s\nendstream" % (len(table), table))
        place = first + len(letters) + number
        fonts.append(b"<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+%s/ToUnicode %d 0 R>>" % (font.encode(), place))
    named = b"".join(b"/F%d %d 0 R" % (number, first + number) for number in range(len(letters)))
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</Font<<%s>>>>>>" % named,
        *fonts,
        *tables,
    ]
    text, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(text))
        text += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(text)
    text += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1) + b"".join(
        b"%010d 00000 n \n" % place for place in places
    )
    return text + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start)


@pytest.fixture
def prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Makes a LibreOffice that prints this PDF, whatever it is given."""

    def print_always(printed: bytes) -> None:
        (tmp_path / "printed.pdf").write_bytes(printed)
        program(tmp_path, f'for last; do :; done\n{shutil.which("cp")} {tmp_path}/printed.pdf "${{last%.docx}}.pdf"')
        monkeypatch.setenv("PATH", str(tmp_path))

    return print_always


@pytest.mark.parametrize("font", ["LiberationSerif-Bold", "TimesNewRomanPSMT", "Tinos"])
def test_typefaces_of_the_right_measure_are_taken(prints: Callable[[bytes], None], font: str) -> None:
    prints(_pdf(**{font: "Lịch tiếp"}))
    assert fonts_of(pdf_of(b"", NOVEMBER)) == {font: set("Lịch tiếp")}


def test_symbols_and_letters_of_others_may_be_of_another_typeface(prints: Callable[[bytes], None]) -> None:
    prints(_pdf(LiberationSerif="tiếp dân", OpenSymbol="✓", DejaVuSans="民ж"))
    assert len(fonts_of(pdf_of(b"", NOVEMBER))) == 3


@pytest.mark.parametrize(
    "printed",
    [
        _pdf(DejaVuSans="tiep dan"),
        _pdf(LiberationSerif="tip dân", DejaVuSerif="ế"),
        _pdf(NimbusRoman="b", FreeSans="Ộ"),
        _pdf(),
    ],
    ids=["another", "one without some letters of Vietnamese", "one without its capitals", "none"],
)
def test_another_typeface_is_refused_with_the_package_to_install(
    prints: Callable[[bytes], None], printed: bytes
) -> None:
    prints(printed)
    with pytest.raises(InputError, match=r"Debian 12: fonts-liberation2") as refused:
        pdf_of(b"", NOVEMBER)
    assert "LiberationSerif" not in str(refused.value)


def test_what_is_no_pdf_is_told() -> None:
    with pytest.raises(InputError, match="no PDF"):
        fonts_of(b"what is this")
