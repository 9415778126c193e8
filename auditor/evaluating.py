"""The judge against people: on the corrections made so far, on titles that were labelled by hand, or on both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from auditor.classify import classify
from auditor.correcting import category_of
from auditor.errors import InputError
from auditor.operations import Context
from auditor.scoring import Verdict
from auditor.store.corrections import effective
from auditor.store.database import Database
from auditor.store.ingest import facts_of
from auditor.store.models import CorrectionRow, ItemRow
from auditor.window import Month

_REMEDY = 'write one JSON object per line: {"title": "…", "category": "schedule"}, null for none of the five'
_DAY_LETTERS = 10


def corrected(context: Context, month: Month | None = None) -> list[Verdict]:
    """The judge of today on every item whose category a person decided or accepted.

    Args:
        context: where.
        month: only items published in its window, by the date that holds.

    Raises:
        InputError: the database cannot be used.
    """
    window = month.window(context.jurisdiction.cutoff_day) if month else None
    query = (
        select(ItemRow)
        .where(ItemRow.id.in_(select(CorrectionRow.item)))
        .order_by(ItemRow.unit, ItemRow.url)
        .options(selectinload(ItemRow.corrections), selectinload(ItemRow.placements))
    )
    found = []
    with Database.open(context.database) as database, database.session() as session:
        for row in session.scalars(query):
            held = effective(row.corrections)
            day = (held and held.day) or row.published_day
            if held and held.sets_category and (window is None or (day is not None and day in window)):
                decision = classify(*facts_of(row, day))
                found.append(Verdict(held.category, decision.category, decision.confidence, row.title))
    return found


def labelled(data: bytes, name: str) -> Iterator[Verdict]:
    """The judge on labelled titles: JSON lines with title and category (null or "none": none of the five).

    `section`, `body`, `published` and `document` are heeded where they are given.

    Raises:
        InputError: a wrong line, told with its number.
    """
    for number, line in enumerate(data.splitlines(), 1):
        if line.strip():
            try:
                yield _judged(line)
            except (ValueError, RecursionError, InputError) as error:
                raise InputError(f"{name}:{number}: {error}: {_REMEDY}") from error


def _judged(line: bytes) -> Verdict:
    record = _record(line)
    published = record.get("published")
    decision = classify(
        record["title"],
        record.get("section"),
        record.get("body"),
        date.fromisoformat(published[:_DAY_LETTERS]) if published else None,
        record.get("document"),
    )
    return Verdict(category_of(record["category"]), decision.category, decision.confidence, record["title"])


def _record(line: bytes) -> dict[str, Any]:
    record = json.loads(line.decode("utf-8-sig"))
    if not isinstance(record, dict) or not isinstance(record.get("title"), str):
        raise ValueError("not an object with a title")  # noqa: TRY004 - a wrong file, no programming mistake
    if "category" not in record:
        raise ValueError("no category")
    for key in ("category", "section", "body", "published", "document"):
        if not isinstance(record.get(key), str | None):
            raise ValueError(f"{key} is neither text nor null")  # noqa: TRY004 - as above
    return record
