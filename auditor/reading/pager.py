"""How a listing goes on: the next page, and how many pages its pager promises.

Pagers differ in every theme; what they share is numbers in a row, a word or sign for "next", and an address that
differs from the listing's own in one place, or a form that is posted back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from auditor.reading.addresses import identity, resolve
from auditor.reading.boxes import Box, boxes_of
from auditor.reading.clicks import Stage
from auditor.reading.onward import Onward
from auditor.reading.page import Page, is_aside, opening
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
from auditor.reading.widgets import read_widget

OVERLONG = "the page is longer than is read"
"""Why a listing is not whole, of a page of which only the beginning was read."""
_LOADS = re.compile(r"tai |hien thi |load|page|offset|url")
_OF_PAGES = re.compile(
    r"\b(?:trang|page) ?:? ?(\d{1,4}) ?(?:/|tren|cua|of|trong(?: tong)?(?: so)?) ?(\d{1,4})\b(?! ?[/.-] ?\d)"
)
_SCROLLS = re.compile(r"scroll(?s:.{0,3000}?)(ajax|fetch|\$\.(get|post)|XMLHttpRequest|axios|\.load\()")
_UNFOLDING = ("data-toggle", "data-bs-toggle", "data-target", "aria-expanded", "aria-controls", "data-dismiss")
_FEW = 2
_FIGURES = re.compile(r"\d+")


@dataclass(frozen=True)
class Pager:
    """What a page says about how its listing goes on.

    Attributes:
        next: what asks for the next page; None where there is none, or none that can be followed.
        last: the highest page number the pager names.
        stuck: why a next page exists that cannot be followed ("the pager is a script"); "" where that is not so.
        posts: how many posts a plugin's pages hold in all; where the page shows them, they are merely folded away.
    """

    next: Onward | None = None
    last: int | None = None
    stuck: str = ""
    posts: int | None = None

    @property
    def next_url(self) -> str | None:
        """The address of the next page, where it has one of its own."""
        return self.next.url if self.next is not None and self.next.is_address else None

    def or_stuck(self, reason: str) -> Pager:
        """The pager; stuck for a reason where it leads nowhere."""
        return self if self.next is not None else replace(self, stuck=reason)


def read_pager(
    page: Page,
    *,
    asked: int | None = None,
    here: int | None = None,
    around: Page | None = None,
    scripts: Sequence[str] = (),
) -> Pager:
    """Finds the pager of a listing page.

    Args:
        page: the page, or the fragment of one that was loaded.
        asked: the number of the page that was asked for, should the page not say which it is.
        here: the number of the page that a script has put in place of this one's posts.
        around: the page that a fragment is shown in.
        scripts: texts of scripts that the page loads from elsewhere.
    """
    stage = Stage(page, around, scripts)
    steps = steps_of(page)
    numbers = numbered([step for step in steps if not DOTS.fullmatch(step.label)])
    told, promised = _promised(page)
    last = max([promised, *(step.number or 0 for step in numbers), plain_current(numbers)]) or None
    at = here or current(page, numbers, asked)
    told = here or told
    following = _by_relation(page, at + 1) or _by_number(stage, steps, numbers, at + 1)
    following = following or _by_word(stage, steps, in_pager=bool(numbers) or told < promised)
    if following is None and told < promised:
        following = _by_address(page, told + 1)
    if following:
        return Pager(following, last)
    stuck = _why_stuck(stage, steps, numbers, at, more=told < promised)
    other = _without_steps(stage, steps, asked, last) if not numbers or stuck else None
    if other is not None:
        return other
    if not stuck and page.overlong:
        stuck = OVERLONG
    return Pager(None, last, stuck)


def _without_steps(stage: Stage, steps: list[Step], asked: int | None, last: int | None) -> Pager | None:
    """A select box, a pager that a plugin builds, a button or a scroll that loads more; None where there is none."""
    for box in boxes_of(stage.page):
        last = max(last or 0, len(box.options))
        if box.current == len(box.options):
            return Pager(None, last)
        return Pager(_chosen(stage, box), last).or_stuck("the pager is a script")
    widget = read_widget(stage, asked) if stage.around is None else None
    if widget is not None:
        last = max(last or 0, widget.pages or 0)
        stuck = "the pager is a script" if widget.current < last else ""
        return Pager(widget.next, last, posts=widget.posts).or_stuck(stuck)
    more = _first(stage, [step for step in steps if MORE.fullmatch(step.label) and _leads_on(stage, step)])
    if more is None and stage.around is None and _SCROLLS.search(stage.source):
        more = stage.scroll()
    return Pager(more, last) if more is not None else None


def _chosen(stage: Stage, box: Box) -> Onward | None:
    """What choosing the next page in a select box asks for."""
    ask = stage.choose(box.element, box.current, box.options[box.current])
    return replace(ask, number=box.current + 1) if ask is not None else None


def _leads_on(stage: Stage, step: Step) -> bool:
    """Whether a "more" brings further posts of this listing: it has no address, or one that differs by a page."""
    if step.url is None:
        return not _unfolds(step.element)
    if identity(step.url) == identity(stage.page.url):
        return False
    told = Counter(_FIGURES.findall(step.url)) - Counter(_FIGURES.findall(stage.page.url))
    return differs_by_page(stage.page.url, step.url) and bool(told)


def _promised(page: Page) -> tuple[int, int]:
    """Which page of how many the text says this is ("Trang 1/5"); (0, 0) where it does not say."""
    match = _OF_PAGES.search(page.folded)
    here, total = (int(match[1]), int(match[2])) if match else (0, 0)
    return (here, total) if 0 < here <= total <= MOST_PAGES else (0, 0)


def _by_relation(page: Page, wanted: int) -> Onward | None:
    """`rel=next`, on an anchor or in the head (HTML standard, link types).

    Some themes give it to every step: those of several addresses, or on another page's number, tell nothing.
    """
    for tag in ("a", "link"):
        named = [each for each in page.root.iter(tag) if "next" in each.get("rel", "").lower().split()]
        told = [each for each in named if not (text := opening(each, 10)).isdecimal() or int(text) == wanted]
        urls = {url for each in told if (url := resolve(page.base, each.get("href", "")))}
        only = urls.pop() if len(urls) == 1 else None
        if only and _is_new(page, only) and is_same_listing(page.url, only):
            return Onward(only)
    return None


def _by_number(stage: Stage, steps: list[Step], numbers: list[Step], wanted: int) -> Onward | None:
    """The step with the number that follows; else the "…" behind the numbers, which opens the next of them."""
    if not numbers:
        return None
    behind = steps[steps.index(numbers[-1]) + 1 :] if wanted > max(step.number or 0 for step in numbers) else []
    dots = [step for step in behind if DOTS.fullmatch(step.label)]
    exact = [step for step in (*numbers, *dots) if step.number == wanted]
    return _first(stage, [*exact, *(step for step in dots if step.number is None)])


def _by_word(stage: Stage, steps: list[Step], *, in_pager: bool) -> Onward | None:
    """The step that says "next"; without an address of its own it has to stand in a pager, for slide shows have one."""
    words = [step for step in steps if NEXT.fullmatch(step.label)]
    addressed = [step for step in words if step.url and differs_by_page(stage.page.url, step.url)]
    return _first(stage, [*addressed, *(step for step in words if in_pager and not step.url)])


def _first(stage: Stage, steps: Iterable[Step]) -> Onward | None:
    """Where the first step leads that leads anywhere but here."""
    ways = (way for step in steps if (way := way_of(stage, step)))
    return next((way for way in ways if not way.is_address or _is_new(stage.page, way.url)), None)


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


def _why_stuck(stage: Stage, steps: list[Step], numbers: list[Step], at: int, *, more: bool) -> str:
    """A next page that exists and cannot be followed; "" when the listing simply ends here.

    `more`: whether the page says in words that further pages follow.
    """
    if any(step.number == at + 1 and step.url is None for step in numbers):
        return "the pager is a script"
    scripts = [step for step in steps if step.url is None and not is_disabled(step.element)]
    if (numbers or more) and any(NEXT.fullmatch(step.label) and runs_script(step.element) for step in scripts):
        return "the pager's next page is a script"
    loading = [step for step in scripts if MORE.fullmatch(step.label) and not _unfolds(step.element)]
    if len(loading) <= _FEW and any(_loads(step) or not stage.is_idle(step.element) for step in loading):
        return "further posts are loaded by a script"
    return "the page names further pages and leads to none" if more else ""


def _unfolds(element: HtmlElement) -> bool:
    """Whether a "more" unfolds what is there already, or stands beside the content."""
    return is_aside(element) or any(element.get(name) is not None for name in _UNFOLDING)


def _loads(step: Step) -> bool:
    """Whether a "more" without an address says that it brings further posts, or holds its page."""
    names = " ".join(name for name in step.element.keys() if name.startswith("data-"))  # noqa: SIM118  (lxml)
    return bool(_LOADS.match(step.label) or _LOADS.search(names))
