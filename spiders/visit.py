"""What one visit to a portal shares: whom it asks, what it has noted, and what it knows of the portal's pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from auditor.classify import Decision, classify
from auditor.observation import Placement
from auditor.portals import Unit
from auditor.reading import navigation
from auditor.reading.addresses import identity
from auditor.reading.article import Article, read_article
from auditor.reading.carried import carried_lists, read_carried, written_markup
from auditor.reading.dates import Order
from auditor.reading.documents import DocumentText
from auditor.reading.endpoints import inline_scripts
from auditor.reading.feeds import declared_feeds
from auditor.reading.filling import templates_of
from auditor.reading.groups import find_groups
from auditor.reading.listing import Furniture, read_rows, speaks_of_topic
from auditor.reading.navigation import Candidate
from auditor.reading.orders import proven
from auditor.reading.page import Page, parse
from auditor.reading.patterns import patterns_in
from auditor.reading.records import Records
from auditor.reading.rows import Row
from auditor.reading.stamps import Fixture
from spiders.fetching import Fetched, Fetcher
from spiders.notebook import Notebook

_ON_SEVERAL = 4
"""Two parts, or a section's page, a part and a further section."""

ReadDocument = Callable[[bytes], Awaitable[DocumentText]]
"""What a file says, from its bytes: found out in another process, while this one goes on."""

AskKey = tuple[str, tuple[tuple[str, str], ...] | None, str | None]
"""A request told from others: its address, what is posted as a form, as JSON."""


@dataclass
class Visit:
    """One visit to one unit's portal.

    Attributes:
        unit: whose portal. hosts: the unit's own. fetcher: asks for pages. notes: what was learnt.
        now: when the visit began, in the jurisdiction's time zone.
        home: identity of the home page.
        read_document: reads the files of posts; None leaves them unread.
        decide: the judge in use, which tells from titles what a listing holds.
        known: identities of addresses that are no posts: menus and parts of the section.
        scheduled: identities of the sections read or about to be.
        learnt: pages whose menus and blocks stand on others as well, and therefore list nothing of their own.
        listed: first pages of listings that showed their posts by themselves.
        frames: of each listing read so far, identities of the links around its posts.
        lists: the first posts of each listing with a category, and where they were listed first.
        dead: identities of the sections to begin with whose address leads nowhere.
        standing: dates that stand around the portal's pages: clocks, the footer's last update.
        order: of day and month, where a listing of the portal proved it for dates printed as en-US servers print them.
        script_asks: what scripts asked for, each with the page it was first asked for.
        alike: listings that ended on their first page within the time asked for, by how many posts they show.
        nobodys: per host, the look of the page that it gives for an address nobody ever had; "" where it gives none.
        feeds: the feeds that pages declare, each with the one listing that declares it; "" for the portal's.
    """

    unit: Unit
    hosts: frozenset[str]
    fetcher: Fetcher
    notes: Notebook
    now: datetime
    home: str
    read_document: ReadDocument | None = None
    decide: Callable[[str], Decision] = classify
    known: set[str] = field(default_factory=set)
    scheduled: set[str] = field(default_factory=set)
    nobodys: dict[str, str] = field(default_factory=dict)
    learnt: list[Page] = field(default_factory=list)
    listed: list[Page] = field(default_factory=list)
    frames: list[frozenset[str]] = field(default_factory=list)
    lists: dict[frozenset[str], Placement] = field(default_factory=dict)
    dead: set[str] = field(default_factory=set)
    feeds: dict[str, str] = field(default_factory=dict)
    standing: frozenset[Fixture] = frozenset()
    order: Order = Order.UNTOLD
    script_texts: dict[str, str | None] = field(default_factory=dict)
    script_asks: dict[AskKey, str] = field(default_factory=dict)
    alike: dict[int, list[str]] = field(default_factory=dict)
    home_page: Page | None = None
    _ahead: dict[str, Fetched] = field(default_factory=dict)
    _beside: Counter[tuple[str, ...]] = field(default_factory=Counter)
    _furniture: Furniture = frozenset()
    _told_with: frozenset[str] = frozenset()
    _carried: tuple[Page, Records | None] | None = None

    async def get(self, url: str) -> Fetched:
        """A page; one that was looked at ahead is not asked for again."""
        return self._ahead.pop(url, None) or await self.fetcher.get(url)

    async def look(self, url: str) -> Fetched:
        """A page looked at ahead, to decide whether it is to be read."""
        if url not in self._ahead:
            self._ahead[url] = await self.fetcher.get(url)
        return self._ahead[url]

    def without_read(self, candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
        """The candidates that were not read before, nor are about to be."""
        return tuple(each for each in candidates if identity(each.url) not in {*self.scheduled, *self.dead})

    def learn(self, page: Page) -> None:
        """Remembers menus and blocks that stand on more than one page, and therefore list nothing of their own."""
        self.known |= navigation.menu_addresses(page, self.hosts)
        self.learnt.append(page)
        self._told_with = frozenset()

    def hear_of_feeds(self, page: Page, listing: str) -> None:
        """Remembers the feeds a listing's first page declares, before the portal's own and those of other listings."""
        for url in declared_feeds(page):
            self.feeds = {**self.feeds, url: ""} if url in self.feeds else {url: listing, **self.feeds}

    def rows(self, page: Page) -> tuple[Row, ...]:
        """The posts a listing page shows."""
        known = frozenset((self.known - navigation.posts_among(page, self.known)) | self.scheduled)
        blocks = self._blocks(known) | self._shared()
        rows = read_rows(page, known=known, furniture=blocks, now=self.now, order=self.order)
        if not rows and (markup := written_markup(page)):
            written = parse(markup.encode("utf-8", "replace"), page.url, "text/html; charset=utf-8")
            rows = read_rows(written, known=known, furniture=blocks, now=self.now, order=self.order)
        self.order = self.order or proven(row.stamp for row in rows if row.stamp)
        return rows

    def carried(self, page: Page) -> Records | None:
        """The posts that a page carries for its scripts to show, or that its scripts write; None for a page without.

        What the portal's other pages carry as well is furniture.
        """
        if self._carried is None or self._carried[0] is not page:
            usual = {each.key for other in self.learnt if other is not page for each in carried_lists(other)}
            lists = [each for each in carried_lists(page) if each.key not in usual]
            patterns = patterns_in([*inline_scripts(page), *templates_of(page)])
            known = self.rows(page) if lists else ()
            self._carried = page, read_carried(page, lists, self.now, patterns=patterns, known=known)
        return self._carried[1]

    def compare(self, page: Page, *, root: bool) -> None:
        """Remembers a section's first page, to tell boxes that stand beside several listings ("Tin mới") from them.

        A section's page and one of its parts may well show the same posts: a third page, or a second part, must too.
        """
        for group in find_groups(page, frozenset(self.known | self.scheduled)):
            if len(group.links) > 1 and not speaks_of_topic(group):
                self._beside[group.key] += 1 if root else 2

    def _shared(self) -> Furniture:
        return frozenset(key for key, weight in self._beside.items() if weight >= _ON_SEVERAL)

    def _blocks(self, known: frozenset[str]) -> Furniture:
        """The blocks on the pages learnt from, told apart from sections and menus as this page's own will be."""
        if known != self._told_with:
            self._furniture = frozenset(group.key for page in self.learnt for group in find_groups(page, known))
            self._told_with = known
        return self._furniture

    def article(self, page: Page, expected: str = "", others: frozenset[str] = frozenset()) -> Article:
        """The post a page holds, told apart from the portal's menus."""
        return read_article(
            page,
            expected=expected,
            known=frozenset(self.known),
            others=others,
            now=self.now,
            standing=self.standing,
            order=self.order,
        )

    def leads_home(self, fetched: Fetched) -> bool:
        """Whether an address led to the home page: what many portals answer instead of 404."""
        return identity(fetched.url) == self.home
