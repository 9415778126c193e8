"""Candidates for the citizen-reception section: links judged by what they say, where they lead and their company.

Menus hold short names, listings hold long titles with dates in them; a section's own menu names the categories.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from auditor.categories import Category
from auditor.reading import headed
from auditor.reading.addresses import identity
from auditor.reading.company import Company
from auditor.reading.entries import entries, hidden_entries
from auditor.reading.menus import LEVELS, SHORT_WORDS, is_short, menus
from auditor.reading.names import (
    PETITIONS,
    RECEPTION,
    SECTION,
    address_speaks,
    category_named,
    commune_named,
    speaks,
)
from auditor.reading.page import Link, Page
from auditor.text import fold

Menus = dict[HtmlElement, list[Link]]
"""Per menu entry, the entries right below it."""

MINIMUM = 4
"""A candidate of less is none."""
_MANY_WORDS = 14
_MENU_WORDS = 7
_IN_NAVIGATION = "in the navigation"


@dataclass(frozen=True)
class Candidate:
    """A link that may lead to the section or to a part of it.

    Attributes:
        url: where it leads; label: what it says.
        score: how much speaks for it; reasons: what does.
        category: the category its name says; None for the section as a whole, or a name that says none.
        commune: the commune whose branch it is.
        children: what stands below it in the menu.
    """

    url: str
    label: str
    score: int
    reasons: tuple[str, ...] = ()
    category: Category | None = None
    commune: str | None = None
    children: tuple[Candidate, ...] = field(default=())

    def walk(self) -> Iterator[Candidate]:
        """This candidate and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def sections(page: Page, hosts: frozenset[str]) -> tuple[Candidate, ...]:
    """The candidates for the section on a home page (or a site map), best first."""
    links = entries(page, hosts)
    standing, company = menus(links), Company(page)
    judged = [_judge(link, standing, company) for link in links]
    judged += [_hidden(link) for link in hidden_entries(page, hosts)]
    judged += [_below_heading(link, heading) for link, heading in headed.names(page, links)]
    best: dict[str, Candidate] = {}
    for candidate in judged:
        known = best.get(identity(candidate.url))
        if candidate.score >= MINIMUM and (known is None or _rank(candidate) > _rank(known)):
            best[identity(candidate.url)] = candidate
    inner = {identity(child.url) for top in best.values() for child in top.walk() if child is not top}
    tops = (candidate for key, candidate in best.items() if key not in inner)
    return tuple(sorted(tops, key=_rank, reverse=True))


def may_be_post(candidate: Candidate) -> bool:
    """Whether a candidate may be a post: it stands in no menu, and its name is not just the section's.

    Its own page has to tell: "Giải quyết đơn của ông A" outside of menus reads like a section's name.
    """
    folded = fold(candidate.label)
    if candidate.children or _IN_NAVIGATION in candidate.reasons:
        return False
    return len(folded.split()) > _MENU_WORDS or not SECTION.match(folded)


def _rank(candidate: Candidate) -> tuple[int, int]:
    return candidate.score, sum(1 for _ in candidate.walk())


def _judge(link: Link, standing: Menus, company: Company) -> Candidate:
    points = list(_points(link, standing, company))
    return Candidate(
        url=link.url,
        label=link.text,
        score=sum(value for value, _ in points),
        reasons=tuple(reason for value, reason in points if value > 0),
        category=None if SECTION.match(link.folded) else category_named(link.text),
        commune=commune_named(link.text),
        children=below(link, standing, LEVELS),
    )


def _hidden(link: Link) -> Candidate:
    """A candidate that is no anchor: there is nothing around it to judge it by."""
    value, reason = _label_points(link)
    points = [(value, reason), *_address_points(link), (0, "leads there by a script or a box to choose from")]
    if re.search(r"\d", link.folded) or len(link.folded.split()) > _MENU_WORDS:
        points.append((-value, ""))
    return Candidate(
        url=link.url,
        label=link.text,
        score=sum(value for value, _ in points),
        reasons=tuple(reason for _, reason in points if reason),
        category=None if SECTION.match(link.folded) else category_named(link.text),
        commune=commune_named(link.text),
    )


def _below_heading(link: Link, heading: str) -> Candidate:
    reason = f"below the heading '{heading}', which leads nowhere itself"
    category = category_named(link.text)
    return Candidate(link.url, link.text, MINIMUM + 1, (reason,), category, commune_named(link.text))


def _points(link: Link, standing: Menus, company: Company) -> Iterator[tuple[int, str]]:
    """What speaks for a link being the section, and what against it."""
    if not link.folded:
        return
    yield _label_points(link)
    yield from _address_points(link)
    if _heads_the_parts(link, standing):
        yield 3, "its menu names the categories"
    if next(link.element.iterancestors("nav"), None) is not None:
        yield 1, _IN_NAVIGATION
    elif speaks(link.text) and is_short(link) and company.words(link) <= SHORT_WORDS:
        yield 1, "among short names, as menus hold"
    if re.search(r"\d", link.folded):
        yield -5, "figures: a post's title rather than a menu's"
    if len(link.folded.split()) > _MANY_WORDS:
        yield -4, "too long for a menu"
    if company.words(link) > _MENU_WORDS and (not is_short(link) or company.is_dated(link)):
        yield -3, "stands among long titles"


def _address_points(link: Link) -> Iterator[tuple[int, str]]:
    spoken = address_speaks(link.url)
    if spoken:
        yield (2 if spoken == "reception" else 1), f"address {link.url}"


def _heads_the_parts(link: Link, standing: Menus) -> bool:
    """Whether a menu entry is the section's: it speaks of it and has a category below, or most below it does."""
    children = standing.get(link.element, ())
    named = [child for child in children if category_named(child.text)]
    if speaks(link.text):
        return bool(named)
    speaking = sum(1 for child in named if RECEPTION.search(child.folded))
    return speaking > 1 and 2 * speaking >= len(children)


def _label_points(link: Link) -> tuple[int, str]:
    if SECTION.match(link.folded):
        return 6, f"label '{link.text}' names the section"
    if RECEPTION.search(link.folded):
        return 4, f"label '{link.text}' speaks of receiving citizens"
    if PETITIONS.search(link.folded):
        return 3, f"label '{link.text}' speaks of petitions"
    return 0, ""


def as_part(link: Link, standing: Menus, reason: str, levels: int = LEVELS) -> Candidate:
    """A link as a part of the section, with what stands below it in its menu."""
    return Candidate(
        url=link.url,
        label=link.text,
        score=MINIMUM,
        reasons=(reason,),
        category=category_named(link.text),
        commune=commune_named(link.text),
        children=below(link, standing, levels),
    )


def below(link: Link, standing: Menus, levels: int) -> tuple[Candidate, ...]:
    """What stands below a link in its menu, that many levels deep."""
    children = standing.get(link.element, ()) if levels else ()
    return tuple(as_part(child, standing, f"below '{link.text}' in the menu", levels - 1) for child in children)
