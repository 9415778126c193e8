"""Lists and menus that scripts build: read from the endpoint that a page or its scripts show, else told as unread.

Looked at only where a page lists nothing by itself, so that ordinary portals cost no request more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from auditor.reading.addresses import host_of, identity
from auditor.reading.carried import carried_lists, literals_in
from auditor.reading.decoding import decode
from auditor.reading.endpoints import Endpoint, find_endpoints, inline_scripts
from auditor.reading.filling import CALLS, external_scripts, is_shell, signs, speaks_of, waiting_boxes
from auditor.reading.json_values import load
from auditor.reading.page import Page
from auditor.reading.patterns import patterns_in
from auditor.reading.script_menus import menu_page
from spiders.fetching import Ask
from spiders.turning import Leaf, Lost, Turner
from spiders.visit import AskKey, Visit

MOST_ASKED = 3
"""Endpoints asked for one page; a page that needs more is not understood."""
MOST_SCRIPTS = 5
"""Scripts fetched for one page."""
MOST_SCRIPTS_IN_ALL = 20
REMEDY = "render: true in portals.yaml reads it with a browser"
_LIKELY = re.compile(r"app|main|index|page|list|news|tin|article|custom|site|common|chunk|home|script", re.IGNORECASE)
_MENU = re.compile(r"menu|nav|categor|chuyen-?muc|danh-?muc|route|sitemap|cay", re.IGNORECASE)
_FIGURES = re.compile(r"\d+")
_CERTAIN = 3.0
_SHELL_CERTAIN = 4.0


@dataclass(frozen=True)
class Filled:
    """What scripts bring into a page that lists nothing by itself.

    Attributes:
        leaf: the first posts, and how the list goes on; None where none could be had.
        empty: whether the endpoint was asked and says that the list is empty.
        unread: why something of the list may not have been read; "" where nothing hints at that.
    """

    leaf: Leaf | None = None
    empty: bool = False
    unread: str = ""


@dataclass
class _Tried:
    """What came of the endpoints asked so far."""

    keys: set[AskKey] = field(default_factory=set)
    empty: bool = False
    lost: list[str] = field(default_factory=list)


class ScriptReader:
    """Reads what scripts build, on one visit; each external script is fetched once."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._texts = visit.script_texts
        self._asked = visit.script_asks

    async def fill(self, page: Page, turner: Turner) -> Filled:
        """What scripts bring into a listing page without rows."""
        usual = self._usual()
        inline = inline_scripts(page)
        tried = _Tried()
        leaf = await self._try(page, inline, turner, tried)
        if leaf is not None:
            return Filled(leaf)
        hints = list(signs(page, usual))
        boxes = waiting_boxes(page, usual)
        external = [url for url in external_scripts(page) if host_of(url) in self._visit.hosts]
        known = {url for other in usual for url in external_scripts(other)}
        fresh = [url for url in external if url not in known]
        wanted = external if hints or boxes else fresh
        texts = await self._load(wanted, first=fresh)
        if texts:
            leaf = await self._try(page, (*inline, *texts.values()), turner, tried)
            if leaf is not None:
                return Filled(leaf)
        missing = [url for url in wanted if url not in texts]
        unread = self._unread(page, texts, tried, fresh, missing)
        return Filled(empty=tried.empty and not unread, unread=unread)

    def _usual(self) -> tuple[Page, ...]:
        """Pages that do without the scripts in question: those that list their posts themselves, and the home page."""
        return (*self._visit.learnt, *self._visit.listed)

    async def _try(self, page: Page, scripts: Sequence[str], turner: Turner, tried: _Tried) -> Leaf | None:
        """Asks the likeliest endpoints until one lists posts."""
        turner.look_for_patterns(scripts)
        shell = is_shell(page)
        for endpoint in self._endpoints(page, scripts):
            key = _key(endpoint)
            if key in tried.keys or len(tried.keys) >= MOST_ASKED * 2:
                continue
            tried.keys.add(key)
            leaf = await turner.turn(endpoint.ask, 1, ())
            if isinstance(leaf, Lost):
                tried.lost.append(leaf.detail)
            elif leaf.rows:
                if not self._is_menu(leaf):
                    return leaf
            elif leaf.unaddressed:
                tried.lost.append(f"{leaf.url}: nothing tells the addresses of its {len(leaf.unaddressed)} posts")
            elif leaf.empty and self._asked.setdefault(key, page.url) != page.url:
                tried.lost.append(f"{leaf.url}: asked for {self._asked[key]} as well, and it tells the pages not apart")
            elif leaf.empty and endpoint.points >= (_SHELL_CERTAIN if shell else _CERTAIN):
                tried.empty = True
        return None

    def _is_menu(self, leaf: Leaf) -> bool:
        """Whether most of what an endpoint lists is known to stand in the portal's menus."""
        return 2 * sum(1 for row in leaf.rows if identity(row.url) in self._visit.known) > len(leaf.rows)

    def _endpoints(self, page: Page, scripts: Sequence[str]) -> list[Endpoint]:
        """The endpoints that bring this page's list: those that every page asks alike are furniture."""
        found = find_endpoints(page, scripts, self._visit.hosts).endpoints
        if is_shell(page):
            return list(found[:MOST_ASKED])
        usual = {
            _key(endpoint)
            for other in self._visit.learnt
            for endpoint in find_endpoints(other, _shared(other, page, scripts), self._visit.hosts).endpoints
        }
        return [endpoint for endpoint in found if _key(endpoint) not in usual][:MOST_ASKED]

    async def _load(self, urls: Iterable[str], first: Sequence[str]) -> dict[str, str]:
        """The texts of external scripts, the likeliest first; those that could not be had are left out."""
        wanted = sorted(urls, key=lambda url: (url not in first, not _LIKELY.search(url)))[:MOST_SCRIPTS]
        for url in wanted:
            if url not in self._texts and len(self._texts) < MOST_SCRIPTS_IN_ALL:
                fetched = await self._visit.fetcher.ask(Ask(url, kind="data"))
                told = decode(fetched.body, fetched.content_type) if fetched.body is not None else None
                self._texts[url] = None if told is None or told.lstrip().startswith("<") else told
        return {url: text for url in wanted if (text := self._texts.get(url)) is not None}

    def _unread(
        self, page: Page, texts: dict[str, str], tried: _Tried, fresh: Sequence[str], missing: list[str]
    ) -> str:
        """Why the page may hold more than was read; "" where no script waits to fill it."""
        if tried.lost:
            return f"a script builds the list: {tried.lost[0]}; {REMEDY}"
        why = "" if tried.empty else next(self._doubts(page, texts, tried, fresh, missing), "")
        return f"{page.url}: {why}; {REMEDY}" if why else ""

    def _doubts(
        self, page: Page, texts: dict[str, str], tried: _Tried, fresh: Sequence[str], missing: list[str]
    ) -> Iterator[str]:
        """What hints at a script that fills the page, the plainest first."""
        usual, inline = self._usual(), inline_scripts(page)
        boxes = waiting_boxes(page, usual)
        yield from signs(page, usual)
        asking = [text for text in (*inline, *texts.values()) if CALLS.search(text)]
        spoken = (box for box in boxes if any(speaks_of(text, box) for text in asking))
        yield from (f"a script builds the list in '{min(box.names)}'" for box in spoken)
        own = [*self._unusual(inline), *(texts[url] for url in fresh if url in texts)]
        dark = (told for text in own if CALLS.search(text) for told in self._asks(page, text, tried))
        yield from (f"a script asks the server for more ({told})" for told in dark)
        unread = missing or self._foreign(page)
        if unread and any(box.may_list for box in boxes):
            yield f"a script that was not read may build the list ({unread[0]})"

    def _unusual(self, inline: Sequence[str]) -> list[str]:
        """The page's own scripts that other pages do not have, figures apart."""
        usual = {_FIGURES.sub("0", text) for other in self._usual() for text in inline_scripts(other)}
        return [text for text in inline if _FIGURES.sub("0", text) not in usual]

    def _asks(self, page: Page, script: str, tried: _Tried) -> list[str]:
        """What a script asks a server for that was not answered: endpoints not tried, calls not understood."""
        found = find_endpoints(page, [script, *inline_scripts(page)], self._visit.hosts)
        return [*(endpoint.shown for endpoint in found.endpoints if _key(endpoint) not in tried.keys), *found.dark]

    def _foreign(self, page: Page) -> list[str]:
        """Scripts of other hosts that are no library and stand on no other page."""
        usual = {url for other in self._usual() for url in external_scripts(other)}
        return [url for url in external_scripts(page) if host_of(url) not in self._visit.hosts and url not in usual]

    async def menus(self, page: Page) -> Page:
        """What scripts show of a page's menus: data it carries, its scripts, and the endpoint of its menu."""
        inline = inline_scripts(page)
        values: list[object] = [each.root for each in carried_lists(page)]
        shown = menu_page(page, values, inline, patterns_in(inline))
        if shown.links or not is_shell(page):
            return shown
        external = [url for url in external_scripts(page) if host_of(url) in self._visit.hosts]
        texts = await self._load(external, first=external)
        scripts = (*inline, *texts.values())
        values += [value for text in texts.values() for value in literals_in(text)]
        found = find_endpoints(page, scripts, self._visit.hosts).endpoints
        ranked = sorted(found, key=lambda endpoint: not _MENU.search(endpoint.shown))
        for endpoint in ranked[:MOST_ASKED]:
            ask = endpoint.ask
            fetched = await self._visit.fetcher.ask(Ask(ask.url, ask.form, ask.headers, ask.json, "data"))
            if fetched.body:
                values.append(load(decode(fetched.body, fetched.content_type)))
        return menu_page(page, values, scripts, patterns_in(scripts))


def _key(endpoint: Endpoint) -> AskKey:
    return endpoint.ask.url, endpoint.ask.form, endpoint.ask.json


def _shared(other: Page, page: Page, scripts: Sequence[str]) -> tuple[str, ...]:
    """The scripts of another page: its own, and of those the page loads the ones it loads as well."""
    inline = set(inline_scripts(page))
    loaded = [text for text in scripts if text not in inline]
    both = set(external_scripts(other)) & set(external_scripts(page))
    return (*inline_scripts(other), *(loaded if both else ()))
