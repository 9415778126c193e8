"""What deserves a person's look in a month: the doubtful items, alike ones together, what matters most first."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from auditor.audit.counting import Post
from auditor.audit.doubts import Doubt, Evidence, doubts, likeness
from auditor.audit.figures import month_items
from auditor.audit.month import CountedItem
from auditor.classify import Judge
from auditor.context import Context, open_decided
from auditor.correcting import Changed, Wish, accept_items
from auditor.errors import InputError
from auditor.store.corrections import text_changed
from auditor.store.deciding import facts_of
from auditor.store.models import ItemRow
from auditor.store.queries import items_of_days
from auditor.text import printable
from auditor.window import Month

_DAY_LETTERS = 10


@dataclass(frozen=True)
class Doubtful:
    """An item and why it is offered: each doubt with what it rests on."""

    item: CountedItem
    doubts: tuple[tuple[Doubt, str], ...]


@dataclass(frozen=True)
class Group:
    """Alike items with the same doubts: one look may settle them all.

    Attributes:
        id: "g" and seven hexadecimal digits; names the group for `accept`, as long as it is offered.
    """

    id: str
    members: tuple[Doubtful, ...]

    @property
    def first(self) -> Doubtful:
        """The one that stands for all."""
        return self.members[0]


@dataclass(frozen=True)
class _Desk:
    """Who judges, and where days begin."""

    judge: Judge
    zone: ZoneInfo


def review(context: Context, month: Month, unit: str | None = None) -> list[Group]:
    """The month's doubtful items: counted ones first, then those that nearly are, the least sure first.

    Raises:
        InputError: no such unit; the database cannot be used.
    """
    with open_decided(context) as database, database.session() as session:
        everything = month_items(
            session, context.jurisdiction, month, unit=unit, everything=True, today=context.today
        ) + _to_come(session, context, unit)
        rows = _rows(session, {item.unit for item in everything})
        once = {(item.unit, item.url): item for item in reversed(everything)}
        desk = _Desk(context.judge, context.jurisdiction.timezone)
        found = [_doubtful(desk, item, rows[key]) for key, item in once.items() if key in rows]
    return _grouped(each for each in found if each.doubts)


def accept(context: Context, names: Sequence[str], wish: Wish, month: Month) -> list[Changed]:
    """Lets what holds of groups and items stand; they are not offered again until their text changes.

    Raises:
        InputError: no such group this month, no such item, no name, no reason.
    """
    groups = {group.id: group for group in review(context, month)} if any(map(_is_group, names)) else {}
    ids: list[str] = []
    for name in names:
        if not _is_group(name):
            ids.append(name)
        elif name in groups:
            ids += [member.item.id for member in groups[name].members]
        else:
            raise InputError(f"{month} has no group '{printable(name)}': `auditor review --month {month}` lists them")
    return accept_items(context, ids, wish)


def _is_group(name: str) -> bool:
    return name.startswith("g")


def _to_come(session: Session, context: Context, unit: str | None) -> tuple[CountedItem, ...]:
    """Items dated after today: no month up to now counts them, whichever is asked for."""
    now = context.now()
    found = items_of_days(session, context.today + timedelta(days=1), date.max, undated_since=now, unit=unit)
    return tuple(Post(item, None, item.also_at).record() for items in found.values() for item in items)


def _rows(session: Session, units: Iterable[str]) -> dict[tuple[str, str], ItemRow]:
    query = (
        select(ItemRow)
        .where(ItemRow.unit.in_(sorted(units)))
        .options(selectinload(ItemRow.placements), selectinload(ItemRow.editions), selectinload(ItemRow.corrections))
    )
    return {(row.unit, row.url): row for row in session.scalars(query)}


def _doubtful(desk: _Desk, item: CountedItem, row: ItemRow) -> Doubtful:
    decided = item.correction is not None and row.corrections
    sections = {place.category for place in row.placements if place.category}
    evidence = Evidence(
        decision=desk.judge.classify(*facts_of(row, row.published_day)),
        title=desk.judge.classify(item.title),
        section=sections.pop() if len(sections) == 1 else None,
        text_changed=bool(decided) and text_changed(row.corrections[-1].text_key, row),
        last_seen=row.last_seen.astimezone(desk.zone).date(),
        page_days=frozenset(each.published[:_DAY_LETTERS] for each in row.editions[-1:] if each.published),
    )
    return Doubtful(item, doubts(item, evidence))


def _grouped(found: Iterable[Doubtful]) -> list[Group]:
    alike: dict[tuple[str, ...], list[Doubtful]] = defaultdict(list)
    for each in found:
        kinds = "+".join(doubt.name for doubt, _ in each.doubts)
        alike[likeness(each.item.title), str(each.item.category), kinds, str(each.item.counted)].append(each)
    groups = [Group(_group_id(key), tuple(sorted(members, key=_order))) for key, members in alike.items()]
    return sorted(groups, key=lambda group: _order(group.first))


def _group_id(key: tuple[str, ...]) -> str:
    return "g" + hashlib.sha256("\n".join(key).encode("utf-8", "backslashreplace")).hexdigest()[:7]


def _order(each: Doubtful) -> tuple[int, float, str, str]:
    """What matters most to the figures: counted, then in a category but not counted, then the unsure rest."""
    item = each.item
    nearly = item.category is not None or any(doubt is Doubt.CHANGED for doubt, _ in each.doubts)
    return 0 if item.counted else 1 if nearly else 2, item.confidence, item.unit, item.url
