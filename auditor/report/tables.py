"""The report's tables, built once: DOCX, XLSX and HTML lay the same rows out.

A cell holds a value of its own type; None prints as a dash and means "not known", never zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import quote, urlsplit

from auditor.audit.afterwards import Later
from auditor.audit.month import CountedItem, MonthFigures, Tally, UnitFigures
from auditor.categories import Category
from auditor.outcomes import Verdict
from auditor.report import wording
from auditor.report.view import GroupPart, Part, by_group
from auditor.text import clean

UNKNOWN = "–"
_LONGEST_ADDRESS = 2_000
"""Excel takes no link beyond 2,079 characters, Word none beyond 2,083."""
_HOST = re.compile(r"[A-Za-z0-9.\-\[\]:]+")


@dataclass(frozen=True)
class Link:
    """An address as a reader may follow it; see `link`."""

    address: str


Cell = str | int | float | date | Link | None


class Holds(StrEnum):
    """What a column's cells hold, and so how they are printed and aligned."""

    TEXT = "text"
    NUMBER = "number"
    CHANGE = "change"
    SHARE = "share"
    DATE = "date"
    LINK = "link"


@dataclass(frozen=True)
class Column:
    """A column: its heading, its width in characters, what it holds; `shaded`: its numbers stand on greys."""

    heading: str
    width: int
    holds: Holds = Holds.TEXT
    shaded: bool = False


@dataclass(frozen=True)
class Row:
    """One row; `total`: it sums others."""

    cells: tuple[Cell, ...]
    total: bool = False


@dataclass(frozen=True)
class Table:
    """A table: its name (a sheet's name, at most 31 characters), its title, its columns and rows."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


_ORDINAL = Column("STT", 7, Holds.NUMBER)
_UNIT = Column("Đơn vị", 30)


def cell_text(cell: Cell, column: Column) -> str:
    """A cell as a person reads it; not escaped."""
    if cell is None:
        return UNKNOWN
    if isinstance(cell, Link):
        return cell.address
    if isinstance(cell, date):
        return wording.day(cell)
    if isinstance(cell, int):
        return wording.signed(cell) if column.holds is Holds.CHANGE else wording.number(cell)
    if isinstance(cell, float):
        return f"{cell:.2f}".replace(".", ",")
    return clean(cell)


def link(url: str) -> Link | str:
    """A link to an absolute http(s) address, every part percent-encoded; any other text, and one too long, stays text.

    Word refuses a file whose links are not URIs (RFC 3986), and no other scheme may come out of a crawled page.
    """
    try:
        parts = urlsplit(clean(url))
        host = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
    except ValueError:
        return clean(url)
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        return clean(url)
    query = f"?{_encoded(parts.query)}" if parts.query else ""
    fragment = f"#{_encoded(parts.fragment)}" if parts.fragment else ""
    address = f"{parts.scheme}://{host}{_encoded(parts.path)}{query}{fragment}"
    return Link(address) if len(address) <= _LONGEST_ADDRESS else clean(url)


def _encoded(part: str) -> str:
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", quote(part, safe="%/:@!$&'()*+,;=~?-._"))


def summary(figures: MonthFigures) -> Table:
    """One row per unit with its count per category, one per group, one for all."""
    categories = tuple(Column(_label(figures, category), 14, Holds.NUMBER, shaded=True) for category in Category)
    columns = (
        _ORDINAL,
        _UNIT,
        *categories,
        Column("Tổng", 9, Holds.NUMBER),
        Column("Tháng trước", 10, Holds.NUMBER),
        Column("Tăng/giảm", 11, Holds.CHANGE),
        Column("Kết luận", 18),
        Column("Ghi chú", 26),
    )
    title = (
        f"Tổng hợp việc đăng tải thông tin tiếp công dân {wording.month_name(figures.month)}"
        f" (từ ngày {wording.day(figures.window.first)} đến ngày {wording.day(figures.window.last)})"
    )
    return Table("Tổng hợp", title, columns, tuple(_summary_rows(figures)))


def _summary_rows(figures: MonthFigures) -> Iterator[Row]:
    ordinal = 0
    for group in by_group(figures):
        for unit in group.units:
            ordinal += 1
            yield Row((ordinal, unit.name, *_unit_counts(unit), unit.verdict.label, _note(unit)))
        yield _group_row(group)
    yield _total_row("Tổng cộng", Part(figures.units), figures.total)


def _unit_counts(unit: UnitFigures) -> Iterator[Cell]:
    yield from (unit.categories[category].known for category in Category)
    yield from _compared(unit.known, unit.tally)


def _compared(known: int | None, tally: Tally) -> tuple[Cell, Cell, Cell]:
    """A count, the one before, the change: none of them where nothing is known now."""
    return known, tally.previous, None if known is None else tally.change


def _note(unit: UnitFigures) -> str:
    """What a reader of the unit's row must know: why nothing can be said, or what weakens its numbers."""
    remarks = [f"kết thúc hoạt động ngày {wording.day(unit.ended)}"] if unit.ended else []
    if unit.verdict == Verdict.NOT_OBSERVABLE:
        return "; ".join([*remarks, reason(unit)])
    if not unit.seen_whole:
        remarks.append("có thể đã đăng nhiều hơn")
    if not unit.tally.comparable and unit.tally.previous is not None:
        remarks.append("số liệu so sánh chưa đầy đủ")
    return "; ".join(remarks)


def reason(unit: UnitFigures) -> str:
    """Why nothing can be said of a unit."""
    cause = unit.cause or unit.outcome
    return cause.label if cause else "chưa rõ nguyên nhân"


def _group_row(group: GroupPart) -> Row:
    return _total_row(group.figures.key.label, group, group.figures.tally)


def _total_row(name: str, part: Part, tally: Tally) -> Row:
    counts = (part.known_in(category) for category in Category)
    posted = f"{len(part.published)}/{len(part.units)} đã đăng tải"
    doubt = "" if tally.comparable or tally.previous is None else "số liệu so sánh chưa đầy đủ"
    return Row((None, name, *counts, *_compared(part.known, tally), posted, doubt), total=True)


def counted_items(figures: MonthFigures, *, detailed: bool) -> Table:
    """One row per counted item; `detailed` adds how the date and the category were found."""
    columns = (
        _ORDINAL,
        _UNIT,
        Column("Mục tin", 24),
        Column("Tiêu đề", 60),
        Column("Ngày đăng", 15, Holds.DATE),
        Column("Địa chỉ", 44, Holds.LINK),
    )
    extra = (
        Column("Cấp xã", 18),
        Column("Độ tin cậy", 10, Holds.SHARE),
        Column("Căn cứ phân loại", 40),
        Column("Căn cứ ngày đăng", 30),
        Column("Phát hiện", 17),
        Column("Tệp kèm theo", 10, Holds.NUMBER),
        Column("Mã tin", 10),
        Column("Bản lưu", 52),
    )
    rows = (
        Row((number, *_item_cells(figures, unit, item), *(_found(figures, item) if detailed else ())))
        for number, (unit, item) in enumerate(_all_items(figures), start=1)
    )
    title = f"Các tin được tính trong {wording.month_name(figures.month)}"
    return Table("Chi tiết", title, columns + extra if detailed else columns, tuple(rows))


def _all_items(figures: MonthFigures) -> Iterator[tuple[UnitFigures, CountedItem]]:
    return ((unit, item) for unit in figures.units for item in unit.items)


def _item_cells(figures: MonthFigures, unit: UnitFigures, item: CountedItem) -> tuple[Cell, ...]:
    category = _label(figures, item.category) if item.category else None
    return (unit.name, category, item.title, _day(item.published), link(item.url))


def _found(figures: MonthFigures, item: CountedItem) -> tuple[Cell, ...]:
    return (
        item.commune or "",
        item.confidence,
        "; ".join(map(wording.cited, item.why)),
        wording.cited(item.published_from or ""),
        _clock(figures, item.first_seen),
        len(item.attachments),
        item.id,
        item.evidence,
    )


def _clock(figures: MonthFigures, instant: str) -> str:
    return f"{figures.local(datetime.fromisoformat(instant)):%d/%m/%Y %H:%M}"


def _day(instant: str | None) -> date | None:
    return date.fromisoformat(instant[:10]) if instant else None


def not_observable(figures: MonthFigures) -> Table:
    """The units nothing can be said of, each with what was tried."""
    columns = (
        _ORDINAL,
        _UNIT,
        Column("Địa chỉ", 34, Holds.LINK),
        Column("Kết quả kiểm tra", 26),
        Column("Nguyên nhân", 34),
        Column("Số lần kiểm tra", 10, Holds.NUMBER),
        Column("Số lần đọc đầy đủ", 10, Holds.NUMBER),
        Column("Chi tiết kỹ thuật", 60),
    )
    units = figures.with_verdict(Verdict.NOT_OBSERVABLE)
    rows = (Row((number, *_attempts(unit))) for number, unit in enumerate(units, start=1))
    title = f"Đơn vị chưa kết luận được trong {wording.month_name(figures.month)}"
    return Table("Không quan sát được", title, columns, tuple(rows))


def _attempts(unit: UnitFigures) -> tuple[Cell, ...]:
    observed, tried = unit.nights
    outcome = unit.outcome.label if unit.outcome else unit.verdict.label
    return (unit.name, link(unit.url), outcome, reason(unit), tried, observed, unit.detail)


def corrections(figures: MonthFigures) -> Table:
    """What people decided of the window's items, whether counted or not."""
    columns = (
        _ORDINAL,
        _UNIT,
        Column("Tiêu đề", 60),
        Column("Mục tin (máy)", 24),
        Column("Mục tin (người duyệt)", 24),
        Column("Ngày đăng (người duyệt)", 15, Holds.DATE),
        Column("Được tính", 10),
        Column("Người duyệt", 20),
        Column("Thời điểm", 17),
        Column("Lý do", 50),
        Column("Địa chỉ", 44, Holds.LINK),
    )
    names = {unit.key: unit.name for unit in figures.units}
    rows = (
        Row((number, names.get(item.unit, item.unit), item.title, *_decision(figures, item), link(item.url)))
        for number, item in enumerate(figures.corrected, start=1)
    )
    title = f"Tin do người duyệt xác định trong {wording.month_name(figures.month)}"
    return Table("Duyệt, sửa", title, columns, tuple(rows))


def _decision(figures: MonthFigures, item: CountedItem) -> tuple[Cell, ...]:
    decided = item.correction
    if decided is None:
        return (None,) * 7
    return (
        _named(figures, decided.machine_category),
        _named(figures, decided.category) if decided.category else "giữ nguyên",
        _day(decided.published),
        "có" if item.counted else "không",
        decided.by,
        _clock(figures, decided.made),
        decided.reason,
    )


def _named(figures: MonthFigures, key: str) -> str:
    return "không thuộc năm mục tin" if key == "none" else _label(figures, Category(key))


def restated(figures: MonthFigures) -> Table:
    """What was learnt of closed months and is told in this report: a row each, as the sentences tell the first ones."""
    columns = (
        _ORDINAL,
        Column("Tháng đã chốt", 14),
        _UNIT,
        Column("Tiêu đề", 60),
        Column("Nội dung", 30),
        Column("Khi chốt", 30),
        Column("Hiện nay", 40),
        Column("Tăng/giảm", 11, Holds.CHANGE),
        Column("Địa chỉ", 44, Holds.LINK),
    )
    found = ((one.month, later) for one in figures.restated for later in one.later)
    rows = (
        Row((number, wording.month_name(month), *_learnt(later)))
        for number, (month, later) in enumerate(found, start=1)
    )
    title = f"Bổ sung số liệu các tháng đã chốt, báo cáo {wording.month_name(figures.month)}"
    return Table("Bổ sung", title, columns, tuple(rows))


def _learnt(later: Later) -> tuple[Cell, ...]:
    place = link(later.url) if later.url else ""
    return later.unit_name, later.title, later.kind.label, later.before, later.now, later.effect, place


def checks(figures: MonthFigures) -> Table:
    """The comparisons of printed figures with their parts."""
    columns = (_ORDINAL, Column("Nội dung kiểm tra", 60), Column("Kết quả", 14), Column("Chi tiết", 60))
    rows = (
        Row(
            (
                number,
                wording.check_name(check),
                "Khớp" if check.ok else "KHÔNG KHỚP",
                wording.check_detail(check),
            )
        )
        for number, check in enumerate(figures.checks, start=1)
    )
    title = f"Kiểm tra số liệu {wording.month_name(figures.month)}"
    return Table("Kiểm tra số liệu", title, columns, tuple(rows))


def shortened(table: Table, limit: int) -> Table:
    """The table for paper: no text longer than `limit` characters."""
    return Table(table.name, table.title, table.columns, tuple(_short_row(row, limit) for row in table.rows))


def _short_row(row: Row, limit: int) -> Row:
    cells: Iterable[Cell] = (wording.shorten(cell, limit) if isinstance(cell, str) else cell for cell in row.cells)
    return Row(tuple(cells), row.total)


def _label(figures: MonthFigures, category: Category) -> str:
    return figures.labels.get(category, category.label)
