"""Dates a page tells machines: `time`, meta elements, microdata, JSON-LD. Trusted less than what readers are shown.

They are often broken or mean something else: NukeViet's `datePublished` is the last edit, its `article:published_time`
is malformed; `time` and JSON-LD also stand around other posts. What several of them contradict is not a date.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from lxml.html import HtmlElement

from auditor.reading.addresses import identity, resolve
from auditor.reading.dates import Stamp, read_machine
from auditor.reading.page import Page, is_aside
from auditor.text import clean

Told = tuple[Stamp, str]
"""A date, and where it stood."""

_PUBLISHED_NAMES = (
    "article:published_time", "og:article:published_time", "datepublished", "dcterms.issued", "dc.date.issued",
    "dcterms.available", "dc.date.available", "dcterms.created", "dc.date.created", "dcterms.date", "dc.date",
    "citation_publication_date", "citation_online_date", "parsely-pub-date", "publishdate", "publish_date",
    "publish-date", "publication_date", "pubdate", "date",
)  # fmt: skip
_MODIFIED_NAMES = (
    "article:modified_time", "og:article:modified_time", "datemodified", "dcterms.modified", "dc.date.modified",
    "og:updated_time",
)  # fmt: skip
_PUBLISHED_CLASS = re.compile(r"publish|entry-date|post(ed)?-?(on|date)|ngay-?dang")
_MODIFIED_CLASS = re.compile(r"updated|modif|cap-?nhat")
_OTHERS_KEYS = frozenset(
    {"itemListElement", "comment", "relatedLink", "hasPart", "isPartOf", "mentions", "review", "citation", "isBasedOn"}
)
_LONGEST_DATA = 200_000
_MOST_NODES = 2_000
_MOST_VALUES = 200


def machine_stamp(page: Page) -> tuple[Stamp | None, str]:
    """The publication date meant for machines, and where it stood."""
    for told in (_times(page, _PUBLISHED_CLASS), _microdata(page, "datepublished"), _metas(page, _PUBLISHED_NAMES)):
        if found := _agreed(told):
            return found
    return _agreed(_linked_data(page, "datePublished")) or (None, "")


def machine_modified(page: Page) -> Stamp | None:
    """The date of the last change meant for machines."""
    for told in (_metas(page, _MODIFIED_NAMES), _microdata(page, "datemodified"), _linked_data(page, "dateModified")):
        if found := _agreed(told):
            return found[0]
    return None


def _agreed(told: Iterable[Told]) -> Told | None:
    """The first of several dates of one kind, where they name one day; None where they contradict each other."""
    found = list(told)
    return found[0] if found and len({stamp.day for stamp, _ in found}) == 1 else None


def _times(page: Page, marked: re.Pattern[str]) -> list[Told]:
    """The `time` elements that are the post's: those marked as its publication, else all that are not others'."""
    times = [each for each in page.root.iter("time") if not _is_others(each)][:_MOST_VALUES]
    own = [each for each in times if each.get("pubdate") is not None or marked.search(_marks(each))]
    rest = [each for each in times if not _MODIFIED_CLASS.search(_marks(each))]
    return [(stamp, "time element") for each in own or rest if (stamp := read_machine(each.get("datetime", "")))]


def _marks(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('itemprop', '')}".lower()


def _is_others(element: HtmlElement) -> bool:
    return is_aside(element) or next(element.iterancestors("li"), None) is not None


def _microdata(page: Page, name: str) -> list[Told]:
    found = []
    for element in page.root.iterfind(".//*[@itemprop]"):
        if element.tag == "meta" or element.get("itemprop", "").lower() != name or _is_others(element):
            continue
        value = element.get("content") or element.get("datetime") or clean((element.text or "")[:100])
        if stamp := read_machine(value):
            found.append((stamp, f"microdata {name}"))
    return found


def _metas(page: Page, names: tuple[str, ...]) -> list[Told]:
    """The dates of the most trusted name; a range ("2019/11/05 - ", as Plone writes) is none."""
    values: dict[str, list[str]] = {}
    for element in page.root.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        values.setdefault(name.replace("dc.terms.", "dcterms."), []).append(element.get("content", ""))
    for name in names:
        found = [(stamp, f"meta {name}") for value in values.get(name, ()) if (stamp := read_machine(value))]
        if found:
            return found
    return []


def _linked_data(page: Page, key: str) -> list[Told]:
    """The dates of the page's own node; of nodes that name an address, only those that name this page's."""
    nodes = [node for node in _nodes(page) if isinstance(node.get(key), str)]
    told = [(node, read_machine(node[key])) for node in nodes]
    here = identity(page.url)
    named = [(node, stamp) for node, stamp in told if _address(page, node) == here]
    plain = [(node, stamp) for node, stamp in told if _address(page, node) is None]
    return [(stamp, f"JSON-LD {key}") for _, stamp in named or plain if stamp]


def _address(page: Page, node: dict[str, Any]) -> str | None:
    """Identity of the page a node says it is about; None where it names none."""
    entity = node.get("mainEntityOfPage")
    for value in (node.get("url"), entity.get("@id") if isinstance(entity, dict) else entity):
        url = resolve(page.base, value) if isinstance(value, str) and value else None
        if url:
            return identity(url)
    return None


def _nodes(page: Page) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD, but for those about other things."""
    for element in page.root.iter("script"):
        text = element.text or ""
        if element.get("type", "").lower() != "application/ld+json" or len(text) > _LONGEST_DATA:
            continue
        try:
            queue: deque[Any] = deque([json.loads(text)])
        except (ValueError, RecursionError):
            continue
        yield from _objects(queue)


def _objects(queue: deque[Any]) -> Iterator[dict[str, Any]]:
    for _ in range(_MOST_NODES):
        if not queue:
            return
        node = queue.popleft()
        if isinstance(node, dict):
            yield node
            queue.extend(value for key, value in node.items() if key not in _OTHERS_KEYS)
        elif isinstance(node, list):
            queue.extend(node[:100])
