"""Commune branches of a district's portal: one menu entry, one listing, or one option to choose per commune.

Districts keep a "Chuyên trang tiếp công dân cấp xã" with a branch per commune. The branches are named "UBND xã Đắk
Gằn", "Thị trấn Đắk Mil", or, below a heading that speaks of communes, just "Đắk Gằn".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from lxml.html import HtmlElement

from auditor.reading.addresses import identity
from auditor.reading.entries import options
from auditor.reading.menus import is_short
from auditor.reading.names import category_named, commune_named, speaks, speaks_of_communes
from auditor.reading.page import Link, Page, is_hidden
from auditor.text import clean, fold

_KIND = re.compile(r"\b(?:(xã|phường|thị trấn|đặc khu)|(tt|p)\.)\s*(?=\w)", re.IGNORECASE)
_PREFIX = re.compile(r"^(ubnd|uy ban nhan dan|hdnd)?\W*(xa|phuong|thi tran|dac khu|tt\.?|p\.)?\W+(?=\w)")
_FEWEST = 3
"""Bare names of fewer are no list of communes."""
_MOST_WORDS = 4
_HIGHEST = 4
_MOST_HEADINGS = 20
_LONGEST_HEADING = 80


def branches(
    page: Page, links: Sequence[Link], hosts: frozenset[str], known: frozenset[str], *, label: str
) -> Iterator[tuple[Link, str]]:
    """The branches a page leads to, each with its commune as printed; `label` is the page's own name."""
    for link in options(page, hosts):
        if commune := commune_named(link.text):
            yield link, commune
    boxes = list(_boxes(page))
    if speaks_of_communes(label):
        boxes.append(page.root)
    for box in boxes:
        for link in _bare_names(links, box, known | {identity(page.url)}):
            yield link, commune_named(link.text) or link.text


def commune_within(text: str) -> str | None:
    """The commune that a listing's name or a title holds: "Lịch tiếp công dân - xã Đắk Gằn" gives "xã Đắk Gằn"."""
    match = _KIND.search(text)
    if match is None:
        return None
    words = re.findall(r"[\w'’`-]+|[^\w\s]", text[match.end() :])
    name: list[str] = []
    for word in islice(words, _MOST_WORDS):
        if not word[0].isupper() or (len(name) > 1 and word.isupper() and not name[0].isupper()):
            break
        name.append(word)
    return clean(f"{match[0].strip()} {' '.join(name)}") if name else None


def same_commune(name: str) -> str:
    """What two spellings of a commune have in common: "UBND xã Đắk R'La", "XÃ ĐẮK R’LA" and "Đắk R'la"."""
    folded = fold(name)
    bare = _PREFIX.sub("", f"{folded} ").strip()
    return re.sub(r"[^a-z0-9]", "", bare or folded)


def _boxes(page: Page) -> Iterator[HtmlElement]:
    """The pieces of the page below a heading that speaks of communes and leads nowhere itself."""
    leading = {link.element for link in page.links}
    found = 0
    for element in page.root.iter():
        if is_hidden(element) or element in leading or not element.text or element.tag in {"title", "h1"}:
            continue
        text = clean(element.text[:_LONGEST_HEADING])
        if speaks_of_communes(text):
            found += 1
            yield from _around(element)
        if found >= _MOST_HEADINGS:
            return


def _around(heading: HtmlElement) -> Iterator[HtmlElement]:
    for around in islice(heading.iterancestors(), _HIGHEST):
        if around.tag in {"body", "html"}:
            return
        if next(around.iter("a"), None) is not None:
            yield around
            return


def _bare_names(links: Iterable[Link], box: HtmlElement, known: frozenset[str]) -> list[Link]:
    """The links of a box that stand at one like position, where all of them are names as communes have."""
    inside = set(box.iter("a"))
    rows: dict[tuple[str, ...], list[Link]] = defaultdict(list)
    for link in links:
        if link.element in inside and link.folded and identity(link.url) not in known:
            rows[tuple(str(above.tag) for above in link.element.iterancestors())].append(link)
    alike = [row for row in rows.values() if len({identity(link.url) for link in row}) >= _FEWEST]
    return [link for row in alike if all(map(_like_a_commune, row)) for link in row]


def _like_a_commune(link: Link) -> bool:
    words = link.text.split()
    if commune_named(link.text):
        return True
    named = category_named(link.text) is not None or speaks(link.text)
    return is_short(link) and len(words) <= _MOST_WORDS and not named and all(word[0].isupper() for word in words)
