"""The addresses in a site map for robots (sitemaps.org): pages, or further maps. Nothing but addresses is read."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from lxml import etree

from auditor.reading.addresses import resolve

_MOST = 50_000
"""Entries of one map, by the protocol."""
_MOST_BYTES = 8_000_000


@dataclass(frozen=True)
class Mapped:
    """One entry: an address, and whether a further map stands there."""

    url: str
    is_map: bool = False


def read_sitemap(body: bytes, url: str) -> tuple[Mapped, ...]:
    """The entries of a map; empty for whatever is none. Entities are not resolved, and nothing is fetched."""
    if b"<loc" not in body[:_MOST_BYTES] and b":loc" not in body[:_MOST_BYTES]:
        return ()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True, load_dtd=False)
    try:
        root: etree._Element | None = etree.fromstring(body[:_MOST_BYTES], parser)
    except (etree.XMLSyntaxError, ValueError):
        return ()
    if root is None:
        return ()
    found = []
    for element in islice(root.iter("{*}loc"), _MOST):
        address = resolve(url, element.text or "")
        parent = element.getparent()
        if address and parent is not None:
            found.append(Mapped(address, etree.QName(parent).localname == "sitemap"))
    return tuple(found)
