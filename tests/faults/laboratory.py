"""The fault laboratory: a real local server plays every fault in every phase of a visit, then random nights of them.

`python -m tests.faults.laboratory 500` plays all kinds × phases, persistent and passing, then 500 random nights, and
prints what came of them (`make faults`); the tests play a sample. What must never happen, whatever the portal does:
a verdict "not published" of what was published, a post lost, a cause that is another fault's.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import product
from pathlib import Path
from random import Random

from auditor.audit.figures import month_figures
from auditor.categories import Category
from auditor.observation import Observation
from auditor.outcomes import Outcome, Verdict
from auditor.portals import load
from auditor.store.database import Database
from auditor.store.ingest import ingest
from auditor.window import Month
from tests.faults.kinds import KINDS, Kind
from tests.spiders.lab import FIRST_DAY, Answer, Play, Portal, crawl, serving

NOVEMBER = Month(2019, 11)
LAST_DAY = date(2019, 11, 18)
PUBLISHED = (Category.SCHEDULE, Category.PETITIONS)
"""What each portal of the laboratory has posts of, every month."""
_AT_ONCE = 100
"""Portals that one worker visits side by side."""


class Phase(StrEnum):
    """Where in a visit the fault stands."""

    ROBOTS = "robots.txt"
    HOME = "front page"
    SECTION = "section"
    PART = "part"
    PAGE = "page 3 of 5"
    POST = "post that must be opened"
    SPARE_POST = "post that need not"


_PATHS: Mapping[Phase, Callable[[str], bool]] = {
    Phase.ROBOTS: lambda path: path == "/robots.txt",
    Phase.HOME: lambda path: path.partition("?")[0] == "/",
    Phase.SECTION: lambda path: path.startswith("/tiep-cong-dan/"),
    Phase.PART: lambda path: path.partition("?")[0] == "/lich/",
    Phase.PAGE: lambda path: path.startswith("/lich/page-3/"),
    Phase.POST: lambda path: path.startswith("/lich/bai-") and path.endswith(("3.html", "8.html")),
    Phase.SPARE_POST: lambda path: "/bai-" in path,
}


@dataclass(frozen=True)
class Case:
    """One portal with one fault: always there, or at the first request only."""

    kind: str
    phase: Phase
    once: bool = False

    def __str__(self) -> str:
        return f"{self.kind} at {self.phase}{', once' if self.once else ''}"

    @property
    def fault(self) -> Kind:
        return KINDS[self.kind]

    def portal(self) -> Portal:
        """The portal that has it."""
        return replace(healthy(self.phase), play=playing([self]))


def healthy(phase: Phase) -> Portal:
    """A portal of five listing pages; its posts have to be opened where the fault stands in one that must be."""
    return Portal(newest=LAST_DAY - timedelta(days=1), step=4, posts=20, dated=phase is not Phase.POST)


def playing(faults: Sequence[Case]) -> Play:
    """A server that has these faults."""

    def play(path: str, nth: int) -> Answer | None:
        for each in faults:
            if _PATHS[each.phase](path) and not (each.once and nth):
                return each.fault.answer
        return None

    return play


def all_cases() -> Iterator[Case]:
    """Every kind in every phase; those that pass, once as well."""
    for name, phase in product(KINDS, Phase):
        yield Case(name, phase)
        if KINDS[name].passes:
            yield Case(name, phase, once=True)


def visit(portals: Sequence[Portal], folder: Path) -> list[Observation]:
    """One visit to each portal, by the real worker."""
    seen: list[Observation] = []
    for start in range(0, len(portals), _AT_ONCE):
        part = {f"p{start + number}": portal for number, portal in enumerate(portals[start : start + _AT_ONCE])}
        place = folder / f"from-{start}"
        place.mkdir()
        with serving(part) as sites:
            found = crawl(place, {name: site.url for name, site in sites.items()}, timeout=600)
        seen += [found[name] for name in part]
    return seen


def truth(portal: Portal) -> set[str]:
    """The titles posted since the first day asked for."""
    return {
        portal.title(part, number)
        for part in portal.PARTS
        for number in range(portal.posts)
        if portal.day(number) >= FIRST_DAY
    }


def wrong(case: Case, seen: Observation) -> str:
    """What a visit said that it may not say; "" where it was honest."""
    if seen.outcome is Outcome.COMPLETE:
        lost = truth(case.portal()) - {item.title for item in seen.items}
        return f"complete, but {len(lost)} posts are not in it" if lost else ""
    if case.once:
        return f"{seen.outcome} ({seen.cause}) of a fault that passed"
    if case.phase is Phase.SPARE_POST:
        return f"{seen.outcome} ({seen.cause}) of a post that was not needed"
    if case.phase in {Phase.HOME, Phase.SECTION} and seen.cause not in case.fault.causes:
        return f"named {seen.cause}, not {sorted(case.fault.causes)}"
    return ""


def report(cases: Sequence[Case], observations: Sequence[Observation]) -> list[str]:
    """Prints a table, phases × outcomes; answers what was wrong."""
    table: dict[Phase, Counter[str]] = defaultdict(Counter)
    mistakes = []
    for case, seen in zip(cases, observations, strict=True):
        table[case.phase][f"{seen.outcome}{' once' if case.once else ''}"] += 1
        if told := wrong(case, seen):
            mistakes.append(f"{case}: {told}; {seen.detail}")
    for phase, outcomes in table.items():
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
        sys.stdout.write(f"{phase:<26} {sum(outcomes.values()):>4}  {told}\n")
    return mistakes


# --- nights ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Night:
    """One night of one portal: what has been posted by then, and what is wrong with it."""

    day: date
    portal: Portal


@dataclass(frozen=True)
class Growing(Portal):
    """A portal that posts now and then: what a post is called, and where it stands, never changes."""

    def _own(self, number: int) -> int:
        return self.posts - number

    def title(self, part: str, number: int) -> str:
        return super().title(part, self._own(number))

    def row(self, part: str, number: int) -> str:
        return super().row(part, number).replace(f"/bai-{number}.html", f"/bai-{self._own(number)}.html")

    def _post(self, part: str, number: int) -> str:
        return super()._post(part, self._own(number))


def nights_of(random: Random, count: int) -> list[Night]:
    """Consecutive nights around the end of the window; on two of three, something or other is wrong."""
    start = LAST_DAY - timedelta(days=random.randrange(count + 1))
    dated = random.random() < 0.7
    return [_night(random, start + timedelta(days=number), dated=dated) for number in range(count)]


def _night(random: Random, day: date, *, dated: bool) -> Night:
    faults = [
        Case(random.choice(list(KINDS)), random.choice(list(Phase)), once=random.random() < 0.3)
        for _ in range(random.choice([0, 1, 1, 2, 3]))
    ]
    newest = day - timedelta(days=(day - date(2019, 1, 1)).days % 4)
    posts = (newest - date(2019, 9, 1)).days // 4
    return Night(day, Growing(newest=newest, step=4, posts=posts, dated=dated, play=playing(faults)))


def audit(nights: Sequence[Night], observations: Sequence[Observation], folder: Path) -> list[str]:
    """Stores a portal's nights in order; answers every false verdict and every lost post."""
    file = folder / "portals.yaml"
    file.write_text(
        "jurisdiction: {name: tỉnh Thử, office: Văn phòng}\nperiod: {cutoff_day: 18}\n"
        "units: [{key: unit, name: Sở Thử, level: department, url: 'http://127.0.0.1/'}]\n",
        "utf-8",
    )
    jurisdiction, mistakes = load(file), []
    seen_whole: set[str] = set()
    with Database.open(f"sqlite:///{folder / 'auditor.db'}") as database:
        for night, seen in zip(nights, observations, strict=True):
            instant = datetime.combine(night.day, datetime.min.time(), UTC) + timedelta(hours=18)
            moved = replace(seen, unit="unit", started=instant, finished=instant + timedelta(minutes=1))
            with database.transaction() as session:
                ingest(session, jurisdiction, moved)
            with database.session() as session:
                today = night.day + timedelta(days=1)
                (unit,) = month_figures(session, jurisdiction, NOVEMBER, today=today).units
            mistakes += [f"{night.day}: {told}" for told in _false(unit.verdict, unit.categories, night)]
            if seen.outcome is Outcome.COMPLETE:
                seen_whole |= _counting(night.portal)
            lost = seen_whole - {item.title for item in unit.items}
            mistakes += [f"{night.day}: {len(lost)} posts seen before are counted no more"] if lost else []
    return mistakes


def _counting(portal: Portal) -> set[str]:
    first, last = date(2019, 10, 19), LAST_DAY
    return {
        portal.title(part, number)
        for part in portal.PARTS
        for number in range(portal.posts)
        if first <= portal.day(number) <= last
    }


def _false(verdict: Verdict, categories: Mapping[Category, object], night: Night) -> Iterator[str]:
    if not _counting(night.portal):
        return
    if verdict is Verdict.NOT_PUBLISHED:
        yield "not_published of a unit that had"
    for category in PUBLISHED:
        if getattr(categories[category], "verdict", None) is Verdict.NOT_PUBLISHED:
            yield f"not_published of {category}, which had been"


def play_nights(seed: int, count: int, folder: Path, length: int = 10) -> list[str]:
    """Random nights: portals of `length` nights each, `count` nights in all; answers what was wrong."""
    random = Random(seed)  # noqa: S311 - not a secret
    stories = [nights_of(random, length) for _ in range(max(1, count // length))]
    folder.mkdir()
    seen = iter(visit([night.portal for story in stories for night in story], folder))
    mistakes: list[str] = []
    for number, story in enumerate(stories):
        place = folder / f"story-{number}"
        place.mkdir()
        mistakes += [f"story {number}, {told}" for told in audit(story, [next(seen) for _ in story], place)]
    return mistakes


def main(arguments: Sequence[str]) -> int:
    """Plays everything; the exit status is 1 where anything was wrong."""
    count, seed = int(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 1
    with tempfile.TemporaryDirectory() as name:
        cases = list(all_cases())
        mistakes = _told(report(cases, visit([case.portal() for case in cases], Path(name))))
        sys.stdout.write(f"{len(KINDS)} kinds, {len(cases)} cases: {len(mistakes)} mistakes\n")
        at_night = _told(play_nights(seed, count, Path(name) / "nights"))
        sys.stdout.write(f"{count} random nights (seed {seed}): {len(at_night)} mistakes\n")
    return 1 if mistakes or at_night else 0


def _told(mistakes: Iterable[str]) -> list[str]:
    found = list(mistakes)
    for each in found:
        sys.stdout.write(f"  {each}\n")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
