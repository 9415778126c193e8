"""Which of a unit's items count for a window, and why the others do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from auditor.audit.month import Backdated, CorrectionFacts, CountedItem, EditionFacts, Removed
from auditor.outcomes import Outcome
from auditor.store.corrections import Correction
from auditor.store.queries import Edition, StoredItem, Visit
from auditor.window import Window

NIGHT = timedelta(hours=36)
"""From one night's visit to the next, however late either began."""
RE_POST_WITHIN = timedelta(hours=1)
"""Two posts of one title this near to each other are one post entered twice."""


@dataclass(frozen=True)
class Reason:
    """Why an item does not count: for the operator, and in the clerk's words."""

    english: str
    label: str


@dataclass(frozen=True)
class Post:
    """An item and its relation to the unit's other items.

    Attributes:
        same_as: the address of the post it repeats; None for one that stands for itself.
        also_at: its further addresses, those of its repetitions included, sorted.
        backdated, removed: what the nights prove of it; it counts all the same.
        evidence: where the answers of the visit that saw it first are kept; "" where that is not known.
    """

    item: StoredItem
    same_as: str | None
    also_at: tuple[str, ...]
    backdated: Backdated | None = None
    removed: Removed | None = None
    evidence: str = ""

    def counts_in(self, window: Window) -> bool:
        """Whether the post adds one to the window's count."""
        day = self.item.published_day
        return day is not None and day in window and self.reason() is None

    def reason(self) -> Reason | None:
        """Why the post counts for no window; None where it counts for the one its day lies in."""
        item = self.item
        if item.category is None:
            why = item.why[0] if item.why else "nothing in it speaks for any"
            return Reason(f"not one of the five: {why}", "không thuộc năm mục tin")
        if item.published_day is None and item.standing:
            return Reason("standing page without a date", "trang nội dung cố định, không ghi ngày đăng")
        if item.published_day is None:
            return Reason("no publication date on the page or in the listing", "không ghi ngày đăng")
        if self.same_as is not None:
            return Reason(f"same post as {self.same_as}", f"trùng với tin {self.same_as}")
        return None

    def record(self) -> CountedItem:
        """The post as the report prints it."""
        item, reason = self.item, self.reason()
        return CountedItem(
            unit=item.unit,
            url=item.url,
            title=item.title,
            published=item.published,
            published_from=item.published_from,
            category=item.category,
            confidence=item.confidence,
            why=item.why,
            counted=reason is None,
            reason=reason.english if reason else None,
            reason_label=reason.label if reason else None,
            commune=item.commune,
            first_seen=item.first_seen.isoformat(),
            also_at=self.also_at,
            attachments=item.attachments,
            editions=tuple(map(_facts, item.editions)) if len(item.editions) > 1 else (),
            document_date=item.document_date,
            id=item.id,
            correction=_decided(item.correction) if item.correction else None,
            backdated=self.backdated,
            removed=self.removed,
            evidence=self.evidence,
        )


def dated_by_sight(item: StoredItem, visits: Sequence[Visit], zone: ZoneInfo) -> StoredItem:
    """An undated post counts by the day it was first seen, if all was read the night before, and it was not there.

    Args:
        item: as stored. One with a date, or one that stands for good, is returned as it is.
        visits: the unit's, oldest first.
        zone: days are of this zone.
    """
    if item.published_day is not None or item.standing:
        return item
    first = next((visit for visit in visits if visit.started == item.first_seen), None)
    before = next((visit for visit in reversed(visits) if visit.started < item.first_seen), None)
    if first is None or before is None or before.outcome is not Outcome.COMPLETE:
        return item
    if first.started - before.started > NIGHT or before.first_day > first.first_day:  # it may have lain deeper
        return item
    day, night = first.started.astimezone(zone).date(), before.started.astimezone(zone).date()
    return replace(item, published_day=day, published_from=f"first seen: {day}; the complete visit of {night} had not")


def recognise(items: Iterable[StoredItem]) -> tuple[Post, ...]:
    """One unit's items as posts: of those entered twice, the one seen first (then of the smaller address) stands.

    Entered twice are items of one title and one commune, published within `RE_POST_WITHIN` of each other, or on one
    day where either shows no time. Items that count for nothing are never taken for another's repetition.

    Returns:
        The posts by day of publication (undated last), then by address.
    """
    originals: dict[tuple[str, str | None], list[StoredItem]] = defaultdict(list)
    repeats: dict[str, list[StoredItem]] = {}
    same_as: dict[str, str] = {}
    ordered = sorted(items, key=lambda item: (item.first_seen, item.url))
    for item in ordered:
        alike = originals[item.title_key, item.commune]
        original = next((other for other in alike if _one_post(other, item)), None)
        if original is None:
            repeats[item.url] = []
            alike.extend([item] if item.category else [])
        else:
            repeats[original.url].append(item)
            same_as[item.url] = original.url
    posts = (Post(item, same_as.get(item.url), _also_at(item, repeats.get(item.url, ()))) for item in ordered)
    return tuple(sorted(posts, key=_by_date))


def _one_post(first: StoredItem, second: StoredItem) -> bool:
    if first.category is None or second.category is None or not (first.published and second.published):
        return False
    if not first.title_key:
        return False
    if "T" in first.published and "T" in second.published:
        apart = datetime.fromisoformat(first.published) - datetime.fromisoformat(second.published)
        return abs(apart) <= RE_POST_WITHIN
    return first.published_day == second.published_day


def _also_at(item: StoredItem, repeats: Iterable[StoredItem]) -> tuple[str, ...]:
    return tuple(sorted({*item.also_at, *(url for other in repeats for url in (other.url, *other.also_at))}))


def _facts(edition: Edition) -> EditionFacts:
    return EditionFacts(
        title=edition.title,
        published=edition.published,
        modified=edition.modified,
        after=edition.after.isoformat() if edition.after else None,
        first_seen=edition.first_seen.isoformat(),
    )


def _decided(correction: Correction) -> CorrectionFacts:
    return CorrectionFacts(
        by=correction.by,
        made=correction.made.isoformat(),
        reason=correction.reason,
        category=str(correction.category or "none") if correction.sets_category else None,
        published=correction.published,
        accepted=correction.accepted,
        machine_category=str(correction.machine_category or "none"),
    )


def _by_date(post: Post) -> tuple[date, str, str]:
    return post.item.published_day or date.max, post.item.published or "", post.item.url
