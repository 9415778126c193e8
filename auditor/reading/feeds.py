"""RSS (0.9x, 1.0, 2.0) and Atom (RFC 4287): the dates of posts, where the posts' own pages hide them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from auditor.reading.addresses import host_of, identity, resolve
from auditor.reading.dates import Stamp, read_machine
from auditor.reading.onward import with_fields
from auditor.reading.page import Page
from auditor.reading.xml import parse_xml, texts_of
from auditor.text import clean

_MOST = 1000
"""Entries of one feed; those of real portals have ten to a hundred."""
_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})
_ADDRESS = re.compile(
    r"(/|\.|=)(rss|feed|atom|rdf)(2|20)?(/|\.\w{2,4})?$|/(rss|feed)/[^?#]{1,200}$|[?&]format=feed\b", re.IGNORECASE
)
_PUBLISHED = ("pubdate", "published", "issued", "date", "created")
_MODIFIED = ("updated", "modified")
_WORDPRESS = "wordpress.org"
_FEWEST_BUILT = 3
_TITLE = 1000


@dataclass(frozen=True)
class Entry:
    """One post as a feed tells of it: its address and title, and when it was published and last changed."""

    url: str
    title: str
    published: Stamp | None
    modified: Stamp | None


@dataclass(frozen=True)
class Feed:
    """A feed's entries in its order, and where older ones stand, if the feed says so (RFC 5005, WordPress)."""

    entries: tuple[Entry, ...] = ()
    older: str | None = None


def declared_feeds(page: Page) -> tuple[str, ...]:
    """The feeds a page names: in its head first, then by links whose address is a feed's; each once."""
    found = {identity(url): url for url in (*_in_head(page), *_linked(page)) if host_of(url) == host_of(page.url)}
    return tuple(found.values())


def _in_head(page: Page) -> Iterator[str]:
    for element in page.root.iter("link"):
        if element.get("type", "").strip().lower() in _TYPES and (url := resolve(page.base, element.get("href", ""))):
            yield url


def _linked(page: Page) -> Iterator[str]:
    return (link.url for link in page.links if _ADDRESS.search(link.url))


def read_feed(body: bytes, url: str) -> Feed:
    """The feed in an answer; one without entries for whatever is none. Nothing is fetched, no entity resolved."""
    head = body[:2000].lower()
    if not any(mark in head for mark in (b"<rss", b"<feed", b"rdf", b"<channel")):
        return Feed()
    root = parse_xml(body)
    if root is None:
        return Feed()
    elements = islice(root.iter("{*}item", "{*}entry"), _MOST)
    entries = tuple(entry for element in elements if (entry := _entry(element, url)))
    return Feed(_without_build_time(entries), _older(root, url) if entries else None)


def _entry(element: etree._Element, url: str) -> Entry | None:
    told = texts_of(element)
    address = resolve(url, _link(element, told))
    if address is None:
        return None
    title = clean(told.get("title", ""))[:_TITLE]
    return Entry(address, title, _stamp(told, _PUBLISHED), _stamp(told, _MODIFIED))


def _link(element: etree._Element, told: dict[str, str]) -> str:
    """RSS writes the address into `link`, Atom into its attribute; a `guid` may be one."""
    for link in element.iterchildren("{*}link"):
        if link.get("href") and link.get("rel", "alternate") == "alternate":
            return str(link.get("href"))
    guid = told.get("guid", "")
    return told.get("link", "") or (guid if guid.startswith("http") else "")


def _stamp(told: dict[str, str], names: tuple[str, ...]) -> Stamp | None:
    stamps = (read_machine(told[name]) for name in names if told.get(name))
    return next((stamp for stamp in stamps if stamp), None)


def _without_build_time(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The entries without their dates where all have the same to the second: the moment the feed was made."""
    moments = {(entry.published.day, entry.published.time) for entry in entries if entry.published}
    made = len(moments) == 1 and len(entries) >= _FEWEST_BUILT and next(iter(moments))[1] is not None
    return tuple(Entry(each.url, each.title, None, each.modified) for each in entries) if made else entries


def _older(root: etree._Element, url: str) -> str | None:
    """The next page of a feed: as it says itself, or by WordPress's `paged`, which no feed declares."""
    for link in islice(root.iter("{*}link"), _MOST):
        if link.get("rel") == "next" and (address := resolve(url, link.get("href", ""))):
            return address
    made_by = (text for element in islice(root.iter("{*}generator"), 1) for text in element.itertext())
    if _WORDPRESS not in "".join(made_by):
        return None
    number = re.search(r"[?&]paged=(\d{1,4})\b", url)
    return with_fields(url, (("paged", str(int(number[1]) + 1 if number else 2)),))
