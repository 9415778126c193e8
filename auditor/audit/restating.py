"""What was learnt of a closed month afterwards, item by item. The closed month itself never changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from auditor.audit.afterwards import Closed, Later, LaterKind, Restatement
from auditor.audit.figures import readings
from auditor.audit.frozen import Frozen
from auditor.audit.month import CountedItem, UnitFigures
from auditor.audit.verdicts import Reading
from auditor.outcomes import Outcome
from auditor.portals import Jurisdiction
from auditor.store.queries import StoredItem, item_at

NOT_COUNTED = "không tính"
COUNTED = "có tính"


def restate(session: Session, jurisdiction: Jurisdiction, frozen: Frozen, *, today: date) -> Restatement:
    """Compares a closed month with what the store would say of it today.

    The effects sum up to the difference of the counts, unit by unit: every item that is counted on one side only is
    named with the reason.
    """
    figures = frozen.figures
    known = readings(session, _with_days(jurisdiction, frozen), figures.window, today=today)
    later = [
        one
        for unit in figures.units
        if unit.key in known
        for one in _unit_later(_Side.of(session, jurisdiction, frozen, unit), known[unit.key])
    ]
    return Restatement(
        month=figures.month,
        counted=figures.total.count,
        later=tuple(later),
        not_compared=tuple(unit.key for unit in figures.units if unit.key not in known),
    )


def _with_days(jurisdiction: Jurisdiction, frozen: Frozen) -> Jurisdiction:
    """The units with the days they had when the month was closed: who was there is no matter of what was learnt."""
    dated = (
        replace(unit, valid_from=frozen.days[unit.key][0], valid_to=frozen.days[unit.key][1])
        if unit.key in frozen.days
        else unit
        for unit in jurisdiction.units
    )
    return replace(jurisdiction, units=tuple(dated))


@dataclass(frozen=True)
class _Side:
    """One unit of the closed month.

    Attributes:
        known: its items of the closed month, counted or not, by each of their addresses.
    """

    session: Session
    jurisdiction: Jurisdiction
    closed: Closed
    unit: UnitFigures
    known: Mapping[str, CountedItem] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, jurisdiction: Jurisdiction, frozen: Frozen, unit: UnitFigures) -> _Side:
        """The unit as it was frozen; a counted item goes before one that only repeats it."""
        assert frozen.figures.closed is not None  # noqa: S101 - what makes a month a frozen one
        items = sorted((item for item in frozen.items if item.unit == unit.key), key=lambda item: item.counted)
        by_address = {url: item for item in items for url in _addresses(item)}
        return cls(session, jurisdiction, frozen.figures.closed, unit, by_address)

    def later(self, kind: LaterKind, before: str, now: str, item: CountedItem | None, effect: int = 0) -> Later:
        """One thing learnt of the unit."""
        told = (item.id, item.url, item.title) if item else ("", "", "")
        return Later(kind, self.unit.key, self.unit.name, before, now, effect, *told)

    def is_decided_since(self, item: CountedItem) -> bool:
        """Whether a person decided upon it since the closing."""
        correction = item.correction
        return correction is not None and datetime.fromisoformat(correction.made) >= self.closed.made


def _unit_later(side: _Side, reading: Reading) -> Iterator[Later]:
    verdict = reading.verdict()
    if verdict is not side.unit.verdict:
        yield side.later(LaterKind.VERDICT, side.unit.verdict.label, verdict.label, None)
    now = {url: item for post in reading.posts if (item := post.record()) for url in _addresses(item)}
    now |= {url: item for post in reading.counted() if (item := post.record()) for url in _addresses(item)}
    taken: set[str] = set()
    for item in side.unit.items:
        today = next((now[url] for url in _addresses(item) if url in now), None)
        if today is not None and today.counted and today.url not in taken:
            taken.add(today.url)
            yield from _still_counted(side, item, today, reading)
        else:
            yield _dropped(side, item, today)
    for post in reading.counted():
        if post.item.url not in taken:
            yield _added(side, post.record())


def _still_counted(side: _Side, item: CountedItem, today: CountedItem, reading: Reading) -> Iterator[Later]:
    if item.category is not today.category:
        kind = LaterKind.CORRECTED if side.is_decided_since(today) else LaterKind.RECLASSIFIED
        yield side.later(kind, _category(item), _category(today), today)
    elif (item.published or "")[:10] != (today.published or "")[:10]:
        kind = LaterKind.CORRECTED if side.is_decided_since(today) else LaterKind.CHANGED
        yield side.later(kind, f"ngày đăng {_day(item.published)}", f"ngày đăng {_day(today.published)}", today)
    if item.removed:
        return
    if today.removed:
        yield side.later(LaterKind.REMOVED, COUNTED, today.removed.note, today)
    elif (stored := item_at(side.session, side.unit.key, today.url)) and (missed := _missed_by(side, stored, reading)):
        zone = side.jurisdiction.timezone
        now = f"lần kiểm tra đầy đủ {missed.astimezone(zone):%d/%m/%Y %H:%M} không thấy"
        yield side.later(LaterKind.MISSED, f"thấy lần cuối {stored.last_seen.astimezone(zone):%d/%m/%Y}", now, today)


def _missed_by(side: _Side, stored: StoredItem, reading: Reading) -> datetime | None:
    """When a complete visit after the closing, the last one deep enough, did not find what it should have."""
    day = stored.published_day
    if day is None:
        return None
    deep = [visit for visit in reading.visits if visit.outcome is Outcome.COMPLETE and visit.first_day <= day]
    return deep[-1].started if deep and deep[-1].started > max(side.closed.made, stored.last_seen) else None


def _dropped(side: _Side, item: CountedItem, today: CountedItem | None) -> Later:
    """An item counted at the closing that is not counted now."""
    if today is not None:
        kind = LaterKind.CORRECTED if side.is_decided_since(today) else LaterKind.CHANGED
        if kind is LaterKind.CHANGED and today.category is None:
            kind = LaterKind.RECLASSIFIED
        return side.later(kind, COUNTED, today.reason_label or "trùng với một tin khác", item, -1)
    stored = item_at(side.session, side.unit.key, item.url)
    if stored is None:
        return side.later(LaterKind.CHANGED, COUNTED, "không còn trong cơ sở dữ liệu", item, -1)
    since = stored.correction is not None and stored.correction.made >= side.closed.made
    kind = LaterKind.CORRECTED if since else LaterKind.CHANGED
    return side.later(kind, COUNTED, f"ngày đăng {_day(stored.published)}, ngoài kỳ", item, -1)


def _added(side: _Side, item: CountedItem) -> Later:
    """An item counted now that was not counted at the closing."""
    before = next((side.known[url] for url in _addresses(item) if url in side.known), None)
    held = (before.reason_label or COUNTED) if before else "chưa có"
    if side.is_decided_since(item):
        kind = LaterKind.CORRECTED
    elif before is not None:
        kind = LaterKind.RECLASSIFIED if before.category is not item.category else LaterKind.CHANGED
    elif datetime.fromisoformat(item.first_seen) <= side.closed.made:
        kind, held = LaterKind.CHANGED, "ngày đăng ngoài kỳ"
    else:
        kind = LaterKind.BACK_DATED if item.backdated else LaterKind.LATE
    return side.later(kind, held, f"{_category(item)}, ngày đăng {_day(item.published)}", item, 1)


def _category(item: CountedItem) -> str:
    return item.category.label if item.category else NOT_COUNTED


def _day(published: str | None) -> str:
    """A day as reports print it."""
    return f"{date.fromisoformat(published[:10]):%d/%m/%Y}" if published else "không xác định"


def _addresses(item: CountedItem) -> Iterable[str]:
    return item.url, *item.also_at
