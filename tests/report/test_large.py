"""The largest province: 124 communes, thousands of posts, a year of months; every format, within the time of a test."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl

from auditor.audit.afterwards import PastMonth
from auditor.audit.month import MonthFigures, Night
from auditor.outcomes import Outcome
from auditor.portals import Level
from auditor.report import write_report
from tests.report.decree import faults
from tests.report.province import NOVEMBER, month, unit, unseen

COMMUNES = 124


def largest() -> MonthFigures:
    nights = tuple(Night(date(2019, 10, 18) + timedelta(number), Outcome.COMPLETE) for number in range(32))
    units = [
        unseen(f"UBND xã {place}", level=Level.COMMUNE)
        if place % 11 == 0
        else unit(f"UBND xã {place}", place % 40, level=Level.COMMUNE, calendar=nights, previous=place % 37)
        for place in range(COMMUNES)
    ]
    before, past = NOVEMBER.preceding(), []
    for _ in range(11):
        past.append(PastMonth(before, "closed", 2000, {}, {one.key: 7 for one in units}))
        before = before.preceding()
    return replace(month(units), past=tuple(reversed(past)))


def test_every_format_of_the_largest_province(tmp_path: Path) -> None:
    figures = largest()
    files = {file.suffix: file for file in write_report(figures, tmp_path)}
    assert faults(files[".docx"].read_bytes()) == []
    record = json.loads(files[".json"].read_text("utf-8"))
    assert record["total"]["count"] == figures.total.count == sum(one["count"] for one in record["units"])
    book = openpyxl.load_workbook(files[".xlsx"], read_only=True)
    assert book["Chi tiết"].max_row == 2 + figures.total.count
    assert book["Cấp xã"].max_row == 2 + COMMUNES
    assert f"{figures.total.count:,}".replace(",", ".") in files[".html"].read_text("utf-8")
