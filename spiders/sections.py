"""Walking the section: its parts, what they lead to, and the listing of each."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from auditor.observation import Coverage, Placement
from auditor.outcomes import Cause
from auditor.reading import navigation
from auditor.reading.addresses import identity
from auditor.reading.choices import choices_of
from auditor.reading.listing import are_related
from auditor.reading.navigation import Candidate
from auditor.reading.page import Page
from spiders.fetching import Fetched
from spiders.frames import with_frames
from spiders.listings import ListingWalker, Walk
from spiders.proof import holds_several, is_dead, tells_something
from spiders.visit import Visit

MOST_LISTINGS = 200
MOST_WAITING = 6
"""Listings whose walk waits until further sections were seen: boxes that stand beside several are none of theirs."""
DEEPEST = 4
"""Levels of sections within sections: section, communes, a commune, its parts."""
LONG_LEAD = 250
"""Characters of its own text below a heading that make a page a post rather than a listing."""


@dataclass(frozen=True)
class Stop:
    """A section still to be read: how deep it lies, whose branch it is, and what led to it."""

    entry: Candidate
    depth: int
    commune: str | None
    parent: Placement | None


class SectionWalker:
    """Reads the sections of one visit."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._listings = ListingWalker(visit)
        self._waiting: deque[tuple[Walk, Page]] = deque()

    async def walk(self, roots: Sequence[Candidate]) -> None:
        """Reads the sections, what they lead to, what that leads to, and so on: nearest first."""
        scheduled = self._visit.scheduled
        queue = deque(Stop(root, 0, None, None) for root in roots)
        scheduled |= {identity(root.url) for root in roots}
        hubs: list[tuple[Walk, Page]] = []
        while queue:
            stop = queue.popleft()
            for part in await self._walk_section(stop, hubs):
                if stop.depth >= DEEPEST or len(scheduled) >= MOST_LISTINGS:
                    self._visit.notes.trouble(Cause.PAGE_LIMIT, f"{part.url}: sections within sections, not read")
                    continue
                scheduled.add(identity(part.url))
                place = Placement(stop.entry.url, stop.entry.url, stop.entry.label, stop.entry.category)
                queue.append(Stop(part, stop.depth + 1, part.commune or stop.commune, place))
            while self._waiting and (not queue or len(self._waiting) > MOST_WAITING):
                await self._listings.walk(*self._waiting.popleft(), hub=False)
        for walk, page in hubs:
            await self._listings.walk(walk, page, hub=True)

    async def _walk_section(self, stop: Stop, hubs: list[tuple[Walk, Page]]) -> Sequence[Candidate]:
        """Reads one section's own listing; returns the parts it leads to.

        A section with parts is read after them: most of what it shows is theirs, and known by then.
        """
        entry, visit = stop.entry, self._visit
        place = Placement(entry.url, entry.url, entry.label, entry.category)
        fetched = await visit.get(entry.url)
        dead = is_dead(visit, entry.url, fetched)
        if fetched.page is None or dead:
            if dead and stop.depth == 0:
                visit.dead.add(identity(entry.url))
            self._lose(place, fetched, entry.reasons, dead=dead)
            return ()
        if visit.notes.section is None and stop.depth == 0 and entry.url not in visit.unit.sections.values():
            visit.notes.section = entry.url
        visit.scheduled.add(identity(fetched.url))
        visit.compare(fetched.page, root=stop.depth == 0)
        visit.hear_of_feeds(fetched.page, entry.url)
        framed = await with_frames(visit, fetched.page)
        page = framed.page
        if stop.parent is not None and self._is_post(page, stop, stop.parent):
            return ()
        led_to = self._parts(entry, (fetched.page, *framed.frames))
        parts = [part for part in led_to if identity(part.url) not in visit.scheduled]
        visit.known |= {identity(part.url) for part in parts}
        walk = Walk(place, entry.commune or stop.commune, entry.reasons, unread=framed.unread)
        if parts and identity(entry.url) == visit.home:
            return parts  # a portal's first page shows what its parts hold
        if parts or entry.children or (led_to and entry.category is None and entry.commune is None):
            hubs.append((walk, page))
        else:
            self._waiting.extend((each, page) for each in self._chosen(walk, page))
        return parts

    def _chosen(self, walk: Walk, page: Page) -> list[Walk]:
        """The listings a page holds: its own, and those of the parts that are chosen on it."""
        place = walk.place
        lists = bool(self._visit.rows(page))
        choices = choices_of(page, lists=lists) if place.category is None else ()
        walks = [] if choices and (not lists or any(choice.shown for choice in choices)) else [walk]
        for choice in choices:
            listing = f"{place.listing}#{quote(choice.label)}"
            part = replace(place, listing=listing, label=choice.label, category=choice.category)
            reasons = (*walk.reasons, "chosen on the section's page")
            if choice.ask is None and not choice.shown:
                detail = f"{place.listing}: nothing tells how '{choice.label}' is chosen on it"
                self._visit.notes.trouble(Cause.LISTING_LOST, detail)
                self._visit.notes.covered(Coverage(listing, choice.label, choice.category, lost=(detail,)))
            else:
                start = None if choice.shown else choice.ask
                walks.append(Walk(part, walk.commune, reasons, unread=walk.unread, start=start))
        return walks

    def _is_post(self, page: Page, stop: Stop, parent: Placement) -> bool:
        """Whether a name that looked like a part leads to a post, which is noted: a notice, standing if undated."""
        entry, visit = stop.entry, self._visit
        rows = visit.rows(page)
        is_listing = any(row.stamp for row in rows) and not are_related(page, rows)
        if entry.children or (is_listing and len(rows) > 1):
            return False
        article = visit.article(page, entry.label, frozenset(identity(row.url) for row in rows))
        if article.lead < LONG_LEAD or holds_several(visit, page) or not tells_something(visit, page, article):
            return False
        place = replace(parent, url=page.url, category=entry.category or parent.category)
        visit.notes.post(page.url, article, place, stop.commune, standing=article.stamp is None)
        if is_listing:
            return False
        if entry.category:
            coverage = Coverage(entry.url, entry.label, entry.category, pages=1, rows=1, complete=True)
            visit.notes.covered(replace(coverage, reasons=entry.reasons))
        return True

    def _parts(self, entry: Candidate, pages: Sequence[Page]) -> list[Candidate]:
        """What the section leads to: its menu on the way here, and the names on its own page and in its frames."""
        visit = self._visit
        found = {identity(child.url): child for child in entry.children}
        at_home = identity(entry.url) == visit.home
        known = frozenset() if at_home else frozenset(visit.known)
        for page in pages:
            for candidate in navigation.parts(page, visit.hosts, known, label=entry.label):
                if candidate.category or not at_home:  # on a portal's first page, the rest belongs to its menu
                    found.setdefault(identity(candidate.url), candidate)
        return [part for key, part in found.items() if key not in {visit.home, identity(entry.url)}]

    def _lose(self, place: Placement, fetched: Fetched, reasons: tuple[str, ...], *, dead: bool) -> None:
        detail = fetched.detail
        if fetched.page is not None:
            home = self._visit.leads_home(fetched)
            detail = f"{fetched.asked}: " + (f"leads to {fetched.url}" if home else "says that there is no such page")
        gone = dead or fetched.cause is None
        self._visit.notes.trouble(Cause.SECTION_GONE if gone else fetched.cause or Cause.SECTION_GONE, detail)
        lost = (f"{fetched.asked} ({detail})",)
        self._visit.notes.covered(Coverage(place.listing, place.label, place.category, lost=lost, reasons=reasons))
