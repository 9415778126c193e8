"""Corrections as a file: every decision ever made, one JSON object a line, to carry into another database.

An item is named by its unit and its addresses, any one of which is enough to find it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from auditor.categories import Category
from auditor.context import Context
from auditor.correcting import NOT_COUNTED, category_of, date_of, said
from auditor.errors import InputError
from auditor.files import write_atomic
from auditor.store.corrections import ACCEPT, SET, WITHDRAW
from auditor.store.database import Database
from auditor.store.models import AddressRow, CorrectionRow, ItemRow
from auditor.text import json_text

_TEXTS = ("unit", "url", "made", "by", "reason", "kind", "text_key", "title", "machine_category")


@dataclass(frozen=True)
class Taken:
    """How many decisions a file added, how many were known, how many were of items the database does not know."""

    added: int
    known: int
    unknown: int


def exported(context: Context) -> str:
    """All decisions, by the instant they were made, then by unit and address.

    Raises:
        InputError: the database cannot be used.
    """
    with Database.open(context.database) as database, database.session() as session:
        query = select(CorrectionRow).options(selectinload(CorrectionRow.of).selectinload(ItemRow.addresses))
        records = [_record(row) for row in session.scalars(query.order_by(CorrectionRow.made, CorrectionRow.id))]
    records.sort(key=lambda record: (record["made"], record["unit"], record["url"]))
    lines = (json_text(record) + "\n" for record in records)
    return "".join(lines)


def write(file: Path, text: str) -> None:
    """Puts the text into a file, whole or not at all.

    Raises:
        InputError: the place cannot be written.
    """
    try:
        write_atomic(file, text.encode())
    except OSError as error:
        raise InputError(f"{file} cannot be written ({error.strerror}): name another place") from error


def take(context: Context, data: bytes, name: str, *, skip_unknown: bool = False) -> Taken:
    """Adds the decisions of a file; one that is known already is left out, so a second time changes nothing.

    Args:
        context: where and how.
        data: the file.
        name: of the file, for messages.
        skip_unknown: leave out decisions about items the database does not know, instead of refusing the file.

    Raises:
        InputError: a wrong line, an unknown item; nothing is stored then.
    """
    lines = [(f"{name}:{number}", line) for number, line in enumerate(data.splitlines(), 1) if line.strip()]
    parsed = [(place, _read(context, place, line)) for place, line in lines]
    added = known = unknown = 0
    with Database.open(context.database) as database, database.transaction() as session:
        for place, (record, row) in parsed:
            item = _find(session, record)
            if item is None and not skip_unknown:
                raise InputError(
                    f"{place}: {record['unit']} has no item at {record['url']}: crawl it first, or leave such lines "
                    "out with --skip-unknown; nothing was stored"
                )
            if item is None:
                unknown += 1
            elif _same_as(row) in map(_same_as, item.corrections):
                known += 1
            else:
                item.corrections.append(row)
                added += 1
    return Taken(added, known, unknown)


def _record(row: CorrectionRow) -> dict[str, Any]:
    item = row.of
    return {
        "unit": item.unit,
        "url": item.url,
        "also_at": [address.url for address in item.addresses if address.url != item.url],
        "title": row.title,
        "made": row.made.isoformat(),
        "by": row.by,
        "reason": row.reason,
        "kind": row.kind,
        "category": _word(row.category) if row.sets_category else None,
        "published": row.published,
        "text_key": row.text_key,
        "machine_category": _word(row.machine_category),
        "machine_confidence": row.machine_confidence,
        "machine_published": row.machine_published,
    }


def _word(category: Category | None) -> str:
    return str(category) if category else NOT_COUNTED


def _read(context: Context, place: str, line: bytes) -> tuple[dict[str, Any], CorrectionRow]:
    try:
        record = json.loads(line.decode("utf-8-sig"))
        _check(record)
        return record, _row(context, record)
    except (ValueError, RecursionError, InputError) as error:
        raise InputError(f"{place}: no correction ({error}): use a file that `auditor items export` wrote") from error


def _check(record: object) -> None:
    """The shape of a line.

    Raises:
        ValueError: it is another.
    """
    if not isinstance(record, dict):
        raise ValueError("not an object")  # noqa: TRY004 - a wrong file, no programming mistake
    wrong = [key for key in _TEXTS if not isinstance(record.get(key), str)]
    wrong += [
        key for key in ("category", "published", "machine_published") if not isinstance(record.get(key), str | None)
    ]
    also_at = record.get("also_at", [])
    if not isinstance(also_at, list) or not all(isinstance(url, str) for url in also_at):
        wrong.append("also_at")
    confidence = record.get("machine_confidence")
    if not isinstance(confidence, float | int) or not 0 <= confidence <= 1:
        wrong.append("machine_confidence")
    if record.get("kind") not in {SET, ACCEPT, WITHDRAW}:
        wrong.append("kind")
    if wrong:
        raise ValueError(f"{', '.join(dict.fromkeys(wrong))} missing or wrong")


def _row(context: Context, record: dict[str, Any]) -> CorrectionRow:
    made = datetime.fromisoformat(record["made"])
    if made.tzinfo is None:
        raise ValueError("made has no time zone")
    published = record.get("published")
    before = record.get("machine_published")
    return CorrectionRow(
        made=made,
        by=said("by", record["by"]),
        reason=said("reason", record["reason"]),
        kind=record["kind"],
        sets_category=record.get("category") is not None,
        category=category_of(record.get("category")),
        published=date_of(context, published) if published else None,
        text_key=record["text_key"],
        title=record["title"],
        machine_category=category_of(record["machine_category"]),
        machine_confidence=float(record["machine_confidence"]),
        machine_published=before,
    )


def _find(session: Session, record: dict[str, Any]) -> ItemRow | None:
    """The item at the first of these addresses that the database knows."""
    for url in _urls(record):
        address = session.get(AddressRow, (record["unit"], url))
        if address is not None:
            return address.of
    return None


def _urls(record: dict[str, Any]) -> Iterator[str]:
    yield record["url"]
    yield from record.get("also_at", ())


def _same_as(row: CorrectionRow) -> tuple[object, ...]:
    return (row.made, row.by, row.reason, row.kind, row.sets_category, row.category, row.published)
