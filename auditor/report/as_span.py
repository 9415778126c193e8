"""Longer periods: text, JSON, and the tables and sentences of their report files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from auditor.audit.month import known_sum
from auditor.audit.spans import MonthSum, Part, SpanFigures, SpanSum
from auditor.report import wording
from auditor.report.narrative import Block, written
from auditor.report.tables import Column, Holds, Row, Table
from auditor.text import json_text

_SOURCES = {
    "closed": "đã chốt",
    "history": "số liệu nhập",
    "open": "chưa chốt",
    "unknown": "chưa có số liệu",
}


def comparison(figures: SpanFigures) -> str:
    """The change against the same period of the year before: "tăng 273 lượt so với 9 tháng đầu năm 2019"."""
    before, change = figures.before.span.name, figures.change
    if change is None:
        return f"chưa đủ số liệu để so sánh với {before}"
    if change == 0:
        return f"bằng số lượt {before}"
    return f"{'tăng' if change > 0 else 'giảm'} {wording.number(abs(change))} lượt so với {before}"


def span_text(figures: SpanFigures) -> str:
    """The period for a terminal: the months, their sum, what was learnt since, the year before."""
    now, before = figures.now, figures.before
    lines = [f"{now.span}  {figures.jurisdiction}"]
    lines += [f"{one.month}     {_or_unknown(one.count):>6}  {one.source}{_later(one)}" for one in now.months]
    lines += [f"{span!s:<12}{count:>6}  written down, stands for its months" for span, count in now.inside]
    lines += [
        f"reported    {_or_unknown(now.counted):>6}",
        f"learnt since{now.later:+6}",
        f"cumulative  {_or_unknown(now.cumulative):>6}",
        f"{before.span!s:<12}{_or_unknown(before.cumulative):>6}",
        f"change      {'?' if figures.change is None else f'{figures.change:+}':>6}"
        + ("" if figures.comparable or figures.change is None else "  (not fully comparable)"),
    ]
    if now.written is not None and now.counted is not None:
        lines.append(f"written down for the whole period: {now.written} ({now.written - now.counted:+} to the months)")
    lines += [f"not known: {', '.join(map(str, one.missing))}" for one in (now, before) if one.missing]
    return "\n".join(lines) + "\n"


def span_json(figures: SpanFigures) -> str:
    """The period for scripts."""
    record = {
        "period": str(figures.now.span),
        "now": _sum(figures.now),
        "before": _sum(figures.before),
        "change": figures.change,
        "comparable": figures.comparable,
        "changed_units": list(figures.changed),
        "units": [
            {"key": key, "name": name, "count": figures.now.unit(key), "before": figures.before.unit(key)}
            for key, name in figures.units
        ],
    }
    return json_text(record, indent=2) + "\n"


def span_makers(figures: SpanFigures, templates: Path | None = None) -> dict[str, Callable[[], bytes | str]]:
    """One function per format."""
    blocks, tables = _blocks(figures, templates), [months_table(figures), _units(figures)]
    last = figures.now.span.months()[-1]

    def docx() -> bytes:
        from auditor.report.as_docx import Paper, letterhead, paper_docx  # noqa: PLC0415 - slow to load, rarely needed

        head = letterhead(figures.jurisdiction, figures.office)
        return paper_docx(Paper(figures.office, head, "Báo cáo", last, blocks, tables))

    def xlsx() -> bytes:
        from auditor.report.as_xlsx import workbook  # noqa: PLC0415

        return workbook(tables, tables[0].title, figures.office, last)

    def html() -> str:
        from auditor.report.as_html import paper_html  # noqa: PLC0415

        return paper_html(figures.office, blocks, tables, templates)

    return {"docx": docx, "xlsx": xlsx, "html": html, "json": lambda: span_json(figures)}


def _blocks(figures: SpanFigures, templates: Path | None) -> tuple[Block, ...]:
    now = figures.now
    context = {
        "figures": figures,
        "now": now,
        "before": figures.before,
        "comparison": comparison(figures),
        "groups": [(group.label, total) for group in now.groups if (total := now.group(group)) is not None],
        "unknown_groups": [group.label for group in now.groups if now.group(group) is None],
        "not_closed": [one.month for one in now.apart if one.source == "open"],
    }
    return written("period.txt.j2", context, templates)


def months_table(figures: SpanFigures) -> Table:
    """The months, their sum, and what was learnt since: how the period's figure comes about."""
    columns = (
        Column("Tháng", 14),
        Column("Số lượt đã báo cáo", 12, Holds.NUMBER),
        Column("Bổ sung sau khi chốt", 12, Holds.CHANGE),
        Column("Lũy kế", 12, Holds.NUMBER),
        Column("Nguồn số liệu", 24),
        Column("Cùng kỳ năm trước", 14, Holds.NUMBER),
    )
    now, before = figures.now, figures.before
    rows = [
        Row((_name(one), one.count, one.later, _with_later(one), _SOURCES[one.source], _count_in(one, before)))
        for one in now.parts
    ]
    rows += [
        Row((old.span.name, None, None, None, _SOURCES[old.source], old.count))
        for old in before.parts
        if not any(_covers(one, old) for one in now.parts)
    ]
    added = None if now.counted is None else now.counted + now.later
    rows.append(Row(("Cộng", now.counted, now.later, added, None, before.counted), total=True))
    if (added, before.counted) != (now.cumulative, before.cumulative):
        source = _SOURCES["history"] if now.is_written else None
        rows.append(Row(("Số liệu cả kỳ", None, None, now.cumulative, source, before.cumulative), total=True))
    return Table("Theo tháng", f"Số liệu từng tháng trong {now.span.name}", columns, tuple(rows))


def _units(figures: SpanFigures) -> Table:
    columns = (
        Column("STT", 7, Holds.NUMBER),
        Column("Đơn vị", 34),
        *(Column(f"T{month.number}", 7, Holds.NUMBER) for month in figures.now.span.months()),
        Column("Cộng", 9, Holds.NUMBER),
        Column("Cùng kỳ năm trước", 12, Holds.NUMBER),
        Column("Ghi chú", 20),
    )
    rows = tuple(
        Row((number, name, *(one.units.get(key) for one in figures.now.months), now, *_unit_before(figures, key)))
        for number, (key, name) in enumerate(figures.units, start=1)
        for now in [figures.now.unit(key)]
    )
    return Table("Theo đơn vị", f"Số lượt đã báo cáo theo đơn vị trong {figures.now.span.name}", columns, rows)


def _unit_before(figures: SpanFigures, key: str) -> tuple[int | None, str]:
    """The unit's sum of the year before, and which of the two sums lacks months."""
    lacking = [
        which
        for which, one in (("kỳ này", figures.now), ("năm trước", figures.before))
        if one.unit(key) is not None and any(key in month.lacking for month in one.months)
    ]
    return figures.before.unit(key), f"chưa đủ các tháng: {', '.join(lacking)}" if lacking else ""


def _name(part: Part) -> str:
    single = part.span.first == part.span.last
    return wording.month_name(part.span.months()[0]) if single else part.span.name


def _covers(part: Part, old: Part) -> bool:
    """Whether the part holds all months of one of another year."""
    return part.span.first <= old.span.first and old.span.last <= part.span.last


def _count_in(part: Part, before: SpanSum) -> int | None:
    """What is known of the same months of the year before."""
    return known_sum(old.count for old in before.parts if _covers(part, old))


def _with_later(one: Part) -> int | None:
    return None if one.count is None else one.count + one.later


def _or_unknown(value: int | None) -> str:
    return "?" if value is None else str(value)


def _later(one: MonthSum) -> str:
    return f", {one.later:+} learnt since" if one.later else ""


def _sum(one: SpanSum) -> dict[str, Any]:
    return {
        "period": str(one.span),
        "reported": one.counted,
        "later": one.later,
        "cumulative": one.cumulative,
        "written": one.written,
        "inside": [{"period": str(span), "count": count} for span, count in one.inside],
        "missing": [str(month) for month in one.missing],
        "whole": one.whole,
        "groups": {str(group): total for group in one.groups if (total := one.group(group)) is not None},
        "months": list(_month_records(one)),
    }


def _month_records(one: SpanSum) -> Iterator[dict[str, Any]]:
    for month in one.months:
        yield {"month": str(month.month), "source": month.source, "count": month.count, "later": month.later}
