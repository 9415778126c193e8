"""Which days of a month a schedule names for receiving citizens, read from its text.

Forms seen on portals: "ngày 15 và 25 hàng tháng" (also with the separator lost: "ngày 1525"), "thứ Tư hằng tuần",
"thứ Sáu tuần thứ 2 và tuần thứ 4 hàng tháng", tables ("Tháng 11: ngày 07; 14; 21; 28"), single dates; and "trùng ngày
nghỉ thì tiếp vào ngày làm việc tiếp theo". Words are matched folded.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from auditor.audit.law.workdays import calendar as workdays
from auditor.letters import LETTERS
from auditor.text import clean
from auditor.window import Month

_LETTERS: Final = 20_000
_WEEKDAYS: Final = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5} | {str(n + 2): n for n in range(6)}
_NAME: Final = r"(?:hai|ba|tu|nam|sau|bay|[2-7])(?!\w)"
_AND: Final = r"\s?(?:,|;|&|-|va)\s?"
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])(?![\d/])"
_DAYS: Final = rf"{_DAY}(?:{_AND}(?:ngay\s)?{_DAY})*"
_EVERY: Final = r"(?:hang|moi)\s"

_WEEKLY: Final = (
    re.compile(rf"\bthu\s?({_NAME}(?:{_AND}(?:ngay\s)?(?:thu\s)?{_NAME})*)[^.;\n]{{0,15}}?\s{_EVERY}tuan\b"),
    re.compile(rf"\b{_EVERY}tuan\b[^.;\n]{{0,25}}?\bthu\s?({_NAME}(?:{_AND}(?:ngay\s)?(?:thu\s)?{_NAME})*)"),
)
_NTH: Final = re.compile(
    rf"\bthu\s?({_NAME})\s?(?:cua\s)?((?:(?:{_AND})?(?:va\s)?(?:thu\s?{_NAME}\s?(?:cua\s)?)?tuan\s(?:thu\s|le\s)?"
    r"(?:[1-4]|nhat|hai|ba|tu|dau|cuoi)(?!\w)\s?){1,4})(?:cua\s|trong\s)?(?:hang\s|moi\s)?thang\b"
)
_NTH_WEEK: Final = re.compile(
    rf"(?:thu\s?({_NAME})\s?(?:cua\s)?)?tuan\s(?:thu\s|le\s)?([1-4]|nhat|hai|ba|tu|dau|cuoi)(?!\w)"
)
_WEEKS: Final = {"nhat": 0, "dau": 0, "hai": 1, "ba": 2, "tu": 3, "cuoi": -1} | {str(n + 1): n for n in range(4)}
_MONTHLY: Final = (
    re.compile(rf"\bngay\s({_DAYS}|\d{{4}}(?!\d))\s?(?:cua\s)?{_EVERY}thang\b"),
    re.compile(rf"\b{_EVERY}thang\s?[,:]?\s?(?:vao\s)?(?:cac\s)?ngay\s({_DAYS}|\d{{4}}(?![\d/]))"),
)
_MOVED: Final = re.compile(r"(?:trung|roi) (?:vao )?(?:cac )?(?:ngay )?(?:nghi|le|thu bay|chu nhat)")
_DATE: Final = re.compile(
    r"(?<![\d/.-])(0?[1-9]|[12]\d|3[01])\s?(?:[/.-]|\sthang\s)\s?(0?[1-9]|1[0-2])(?!\d)"
    r"(?:\s?(?:[/.-]|,?\snam\s)\s?(20\d\d)(?!\d))?"
)
_SIGNED: Final = re.compile(r"(?P<before>[\w ]{0,12}),\s?ngay\s?$")
_SPEAKS_OF_A_SESSION: Final = re.compile(r"\b(?:thu\s\w+|sang|chieu|chu nhat)\s?$")
_OF_A_DOCUMENT: Final = re.compile(r"(?:\d\s?/\s?[a-z][a-z0-9/-]*|ban hanh|can cu|thong bao so|ket luan)[^.;\n]{0,25}$")


@dataclass(frozen=True)
class Named:
    """Days of one month.

    Attributes:
        days: in order. regular: a rule names them all ("hằng tuần"); single dates may be only some.
    """

    days: frozenset[date]
    regular: bool

    def __or__(self, other: Named) -> Named:
        return Named(self.days | other.days, self.regular or other.regular)


def named(text: str, month: Month) -> Named:
    """The days of the month that a text names for reception; none where it names none."""
    folded = clean(text[:_LETTERS]).translate(LETTERS)
    found = _regular(folded, month) or _tabled(folded, month)
    if found:
        return Named(frozenset(_moved(folded, found)), regular=True)
    return Named(frozenset(_dates(folded, month)), regular=False)


def _regular(text: str, month: Month) -> set[date]:
    days = set(_nth(text, month))
    for pattern in _WEEKLY:
        for match in pattern.finditer(text):
            days |= {day for name in re.findall(_NAME, match[1]) for day in _weekdays(month, _WEEKDAYS[name])}
    for pattern in _MONTHLY:
        for match in pattern.finditer(text):
            days |= set(_numbers(match[1], month))
    return days


def _nth(text: str, month: Month) -> Iterator[date]:
    """Of "Thứ Sáu tuần thứ 2", the second Friday; a week without a weekday of its own has that of the one before."""
    for match in _NTH.finditer(text):
        weekday = match[1]
        for name, week in _NTH_WEEK.findall(match[2]):
            weekday = name or weekday
            yield _weekdays(month, _WEEKDAYS[weekday])[_WEEKS[week]]


def _tabled(text: str, month: Month) -> set[date]:
    """A line of a table: the month, then its days."""
    of = rf"\bthang\s?0?{month.number}(?!\d)(?:\s?[/-]\s?{month.year}|\snam\s{month.year})?"
    pattern = re.compile(rf"{of}\s?[:|-]?\s?(?:(?:cac\s)?ngay\s?:?\s?({_DAYS})|({_DAY}(?:{_AND}{_DAY})+))(?!\s?thang)")
    return {day for match in pattern.finditer(text) for day in _numbers(match[1] or match[2], month)}


def _numbers(text: str, month: Month) -> Iterator[date]:
    joined = re.fullmatch(r"(\d\d)(\d\d)", text)
    for number in joined.groups() if joined else re.findall(r"\d+", text):
        if 1 <= int(number) <= calendar.monthrange(month.year, month.number)[1]:
            yield date(month.year, month.number, int(number))


def _weekdays(month: Month, weekday: int) -> list[date]:
    days = calendar.monthrange(month.year, month.number)[1]
    every = (date(month.year, month.number, number) for number in range(1, days + 1))
    return [day for day in every if day.weekday() == weekday]


def _moved(text: str, days: set[date]) -> Iterator[date]:
    """Where the text says so, a day on which offices are closed becomes the next working day."""
    moves = bool(_MOVED.search(text))
    for day in days:
        try:
            yield workdays().workday_from(day) if moves else day
        except LookupError:
            yield day


def _dates(text: str, month: Month) -> Iterator[date]:
    """Single dates, without those of documents and of the signature."""
    for match in _DATE.finditer(text):
        before = text[max(0, match.start() - 60) : match.start()]
        signed = _SIGNED.search(before)
        if signed and not _SPEAKS_OF_A_SESSION.search(signed["before"]):
            continue
        of_the_month = int(match[2]) == month.number and int(match[3] or month.year) == month.year
        if of_the_month and not _OF_A_DOCUMENT.search(before):
            yield from _numbers(match[1], month)
