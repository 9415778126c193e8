"""The printed figures against their parts. Two of four published reports carried a total their parts contradicted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from auditor.audit.afterwards import Change
from auditor.audit.month import Check, MonthFigures, UnitFigures
from auditor.outcomes import Verdict

Comparison = tuple[str, int, int]
"""What is compared, the figure, and what its parts say."""

_SHOWN = 5


def checks(figures: MonthFigures) -> tuple[Check, ...]:
    """Every check, in a fixed order; `detail` has both numbers, and what differs where something does."""
    units = figures.units
    return (
        _compare("total equals the sum of the groups", _total(figures)),
        _compare("each group equals the sum of its units", _groups(figures)),
        _compare("each unit equals the sum of its categories", _categories(units)),
        _compare("each unit equals the number of its listed items", _items(units)),
        _compare("no item is counted twice", _addresses(units)),
        _compare("the units said to have published are those with a count", _published(units)),
        _compare("each group's number of publishing units is that of its list", _publishers(figures)),
        _compare("each group's number of units is that of its list", _members(figures)),
        _compare("every unit stands in exactly one of the three lists", _lists(figures)),
        _compare("the numbers of units said of all are the sums of the groups'", _all_units(figures)),
        _compare("a total equal to the month before's is the sum of its units", _repeated(figures)),
        _compare("the window begins the day after the one before ended", _windows(figures)),
        _compare("the total's change equals the sum of the groups' changes", _changes(figures)),
    )


def _compare(check: str, comparisons: Iterable[Comparison]) -> Check:
    compared = list(comparisons)
    wrong = [f"{what} {figure} against {parts}" for what, figure, parts in compared if figure != parts]
    told = f"{sum(figure for _, figure, _ in compared)} against {sum(parts for *_, parts in compared)}"
    return Check(check, ok=not wrong, detail="; ".join([told, *wrong[:_SHOWN]]))


def _total(figures: MonthFigures) -> Iterator[Comparison]:
    yield "total", figures.total.count, sum(group.tally.count for group in figures.groups)


def _groups(figures: MonthFigures) -> Iterator[Comparison]:
    for group in figures.groups:
        members = [unit for unit in figures.units if unit.group is group.key]
        yield group.key, group.tally.count, sum(unit.tally.count for unit in members)


def _categories(units: Iterable[UnitFigures]) -> Iterator[Comparison]:
    for unit in units:
        yield unit.key, unit.tally.count, sum(figure.tally.count for figure in unit.categories.values())


def _items(units: Iterable[UnitFigures]) -> Iterator[Comparison]:
    for unit in units:
        yield unit.key, unit.tally.count, len(unit.items)


def _addresses(units: Iterable[UnitFigures]) -> Iterator[Comparison]:
    """Addresses of counted items, and how many of them are different: an address leads to one item of a unit."""
    for unit in units:
        addresses = [url for item in unit.items for url in {item.url, *item.also_at}]
        yield unit.key, len(addresses), len(set(addresses))


def _published(units: Iterable[UnitFigures]) -> Iterator[Comparison]:
    for unit in units:
        yield unit.key, int(unit.verdict is Verdict.PUBLISHED), int(unit.tally.count > 0)


def _publishers(figures: MonthFigures) -> Iterator[Comparison]:
    published = Counter(unit.group for unit in figures.with_verdict(Verdict.PUBLISHED))
    for group in figures.groups:
        yield group.key, group.published, published[group.key]


def _members(figures: MonthFigures) -> Iterator[Comparison]:
    members = Counter(unit.group for unit in figures.units)
    for group in figures.groups:
        yield group.key, group.units, members[group.key]


def _all_units(figures: MonthFigures) -> Iterator[Comparison]:
    """Both numbers of "21/26": one report said 26 of 26, and named five that had posted nothing."""
    published = len(figures.with_verdict(Verdict.PUBLISHED))
    yield "published", published, sum(group.published for group in figures.groups)
    yield "units", len(figures.units), sum(group.units for group in figures.groups)


def _repeated(figures: MonthFigures) -> Iterator[Comparison]:
    """Two reports printed the total of the month before, left in the file they were copied from."""
    if figures.total.count == figures.total.previous:
        yield "total", figures.total.count, sum(unit.tally.count for unit in figures.units)


def _windows(figures: MonthFigures) -> Iterator[Comparison]:
    """No day is left out between two reports, and none counts in both."""
    yield "days", (figures.window.first - figures.previous_window.last).days, 1


def _lists(figures: MonthFigures) -> Iterator[Comparison]:
    listed = Counter(unit.key for verdict in Verdict for unit in figures.with_verdict(verdict))
    for unit in figures.units:
        yield unit.key, listed[unit.key], 1


def _changes(figures: MonthFigures) -> Iterator[Comparison]:
    """Only where every group's change is known: a group without one is in the total's count, not in its change.

    Nor where units went: a group that has none left is in the total before, and has no line of its own.
    """
    changes = [group.tally.change for group in figures.groups]
    if figures.total.change is not None and None not in changes and not _a_group_ended(figures):
        yield "total", figures.total.change, sum(change for change in changes if change is not None)


def _a_group_ended(figures: MonthFigures) -> bool:
    return any(change.change is not Change.ADDED for change in figures.unit_changes)
