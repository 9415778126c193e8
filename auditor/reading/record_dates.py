"""Dates in records: which key holds the publication, and in which form a server writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from auditor.reading.dates import Order, Stamp, read_machine, read_stamp

_FORM = r"(vn|str|string|text|format(ted)?|display|show)?"
_SUFFIX = rf"(date|time|at|on|up|datetime|timestamp|day)?{_FORM}"
_PUBLISHED = re.compile(
    rf"(ngay|thoigian|gio)(dang|xuatban|xb|congbo|hienthi|phathanh)(tai|tin|bai)?|"
    rf"(date|time)?(publish(ed)?|publ|pub|posted|released?|publication){_SUFFIX}|"
    rf"(post|news|article|display|active)(date|time|datetime|timestamp){_FORM}"
)
_PLAIN = re.compile(rf"(date|ngay|time|ngaythang|datetime|thoigian|timestamp|day|ngaygio){_SUFFIX}")
_CREATED = re.compile(
    rf"(ngay|thoigian)(tao|nhap|khoitao)|(date|time)?(created?|add(ed)?|insert(ed)?|creation|input){_SUFFIX}"
)
_MODIFIED = re.compile(
    r"(ngay|thoigian)(capnhat|sua|chinhsua|thaydoi)|"
    rf"(date|last|time)?(modif(y|ied)|updated?|chang(e|ed)|edit(ed)?|modification){_SUFFIX}"
)
_NET = re.compile(r"/Date\((-?\d{1,17})([+-]\d{4})?\)/")
_SLASHED = re.compile(r"\s*(\d{1,2})/(\d{1,2})/\d{4}\b")
_HALF_DAY = re.compile(r"\d\s*[AP]M\b", re.IGNORECASE)
_MONTHS = 12
_EPOCH_DIGITS = frozenset({10, 13})


@dataclass(frozen=True)
class DateKeys:
    """Which keys of a list of records hold dates, and in what order their days and months stand.

    Attributes:
        published, modified: keys, the most trusted first.
        month_first: keys whose values are written month first ("11/18/2019 8:00:00 AM").
        doubtful: keys of which that cannot be told; their dates are not read.
    """

    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    month_first: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()


def date_keys(records: Iterable[Mapping[str, object]]) -> DateKeys:
    """Looks over a list of records, whose keys are plain ones (`plain_key`)."""
    values: dict[str, list[str]] = {}
    for record in records:
        for key, value in record.items():
            values.setdefault(key, []).append(_text(value))
    published = [key for pattern in (_PUBLISHED, _PLAIN, _CREATED) for key in values if pattern.fullmatch(key)]
    modified = [key for key in values if _MODIFIED.fullmatch(key) and key not in published]
    orders = {key: _is_month_first(values[key]) for key in (*published, *modified)}
    return DateKeys(
        tuple(dict.fromkeys(published)),
        tuple(modified),
        frozenset(key for key, month_first in orders.items() if month_first),
        frozenset(key for key, month_first in orders.items() if month_first is None),
    )


def _is_month_first(values: list[str]) -> bool | None:
    """Whether dates with slashes are written month first; None where nothing tells, and a half day makes it likely."""
    pairs = [(int(match[1]), int(match[2])) for value in values if (match := _SLASHED.match(value))]
    month_first = any(second > _MONTHS for _, second in pairs)
    day_first = any(first > _MONTHS for first, _ in pairs)
    if month_first and day_first:
        return None
    if not month_first and not day_first and pairs and any(_HALF_DAY.search(value) for value in values):
        return None if any(first != second for first, second in pairs) else False
    return month_first


def stamp_of(
    record: Mapping[str, object], keys: tuple[str, ...], known: DateKeys, now: datetime | None
) -> Stamp | None:
    """The first date the record holds under one of the keys, with key and value as the place it was read from."""
    for key in keys:
        value = _text(record.get(key))
        if not value or key in known.doubtful:
            continue
        if key in known.month_first:
            value = _SLASHED.sub(
                lambda match: match[0].replace(f"{match[1]}/{match[2]}", f"{match[2]}/{match[1]}"), value
            )
        stamp = _read(value, now)
        if stamp is not None:
            return replace(stamp, text=f"{key}: {_text(record[key])}", order=Order.UNTOLD)  # settled here
    return None


def _read(value: str, now: datetime | None) -> Stamp | None:
    if match := _NET.fullmatch(value):
        return read_machine(match[1])
    if value.isdecimal() and len(value) not in _EPOCH_DIGITS:
        return None
    return read_machine(value) or read_stamp(value, now=now)


def _text(value: object) -> str:
    """A value as text: numbers without decimals; "" for what cannot be a date."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return str(int(value)) if abs(value) < 1e15 else ""  # noqa: PLR2004  (NaN compares false)
    if isinstance(value, int):
        return str(value) if abs(value) < 10**15 else ""
    return value.strip()[:200] if isinstance(value, str) else ""
