"""What people decided of items, beside what the program decides: recorded, never changed, never overwritten.

A correction belongs to the item, not to an address or a text: crawls, moves and newer judges change what stands in
`items`, never this. What holds is the history folded: the last category decided, the last date decided; a withdrawal
empties both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.categories import Category
from auditor.errors import InputError
from auditor.store.models import AddressRow, CorrectionRow, ItemRow
from auditor.text import fold, printable

SET, ACCEPT, WITHDRAW = "set", "accept", "withdraw"
_ID_LETTERS = 8
_DAY_LETTERS = 10


@dataclass(frozen=True)
class Correction:
    """What holds of an item by people's decisions.

    Attributes:
        made, by, reason: of the last decision that holds; UTC.
        sets_category: whether `category` (None: in none of the five) was decided.
        published: the date decided, ISO; None: not decided.
        accepted: somebody looked at the program's decision and let it stand; its dates are settled too.
        text_key: of the text decided upon; see `text_changed`.
        machine_category, machine_confidence: what the program held when this was decided.
    """

    made: datetime
    by: str
    reason: str
    sets_category: bool
    category: Category | None
    published: str | None
    accepted: bool
    text_key: str
    machine_category: Category | None
    machine_confidence: float

    @property
    def day(self) -> date | None:
        """The day of `published`."""
        return date.fromisoformat(self.published[:_DAY_LETTERS]) if self.published else None


@dataclass(frozen=True)
class Decided:
    """What somebody decides of some items: a category, a date, or both.

    Attributes:
        published: ISO day, or instant at the jurisdiction's offset.
    """

    by: str
    reason: str
    made: datetime
    sets_category: bool = False
    category: Category | None = None
    published: str | None = None


def short_id(unit: str, url: str) -> str:
    """The name of an item in commands: eight hexadecimal digits, the same in every database.

    >>> short_id("so-noi-vu", "http://snv.daknong.gov.vn/tin/1")
    '851d740e'
    """
    return hashlib.sha256(f"{unit} {url}".encode()).hexdigest()[:_ID_LETTERS]


def find_items(session: Session, names: Sequence[str]) -> list[ItemRow]:
    """The items meant by ids (of any of their addresses) or addresses, in order, each once.

    Raises:
        InputError: a name means no item, or several.
    """
    wanted = set(names)
    meant: dict[str, set[int]] = {name: set() for name in wanted}
    for address in session.execute(select(AddressRow.unit, AddressRow.url, AddressRow.item)):
        for name in wanted.intersection((address.url, short_id(address.unit, address.url))):
            meant[name].add(address.item)
    ids = [_only(session, name, meant[name]) for name in names]
    return [session.get_one(ItemRow, number) for number in dict.fromkeys(ids)]


def _only(session: Session, name: str, meant: set[int]) -> int:
    if not meant:
        raise InputError(
            f"there is no item '{printable(name, 200)}': `auditor items` and `auditor review` show the ids"
        )
    if len(meant) > 1:
        rows = [session.get_one(ItemRow, number) for number in sorted(meant)]
        told = ", ".join(f"{row.unit} {printable(row.url, 200)}" for row in rows)
        raise InputError(f"'{printable(name, 200)}' may mean {told}: name the item by an address that it alone has")
    return meant.pop()


def record(row: ItemRow, decided: Decided, kind: str = SET) -> CorrectionRow:
    """Adds a decision to an item's history."""
    correction = CorrectionRow(
        made=decided.made,
        by=decided.by,
        reason=decided.reason,
        kind=kind,
        sets_category=decided.sets_category,
        category=decided.category,
        published=decided.published,
        text_key=text_key(row),
        title=row.title,
        machine_category=row.category,
        machine_confidence=row.confidence,
        machine_published=row.published,
    )
    row.corrections.append(correction)
    return correction


def corrections(session: Session, unit: str | None = None) -> dict[int, Correction]:
    """What holds, by the number of the item's row; of one unit or of all."""
    query = select(CorrectionRow).order_by(CorrectionRow.made, CorrectionRow.id)
    if unit is not None:
        query = query.join(CorrectionRow.of).where(ItemRow.unit == unit)
    held: dict[int, list[CorrectionRow]] = {}
    for row in session.scalars(query):
        held.setdefault(row.item, []).append(row)
    folded = {item: effective(rows) for item, rows in held.items()}
    return {item: correction for item, correction in folded.items() if correction}


def effective(history: Iterable[CorrectionRow]) -> Correction | None:
    """What holds after a history, oldest first; None after a withdrawal."""
    held: Correction | None = None
    for row in history:
        held = None if row.kind == WITHDRAW else _after(held, row)
    return held


def _after(held: Correction | None, row: CorrectionRow) -> Correction:
    latest = Correction(
        made=row.made,
        by=row.by,
        reason=row.reason,
        sets_category=row.sets_category,
        category=row.category,
        published=row.published,
        accepted=row.kind == ACCEPT,
        text_key=row.text_key,
        machine_category=row.machine_category,
        machine_confidence=row.machine_confidence,
    )
    if held is None:
        return latest
    if not latest.sets_category:
        latest = replace(latest, sets_category=held.sets_category, category=held.category)
    return replace(latest, published=latest.published or held.published, accepted=latest.accepted or held.accepted)


def text_key(row: ItemRow) -> str:
    """Digests of an item's title and of its body; the second is empty where the post was never opened."""
    return f"{_digest(row.title)}:{_digest(row.body)}"


def _digest(text: str) -> str:
    folded = fold(text)
    return hashlib.sha256(folded.encode("utf-8", "backslashreplace")).hexdigest()[:16] if folded else ""


def text_changed(key: str, row: ItemRow) -> bool:
    """Whether the item says something else than when `key` was noted; a body read for the first time is no change."""
    title, _, body = key.partition(":")
    new_title, _, new_body = text_key(row).partition(":")
    return title != new_title or (bool(body) and bool(new_body) and body != new_body)
