"""Feeds and site maps: asked only where the pages left something open, and never a proof that nothing else exists.

A feed shows the newest posts alone (WordPress: ten). It gives dates to posts that show none, and names posts of a
listing whose pages were lost; the listing stays as incomplete as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urljoin

from auditor.observation import Coverage, Placement, SeenItem
from auditor.reading.addresses import host_of
from auditor.reading.feeds import Entry, Feed, read_feed
from auditor.reading.rows import Row
from auditor.reading.sitemaps import Mapped, read_sitemap
from spiders.fetching import Ask
from spiders.notebook import Notebook
from spiders.visit import Visit

MOST_FEEDS = 8
"""Feeds of one visit: the sections' own come first."""
MOST_PAGES = 15
"""Pages of feeds in all, for feeds that go on."""
MOST_MAPS = 4
_POSTS = ("post", "news", "tin", "article", "bai", "content")


async def consult(visit: Visit) -> None:
    """Looks into feeds and site maps for what the pages left open; what cannot be had is no trouble."""
    pages = 0
    for url in list(visit.feeds)[:MOST_FEEDS]:
        asked: str | None = url
        while asked and pages < MOST_PAGES and _left_open(visit.notes):
            pages += 1
            asked = _use(visit, url, await _feed(visit, asked))
    if any(_is_open(visit.notes, item) for item in visit.notes.items.values()):
        await _consult_maps(visit)


def _left_open(notes: Notebook) -> bool:
    return any(each.lost for each in notes.listings) or any(_is_open(notes, item) for item in notes.items.values())


def _is_open(notes: Notebook, item: SeenItem) -> bool:
    """Whether a post may be of the period and shows no day; one last changed before it cannot be."""
    changed_before = item.modified is not None and item.modified[:10] < notes.first_day.isoformat()
    return item.published is None and not item.standing and not changed_before


async def _feed(visit: Visit, url: str) -> Feed:
    fetched = await visit.fetcher.ask(Ask(url, kind="data"))
    return read_feed(fetched.body or b"", fetched.url)


def _use(visit: Visit, url: str, feed: Feed) -> str | None:
    """Notes what a page of a feed tells; where the feed goes on, if this page told of posts that are known."""
    notes = visit.notes
    entries = [entry for entry in feed.entries if host_of(entry.url) in visit.hosts]
    known = [entry for entry in entries if notes.fed(entry)]
    listing = _listing_of(visit, url)
    if listing is not None and listing.lost and 2 * len(known) >= len(entries):
        _add(visit, listing, (entry for entry in entries if entry not in known))
    return feed.older if known else None


def _listing_of(visit: Visit, url: str) -> Coverage | None:
    """The listing whose page alone declares a feed."""
    declared = visit.feeds.get(url)
    return next((each for each in visit.notes.listings if each.listing == declared), None) if declared else None


def _add(visit: Visit, listing: Coverage, entries: Iterable[Entry]) -> None:
    place = Placement(listing.listing, listing.listing, listing.label, listing.category)
    for entry in entries:
        if entry.title:
            visit.notes.row(Row(entry.url, entry.title), replace(place, url=entry.url), None)
            visit.notes.fed(entry)


async def _consult_maps(visit: Visit) -> None:
    """When posts were last changed, from the site map: it proves that a post is older than the period."""
    waiting = [urljoin(visit.unit.url, "/sitemap.xml")]
    for asked in range(MOST_MAPS):
        if asked >= len(waiting) or not any(_is_open(visit.notes, item) for item in visit.notes.items.values()):
            break
        fetched = await visit.fetcher.ask(Ask(waiting[asked], kind="data"))
        entries = [each for each in read_sitemap(fetched.body or b"", fetched.url) if host_of(each.url) in visit.hosts]
        waiting += sorted((each.url for each in entries if each.is_map), key=_unlikely)
        for entry in entries:
            if not entry.is_map:
                visit.notes.fed(_as_entry(entry), "site map")


def _as_entry(mapped: Mapped) -> Entry:
    return Entry(mapped.url, "", mapped.published, mapped.modified)


def _unlikely(url: str) -> bool:
    """Whether a map of maps names one hardly for posts: those with telling names are asked first."""
    return not any(name in url.lower().rpartition("/")[2] for name in _POSTS)
