"""The sub-sections and commune branches that the section's own page leads to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lxml.html import HtmlElement

from auditor.categories import Category
from auditor.reading import communes, headed
from auditor.reading.addresses import identity
from auditor.reading.candidates import Candidate, as_part
from auditor.reading.company import Company
from auditor.reading.entries import entries
from auditor.reading.menus import SHORT_WORDS, are_posts, children, is_short, like_a_name, menus
from auditor.reading.names import PETITIONS, RECEPTION, category_named, commune_named, speaks_of_communes
from auditor.reading.page import Link, Page

_MENU_WORDS = 7
_NEAR = 4
_ENOUGH_CATEGORIES = 3
"""Names of so many categories side by side are the section's parts, even if none of them speaks of it."""

Position = tuple[HtmlElement, tuple[str, ...]]


def parts(
    page: Page, hosts: frozenset[str], known: frozenset[str] = frozenset(), *, label: str = ""
) -> tuple[Candidate, ...]:
    """The sub-sections and commune branches that the section's own page leads to.

    What leads beyond boxes of posts; what stands below the page's own entry in a menu; and, anywhere on it, short
    names without figures that name a category of the section or a commune, with what stands beside them, unless it is
    `known` to belong to a menu.

    Args:
        page: the section's page.
        hosts: the unit's own.
        known: identities of what menus lead to.
        label: the section's name; one that speaks of communes makes bare names ("Đắk Gằn") communes' names.
    """
    links = entries(page, hosts)
    standing = menus(links)
    posts = {link.element for below in children(links).values() if are_posts(below) for link in below}
    own = identity(page.url)
    company = Company(page)
    among = _places_of_parts(links, company, known)
    found = {
        key: as_part(link, standing, f"leads beyond the box '{link.text}'")
        for link in headed.boxes(page, links)
        if (key := identity(link.url)) not in known
    }
    for link in links:
        key = identity(link.url)
        if key == own:
            for child in standing.get(link.element, ()):
                found.setdefault(identity(child.url), as_part(child, standing, "below the section in the menu"))
        elif key not in found and _names_a_part(link, company):
            found[key] = as_part(link, standing, "its name")
        elif key in found or key in known or link.element in posts:
            continue
        elif among.intersection(_positions(link)) and _may_be_a_part(link):
            found[key] = as_part(link, standing, "stands among the section's parts")
    for link, reason in _told_by_headings(page, links, label):
        if identity(link.url) not in known:
            found.setdefault(identity(link.url), as_part(link, standing, reason))
    for link, commune in communes.branches(page, links, hosts, known, label=label):
        part = found.get(identity(link.url)) or as_part(link, standing, "a commune's branch")
        found[identity(link.url)] = replace(part, commune=part.commune or commune)
    return tuple(candidate for key, candidate in found.items() if key != own)


def _told_by_headings(page: Page, links: list[Link], label: str) -> Iterator[tuple[Link, str]]:
    if not speaks_of_communes(label):
        for link, heading in headed.names(page, links):
            yield link, f"below the heading '{heading}'"


def _places_of_parts(links: Iterable[Link], company: Company, known: frozenset[str]) -> set[Position]:
    """The positions in the page's layout at which several links name parts of the section.

    What stands at the same position is a part too, whatever its name: "Báo cáo định kỳ" beside "Lịch tiếp công dân".
    """
    naming: dict[Position, set[str]] = defaultdict(set)
    hinting: dict[Position, set[str]] = defaultdict(set)
    told: dict[Position, set[Category]] = defaultdict(set)
    for link in links:
        key, names = identity(link.url), _names_a_part(link, company)
        category = category_named(link.text) if is_short(link) else None
        for place in set(_positions(link)) if names or (category and key not in known) else ():
            hinting[place].add(key)
            if names:
                naming[place].add(key)
            if category and key not in known:
                told[place].add(category)
    several = {place for place, keys in hinting.items() if len(keys) > 1 and naming[place]}
    return several | {place for place, categories in told.items() if len(categories) >= _ENOUGH_CATEGORIES}


def _positions(link: Link) -> Iterator[Position]:
    """Where a link stands: each near ancestor outside the navigation, and the tags on the way down to the link."""
    path: list[str] = []
    for ancestor in link.element.iterancestors():
        if ancestor.tag in {"nav", "body", "html"} or len(path) >= _NEAR:
            return
        yield ancestor, tuple(path)
        path.append(str(ancestor.tag))


def _may_be_a_part(link: Link) -> bool:
    """Whether a name may be a part's beside others: "Lịch" is, a lone word that says nothing is not."""
    return like_a_name(link) or (is_short(link) and category_named(link.text) is not None)


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
