"""Units that come and go: who took whose place between two windows, and whether the two can be compared at all."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.audit.afterwards import Change, UnitChange
from auditor.portals import Group, Jurisdiction, Unit
from auditor.window import Window


@dataclass(frozen=True)
class Succession:
    """The units of two windows, the earlier one first."""

    jurisdiction: Jurisdiction
    previous: Window
    window: Window

    def ancestry(self, unit: Unit) -> tuple[Unit, ...]:
        """The units of the earlier window whose work this one does: itself, and those it alone succeeds."""
        own = (unit,) if unit.valid_in(self.previous) else ()
        return own + tuple(gone for gone in self._gone() if gone.successors == (unit.key,))

    def like_for_like(self, group: Group | None = None) -> bool:
        """Whether the same bodies are counted in both windows, of a group or of all: none lost, none from nowhere."""
        return not any(
            group in (None, self.jurisdiction.group_of(unit))
            for unit in (*self._gone(), *self._new())
            if not self._is_continued(unit)
        )

    def _gone(self) -> tuple[Unit, ...]:
        units = self.jurisdiction.units_valid_in(self.previous)
        return tuple(unit for unit in units if not unit.valid_in(self.window))

    def _new(self) -> tuple[Unit, ...]:
        units = self.jurisdiction.units_valid_in(self.window)
        return tuple(unit for unit in units if not unit.valid_in(self.previous))

    def _is_continued(self, unit: Unit) -> bool:
        """Whether one unit of the same group counts on where it ended, or it counts on where others ended."""
        group = self.jurisdiction.group_of(unit)
        if unit.valid_in(self.window):
            return any(self.jurisdiction.group_of(gone) is group for gone in self.ancestry(unit))
        heirs = [self.jurisdiction.unit(key) for key in unit.successors]
        return len(heirs) == 1 and heirs[0].valid_in(self.window) and self.jurisdiction.group_of(heirs[0]) is group


def unit_changes(jurisdiction: Jurisdiction, previous: Window, window: Window) -> tuple[UnitChange, ...]:
    """The units that came or went between two windows, in the order of the file."""
    gone = [unit for unit in jurisdiction.units_valid_in(previous) if not unit.valid_in(window)]
    heirs = {key for unit in gone for key in unit.successors}
    found = []
    for unit in jurisdiction.units:
        before, now = unit.valid_in(previous), unit.valid_in(window)
        if before and not now:
            names = tuple(jurisdiction.unit(key).name for key in unit.successors)
            found.append(UnitChange(_ended(jurisdiction, unit), unit.key, unit.name, unit.valid_to, names))
        elif now and not before and unit.key not in heirs:
            found.append(UnitChange(Change.ADDED, unit.key, unit.name, unit.valid_from))
    return tuple(found)


def _ended(jurisdiction: Jurisdiction, unit: Unit) -> Change:
    if not unit.successors:
        return Change.ABOLISHED
    if len(unit.successors) > 1:
        return Change.SPLIT
    heir = unit.successors[0]
    if jurisdiction.group_of(jurisdiction.unit(heir)) is not jurisdiction.group_of(unit):
        return Change.ABOLISHED
    others = any(heir in other.successors for other in jurisdiction.units if other.key != unit.key)
    older = jurisdiction.unit(heir).valid_from is None or (
        unit.valid_to is not None and (jurisdiction.unit(heir).valid_from or unit.valid_to) <= unit.valid_to
    )
    return Change.MERGED if others or older else Change.RENAMED
