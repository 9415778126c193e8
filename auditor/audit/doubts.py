"""What makes a decision worth a person's look, and which items are alike enough to be looked at together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from auditor.audit.month import CountedItem
from auditor.categories import Category
from auditor.classify import Decision
from auditor.text import clean, fold

LOW = 0.6
"""A confidence below is low."""
NEAR = 0.8
"""A confidence below is near the runner-up, where there is one."""
_SURE_TITLE = 0.7
_DOCUMENT_BEFORE = 45  # days; an office publishes what it signed within weeks
_DAY_LETTERS = 10


class Doubt(StrEnum):
    """Why an item is offered; those of the text first, then those of the dates."""

    CHANGED = "text changed since it was decided"
    UNSURE = "low confidence"
    RIVAL = "the runner-up is near"
    SECTION = "section and title disagree"
    UNDATED = "no publication date"
    FUTURE = "published after it was seen"
    DOCUMENT = "the document's own date is far off"
    PAGE = "listing and page print different days"


@dataclass(frozen=True)
class Evidence:
    """What is known of an item beside what its record says.

    Attributes:
        decision: by title, section and texts; its runner-up is what the program would have said next.
        title: by the title alone.
        section: the category of the listing it stood in, where one was made for a category.
        text_changed: since a person decided. last_seen: day of the last visit that saw it.
        page_days: the days its own page printed.
    """

    decision: Decision
    title: Decision
    section: Category | None
    text_changed: bool
    last_seen: date
    page_days: frozenset[str]


def doubts(item: CountedItem, evidence: Evidence) -> tuple[tuple[Doubt, str], ...]:
    """The doubts about an item, each with what it rests on; none about what a person has settled."""
    decided = item.correction
    if decided and evidence.text_changed:
        return ((Doubt.CHANGED, f"decided by {decided.by}"),)
    found = dict(_of_category(item, evidence)) if not decided or decided.category is None else {}
    if not decided or not (decided.accepted or decided.published):
        found |= dict(_of_dates(item, evidence))
    return tuple((doubt, found[doubt]) for doubt in Doubt if doubt in found)


def _of_category(item: CountedItem, evidence: Evidence) -> Iterator[tuple[Doubt, str]]:
    rival = evidence.decision.runner_up
    if item.confidence < LOW:
        yield Doubt.UNSURE, f"{item.confidence:.2f}" + (f", next {rival}" if rival else "")
    elif rival is not None and rival is not item.category and item.confidence < NEAR:
        yield Doubt.RIVAL, f"{item.confidence:.2f}, next {rival}"
    title = evidence.title
    if evidence.section is None or title.category in (None, evidence.section) or title.confidence < _SURE_TITLE:
        return
    yield Doubt.SECTION, f"title {title.category}, section {evidence.section}"


def _of_dates(item: CountedItem, evidence: Evidence) -> Iterator[tuple[Doubt, str]]:
    if item.published is None:
        if item.category is not None:
            yield Doubt.UNDATED, "standing page" if "standing" in (item.reason or "") else ""
        return
    day = date.fromisoformat(item.published[:_DAY_LETTERS])
    if day > evidence.last_seen:
        yield Doubt.FUTURE, f"seen {evidence.last_seen}"
    if item.document_date is not None:
        signed = date.fromisoformat(item.document_date[:_DAY_LETTERS])
        if signed > day or (day - signed).days > _DOCUMENT_BEFORE:
            yield Doubt.DOCUMENT, str(signed)
    if evidence.page_days and str(day) not in evidence.page_days:
        yield Doubt.PAGE, f"page {', '.join(sorted(evidence.page_days))}"


_FIGURES = re.compile(r"\d+(?:[\s./,:-]+\d+)*")
_SPACE = re.compile(r"[^\w#]+")
_BEFORE_NAMES = frozenset({"ong", "ba", "anh", "chi"})


def likeness(title: str) -> str:
    """What alike titles have in common: the words, without figures, dates and the names that follow "ông", "bà".

    >>> likeness("Lịch tiếp công dân tháng 11/2019") == likeness("Lịch tiếp công dân tháng 12 / 2020")
    True
    >>> likeness("Trả lời đơn của ông Trần Văn An") == likeness("Trả lời đơn của bà Lê Thị Bình")
    True
    """
    nameless = _names_out(clean(title)[:500])
    return _SPACE.sub(" ", _FIGURES.sub("#", fold(nameless))).strip()


def _names_out(title: str) -> str:
    kept: list[str] = []
    after = False
    for word in title.split(" "):
        if fold(word).strip(",.;:()") in _BEFORE_NAMES:
            after = True
            continue
        if after and word[:1].isupper():
            continue
        after = False
        kept.append(word)
    return " ".join(kept)
