"""Turning a listing's pages: what answers the request for the next one, a page, a fragment of one, or records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from auditor.outcomes import Cause
from auditor.reading.addresses import host_of, resolve
from auditor.reading.carried import with_carried
from auditor.reading.clicks import Stage
from auditor.reading.decoding import decode
from auditor.reading.listing import says_empty
from auditor.reading.onward import Onward, with_fields
from auditor.reading.page import Page, parse
from auditor.reading.pager import Pager, read_pager
from auditor.reading.patterns import patterns_in
from auditor.reading.promises import Promise
from auditor.reading.records import Records, read_records
from auditor.reading.rows import Row
from auditor.reading.totals import totals_of
from spiders.fetching import Ask, Fetched
from spiders.visit import Visit

_MOST_SCRIPTS = 3
_FIRST_TURN = 2
_LIKELY = re.compile(r"load|more|ajax|page|paging|list|news|tin", re.IGNORECASE)
_LIBRARY = re.compile(
    r"jquery|bootstrap|popper|swiper|slick|owl|fancybox|analytics|recaptcha|gtm|lodash|moment|polyfill|/min/"
)


@dataclass(frozen=True)
class Leaf:
    """One page of a listing, however it came.

    Attributes:
        url: where it was answered from. rows: its posts. pager: how the listing goes on.
        asked: what it answers; None for the first.
        empty: it says that it lists nothing.
        total: how many posts it says there are in all.
        unaddressed: posts on it whose address is not told.
        overlong: more stands on it than was read.
    """

    url: str
    rows: tuple[Row, ...]
    pager: Pager
    asked: Onward | None = None
    empty: bool = False
    total: int | None = None
    unaddressed: tuple[str, ...] = ()
    overlong: bool = False


@dataclass(frozen=True)
class Lost:
    """A page of a listing that could not be had, and why."""

    cause: Cause
    detail: str


def sources_of(page: Page) -> list[str]:
    """The addresses of the scripts a page loads, but for well-known libraries."""
    told = (resolve(page.base, script.get("src", "")) for script in page.root.iter("script"))
    return [url for url in told if url and not _LIBRARY.search(url)]


class Turner:
    """Turns the pages of one listing.

    Args:
        visit: the visit.
        first: the listing's first page, in which fragments and records are shown.
    """

    def __init__(self, visit: Visit, first: Page) -> None:
        self._visit = visit
        self._first = first
        self._patterns = patterns_in([Stage(first).source])
        self._loaded: tuple[str, ...] = ()
        self._usual = frozenset(total for page in visit.learnt for total in totals_of(page))

    def look_for_patterns(self, scripts: Iterable[str]) -> None:
        """Learns from further scripts how the addresses of posts are built."""
        self._patterns = tuple(dict.fromkeys([*self._patterns, *patterns_in(scripts)]))

    async def first(self) -> Leaf:
        """The listing's first page; where its own scripts do not tell how it goes on, those it loads are looked at."""
        pager = read_pager(self._first, asked=1)
        if pager.stuck:
            self._loaded = await self._load_scripts()
            pager = read_pager(self._first, asked=1, scripts=self._loaded) if self._loaded else pager
        return self._leaf(self._first, pager, None)

    async def _load_scripts(self) -> tuple[str, ...]:
        """The texts of the portal's own scripts on the first page that stand on no other page, the likeliest first."""
        usual = {source for page in self._visit.learnt for source in sources_of(page)}
        own = [url for url in sources_of(self._first) if host_of(url) in self._visit.hosts]
        wanted = sorted(own, key=lambda url: (url in usual, not _LIKELY.search(url)))[:_MOST_SCRIPTS]
        fetched = [await self._visit.fetcher.ask(Ask(url, kind="data")) for url in wanted]
        return tuple(decode(each.body, each.content_type) for each in fetched if each.body)

    async def turn(self, ask: Onward, nth: int, known: Sequence[Row]) -> Leaf | Lost:
        """The answer to a request, as the nth page of the listing; `known` are the posts of the pages before."""
        fetched = await self._ask(ask)
        if fetched.cause or (fetched.page is None and fetched.body is None) or self._is_astray(fetched, ask):
            cause = fetched.cause if fetched.cause is Cause.TIME_CAP else Cause.LISTING_LOST
            return Lost(cause, fetched.detail or f"{fetched.asked}: leads home")
        if fetched.page is not None:
            return self._leaf(fetched.page, read_pager(fetched.page, asked=ask.number or nth), ask)
        leaf = self._read(fetched, ask, nth, known)
        if leaf.rows or leaf.empty or leaf.unaddressed:
            return leaf
        if nth > _FIRST_TURN or await self._serves(ask, known):
            return replace(leaf, empty=True)
        return Lost(Cause.LISTING_LOST, f"{fetched.url}: the answer lists nothing, nor does it say that this is all")

    async def _ask(self, ask: Onward) -> Fetched:
        return await self._visit.fetcher.ask(Ask(ask.url, ask.form, ask.headers, ask.json, ask.kind))

    async def _serves(self, ask: Onward, known: Sequence[Row]) -> bool:
        """Whether an address that answers nothing serves the listing at all: it does if it has the page before."""
        control = ask.preceding()
        if control is None:
            return False
        fetched = await self._ask(control)
        return fetched.body is not None and bool(self._read(fetched, control, 1, known).rows)

    def _is_astray(self, fetched: Fetched, ask: Onward) -> bool:
        return ask.kind == "page" and self._visit.leads_home(fetched)

    def _read(self, fetched: Fetched, ask: Onward, nth: int, known: Sequence[Row]) -> Leaf:
        """What data list: records, or HTML, which may be a page of its own or a fragment for the first page."""
        body = fetched.body or b""
        text = decode(body, fetched.content_type)
        records = read_records(text, self._first.url, self._visit.now, patterns=self._patterns, known=known)
        if records is not None and not records.html:
            return self._of_records(fetched, records, ask)
        html = text if records is None else records.html
        promise = Promise() if records is None else records.promise
        whole = records is None and b"<html" in body[:2000].lower()
        url = fetched.url if whole else self._first.url
        page = parse(html.encode("utf-8", "replace"), url, "text/html; charset=utf-8")
        around = None if whole else self._first
        pager = read_pager(page, asked=ask.number or nth, around=around, scripts=self._loaded)
        leaf = self._leaf(page, pager, ask)
        onward = pager.next
        if onward is None or onward.asks_the_same(ask):
            onward = self._onward(ask, len(leaf.rows), promise)
        return replace(leaf, url=fetched.url, pager=Pager(onward, pager.last or promise.pages), total=promise.total)

    def _of_records(self, fetched: Fetched, records: Records, ask: Onward) -> Leaf:
        promise = records.promise
        pager = Pager(self._onward(ask, len(records.rows), promise), promise.pages)
        if pager.next is None and promise.more:
            pager = pager.or_stuck("further posts are promised, and nothing tells how to ask for them")
        empty = records.empty or promise.more is False
        return Leaf(fetched.url, records.rows, pager, ask, empty, promise.total, records.unaddressed)

    def _onward(self, ask: Onward, received: int, promise: Promise) -> Onward | None:
        """What asks for more: the address the answer gives, the request grown, the first page's pager one further."""
        if promise.more is False or not received:
            return None
        url = resolve(ask.url, promise.next_url) if promise.next_url else None
        if url and url != ask.url:
            return Onward(url, headers=ask.headers, kind="data")
        following = ask.following(received)
        if following is None and ask.number is not None:
            following = read_pager(self._first, here=ask.number, scripts=self._loaded).next
        return following

    def _leaf(self, page: Page, pager: Pager, ask: Onward | None) -> Leaf:
        rows, promise = self._visit.rows(page), Promise()
        if pager.posts and len(rows) >= pager.posts:
            pager = Pager(None, None)  # the page has all its posts, and a script shows some at a time
        if (carried := self._visit.carried(page)) is not None:
            if not rows or pager.stuck:
                promise = carried.promise
                pager = self._by_promise(page, pager, promise, len(carried.rows), ask)
            rows = with_carried(rows, carried)
        totals = [total for total in {*totals_of(page), promise.total or 0} - self._usual if total >= len(rows)]
        empty = says_empty(page) and not rows and not page.overlong
        return Leaf(page.url, rows, pager, ask, empty, max(totals, default=0) or None, overlong=page.overlong)

    def _by_promise(self, page: Page, pager: Pager, promise: Promise, listed: int, ask: Onward | None) -> Pager:
        """The pager of a page whose data promise more than it shows, and whose steps are a script's: `?page=2`.

        Where the server knows no such page, it answers the posts known by now, which is told.
        """
        url = resolve(page.url, promise.next_url) if promise.next_url and promise.more is not False else None
        if pager.next is None and url and url != page.url:
            return Pager(Onward(url), pager.last or promise.pages)
        last = pager.last or promise.pages or (-(-promise.total // listed) if promise.total and listed else None)
        if pager.next is not None or not last or (promise.pages or 2) < 2:  # noqa: PLR2004
            return pager
        here = (ask.number if ask is not None else None) or 1
        if here >= last:
            return Pager(None, last)
        return Pager(Onward(with_fields(page.url, (("page", str(here + 1)),)), number=here + 1), last)
