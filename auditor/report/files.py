"""The report's files: one month object, many formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

from auditor.audit.month import MonthFigures
from auditor.errors import InputError
from auditor.report.as_json import month_json
from auditor.report.keeping import remove_file, replace_file
from auditor.report.narrative import narrative, written
from auditor.window import Month

FORMATS = ("docx", "xlsx", "html", "json")
"""Those written where none are named."""
ALL_FORMATS = (*FORMATS, "pdf")
"""PDF asks for LibreOffice."""
_COVER = "-phieu-trinh.docx"


def write_report(
    figures: MonthFigures, output: Path, formats: Sequence[str] = FORMATS, *, templates: Path | None = None
) -> list[Path]:
    """Writes `<output>/YYYY-MM.<format>` for each format, each file whole or not at all.

    Everything is made before anything is written, so that a broken template leaves the old files as they were. Where a
    check of the figures fails, a document comes with a cover note that says so, `YYYY-MM-phieu-trinh.docx`; the note
    goes when the figures agree again.

    Raises:
        InputError: an unknown format, a folder that cannot be made or written, a broken template.
    """
    unknown = [name for name in formats if name not in ALL_FORMATS]
    if unknown:
        raise InputError(f"no report is written as '{unknown[0]}': choose from {', '.join(ALL_FORMATS)}")
    makers = _makers(figures, templates)
    failed = not all(check.ok for check in figures.checks)
    cover = _cover(figures, templates) if failed and {"docx", "pdf"} & set(formats) else None
    files = write_files(output, str(figures.month), with_pdf(makers, figures.month), formats)
    return [*files, *_covered(output / f"{figures.month}{_COVER}", cover, failed=failed)]


def _cover(figures: MonthFigures, templates: Path | None) -> bytes:
    from auditor.report.as_docx import Paper, letterhead, paper_docx  # noqa: PLC0415 - slow to load, rarely needed

    failed = [check for check in figures.checks if not check.ok]
    blocks = written("cover.txt.j2", {"figures": figures, "failed": failed}, templates)
    head = letterhead(figures.jurisdiction, figures.office)
    head = replace(head, symbol=head.symbol.replace("BC-", "PTr-"))
    return paper_docx(Paper(figures.office, head, "Phiếu trình", figures.month, blocks))


def _covered(file: Path, cover: bytes | None, *, failed: bool) -> list[Path]:
    """The cover note's file, where there is one; an earlier one that is no longer true is removed."""
    try:
        if cover is not None:
            return [replace_file(file, cover)]
        if not failed:
            remove_file(file)
    except OSError as error:
        raise InputError(f"the cover note {file} cannot be changed ({error}): close it elsewhere") from error
    return []


def with_pdf(makers: Mapping[str, Callable[[], bytes | str]], month: Month) -> dict[str, Callable[[], bytes | str]]:
    """The makers and one of a PDF: the document, made once and printed; dated by the month."""
    docx = cache(makers["docx"])

    def pdf() -> bytes:
        from auditor.report.as_pdf import pdf_of  # noqa: PLC0415

        document = docx()
        assert isinstance(document, bytes)  # noqa: S101 - as every maker of a document
        return pdf_of(document, month)

    return {**makers, "docx": docx, "pdf": pdf}


def write_files(
    output: Path, name: str, makers: Mapping[str, Callable[[], bytes | str]], formats: Sequence[str]
) -> list[Path]:
    """Writes `<output>/<name>.<format>`, after all of them have been made.

    Raises:
        InputError: a folder that cannot be made or written; whatever the makers raise.
    """
    contents = _made(makers, formats)
    try:
        output.mkdir(parents=True, exist_ok=True)
        return [replace_file(output / f"{name}.{form}", contents[form]) for form in dict.fromkeys(formats)]
    except OSError as error:
        told = f"the report cannot be written to {output} ({error})"
        raise InputError(f"{told}: close it where it is open, or choose another folder") from error


def _made(makers: Mapping[str, Callable[[], bytes | str]], formats: Sequence[str]) -> dict[str, bytes | str]:
    """Each format's content; LibreOffice, a program of its own, prints the PDF while the others are made."""
    others = [form for form in dict.fromkeys(formats) if form != "pdf"]
    if len(others) == len(set(formats)):
        return {form: makers[form]() for form in others}
    makers["docx"]()  # what is printed: made once, before two ask for it
    with ThreadPoolExecutor(max_workers=1) as printer:
        printed = printer.submit(makers["pdf"])
        return {**{form: makers[form]() for form in others}, "pdf": printed.result()}


def _makers(figures: MonthFigures, templates: Path | None) -> dict[str, Callable[[], bytes | str]]:
    """One function per format; a format's libraries are loaded when it is asked for."""

    def docx() -> bytes:
        from auditor.report.as_docx import month_docx  # noqa: PLC0415

        return month_docx(figures, narrative(figures, templates))

    def xlsx() -> bytes:
        from auditor.report.as_xlsx import month_xlsx  # noqa: PLC0415

        return month_xlsx(figures)

    def html() -> str:
        from auditor.report.as_html import month_html  # noqa: PLC0415

        return month_html(figures, narrative(figures, templates), templates)

    return {"docx": docx, "xlsx": xlsx, "html": html, "json": lambda: month_json(figures)}
