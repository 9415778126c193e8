"""The tables about what is present and what the law asks for: beside the count, never part of it."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.audit.law.finding import Finding, Present, Ruling
from auditor.audit.month import MonthFigures, UnitFigures
from auditor.categories import Category
from auditor.report import wording
from auditor.report.tables import Cell, Column, Holds, Row, Table, link

_ORDINAL = Column("STT", 9, Holds.NUMBER)
_UNIT = Column("Đơn vị", 30)


def present(figures: MonthFigures) -> Table:
    """One row per unit: per category whether it is there, whenever posted; how many rules are kept, and which are not.

    A schedule is there if it covers the month. A dash: not read far enough to say.
    """
    columns = (
        _ORDINAL,
        _UNIT,
        *(Column(figures.labels.get(category, category.label), 13) for category in Category),
        Column("Số tiêu chí đạt", 9, Holds.NUMBER),
        Column("Chưa kết luận", 9, Holds.NUMBER),
        Column("Tiêu chí chưa đạt", 24),
    )
    rows = (Row((number, *_present(unit))) for number, unit in enumerate(figures.units, start=1))
    title = f"Thông tin hiện có (không kể ngày đăng) và việc thực hiện quy định, {wording.month_name(figures.month)}"
    return Table("Thông tin hiện có", title, columns, tuple(rows))


def _present(unit: UnitFigures) -> tuple[Cell, ...]:
    return (
        unit.name,
        *(_PRESENT[unit.categories[category].standing.present] for category in Category),
        _count(unit, Ruling.OK),
        _count(unit, Ruling.CANNOT_BE_DECIDED),
        ", ".join(finding.rule for finding in unit.findings if finding.verdict is Ruling.VIOLATED),
    )


_PRESENT = {Present.YES: "Có", Present.NO: "Không", Present.CANNOT_BE_DECIDED: None}


def _count(unit: UnitFigures, ruling: Ruling) -> int:
    return sum(finding.verdict is ruling for finding in unit.findings)


def not_kept(figures: MonthFigures) -> Table:
    """One row per unit and rule that was seen not to be kept: what is asked for, what was seen, under which article."""
    columns = (
        _ORDINAL,
        _UNIT,
        Column("Tiêu chí", 34),
        Column("Yêu cầu", 30),
        Column("Thực tế", 34),
        Column("Căn cứ", 30),
        Column("Địa chỉ", 34, Holds.LINK),
    )
    found = ((unit, finding) for unit in figures.units for finding in unit.findings)
    violated = ((unit, finding) for unit, finding in found if finding.verdict is Ruling.VIOLATED)
    rows = (Row((number, *_told(unit, finding))) for number, (unit, finding) in enumerate(violated, start=1))
    title = f"Nội dung chưa thực hiện đúng quy định, hướng dẫn trong {wording.month_name(figures.month)}"
    return Table("Chưa đạt", title, columns, tuple(rows))


def _told(unit: UnitFigures, finding: Finding) -> tuple[Cell, ...]:
    address = link(finding.items[0]) if finding.items else None
    return (unit.name, f"{finding.rule}. {finding.text}", finding.expected, finding.seen, finding.basis, address)


def all_findings(figures: MonthFigures) -> Table:
    """Every rule that applies to every unit, for filtering: kept, not kept, not decided and why."""
    columns = (
        _ORDINAL,
        _UNIT,
        Column("Tiêu chí", 8),
        Column("Nội dung", 44),
        Column("Kết luận", 18),
        Column("Yêu cầu", 36),
        Column("Thực tế", 44),
        Column("Căn cứ", 36),
        Column("Địa chỉ", 44, Holds.LINK),
    )
    rows = (Row((number, *cells)) for number, cells in enumerate(_findings(figures), start=1))
    title = f"Đối chiếu với quy định, hướng dẫn trong {wording.month_name(figures.month)}"
    return Table("Đối chiếu quy định", title, columns, tuple(rows))


def _findings(figures: MonthFigures) -> Iterator[tuple[Cell, ...]]:
    for unit in figures.units:
        for finding in unit.findings:
            if finding.verdict is not Ruling.NOT_APPLICABLE:
                *head, address = _told(unit, finding)
                said = (finding.rule, finding.text, finding.verdict.label, *head[2:])
                yield (head[0], *said, address)
