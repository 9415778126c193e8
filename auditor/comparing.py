"""A month before and after: which of its items, figures and verdicts are otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditor.audit.month import CountedItem, MonthFigures, UnitFigures


@dataclass(frozen=True)
class Change:
    """One thing that is otherwise.

    Attributes:
        what: "item" (whether there is one), "title", "published", "category", "counted"; "verdict" or "count", of the
            unit or of one of its categories.
        of: the post's address, the category's key; "" for the unit itself.
        before, after: as `auditor items` and the report print them; "" for nothing.
        title: the post's.
    """

    unit: str
    what: str
    of: str
    before: str
    after: str
    title: str = ""


def changes(
    before: tuple[MonthFigures, Sequence[CountedItem]], after: tuple[MonthFigures, Sequence[CountedItem]]
) -> list[Change]:
    """The changes of a month, unit by unit: of its figures with verdicts, then of its items, counted or not."""
    units = {unit.key: unit for unit in before[0].units}
    found = [
        change for unit in after[0].units for change in (_of_unit(units[unit.key], unit) if unit.key in units else ())
    ]
    found += _of_items(_by_address(before[1]), _by_address(after[1]))
    order = {unit.key: place for place, unit in enumerate(after[0].units)}
    return sorted(found, key=lambda change: order.get(change.unit, len(order)))


def _of_unit(before: UnitFigures, after: UnitFigures) -> Iterator[Change]:
    pairs = [
        ("", (before.verdict, before.tally), (after.verdict, after.tally)),
        *(
            (str(key), (before.categories[key].verdict, before.categories[key].tally), (each.verdict, each.tally))
            for key, each in after.categories.items()
            if key in before.categories
        ),
    ]
    for of, (verdict, tally), (verdict_now, tally_now) in pairs:
        if verdict is not verdict_now:
            yield Change(after.key, "verdict", of, str(verdict), str(verdict_now))
        if tally.count != tally_now.count:
            yield Change(after.key, "count", of, str(tally.count), str(tally_now.count))


_Items = Mapping[tuple[str, str], CountedItem]


def _by_address(items: Sequence[CountedItem]) -> _Items:
    return {(item.unit, item.url): item for item in items}


def _of_items(before: _Items, after: _Items) -> list[Change]:
    found: list[Change] = []
    for key in sorted(before.keys() | after.keys()):
        one, other = before.get(key), after.get(key)
        if one is not None and other is not None:
            found += _of_item(one, other)
        elif item := one or other:
            there = ("there", "") if one else ("", "there")
            found.append(Change(item.unit, "item", item.url, *there, title=item.title))
    return found


def _of_item(before: CountedItem, after: CountedItem) -> Iterator[Change]:
    for what in ("title", "published", "category", "counted"):
        was, is_now = _told(before, what), _told(after, what)
        if was != is_now:
            yield Change(after.unit, what, after.url, was, is_now, after.title)


def _told(item: CountedItem, what: str) -> str:
    if what == "counted":
        return "yes" if item.counted else f"no: {item.reason}"
    return str(getattr(item, what) or "none")
