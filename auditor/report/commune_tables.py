"""The table of communes: those with a portal of their own, and those that are a branch of their district's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from auditor.audit.month import CountedItem, MonthFigures, UnitFigures
from auditor.categories import Category
from auditor.outcomes import Verdict
from auditor.portals import Level
from auditor.report import wording
from auditor.report.tables import Cell, Column, Holds, Row, Table
from auditor.report.view import of_communes


def communes(figures: MonthFigures) -> Table:
    """One row per commune that is audited or has a counted post; a branch without posts is not known to us."""
    columns = (
        Column("STT", 7, Holds.NUMBER),
        Column("Xã, phường, thị trấn", 30),
        Column("Thuộc trang của", 30),
        *(Column(figures.labels.get(category, category.label), 14, Holds.NUMBER, shaded=True) for category in Category),
        Column("Tổng", 9, Holds.NUMBER),
        Column("Kết luận", 18),
    )
    rows = (Row((number, *cells)) for number, cells in enumerate(_rows(figures), start=1))
    return Table("Cấp xã", f"Cấp xã, {wording.month_name(figures.month)}", columns, tuple(rows))


def _rows(figures: MonthFigures) -> Iterator[tuple[Cell, ...]]:
    for unit in figures.units:
        if unit.level is Level.COMMUNE:
            yield (unit.name, "trang riêng", *_own(unit), unit.verdict.label)
        branches = of_communes(unit)
        for name in sorted({item.commune for item in branches if item.commune}):
            posts = [item for item in branches if item.commune == name]
            yield (name, unit.name, *_counts(posts), len(posts), Verdict.PUBLISHED.label)


def _own(unit: UnitFigures) -> Iterator[Cell]:
    yield from (figure.known for figure in unit.categories.values())
    yield unit.known


def _counts(posts: list[CountedItem]) -> Iterator[Cell]:
    counted = Counter(item.category for item in posts)
    yield from (counted[category] for category in Category)
