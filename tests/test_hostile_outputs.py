"""One hostile province through every output: nothing that a portal wrote takes effect anywhere."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from click.testing import CliRunner
from lxml import etree, html

from auditor.cli import cli
from auditor.context import Context
from tests.hostile_world import ATTACKS, harmful, hostile_province
from tests.installation import NOVEMBER


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """An installation that has stored what a hostile portal, and a failing one, told."""
    return hostile_province(tmp_path_factory.mktemp("hostile"))


@pytest.fixture
def say(province: Context) -> Callable[..., str]:
    """The standard output of a command; its standard error is harmless."""

    def run(*words: str) -> str:
        options = ["--portals", str(province.portals), "--data", str(province.data.root)]
        result = CliRunner().invoke(cli, [*options, *words])
        assert result.exit_code in {0, 3}, result.output
        assert harmful(result.stderr) == set()
        return result.stdout

    return run


TEXTS = (
    ("items", "--month", "2019-11"),
    ("items", "--month", "2019-11", "--all"),
    ("audit", "good-a", "--no-crawl", "--month", "2019-11"),
    ("audit", "good-b", "--no-crawl", "--month", "2019-11"),
    ("status",),
    ("review", "--month", "2019-11"),
    ("evidence", "good-a", "--month", "2019-11"),
    ("doctor",),
)


@pytest.mark.parametrize("words", TEXTS, ids=" ".join)
def test_no_text_for_a_terminal_holds_what_a_terminal_obeys(say: Callable[..., str], words: tuple[str, ...]) -> None:
    told = say(*words)
    assert told
    assert harmful(told) == set()
    assert not any(line.startswith("units good-b complete") for line in told.splitlines())


def test_the_table_names_every_post(say: Callable[..., str]) -> None:
    items = json.loads(say("items", "--month", "2019-11", "--all", "--format", "json"))
    assert len(items) == len(ATTACKS)


@pytest.mark.parametrize(
    "words",
    [
        ("items", "--month", "2019-11", "--all", "--format", "json"),
        ("audit", "good-a", "--no-crawl", "--month", "2019-11", "--format", "json"),
    ],
)
def test_json_is_json_and_obeyed_by_no_terminal(say: Callable[..., str], words: tuple[str, ...]) -> None:
    told = say(*words)
    assert json.loads(told)
    assert harmful(told) == set()


def test_no_cell_of_the_csv_is_a_formula(say: Callable[..., str]) -> None:
    told = say("items", "--month", "2019-11", "--all", "--format", "csv")
    rows = list(csv.reader(io.StringIO(told.removeprefix("\ufeff"))))
    assert len(rows) == len(ATTACKS) + 1, "no post starts a row of its own"
    assert not [cell for row in rows for cell in row if re.match(r"\s*[=+\-@＝＋－＠]", cell)]


@pytest.fixture(scope="module")
def reports(province: Context) -> dict[str, bytes]:
    """The month's report, in every format."""
    output = province.data.root / "reports"
    words = ["--portals", str(province.portals), "--data", str(province.data.root), "report", "--month", str(NOVEMBER)]
    result = CliRunner().invoke(cli, words)
    assert result.exit_code in {0, 3}, result.output
    return {file.suffix[1:]: file.read_bytes() for file in output.glob("2019-11.*")}


def test_the_web_page_runs_and_loads_nothing(reports: dict[str, bytes]) -> None:
    text = reports["html"].decode()
    page = html.fromstring(text)
    assert page.xpath("//script | //iframe | //object | //embed | //img | //form | //link | //base") == []
    assert [name for element in page.iter() for name in element.attrib if str(name).startswith("on")] == []
    addresses = [str(value) for value in page.xpath("//@href | //@src")]
    assert [each for each in addresses if not re.match(r"https?://|#", each)] == []
    assert not re.search(r"\b49\b", page.text_content()), "no template of theirs was run"
    assert harmful(text) == set()


def test_the_workbook_has_no_formula_and_only_links_of_the_web(reports: dict[str, bytes]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(reports["xlsx"]))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    targets = [cell.hyperlink.target for cell in cells if cell.hyperlink]
    assert targets
    assert [each for each in targets if not re.match(r"https?://", each or "")] == []
    assert not [cell.value for cell in cells if isinstance(cell.value, str) and harmful(cell.value)]


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_the_package_leads_nowhere_but_to_the_web(reports: dict[str, bytes], kind: str) -> None:
    with zipfile.ZipFile(io.BytesIO(reports[kind])) as package:
        names = package.namelist()
        assert not [name for name in names if name.startswith("/") or ".." in name or "vba" in name.lower()]
        for name in names:
            if not name.endswith((".xml", ".rels")):
                continue
            raw = package.read(name)
            assert b"<!DOCTYPE" not in raw
            root = etree.fromstring(raw)
            outside = [each.get("Target", "") for each in root.iter("{*}Relationship") if each.get("TargetMode")]
            assert [each for each in outside if not re.match(r"https?://", each)] == []
            fields = "".join(str(each.text) for each in root.iter("{*}instrText"))
            assert not re.search(r"DDE|INCLUDE|HYPERLINK|MACRO", fields), fields


def test_nothing_was_written_outside_the_installation(province: Context, reports: dict[str, bytes]) -> None:
    assert sorted(reports) == ["docx", "html", "json", "xlsx"]
    root = province.data.root.parent
    odd = [file for file in root.rglob("*") if not re.fullmatch(r"[\w.+-]+", file.name, re.ASCII)]
    assert odd == []
    assert {file.name for file in root.iterdir()} == {"data", "portals.yaml"}
