"""How a listing goes on: the next page, and how many pages its pager promises.

Pagers differ in every theme; what they share is numbers in a row, a word or sign for "next", and an address that
differs from the listing's own in one place, or a form that is posted back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from auditor.reading.addresses import identity, resolve
from auditor.reading.onward import Onward
from auditor.reading.page import MAX_LINKS, Page
from auditor.reading.steps import (
    DOTS,
    MORE,
    MOST_PAGES,
    NEXT,
    Step,
    current,
    differs_by_page,
    is_disabled,
    is_same_listing,
    numbered,
    plain_current,
    runs_script,
    steps_of,
)
from auditor.reading.ways import way_of

_LOADS = re.compile(r"tai |hien thi |load|page|offset|url")
_OF_PAGES = re.compile(
    r"\b(?:trang|page) ?:? ?(\d{1,4}) ?(?:/|tren|cua|of|trong(?: tong)?(?: so)?) ?(\d{1,4})\b(?! ?[/.-] ?\d)"
)
_FIGURES = re.compile(r"\d+")


@dataclass(frozen=True)
class Pager:
    """What a page says about how its listing goes on.

    Attributes:
        next: what asks for the next page; None where there is none, or none that can be followed.
        last: the highest page number the pager names.
        stuck: why a next page exists that cannot be followed ("the pager is a script"); "" where that is not so.
    """

    next: Onward | None = None
    last: int | None = None
    stuck: str = ""

    @property
    def next_url(self) -> str | None:
        """The address of the next page, where it has one of its own."""
        return self.next.url if self.next is not None and self.next.is_address else None


def read_pager(page: Page, *, asked: int | None = None) -> Pager:
    """Finds the pager of a listing page.

    Args:
        page: the page.
        asked: the number of the page that was asked for, should the page not say which it is.
    """
    steps = steps_of(page)
    numbers = numbered([step for step in steps if not DOTS.fullmatch(step.label)])
    here, promised = _promised(page)
    last = max([promised, *(step.number or 0 for step in numbers), plain_current(numbers)]) or None
    at = current(page, numbers, asked)
    following = _by_relation(page) or _by_number(page, steps, numbers, at + 1)
    following = following or _by_word(page, steps, in_pager=bool(numbers) or here < promised)
    if following is None and here < promised:
        following = _by_address(page, here + 1)
    if following:
        return Pager(following, last)
    stuck = _why_stuck(steps, numbers, at, more=here < promised)
    if not stuck and (page.cut or len(page.links) == MAX_LINKS):
        stuck = "the page is longer than is read"
    return Pager(None, last, stuck)


def _promised(page: Page) -> tuple[int, int]:
    """Which page of how many the text says this is ("Trang 1/5"); (0, 0) where it does not say."""
    match = _OF_PAGES.search(page.folded)
    here, total = (int(match[1]), int(match[2])) if match else (0, 0)
    return (here, total) if 0 < here <= total <= MOST_PAGES else (0, 0)


def _by_relation(page: Page) -> Onward | None:
    """`rel=next`, on an anchor or in the head (HTML standard, link types)."""
    for tag in ("a", "link"):
        for element in page.root.iter(tag):
            if "next" in element.get("rel", "").lower().split():
                url = resolve(page.base, element.get("href", ""))
                if url and _is_new(page, url) and is_same_listing(page.url, url):
                    return Onward(url)
    return None


def _by_number(page: Page, steps: list[Step], numbers: list[Step], wanted: int) -> Onward | None:
    """The step with the number that follows; else the "…" behind the numbers, which opens the next of them."""
    if not numbers:
        return None
    behind = steps[steps.index(numbers[-1]) + 1 :] if wanted > max(step.number or 0 for step in numbers) else []
    dots = [step for step in behind if DOTS.fullmatch(step.label)]
    exact = [step for step in (*numbers, *dots) if step.number == wanted]
    return _first(page, [*exact, *(step for step in dots if step.number is None)])


def _by_word(page: Page, steps: list[Step], *, in_pager: bool) -> Onward | None:
    """The step that says "next"; without an address of its own it has to stand in a pager, for slide shows have one."""
    words = [step for step in steps if NEXT.fullmatch(step.label)]
    addressed = [step for step in words if step.url and differs_by_page(page.url, step.url)]
    return _first(page, [*addressed, *(step for step in words if in_pager and not step.url)])


def _first(page: Page, steps: Iterable[Step]) -> Onward | None:
    """Where the first step leads that leads anywhere but here."""
    ways = (way for step in steps if (way := way_of(page, step)))
    return next((way for way in ways if not way.is_address or _is_new(page, way.url)), None)


def _by_address(page: Page, wanted: int) -> Onward | None:
    """The address of the page that follows where the text numbers the pages and the link to it is a mere sign."""
    return next((Onward(link.url, number=wanted) for link in page.links if _is_page(page.url, link.url, wanted)), None)


def _is_page(listing: str, other: str, wanted: int) -> bool:
    """Whether an address is the listing's with the number of a page: /tin/page/2/, /tin.html?trang=2."""
    if not is_same_listing(listing, other) or not differs_by_page(listing, other):
        return False
    told = Counter(_FIGURES.findall(other)) - Counter(_FIGURES.findall(listing))
    return list(told) == [str(wanted)]


def _is_new(page: Page, url: str) -> bool:
    return identity(url) != identity(page.url)


def _why_stuck(steps: list[Step], numbers: list[Step], at: int, *, more: bool) -> str:
    """A next page that exists and cannot be followed; "" when the listing simply ends here.

    `more`: whether the page says in words that further pages follow.
    """
    if any(step.number == at + 1 and step.url is None for step in numbers):
        return "the pager is a script"
    scripts = [step for step in steps if step.url is None and not is_disabled(step.element)]
    if (numbers or more) and any(NEXT.fullmatch(step.label) and runs_script(step.element) for step in scripts):
        return "the pager's next page is a script"
    if any(MORE.fullmatch(step.label) and _loads(step) for step in scripts):
        return "further posts are loaded by a script"
    return "the page names further pages and leads to none" if more else ""


def _loads(step: Step) -> bool:
    """Whether a "more" without an address brings further posts: it says so, runs a script, or holds its page."""
    names = " ".join(name for name in step.element.keys() if name.startswith("data-"))  # noqa: SIM118  (lxml)
    return bool(_LOADS.match(step.label) or _LOADS.search(names)) or runs_script(step.element)
