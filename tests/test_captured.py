"""Accuracy on real portals captured whole, where they lie beside the project (developers and CI have them).

The floors only rise. Given are name, level and address; the rest is found.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.test_endtoend import ROOT, Office

SHARED = ROOT.parent / "shared" / "portals"
MONTHS = ("2019-08", "2019-09", "2019-10", "2019-11")
FLOORS = {"precision": 0.98, "recall": 0.98, "f1": 0.98, "dates": 1.0, "category": 0.98}
CAPTURES = ("nukeviet-egov", "wordpress-classic")

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the captured portals do not lie beside the project")


def _replay() -> ModuleType:
    spec = importlib.util.spec_from_file_location("replay", SHARED / "replay.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "modules"), [(name, "--no-platforms") for name in CAPTURES] + [("nukeviet-egov", "--platforms")]
)
def test_captured_portal_is_read_right(name: str, modules: str, tmp_path: Path) -> None:
    capture = SHARED / f"{name}.zip"
    (site,) = _replay().serve([f"{capture}@127.0.0.1:0"])
    try:
        office = Office(tmp_path, {"unit": f"{site.url}/"})
        office.run("crawl", "--month", MONTHS[-1], modules)
        items = [item for month in MONTHS for item in office.items(month)]
    finally:
        site.stop()
    listed = tmp_path / "items.json"
    listed.write_text(json.dumps(items), "utf-8")
    told = subprocess.run(
        [sys.executable, str(SHARED / "score.py"), str(capture), str(listed), "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    scores = json.loads(told.stdout)
    assert scores["wanted"] > 40
    assert {name: scores[name] for name, floor in FLOORS.items() if scores[name] < floor} == {}
    assert sum(site.hits.values()) <= 60, "a month's audit of a small portal asks for few pages"
