"""What stands for good may be older than what a visit has to read: rules of years ago, January's schedule of the year.

A listing of rules, or of schedules, that showed none in force so far is read a little further; and the schedule that
covers today is opened, for its days stand in its text. Both within bounds that a night's requests do not feel, and
neither can make a visit any less complete.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from auditor.categories import Category
from auditor.classify import classify
from auditor.period import covered
from auditor.reading.rows import Row

MOST_PAGES: Final = 4
"""Listing pages of one visit, beyond those that the first day asked for needs."""
MOST_POSTS: Final = 2
"""Schedules of one visit that are opened though their listing tells all that is counted."""


def is_missing(category: Category | None, label: str, rows: Iterable[Row], first_day: date) -> bool:
    """Whether a listing of rules or schedules showed none of the days since the first; False for other listings."""
    if category is Category.RULES:
        return not any(classify(row.title, label).category is Category.RULES for row in rows)
    if category is Category.SCHEDULE:
        return not any(_last_day(row) >= first_day for row in rows)
    return False


def schedule_of(day: date, label: str, rows: Iterable[Row]) -> Row | None:
    """The first row that is a schedule and covers the day, as its title says."""
    for row in rows:
        period = covered(row.title, "", _posted(row))
        if period and period.covers(day, day) and classify(row.title, label).category is Category.SCHEDULE:
            return row
    return None


def _last_day(row: Row) -> date:
    """The last day a row covers, as its title says; the day it was posted where it does not say."""
    posted = _posted(row)
    period = covered(row.title, "", posted)
    return period.last if period else posted or date.min


def _posted(row: Row) -> date | None:
    """When a row was posted; where the listing tells the last change only, no later than that."""
    stamp = row.stamp or row.modified
    return stamp.day if stamp else None
