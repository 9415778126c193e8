"""An office's own templates: used where they lie, told where they are wrong, and harmless."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from click.testing import Result

from auditor.errors import InputError
from auditor.report import write_report
from auditor.report.as_docx import month_docx
from auditor.report.narrative import narrative
from auditor.report.rendering import builtin_templates
from tests.report.decree import faults
from tests.report.province import month, november_2019, unit
from tests.test_cli import _no_trace_of_the_commands, call

__all__ = ["_no_trace_of_the_commands", "call"]  # fixtures


def made(folder: Path, text: str) -> None:
    templates = folder / "templates"
    templates.mkdir()
    (templates / "report.txt.j2").write_text(text, "utf-8")
    write_report(november_2019(), folder / "out", ["html"], templates=templates)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("= BÁO CÁO\n{{ figures.totl.count }}", "line 2: there is no 'totl' in a MonthFigures; did you mean 'total'"),
        ("{{ figure.total }}", "line 1: there is no 'figure'"),
        ("\n\n{{ figures.total.count|cout }}", "line 3: No filter named 'cout'; did you mean 'count'"),
        ("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "line 1: maximum recursion depth exceeded"),
        ("", "report.txt.j2 gives a paper without a text"),
        ("^ UBND TỈNH\n~ CHÁNH VĂN PHÒNG\n> Như trên\n", "report.txt.j2 gives a paper without a text"),
        ("{% for unit in figures.units %}", "line 1: Unexpected end of template"),
        ("{{ ''.__class__.__mro__ }}", "line 1"),
        ("{{ figures.units.__class__.__subclasses__() }}", "line 1"),
        ("{% for n in range(1000000000) %}x{% endfor %}", "line 1: Range too big"),
    ],
)
def test_a_wrong_template_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError, match="template report") as refused:
        made(tmp_path, text)
    assert told in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_a_template_added_edited_or_removed_meanwhile_counts_from_the_next_paper_on(tmp_path: Path) -> None:
    figures = november_2019()

    def title() -> str:
        return narrative(figures, tmp_path)[0].text

    ours = narrative(figures)[0].text
    own = tmp_path / "report.txt.j2"
    assert title() == ours
    for text in ("THÔNG BÁO", "CÔNG VĂN"):
        own.write_text(f"= {text}\nKính gửi.\n", "utf-8")
        assert title() == text != ours
    own.unlink()
    assert title() == ours


def test_templates_beside_portals_yaml_are_used_and_copied_there(call: Callable[..., Result], tmp_path: Path) -> None:
    assert call("crawl", "--month", "2019-11").exit_code == 3
    copied = call("templates", "report.txt.j2")
    assert copied.exit_code == 0, copied.stderr
    own = tmp_path / "templates" / "report.txt.j2"
    assert own.read_bytes() == (builtin_templates() / "report.txt.j2").read_bytes()
    own.write_text("= THÔNG BÁO\n== Của {{ figures.office }}\nTổng số: {{ figures.total.count }} tin.\n", "utf-8")
    assert "stays as it is" in call("templates").stdout
    assert call("report", "--month", "2019-11", "--output", "out", "--formats", "html,docx").exit_code in {0, 3}
    page = (tmp_path / "out" / "2019-11.html").read_text("utf-8")
    assert "THÔNG BÁO" in page
    assert "tin.</p>" in page
    own.write_text("{{ figures.totl }}", "utf-8")
    wrong = call("report", "--month", "2019-11", "--output", "other")
    assert (wrong.exit_code, "did you mean 'total'" in wrong.stderr) == (2, True)
    assert not (tmp_path / "other").exists()


def test_a_template_nobody_knows_is_refused(call: Callable[..., Result]) -> None:
    told = call("templates", "bao-cao.docx")
    assert (told.exit_code, "choose from cover.txt.j2, notice.txt.j2" in told.stderr) == (2, True)


def test_an_office_words_its_letterhead_and_names_who_signs(tmp_path: Path) -> None:
    wording = builtin_templates().joinpath("report.txt.j2").read_text("utf-8")
    lines = "^ UBND TỈNH THỬ\n^ SỞ NỘI VỤ\n^ BC-SNV\n~ KT. GIÁM ĐỐC\n~ PHÓ GIÁM ĐỐC\n~~ Nguyễn Văn A\n"
    changed = "\n".join(line for line in wording.splitlines() if not line.startswith("~ ")) + "\n" + lines
    (tmp_path / "report.txt.j2").write_text(changed, "utf-8")
    figures = month([unit("Sở Nội vụ", 1)])
    content = month_docx(figures, narrative(figures, tmp_path))
    document = docx.Document(io.BytesIO(content))
    left, right = (cell.text.split("\n") for cell in document.tables[0].rows[0].cells)
    assert left == ["UBND TỈNH THỬ", "SỞ NỘI VỤ", "", "Số: ……/BC-SNV"]
    assert right[-1].startswith(f"{figures.jurisdiction.removeprefix('tỉnh ')}, ngày"), (
        "what the template does not say stays as it is derived"
    )
    signatures = [table.cell(0, 1) for table in document.tables if table.cell(0, 0).text.startswith("Nơi nhận")]
    said = [cell.text.split("\n") for cell in signatures]
    assert said == [["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "", "", "", "", "Nguyễn Văn A"]]
    assert any("Báo cáo số ……/BC-SNV" in paragraph.text for paragraph in document.paragraphs)
    assert faults(content) == []


def test_what_nobody_can_see_in_a_template_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "report.txt.j2").write_text("= BÁO\x1f CÁO\nMột\x07 đoạn\ufffe.\n~ CHÁNH VĂN PHÒNG\n", "utf-8")
    figures = november_2019()
    blocks = narrative(figures, tmp_path)
    assert [block.text for block in blocks] == ["BÁO CÁO", "Một đoạn.", "CHÁNH VĂN PHÒNG"]
    assert month_docx(figures, blocks)


def test_what_stands_above_our_own_comment_is_a_line_of_its_own(tmp_path: Path) -> None:
    ours = (builtin_templates() / "report.txt.j2").read_text("utf-8")
    (tmp_path / "report.txt.j2").write_text(f"^ HĐND TỈNH\n{ours}", "utf-8")
    first, second, *_ = narrative(november_2019(), tmp_path)
    assert [first.text, second.text] == ["HĐND TỈNH", "BÁO CÁO"]


def test_an_address_in_a_sentence_is_a_link_and_the_full_stop_is_none_of_it(tmp_path: Path) -> None:
    (tmp_path / "report.txt.j2").write_text(
        "Xem http://so.example.gov.vn/tin?a=1&b=2. Hết, javascript:alert(1).", "utf-8"
    )
    figures = month([unit("Sở Nội vụ", 1)])
    document = docx.Document(io.BytesIO(month_docx(figures, narrative(figures, tmp_path))))
    paragraph = next(one for one in document.paragraphs if one.text.startswith("Xem"))
    assert [(link.text, link.url) for link in paragraph.hyperlinks] == [("http://so.example.gov.vn/tin?a=1&b=2",) * 2]
    assert paragraph.text == "Xem http://so.example.gov.vn/tin?a=1&b=2. Hết, javascript:alert(1)."
