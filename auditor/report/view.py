"""The month as its sentences need it: units by level and by what may be said of them.

Everything here is a selection from the month object, or a sum whose parts stand in the same report.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.audit.month import CountedItem, GroupFigures, MonthFigures, Tally, UnitFigures, known_sum
from auditor.categories import Category
from auditor.outcomes import Cause, Verdict
from auditor.portals import Group, Level
from auditor.report import wording

# What the auditor's own office must mend or await; every other cause is the portal's.
OWN_CAUSES = frozenset(
    {
        Cause.PAGE_LIMIT,
        Cause.UNREADABLE,
        Cause.TIME_CAP,
        Cause.MEMORY_CAP,
        Cause.CRASHED,
        Cause.NEVER_VISITED,
        Cause.TOO_EARLY,
        Cause.TOO_SHALLOW,
    }
)


@dataclass(frozen=True)
class Part:
    """Some units of a month, sorted by what may be said of them."""

    units: tuple[UnitFigures, ...]

    @property
    def count(self) -> int:
        """What they published in the window."""
        return sum(unit.tally.count for unit in self.units)

    @property
    def known(self) -> int | None:
        """The same; None where nothing may be said of any of them."""
        return known_sum(unit.known for unit in self.units)

    @property
    def published(self) -> tuple[UnitFigures, ...]:
        """Those with something counted."""
        return self._with(Verdict.PUBLISHED)

    @property
    def not_published(self) -> tuple[UnitFigures, ...]:
        """Those proven to have published nothing."""
        return self._with(Verdict.NOT_PUBLISHED)

    @property
    def not_observable(self) -> tuple[UnitFigures, ...]:
        """Those nothing can be said of."""
        return self._with(Verdict.NOT_OBSERVABLE)

    @property
    def with_all_sections(self) -> tuple[UnitFigures, ...]:
        """Those known to have the five sections."""
        return tuple(unit for unit in self.units if unit.has_all_sections)

    @property
    def lacking_sections(self) -> tuple[UnitFigures, ...]:
        """Those that were read in full and have fewer than five."""
        return tuple(unit for unit in self._without_all_sections() if unit.seen_whole)

    @property
    def unknown_sections(self) -> tuple[UnitFigures, ...]:
        """Those not read well enough to say which sections they have."""
        return tuple(unit for unit in self._without_all_sections() if not unit.seen_whole)

    @property
    def perhaps_more(self) -> tuple[UnitFigures, ...]:
        """Those that published and could not be read in full: their count is a minimum."""
        return tuple(unit for unit in self.published if not unit.seen_whole)

    def known_in(self, category: Category) -> int | None:
        """What they published in one category; None where nothing may be said of any of them."""
        return known_sum(unit.categories[category].known for unit in self.units)

    def _with(self, verdict: Verdict) -> tuple[UnitFigures, ...]:
        return tuple(unit for unit in self.units if unit.verdict == verdict)

    def _without_all_sections(self) -> tuple[UnitFigures, ...]:
        return tuple(unit for unit in self.units if not unit.has_all_sections)


@dataclass(frozen=True)
class LevelPart(Part):
    """The units of one level."""

    level: Level


@dataclass(frozen=True)
class GroupPart(Part):
    """The units of one group of levels, with the group's own figures."""

    figures: GroupFigures
    comparison: str

    @property
    def levels(self) -> tuple[LevelPart, ...]:
        """The group's units by level: what its count is made of."""
        return by_level(self.units)


def by_level(units: Sequence[UnitFigures]) -> tuple[LevelPart, ...]:
    """The units of each level that has any, in the order of the levels."""
    parts = (LevelPart(tuple(unit for unit in units if unit.level == level), level) for level in Level)
    return tuple(part for part in parts if part.units)


def by_group(figures: MonthFigures) -> tuple[GroupPart, ...]:
    """The month's groups with their units."""
    return tuple(_group(figures, group) for group in figures.groups)


def _group(figures: MonthFigures, group: GroupFigures) -> GroupPart:
    units = tuple(unit for unit in figures.units if unit.group == group.key)
    return GroupPart(units, group, comparison(figures, group.tally, units, group.key))


def comparison(figures: MonthFigures, tally: Tally, units: Iterable[UnitFigures], group: Group | None = None) -> str:
    """The change in words, of a group or of all; none while the window is open: some days are no whole month."""
    if figures.as_of:
        return f"kỳ số liệu chưa kết thúc, chưa so sánh với {wording.month_before(figures.month)}"
    changes = [one for one in figures.unit_changes if group is None or one.concerns(group)]
    written = figures.previous_from == "history"
    return wording.comparison(tally, units, figures.month, changes, regular=figures.regular, written=written)


def of_communes(unit: UnitFigures) -> tuple[CountedItem, ...]:
    """The counted items that stand in a commune's branch of the unit's portal."""
    return tuple(item for item in unit.items if item.commune)


def communes(items: Sequence[CountedItem]) -> int:
    """How many communes the items come from."""
    return len({item.commune for item in items if item.commune})


def portal_side(units: Sequence[UnitFigures]) -> tuple[UnitFigures, ...]:
    """Those of the unobservable units whose portal has to be mended."""
    return tuple(unit for unit in units if unit.cause not in OWN_CAUSES and unit.cause is not None)


def own_side(units: Sequence[UnitFigures]) -> tuple[UnitFigures, ...]:
    """Those of the unobservable units that the auditing office has to visit again."""
    return tuple(unit for unit in units if unit.cause in OWN_CAUSES or unit.cause is None)
