"""docs/json.md against what the commands print on the demo."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor import comparing
from auditor.audit import afterwards, month
from auditor.audit.spans import MonthSum, SpanFigures, SpanSum
from auditor.cli import cli
from auditor.report.as_span import span_json
from auditor.window import Month, Span
from tests.demonstration import Demonstration
from tests.docs.examples import DOCS, clear_environment

_TEXT = (DOCS / "json.md").read_text("utf-8")
_SHAPE = re.compile(r"(?:Output of|The file) `(.+?)`[^\n]*:\n\n```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHAPES = dict(_SHAPE.findall(_TEXT))
_OTHERS = "…"


@pytest.fixture
def _at_the_demo(demonstration: Demonstration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    clear_environment(monkeypatch)
    shutil.copytree(demonstration.untouched, "data/demo")


@pytest.mark.usefixtures("_at_the_demo")
def test_each_shape_is_what_its_command_prints() -> None:
    assert len(SHAPES) == _TEXT.count("```json")
    told = {source: list(differences(json.loads(shape), printed(source), "")) for source, shape in SHAPES.items()}
    assert {source: found for source, found in told.items() if found} == {}


def printed(source: str) -> object:
    if " recheck " in source:
        shutil.rmtree("data/demo/evidence/so-khcn")  # nothing to read: this is about the shape, and takes seconds else
    if not source.startswith("auditor "):
        return json.loads(Path(source).read_text("utf-8"))
    here = {"AUDITOR_PORTALS": "data/demo/portals.yaml", "AUDITOR_DATA": "data/demo"}
    result = CliRunner().invoke(cli, source.split()[1:], env=here)
    assert result.exit_code in {0, 3}, result.output
    return json.loads(result.stdout)


def differences(page: object, real: object, where: str) -> Iterator[str]:
    """Keys that one side lacks, and values of another kind; one entry of a list speaks for all."""
    if isinstance(page, dict) and isinstance(real, dict):
        named = page.keys() - {_OTHERS}
        if gone := named - real.keys():
            yield f"{where}: the page has {sorted(gone)}, which is not there"
        if (more := real.keys() - named) and _OTHERS not in page:
            yield f"{where}: the page lacks {sorted(more)}"
        for key in named & real.keys():
            yield from differences(page[key], real[key], f"{where}.{key}")
    elif isinstance(page, list) and isinstance(real, list):
        if page and real:
            yield from differences(page[0], _counterpart(page[0], real), f"{where}[0]")
        elif not page and real:
            yield f"{where}: the page shows an empty list"
    elif page is not None and real is not None and type(page) is not type(real):
        yield f"{where}: {real!r} is not of the kind of {page!r}"


def _counterpart(entry: object, real: list[object]) -> object:
    """The entry of the same unit, where the entries are units."""
    key = entry.get("key") if isinstance(entry, dict) else None
    return next((one for one in real if isinstance(one, dict) and one.get("key") == key), real[0]) if key else real[0]


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("correction", month.CorrectionFacts),
        ("backdated", month.Backdated),
        ("removed", month.Removed),
        ("editions", month.EditionFacts),
        ("closed", afterwards.Closed),
        ("unit_changes", afterwards.UnitChange),
        ("later", afterwards.Later),
        ("changes", comparing.Change),
    ],
)
def test_the_keys_of_a_record_inside_are_all_told(name: str, record: type) -> None:
    assert told_of(name) == {one.name for one in fields(record)}


@pytest.mark.usefixtures("_at_the_demo")
def test_what_audit_and_explain_add_is_told() -> None:
    unit = json.loads(SHAPES["data/demo/reports/2019-11.json"])["units"][0].keys()
    audit = printed("auditor audit so-khcn --month 2019-11 --no-crawl --format json")
    explain = printed("auditor explain so-khcn --month 2019-11 --format json")
    assert isinstance(audit, dict)
    assert isinstance(explain, dict)
    assert audit.keys() - unit == {"month", "window", "items"}
    assert explain.keys() - audit.keys() == told_of("explain")


def test_the_keys_of_a_period_are_all_told() -> None:
    span = SpanSum(Span(2019, 1, 1), (MonthSum(Month(2019, 1), "unknown", None),))
    record = json.loads(span_json(SpanFigures("tỉnh Thử", "Văn phòng", span, span, ())))
    assert told_of("period") == record.keys()
    assert told_of("a sum") == record["now"].keys()


def told_of(name: str) -> set[str]:
    [table] = re.findall(rf"^\| key of {name} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", _TEXT, re.MULTILINE)
    return {key for line in table.splitlines() for key in re.findall(r"`(\w+)`", line.split("|")[1])}
