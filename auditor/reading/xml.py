"""XML from strangers: no entity is resolved, nothing is fetched, and what is broken is read as far as it goes."""

from __future__ import annotations

from lxml import etree

MOST_BYTES = 8_000_000


def parse_xml(body: bytes) -> etree._Element | None:
    """The root of a document, of which at most the first `MOST_BYTES` are read; None for what is no XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True, load_dtd=False)
    try:
        root: etree._Element | None = etree.fromstring(body[:MOST_BYTES], parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root


def name_of(element: etree._Element) -> str:
    """An element's name without its name space, in small letters; broken documents have names that lxml refuses."""
    return str(element.tag).rpartition("}")[2].lower()


def texts_of(element: etree._Element) -> dict[str, str]:
    """What an element's children say, by their names without the name space; of several with one name, the first."""
    told: dict[str, str] = {}
    for child in element.iterchildren(etree.Element):
        name = name_of(child)
        told.setdefault(name, "".join(child.itertext()).strip())
    return told
