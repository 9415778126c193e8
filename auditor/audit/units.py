"""Units that come and go: who took whose place between two windows, and whether the two can be compared at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from auditor.audit.afterwards import Change, UnitChange
from auditor.portals import Group, Jurisdiction, Unit
from auditor.window import Window


@dataclass(frozen=True)
class Listed:
    """A unit as a closed month listed it."""

    name: str
    group: Group


@dataclass(frozen=True)
class Succession:
    """The units of two windows, the earlier one first.

    Attributes:
        closed: the units the earlier window was closed with, by key: the file may have been changed since, and what was
            signed is what is compared with. None where it is not closed.
    """

    jurisdiction: Jurisdiction
    previous: Window
    window: Window
    closed: Mapping[str, Listed] | None = field(default=None)

    def ancestry(self, unit: Unit) -> tuple[Unit, ...]:
        """The units of the earlier window whose work this one does: itself, and those it alone succeeds."""
        own = (unit,) if self._was(unit) else ()
        return own + tuple(gone for gone in self._gone() if gone.successors == (unit.key,))

    def is_partial(self, unit: Unit) -> bool:
        """Whether the unit, or those whose work it does, were there only for a part of one of the two windows."""
        ancestry = self.ancestry(unit)
        return not _fills([unit], self.window) or (bool(ancestry) and not _fills(ancestry, self.previous))

    def like_for_like(self, group: Group | None = None) -> bool:
        """Whether the same bodies are counted in both windows, of a group or of all: none lost, none from nowhere."""
        moved = {each for unit in self.jurisdiction.units for each in self._moved(unit)}
        left = moved | {one.group for one in self._left_out().values()}
        if left and group in (None, *left):
            return False
        broken = [unit for unit in (*self._gone(), *self._new()) if not self._is_continued(unit)]
        return not any(group in (None, *self._groups_of(unit, *self._heirs(unit))) for unit in broken)

    def changes(self) -> tuple[UnitChange, ...]:
        """The units that came or went, in the order of the file; then those the file no longer has."""
        ended = [*self._gone(), *self._replaced()]
        heirs = {key for unit in ended for key in unit.successors}
        found = []
        for unit in self.jurisdiction.units:
            if unit in ended:
                successors = self._heirs(unit)
                names = tuple(one.name for one in successors)
                groups = self._groups_of(unit, *successors)
                found.append(UnitChange(self._ended(unit), unit.key, unit.name, unit.valid_to, names, groups))
            elif unit in self._new() and unit.key not in heirs:
                begun = UnitChange(Change.ADDED, unit.key, unit.name, unit.valid_from)
                found.append(replace(begun, groups=self._groups_of(unit)))
            elif moved := self._moved(unit):
                found.append(UnitChange(Change.MOVED, unit.key, unit.name, groups=moved))
        return (*found, *self._changes_left_out())

    def _heirs(self, unit: Unit) -> list[Unit]:
        return [self.jurisdiction.unit(key) for key in unit.successors]

    def _groups_of(self, *units: Unit) -> tuple[Group, ...]:
        return tuple(dict.fromkeys(map(self.jurisdiction.group_of, units)))

    def _changes_left_out(self) -> Iterator[UnitChange]:
        for key, one in self._left_out().items():
            yield UnitChange(Change.LEFT_OUT, key, one.name, groups=(one.group,))

    def _was(self, unit: Unit) -> bool:
        """Whether the earlier window counted the unit."""
        return unit.valid_in(self.previous) if self.closed is None else unit.key in self.closed

    def _gone(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.jurisdiction.units if self._was(unit) and not unit.valid_in(self.window))

    def _new(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.jurisdiction.units if unit.valid_in(self.window) and not self._was(unit))

    def _replaced(self) -> tuple[Unit, ...]:
        """Units that end within the later window, and whose place others take in it."""
        new = {unit.key for unit in self._new()}
        staying = [unit for unit in self.jurisdiction.units if self._was(unit) and unit.valid_in(self.window)]
        return tuple(
            unit
            for unit in staying
            if unit.valid_to and unit.valid_to < self.window.last and new.intersection(unit.successors)
        )

    def _left_out(self) -> Mapping[str, Listed]:
        """What the closed window had and the file does not have any more."""
        there = {unit.key for unit in self.jurisdiction.units}
        return {key: one for key, one in (self.closed or {}).items() if key not in there}

    def _moved(self, unit: Unit) -> tuple[Group, ...]:
        """The group the window was closed with, and the one the file puts the unit into now, where they differ."""
        listed, now = (self.closed or {}).get(unit.key), self.jurisdiction.group_of(unit)
        return () if listed is None or listed.group is now else (listed.group, now)

    def _is_continued(self, unit: Unit) -> bool:
        """Whether one unit of the same group counts on where it ended, or it counts on where others ended."""
        group = self.jurisdiction.group_of(unit)
        if unit.valid_in(self.window):
            replaced = (one for one in self._replaced() if one.successors == (unit.key,))
            return any(self.jurisdiction.group_of(one) is group for one in (*self.ancestry(unit), *replaced))
        heirs = self._heirs(unit)
        return len(heirs) == 1 and heirs[0].valid_in(self.window) and self.jurisdiction.group_of(heirs[0]) is group

    def _ended(self, unit: Unit) -> Change:
        if not unit.successors:
            return Change.ABOLISHED
        if len(unit.successors) > 1:
            return Change.SPLIT
        heir = self.jurisdiction.unit(unit.successors[0])
        if self.jurisdiction.group_of(heir) is not self.jurisdiction.group_of(unit):
            return Change.ABOLISHED
        others = any(heir.key in other.successors for other in self.jurisdiction.units if other.key != unit.key)
        older = heir.valid_from is None or (
            unit.valid_to is not None and (heir.valid_from or unit.valid_to) <= unit.valid_to
        )
        return Change.MERGED if others or older else Change.RENAMED


def _fills(units: Sequence[Unit], window: Window) -> bool:
    """Whether one of the units was there on the first day, and one on the last: they follow upon each other."""
    first = any(unit.valid_from is None or unit.valid_from <= window.first for unit in units)
    return first and any(unit.valid_to is None or unit.valid_to >= window.last for unit in units)
