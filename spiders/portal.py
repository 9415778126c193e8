"""The generic spider: needs a unit's name, level and address, and finds the rest.

It only decides where to go next; what a page says is read in `auditor.reading`. The way: the home page, the
citizen-reception section and its parts, each listing page by page down to the first day asked for, and the posts whose
listing shows no date. What was covered, and what was not, goes into the observation.
"""

from __future__ import annotations

import logging
import re
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import scrapy

from auditor.observation import Coverage, Observation, Placement
from auditor.outcomes import Cause
from auditor.portals import Unit
from auditor.reading import navigation
from auditor.reading.addresses import host_of, identity, with_twin
from auditor.reading.article import Article, read_article
from auditor.reading.groups import find_groups
from auditor.reading.listing import Furniture, are_related, read_rows, says_empty
from auditor.reading.names import category_named
from auditor.reading.navigation import Candidate
from auditor.reading.page import Page, texts
from auditor.reading.pager import Pager, read_pager
from auditor.reading.rows import Row
from auditor.text import clean, fold
from spiders.fetching import Fetched, Fetcher
from spiders.notebook import Notebook
from spiders.platform import Platform, detected, named

logger = logging.getLogger(__name__)

MOST_PAGES = 200
"""Pages of one listing; more than any reception section has, fewer than an endless one."""
MOST_LISTINGS = 200
DEEPEST = 4
"""Levels of sections within sections: section, communes, a commune, its parts."""
LONG_LEAD = 250
"""Characters of its own text below a heading that make a page a post rather than a listing."""
_DOCUMENT = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|zip|rar)$", re.IGNORECASE)
_UNSORTED = 0.34
_FILLS = re.compile(r"\bfetch\(|ajax|XMLHttpRequest|axios|getJSON|\$\.(get|post)\(", re.IGNORECASE)
_FEWEST_LINKS = 3
_ALIKE = 0.8
_SENTENCE = 80


@dataclass
class _Walk:
    """The state of walking one listing.

    Attributes:
        place: where its posts are placed. commune: whose branch it is.
        days: the publication days in the order of the listing, as far as known.
        seen: identities of the posts listed so far.
    """

    place: Placement
    commune: str | None
    reasons: tuple[str, ...] = ()
    days: list[date] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    pages: int = 0
    promised: int | None = None
    lost: list[str] = field(default_factory=list)

    @property
    def sorted(self) -> bool:
        """Whether the posts stand newest first, but for the odd one that is pinned or dated back."""
        pairs = list(zip(self.days, self.days[1:], strict=False))
        rising = sum(1 for earlier, later in pairs if later > earlier)
        return len(pairs) < 4 or rising <= _UNSORTED * len(pairs)  # noqa: PLR2004  (too few to tell)

    def coverage(self, *, complete: bool, empty: bool = False) -> Coverage:
        """What was read of this listing."""
        return Coverage(
            listing=self.place.listing,
            label=self.place.label,
            category=self.place.category,
            pages=self.pages,
            promised=self.promised,
            rows=len(self.seen),
            complete=complete and not self.lost,
            empty=empty,
            lost=tuple(self.lost),
            reasons=self.reasons,
        )


@dataclass(frozen=True)
class _Stop:
    """A section still to be read: how deep it lies, whose branch it is, and what led to it."""

    entry: Candidate
    depth: int
    commune: str | None
    parent: Placement | None


class PortalSpider(scrapy.Spider):
    """Visits one unit's portal; `observation` is what came of it, once the visit has `ended`."""

    name = "portal"

    def __init__(self, unit: Unit, zone: ZoneInfo, first_day: date, seconds: float = 1200.0) -> None:
        super().__init__()
        self.unit = unit
        self.zone = zone
        self.seconds = seconds
        self.ended = False
        self.hosts = frozenset(host for name in (host_of(unit.url), *unit.hosts) for host in with_twin(name.lower()))
        now = datetime.now(UTC)
        self.now = now.astimezone(zone)
        self.notes = Notebook(unit.key, zone, first_day, self.now.date(), now)
        self.notes.platform = named(unit.platform) or Platform()
        self._known: set[str] = set()
        self._learnt: list[Page] = []
        self._furniture = Furniture()
        self._told_with: frozenset[str] = frozenset()
        self._scheduled: set[str] = set()
        self._opened: set[str] = set()
        self._frames: list[frozenset[str]] = []
        self._lists: dict[frozenset[str], Placement] = {}
        self._home: str = identity(unit.url)

    @property
    def observation(self) -> Observation:
        """What the visit has learnt so far."""
        stats = self.crawler.stats
        return self.notes.observation(requests=int((stats and stats.get_value("downloader/request_count", 0)) or 0))

    async def start(self) -> AsyncIterator[Any]:
        """The whole visit; nothing is yielded, for what is learnt goes into the notebook."""
        self.fetcher = Fetcher(self.crawler, self.hosts, self.seconds)
        roots = await self.roots()
        await self.walk_sections(roots)
        self.ended = True
        nothing: tuple[scrapy.Request, ...] = ()
        for request in nothing:  # what makes this the asynchronous generator that Scrapy asks for
            yield request

    # --- finding the section -------------------------------------------------------------------------------------

    async def roots(self) -> tuple[Candidate, ...]:
        """Where to begin: what portals.yaml names, else what the home page leads to."""
        if self.unit.sections:
            return tuple(
                Candidate(url, category.label, 99, ("portals.yaml",), category)
                for category, url in self.unit.sections.items()
            )
        if self.unit.section:
            return (Candidate(self.unit.section, "Tiếp công dân", 99, ("portals.yaml",)),)
        home = await self.fetcher.get(self.unit.url)
        if home.page is None:
            self.notes.trouble(home.cause or Cause.SERVER_ERROR, home.detail or f"{home.asked}: no page")
            return ()
        self._home = identity(home.url)
        self._learn(home.page)
        if self.unit.platform is None:
            self.notes.platform = detected(home.page)
        found = navigation.sections(home.page, self.hosts) or await self._search(home.page)
        found = await self._without_posts(found)
        if not found:
            self.notes.trouble(Cause.NO_SECTION, f"{home.url}: no link to a citizen-reception section")
        return found

    async def _without_posts(self, found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """The candidates but for posts on the home page: a post taken for a section would be missing in its listing."""
        kept = []
        for candidate in found:
            if len(found) > 1 and navigation.may_be_post(candidate):
                page = (await self.fetcher.get(candidate.url)).page
                if page is not None and self._tells_itself_a_post(page, candidate):
                    continue
            kept.append(candidate)
        return tuple(kept)

    def _tells_itself_a_post(self, page: Page, candidate: Candidate) -> bool:
        """Whether a page bears the candidate's name as its heading and a date below, and lists nothing dated."""
        rows = self.rows(page)
        if sum(1 for row in rows if row.stamp) > 1 and not are_related(page, rows):
            return False
        article = read_article(page, expected=candidate.label, known=frozenset(self._known), now=self.now)
        return article.stamp is not None and fold(article.title).startswith(fold(candidate.label).rstrip(" .…"))

    async def _search(self, home: Page) -> tuple[Candidate, ...]:
        """Looks on the pages that may lead to a section the home page does not name."""
        for way in navigation.ways_round(home, self.hosts):
            fetched = await self.fetcher.get(way.url)
            if fetched.page is None:
                if not fetched.missing:
                    self.notes.trouble(fetched.cause or Cause.SERVER_ERROR, fetched.detail)
                continue
            self._learn(fetched.page)
            found = navigation.sections(fetched.page, self.hosts)
            if found:
                self.notes.troubles.clear()
                return found
        return ()

    def _learn(self, page: Page) -> None:
        """Remembers menus and blocks that stand on more than one page, and therefore list nothing of their own."""
        self._known |= navigation.menu_addresses(page, self.hosts)
        self._learnt.append(page)
        self._told_with = frozenset()

    # --- walking a section ---------------------------------------------------------------------------------------

    async def walk_sections(self, roots: Sequence[Candidate]) -> None:
        """Reads the sections, what they lead to, what that leads to, and so on: nearest first."""
        queue = deque(_Stop(root, 0, None, None) for root in roots)
        self._scheduled |= {identity(root.url) for root in roots}
        hubs: list[tuple[_Walk, Page]] = []
        while queue:
            stop = queue.popleft()
            for part in await self.walk_section(stop, hubs):
                if stop.depth >= DEEPEST or len(self._scheduled) >= MOST_LISTINGS:
                    self.notes.trouble(Cause.PAGE_LIMIT, f"{part.url}: sections within sections, not read")
                    continue
                self._scheduled.add(identity(part.url))
                place = Placement(stop.entry.url, stop.entry.url, stop.entry.label, stop.entry.category)
                queue.append(_Stop(part, stop.depth + 1, part.commune or stop.commune, place))
        for walk, page in hubs:
            await self.walk_listing(walk, page, hub=True)

    async def walk_section(self, stop: _Stop, hubs: list[tuple[_Walk, Page]]) -> Sequence[Candidate]:
        """Reads one section's own listing; returns the parts it leads to.

        A section with parts is read after them: most of what it shows is theirs, and known by then.
        """
        entry = stop.entry
        place = Placement(entry.url, entry.url, entry.label, entry.category)
        fetched = await self.fetcher.get(entry.url)
        if fetched.page is None or self._astray(entry, fetched):
            self._lose(place, fetched, entry.reasons)
            return ()
        if self.notes.section is None and stop.depth == 0:
            self.notes.section = entry.url
        self._scheduled.add(identity(fetched.url))
        if stop.parent is not None and self._is_post(fetched.page, stop, stop.parent):
            return ()
        led_to = self._parts(entry, fetched.page)
        parts = [part for part in led_to if identity(part.url) not in self._scheduled]
        self._known |= {identity(part.url) for part in parts}
        walk = _Walk(place, entry.commune or stop.commune, entry.reasons)
        if parts or entry.children or (led_to and entry.category is None and entry.commune is None):
            hubs.append((walk, fetched.page))
        else:
            await self.walk_listing(walk, fetched.page, hub=False)
        return parts

    def _is_post(self, page: Page, stop: _Stop, parent: Placement) -> bool:
        """Whether a name that looked like a part leads to a post, which is noted: a notice, standing if undated."""
        entry = stop.entry
        rows = self.rows(page)
        is_listing = any(row.stamp for row in rows) and not are_related(page, rows)
        if entry.children or (is_listing and len(rows) > 1):
            return False
        others = frozenset(identity(row.url) for row in rows)
        article = read_article(page, expected=entry.label, known=frozenset(self._known), others=others, now=self.now)
        if article.lead < LONG_LEAD or not self._tells_something(page, article):
            return False
        place = replace(parent, url=page.url, category=entry.category or parent.category)
        self.notes.post(page.url, article, place, stop.commune, standing=article.stamp is None)
        if is_listing:
            return False
        if entry.category:
            coverage = Coverage(entry.url, entry.label, entry.category, pages=1, rows=1, complete=True)
            self.notes.covered(replace(coverage, reasons=entry.reasons))
        return True

    def _parts(self, entry: Candidate, page: Page) -> list[Candidate]:
        """What the section leads to: its menu on the way here, and the names on its own page."""
        found = {identity(child.url): child for child in entry.children}
        for candidate in navigation.parts(page, self.hosts, frozenset(self._known)):
            found.setdefault(identity(candidate.url), candidate)
        return [part for key, part in found.items() if key not in {self._home, identity(entry.url)}]

    def _astray(self, entry: Candidate, fetched: Fetched) -> bool:
        """Whether the address led to the home page: what many portals answer instead of 404."""
        return identity(fetched.url) == self._home and identity(entry.url) != self._home

    def _lose(self, place: Placement, fetched: Fetched, reasons: tuple[str, ...]) -> None:
        astray = fetched.page is not None
        gone = fetched.missing or astray or fetched.cause is None
        detail = f"{fetched.asked}: leads to {fetched.url}" if astray else fetched.detail
        self.notes.trouble(Cause.SECTION_GONE if gone else fetched.cause or Cause.SECTION_GONE, detail)
        lost = (f"{fetched.asked} ({detail})",)
        self.notes.covered(Coverage(place.listing, place.label, place.category, lost=lost, reasons=reasons))

    # --- walking a listing ---------------------------------------------------------------------------------------

    async def walk_listing(self, walk: _Walk, page: Page, *, hub: bool) -> None:
        """Reads a listing page by page, down to the first day asked for or to its end."""
        while True:
            rows = self.rows(page)
            fresh = [row for row in rows if self.notes.key(row.url) not in walk.seen]
            walk.pages += 1
            if not fresh:
                self._end_without_posts(walk, page, rows)
                break
            days = await self._note(walk, fresh)
            if walk.pages == 1:
                self._doubt_twin(walk)
                self._frames.append(frozenset(identity(link.url) for link in page.links) - walk.seen)
            pager = self.pager(page)
            walk.promised = pager.last if walk.promised is None else max(walk.promised, pager.last or 0)
            if self._reached(walk, days):
                break
            following = await self._next(walk, page, pager)
            if following is None:
                break
            page = following
        if walk.seen:
            self.notes.covered(walk.coverage(complete=True))
        else:
            self._without_rows(walk, page, hub=hub)

    def _doubt_twin(self, walk: _Walk) -> None:
        """Two parts for two categories that begin with the very same posts: a side bar was read, not a listing."""
        posts, category = frozenset(walk.seen), walk.place.category
        if category is None or len(posts) < 2:  # noqa: PLR2004  (one post may well be filed twice)
            return
        twin = self._lists.setdefault(posts, walk.place)
        if twin.category is not category:
            self._lose_page(walk, Cause.UNREADABLE, f"{walk.place.listing}: lists the same posts as {twin.listing}")

    def _end_without_posts(self, walk: _Walk, page: Page, rows: tuple[Row, ...]) -> None:
        """A further page without a new post is lost, unless it says it is empty or no pager had named it."""
        if walk.pages == 1 or (says_empty(page) and not rows):
            return
        if not rows or walk.pages <= (walk.promised or 0):
            self._lose_page(walk, Cause.LISTING_LOST, f"{page.url}: a further page of the listing shows no new post")

    def rows(self, page: Page) -> tuple[Row, ...]:
        """The posts a listing page shows."""
        known = frozenset(self._known | self._scheduled)
        return read_rows(page, known=known, furniture=self._blocks(known), now=self.now)

    def _blocks(self, known: frozenset[str]) -> Furniture:
        """The blocks on the pages learnt from, told apart from sections and menus as this page's own will be."""
        if known != self._told_with:
            self._furniture = frozenset(group.key for page in self._learnt for group in find_groups(page, known))
            self._told_with = known
        return self._furniture

    def pager(self, page: Page) -> Pager:
        """How the listing goes on."""
        return read_pager(page)

    async def _note(self, walk: _Walk, rows: list[Row]) -> list[date]:
        """Notes the posts of one page, opening those that show no date; their days, as far as known."""
        days = []
        for row in rows:
            walk.seen.add(self.notes.key(row.url))
            self.notes.row(row, replace(walk.place, url=row.url), walk.commune)
            if self.notes.day_of(row.url) is None or row.title.rstrip().endswith(("…", "...")):
                await self.open_post(row)
            day = self.notes.day_of(row.url)
            if day is not None:
                days.append(day)
        walk.days.extend(days)
        return days

    async def open_post(self, row: Row) -> None:
        """Reads a post's own page; a post that is a file is taken as it stands."""
        key = self.notes.key(row.url)
        if key in self._opened:
            return
        self._opened.add(key)
        document = _DOCUMENT.search(urlsplit(row.url).path)
        if document:
            self.notes.file(row.url, document[1].lower())
            return
        fetched = await self.fetcher.get(row.url)
        if fetched.page is not None and identity(fetched.url) != self._home:
            article = read_article(fetched.page, expected=row.title, known=frozenset(self._known), now=self.now)
            self.notes.opened(row.url, article, fetched.url)
        elif fetched.cause or not fetched.content_type:
            self.notes.trouble(Cause.POST_LOST, fetched.detail or f"{fetched.asked}: leads to {fetched.url}")

    def _reached(self, walk: _Walk, days: list[date]) -> bool:
        """Whether this page ends the walk: all its posts are older than the first day asked for.

        A first page of nothing but old posts may be pinned ones; an unsorted listing is read to its end.
        """
        return bool(days) and walk.pages > 1 and max(days) < self.notes.first_day and walk.sorted

    async def _next(self, walk: _Walk, page: Page, pager: Pager) -> Page | None:
        """The listing's next page; None at its end, or where it cannot be had (which is noted)."""
        if pager.next_url is None:
            if pager.stuck:
                self._lose_page(walk, Cause.LISTING_LOST, f"{page.url}: {pager.stuck}")
            return None
        if walk.pages >= MOST_PAGES:
            self._lose_page(walk, Cause.PAGE_LIMIT, f"{page.url}: more than {MOST_PAGES} pages")
            return None
        fetched = await self.fetcher.get(pager.next_url)
        if fetched.page is None or identity(fetched.url) == self._home:
            cause = fetched.cause if fetched.cause is Cause.TIME_CAP else Cause.LISTING_LOST
            self._lose_page(walk, cause or Cause.LISTING_LOST, fetched.detail or f"{fetched.asked}: leads home")
            return None
        return fetched.page

    def _lose_page(self, walk: _Walk, cause: Cause, detail: str) -> None:
        walk.lost.append(detail)
        self.notes.trouble(cause, detail)

    def _without_rows(self, walk: _Walk, page: Page, *, hub: bool) -> None:
        """A page that lists nothing: a hub, a notice of its own, proven empty, or not to be read."""
        article = read_article(page, known=frozenset(self._known), now=self.now)
        if says_empty(page) and self._is_place(walk.place, page, article):
            self.notes.covered(walk.coverage(complete=True, empty=True))
        elif self._is_notice(walk.place, page, article):
            self.notes.post(page.url, article, walk.place, walk.commune, standing=True)
            self.notes.covered(replace(walk.coverage(complete=True), rows=1))
        elif hub or (self._is_place(walk.place, page, article) and self._like_a_listing_read(page)):
            self.notes.covered(walk.coverage(complete=True, empty=True))
        else:
            self._lose_page(walk, Cause.UNREADABLE, f"{page.url}: no listing, no notice, and nothing says it is empty")
            self.notes.covered(walk.coverage(complete=False))

    def _is_place(self, place: Placement, page: Page, article: Article) -> bool:
        """Whether a page without posts is the section it should be: its title or heading says so."""
        label, title = fold(place.label), fold(article.title)
        return label in fold(page.title) or label in title or (bool(title) and title in label)

    def _like_a_listing_read(self, page: Page) -> bool:
        """Whether a page without posts is made like a listing that showed its posts, and no script may fill it.

        The same theme showed another part's posts in the page itself: this part then has none.
        """
        if self._may_be_filled(page):
            return False
        links = {identity(link.url) for link in page.links}
        return any(len(frame) >= _FEWEST_LINKS and len(frame & links) >= _ALIKE * len(frame) for frame in self._frames)

    def _is_notice(self, place: Placement, page: Page, article: Article) -> bool:
        """Whether a page is itself the notice that its place promises."""
        if not article.solid or (place.category is None and category_named(article.title) is None):
            return False
        return self._tells_something(page, article)

    def _tells_something(self, page: Page, article: Article) -> bool:
        """Whether a page has a sentence or a file of its own; a footer is none, nor what a script has yet to fill."""
        linked = {link.url for other in self._learnt for link in other.links}
        if any(file.url not in linked for file in article.attachments):
            return True
        said = {clean(piece) for other in self._learnt for piece in texts(other.root)}
        own = (text for piece in texts(page.root) if (text := clean(piece)) not in said)
        return not self._may_be_filled(page) and any(len(text) >= _SENTENCE for text in own)

    def _may_be_filled(self, page: Page) -> bool:
        """Whether a script that only this page has asks a server for more."""
        usual = {script.text for other in self._learnt for script in other.root.iter("script")}
        return any(_FILLS.search(script.text or "") for script in page.root.iter("script") if script.text not in usual)
