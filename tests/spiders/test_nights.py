"""One portal over several nights, read by the real worker: a post is taken off, another appears with an old date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

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
        return {item.url.rsplit("/", 1)[1]: item for item in figures.units[0].items if "/lich" in item.url}


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


@dataclass(frozen=True)
class Living(Portal):
    """A portal that lives on: `now` says how it differs from its first night."""

    now: set[str] = field(default_factory=set)

    def rows(self, page: int) -> Sequence[int]:  # type: ignore[override]  # any order
        """All posts stand on one page; pinned, an old one goes first."""
        found = list(range(self.posts)) if page == 1 else []
        if "reordered" in self.now:
            found.reverse()
        return [4, *(each for each in found if each != 4)] if "pinned" in self.now and found else found

    def last(self) -> int:
        """One page."""
        return 1

    def title(self, part: str, number: int) -> str:
        """A title, corrected where the post is edited."""
        return super().title(part, number) + (" (đính chính)" if "edited" in self.now and number == 1 else "")

    def day(self, number: int) -> date:
        """A day; where a post is published again, it is a later one."""
        return super().day(0 if "again" in self.now and number == 1 else number)

    def row(self, part: str, number: int) -> str:
        """With the new address, where the portal moved."""
        name = "tin" if "moved" in self.now else "bai"
        return super().row(part, number).replace(f"/{part}/bai-", f"/{self._part(part)}/{name}-")

    def _part(self, part: str) -> str:
        return f"{part}-moi" if "parts" in self.now else part

    def answer(self, path: str) -> Answer:
        """Old addresses are not found where the portal, or its parts, moved."""
        if "parts" in self.now:
            if path.startswith(("/lich/", "/don-thu/")):
                return Answer(self.page("404", "<p>404</p>"), status=404)
            if path == "/tiep-cong-dan/":
                found = super().answer(path)
                return replace(found, body=re.sub(r"/(lich|don-thu)/", r"/\1-moi/", str(found.body)))
            path = re.sub(r"^/(lich|don-thu)-moi/", r"/\1/", path)
        if "moved" in self.now:
            if "/bai-" in path:
                return Answer(self.page("404", "<p>404</p>"), status=404)
            path = path.replace("/tin-", "/bai-")
        return super().answer(path)


LIVES = {
    "nothing happens": set[str](),
    "posts have new addresses": {"moved"},
    "posts and listings have new addresses": {"moved", "parts"},
    "the order is another": {"reordered"},
    "an old post is pinned": {"pinned"},
    "a title is corrected": {"edited"},
    "a post is published again under its address": {"again"},
    "all at once": {"moved", "reordered", "pinned"},
}


@dataclass(frozen=True)
class Told:
    """Titles of the first night; what counts in the end; the last visit."""

    before: set[str]
    counted: dict[str, CountedItem]
    last: Observation


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    """Per life, what came of its first night and of three more."""
    folder = tmp_path_factory.mktemp("lives")
    for name in ("later", "last"):
        (folder / name).mkdir()
    portals = {f"life-{number}": Living(posts=6) for number in range(len(LIVES))}
    with serving(portals) as sites:
        urls = {key: site.url for key, site in sites.items()}
        offices = {}
        for key, url in urls.items():
            (folder / key).mkdir()
            offices[key] = Office(folder / key, url)
        first = crawl(folder, urls)
        for portal, changes in zip(portals.values(), LIVES.values(), strict=True):
            portal.now.update(changes)
        later = crawl(folder / "later", urls)
        for key, office in offices.items():
            office.store(replace(first[key], unit="one"), 20)
            for day in (21, 22):
                office.store(replace(later[key], unit="one"), day)
        missing = {key: office.missing().get("one", ()) for key, office in offices.items()}
        last = crawl(folder / "last", urls, missing=missing)
    told: dict[str, Told] = {}
    for (key, office), life in zip(offices.items(), LIVES, strict=True):
        assert {each[key].outcome for each in (first, later, last)} == {Outcome.COMPLETE}, life
        before = {item.title for item in first[key].items}
        office.store(replace(last[key], unit="one"), 23)
        told[life] = Told(before, office.items(), last[key])
        office.database.close()
    return told


@pytest.mark.parametrize("life", LIVES)
def test_a_portal_that_lives_on_neither_loses_nor_gains_a_post(lives: dict[str, Told], life: str) -> None:
    told = lives[life]
    again = "again" in LIVES[life]  # it is posted on its new day, which is of the next window
    assert len(told.counted) == 4 - again, sorted(told.counted)
    assert not [item.notes for item in told.counted.values() if item.notes], "nothing removed, nothing dated back"
    assert {item.title.removesuffix(" (đính chính)") for item in told.counted.values()} <= told.before
