"""What people decide of items, for whoever asks: set, withdraw, look back, carry to another database.

Every operation is one transaction: it happens for all the items named, or for none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from auditor.categories import Category
from auditor.context import Context, open_decided
from auditor.errors import InputError
from auditor.store.corrections import ACCEPT, SET, WITHDRAW, Decided, effective, find_items, record, short_id
from auditor.store.database import Database
from auditor.store.models import CorrectionRow, ItemRow
from auditor.text import clean

NOT_COUNTED = "none"
"""The word for "in none of the five"."""
_DAY_LETTERS = 10
_LONGEST = 2_000
"""Characters of a name or a reason."""


@dataclass(frozen=True)
class Wish:
    """What somebody asks for.

    Attributes:
        by, reason: must say something.
        category: a key, or `NOT_COUNTED`; None leaves it as it is.
        published: "YYYY-MM-DD", or with "THH:MM" of the jurisdiction's clock; None leaves it as it is.
    """

    by: str
    reason: str
    category: str | None = None
    published: str | None = None


@dataclass(frozen=True)
class Entry:
    """One line of an item's history.

    Attributes:
        category: a key, `NOT_COUNTED`, or None where it was not decided. machine_…: what the program held then.
    """

    made: datetime
    by: str
    reason: str
    kind: str
    category: str | None
    published: str | None
    title: str
    machine_category: str
    machine_confidence: float
    machine_published: str | None


@dataclass(frozen=True)
class Changed:
    """An item somebody decided upon: what held before, and what holds now."""

    id: str
    unit: str
    title: str
    category: tuple[str, str]
    published: tuple[str | None, str | None]


def set_items(context: Context, names: Sequence[str], wish: Wish) -> list[Changed]:
    """Decides a category, a date or both, of the items named by id or address.

    Raises:
        InputError: no such item, nothing to decide, no name, no reason, a date that is none or has not come yet.
    """
    if wish.category is None and wish.published is None:
        raise InputError("nothing to set: give --category KEY, --not-counted, or --published YYYY-MM-DD")
    return _decide(context, names, _checked(context, wish), SET)


def unset_items(context: Context, names: Sequence[str], wish: Wish) -> list[Changed]:
    """Withdraws what was decided: the program's own decision holds again. The history stays.

    Raises:
        InputError: no such item, one that nobody decided upon, no name, no reason.
    """
    return _decide(context, names, _checked(context, wish), WITHDRAW)


def accept_items(context: Context, names: Sequence[str], wish: Wish) -> list[Changed]:
    """Lets what holds of the items stand, as a decision: `review` leaves them alone until their text changes.

    Raises:
        InputError: no such item, no name, no reason.
    """
    return _decide(context, names, _checked(context, wish), ACCEPT)


def history(context: Context, name: str) -> list[Entry]:
    """Who decided what of an item, when and why; oldest first.

    Raises:
        InputError: no such item.
    """
    with Database.open(context.database) as database, database.session() as session:
        [row] = find_items(session, [name])
        return [entry(each) for each in row.corrections]


def entry(row: CorrectionRow) -> Entry:
    """A stored decision as a record."""
    return Entry(
        made=row.made,
        by=row.by,
        reason=row.reason,
        kind=row.kind,
        category=_word(row.category) if row.sets_category else None,
        published=row.published,
        title=row.title,
        machine_category=_word(row.machine_category),
        machine_confidence=row.machine_confidence,
        machine_published=row.machine_published,
    )


def _decide(context: Context, names: Sequence[str], decided: Decided, kind: str) -> list[Changed]:
    with open_decided(context) as database, database.transaction() as session:
        return [_changed(row, decided, kind) for row in find_items(session, names)]


def _changed(row: ItemRow, decided: Decided, kind: str) -> Changed:
    held = effective(row.corrections)
    if kind == WITHDRAW and held is None:
        raise InputError(f"nobody has decided anything of {short_id(row.unit, row.url)}: there is nothing to withdraw")
    if kind == ACCEPT:
        decided = replace(decided, sets_category=True, category=_holds(row)[0])
    before = _holds(row)
    record(row, decided, kind)
    after = _holds(row)
    return Changed(
        id=short_id(row.unit, row.url),
        unit=row.unit,
        title=row.title,
        category=(_word(before[0]), _word(after[0])),
        published=(before[1], after[1]),
    )


def _holds(row: ItemRow) -> tuple[Category | None, str | None]:
    """Category and date of an item, by people or, where they said nothing, by the program."""
    held = effective(row.corrections)
    if held is None:
        return row.category, row.published
    return held.category if held.sets_category else row.category, held.published or row.published


def _word(category: Category | None) -> str:
    return str(category) if category else NOT_COUNTED


def _checked(context: Context, wish: Wish) -> Decided:
    return Decided(
        by=said("--by", wish.by),
        reason=said("--reason", wish.reason),
        made=context.now(),
        sets_category=wish.category is not None,
        category=category_of(wish.category),
        published=date_of(context, wish.published) if wish.published is not None else None,
    )


def said(what: str, text: str) -> str:
    """A name or a reason as one line.

    Raises:
        InputError: it says nothing, or is longer than 2,000 characters.
    """
    line = clean(text)
    if not any(letter.isalnum() for letter in line) or len(line) > _LONGEST:
        raise InputError(f"{what} must say something, in at most {_LONGEST} characters: who decides, and why, is kept")
    return line


def category_of(word: str | None) -> Category | None:
    """The category a key names; None for `NOT_COUNTED`.

    Raises:
        InputError: it is neither.
    """
    if word is None or word == NOT_COUNTED:
        return None
    try:
        return Category(word)
    except ValueError:
        keys = ", ".join(Category)
        raise InputError(f"'{clean(word)}' is no category: write one of {keys}, or {NOT_COUNTED}") from None


def date_of(context: Context, text: str) -> str:
    """A day as it is, a time of the jurisdiction's clock with its offset.

    Raises:
        InputError: it is neither, or has not come yet.
    """
    wrong = InputError(f"'{clean(text)}' is no date: write YYYY-MM-DD, or YYYY-MM-DDTHH:MM")
    try:
        day = date.fromisoformat(text[:_DAY_LETTERS])
        instant = datetime.fromisoformat(text) if len(text) > _DAY_LETTERS else None
    except ValueError:
        raise wrong from None
    if text[4:5] != "-" or (instant and text[_DAY_LETTERS] != "T"):
        raise wrong
    if instant:
        zone = context.jurisdiction.timezone
        local = instant.astimezone(zone) if instant.tzinfo else instant.replace(tzinfo=zone)
        day, text = local.date(), local.isoformat()
    if day > context.today:
        raise InputError(f"{day} has not come yet: an item cannot have been published then")
    return text
