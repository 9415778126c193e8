"""What a unit reports of itself against what was counted: the two numbers, and post by post where it lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.audit.month import CountedItem, UnitFigures
from auditor.store.received import Received, ReportedItem
from auditor.text import fold


@dataclass(frozen=True)
class Unmatched:
    """A post the unit lists and that was not counted, and why: not known, or the reason why it does not count."""

    item: ReportedItem
    why: str


@dataclass(frozen=True)
class Reconciled:
    """One unit.

    Attributes:
        received: None: it sent nothing. ours: what was counted; None where nothing may be said.
        matched: how many listed posts were counted. theirs_only, ours_only: the others; empty where it lists nothing.
    """

    unit: str
    name: str
    received: Received | None
    ours: int | None
    matched: int = 0
    theirs_only: tuple[Unmatched, ...] = ()
    ours_only: tuple[CountedItem, ...] = ()

    @property
    def difference(self) -> int | None:
        """Theirs less ours; None where either is not known."""
        count = self.received.count if self.received else None
        return None if count is None or self.ours is None else count - self.ours


def reconcile(unit: UnitFigures, received: Received | None, items: Sequence[CountedItem]) -> Reconciled:
    """Compares one unit's report with its items of the month, counted or not; by address, then by title."""
    listed = received.items if received else ()
    left = list(unit.items)
    missing: list[Unmatched] = []
    for one in listed:
        found = next((item for item in left if _same(one, item)), None)
        if found is not None:
            left.remove(found)
            continue
        known = next((item for item in items if not item.counted and _same(one, item)), None)
        missing.append(Unmatched(one, (known.reason_label or "không tính") if known else "không thấy trên cổng"))
    return Reconciled(
        unit=unit.key,
        name=unit.name,
        received=received,
        ours=unit.known,
        matched=len(listed) - len(missing),
        theirs_only=tuple(missing),
        ours_only=tuple(left) if listed else (),
    )


def _same(reported: ReportedItem, item: CountedItem) -> bool:
    if reported.url:
        return reported.url.rstrip("/") in {url.rstrip("/") for url in (item.url, *item.also_at)}
    return fold(reported.title) == fold(item.title)
