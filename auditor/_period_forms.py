"""How Vietnamese titles write a period: the forms, finest first, on text folded letter for letter.

A form is a pattern and what it means as a pair of days once the year is known. Words already read by one form (a law's
year, a document's date) are blanked before the next form looks.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

Days = tuple[date, date]
ByYear = Callable[[int], Days | None]

_YEARS: Final = range(1990, 2100)
_DECEMBER: Final = 12


@dataclass(frozen=True)
class Said:
    """A period as a text words it.

    Attributes:
        span: where the words stand.
        of: the days, given the year in which the period ends; None for one that stands without end.
        year: the year named; None where it is left to the reader.
        onward: it begins there and has no end ("kể từ ngày 01/7/2019").
    """

    span: tuple[int, int]
    of: ByYear | None
    year: int | None = None
    onward: bool = False

    @property
    def standing(self) -> bool:
        """Whether it stands without end and without beginning."""
        return self.of is None

    def days(self, year_nearby: int | None, published: date | None) -> Days | None:
        """First and last day; a year left out is the one nearest to publication, else the only one mentioned nearby."""
        if self.of is None:
            return None
        if self.year is not None:
            return self.of(self.year)
        if published is None:
            return self.of(year_nearby) if year_nearby else None
        near = [days for year in (1, 0, -1) if (days := self.of(published.year + year))]
        return min(near, key=lambda days: _distance(days, published), default=None)


def _distance(days: Days, published: date) -> int:
    """Days between publication and the period; what begins soon is nearer than what ended as long ago."""
    if published < days[0]:
        return 2 * (days[0] - published).days
    return max(0, 3 * (published - days[1]).days)


def find(text: str) -> Iterator[Said]:
    """The periods a folded text names, finest first."""
    text = _without_documents(text)
    for form in _FORMS:
        for said in form(text):
            yield replace(said, onward=_is_onward(text, said))


def only_year(text: str) -> int | None:
    """The year a text mentions, if it mentions but one."""
    years = {int(year) for year in re.findall(r"(?<!\d)(20\d\d)(?!\d)", _without_documents(text))}
    return years.pop() if len(years) == 1 else None


# --- What is written like a period and is none ----------------------------------------------------------------------

_DAY: Final = r"(0?[1-9]|[12]\d|3[01])(?!\d)"
_MONTH: Final = r"(0?[1-9]|1[0-2])(?!\d)"
_YEAR: Final = r"((?:19|20)\d\d)(?!\d)"
_THEN_YEAR: Final = rf"(?:\s?[/.,-]?\s?(?:\(?nam\s)?{_YEAR}(?!\s?[/-]\s?[a-z]))"
_DOCUMENT: Final = re.compile(
    rf"\b(?:so\s?:?\s?)?\d+\s?[/-]\s?(?:{_YEAR}\s?[/-]\s?)?[a-z][a-z0-9&-]*(?:[/-][a-z0-9-]+)?"
    rf"(?:,?\s?\(?ngay\s{_DAY}\s?(?:[/.-]|thang)\s?{_MONTH}\s?(?:[/.-]|nam)\s?{_YEAR})?"
    rf"|\b(?:luat|bo luat|phap lenh|hien phap)\s[^.;:\d]{{0,50}}(?:so\s[^ ]+\s)?(?:nam\s)?{_YEAR}"
)


def _without_documents(text: str) -> str:
    """Numbers and dates of decisions, years of laws: blanked, so that positions stay."""
    return _DOCUMENT.sub(lambda match: " " * len(match[0]), text)


_ONWARD: Final = re.compile(r"\b(?:tu|bat dau|ke tu|ap dung)(?:\s(?:tu|ngay|thang|quy|nam))*\s?$")


_CLOSED: Final = re.compile(r"\b(?:den|toi)\b|-")


def _is_onward(text: str, said: Said) -> bool:
    start, end = said.span
    return bool(_ONWARD.search(text[max(0, start - 30) : start])) and not _CLOSED.search(text[start : end + 5])


# --- Days -----------------------------------------------------------------------------------------------------------


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(text: str | None) -> int | None:
    return int(text) if text else None


_SLASH: Final = r"\s?(?:[/.]|\sthang\s)\s?"
_DASH: Final = r"\s?(?:[/.-]|\sthang\s)\s?"
_OF: Final = r"(?:{0}|,?\s?nam\s)"


def _range_pattern(separator: str, joint: str) -> str:
    of = _OF.format(separator)
    return (
        rf"(?:\btu\s)?(?:\bngay\s)?(?<![\d/.-]){_DAY}(?:{separator}{_MONTH}(?:{of}{_YEAR})?)?"
        rf"\s?{joint}\s?(?:het\s)?(?:ngay\s)?{_DAY}{separator}{_MONTH}(?:{of}{_YEAR})?"
    )


_RANGES: Final = (
    re.compile(_range_pattern(_DASH, r"(?:\b(?:den|toi)\b)")),
    re.compile(_range_pattern(_SLASH, "-")),
)


def _ranges(text: str) -> Iterator[Said]:
    for pattern in _RANGES:
        for match in pattern.finditer(text):
            yield Said(match.span(), _range_days(match), _number(match[6]) or _number(match[3]))


def _range_days(match: re.Match[str]) -> ByYear:
    def days(year: int) -> Days | None:
        last = _day(year, int(match[5]), int(match[4]))
        first_month = int(match[2] or match[5])
        first_year = int(match[3]) if match[3] else year - (first_month > int(match[5]))
        first = _day(first_year, first_month, int(match[1]))
        return (first, last) if first and last and first <= last else None

    return days


_SINGLE: Final = re.compile(
    rf"(?:\b(?:ngay|sang|chieu|thu\s\w+,?)\s)(?<![\d/.-]){_DAY}{_DASH}{_MONTH}(?:{_OF.format(_DASH)}{_YEAR})?"
    rf"|(?<![\d/.-]){_DAY}[/.-]{_MONTH}[/.-]{_YEAR}"
)


def _single_days(text: str) -> Iterator[Said]:
    for match in _SINGLE.finditer(text):
        day, month, year = (match[1], match[2], match[3]) if match[1] else (match[4], match[5], match[6])
        yield Said(match.span(), _single_day(int(month), int(day)), _number(year))


def _single_day(month: int, number: int) -> ByYear:
    def days(year: int) -> Days | None:
        day = _day(year, month, number)
        return (day, day) if day else None

    return days


def _without_days(text: str) -> str:
    return _SINGLE.sub(lambda match: " " * len(match[0]), text)


# --- Weeks, months, quarters ----------------------------------------------------------------------------------------

_TIMES: Final = r"(?!\s?(?:lan|ky|buoi|ngay|phien|thang|lan/)\b)"  # "mỗi tháng 2 lần" is no February
_WEEK: Final = re.compile(rf"\btuan\s(?:thu\s|so\s|le\s)?(0?[1-9]|[1-4]\d|5[0-3])(?!\d){_TIMES}{_THEN_YEAR}?")


def _weeks(text: str) -> Iterator[Said]:
    for match in _WEEK.finditer(text):
        yield Said(match.span(), _week(int(match[1])), _number(match[2]))


def _week(number: int) -> ByYear:
    def days(year: int) -> Days | None:
        try:
            return date.fromisocalendar(year, number, 1), date.fromisocalendar(year, number, 7)
        except ValueError:
            return None

    return days


def _months_of(first: int, last: int, first_year: int | None = None) -> ByYear:
    """From the first of one month to the last of another; a month that comes later in the year is the year before's."""

    def days(year: int) -> Days | None:
        begin = date(first_year or year - (first > last), first, 1)
        end = date(year, last, calendar.monthrange(year, last)[1])
        return (begin, end) if begin <= end else None

    return days


_JOINT: Final = r"\s?(?:,|;|-|&|\+|\bva\b|\bden\b|\btoi\b|,\s?va\b)\s?(?:het\s|tu\s)?"
_MONTHS: Final = re.compile(
    rf"(?<!moi )(?<!hang )\bthang\s?{_MONTH}{_TIMES}(?:{_THEN_YEAR})?"
    rf"((?:{_JOINT}(?:thang\s|t)?{_MONTH}{_TIMES}(?:{_THEN_YEAR})?){{0,11}})"
)
_MONTH_ITEM: Final = re.compile(rf"(?<!\d){_MONTH}(?:{_THEN_YEAR})?")
_SHORT_MONTH: Final = re.compile(rf"\bt\.?\s?{_MONTH}{_THEN_YEAR}")  # without a year, "T5" is a Thursday
_BARE_MONTH: Final = re.compile(rf"(?<![\d/.-]){_MONTH}\s?[/.-]\s?{_YEAR}(?![/-])")


def _months(text: str) -> Iterator[Said]:
    text = _without_days(text)
    for pattern in (_MONTHS, _SHORT_MONTH, _BARE_MONTH):
        for match in pattern.finditer(text):
            yield from _listed(match, _MONTH_ITEM, int, 1)


_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_QUARTER: Final = r"\b(iii|iv|ii|i|[1-4])(?![\w])"
_QUARTERS: Final = re.compile(
    rf"\bqu[iy]\s?(?:thu\s)?{_QUARTER}(?:{_THEN_YEAR})?((?:{_JOINT}(?:qu[iy]\s)?{_QUARTER}(?:{_THEN_YEAR})?){{0,3}})"
)
_QUARTER_ITEM: Final = re.compile(rf"{_QUARTER}(?:{_THEN_YEAR})?")


def _quarters(text: str) -> Iterator[Said]:
    for match in _QUARTERS.finditer(text):
        yield from _listed(match, _QUARTER_ITEM, lambda name: _ROMAN.get(name) or int(name), 3)


def _listed(match: re.Match[str], item: re.Pattern[str], number: Callable[[str], int], months: int) -> Iterator[Said]:
    """One or several months (quarters): from the first named to the last named."""
    items = [(number(found[1]), _number(found[2])) for found in item.finditer(match[0])]
    if not items:
        return
    year = items[-1][1] or next((year for _, year in items if year), None)
    first, last = (items[0][0] - 1) * months + 1, items[-1][0] * months
    yield Said(match.span(), _months_of(first, last, items[0][1] if items[-1][1] else None), year)


# --- Parts of years, years, terms -----------------------------------------------------------------------------------

_COUNTS: Final = {"ba": 3, "sau": 6, "chin": 9}
_PART: Final = re.compile(rf"\b(1[01]|0?[2-9]|ba|sau|chin)\sthang\s(dau|cuoi)?\s?(?:nam|cua nam)?(?:{_THEN_YEAR})?")
_HALF: Final = re.compile(rf"\bnua\s(dau|cuoi|sau)\snam(?:{_THEN_YEAR})?")


def _parts(text: str) -> Iterator[Said]:
    for match in _PART.finditer(text):
        if match[2] or match[3]:
            count = _COUNTS.get(match[1]) or int(match[1])
            yield Said(match.span(), _part_of_year(count, last=match[2] == "cuoi"), _number(match[3]))
    for match in _HALF.finditer(text):
        yield Said(match.span(), _part_of_year(6, last=match[1] != "dau"), _number(match[2]))


def _part_of_year(count: int, *, last: bool) -> ByYear:
    return _months_of(_DECEMBER + 1 - count, _DECEMBER) if last else _months_of(1, count)


_SPAN: Final = rf"{_YEAR}\s?(?:-|/|den)\s?(?:nam\s)?{_YEAR}"
_TERM: Final = re.compile(rf"\b(?:nhiem ky|giai doan|nk)\s(?:[a-z]+\s){{0,2}}{_SPAN}")
_SCHOOL_YEAR: Final = re.compile(rf"\bnam hoc\s:?\s?{_SPAN}")
_YEAR_LIST: Final = re.compile(
    rf"\bnam\s:?\s?(?<!\d){_YEAR}(?!\s?[/-]\s?[a-z])((?:\s?(?:,|-|va|den)\s?(?:nam\s)?{_YEAR}){{0,5}})"
)
_BARE_YEAR: Final = re.compile(rf"(?<![\d/.-])(?<!khoa ){_YEAR}(?![/.-])")


def _terms(text: str) -> Iterator[Said]:
    for match in _TERM.finditer(text):
        yield Said(match.span(), _years_from(int(match[1])), int(match[2]))


def _school_years(text: str) -> Iterator[Said]:
    """From September to August, as schools count."""
    for match in _SCHOOL_YEAR.finditer(text):
        yield Said(match.span(), _months_of(9, 8), int(match[2]))


def _years(text: str) -> Iterator[Said]:
    text = _without_days(text)
    for pattern in (_YEAR_LIST, _BARE_YEAR):
        for match in pattern.finditer(text):
            years = [int(year) for year in re.findall(r"\d{4}", match[0])]
            yield Said(match.span(), _years_from(years[0]), years[-1])


def _years_from(first: int) -> ByYear:
    def days(year: int) -> Days | None:
        return (date(first, 1, 1), date(year, 12, 31)) if first <= year and first in _YEARS else None

    return days


_STANDING: Final = re.compile(
    r"\b(?:hang|moi)\s(?:thang|tuan|quy|ngay|nam)\b|\bthuong xuyen\b"
    r"|\b(?:\d+|mot|hai|ba|bon)\s(?:lan|ky|buoi|ngay|phien)\s?(?:/|trong\s|mot\s|moi\s)\s?(?:\d\s|mot\s)?(?:thang|tuan|quy)\b"
    r"|\b(?:thang|tuan)\s(?:\d|mot|hai|ba|bon)\s(?:lan|ky|buoi|ngay|phien)\b"
)


def _standing(text: str) -> Iterator[Said]:
    for match in _STANDING.finditer(text):
        yield Said(match.span(), None)


_FORMS: Final[Sequence[Callable[[str], Iterator[Said]]]] = (
    _ranges,
    _weeks,
    _parts,
    _months,
    _quarters,
    _terms,
    _school_years,
    _years,
    _single_days,
    _standing,
)
