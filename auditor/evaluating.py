"""The judge against people: on the corrections made so far, on titles that were labelled by hand, or on both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from auditor.audit.windows import window_of
from auditor.classify import Judge
from auditor.context import Context
from auditor.correcting import category_of
from auditor.errors import InputError
from auditor.learning.examples import by_people, shipped
from auditor.learning.measuring import cross_validate
from auditor.scoring import Label, Verdict
from auditor.store.corrections import effective
from auditor.store.database import Database
from auditor.store.deciding import facts_of
from auditor.store.models import CorrectionRow, ItemRow
from auditor.vocabulary import LABELS
from auditor.window import Month

_REMEDY = 'write one JSON object per line: {"title": "…", "category": "schedule"}, null for none of the five'
_DAY_LETTERS = 10


@dataclass(frozen=True)
class Case:
    """What a person decided of a post, and what the judge is told of it.

    Attributes:
        truth: the decision.
        sure: False where a careful second person could decide otherwise.
    """

    truth: Label
    title: str
    section: str | None = None
    body: str | None = None
    published: date | None = None
    document: str | None = None
    sure: bool = True

    @property
    def facts(self) -> tuple[str, str | None, str | None, date | None, str | None]:
        """What the judge is told, as `Judge.classify` takes it."""
        return self.title, self.section, self.body, self.published, self.document

    def judged(self, judge: Judge) -> Verdict:
        """Beside it, what this judge decides."""
        decision = judge.classify(*self.facts)
        return Verdict(self.truth, decision.category, decision.confidence, self.title)


def judged(cases: Iterable[Case], judge: Judge) -> list[Verdict]:
    """What this judge decides of the cases."""
    return [case.judged(judge) for case in cases]


def corrected(context: Context, month: Month | None = None) -> list[Case]:
    """Every item whose category a person decided or accepted.

    Args:
        context: where.
        month: only items published in its window, by the date that holds.

    Raises:
        InputError: the database cannot be used.
    """
    query = (
        select(ItemRow)
        .where(ItemRow.id.in_(select(CorrectionRow.item)))
        .order_by(ItemRow.unit, ItemRow.url)
        .options(selectinload(ItemRow.corrections), selectinload(ItemRow.placements))
    )
    found = []
    with Database.open(context.database) as database, database.session() as session:
        window = window_of(session, context.jurisdiction, month) if month else None
        for row in session.scalars(query):
            held = effective(row.corrections)
            day = (held and held.day) or row.published_day
            if held and held.sets_category and (window is None or (day is not None and day in window)):
                found.append(Case(held.category, *facts_of(row, day)))
    return found


def labelled(data: bytes, name: str) -> Iterator[Case]:
    """Labelled titles: JSON lines with title and category (null or "none": none of the five).

    `section`, `body`, `published`, `document` and `sure` are heeded where they are given.

    Raises:
        InputError: a wrong line, told with its number.
    """
    for number, line in enumerate(data.splitlines(), 1):
        if line.strip():
            try:
                yield _case(line)
            except (ValueError, RecursionError, InputError) as error:
                raise InputError(f"{name}:{number}: {error}: {_REMEDY}") from error


def strangers(*, sure: bool) -> list[Verdict]:
    """The titles labelled by people that come with the program, each judged by weights fitted without its like."""
    measured = by_people(sure=sure)
    people = set(measured)
    others = [example for example in shipped() if example not in people]
    return [
        Verdict(LABELS[each.example.label], each.decision.category, each.decision.confidence, each.example.title)
        for each in cross_validate(measured, others)
    ]


def _case(line: bytes) -> Case:
    record = _record(line)
    published = record.get("published")
    return Case(
        truth=category_of(record["category"]),
        title=record["title"],
        section=record.get("section"),
        body=record.get("body"),
        published=date.fromisoformat(published[:_DAY_LETTERS]) if published else None,
        document=record.get("document"),
        sure=record.get("sure") is not False,
    )


def _record(line: bytes) -> dict[str, Any]:
    record = json.loads(line.decode("utf-8-sig"))
    if not isinstance(record, dict) or not isinstance(record.get("title"), str):
        raise ValueError("not an object with a title")  # noqa: TRY004 - a wrong file, no programming mistake
    if "category" not in record:
        raise ValueError("no category")
    for key in ("category", "section", "body", "published", "document"):
        if not isinstance(record.get(key), str | None):
            raise ValueError(f"{key} is neither text nor null")  # noqa: TRY004 - as above
    if not isinstance(record.get("sure"), bool | None):
        raise ValueError("sure is neither true nor false")  # noqa: TRY004 - as above
    return record
