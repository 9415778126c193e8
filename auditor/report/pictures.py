"""The pictures of a month, in the order they are looked at; see picture_tables.py for the tables behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from auditor.audit.month import MonthFigures
from auditor.report import picture_tables, tables, wording
from auditor.report.chart import Series, bars, lines_by_month
from auditor.report.heat_map import heat_maps
from auditor.report.svg import Picture
from auditor.report.tables import Table
from auditor.report.view import by_group


@dataclass(frozen=True)
class Shown:
    """A picture, and the table that says the same; None where another picture's or an annex has it."""

    picture: Picture
    table: Table | None = None


def pictures(figures: MonthFigures) -> Iterator[Shown]:
    """Bars per unit, months per group and per unit, units by category and by night: those there is something for."""
    if figures.units:
        yield from map(Shown, bars(figures.units, figures.month))
    months = picture_tables.months(figures)
    if months.rows:
        yield Shown(_by_group(figures))
        yield from _mapped(figures, months, "Số liệu từng tháng của từng đơn vị")
    if figures.units:
        yield from map(Shown, heat_maps(_by_category(figures), _names(figures), _told(figures)))
    nights = picture_tables.calendar(figures)
    if nights.rows:
        yield from _mapped(figures, nights, "Kết quả kiểm tra từng đêm của từng đơn vị")


def _mapped(figures: MonthFigures, table: Table, what: str) -> Iterator[Shown]:
    """The pictures of a table; the table itself goes with the last of them."""
    drawn = list(heat_maps(table, _names(figures), f"{what}, như trang tính “{table.name}” của tệp xlsx."))
    for number, picture in enumerate(drawn, start=1):
        yield Shown(picture, table if number == len(drawn) else None)


def _by_group(figures: MonthFigures) -> Picture:
    known = picture_tables.known_months(figures)
    series = [
        Series(
            group.figures.key.label,
            {past.month: past.groups.get(group.figures.key) for past in known} | {figures.month: group.known},
        )
        for group in by_group(figures)
    ]
    title = f"Số lượt thông tin theo cấp, các tháng đến {wording.month_name(figures.month)}"
    return lines_by_month(title, [*(past.month for past in known), figures.month], series)


def _by_category(figures: MonthFigures) -> Table:
    title = f"Số lượt thông tin theo đơn vị và mục tin, {wording.month_name(figures.month)} (ô đậm hơn: nhiều lượt hơn)"
    return replace(tables.summary(figures), title=title)


def _told(figures: MonthFigures) -> str:
    return f"Số lượt của từng đơn vị theo mục tin, như bảng “{tables.summary(figures).title}”."


def _names(figures: MonthFigures) -> dict[str, str]:
    return {unit.name: wording.title_of(unit) for unit in figures.units}
