"""One portal over several nights, read by the real worker: a post is taken off, another appears with an old date."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from auditor.audit.figures import month_figures
from auditor.audit.month import CountedItem
from auditor.categories import DEFAULT_LABELS
from auditor.observation import Missing, Observation, Presence
from auditor.outcomes import Outcome
from auditor.portals import Jurisdiction, Level, Unit
from auditor.store.absence import missing_posts
from auditor.store.database import Database
from auditor.store.ingest import ingest
from auditor.window import Month
from tests.spiders.lab import Answer, Portal, crawl, serving

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOVEMBER = Month(2019, 11)
REMOVED, LATE = 1, 2
"""Numbers of posts of 16 and 7 November: one is taken off, one shows only in the end."""


@dataclass(frozen=True)
class Changing(Portal):
    """A portal of which some posts are hidden; their pages are not found."""

    hidden: set[int] = field(default_factory=set)

    def rows(self, page: int) -> range:
        """All posts stand on one page."""
        return range(self.posts) if page == 1 else range(0)

    def last(self) -> int:
        """One page."""
        return 1

    def row(self, part: str, number: int) -> str:
        """Nothing, where it is hidden."""
        return "" if number in self.hidden else super().row(part, number)

    def answer(self, path: str) -> Answer:
        """Not found, where it is hidden."""
        if any(path.endswith(f"/bai-{number}.html") for number in self.hidden):
            return Answer(self.page("404", "<p>404</p>"), status=404)
        return super().answer(path)


class Office:
    """A database, and a worker whose clock is set: what it saw is stored as of another night."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        unit = Unit("one", "Đơn vị", Level.DEPARTMENT, url)
        self.jurisdiction = Jurisdiction("tỉnh Thử", "Văn phòng", ZONE, 18, (unit,), DEFAULT_LABELS)
        self.database = Database.open(f"sqlite:///{folder / 'auditor.db'}")

    def crawl(self) -> Observation:
        """A visit as a crawl would make it now: it asks after what is missing."""
        return crawl(self.folder, {"one": self.url}, missing=self.missing())["one"]

    def missing(self) -> dict[str, tuple[Missing, ...]]:
        with self.database.session() as session:
            return missing_posts(session, ["one"], ZONE)

    def store(self, observation: Observation, day: int) -> None:
        """Stores a visit as of one o'clock of a day of November."""
        instant = datetime(2019, 11, day, 1, tzinfo=ZONE)
        with self.database.transaction() as session:
            ingest(session, self.jurisdiction, replace(observation, started=instant, finished=instant))

    def items(self) -> dict[str, CountedItem]:
        """The schedule's counted items, by the end of their address."""
        with self.database.session() as session:
            today = datetime(2019, 11, 30, tzinfo=ZONE).date()
            figures = month_figures(session, self.jurisdiction, NOVEMBER, today=today)
        return {item.url.rsplit("/", 1)[1]: item for item in figures.units[0].items if "/lich/" in item.url}


def test_a_post_taken_off_and_a_post_dated_back_are_proven_over_the_nights(tmp_path: Path) -> None:
    hidden = {LATE}
    with serving({"one": Changing(posts=6, hidden=hidden)}) as sites:
        office = Office(tmp_path, sites["one"].url)
        office.store(office.crawl(), 20)
        hidden.add(REMOVED)
        quiet = office.crawl()
        for day in (21, 22):
            office.store(quiet, day)
        hidden.remove(LATE)
        asking = office.crawl()
        office.store(asking, 23)
    assert quiet.outcome is asking.outcome is Outcome.COMPLETE
    assert {(check.url.rsplit("/", 1)[1], check.presence) for check in asking.checks} == {
        (f"bai-{REMOVED}.html", Presence.GONE)
    }
    assert not office.missing()
    items = office.items()
    office.database.close()
    gone, late = items[f"bai-{REMOVED}.html"], items[f"bai-{LATE}.html"]
    assert gone.removed is not None
    assert gone.removed.status == 404
    assert gone.backdated is None
    assert late.backdated is not None
    assert late.removed is None
    assert datetime.fromisoformat(late.backdated.absent) == datetime(2019, 11, 22, 1, tzinfo=ZONE)
    assert [name for name, item in items.items() if item.notes] == [f"bai-{LATE}.html", f"bai-{REMOVED}.html"]
