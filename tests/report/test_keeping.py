"""What a person made of a file is never written over; what nobody touched is replaced."""

from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest

from auditor.report import write_report
from auditor.report.packages import is_as_written
from tests.report.province import month, unit

FIGURES = month([unit("Sở Y tế", 2)])
MORE = month([unit("Sở Y tế", 3)])


def number_it(file: Path) -> None:
    document = docx.Document(str(file))
    document.add_paragraph("Số: 15/BC-VPUBND")
    document.save(str(file))


def note_in_it(file: Path) -> None:
    book = openpyxl.load_workbook(file)
    book.active["A1"] = "đã xem"  # type: ignore[index]
    book.save(file)


@pytest.mark.parametrize(("form", "edit"), [("docx", number_it), ("xlsx", note_in_it)])
def test_what_was_edited_is_kept_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, form: str, edit: Callable[[Path], None]
) -> None:
    [file] = write_report(FIGURES, tmp_path, [form])
    for number in (1, 2):
        edit(file)
        edited = file.read_bytes()
        assert write_report(MORE, tmp_path, [form]) == [file]
        kept = tmp_path / f"2019-11-da-sua-{number}.{form}"
        assert kept.read_bytes() == edited
        assert caplog.messages[-1] == f"{file} was edited by hand: kept as {kept.name}"
        assert is_as_written(file.read_bytes())
    assert len(list(tmp_path.iterdir())) == 3


def test_what_nobody_touched_is_replaced(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = [file.read_bytes() for file in write_report(FIGURES, tmp_path)]
    after = [file.read_bytes() for file in write_report(MORE, tmp_path)]
    assert before != after
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        f"2019-11.{form}" for form in ("docx", "html", "json", "xlsx")
    ]
    assert caplog.messages == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"a text of that name"])
def test_a_foreign_file_of_that_name_is_kept(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "2019-11.docx").write_bytes(content)
    write_report(FIGURES, tmp_path, ["docx"])
    assert (tmp_path / "2019-11-da-sua-1.docx").read_bytes() == content
