"""How a listing goes on: the next page, and how many pages its pager promises.

Pagers differ in every theme; what they share is numbers in a row, a word or sign for "next", and an address that
differs from the listing's own in one place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from lxml.html import HtmlElement

from auditor.reading.addresses import host_of, identity, resolve
from auditor.reading.page import MAX_LINKS, Page, forks, label_of
from auditor.text import fold

_NUMBER = re.compile(r"(?:page|trang|p\.)? ?\[?\(?(\d{1,4})\)?\]?")
_NEXT = re.compile(
    r"[<‹«←|. ]*(>|›|→|next|older|sau|tiep|tiep theo|ke tiep|trang (sau|tiep|ke)( theo| tiep)?|"
    r"((cac|nhung) )?((bai|tin)( viet)? )?cu hon|older (posts|entries)|next page|xem tiep trang|tin tiep theo|"
    r"next \d{1,4} items|tiep theo \d{1,4} muc|\d{1,4} (muc|tin|bai) (tiep theo|ke tiep|sau))"
    r"( ?(>|›|→|\.\.\.|page|posts))*"
)
_MORE = re.compile(r"(xem|tai|hien thi) (them|tiep)( tin| bai viet| ket qua)?|load more|show more|view more|more")
_LOADS = re.compile(r"tai |hien thi |load|page|offset|url")
_OF_PAGES = re.compile(
    r"\b(?:trang|page) ?:? ?(\d{1,4}) ?(?:/|tren|cua|of|trong(?: tong)?(?: so)?) ?(\d{1,4})\b(?! ?[/.-] ?\d)"
)
_FIGURES = re.compile(r"\d+")
_ARROWS = str.maketrans("«»⟨⟩〈〉❮❯◀▶◄►", "‹›‹›‹›‹›‹›‹›")
_ADDRESS = re.compile(
    r"['\"]((?:https?:/)?/[^'\"\s]{1,500}|\?[^'\"\s]{1,500}|"
    r"[\w-][\w./-]{0,200}\.(?:php|aspx?|html?|jsp)(?:\?[^'\"\s]{0,300})?)['\"]"
)
_ADDRESS_ATTRIBUTES = ("data-href", "data-url", "data-link", "data-next", "onclick")
_MOST_PAGES = 5000
_WEEK = 7
_FEWEST_WEEKS = 4
_LONGEST_WORD = 40
"""Longer than any word for "next"."""
_NO_SCRIPT = len("javascript:;")
_BOX_LEVELS = 4
"""As in a > li > ul > nav."""


@dataclass(frozen=True)
class Pager:
    """What a page says about how its listing goes on.

    Attributes:
        next_url: address of the next page; None where there is none, or none that can be followed.
        last: the highest page number the pager names.
        stuck: why a next page exists that cannot be followed ("the pager is a script"); "" where that is not so.
    """

    next_url: str | None = None
    last: int | None = None
    stuck: str = ""


@dataclass(frozen=True)
class _Step:
    """One anchor or button of a pager."""

    element: HtmlElement
    url: str | None
    label: str
    number: int | None


def read_pager(page: Page) -> Pager:
    """Finds the pager of a listing page."""
    steps = [step for step in _steps(page) if step.url is None or _same_listing(page.url, step.url)]
    numbers = _numbered(steps)
    here, promised = _promised(page)
    last = max([promised, *(step.number or 0 for step in numbers), _plain_current(numbers)]) or None
    following = _by_relation(page) or _by_number(page, numbers) or _by_word(page, steps)
    if not following and here < promised:
        following = _by_address(page, here + 1)
    if following:
        return Pager(following, last)
    stuck = _why_stuck(page, steps, numbers, more=here < promised)
    if not stuck and (page.cut or len(page.links) == MAX_LINKS):
        stuck = "the page is longer than is read"
    return Pager(None, last, stuck)


def _steps(page: Page) -> Iterator[_Step]:
    for element in page.root.iter("a", "button", "input"):
        text = element.get("value", "") if element.tag == "input" else label_of(element)
        label = _folded(text or element.get("alt", "") or element.get("title", "") or element.get("aria-label", ""))
        if not label or len(label) > _LONGEST_WORD:
            continue
        match = _NUMBER.fullmatch(label)
        if (match and not _in_calendar(element)) or _NEXT.fullmatch(label) or _MORE.fullmatch(label):
            yield _Step(element, _address(page, element), label, int(match[1]) if match else None)


def _in_calendar(element: HtmlElement) -> bool:
    """Whether a number is a day of a month: it stands in a table of several weeks."""
    week = next(element.iterancestors("tr"), None)
    if week is None or len(week) < _WEEK:
        return False
    others = [*week.itersiblings("tr", preceding=True), *week.itersiblings("tr")]
    return sum(1 for row in others if len(row) == len(week)) >= _FEWEST_WEEKS - 1


def _folded(text: str) -> str:
    """The text to match by; in a pager guillemets, which folding takes for quotation marks, are arrows."""
    return fold(text.translate(_ARROWS))


def _address(page: Page, element: HtmlElement) -> str | None:
    url = resolve(page.base, element.get("href", ""))
    if url:
        return url
    for attribute in _ADDRESS_ATTRIBUTES:
        value = element.get(attribute, "")
        match = _ADDRESS.search(f"'{value}'" if attribute != "onclick" else value)
        if match and "postback" not in value.lower():
            return resolve(page.base, match[1])
    return None


def _same_listing(listing: str, other: str) -> bool:
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


def _numbered(steps: list[_Step]) -> list[_Step]:
    """The numbers that stand together: at least two steps in one box, or one beside a word for "next"."""
    boxes: dict[HtmlElement, list[_Step]] = {}
    for step in steps:
        for ancestor in islice(forks(step.element), _BOX_LEVELS):
            boxes.setdefault(ancestor, []).append(step)
    best = max(boxes.values(), key=lambda box: (len({step.label for step in box}), -len(box)), default=[])
    numbers = [step for step in best if step.number is not None and step.number <= _MOST_PAGES]
    return numbers if len({step.label for step in best}) > 1 or len(numbers) == 1 else []


def _promised(page: Page) -> tuple[int, int]:
    """Which page of how many the text says this is ("Trang 1/5"); (0, 0) where it does not say."""
    match = _OF_PAGES.search(page.folded)
    here, total = (int(match[1]), int(match[2])) if match else (0, 0)
    return (here, total) if 0 < here <= total <= _MOST_PAGES else (0, 0)


def _by_relation(page: Page) -> str | None:
    """`rel=next`, on an anchor or in the head (HTML standard, link types)."""
    for tag in ("a", "link"):
        for element in page.root.iter(tag):
            if "next" in element.get("rel", "").lower().split():
                url = resolve(page.base, element.get("href", ""))
                if url and _is_new(page, url) and _same_listing(page.url, url):
                    return url
    return None


def _by_number(page: Page, numbers: list[_Step]) -> str | None:
    current = _current(page, numbers)
    following = next((step for step in numbers if step.number == current + 1 and step.url), None)
    return following.url if following and following.url and _is_new(page, following.url) else None


def _current(page: Page, numbers: list[_Step]) -> int:
    """The page we are on: the number that leads nowhere, or here; else the one missing; else 1."""
    here = identity(page.url)
    for step in numbers:
        if step.number is not None and step.url is not None and identity(step.url) == here:
            return step.number
    plain = _plain_numbers(numbers)
    if plain:
        return plain[0]
    linked = {step.number for step in numbers}
    for step in numbers:
        if step.number is not None and step.url is None and not _runs_script(step.element):
            return step.number
    return next((number for number in range(1, len(linked) + 2) if number not in linked), 1)


def _plain_current(numbers: list[_Step]) -> int:
    """The current page where it is a number without a link and the last of the row; 0 where it is not told."""
    plain = _plain_numbers(numbers)
    linked = {step.number for step in numbers}
    return plain[0] if plain and plain[0] - 1 in linked else 0


def _plain_numbers(numbers: list[_Step]) -> list[int]:
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
            if piece and len(piece) < _LONGEST_WORD and (match := _NUMBER.fullmatch(_folded(piece)))
        ]
        wanted = [number for number in found if number not in linked and number <= _MOST_PAGES]
        if wanted:
            return wanted
    return []


def _by_word(page: Page, steps: list[_Step]) -> str | None:
    words = (step.url for step in steps if step.url and _NEXT.fullmatch(step.label))
    return next((url for url in words if _is_new(page, url) and _differs_by_page(page.url, url)), None)


def _by_address(page: Page, wanted: int) -> str | None:
    """The address of the page that follows where the text numbers the pages and the link to it is a mere sign."""
    return next((link.url for link in page.links if _is_page(page.url, link.url, wanted)), None)


def _is_page(listing: str, other: str, wanted: int) -> bool:
    """Whether an address is the listing's with the number of a page: /tin/page/2/, /tin.html?trang=2."""
    if not _same_listing(listing, other) or not _differs_by_page(listing, other):
        return False
    told = Counter(_FIGURES.findall(other)) - Counter(_FIGURES.findall(listing))
    return list(told) == [str(wanted)]


def _differs_by_page(listing: str, other: str) -> bool:
    """Whether the other address looks like a page of this listing: the same path, or one with a page number."""
    return _stem(listing) == _stem(other)


def _is_new(page: Page, url: str) -> bool:
    return identity(url) != identity(page.url)


def _runs_script(element: HtmlElement) -> bool:
    href = element.get("href", "").lower()
    script = "postback" in href or (href.startswith("javascript:") and "void" not in href and len(href) > _NO_SCRIPT)
    posts = element.tag == "input" and element.get("type", "").lower() in {"submit", "image"}
    return script or posts or bool(element.get("onclick"))


def _why_stuck(page: Page, steps: list[_Step], numbers: list[_Step], *, more: bool) -> str:
    """A next page that exists and cannot be followed; "" when the listing simply ends here.

    `more`: whether the page says in words that further pages follow.
    """
    current = _current(page, numbers)
    if any(step.number == current + 1 and step.url is None for step in numbers):
        return "the pager is a script"
    scripts = [step for step in steps if step.url is None and not _is_disabled(step.element)]
    if (numbers or more) and any(_NEXT.fullmatch(step.label) and _runs_script(step.element) for step in scripts):
        return "the pager's next page is a script"
    if any(_MORE.fullmatch(step.label) and _loads(step) for step in scripts):
        return "further posts are loaded by a script"
    return "the page names further pages and leads to none" if more else ""


def _is_disabled(element: HtmlElement) -> bool:
    parent = element.getparent()
    marks = f"{element.get('class', '')} {parent.get('class', '') if parent is not None else ''}".lower()
    return element.get("disabled") is not None or "disabled" in marks.split()


def _loads(step: _Step) -> bool:
    """Whether a "more" without an address brings further posts: it says so, runs a script, or holds its page."""
    names = " ".join(name for name in step.element.keys() if name.startswith("data-"))  # noqa: SIM118  (lxml)
    return bool(_LOADS.match(step.label) or _LOADS.search(names)) or _runs_script(step.element)
