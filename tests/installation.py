"""A small installation whose units are read by the fake worker."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from auditor.context import Context, Progress, Visited
from auditor.crawl.folders import DataFolder
from auditor.crawl.supervise import Limits
from auditor.portals import load
from auditor.store.database import Database
from auditor.store.models import ObservationRow
from auditor.window import Month

FAKE_WORKER = (sys.executable, str(Path(__file__).parent / "crawl" / "fake_worker.py"))
NOVEMBER = Month(2019, 11)
THE_DAY_AFTER = datetime(2019, 11, 18, 18, 30, tzinfo=UTC)  # 01:30 of 19 November in Việt Nam


class Noted(Progress):
    def __init__(self) -> None:
        self.notes: list[str] = []
        self.on_visit: Callable[[], None] = lambda: None

    def begin(self, total: int) -> None:
        self.notes.append(f"begin {total}")

    def visited(self, visited: Visited) -> None:
        self.notes.append(visited.unit.key)
        self.on_visit()

    def end(self) -> None:
        self.notes.append("end")


def portals(folder: Path, *keys: str) -> Path:
    units = "".join(
        f"  - {{key: {key}, name: {key}, level: department, url: 'http://{key}.example.gov.vn/'}}\n" for key in keys
    )
    head = "jurisdiction:\n  name: tỉnh Thử\n  office: Văn phòng UBND tỉnh Thử\nperiod:\n  cutoff_day: 18\nunits:\n"
    path = folder / "portals.yaml"
    path.write_text(head + units, "utf-8")
    return path


def context(folder: Path, *keys: str) -> Context:
    file = portals(folder, *keys)
    data = folder / "data"
    return Context(
        portals=file,
        jurisdiction=load(file),
        database=f"sqlite:///{data / 'auditor.db'}",
        data=DataFolder(data),
        now=lambda: THE_DAY_AFTER,
        progress=Noted(),
        limits=Limits(processes=2, time_cap=timedelta(minutes=2), poll=0.02),
        worker=FAKE_WORKER,
    )


def stored(run: Context) -> list[ObservationRow]:
    with Database.open(run.database) as database, database.session() as session:
        return list(session.scalars(select(ObservationRow).order_by(ObservationRow.id)))
