"""The steps of a pager: anchors and buttons that are a page's number, a word or sign for "next", or "more"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from lxml.html import HtmlElement

from auditor.reading.addresses import host_of, identity, resolve
from auditor.reading.behind import LEADING, address_behind
from auditor.reading.forms import may_change, page_of, read_postback
from auditor.reading.page import Page, forks, label_of
from auditor.text import fold

MOST_PAGES = 5000
"""A greater number is no page's."""
NUMBER = re.compile(r"(?:page|trang|p\.)? ?\[?\(?(\d{1,4})\)?\]?")
NEXT = re.compile(
    r"[<‹«←|. ]*(>|›|→|next|older|sau|tiep|tiep theo|ke tiep|trang (sau|tiep|ke)( theo| tiep)?|"
    r"((cac|nhung) )?((bai|tin)( viet)? )?cu hon|older (posts|entries)|next page|xem tiep trang|tin tiep theo|"
    r"next \d{1,4} items|tiep theo \d{1,4} muc|\d{1,4} (muc|tin|bai) (tiep theo|ke tiep|sau))"
    r"( ?(>|›|→|\.\.\.|page|posts))*"
)
MORE = re.compile(r"(xem|tai|hien thi) (them|tiep)( tin| bai viet| ket qua)?|load more|show more|view more|more")
DOTS = re.compile(r"(\.{2,}|…)+")
_ARROWS = str.maketrans("«»⟨⟩〈〉❮❯◀▶◄►", "‹›‹›‹›‹›‹›‹›")
_FIGURES = re.compile(r"\d+")
_CURRENT = frozenset(
    {
        "active",
        "current",
        "selected",
        "on",
        "cur",
        "actived",
        "page-current",
        "currentpage",
        "pagecurrent",
        "pageselect",
    }
)
_FIRST_YEAR = 1900
_WEEK = 7
_FEWEST_WEEKS = 4
_LONGEST_WORD = 40
"""Longer than any word for "next"."""
_NO_SCRIPT = len("javascript:;")
_BOX_LEVELS = 4
"""As in a > li > ul > nav."""


@dataclass(frozen=True)
class Step:
    """One anchor or button of a pager: what it says, the page it is the number of, and its address, if it has one."""

    element: HtmlElement
    url: str | None
    label: str
    number: int | None


def steps_of(page: Page) -> list[Step]:
    """Every step of the page's pagers but those that lead to another listing."""
    return [step for step in _steps(page) if step.url is None or is_same_listing(page.url, step.url)]


def _steps(page: Page) -> Iterator[Step]:
    for element in page.root.iter("a", "button", "input", *LEADING):
        behind = address_behind(element) if element.tag in LEADING else ""
        if element.tag in LEADING and not behind:
            continue
        address = resolve(page.base, behind or element.get("href", ""))
        text = element.get("value", "") if element.tag == "input" else label_of(element)
        label = folded(text or element.get("alt", "") or element.get("title", "") or element.get("aria-label", ""))
        if not label or len(label) > _LONGEST_WORD:
            continue
        match = NUMBER.fullmatch(label)
        if element.tag != "a" and may_change(element):
            continue
        if match and not _in_calendar(element):
            yield Step(element, address, label, int(match[1]))
        elif NEXT.fullmatch(label) or MORE.fullmatch(label):
            yield Step(element, address, label, None)
        elif DOTS.fullmatch(label):
            yield Step(element, address, label, _number_behind(element))


def _number_behind(element: HtmlElement) -> int | None:
    """The page that "…" opens, where its postback names it."""
    called = read_postback(f"{element.get('href', '')} {element.get('onclick', '')}")
    return page_of(called[1]) if called else None


def folded(text: str) -> str:
    """The text to match by; in a pager guillemets, which folding takes for quotation marks, are arrows."""
    return fold(text.translate(_ARROWS))


def _in_calendar(element: HtmlElement) -> bool:
    """Whether a number is a day of a month: it stands in a table of several weeks."""
    week = next(element.iterancestors("tr"), None)
    if week is None or len(week) < _WEEK:
        return False
    others = [*week.itersiblings("tr", preceding=True), *week.itersiblings("tr")]
    return sum(1 for row in others if len(row) == len(week)) >= _FEWEST_WEEKS - 1


def is_same_listing(listing: str, other: str) -> bool:
    """Whether two addresses may be two pages of one listing: one host, and paths that begin alike."""
    if host_of(listing) != host_of(other):
        return False
    if _contradicts(listing, other):
        return False
    mine, theirs = _stem(listing), _stem(other)
    return mine == theirs or theirs.startswith(mine + "/") or mine.startswith(theirs + "/") or not mine


def _contradicts(listing: str, other: str) -> bool:
    """Whether a parameter of both addresses names two different things: ?com=news, ?com=contact.

    Figures count pages, rows or dates; SharePoint's `p_…` repeat the last row of the page before.
    """
    mine, theirs = (dict(parse_qsl(_FIGURES.sub("0", urlsplit(url).query))) for url in (listing, other))
    return any(theirs.get(key, value) != value and not key.startswith("p_") for key, value in mine.items())


def _stem(url: str) -> str:
    """An address's path without the piece that counts pages: /tin/page/2/, /tin/trang-2.html, /tin/page-2/."""
    path = identity(url).partition("?")[0]
    return re.sub(r"(/(page|trang|p))?[/_-]?((page|trang|p)[-_]?)?\d{1,4}(\.\w{3,5})?$|\.\w{3,5}$", "", path)


def differs_by_page(listing: str, other: str) -> bool:
    """Whether the other address looks like a page of this listing: the same path, or one with a page number."""
    return _stem(listing) == _stem(other)


def numbered(steps: list[Step]) -> list[Step]:
    """The numbers that stand together: at least two steps in one box, or one beside a word for "next"."""
    boxes: dict[HtmlElement, list[Step]] = {}
    for step in steps:
        for ancestor in islice(forks(step.element), _BOX_LEVELS):
            boxes.setdefault(ancestor, []).append(step)
    best = max(boxes.values(), key=lambda box: (len({step.label for step in box}), -len(box)), default=[])
    numbers = [step for step in best if step.number is not None and step.number <= MOST_PAGES]
    if all(step.number is not None and step.number > _FIRST_YEAR for step in numbers):
        return []  # years of an archive
    return numbers if len({step.label for step in best}) > 1 or len(numbers) == 1 else []


def current(page: Page, numbers: list[Step], asked: int | None = None) -> int:
    """The page we are on: the number that leads nowhere, or here; that set apart; the one asked for; else 1."""
    here = identity(page.url)
    for step in numbers:
        if step.number is not None and step.url is not None and identity(step.url) == here:
            return step.number
    plain = _plain_numbers(numbers)
    if plain:
        return plain[0]
    marked = {step.number for step in numbers if step.number is not None and _is_marked(step.element)}
    if len(marked) == 1:
        return marked.pop()
    if asked is not None:
        return asked
    linked = {step.number for step in numbers}
    for step in numbers:
        if step.number is not None and step.url is None and not runs_script(step.element):
            return step.number
    return next((number for number in range(1, len(linked) + 2) if number not in linked), 1)


def _is_marked(element: HtmlElement) -> bool:
    """Whether a number is set apart as the current one, by its class, its box's, or for screen readers."""
    parent = element.getparent()
    boxes = [element] if parent is None or parent.tag not in {"li", "span", "td"} else [element, parent]
    if any(_CURRENT.intersection(box.get("class", "").lower().split()) for box in boxes):
        return True
    return any(box.get("aria-current", "false") != "false" or box.get("disabled") is not None for box in boxes)


def plain_current(numbers: list[Step]) -> int:
    """The current page where it is a number without a link and the last of the row; 0 where it is not told."""
    plain = _plain_numbers(numbers)
    linked = {step.number for step in numbers}
    return plain[0] if plain and plain[0] - 1 in linked else 0


def _plain_numbers(numbers: list[Step]) -> list[int]:
    """Numbers that stand among the links without being one: the current page, in most themes."""
    if not numbers:
        return []
    linked = {step.number for step in numbers}
    for box in islice(forks(numbers[0].element), _BOX_LEVELS - 1):
        found = [
            int(match[1])
            for element in box.iter()
            if isinstance(element.tag, str) and element.tag not in {"a", "script", "style", "option"}
            for piece in (element.text, element.tail)
            if piece and len(piece) < _LONGEST_WORD and (match := NUMBER.fullmatch(folded(piece)))
            if piece is element.tail or not address_behind(element)
        ]
        wanted = [number for number in found if number not in linked and number <= MOST_PAGES]
        if wanted:
            return wanted
    return []


def runs_script(element: HtmlElement) -> bool:
    """Whether following a step is left to a script or a form."""
    href = element.get("href", "").lower()
    script = "postback" in href or (href.startswith("javascript:") and "void" not in href and len(href) > _NO_SCRIPT)
    posts = element.tag == "input" and element.get("type", "").lower() in {"submit", "image"}
    return script or posts or bool(element.get("onclick"))


def is_disabled(element: HtmlElement) -> bool:
    """Whether a step is there but cannot be taken."""
    parent = element.getparent()
    marks = f"{element.get('class', '')} {parent.get('class', '') if parent is not None else ''}".lower()
    return element.get("disabled") is not None or bool({"disabled", "aspnetdisabled"}.intersection(marks.split()))
