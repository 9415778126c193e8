"""A bar per unit, as SVG: read at a glance, printed in black and white, told in words to those who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from auditor.audit.month import UnitFigures
from auditor.outcomes import Verdict
from auditor.report import wording

_ROW, _BAR, _LABELS, _WIDTH, _ROOM = 22, 14, 250, 780, 130


def bars(units: Sequence[UnitFigures]) -> Markup:
    """Counts of this window (dark) and the one before (outlined), most first; a dash where nothing can be said.

    Returns:
        one `svg` element; every name in it is escaped.
    """
    ordered = sorted(units, key=lambda unit: -unit.tally.count)
    most = max([1, *(max(unit.tally.count, unit.tally.previous or 0) for unit in units)])
    scale = (_WIDTH - _LABELS - _ROOM) / most
    rows = Markup("").join(_row(unit, index * _ROW, scale) for index, unit in enumerate(ordered))
    told = "; ".join(f"{wording.title_of(unit)}: {_words(unit)}" for unit in ordered)
    return Markup(
        '<svg class="chart" role="img" viewBox="0 0 {} {}" xmlns="http://www.w3.org/2000/svg">'
        "<title>Số lượt thông tin theo đơn vị</title><desc>{}</desc>{}</svg>"
    ).format(_WIDTH, max(1, len(ordered)) * _ROW, told, rows)


def _row(unit: UnitFigures, top: int, scale: float) -> Markup:
    middle = top + _BAR - 2
    before = Markup("")
    if unit.tally.previous:
        before = Markup(
            '<rect x="{}" y="{}" width="{:.1f}" height="{}" fill="none" stroke="#555" stroke-dasharray="3 2"/>'
        ).format(_LABELS, top + 1, unit.tally.previous * scale, _BAR)
    return Markup(
        '<text x="{}" y="{}" text-anchor="end">{}</text>'
        '<rect x="{}" y="{}" width="{:.1f}" height="{}" fill="#2a5078"/>{}<text x="{:.1f}" y="{}">{}</text>'
    ).format(
        _LABELS - 8,
        middle,
        wording.shorten(wording.title_of(unit), 38),
        _LABELS,
        top + 3,
        unit.tally.count * scale,
        _BAR - 4,
        before,
        _LABELS + max(unit.tally.count, unit.tally.previous or 0) * scale + 6,
        middle,
        _words(unit),
    )


def _words(unit: UnitFigures) -> str:
    if unit.verdict is Verdict.NOT_OBSERVABLE:
        return unit.verdict.label
    change = "" if unit.tally.change is None else f" ({wording.signed(unit.tally.change)})"
    return f"{wording.number(unit.tally.count)}{change}"
