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
        found = _counterpart(one, left)
        if found is not None:
            left.remove(found)
            continue
        known = _counterpart(one, [item for item in items if not item.counted])
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


def _counterpart(reported: ReportedItem, items: Sequence[CountedItem]) -> CountedItem | None:
    """The item of the reported address; where none has it, that of the reported title."""
    address, title = reported.url.rstrip("/"), fold(reported.title)
    of_address = (
        item for item in items if address and address in {url.rstrip("/") for url in (item.url, *item.also_at)}
    )
    of_title = (item for item in items if title and title == fold(item.title))
    return next(of_address, None) or next(of_title, None)
