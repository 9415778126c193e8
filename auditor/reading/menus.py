"""Menus: which links stand below which, and which addresses are menu entries and no posts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice

from lxml.html import HtmlElement

from auditor.reading.addresses import host_of, identity
from auditor.reading.company import Company
from auditor.reading.entries import without_count
from auditor.reading.groups import MORE
from auditor.reading.names import TOPIC
from auditor.reading.page import Link, Page

LEVELS = 5
"""How deep a menu is followed."""
SHORT_WORDS = 5
_NAME_WORDS = 9
_FEW = 2
_YEAR_LAST = re.compile(r"\b(19|20)\d\d$")


def menu_addresses(page: Page, hosts: frozenset[str]) -> frozenset[str]:
    """The identities of what menus lead to: short names without figures among their like. No post is among them.

    An address with a longer name elsewhere on the page, or with a date beside it, is a post's and not a menu's.
    """
    company = Company(page)
    names: dict[str, list[Link]] = {}
    for link in page.links:
        if link.folded and host_of(link.url) in hosts and not MORE.fullmatch(link.folded):
            names.setdefault(identity(link.url), []).append(without_count(link))
    found = {key for key, links in names.items() if _is_menu_entry(links, company)}
    below = children(page.links)
    heads = {identity(link.url) for link in page.links if len(below.get(link.element, ())) > _FEW and is_short(link)}
    posts = {identity(link.url) for links in below.values() if are_posts(links) for link in links}
    return frozenset((found - posts) | (heads & names.keys()))


def posts_among(page: Page, known: AbstractSet[str]) -> frozenset[str]:
    """Which identities known from a menu are posts after all: a page calls them by a title that speaks of the section.

    A short heading on the home page ("Giải quyết đơn của ông A") stands like a menu's entry; its listing says more.
    """
    titled = (link for link in page.links if not is_short(link) and TOPIC.search(link.folded))
    return frozenset(key for link in titled if (key := identity(link.url)) in known and not in_navigation(link))


def in_navigation(link: Link) -> bool:
    """Whether a link stands in what the page declares to be its navigation."""
    return next(link.element.iterancestors("nav"), None) is not None


def _is_menu_entry(links: list[Link], company: Company) -> bool:
    """Whether the links to one address make it a menu's."""
    named = [link for link in links if is_short(link)]
    if any(map(in_navigation, named)):
        return True
    return len(named) == len(links) and any(
        company.words(link) <= SHORT_WORDS and not company.is_dated(link) for link in named
    )


def is_short(link: Link) -> bool:
    """Whether a link's name is as short as a menu's, and without figures."""
    return not re.search(r"\d", link.folded) and len(link.folded.split()) <= _NAME_WORDS


def like_a_name(link: Link) -> bool:
    """Whether a link's name may be a section's: short, without figures, more than a word."""
    return is_short(link) and len(link.folded.split()) > 1


def menus(links: Iterable[Link]) -> dict[HtmlElement, list[Link]]:
    """For each entry's element, the entries right below it, where they are not posts."""
    return {head: below for head, below in children(links).items() if not are_posts(below)}


def children(links: Iterable[Link]) -> dict[HtmlElement, list[Link]]:
    """For each link's element, the links right below it in a nested list: `li > a` followed by `ul > li > a`."""
    first: dict[HtmlElement, Link] = {}
    below: dict[HtmlElement, list[Link]] = {}
    for link in links:
        items = list(islice(link.element.iterancestors("li"), LEVELS + 1))
        if not items or not link.text:
            continue
        if first.setdefault(items[0], link) is not link:
            continue
        parent = next((first[item] for item in items[1:] if item in first), None)
        if parent is not None and identity(parent.url) != identity(link.url):
            below.setdefault(parent.element, []).append(link)
    return below


def are_posts(links: Sequence[Link]) -> bool:
    """Whether a menu lists posts at this level: some systems put all that a section holds below its entry."""
    titles = sum(1 for link in links if _like_a_title(link))
    return titles > _FEW and 2 * titles > len(links)


def _like_a_title(link: Link) -> bool:
    """Whether a name is a post's: long, or with figures other than a year's ("Lịch tiếp công dân tháng 10/2019")."""
    words = len(link.folded.split())
    numbered = bool(re.search(r"\d", _YEAR_LAST.sub("", link.folded)))
    return words > _NAME_WORDS or (numbered and words >= SHORT_WORDS)
