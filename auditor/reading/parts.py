"""The sub-sections and commune branches that the section's own page leads to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from auditor.reading.addresses import identity
from auditor.reading.candidates import Candidate, as_part
from auditor.reading.company import Company
from auditor.reading.entries import entries
from auditor.reading.menus import SHORT_WORDS, are_posts, children, like_a_name, menus
from auditor.reading.names import PETITIONS, RECEPTION, category_named, commune_named, speaks_of_communes
from auditor.reading.page import Link, Page

_MENU_WORDS = 7
_NEAR = 4


def parts(page: Page, hosts: frozenset[str], known: frozenset[str] = frozenset()) -> tuple[Candidate, ...]:
    """The sub-sections and commune branches that the section's own page leads to, in document order.

    What stands below the page's own entry in a menu; and, anywhere on it, short names without figures that name a
    category of the section or a commune, with what stands beside them, unless it is `known` to belong to a menu.
    """
    links = entries(page, hosts)
    standing = menus(links)
    posts = {link.element for below in children(links).values() if are_posts(below) for link in below}
    own = identity(page.url)
    company = Company(page)
    among = _places_of_parts(links, company)
    found: dict[str, Candidate] = {}
    for link in links:
        key = identity(link.url)
        if key == own:
            for child in standing.get(link.element, ()):
                found.setdefault(identity(child.url), as_part(child, standing, "below the section in the menu"))
        elif key not in found and _names_a_part(link, company):
            found[key] = as_part(link, standing, "its name")
        elif key in found or key in known or link.element in posts:
            continue
        elif among.intersection(_positions(link)) and like_a_name(link):
            found[key] = as_part(link, standing, "stands among the section's parts")
    return tuple(candidate for key, candidate in found.items() if key != own)


def _places_of_parts(links: Iterable[Link], company: Company) -> set[tuple[HtmlElement, tuple[str, ...]]]:
    """The positions in the page's layout at which at least two links name parts of the section.

    What stands at the same position is a part too, whatever its name: "Báo cáo định kỳ" beside "Lịch tiếp công dân".
    """
    counted = Counter(place for link in links if _names_a_part(link, company) for place in set(_positions(link)))
    return {place for place, count in counted.items() if count > 1}


def _positions(link: Link) -> Iterator[tuple[HtmlElement, tuple[str, ...]]]:
    """Where a link stands: each near ancestor outside the navigation, and the tags on the way down to the link."""
    path: list[str] = []
    for ancestor in link.element.iterancestors():
        if ancestor.tag in {"nav", "body", "html"} or len(path) >= _NEAR:
            return
        yield ancestor, tuple(path)
        path.append(str(ancestor.tag))


def _names_a_part(link: Link, company: Company) -> bool:
    if not like_a_name(link):
        return False
    if RECEPTION.search(link.folded):
        return category_named(link.text) is not None or speaks_of_communes(link.text)
    if commune_named(link.text):
        return len(link.folded.split()) <= SHORT_WORDS or company.words(link) <= _MENU_WORDS
    if PETITIONS.search(link.folded):
        return company.words(link) <= _MENU_WORDS
    return False
