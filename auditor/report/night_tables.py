"""The tables about time: the nights a unit was observed, and the posts that the nights have something to say about."""

from __future__ import annotations

from auditor.audit.month import Citation, MonthFigures, Role, UnitFigures
from auditor.report import wording
from auditor.report.tables import Cell, Column, Holds, Row, Table, link

_ORDINAL = Column("STT", 9, Holds.NUMBER)
_UNIT = Column("Đơn vị", 30)
_ROLES = {
    Role.PROOF: "căn cứ kết luận",
    Role.SAW: "thấy tin được tính",
    Role.OBSTACLE: "lý do chưa kết luận được",
    Role.LAST_COMPLETE: "lần đọc đầy đủ gần nhất",
}


def nights(figures: MonthFigures) -> Table:
    """One row per unit: nights observed out of nights tried, and the visits its verdict rests on."""
    columns = (
        _ORDINAL,
        _UNIT,
        Column("Số đêm kiểm tra", 10, Holds.NUMBER),
        Column("Số đêm đọc đầy đủ", 10, Holds.NUMBER),
        Column("Kết luận", 20),
        Column("So sánh với kỳ trước", 22),
        Column("Lần kiểm tra làm căn cứ", 60),
    )
    rows = (Row((number, *_nights(figures, unit))) for number, unit in enumerate(figures.units, start=1))
    title = f"Số đêm đã kiểm tra và căn cứ kết luận, {wording.month_name(figures.month)}"
    return Table("Các đêm kiểm tra", title, columns, tuple(rows))


def _nights(figures: MonthFigures, unit: UnitFigures) -> tuple[Cell, ...]:
    observed, tried = unit.nights
    compared = "đủ cơ sở" if unit.tally.comparable else "chưa đủ cơ sở"
    cited = (citation for citation in unit.cited if citation.roles != (Role.SAW,))
    return (
        unit.name,
        tried,
        observed,
        unit.verdict.label,
        compared,
        "; ".join(_cited(figures, citation) for citation in cited),
    )


def _cited(figures: MonthFigures, citation: Citation) -> str:
    roles = ", ".join(_ROLES[role] for role in citation.roles)
    return f"{figures.local(citation.started):%d/%m/%Y %H:%M}: {citation.outcome.label} ({roles})"


def noted(figures: MonthFigures) -> Table:
    """One row per counted item that the nights contradict, or that is gone; empty in most months."""
    columns = (
        _ORDINAL,
        _UNIT,
        Column("Tiêu đề", 60),
        Column("Địa chỉ", 44, Holds.LINK),
        Column("Ghi chú", 80),
    )
    found = ((unit, item) for unit in figures.units for item in unit.items if item.notes)
    rows = (
        Row((number, unit.name, item.title, link(item.url), "; ".join(item.notes)))
        for number, (unit, item) in enumerate(found, start=1)
    )
    title = f"Tin được tính có ghi chú về thời gian, {wording.month_name(figures.month)}"
    return Table("Ghi chú về tin", title, columns, tuple(rows))
