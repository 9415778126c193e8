"""The tables that pictures are drawn from, their cells shaded: twelve months, and the nights of a window."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import dropwhile

from auditor.audit.afterwards import PastMonth
from auditor.audit.month import MonthFigures, Night, UnitFigures
from auditor.outcomes import Outcome
from auditor.report import wording
from auditor.report.shading import NOT_SEEN, SEEN_IN_FULL, SEEN_IN_PART
from auditor.report.tables import Cell, Column, Holds, Row, Table
from auditor.report.view import Part, by_group
from auditor.window import Month

_ORDINAL = Column("STT", 8, Holds.NUMBER)
_AFTER = timedelta(days=7)
"""So long after its end a window that nothing proves is still shown night by night."""
_NIGHT = timedelta(days=1)
_MARKS = {Outcome.COMPLETE: SEEN_IN_FULL, Outcome.PARTIAL: SEEN_IN_PART}


def months(figures: MonthFigures) -> Table:
    """Units and groups by month, the report's own last; no rows where no month before is known."""
    known = known_months(figures)
    columns = (
        _ORDINAL,
        Column("Đơn vị", 30),
        *(Column(_short(past.month), 9, Holds.NUMBER, shaded=True) for past in known),
        Column(_short(figures.month), 9, Holds.NUMBER, shaded=True),
    )
    title = f"Số lượt thông tin theo tháng, đến {wording.month_name(figures.month)} (ô đậm hơn: nhiều lượt hơn)"
    return Table("Mười hai tháng", title, columns, tuple(_month_rows(figures, known)) if known else ())


def known_months(figures: MonthFigures) -> tuple[PastMonth, ...]:
    """The months before, from the first of which something is known."""
    return tuple(dropwhile(lambda past: past.source == "unknown", figures.past))


def _short(month: Month) -> str:
    return f"{month.number:02d}/{month.year}"


def _month_rows(figures: MonthFigures, known: tuple[PastMonth, ...]) -> Iterator[Row]:
    ordinal = 0
    for group in by_group(figures):
        for unit in group.units:
            ordinal += 1
            yield Row((ordinal, unit.name, *_of(known, "units", unit.key), unit.known))
        key = group.figures.key
        yield Row((None, key.label, *_of(known, "groups", key), group.known), total=True)
    totals = (past.count for past in known)
    yield Row((None, "Tổng cộng", *totals, Part(figures.units).known), total=True)


def _of(months: tuple[PastMonth, ...], what: str, key: str) -> Iterator[Cell]:
    for past in months:
        counts: Mapping[str, int] = getattr(past, what)
        yield counts.get(key)


def calendar(figures: MonthFigures) -> Table:
    """Units by night: what the visits of each night could read; no rows where none fell in the window or soon after."""
    nights = [night.day for unit in figures.units for night in unit.calendar]
    days = _days(figures, nights) if nights else []
    columns = (
        _ORDINAL,
        Column("Đơn vị", 24),
        *(Column(f"{day.day:02d}", 5, shaded=True) for day in days),
        Column("Đọc đủ", 7, Holds.NUMBER),
    )
    title = (
        f"Các đêm kiểm tra trong kỳ {wording.month_name(figures.month)}, ghi theo ngày bắt đầu "
        f"({SEEN_IN_FULL}: đọc đầy đủ; {SEEN_IN_PART}: đọc một phần; {NOT_SEEN}: không đọc được; trống: không kiểm tra)"
    )
    rows = (Row((number, *_nights(unit, days))) for number, unit in enumerate(figures.units, start=1))
    return Table("Lịch kiểm tra", title, columns, tuple(rows) if days else ())


def _days(figures: MonthFigures, nights: list[date]) -> list[date]:
    """From the night before the window's first day, as a night is named by the day it begins on."""
    first, end = min(figures.window.first, *nights), min(max(nights), figures.window.last + _AFTER)
    if min(nights) > end:
        return []
    return [first + _NIGHT * number for number in range((end - first).days + 1)]


def _nights(unit: UnitFigures, days: list[date]) -> Iterator[Cell]:
    seen = {night.day: night for night in unit.calendar}
    yield unit.name
    yield from (_mark(seen.get(day)) for day in days)
    yield unit.nights[0]


def _mark(night: Night | None) -> str:
    return _MARKS.get(night.outcome, NOT_SEEN) if night else ""
