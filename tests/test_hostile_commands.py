"""The hostile province through the commands that look back, write letters, open evidence and answer machines."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from lxml import etree, html
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response

from auditor import crawling
from auditor.cli import cli, running
from auditor.context import Context
from auditor.crawl.evidence.files import SUFFIX
from auditor.crawl.evidence.manifest import complete
from auditor.crawl.evidence.recorder import Recorder
from auditor.health import health, serving
from auditor.observation import Lead, Observation
from auditor.store.database import Database
from auditor.store.ingest import ingest
from tests.hostile_world import ATTACKS, URLS, harmful, hostile_province
from tests.installation import THE_DAY_AFTER

COPYING = Path(__file__).parent / "kills" / "copying.py"
SITE = "http://good-a.example.gov.vn"


def evidence_of(url: str, folder: Path) -> Path:
    """A visit's evidence whose heads, types and faults are attacks."""
    file = folder / f"good-a{SUFFIX}"
    recorder = Recorder(file, "good-a")
    for number, attack in enumerate(ATTACKS):
        said = {"Content-Type": attack.encode("utf-8", "replace"), "X-Powered-By": attack.encode("utf-8", "replace")}
        body = attack.encode("utf-8", "replace")
        recorder.answered(
            Request(f"{url}/{number}/../..%2f{number}.html?x=\x1b[2J"), Response(url, headers=said, body=body)
        )
    recorder.failed(Request(url), CannotResolveHostError("".join(ATTACKS)))
    recorder.finish({"unit": "good-a"})
    return file


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """The hostile province, closed, with a second visit that saw more, and its evidence."""
    run = hostile_province(tmp_path_factory.mktemp("commands"))
    first = Observation.read(run.data.work / "0.json")
    call(run, "close", "--month", "2019-11", "--by", "Lê An", "--accept", "good-b", "--reason", "cổng hỏng")
    late = [replace(item, url=f"{SITE}/late/{number}", also_at=()) for number, item in enumerate(first.items)]
    late = [
        replace(item, title=f"{item.title} muộn", placements=(replace(item.placements[0], url=item.url),))
        for item in late
    ]
    start = THE_DAY_AFTER + timedelta(days=1)
    second = replace(first, started=start, finished=start, items=(*first.items[3:], *late))
    file = second.write(run.data.work / "good-a.json")
    evidence_of(SITE, run.data.work)
    source = run.data.source(second, run.jurisdiction.timezone)
    with Database.open(run.database) as database, database.transaction() as session:
        ingest(session, run.jurisdiction, Observation.read(file), source=source)
    run.data.keep(file, source)
    for number in range(2):  # those of the hostile world, where their rows say
        (run.data.work / f"{number}.json").replace(run.data.root / f"{number}.json")
    complete(run.data.evidence, run.month_of)
    return run


def call(run: Context, *words: str) -> str:
    """The standard output of a command; its standard error is harmless."""
    result = CliRunner().invoke(cli, ["--portals", str(run.portals), "--data", str(run.data.root), *words])
    assert result.exit_code in {0, 3}, result.output
    assert harmful(result.stderr) == set(), result.stderr
    return result.stdout


TEXTS = (
    ("explain", "good-a", "--month", "2019-11"),
    ("explain", "good-b", "--month", "2019-11"),
    ("explain", "good-a", "--month", "2019-12"),
    ("restate", "--month", "2019-11"),
    ("received", "--month", "2019-11"),
    ("messages",),
    ("evidence", "good-a", "--month", "2019-12"),
    ("evidence", "--month", "2019-12", "--verify"),
    ("status", "--quiet"),
)


@pytest.mark.parametrize("words", TEXTS, ids=" ".join)
def test_no_text_for_a_terminal_holds_what_a_terminal_obeys(province: Context, words: tuple[str, ...]) -> None:
    told = call(province, *words)
    assert told
    assert harmful(told) == set()
    assert not any(line.startswith("units good-b complete") for line in told.splitlines())


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "good-a", "--month", "2019-11"),
        ("explain", "good-b", "--month", "2019-11"),
        ("restate", "--month", "2019-11"),
        ("status",),
        ("doctor",),
    ],
    ids=" ".join,
)
def test_json_is_json_and_obeyed_by_no_terminal(province: Context, words: tuple[str, ...]) -> None:
    told = call(province, *words, "--format", "json")
    assert json.loads(told)
    assert harmful(told) == set()


def test_what_is_read_again_is_told_harmlessly(province: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "WORKER", (sys.executable, "-IS", str(COPYING), "", "0"))
    for form in ("text", "json"):
        told = call(province, "recheck", "good-a", "--month", "2019-11", "--format", form)
        assert "LỊCH TIẾP CÔNG DÂN" in told, "titles changed, and stand in the output"
        assert harmful(told) == set()


def test_what_a_portal_is_found_to_be_is_yaml_of_its_record_alone(
    province: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Observation.read(province.data.root / "0.json")
    leads = tuple(Lead(url, "".join(ATTACKS), 5, ATTACKS, taken=True) for url in URLS)
    hostile = replace(seen, leads=leads, platform="nukeviet")
    monkeypatch.setattr(crawling, "discover", lambda _run, _unit: hostile)
    told = call(province, "units", "discover", "good-a")
    assert harmful(told) == set()
    lines = told.partition("# for portals.yaml:\n")[2]
    record = yaml.safe_load(f"url: x\n{lines.replace('    section', 'section')}")
    assert set(record) <= {"url", "section", "sections"}
    assert not [url for url in (record.get("sections") or {}).values() if not url.startswith("http")]


def test_extracted_pages_have_names_of_ours(province: Context, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    told = call(province, "evidence", "good-a", "--month", "2019-12", "--extract", str(folder))
    assert harmful(told) == set()
    names = {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*") if file.is_file()}
    assert len(names) == len(ATTACKS) + 2
    assert [name for name in names if not re.fullmatch(r"out/[0-9a-z-]{1,80}\.(html|bin|json)", name)] == []
    assert harmful((folder / "index.json").read_text("utf-8")) == set()
    index = (folder / "index.html").read_text("utf-8")
    assert harmful(index) == set()
    page = html.fromstring(index)
    assert (
        page.xpath("//script | //img | //svg | //object | //embed | //form | //base | //@*[starts-with(name(), 'on')]")
        == []
    )
    assert set(page.xpath("//@href")) == {name.removeprefix("out/") for name in names if "index" not in name}


def test_letters_and_sheets_hold_text_and_no_fields(province: Context, tmp_path: Path) -> None:
    call(province, "remind", "--month", "2019-11", "--sheets", "--output", str(tmp_path / "letters"))
    letters = sorted((tmp_path / "letters").iterdir())
    assert letters
    assert [file.name for file in letters if not re.fullmatch(r"[\w.-]+\.(docx|csv|json)", file.name, re.ASCII)] == []
    for file in letters:
        with zipfile.ZipFile(file) as package:
            for name in package.namelist():
                if not name.endswith((".xml", ".rels")):
                    continue
                root = etree.fromstring(package.read(name))
                fields = "".join(str(each.text) for each in root.iter("{*}instrText"))
                assert not re.search(r"DDE|INCLUDE|HYPERLINK|MACRO", fields), fields
                outside = [each.get("Target", "") for each in root.iter("{*}Relationship") if each.get("TargetMode")]
                assert [each for each in outside if not re.match(r"https?://", each)] == []
                assert harmful("".join(root.itertext()).replace("\t", " ")) == set()


def test_machines_that_watch_are_answered_in_json_and_lines(province: Context) -> None:
    with serving("127.0.0.1", 0, partial(health, province)) as port:
        for path in ("health", "metrics", "..%2f..%2fetc/passwd", "%1b[2J"):
            told = asked(port, path)
            assert harmful(told) == set(), path
            assert path != "health" or json.loads(told)


def asked(port: int, path: str) -> str:
    """What is answered, whatever the status."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    with closing(connection):
        connection.request("GET", f"/{path}")
        return connection.getresponse().read().decode()
