"""The addresses in a site map for robots (sitemaps.org): pages, or further maps, and when they were changed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from lxml import etree

from auditor.reading.addresses import resolve
from auditor.reading.dates import Stamp, read_machine
from auditor.reading.xml import MOST_BYTES, name_of, parse_xml, texts_of

_MOST = 50_000
"""Entries of one map, by the protocol."""


@dataclass(frozen=True)
class Mapped:
    """One entry.

    Attributes:
        url: its address. is_map: whether a further map stands there.
        modified: when the page was last changed (`lastmod`), which is not when it was published.
        published: when it was published, where a map of news says so.
    """

    url: str
    is_map: bool = False
    modified: Stamp | None = None
    published: Stamp | None = None


def read_sitemap(body: bytes, url: str) -> tuple[Mapped, ...]:
    """The entries of a map; empty for whatever is none. Entities are not resolved, and nothing is fetched."""
    if b"<loc" not in body[:MOST_BYTES] and b":loc" not in body[:MOST_BYTES]:
        return ()
    root = parse_xml(body)
    if root is None:
        return ()
    entries = islice(root.iter("{*}loc"), _MOST)
    return tuple(entry for element in entries if (entry := _entry(element, url)))


def _entry(element: etree._Element, url: str) -> Mapped | None:
    address, parent = resolve(url, element.text or ""), element.getparent()
    if not address or parent is None:
        return None
    told = texts_of(parent)
    news = next(parent.iterchildren("{*}news"), None)
    published = texts_of(news).get("publication_date", "") if news is not None else ""
    is_map = name_of(parent) == "sitemap"
    return Mapped(address, is_map, read_machine(told.get("lastmod", "")), read_machine(published))
