"""Where the citizen-reception section and its sub-sections are, with the reasons.

Names vary: "Tiếp công dân", "TIẾP CÔNG DÂN - KNTC", "Tiếp dân - Giải quyết KNTC", "Công khai tiếp công dân"; so do
places: a menu, a mega-menu, a side bar, a banner. A link is judged by what it says, by its address, and by its
company: menus hold short names, listings hold long titles with dates in them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from lxml.html import HtmlElement

from auditor.categories import Category
from auditor.reading.addresses import host_of, identity, resolve, slug_words
from auditor.reading.company import Company
from auditor.reading.groups import MORE
from auditor.reading.names import PETITIONS, RECEPTION, SECTION, category_named, commune_named, speaks_of_communes
from auditor.reading.page import Link, Page, texts
from auditor.text import clean, fold

_WAY_ROUND = re.compile(
    r"^(so do|site ?map)|^thanh tra|^cong dan|^cong khai|^gioi thieu|^danh muc|^chuyen muc|^thong tin can biet|"
    r"^chi dao dieu hanh|^tin tuc|^dich vu|^thong bao|^van ban"
)
_MANY_WORDS = 14
_MENU_WORDS = 7
_NAME_WORDS = 9
_SHORT_WORDS = 5
_NEAR = 4
_MENU_LEVELS = 5
_FEW = 2
_COUNT = re.compile(r"(?<=\S) ?(\[\d{1,4}\]|\(\d{1,4}\)|\b\d{1,4})$")
_NAME_PIECES = 10
_YEAR_LAST = re.compile(r"\b(19|20)\d\d$")
_IN_NAVIGATION = "in the navigation"
MINIMUM = 4
"""A candidate of less is none."""


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
    links = _own_links(page, hosts)
    menus = _menus(links)
    company = Company(page)
    best: dict[str, Candidate] = {}
    for link in links:
        candidate = _judge(link, menus, company)
        known = best.get(identity(link.url))
        if candidate.score >= MINIMUM and (known is None or _rank(candidate) > _rank(known)):
            best[identity(link.url)] = candidate
    inner = {identity(child.url) for top in best.values() for child in top.walk() if child is not top}
    tops = (candidate for key, candidate in best.items() if key not in inner)
    return tuple(sorted(tops, key=_rank, reverse=True))


def may_be_post(candidate: Candidate) -> bool:
    """Whether a candidate bears a name that may be a title, and stands in no menu: its own page has to tell."""
    in_menu = bool(candidate.children) or _IN_NAVIGATION in candidate.reasons
    return len(fold(candidate.label).split()) > _MENU_WORDS and not in_menu


def parts(page: Page, hosts: frozenset[str], known: frozenset[str] = frozenset()) -> tuple[Candidate, ...]:
    """The sub-sections and commune branches that the section's own page leads to, in document order.

    What stands below the page's own entry in a menu; and, anywhere on it, short names without figures that name a
    category of the section or a commune, with what stands beside them, unless it is `known` to belong to a menu.
    """
    links = _own_links(page, hosts)
    menus = _menus(links)
    posts = {link.element for below in _children(links).values() if _are_posts(below) for link in below}
    own = identity(page.url)
    company = Company(page)
    among = _places_of_parts(links, company)
    found: dict[str, Candidate] = {}
    for link in links:
        key = identity(link.url)
        if key == own:
            for child in menus.get(link.element, ()):
                found.setdefault(identity(child.url), _as_part(child, menus, "below the section in the menu"))
        elif key not in found and _names_a_part(link, company):
            found[key] = _as_part(link, menus, "its name")
        elif key in found or key in known or link.element in posts:
            continue
        elif among.intersection(_positions(link)) and _like_a_name(link):
            found[key] = _as_part(link, menus, "stands among the section's parts")
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


def _like_a_name(link: Link) -> bool:
    return 1 < len(link.folded.split()) <= _NAME_WORDS and not re.search(r"\d", link.folded)


def menu_addresses(page: Page, hosts: frozenset[str]) -> frozenset[str]:
    """The identities of what menus lead to: short names without figures among their like. No post is among them.

    An address with a longer name elsewhere on the page, or with a date beside it, is a post's and not a menu's.
    """
    company = Company(page)
    names: dict[str, list[Link]] = {}
    for link in page.links:
        if link.folded and host_of(link.url) in hosts and not MORE.fullmatch(link.folded):
            names.setdefault(identity(link.url), []).append(_without_count(link))
    entries = {key for key, links in names.items() if _is_menu_entry(links, company)}
    below = _children(page.links)
    heads = {identity(link.url) for link in page.links if len(below.get(link.element, ())) > _FEW and _is_short(link)}
    posts = {identity(link.url) for links in below.values() if _are_posts(links) for link in links}
    return frozenset((entries - posts) | (heads & names.keys()))


def _is_menu_entry(links: list[Link], company: Company) -> bool:
    """Whether the links to one address make it a menu's."""
    named = [link for link in links if _is_short(link)]
    if any(next(link.element.iterancestors("nav"), None) is not None for link in named):
        return True
    return len(named) == len(links) and any(
        company.words(link) <= _SHORT_WORDS and not company.is_dated(link) for link in named
    )


def _is_short(link: Link) -> bool:
    return not re.search(r"\d", link.folded) and len(link.folded.split()) <= _NAME_WORDS


def ways_round(page: Page, hosts: frozenset[str], most: int = 8) -> tuple[Link, ...]:
    """Pages that may lead to a section the home page does not name: the site map, Thanh tra, Giới thiệu, Công khai."""
    frames = [
        Link(url, "frame", element)
        for element in page.root.iter("frame", "iframe")
        if (url := _frame_address(page, element)) and host_of(url) in hosts
    ]
    chosen: dict[str, tuple[int, Link]] = {identity(frame.url): (-1, frame) for frame in frames}
    for link in _own_links(page, hosts):
        match = _WAY_ROUND.search(link.folded)
        if match and len(link.folded.split()) <= _MENU_WORDS and not re.search(r"\d", link.folded):
            order = _WAY_ROUND.pattern.index(match[0][:4])  # the pattern names the likeliest first
            chosen.setdefault(identity(link.url), (order, link))
    return tuple(link for _, link in sorted(chosen.values(), key=lambda pair: pair[0]))[:most]


def _frame_address(page: Page, element: HtmlElement) -> str | None:
    return resolve(page.base, element.get("src", ""))


def _own_links(page: Page, hosts: frozenset[str]) -> list[Link]:
    return [_without_count(_with_picture_name(link)) for link in page.links if host_of(link.url) in hosts]


def _with_picture_name(link: Link) -> Link:
    """A banner without alternative text is named by its file: /images/banner-tiep-cong-dan.png."""
    if link.text:
        return link
    name = next((slug_words(image.get("src", "")) for image in link.element.iter("img")), "")
    return replace(link, text=name)


def _without_count(link: Link) -> Link:
    """A section's name without the number of its posts, in brackets or in an element of its own: "Nội quy (15)"."""
    match = _COUNT.search(link.text)
    if match is None:
        return link
    bracketed = not match[0].strip().isdigit()
    apart = any(clean(piece) == match[0].strip() for piece in islice(texts(link.element), _NAME_PIECES))
    return replace(link, text=link.text[: match.start()]) if bracketed or apart else link


def _rank(candidate: Candidate) -> tuple[int, int]:
    return candidate.score, sum(1 for _ in candidate.walk())


def _judge(link: Link, menus: dict[HtmlElement, list[Link]], company: Company) -> Candidate:
    points = list(_points(link, menus, company))
    return Candidate(
        url=link.url,
        label=link.text,
        score=sum(value for value, _ in points),
        reasons=tuple(reason for value, reason in points if value > 0),
        category=None if SECTION.match(link.folded) else category_named(link.text),
        commune=commune_named(link.text),
        children=_below(link, menus, _MENU_LEVELS),
    )


def _points(link: Link, menus: dict[HtmlElement, list[Link]], company: Company) -> Iterator[tuple[int, str]]:
    """What speaks for a link being the section, and what against it."""
    if not link.folded:
        return
    yield _label_points(link)
    slug = slug_words(link.url)
    if RECEPTION.search(slug):
        yield 2, f"address {link.url}"
    elif PETITIONS.search(slug):
        yield 1, f"address {link.url}"
    if _heads_the_parts(link, menus):
        yield 3, "its menu names the categories"
    if next(link.element.iterancestors("nav"), None) is not None:
        yield 1, _IN_NAVIGATION
    elif _speaks(link) and _is_short(link) and company.words(link) <= _SHORT_WORDS:
        yield 1, "among short names, as menus hold"
    if re.search(r"\d", link.folded):
        yield -5, "figures: a post's title rather than a menu's"
    if len(link.folded.split()) > _MANY_WORDS:
        yield -4, "too long for a menu"
    if company.words(link) > _MENU_WORDS and (not _is_short(link) or company.is_dated(link)):
        yield -3, "stands among long titles"


def _heads_the_parts(link: Link, menus: dict[HtmlElement, list[Link]]) -> bool:
    """Whether a menu entry is the section's: it speaks of it and has a category below, or most below it does."""
    children = menus.get(link.element, ())
    named = [child for child in children if category_named(child.text)]
    if _speaks(link):
        return bool(named)
    speaking = sum(1 for child in named if RECEPTION.search(child.folded))
    return speaking > 1 and 2 * speaking >= len(children)


def _speaks(link: Link) -> bool:
    return bool(RECEPTION.search(link.folded) or PETITIONS.search(link.folded))


def _label_points(link: Link) -> tuple[int, str]:
    if SECTION.match(link.folded):
        return 6, f"label '{link.text}' names the section"
    if RECEPTION.search(link.folded):
        return 4, f"label '{link.text}' speaks of receiving citizens"
    if PETITIONS.search(link.folded):
        return 3, f"label '{link.text}' speaks of petitions"
    return 0, ""


def _names_a_part(link: Link, company: Company) -> bool:
    if not _like_a_name(link):
        return False
    if RECEPTION.search(link.folded):
        return category_named(link.text) is not None or speaks_of_communes(link.text)
    if commune_named(link.text):
        return len(link.folded.split()) <= _SHORT_WORDS or company.words(link) <= _MENU_WORDS
    if PETITIONS.search(link.folded):
        return company.words(link) <= _MENU_WORDS
    return False


def _as_part(link: Link, menus: dict[HtmlElement, list[Link]], reason: str, levels: int = _MENU_LEVELS) -> Candidate:
    return Candidate(
        url=link.url,
        label=link.text,
        score=MINIMUM,
        reasons=(reason,),
        category=category_named(link.text),
        commune=commune_named(link.text),
        children=_below(link, menus, levels),
    )


def _below(link: Link, menus: dict[HtmlElement, list[Link]], levels: int) -> tuple[Candidate, ...]:
    """What stands below a link in its menu, that many levels deep."""
    children = menus.get(link.element, ()) if levels else ()
    return tuple(_as_part(child, menus, f"below '{link.text}' in the menu", levels - 1) for child in children)


def _menus(links: Iterable[Link]) -> dict[HtmlElement, list[Link]]:
    """For each entry's element, the entries right below it, where they are not posts."""
    return {head: below for head, below in _children(links).items() if not _are_posts(below)}


def _children(links: Iterable[Link]) -> dict[HtmlElement, list[Link]]:
    """For each link's element, the links right below it in a nested list: `li > a` followed by `ul > li > a`."""
    first: dict[HtmlElement, Link] = {}
    below: dict[HtmlElement, list[Link]] = {}
    for link in links:
        items = list(islice(link.element.iterancestors("li"), _MENU_LEVELS + 1))
        if not items or not link.text:
            continue
        if first.setdefault(items[0], link) is not link:
            continue
        parent = next((first[item] for item in items[1:] if item in first), None)
        if parent is not None and identity(parent.url) != identity(link.url):
            below.setdefault(parent.element, []).append(link)
    return below


def _are_posts(links: Sequence[Link]) -> bool:
    """Whether a menu lists posts at this level: some systems put all that a section holds below its entry."""
    titles = sum(1 for link in links if _like_a_title(link))
    return titles > _FEW and 2 * titles > len(links)


def _like_a_title(link: Link) -> bool:
    """Whether a name is a post's: long, or with figures other than a year's ("Lịch tiếp công dân tháng 10/2019")."""
    words = len(link.folded.split())
    numbered = bool(re.search(r"\d", _YEAR_LAST.sub("", link.folded)))
    return words > _NAME_WORDS or (numbered and words >= _SHORT_WORDS)
