"""What the checks look at: one unit's posts and visits, as far as a month's law needs them. Plain values, no store."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from auditor.audit.law.finding import Present, Standing
from auditor.categories import Category
from auditor.outcomes import Cause, Outcome, Verdict
from auditor.period import Period, covered
from auditor.portals import Level
from auditor.text import clean
from auditor.window import Month, Window

_SHOWN = 5
_PUTS_OFF = re.compile(r"\b(?:hoãn|lùi|dời|tạm (?:dừng|ngừng|ngưng|hoãn)|không tổ chức|không tiếp)\b")


@dataclass(frozen=True)
class LawPost:
    """A post as the law's checks see it.

    Attributes:
        published: the day; None where unknown.
        text: what was read of its own page and of its files; "" where nothing was.
        whole: whether that is all it says: no file left unread, nothing cut off.
        standing: the page is itself the notice.
        files: for each file whether it could be read; None where nobody looked.
    """

    url: str
    title: str
    category: Category | None
    published: date | None = None
    text: str = ""
    whole: bool = False
    standing: bool = False
    files: tuple[bool | None, ...] = ()
    commune: str | None = None

    @cached_property
    def period(self) -> Period | None:
        """The days it covers, as its title or its text says."""
        return covered(self.title, self.text, self.published)

    @property
    def puts_off(self) -> bool:
        """Whether it cancels or postpones a session; with its diacritics, for "đối thoại" is no "dời"."""
        return bool(_PUTS_OFF.search(clean(self.title).lower()))


@dataclass(frozen=True)
class Case:
    """One unit and one month.

    Attributes:
        window: the days counted for the month; the law's month is the calendar's.
        posts: of any time, those that concern a rule.
        verdicts: per category, what was published in the window. overall: of the unit.
        held: per category, how many posts are known, of any time. sections: the categories that have a listing.
        read_whole: the categories of which all listings were read to their end after the window.
        seen_whole: whether a visit proves what the window holds.
        outcomes: of the visits since the window's first day. https: whether the portal's address is one of https.
        certificate: what was wrong with its certificate at the last visit that got so far; None where nothing was.
    """

    level: Level
    month: Month
    window: Window
    today: date
    posts: tuple[LawPost, ...] = ()
    verdicts: Mapping[Category, Verdict] = field(default_factory=dict)
    overall: Verdict = Verdict.NOT_OBSERVABLE
    held: Mapping[Category, int] = field(default_factory=dict)
    sections: frozenset[Category] = frozenset()
    read_whole: frozenset[Category] = frozenset()
    seen_whole: bool = False
    outcomes: tuple[Outcome, ...] = ()
    https: bool = False
    certificate: Cause | None = None

    @property
    def first(self) -> date:
        """The first day of the calendar month; the law of this day applies."""
        return date(self.month.year, self.month.number, 1)

    @property
    def last(self) -> date:
        """The last day of the calendar month."""
        return self.first.replace(day=calendar.monthrange(self.month.year, self.month.number)[1])

    @property
    def is_open(self) -> bool:
        """Whether more may still be posted in the window."""
        return self.today <= self.window.last

    def of(self, category: Category) -> tuple[LawPost, ...]:
        """The posts of a category that were there by the end of the month, newest first."""
        end = max(self.last, self.window.last)
        there = (post for post in self.posts if post.category is category and (post.published or end) <= end)
        return tuple(sorted(there, key=lambda post: (post.published or date.min, post.url), reverse=True))

    def in_window(self, category: Category) -> tuple[LawPost, ...]:
        """The posts of a category that were published in the window."""
        return tuple(post for post in self.of(category) if post.published and post.published in self.window)

    @cached_property
    def schedules(self) -> tuple[LawPost, ...]:
        """The schedules in force on a day of the month: their period says so, or they stand without one."""
        return tuple(post for post in self.of(Category.SCHEDULE) if self._is_in_force(post))

    def _is_in_force(self, post: LawPost) -> bool:
        if post.puts_off or post.commune:  # a commune's schedule is not its district's
            return False
        return post.period.covers(self.first, self.last) if post.period else post.standing

    @cached_property
    def doubtful_schedules(self) -> tuple[LawPost, ...]:
        """Those that name no period: of whatever age, they may still be meant."""
        there = self.of(Category.SCHEDULE)
        own = (post for post in there if not (post.puts_off or post.commune))
        return tuple(post for post in own if post.period is None and not post.standing)

    def standing(self, category: Category) -> Standing:
        """Whether a category is present and in force, whenever it was posted.

        A schedule must cover the month; of anything else one post of any time is enough.
        """
        posts = self.schedules if category is Category.SCHEDULE else self.of(category)
        if posts:
            return _standing(Present.YES, posts)
        if category is Category.SCHEDULE and self.doubtful_schedules:
            return _standing(Present.CANNOT_BE_DECIDED, self.doubtful_schedules)
        if self.held.get(category) and category is not Category.SCHEDULE:
            return Standing(Present.YES)
        return Standing(Present.NO if category in self.read_whole else Present.CANNOT_BE_DECIDED)


def _standing(present: Present, posts: tuple[LawPost, ...]) -> Standing:
    periods = [post.period for post in posts if post.period and not post.period.open_ended]
    if posts[0].category is not Category.SCHEDULE:
        periods = []
    return Standing(
        present,
        tuple(post.url for post in posts[:_SHOWN]),
        min((period.first for period in periods), default=None),
        max((period.last for period in periods), default=None),
    )
