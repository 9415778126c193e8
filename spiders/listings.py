"""Walking a listing page by page, down to the first day asked for or to its end; undated posts are opened."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlsplit

from auditor.categories import Category
from auditor.observation import Coverage, Placement
from auditor.outcomes import Cause
from auditor.reading.addresses import identity
from auditor.reading.holding import category_held
from auditor.reading.listing import says_empty
from auditor.reading.onward import Onward
from auditor.reading.page import Page
from auditor.reading.pager import OVERLONG
from auditor.reading.rows import Row
from auditor.reading.steps import differs_by_page
from spiders.documents import Files
from spiders.frames import post_with_frames
from spiders.proof import holds_several, is_anybodys, is_like_a_listing_read, is_notice, is_place, may_be_filled
from spiders.scripted import REMEDY, ScriptReader
from spiders.standing import MOST_PAGES as MOST_FURTHER
from spiders.standing import MOST_POSTS, is_missing, schedule_of
from spiders.turning import Leaf, Lost, Turner
from spiders.visit import Visit

MOST_PAGES = 200
"""Pages of one listing; more than any reception section has, fewer than an endless one."""
_DOCUMENT = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|zip|rar)$", re.IGNORECASE)
_UNSORTED = 0.34
_FEWEST_CUT = 5
_FEWEST_ALIKE = 3
_MANY_OLD = 8


@dataclass
class Walk:
    """The state of walking one listing.

    Attributes:
        place: where its posts are placed. commune: whose branch it is.
        days: the days of the posts in the order of the listing, as far as known (`Notebook.bound_of`).
        seen: keys of the posts listed so far. listed: their rows, as they came; rows: how many, repeated ones too.
        pages: how many were read; promised: how many there should be. total: how many posts there should be.
        unread: why more may stand on the first page than was read; matters where that lists nothing.
        emptied: whether the endpoint that fills the first page says that there is nothing.
        start: what asks for its first page, where that is chosen on the section's page.
        early: whether the walk ended before the listing did, at its first post older than asked for.
        old: how many posts in a row, up to the last one noted, are older than the first day asked for.
        recent: whether any is not.
    """

    place: Placement
    commune: str | None
    reasons: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    emptied: bool = False
    start: Onward | None = None
    days: list[date] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    pages: int = 0
    promised: int | None = None
    total: int | None = None
    rows: int = 0
    listed: list[Row] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    early: bool = False
    old: int = 0
    recent: bool = False

    @property
    def sorted(self) -> bool:
        """Whether the posts stand newest first, but for the odd one that is pinned or dated back."""
        pairs = list(zip(self.days, self.days[1:], strict=False))
        rising = sum(1 for earlier, later in pairs if later > earlier)
        return len(pairs) < 4 or rising <= _UNSORTED * len(pairs)  # noqa: PLR2004  (too few to tell)

    def turned(self, leaf: Leaf) -> None:
        """Counts a page that was read, and what it promises."""
        self.pages += 1
        self.rows += len(leaf.rows)
        self.listed.extend(leaf.rows)
        self.promised = max(self.promised or 0, leaf.pager.last or 0) or None
        self.total = max(self.total or 0, leaf.total or 0) or None

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
            whole=complete and not self.lost and not self.early,
            empty=empty,
            lost=tuple(self.lost),
            reasons=self.reasons,
        )


class ListingWalker:
    """Reads the listings of one visit."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._notes = visit.notes
        self._files = Files(visit)
        self._opened: set[str] = set()
        self._further = 0
        self._schedules = 0

    async def walk(self, walk: Walk, page: Page, *, hub: bool) -> None:
        """Reads a listing page by page, down to the first day asked for or to its end."""
        turner = Turner(self._visit, page)
        leaf = await self._first(walk, turner)
        if leaf is not None and not leaf.rows and walk.start is None:
            leaf = await self._filled(walk, page, turner, leaf)
        while leaf is not None:
            fresh = [row for row in leaf.rows if self._notes.key(row.url) not in walk.seen]
            walk.turned(leaf)
            if leaf.overlong:
                self._lose_page(walk, Cause.LISTING_LOST, f"{leaf.url}: {OVERLONG}")
            if not fresh and not self._is_behind(walk, leaf):
                self._end_without_posts(walk, leaf)
                break
            days = await self._note(walk, fresh, leaf.url)
            if walk.pages == 1:
                self._doubt_twin(walk)
                self._learn_listing(walk, page, leaf)
            if self._reached(walk, days):
                walk.early = walk.early or leaf.pager.next is not None
                break
            following = await self._next(walk, turner, leaf)
            if following is None:
                self._keep_promise(walk, hub=hub)
                break
            leaf = following
        if walk.seen or leaf is None:
            self._file_by_content(walk)
            self._notes.covered(walk.coverage(complete=True))
            self._doubt_alike(walk)
            await self._open_schedule(walk)
        else:
            await self._without_rows(walk, page, hub=hub)

    async def _open_schedule(self, walk: Walk) -> None:
        """Opens the schedule in force, for its text; one that cannot be had is no loss."""
        place, day = walk.place, self._notes.today
        row = schedule_of(day, place.label, walk.listed) if place.category is Category.SCHEDULE else None
        if row and self._schedules < MOST_POSTS and self._notes.key(row.url) not in self._opened:
            self._schedules += 1
            await self._open_post(row, standing=True)

    async def _first(self, walk: Walk, turner: Turner) -> Leaf | None:
        """The first page of a listing; None where what was chosen on the section's page could not be had."""
        if walk.start is None:
            return await turner.first()
        leaf = await turner.turn(walk.start, 1, ())
        if not isinstance(leaf, Lost):
            return leaf
        self._lose_page(walk, leaf.cause, leaf.detail)
        return None

    async def _filled(self, walk: Walk, page: Page, turner: Turner, leaf: Leaf) -> Leaf:
        """The first page with what scripts bring into it; why they may bring more than was read is kept."""
        filled = await ScriptReader(self._visit).fill(page, turner)
        walk.emptied = filled.empty
        if filled.unread:
            walk.unread = (*walk.unread, filled.unread)
        return filled.leaf or leaf

    def _learn_listing(self, walk: Walk, page: Page, leaf: Leaf) -> None:
        """Remembers what stands around the posts of a listing, by which one without posts is told to be empty."""
        around = (identity(link.url) for link in page.links if not differs_by_page(page.url, link.url))
        self._visit.frames.append(frozenset(around) - walk.seen)
        if leaf.asked is None and self._visit.carried(page) is None:
            self._visit.listed.append(page)

    def _file_by_content(self, walk: Walk) -> None:
        """Where most posts clearly are of another category than the listing's name says, they decide."""
        named = walk.place.category
        held = named and category_held(self._notes.titles_in(walk.place.listing), named, self._visit.decide)
        if held:
            walk.place = replace(walk.place, category=held[0])
            walk.reasons = (*walk.reasons, held[1])
            self._notes.refile(walk.place)

    @staticmethod
    def _is_behind(walk: Walk, leaf: Leaf) -> bool:
        """Whether a load that brought only what was there is one behind: the script asks for the first page as well."""
        return (
            walk.pages == 2  # noqa: PLR2004  (the first load)
            and bool(leaf.rows)
            and leaf.asked is not None
            and leaf.asked.kind == "data"
            and leaf.pager.next is not None
        )

    def _keep_promise(self, walk: Walk, *, hub: bool) -> None:
        """A listing read to its end that is shorter than it says itself is not whole."""
        if walk.lost or hub:
            return
        if walk.pages < (walk.promised or 0):
            told = f"read {walk.pages} of {walk.promised} pages"
        elif walk.rows < (walk.total or 0):
            told = f"read {walk.rows} of {walk.total} posts"
        else:
            return
        self._lose_page(walk, Cause.LISTING_LOST, f"{walk.place.listing}: {told}, and nothing leads to the others")

    def _doubt_twin(self, walk: Walk) -> None:
        """Two parts for two categories that begin with the very same posts: a side bar was read, not a listing."""
        posts, category = frozenset(walk.seen), walk.place.category
        if category is None or len(posts) < 2:  # noqa: PLR2004  (one post may well be filed twice)
            return
        twin = self._visit.lists.setdefault(posts, walk.place)
        if twin.category is not category:
            self._lose_page(walk, Cause.UNREADABLE, f"{walk.place.listing}: lists the same posts as {twin.listing}")

    def _doubt_alike(self, walk: Walk) -> None:
        """Several listings that end with the very same number of posts, recent ones, are cut: their pager is not shown.

        Taught by VuePress, whose pager stands in no page and is made by a script when the page is shown.
        """
        ended = walk.pages == 1 and not walk.early and not walk.lost and walk.promised is None
        number = len(walk.seen)
        if not ended or number < _FEWEST_CUT or not walk.days or min(walk.days) < self._notes.first_day:
            return
        alike = self._visit.alike.setdefault(number, [])
        alike.append(walk.place.listing)
        if len(alike) >= _FEWEST_ALIKE:
            self._notes.doubted(
                alike, f"several listings end with {number} posts each, and nothing leads to older ones"
            )

    def _end_without_posts(self, walk: Walk, leaf: Leaf) -> None:
        """A further page without a new post is lost, unless it says it is empty or no pager had named it.

        A form, or a script's request, that is answered with the same posts was not understood.
        """
        if walk.pages == 1 or leaf.empty:
            self._keep_promise(walk, hub=walk.pages == 1)
            return
        sent = leaf.asked is not None and not leaf.asked.is_address
        if not leaf.rows or sent or walk.pages <= (walk.promised or 0):
            self._lose_page(walk, Cause.LISTING_LOST, f"{leaf.url}: a further page of the listing shows no new post")

    async def _note(self, walk: Walk, rows: list[Row], page: str) -> list[date]:
        """Notes the posts of one page, opening those that show no date; their days, as far as known."""
        days = []
        for row in rows:
            if row.stamp is None and self._notes.day_of(row.url) is None and self._is_below(walk):
                walk.early = True
                break
            walk.seen.add(self._notes.key(row.url))
            self._notes.row(row, replace(walk.place, url=row.url), walk.commune, page)
            cut = row.title.rstrip().endswith(("…", "..."))
            if (self._notes.day_of(row.url) is None or cut) and not self._notes.is_old(row):
                await self._open_post(row)
            day = self._notes.bound_of(row)
            if day is not None:
                days.append(day)
                walk.old = 0 if day >= self._notes.first_day else walk.old + 1
                walk.recent = walk.recent or not walk.old
        walk.days.extend(days)
        return days

    async def _open_post(self, row: Row, *, standing: bool = False) -> None:
        """Reads a post's own page; a post that is a file is taken as it stands. `standing`: for its text only."""
        key = self._notes.key(row.url)
        if key in self._opened:
            return
        self._opened.add(key)
        document = _DOCUMENT.search(urlsplit(row.url).path)
        if document:
            self._notes.file(row.url, document[1].lower())
            await self._files.look_into(row.url, standing=standing)
            return
        fetched = await self._visit.fetcher.get(row.url)
        if fetched.page is not None and not self._visit.leads_home(fetched):
            page = await post_with_frames(self._visit, fetched.page)
            self._notes.opened(row.url, self._visit.article(page, row.title), fetched.url)
            await self._files.look_into(row.url, standing=standing)
        elif standing:
            return
        elif fetched.cause or not fetched.content_type:
            self._notes.trouble(Cause.POST_LOST, fetched.detail or f"{fetched.asked}: leads to {fetched.url}")

    @staticmethod
    def _is_below(walk: Walk) -> bool:
        """Whether the walk is so far below the first day asked for that no further post need be opened.

        Many old posts in a row tell, in a listing that is sorted; those that begin it may be pinned.
        """
        return walk.old >= _MANY_OLD and (walk.recent or walk.pages > 1) and walk.sorted

    def _reached(self, walk: Walk, days: list[date]) -> bool:
        """Whether this page ends the walk: all its posts are older than the first day asked for.

        A first page of nothing but old posts may be pinned ones; an unsorted listing is read to its end.
        """
        if walk.early:
            return True
        below = bool(days) and walk.pages > 1 and max(days) < self._notes.first_day and walk.sorted
        return below and not self._looks_further(walk)

    def _looks_further(self, walk: Walk) -> bool:
        """Whether one page more is read for what stands for good."""
        first_day = self._notes.first_day
        wanted = self._further < MOST_FURTHER and is_missing(
            walk.place.category, walk.place.label, walk.listed, first_day
        )
        self._further += wanted
        return wanted

    async def _next(self, walk: Walk, turner: Turner, leaf: Leaf) -> Leaf | None:
        """The listing's next page; None at its end, or where it cannot be had (which is noted)."""
        ask = leaf.pager.next
        if leaf.unaddressed:
            told = f"the answer tells no address of {len(leaf.unaddressed)} posts"
            self._lose_page(walk, Cause.LISTING_LOST, f"{leaf.url}: {told}")
        if ask is None:
            if leaf.pager.stuck:
                self._lose_page(walk, Cause.LISTING_LOST, f"{leaf.url}: {leaf.pager.stuck}")
            return None
        if walk.pages >= MOST_PAGES:
            self._lose_page(walk, Cause.PAGE_LIMIT, f"{leaf.url}: more than {MOST_PAGES} pages")
            return None
        following = await turner.turn(ask, walk.pages + 1, tuple(walk.listed))
        if isinstance(following, Lost):
            self._lose_page(walk, following.cause, following.detail)
            return None
        return following

    def _lose_page(self, walk: Walk, cause: Cause, detail: str) -> None:
        if detail not in walk.lost:
            walk.lost.append(detail)
            self._notes.trouble(cause, detail)

    async def _without_rows(self, walk: Walk, page: Page, *, hub: bool) -> None:
        """A page that lists nothing: a hub, a notice of its own, proven empty, or not to be read."""
        visit, place = self._visit, walk.place
        article = visit.article(page)
        empty = walk.emptied or (says_empty(page) and not page.overlong and is_place(place, page, article))
        if not hub and holds_several(visit, page):
            self._lose_page(walk, Cause.UNREADABLE, f"{page.url}: several notices on one page, with a day each")
            self._notes.covered(walk.coverage(complete=False))
        elif empty and not walk.unread:
            await self._cover_empty(walk, page)
        elif is_notice(visit, place, page, article):
            self._notes.post(page.url, article, place, walk.commune, standing=True)
            self._notes.covered(replace(walk.coverage(complete=True), rows=1))
        elif walk.unread:
            self._lose_page(walk, Cause.UNREADABLE, walk.unread[0])
            self._notes.covered(walk.coverage(complete=False))
        elif hub:
            self._notes.covered(walk.coverage(complete=True, empty=True))
        elif is_place(place, page, article) and is_like_a_listing_read(visit, page):
            await self._cover_empty(walk, page)
        else:
            filled = f"; a script may fill it: {REMEDY}" if may_be_filled(visit, page) else ""
            told = f"{page.url}: no listing, no notice, and nothing says it is empty{filled}"
            self._lose_page(walk, Cause.UNREADABLE, told)
            self._notes.covered(walk.coverage(complete=False))

    async def _cover_empty(self, walk: Walk, page: Page) -> None:
        """Notes that a part lists nothing, unless the portal shows that anywhere; a script's list was asked itself."""
        anybodys = not walk.emptied and await is_anybodys(self._visit, page)
        if anybodys:
            self._lose_page(walk, Cause.UNREADABLE, f"{page.url}: the portal shows the same for an address nobody has")
        self._notes.covered(walk.coverage(complete=not anybodys, empty=not anybodys))
