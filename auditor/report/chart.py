"""The pictures of counts: a bar per unit, and a line per group through the months."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from auditor.audit.month import UnitFigures
from auditor.outcomes import Verdict
from auditor.report import wording
from auditor.report.svg import WIDTH, Picture, box, fitting, joined, line, text
from auditor.window import Month

_ROW, _BAR, _LABELS, _ROOM = 18, 12, 196, 120
_MOST_BARS = 44
_DARK = "#3c3c3c"


def bars(units: Sequence[UnitFigures], month: Month) -> Iterator[Picture]:
    """Counts of this window (dark) and the one before (outlined), most first; a dash where nothing can be said."""
    ordered = sorted(units, key=lambda unit: -unit.tally.count)
    most = max([1, *(max(unit.tally.count, unit.tally.previous or 0) for unit in units)])
    scale = (WIDTH - _LABELS - _ROOM) / most
    parts = -(-len(ordered) // _MOST_BARS)
    size = -(-len(ordered) // max(1, parts))
    for number in range(parts):
        part = ordered[number * size : (number + 1) * size]
        title = f"Số lượt thông tin theo đơn vị, {wording.month_name(month)} (nét đứt: {wording.month_before(month)})"
        told = "; ".join(f"{wording.title_of(unit)}: {_words(unit)}" for unit in part)
        content = joined(_bar(unit, index * _ROW, scale) for index, unit in enumerate(part))
        numbered = f"{title} ({number + 1}/{parts})" if parts > 1 else title
        yield Picture(numbered, told, len(part) * _ROW + 2, content)


def _bar(unit: UnitFigures, top: int, scale: float) -> Markup:
    count, before = unit.tally.count, unit.tally.previous or 0
    outline = Markup(
        '<rect x="{}" y="{}" width="{:.1f}" height="{}" fill="none" stroke="#000000" stroke-width="0.8" '
        'stroke-dasharray="3 2"/>'
    ).format(_LABELS, top + 2, before * scale, _BAR)
    return joined(
        (
            text(_LABELS - 6, top + 13, fitting(wording.title_of(unit), _LABELS - 6), anchor="end"),
            box(_LABELS, top + 4, count * scale, _BAR - 4, _DARK, _DARK) if count else Markup(""),
            outline if before else Markup(""),
            text(_LABELS + max(count, before) * scale + 6, top + 13, _words(unit), size=12),
        )
    )


def _words(unit: UnitFigures) -> str:
    if unit.verdict is Verdict.NOT_OBSERVABLE:
        return unit.verdict.label
    change = "" if unit.tally.change is None else f" ({wording.signed(unit.tally.change)})"
    return f"{wording.number(unit.tally.count)}{change}"


@dataclass(frozen=True)
class Series:
    """A line: its name and its number by month; None where it is not known."""

    name: str
    counts: Mapping[Month, int | None]


_LEFT, _TOP, _HIGH, _FOOT = 52, 34, 220, 26
_STYLES = (("none", "circle"), ("7 4", "square"), ("2 3", "triangle"))
"""Dashes and points tell the lines apart without colours."""


def lines_by_month(title: str, months: Sequence[Month], series: Sequence[Series]) -> Picture:
    """A line per series; a month of which nothing is known leaves a gap."""
    most = _round_up(max((count or 0 for one in series for count in one.counts.values()), default=0))
    content = [*_scale(most), *_months(months)]
    for place, one in enumerate(series):
        content += _series(one, months, most, _STYLES[place % len(_STYLES)])
        content += _legend(one, place)
    content += _numbers(months, series, most)
    told = "; ".join(f"{one.name}: {_told(one, months)}" for one in series)
    return Picture(title, told, _TOP + _HIGH + _FOOT, joined(content))


def _told(one: Series, months: Sequence[Month]) -> str:
    known = ((month, count) for month in months if (count := one.counts.get(month)) is not None)
    return ", ".join(f"{_short(month)} {wording.number(count)} lượt" for month, count in known) or "chưa có số liệu"


def _round_up(most: int) -> int:
    """The next number of the form 1, 2 or 5 with noughts, at least 5."""
    step = 1
    while True:
        for first in (1, 2, 5):
            if first * step >= max(5, most):
                return first * step
        step *= 10


def _scale(most: int) -> Iterator[Markup]:
    for fifth in range(6):
        y = _TOP + _HIGH * (1 - fifth / 5)
        yield Markup('<line x1="{}" y1="{:.1f}" x2="{}" y2="{:.1f}" stroke="{}" stroke-width="0.6"/>').format(
            _LEFT, y, WIDTH, y, "#bbbbbb" if fifth else "#000000"
        )
        yield text(_LEFT - 6, y + 4, wording.number(most * fifth // 5), anchor="end", size=11)


def _months(months: Sequence[Month]) -> Iterator[Markup]:
    for place, month in enumerate(months):
        yield text(_x(place, len(months)), _TOP + _HIGH + 18, _short(month), anchor="middle", size=11)


def _short(month: Month) -> str:
    return f"{month.number:02d}/{month.year}"


def _x(place: int, months: int) -> float:
    return _LEFT + (WIDTH - _LEFT) * (place + 0.5) / months


def _y(count: int, most: int) -> float:
    return _TOP + _HIGH * (1 - count / most)


def _points(one: Series, months: Sequence[Month], most: int) -> list[tuple[float, float] | None]:
    counts = [one.counts.get(month) for month in months]
    return [None if count is None else (_x(place, len(months)), _y(count, most)) for place, count in enumerate(counts)]


def _series(one: Series, months: Sequence[Month], most: int, style: tuple[str, str]) -> Iterator[Markup]:
    run: list[tuple[float, float]] = []
    for point in (*_points(one, months, most), None):
        if point is not None:
            run.append(point)
            yield _mark(*point, style[1])
        elif run:
            yield line(run, dashes=style[0], width=1.6)
            run = []


def _mark(x: float, y: float, shape: str) -> Markup:
    if shape == "circle":
        return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3.6"/>').format(x, y)
    if shape == "square":
        return Markup('<rect x="{:.1f}" y="{:.1f}" width="7" height="7" fill="#ffffff" stroke="#000000"/>').format(
            x - 3.5, y - 3.5
        )
    return Markup('<path d="M{:.1f} {:.1f}l4.4 8h-8.8z" fill="#888888" stroke="#000000"/>').format(x, y - 5)


def _legend(one: Series, place: int) -> Iterator[Markup]:
    dashes, shape = _STYLES[place % len(_STYLES)]
    left = _LEFT + place * 140
    yield line([(left, 12), (left + 34, 12)], dashes=dashes, width=1.6)
    yield _mark(left + 17, 12, shape)
    yield text(left + 40, 16, one.name)


def _numbers(months: Sequence[Month], series: Sequence[Series], most: int) -> Iterator[Markup]:
    """Every point's number: the highest of a month above its point, the others below theirs, or beside it."""
    lowest = _TOP + _HIGH - 4
    for place, month in enumerate(months):
        counts = sorted({count for one in series if (count := one.counts.get(month)) is not None}, reverse=True)
        for rank, count in enumerate(counts):
            x, y = _x(place, len(months)), _y(count, most) + (17 if rank else -8)
            x, y = (x + 16, lowest) if y > lowest else (x, y)
            yield text(x, y, wording.number(count), anchor="middle", size=11)
