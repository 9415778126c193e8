"""What is stored, for whoever asks: figures, items, the report, when each unit was last seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor import crawling, operations
from auditor.errors import InputError
from tests.installation import NOVEMBER, THE_DAY_AFTER, context


def test_figures_items_and_report_of_a_month(tmp_path: Path) -> None:
    run = context(tmp_path, "good-a", "crash-b")
    crawling.crawl(run, month=NOVEMBER)
    assert [unit.key for unit in operations.figures(run, NOVEMBER).units] == ["good-a", "crash-b"]
    assert list(operations.items(run, NOVEMBER, everything=True)) == []
    with pytest.raises(InputError, match="there is no unit 'so-x'"):
        operations.items(run, NOVEMBER, unit="so-x")
    report = operations.report(run, NOVEMBER, tmp_path / "bao-cao", ["json"])
    assert [file.name for file in report.files] == ["2019-11.json"]
    last = operations.latest_run(run, "report")
    assert last
    assert (last.month, last.finished) == (NOVEMBER, THE_DAY_AFTER)


def test_last_seen_names_every_unit(tmp_path: Path) -> None:
    run = context(tmp_path, "good-a", "crash-b", "good-c")
    crawling.crawl(run, ["good-a", "crash-b"])
    seen = {entry.unit.key: entry for entry in operations.last_seen(run)}
    assert seen["good-a"].visit == seen["good-a"].complete
    assert seen["crash-b"].visit
    assert seen["crash-b"].complete is None
    assert seen["good-c"].visit is None
