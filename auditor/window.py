"""Months, cut-offs, and the windows a report counts.

A window runs from the day after the previous month's cut-off up to and including this month's cut-off, so that no day
falls between two reports. All days are days of the jurisdiction's time zone.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Literal

from auditor.errors import InputError

CutoffDay = int | Literal["end"]

_LAST_MONTH_OF_YEAR = 12


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
        match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text.strip())
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


@dataclass(frozen=True)
class Window:
    """The days a report counts, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def days(self) -> Iterator[date]:
        """Every day of the window."""
        for offset in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=offset)
