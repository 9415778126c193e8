"""Where the citizen-reception section and its sub-sections are, with the reasons.

Names vary: "Tiếp công dân", "TIẾP CÔNG DÂN - KNTC", "Tiếp dân - Giải quyết KNTC", "Công khai tiếp công dân"; so do
places: a menu, a mega-menu, a side bar, a banner. A link is judged by what it says, by its address, and by its
company: menus hold short names, listings hold long titles with dates in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from statistics import median

from lxml.html import HtmlElement

from auditor.categories import Category
from auditor.reading.addresses import host_of, identity, resolve, slug_words
from auditor.reading.page import Link, Page
from auditor.text import clean, fold

RECEPTION = re.compile(r"\btiep (cong )?dan\b|\btcd\b|\btiep nhan don\b")
"""Receiving citizens, in any name of a section (folded)."""
PETITIONS = re.compile(r"\bkhieu nai\b|\bto cao\b|\bkntc\b|\bkn ?, ?tc\b|\bdon thu\b|\bkhieu to\b")
_SECTION = re.compile(
    r"^(\W*(cong tac|chuyen muc|chuyen trang|thong tin|cong khai|hoat dong|trang|muc|ban|tru so|phong|noi dung|ve)\W+)*"
    r"(tiep (cong )?dan|tcd)\b(?! (dinh ky|dot xuat|thuong xuyen))"
)
_NAMES: tuple[tuple[Category, re.Pattern[str]], ...] = (
    # "Tình hình công khai lịch tiếp công dân" holds reports: the word "lịch" alone misleads.
    (Category.REPORTS, re.compile(r"\b(tinh hinh|bao cao|ket qua) (dang tai|cong khai)\b.*\blich\b")),
    (Category.SCHEDULE, re.compile(r"\blich\b(?! (su|cong tac|lam viec|hop))|\bphan cong\b")),
    (Category.RULES, re.compile(r"\b(noi quy|quy che|quy trinh|quy dinh|thu tuc tiep|huong dan)\b")),
    (Category.REPORTS, re.compile(r"\bbao cao\b|\bthong ke\b|\bso lieu\b|\btinh hinh\b|\bket qua (cong tac )?tiep\b")),
    (
        Category.PETITIONS,
        re.compile(
            r"\bdon thu\b|\bkhieu nai\b|\bto cao\b|\bkntc\b|\bkien nghi\b|\bphan anh\b|"
            r"\btra loi\b|\bhoi am\b|\bphuc dap\b|"
            r"\b(xu ly|giai quyet) don\b|\bket luan thanh tra\b"
        ),
    ),
    (
        Category.RECEPTION,
        re.compile(
            r"\bdinh ky\b|\bdot xuat\b|\bgiay moi\b|\bthong bao\b|\bphien tiep\b|\bbuoi tiep\b|"
            r"\bket luan\b|\bdoi thoai\b|"
            r"\b(thong tin|hoat dong|tin|lanh dao|thu truong) tiep\b"
        ),
    ),
)
_COMMUNE = re.compile(r"^(?:ubnd )?((?:xa|phuong|thi tran|dac khu|tt\.?|p\.) .+)$")
_COMMUNES = re.compile(r"\bcap xa\b|\bxa,? ?(phuong|thi tran)\b|\bphuong, (xa|thi tran)\b")
_WAY_ROUND = re.compile(
    r"^(so do|site ?map)|^thanh tra|^cong dan|^cong khai|^gioi thieu|^danh muc|^chuyen muc|^thong tin can biet|"
    r"^chi dao dieu hanh|^tin tuc|^dich vu|^thong bao|^van ban"
)
_MANY_WORDS = 14
_MENU_WORDS = 7
_NAME_WORDS = 9
_SHORT_WORDS = 5
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


@lru_cache(maxsize=10_000)
def category_named(label: str) -> Category | None:
    """The category a sub-section's name says: "Kết quả giải quyết đơn thư" gives petitions."""
    folded = fold(label)
    return next((category for category, pattern in _NAMES if pattern.search(folded)), None)


def commune_named(label: str) -> str | None:
    """The commune whose branch a label names: "UBND xã Đắk Gằn" gives "xã Đắk Gằn"."""
    if not _COMMUNE.match(fold(label)):
        return None
    return re.sub(r"^UBND\s+", "", clean(label), flags=re.IGNORECASE)


def sections(page: Page, hosts: frozenset[str]) -> tuple[Candidate, ...]:
    """The candidates for the section on a home page (or a site map), best first."""
    links = _own_links(page, hosts)
    menus = _children(links)
    best: dict[str, Candidate] = {}
    for link in links:
        candidate = _judge(link, menus)
        known = best.get(identity(link.url))
        if candidate.score >= MINIMUM and (known is None or _rank(candidate) > _rank(known)):
            best[identity(link.url)] = candidate
    inner = {identity(child.url) for top in best.values() for child in top.walk() if child is not top}
    tops = [candidate for key, candidate in best.items() if key not in inner]
    return tuple(sorted(tops, key=_rank, reverse=True))


def parts(page: Page, hosts: frozenset[str]) -> tuple[Candidate, ...]:
    """The sub-sections and commune branches that the section's own page leads to, in document order.

    What stands below the page's own entry in a menu; and, anywhere on it, short names without figures that name a
    category of the section or a commune.
    """
    links = _own_links(page, hosts)
    menus = _children(links)
    own = identity(page.url)
    found: dict[str, Candidate] = {}
    for link in links:
        key = identity(link.url)
        if key == own:
            for child in menus.get(link.element, ()):
                found.setdefault(identity(child.url), _as_part(child, menus, "below the section in the menu"))
        elif key not in found and _names_a_part(link):
            found[key] = _as_part(link, menus, "its name")
    return tuple(candidate for key, candidate in found.items() if key != own)


def menu_addresses(page: Page, hosts: frozenset[str]) -> frozenset[str]:
    """The identities of what menus lead to: short names without figures among their like. No post is among them."""
    return frozenset(
        identity(link.url)
        for link in page.links
        if link.folded
        and host_of(link.url) in hosts
        and not re.search(r"\d", link.folded)
        and len(link.folded.split()) <= _NAME_WORDS
        and (next(link.element.iterancestors("nav"), None) is not None or _company_words(link) <= _SHORT_WORDS)
    )


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
    return [_with_picture_name(link) for link in page.links if host_of(link.url) in hosts]


def _with_picture_name(link: Link) -> Link:
    """A banner without alternative text is named by its file: /images/banner-tiep-cong-dan.png."""
    if link.text:
        return link
    name = next((slug_words(image.get("src", "")) for image in link.element.iter("img")), "")
    return replace(link, text=name)


def _rank(candidate: Candidate) -> tuple[int, int]:
    return candidate.score, sum(1 for _ in candidate.walk())


def _judge(link: Link, menus: dict[HtmlElement, list[Link]]) -> Candidate:
    points = list(_points(link, menus))
    return Candidate(
        url=link.url,
        label=link.text,
        score=sum(value for value, _ in points),
        reasons=tuple(reason for value, reason in points if value > 0),
        category=None if _SECTION.match(link.folded) else category_named(link.text),
        commune=commune_named(link.text),
        children=_below(link, menus),
    )


def _points(link: Link, menus: dict[HtmlElement, list[Link]]) -> Iterator[tuple[int, str]]:
    """What speaks for a link being the section, and what against it."""
    if not link.folded:
        return
    yield _label_points(link)
    slug = slug_words(link.url)
    if RECEPTION.search(slug):
        yield 2, f"address {link.url}"
    elif PETITIONS.search(slug):
        yield 1, f"address {link.url}"
    if any(category_named(child.text) for child in menus.get(link.element, ())):
        yield 3, "its menu names the categories"
    if next(link.element.iterancestors("nav"), None) is not None:
        yield 1, "in the navigation"
    if re.search(r"\d", link.folded):
        yield -5, "figures: a post's title rather than a menu's"
    if len(link.folded.split()) > _MANY_WORDS:
        yield -4, "too long for a menu"
    if _company_words(link) > _MENU_WORDS:
        yield -3, "stands among long titles"


def _label_points(link: Link) -> tuple[int, str]:
    if _SECTION.match(link.folded):
        return 6, f"label '{link.text}' names the section"
    if RECEPTION.search(link.folded):
        return 4, f"label '{link.text}' speaks of receiving citizens"
    if PETITIONS.search(link.folded):
        return 3, f"label '{link.text}' speaks of petitions"
    return 0, ""


def _company_words(link: Link) -> float:
    """How many words the links around this one have: menus have few, listings many."""
    box = link.element
    for ancestor in link.element.iterancestors():
        box = ancestor
        anchors = ancestor.findall(".//a")
        if len(anchors) >= 3:  # noqa: PLR2004  (company begins with three)
            return median(len((anchor.text_content() or "").split()) for anchor in anchors[:60])
    return len((box.text_content() or "").split()[:50])


def _names_a_part(link: Link) -> bool:
    words = len(link.folded.split())
    if not 1 < words <= _NAME_WORDS or re.search(r"\d", link.folded):
        return False
    if RECEPTION.search(link.folded):
        return category_named(link.text) is not None or bool(_COMMUNES.search(link.folded))
    if PETITIONS.search(link.folded) or commune_named(link.text):
        return _company_words(link) <= _MENU_WORDS
    return False


def _as_part(link: Link, menus: dict[HtmlElement, list[Link]], reason: str) -> Candidate:
    return Candidate(
        url=link.url,
        label=link.text,
        score=MINIMUM,
        reasons=(reason,),
        category=category_named(link.text),
        commune=commune_named(link.text),
        children=_below(link, menus),
    )


def _below(link: Link, menus: dict[HtmlElement, list[Link]]) -> tuple[Candidate, ...]:
    children = menus.get(link.element, ())
    return tuple(_as_part(child, menus, f"below '{link.text}' in the menu") for child in children)


def _children(links: Iterable[Link]) -> dict[HtmlElement, list[Link]]:
    """For each link's element, the links right below it in a nested list: `li > a` followed by `ul > li > a`."""
    first: dict[HtmlElement, Link] = {}
    below: dict[HtmlElement, list[Link]] = {}
    for link in links:
        items = list(link.element.iterancestors("li"))
        if not items or not link.text:
            continue
        if first.setdefault(items[0], link) is not link:
            continue
        parent = next((first[item] for item in items[1:] if item in first), None)
        if parent is not None and identity(parent.url) != identity(link.url):
            below.setdefault(parent.element, []).append(link)
    return below
