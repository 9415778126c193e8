"""What is known of a month from elsewhere than the visits: its closed figures, or what people wrote down before.

Closed figures go before written ones, those before what the store would compute today: a report compares with what was
signed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from auditor.audit.frozen import Frozen, frozen_month
from auditor.audit.month import MonthFigures, UnitFigures
from auditor.audit.units import Listed
from auditor.categories import Category
from auditor.portals import Group
from auditor.store.history import PastFigure, past_figures
from auditor.window import Month


@dataclass(frozen=True)
class Known:
    """A count, and whether it is all there was; None where nothing may be said."""

    count: int | None
    whole: bool

    @classmethod
    def sum(cls, parts: Sequence[Known]) -> Known:
        """The parts together, as far as they are known."""
        known = [part.count for part in parts if part.count is not None]
        return cls(sum(known) if known else None, whole=all(part.whole for part in parts))

    @classmethod
    def all(cls, parts: Sequence[Known]) -> Known:
        """The parts together, if something is known of each: a sum without one of them would be another figure."""
        lacks = any(part.count is None for part in parts)
        return cls(None, whole=False) if lacks else cls.sum(parts)


class Earlier:
    """Knows nothing: everything is left to what the store computes."""

    source = "store"

    @property
    def units_listed(self) -> Mapping[str, Listed] | None:
        """The units of a closed month, by key; None where it is not closed."""
        return None

    def unit(self, key: str, category: Category | None = None) -> Known | None:  # noqa: ARG002
        """The unit's count, of one category or of all; None: not known from here."""
        return None

    def group(self, group: Group) -> Known | None:  # noqa: ARG002
        """The group's count; None: not known from here."""
        return None

    def total(self, groups: Collection[Group]) -> Known | None:  # noqa: ARG002
        """The count of all units, which were of these groups; None: not known from here."""
        return None


@dataclass(frozen=True)
class _FromClosing(Earlier):
    """A closed month: what was not known then is not known now."""

    figures: MonthFigures
    units: Mapping[str, UnitFigures] = field(default_factory=dict)
    source = "closed"

    @property
    def units_listed(self) -> Mapping[str, Listed]:
        return {key: Listed(unit.name, unit.group) for key, unit in self.units.items()}

    def unit(self, key: str, category: Category | None = None) -> Known:
        unit = self.units.get(key)
        if unit is None:
            return Known(None, whole=False)
        if category is None:
            return Known(unit.known, whole=unit.seen_whole)
        count = unit.categories[category].known
        return Known(count, whole=unit.proof is not None and count is not None)

    def group(self, group: Group) -> Known | None:
        had = any(one.key is group for one in self.figures.groups)
        return Known(self.figures.known(group) if had else None, whole=self._whole(group))

    def total(self, groups: Collection[Group]) -> Known:  # noqa: ARG002
        return Known(self.figures.known(), whole=self._whole(None))

    def _whole(self, group: Group | None) -> bool:
        return all(self.unit(key).whole for key, unit in self.units.items() if group in (None, unit.group))


@dataclass(frozen=True)
class _FromHistory(Earlier):
    """Figures that people wrote down; what they did not write is left to the store."""

    counts: Mapping[tuple[str, str], int]
    source = "history"

    def unit(self, key: str, category: Category | None = None) -> Known | None:
        return None if category else self._known("unit", key)

    def group(self, group: Group) -> Known | None:
        """The group as written; not known, where totals were written without it."""
        more_was_written = any(scope != "unit" for scope, _ in self.counts)
        return self._known("group", str(group)) or (Known(None, whole=False) if more_was_written else None)

    def total(self, groups: Collection[Group]) -> Known | None:
        """The total as written, or that of the groups where all of them were written, and any other that was."""
        others = {Group(key) for scope, key in self.counts if scope == "group"}
        written = [self._known("group", str(group)) for group in others.union(groups)]
        known = [one for one in written if one]
        total = self._known("total", "") or (Known.sum(known) if known and len(known) == len(written) else None)
        return replace(total, whole=others.issubset(groups)) if total else None

    def _known(self, scope: str, key: str) -> Known | None:
        count = self.counts.get((scope, key))
        return None if count is None else Known(count, whole=True)


def earlier_figures(session: Session, month: Month) -> Earlier:
    """The closed figures of a month, or those of the time before the system; an empty answer where there are neither.

    Raises:
        InputError: the closed month was altered in the database.
    """
    frozen: Frozen | None = frozen_month(session, month)
    if frozen:
        return _FromClosing(frozen.figures, {unit.key: unit for unit in frozen.figures.units})
    written: Sequence[PastFigure] = past_figures(session, str(month))
    return _FromHistory({(one.scope, one.key): one.count for one in written}) if written else Earlier()
