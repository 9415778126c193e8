"""The addresses in a site map for robots (sitemaps.org): pages, or further maps, and when they were changed."""

from __future__ import annotations

from collections.abc import Iterator
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
    told = islice(_told(root), _MOST)
    return tuple(entry for element, parent, texts in told if (entry := _entry(element, parent, texts, url)))


def _told(root: etree._Element) -> Iterator[tuple[etree._Element, etree._Element, dict[str, str]]]:
    """Each address with the entry it stands in, and what that says; read once, however many addresses it has."""
    last, told = None, dict[str, str]()
    for element in root.iter("{*}loc"):
        parent = element.getparent()
        if parent is not None:
            last, told = (last, told) if parent is last else (parent, texts_of(parent))
            yield element, parent, told


def _entry(element: etree._Element, parent: etree._Element, told: dict[str, str], url: str) -> Mapped | None:
    address = resolve(url, element.text or "")
    if not address:
        return None
    news = next(parent.iterchildren("{*}news"), None)
    published = texts_of(news).get("publication_date", "") if news is not None else ""
    is_map = name_of(parent) == "sitemap"
    return Mapped(address, is_map, read_machine(told.get("lastmod", "")), read_machine(published))
