"""One hostile province through every output: nothing that a portal wrote takes effect anywhere."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date, timedelta

import openpyxl
import pytest
from click.testing import CliRunner
from lxml import etree, html

from auditor.categories import Category
from auditor.cli import cli
from auditor.observation import Attachment, Coverage, Observation, Placement, SeenItem
from auditor.operations import Context
from auditor.outcomes import Cause, Outcome
from auditor.store.database import Database
from auditor.store.ingest import ingest
from tests.installation import NOVEMBER, THE_DAY_AFTER, context

_SITE = "http://good-a.example.gov.vn"
ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg/onload=alert(1)>' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% for x in ().__class__.__bases__ %}{{ x }}{% endfor %}",
    '=HYPERLINK("http://evil.example/","Lịch")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "＝1+1",
    "\x1b[2J\x1b]0;owned\x07\x1b[31m",
    "\x9b31m\x90q\x9c",
    "một\r\nunits good-b complete\r\nhai",
    "một\u2028hai\u2029ba\x0bbốn\x85năm",
    "\u202egnp.exe\u202c \u2066bidi\u2069 \u200e\u200f\u061c",
    "\ud800 nửa chữ \udfff",
    "../../../../etc/passwd",
    "%s %n {0} $HOME `id` $(id)",
    "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "\\..\\..\\CON:*?|",
)
URLS = (
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    'http://good-a.example.gov.vn/"onmouseover="alert(1)',
    "http://good-a.example.gov.vn/\x1b[2J\r\nSet-Cookie: x",
    "vbscript:msgbox(1)",
    "\\\\evil.example\\share",
)


def hostile_items() -> tuple[SeenItem, ...]:
    """Posts whose every text is an attack, counted in November."""
    found = []
    urls = [*URLS, *(f"{_SITE}/tin/{number}" for number in range(len(ATTACKS) - len(URLS)))]
    for attack, url in zip(ATTACKS, urls, strict=True):
        place = Placement(url, f"{_SITE}/lich", f"Lịch tiếp công dân {attack}", Category.SCHEDULE)
        found.append(
            SeenItem(
                url=url,
                title=f"{attack} Lịch tiếp công dân",
                published="2019-11-05",
                published_from=f"listing: {attack}",
                body=attack,
                commune=attack,
                placements=(place,),
                attachments=(Attachment(url, attack, None),),
                document=attack,
            )
        )
    return tuple(found)


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """An installation that has stored what a hostile portal, and a failing one, told."""
    run = context(tmp_path_factory.mktemp("hostile"), "good-a", "good-b")
    run.data.make()
    start = THE_DAY_AFTER
    everything = " ".join(ATTACKS)
    sections = dict(zip(Category, URLS, strict=False))
    read = Observation(
        unit="good-a",
        started=start,
        finished=start + timedelta(minutes=1),
        first_day=date(2019, 7, 19),
        outcome=Outcome.COMPLETE,
        section=URLS[0],
        sections=sections,
        listings=(Coverage(URLS[0], everything, Category.SCHEDULE, 1, 1, 3, complete=True, reasons=ATTACKS),),
        items=hostile_items(),
    )
    lost = Observation(
        "good-b", start, start, date(2019, 7, 19), Outcome.UNREACHABLE, Cause.DNS, everything, section=URLS[1]
    )
    with Database.open(run.database) as database, database.transaction() as session:
        for number, seen in enumerate((read, lost)):
            # As from a worker's file: what UTF-8 cannot hold comes back as it was written.
            file = seen.write(run.data.work / f"{number}.json")
            ingest(session, run.jurisdiction, Observation.read(file), source=f"{number}.json")
    return run


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


def harmful(text: str) -> set[str]:
    """The characters that a terminal or a reader's eye obeys; a line break and the mark of UTF-8 are ours."""
    return {hex(ord(each)) for each in text if unicodedata.category(each) in {"Cc", "Cf", "Zl", "Zp", "Cs"}} - {
        hex(ord("\n")),
        hex(0xFEFF),
    }


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
    assert "49" not in re.findall(r"\{\{.*?\}\}|\b49\b", text), "no template of theirs was run"
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
