"""`auditor import-history`: figures of the time before the system, read from a file, checked whole, and stored.

A row names a period (2019-10, 10/2019, or a longer one: 2019-Q3, 2019-9M, 2019), either a unit or a group (or "total"),
and the count that was published for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.context import Context
from auditor.errors import InputError
from auditor.office.tables_in import Faults, Line, month_of, read_table, unit_named
from auditor.portals import Group, Jurisdiction, Unit
from auditor.store.closings import closed_months
from auditor.store.database import Database
from auditor.store.history import PastFigure, keep_past_figures, past_figures
from auditor.text import fold
from auditor.window import Month, Span, Window

COLUMNS = {
    "period": ("tháng", "kỳ", "month"),
    "unit": ("đơn vị",),
    "group": ("cấp",),
    "count": ("số lượt", "số lượng"),
    "note": ("ghi chú",),
}
_GROUPS = {
    "cap tinh": Group.PROVINCIAL,
    "cap huyen": Group.DISTRICT,
    "cap xa": Group.COMMUNE,
    **{str(group): group for group in Group},
}
_TOTALS = {"total", "tong", "tong so", "tong cong"}
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?|[0-9]{1,2}[/-][0-9]{4}")
_LARGEST = 1_000_000

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Imported:
    """How many figures were new, how many replaced others, how many were known already, and of which periods."""

    added: int
    replaced: int
    known: int
    periods: tuple[str, ...]


def import_history(context: Context, file: Path, *, replace: bool = False) -> Imported:
    """Stores the figures of a file: all of them, or none.

    Raises:
        InputError: a wrong row, a sum that its parts contradict, a closed month, a figure that differs from the one
            known (unless `replace`).
    """
    faults = Faults(file)
    lines = read_table(file, COLUMNS, ("period", "count"))
    read = [(line, _figure(context, line, faults, str(file.name))) for line in lines]
    figures = {_key(one): one for _, one in read if one}
    _refuse_twice([(line, one) for line, one in read if one], faults)
    _check_sums(context.jurisdiction, [(line, one) for line, one in read if one], faults)
    faults.raise_if_any()
    with Database.open(context.database) as database, database.transaction() as session:
        closed = sorted({one.period for one in figures.values()}.intersection(closed_months(session)))
        if closed:
            raise InputError(f"{closed[0]} is closed: its figures stay; take its rows out of {file}")
        before = {_key(one): one.count for one in past_figures(session)}
        differing = [key for key, one in figures.items() if before.get(key, one.count) != one.count]
        if differing and not replace:
            period, _, name = differing[0]
            told = f"{before[differing[0]]}, the file says {figures[differing[0]].count}"
            raise InputError(f"{period} {name or 'total'} is known as {told}: --replace takes the file's figures")
        keep_past_figures(session, figures.values(), context.now())
    known = sum(before.get(key) == one.count for key, one in figures.items())
    periods = tuple(sorted({one.period for one in figures.values()}))
    return Imported(len(figures) - known - len(differing), len(differing), known, periods)


def read_period(text: str) -> str:
    """A month or a longer period, as it is stored.

    Raises:
        InputError: it is neither.
    """
    if _MONTH.fullmatch(text):
        return str(month_of(text))
    span = Span.parse(text)
    return str(span if span.last > span.first else span.months()[0])


def _figure(context: Context, line: Line, faults: Faults, source: str) -> PastFigure | None:
    if bool(line["unit"]) == bool(line["group"]):
        faults.add(line, "name either a unit or a group (provincial, district, commune, total)")
        return None
    try:
        period = read_period(line["period"])
        _refuse_future(context, period)
        scope, key = ("unit", unit_named(context.jurisdiction, line["unit"])) if line["unit"] else _group(line["group"])
        return PastFigure(period, scope, key, _count(line["count"]), line["note"], source)
    except InputError as error:
        faults.add(line, str(error))
        return None


def _refuse_future(context: Context, period: str) -> None:
    if _window(context.jurisdiction, period).first > context.today:
        raise InputError(f"{period} has not begun: write the period the figure was published for")


def _group(text: str) -> tuple[str, str]:
    if fold(text) in _TOTALS:
        return "total", ""
    group = _GROUPS.get(fold(text))
    if group is None:
        raise InputError(f"'{text[:80]}' is no group: write provincial, district, commune or total")
    return "group", str(group)


def _count(text: str) -> int:
    plain = re.sub(r"[.\s](?=[0-9]{3}(?:\D|$))", "", text)
    if not re.fullmatch(r"[0-9]{1,9}", plain, re.ASCII) or int(plain) > _LARGEST:
        raise InputError(f"'{text[:80]}' is no count: write a whole number")
    return int(plain)


def _key(one: PastFigure) -> Key:
    return one.period, one.scope, one.key


def _refuse_twice(read: Sequence[tuple[Line, PastFigure]], faults: Faults) -> None:
    seen: dict[Key, int] = {}
    for line, one in read:
        first = seen.setdefault(_key(one), line.number)
        if first != line.number:
            faults.add(line, f"{one.period} {one.key or 'total'} stands in row {first} already: keep one")


def _check_sums(jurisdiction: Jurisdiction, read: Sequence[tuple[Line, PastFigure]], faults: Faults) -> None:
    """A total against all its groups, a group against its units: equal where all are given, never less."""
    counts = {_key(one): one.count for _, one in read}
    for line, one in read:
        parts, everything = _parts(jurisdiction, one, counts)
        wrong = one.count != sum(parts.values()) if everything else one.count < sum(parts.values())
        if parts and wrong:
            what = one.key or "total"
            faults.add(line, f"{one.period}: {what} is {one.count}, its parts in this file make {sum(parts.values())}")


def _parts(jurisdiction: Jurisdiction, one: PastFigure, counts: Mapping[Key, int]) -> tuple[dict[str, int], bool]:
    """The parts of a figure that the file has, and whether these are all there are."""
    units = _units(jurisdiction, one.period)
    if one.scope == "total":
        there = {jurisdiction.group_of(unit) for unit in units}
        names = [
            ("group", str(group)) for group in Group if group in there or (one.period, "group", str(group)) in counts
        ]
    elif one.scope == "group":
        names = [("unit", unit.key) for unit in units if jurisdiction.group_of(unit) == one.key]
    else:
        names = []
    found = {key: counts[one.period, scope, key] for scope, key in names if (one.period, scope, key) in counts}
    return found, len(found) == len(names)


def _units(jurisdiction: Jurisdiction, period: str) -> Sequence[Unit]:
    return jurisdiction.units_valid_in(_window(jurisdiction, period))


def _window(jurisdiction: Jurisdiction, period: str) -> Window:
    named = Month.parse(period) if _MONTH.fullmatch(period) else Span.parse(period)
    return named.window(jurisdiction.cutoff_day)
