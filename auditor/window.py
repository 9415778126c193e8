"""Months, cut-offs, and the windows a report counts.

A window runs from the day after the previous month's cut-off up to and including this month's cut-off, so that no day
falls between two reports. All days are days of the jurisdiction's time zone.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from auditor.errors import InputError

CutoffDay = int | Literal["end"]

CUTOFF_DAYS: tuple[CutoffDay, ...] = (*range(1, 32), "end")

_LAST_MONTH_OF_YEAR = 12
_MONTH = r"([0-9]{4})-([0-9]{2})"


_NOON = timedelta(hours=12)


def night_of(instant: datetime, zone: ZoneInfo) -> date:
    """The night an instant belongs to, by the day it begins on: from noon to noon."""
    return (instant.astimezone(zone) - _NOON).date()


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month, the name of a report."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """Reads `YYYY-MM`.

        Raises:
            InputError: it is not a month.
        """
        match = re.fullmatch(_MONTH, text.strip())
        # The first and the last year of the calendar have months whose window would begin or end outside it.
        if not match or not 1 <= int(match[2]) <= _LAST_MONTH_OF_YEAR or not MINYEAR < int(match[1]) < MAXYEAR:
            raise InputError(f"'{text}' is not a month: write it as YYYY-MM, for example 2019-11")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def containing(cls, day: date, cutoff: CutoffDay) -> Month:
        """The month whose window holds `day`."""
        month = cls(day.year, day.month)
        return month if day <= month.last_counted_day(cutoff) else month.following()

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @classmethod
    def is_written_so(cls, text: str) -> bool:
        """Whether a text has the form of a month, and not of a longer period."""
        return re.fullmatch(_MONTH, text) is not None

    def preceding(self) -> Month:
        """The month before."""
        return Month(self.year - 1, _LAST_MONTH_OF_YEAR) if self.number == 1 else Month(self.year, self.number - 1)

    def following(self) -> Month:
        """The month after."""
        return Month(self.year + 1, 1) if self.number == _LAST_MONTH_OF_YEAR else Month(self.year, self.number + 1)

    def last_counted_day(self, cutoff: CutoffDay) -> date:
        """This month's cut-off; a day the month does not have becomes its last one."""
        last = calendar.monthrange(self.year, self.number)[1]
        return date(self.year, self.number, last if cutoff == "end" else min(cutoff, last))

    def window(self, cutoff: CutoffDay) -> Window:
        """The days this month's report counts."""
        return Window(
            self.preceding().last_counted_day(cutoff) + timedelta(days=1),
            self.last_counted_day(cutoff),
        )


_PARTS = {"Q1": (1, 3), "Q2": (4, 6), "Q3": (7, 9), "Q4": (10, 12), "H1": (1, 6), "H2": (7, 12)}
_NAMES = {
    (1, 3): "quý I năm {}",
    (4, 6): "quý II năm {}",
    (7, 9): "quý III năm {}",
    (10, 12): "quý IV năm {}",
    (1, 6): "6 tháng đầu năm {}",
    (7, 12): "6 tháng cuối năm {}",
    (1, 12): "năm {}",
}


@dataclass(frozen=True, order=True)
class Span:
    """Whole months of one year: a quarter, a half, the first n months, the year."""

    year: int
    first: int
    last: int

    @classmethod
    def parse(cls, text: str) -> Span:
        """Reads `2019-Q3`, `2019-H1`, `2019-9M` (the first nine months) or `2019`.

        Raises:
            InputError: it is none of them.
        """
        match = re.fullmatch(r"([0-9]{4})(?:-(Q[1-4]|H[12])|-0?([1-9]|1[0-2])M)?", text.strip().upper())
        # The year before must have a window as well.
        if not match or not MINYEAR + 1 < int(match[1]) < MAXYEAR:
            raise InputError(
                f"'{text}' is not a period: write 2019-11, 2019-Q3, 2019-H1, 2019-9M (nine months) or 2019"
            )
        first, last = _PARTS[match[2]] if match[2] else (1, int(match[3] or _LAST_MONTH_OF_YEAR))
        return cls(int(match[1]), first, last)

    def __str__(self) -> str:
        """The one way the period is written: 2019-3M is 2019-Q1."""
        part = next((name for name, months in _PARTS.items() if months == (self.first, self.last)), f"{self.last}M")
        return f"{self.year:04d}" + ("" if part == f"{_LAST_MONTH_OF_YEAR}M" else f"-{part}")

    @property
    def name(self) -> str:
        """As a report names it: "9 tháng đầu năm 2019"."""
        return _NAMES.get((self.first, self.last), f"{self.last} tháng đầu năm {{}}").format(self.year)

    def months(self) -> tuple[Month, ...]:
        """Its months, in order."""
        return tuple(Month(self.year, number) for number in range(self.first, self.last + 1))

    def year_before(self) -> Span:
        """The same months of the year before."""
        return Span(self.year - 1, self.first, self.last)

    def window(self, cutoff: CutoffDay) -> Window:
        """The days its months count."""
        return Window(self.months()[0].window(cutoff).first, self.months()[-1].window(cutoff).last)


@dataclass(frozen=True)
class Window:
    """The days a report counts, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def length(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def days(self) -> Iterator[date]:
        """Every day of the window."""
        for offset in range(self.length):
            yield self.first + timedelta(days=offset)
