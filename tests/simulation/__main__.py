"""`make month`: the month over all 26 portals of the demo province; prints the messages, and the figures reported."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from auditor.demo.province import EXPECTED
from auditor.window import Month as ReportMonth
from tests.simulation.month import Month
from tests.simulation.province import living
from tests.simulation.service import told


def main() -> int:
    """Status 0 where each unit's figure of November is the expected one."""
    with tempfile.TemporaryDirectory() as place, living(EXPECTED.units) as province:
        month = Month.begin(Path(place), province)
        month.run()
        report = json.loads((month.folder / "data" / "reports" / "2019-11.json").read_text("utf-8"))
        sys.stdout.write(told(month.folder))
    for mark in month.marks[:: len(month.marks) // 8]:
        sys.stdout.write(f"{mark.files} open files, {mark.children} children, {mark.memory / 1e6:.1f} MB\n")
    wanted = {key: counts[ReportMonth(2019, 11)] for key, counts in EXPECTED.units.items()}
    wrong = {unit["key"]: unit["count"] for unit in report["units"] if unit["count"] != wanted[unit["key"]]}
    sys.stdout.write(f"total {report['total']['count']}; wrong: {wrong or 'none'}\n")
    return 1 if wrong or month.service.faults else 0


if __name__ == "__main__":
    sys.exit(main())
