"""What a report still has to tell of the closed months before it: what was learnt, less what reports have told already.

What was told and does not hold any more is taken back in the next report, so that the effects of all that was ever told
of a month sum up to what its count is held to be today.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from auditor.audit.afterwards import Later, LaterKind, Restatement
from auditor.audit.frozen import Frozen, frozen_month
from auditor.audit.restating import restate
from auditor.portals import Jurisdiction
from auditor.store.closings import closed_months
from auditor.window import Month

TOLD_FOR = 12
"""Months back of which a report still tells what was learnt since they were closed."""

AS_CLOSED, SUPERSEDED = "như khi chốt số liệu", "thay bằng nội dung khác"

_GONE = frozenset({LaterKind.MISSED, LaterKind.REMOVED})
_Thing = tuple[str, str]
"""A unit and its item; the item is empty for what is about the unit."""


def untold(session: Session, jurisdiction: Jurisdiction, month: Month, *, today: date) -> tuple[Restatement, ...]:
    """What was learnt of the closed months before this one, less what closed ones have told, in the order of closing.

    Raises:
        InputError: a closed month was altered in the database.
    """
    oldest = month
    for _ in range(TOLD_FOR):
        oldest = oldest.preceding()
    recent = _closed_since(session, oldest)
    told = _told_in(recent)
    before = (frozen for frozen in recent if frozen.figures.month < month)
    found = (restate(session, jurisdiction, frozen, today=today) for frozen in before)
    left = (still_to_tell(one, [each for each in told if each.month == one.month]) for one in found)
    return tuple(one for one in left if one.later)


def effect_since(session: Session, jurisdiction: Jurisdiction, frozen: Frozen, *, today: date) -> int:
    """What all that was learnt of a closed month adds to its count.

    Of a unit that portals.yaml no longer has nothing can be learnt any more: what reports told of it holds.

    Raises:
        InputError: a closed month was altered in the database.
    """
    found = restate(session, jurisdiction, frozen, today=today)
    if not found.not_compared:
        return found.effect
    month = frozen.figures.month
    told = (one for one in _told_in(_closed_since(session, month)) if one.month == month)
    kept = (later.effect for one in told for later in one.later if later.unit in found.not_compared)
    return found.effect + sum(kept)


def _closed_since(session: Session, oldest: Month) -> list[Frozen]:
    names = [name for name in closed_months(session) if str(oldest) <= name]
    return [frozen for name in names if (frozen := frozen_month(session, Month.parse(name)))]


def _told_in(closed: Iterable[Frozen]) -> list[Restatement]:
    """What the reports of closed months have told, in the order in which they were closed."""
    return [one for frozen in sorted(closed, key=_closed_at) for one in frozen.figures.restated]


def _closed_at(frozen: Frozen) -> datetime:
    assert frozen.figures.closed is not None  # noqa: S101 - what makes a month a frozen one
    return frozen.figures.closed.made


def still_to_tell(found: Restatement, told: Iterable[Restatement]) -> Restatement:
    """What was learnt, less what was told in these reports, given in their order."""
    known: defaultdict[_Thing, _Told] = defaultdict(_Told)
    for one in (later for restatement in told for later in restatement.later):
        known[one.unit, one.item].hears(one)
    now: defaultdict[_Thing, list[Later]] = defaultdict(list)
    for one in found.later:
        now[one.unit, one.item].append(one)
    left = [one for thing, learnt in now.items() for one in known[thing].lacks(learnt)]
    gone = [one for thing, before in known.items() if thing not in now for one in before.lacks(())]
    compared = [one for one in gone if one.unit not in found.not_compared]
    return replace(found, later=(*left, *compared))


@dataclass
class _Told:
    """What reports have told of one thing: the effect of all of it, and what of it was not taken back."""

    effect: int = 0
    held: dict[LaterKind, Later] = field(default_factory=dict)

    def hears(self, one: Later) -> None:
        self.effect += one.effect
        if one.kind is LaterKind.WITHDRAWN:
            self.held = {kind: held for kind, held in self.held.items() if _as_told(held) != one.before}
        else:
            self.held[one.kind] = one

    def lacks(self, learnt: Sequence[Later]) -> Iterator[Later]:
        """What is to be told of it, given all that is learnt today; one entry carries the whole effect."""
        effect = sum(one.effect for one in learnt) - self.effect
        entries = [*self._lapsed(learnt), *self._new(learnt)] or (list(learnt[:1]) if effect else [])
        carrier = next((one for one in entries if one.effect), entries[0] if entries else None)
        for one in entries:
            yield replace(one, effect=effect if one is carrier else 0)

    def _new(self, learnt: Iterable[Later]) -> Iterator[Later]:
        for one in learnt:
            held = self.held.get(one.kind)
            if held is None or held.same != one.same:
                yield one

    def _lapsed(self, learnt: Sequence[Later]) -> Iterator[Later]:
        kinds = {one.kind for one in learnt}
        now = SUPERSEDED if learnt else AS_CLOSED
        for kind, held in self.held.items():
            if kind not in kinds and not (kind in _GONE and _is_gone(learnt)):
                yield replace(held, kind=LaterKind.WITHDRAWN, before=_as_told(held), now=now)


def _is_gone(learnt: Iterable[Later]) -> bool:
    """Whether a post may be as absent as before: proven to be, or not looked for as it does not count any more."""
    return any(one.kind is LaterKind.REMOVED or one.effect < 0 for one in learnt)


def _as_told(one: Later) -> str:
    return f"{one.kind.label}: {one.now}"
