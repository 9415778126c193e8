"""What may honestly be said of a unit for a window.

`not_published` needs a proof: a complete visit that read down to the window's first day and began late enough to have
seen everything the window holds. A proof stays one, whatever later visits meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from auditor.audit.counting import Post
from auditor.audit.month import Citation, Night, Role
from auditor.categories import Category
from auditor.outcomes import Cause, Outcome, Verdict
from auditor.store.queries import Visit
from auditor.text import printable
from auditor.window import Window, night_of

EVENING = time(18)
"""A night's visits may begin the evening before: "tonight" is today, or yesterday from this hour on."""


def _rank(outcome: Outcome) -> int:
    """How much a visit of this outcome saw; less is better."""
    return {Outcome.COMPLETE: 0, Outcome.PARTIAL: 1}.get(outcome, 2)


@dataclass(frozen=True)
class Vantage:
    """A window as seen from a day, both of one time zone.

    Attributes:
        begins, ends: the unit's own first and last day; None where it has none. Only what was posted in between is its
            own: a portal that goes on under another name has the posts of both. What it had posted by its last day is
            all there will be, and its portal may be switched off before the window ends.
    """

    window: Window
    today: date
    zone: ZoneInfo
    begins: date | None = None
    ends: date | None = None

    @property
    def days(self) -> Window:
        """The days of the window on which the unit existed."""
        first, last = self.window.first, self.window.last
        return Window(max(first, self.begins or first), min(last, self.ends or last))

    def day(self, instant: datetime) -> date:
        """The day an instant falls on."""
        return instant.astimezone(self.zone).date()

    def night(self, visit: Visit) -> date:
        """The night a visit belongs to."""
        return night_of(visit.started, self.zone)

    def since_first_day(self, visits: Sequence[Visit]) -> tuple[Visit, ...]:
        """The visits, oldest first, that could see anything of the window."""
        return tuple(visit for visit in visits if self.day(visit.started) >= self.window.first)

    def is_late_enough(self, visit: Visit) -> bool:
        """Whether the visit began after the window's end, or the unit's; for a window still open, tonight."""
        end = self.days.last
        if self.today > end:
            return self.day(visit.started) > end
        return visit.started >= datetime.combine(self.today - timedelta(days=1), EVENING, self.zone)

    def is_proof(self, visit: Visit) -> bool:
        """Whether what the visit did not see was not there."""
        return (
            visit.outcome is Outcome.COMPLETE
            and visit.first_day <= self.window.first
            and self.is_late_enough(visit)
        )  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What is known of one unit for one window.

    Attributes:
        posts: every post that concerns the window, counted or not.
        visits: those since the window's first day, oldest first.
        proof: the first that is one; a post that appeared later was not there when the window ended.
        undated: posts that would count if they were of this window, which nothing can tell.
    """

    vantage: Vantage
    posts: tuple[Post, ...]
    visits: tuple[Visit, ...]
    proof: Visit | None
    undated: tuple[Post, ...]

    @classmethod
    def of(cls, vantage: Vantage, posts: Sequence[Post], visits: Sequence[Visit]) -> Reading:
        """Reads one unit's posts and visits for one window."""
        relevant = vantage.since_first_day(visits)
        proof = next((visit for visit in relevant if vantage.is_proof(visit)), None)
        concerned = tuple(post for post in posts if _concerns(post, vantage, proof))
        undated = tuple(post for post in concerned if _may_count(post))
        return cls(vantage, concerned, relevant, proof, undated)

    @property
    def is_over(self) -> bool:
        """Whether the window has ended: only then is it one to compare."""
        return self.vantage.today > self.vantage.window.last

    def counted(self, category: Category | None = None) -> tuple[Post, ...]:
        """The posts that count, of one category or of all."""
        return tuple(
            post
            for post in self.posts
            if post.counts_in(self.vantage.window) and category in (None, post.item.category)
        )

    def is_whole(self, category: Category | None = None) -> bool:
        """Whether the count is all there is, and not merely all that was seen."""
        return self.proof is not None and not any(category in (None, post.item.category) for post in self.undated)

    def verdict(self, category: Category | None = None) -> Verdict:
        """What may be said of the unit, or of one of its categories."""
        if self.counted(category):
            return Verdict.PUBLISHED
        return Verdict.NOT_PUBLISHED if self.is_whole(category) else Verdict.NOT_OBSERVABLE

    def known_count(self, category: Category | None = None) -> int | None:
        """The count; None where nothing may be said."""
        return None if self.verdict(category) is Verdict.NOT_OBSERVABLE else len(self.counted(category))

    def obstacle(self) -> tuple[Outcome | None, Cause | None, str]:
        """Why nothing may be said: outcome and cause of the visit that matters, and a line for the operator."""
        if not self.visits:
            return None, Cause.NEVER_VISITED, ""
        if self.proof is not None:
            example = printable(self.undated[0].item.url)
            return self.proof.outcome, Cause.UNDATED, f"{len(self.undated)} posts without a date, such as {example}"
        latest = self._latest()
        if latest.outcome is not Outcome.COMPLETE:
            return latest.outcome, latest.cause, latest.detail
        return latest.outcome, self._shortcoming(), self._told(latest)

    def _latest(self) -> Visit:
        """The last visit; of those that read deep enough, where there are any."""
        deep = [visit for visit in self.visits if visit.first_day <= self.vantage.window.first]
        return (deep or self.visits)[-1]

    def _shortcoming(self) -> Cause:
        """What the complete visits lack to be a proof."""
        late = any(visit.outcome is Outcome.COMPLETE and self.vantage.is_late_enough(visit) for visit in self.visits)
        return Cause.TOO_SHALLOW if late else Cause.TOO_EARLY

    def _told(self, visit: Visit) -> str:
        return f"the visit of {self.vantage.day(visit.started)} read down to {visit.first_day}"

    def calendar(self) -> tuple[Night, ...]:
        """The nights until the proof, without one until today, each with the best of its visits."""
        end = min(self.vantage.today, self.vantage.day(self.proof.started)) if self.proof else self.vantage.today
        best: dict[date, Outcome] = {}
        for visit in self.visits:
            if self.vantage.day(visit.started) <= end:
                night = self.vantage.night(visit)
                best[night] = min(best.get(night, visit.outcome), visit.outcome, key=_rank)
        return tuple(Night(day, outcome) for day, outcome in sorted(best.items()))

    def nights(self) -> tuple[int, int]:
        """The nights of the calendar: (one of its visits was complete, tried)."""
        calendar = self.calendar()
        return sum(night.outcome is Outcome.COMPLETE for night in calendar), len(calendar)

    def cited(self) -> tuple[Citation, ...]:
        """The visits that the verdicts, of the unit and of its categories, rest on; oldest first."""
        return tuple(
            Citation(visit.started, visit.outcome, visit.cause, visit.first_day, roles)
            for visit in self.visits
            if (roles := tuple(self._roles(visit)))
        )

    def _roles(self, visit: Visit) -> Iterator[Role]:
        if self.proof is not None and visit.id == self.proof.id:
            yield Role.PROOF
        if any(post.item.first_seen == visit.started for post in self.counted()):
            yield Role.SAW
        if self.proof is None:
            complete = [each.id for each in self.visits if each.outcome is Outcome.COMPLETE]
            if complete and visit.id == complete[-1]:
                yield Role.LAST_COMPLETE
            if visit.id == self._latest().id:
                yield Role.OBSTACLE


def _concerns(post: Post, vantage: Vantage, proof: Visit | None) -> bool:
    """Whether the post is of the window, or may be.

    An undated post that was there before the window began is not of it; nor is one that appeared after the proof.
    A standing page is there all the time. A post last changed before the window began was published before it.
    """
    item = post.item
    if item.published_day is not None:
        return item.published_day in vantage.days
    if item.standing:
        return vantage.day(item.last_seen) >= vantage.window.first
    if item.modified is not None and date.fromisoformat(item.modified[:10]) < vantage.window.first:
        return False
    return vantage.day(item.first_seen) >= vantage.window.first and (proof is None or item.first_seen <= proof.started)


def _may_count(post: Post) -> bool:
    item = post.item
    return item.published_day is None and item.category is not None and not item.standing
