"""Working days of the state's offices: Monday to Friday, less holidays, with the Saturdays worked instead of others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from auditor import own_yaml

_FILE: Final = Path(__file__).with_name("holidays.yaml")
_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


@dataclass(frozen=True)
class Calendar:
    """The years that are known, the days off in them that are no weekend, and the weekend days worked."""

    years: frozenset[int]
    off: frozenset[date]
    worked: frozenset[date]

    def is_workday(self, day: date) -> bool:
        """Whether offices are open.

        Raises:
            LookupError: the day's year is not known.
        """
        if day.year not in self.years:
            raise LookupError(f"{day.year}: its holidays are not known")
        return day in self.worked or (day.weekday() < _SATURDAY and day not in self.off)

    def latest_before(self, day: date, working_days: int) -> date:
        """The last day that lies at least so many working days before a day.

        The day itself does not count: five working days before a Monday is the Monday before, if none is a holiday.

        Raises:
            LookupError: a year on the way is not known.
        """
        while working_days:
            day -= _DAY
            working_days -= self.is_workday(day)
        return day

    def workday_from(self, day: date) -> date:
        """The day, or the next working day where it is none.

        Raises:
            LookupError: a year on the way is not known.
        """
        while not self.is_workday(day):
            day += _DAY
        return day


@cache
def calendar() -> Calendar:
    """The calendar of holidays.yaml, read once."""
    years = own_yaml.read(_FILE.read_text("utf-8"))["years"]
    return Calendar(frozenset(years), _days(years, "closed"), _days(years, "worked"))


def _days(years: dict[int, dict[str, list[str]]], which: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(f"{year}-{day}") for year, days in years.items() for day in days[which])
