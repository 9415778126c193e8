"""Posts that appeared after a complete visit which should have shown them: their printed date and the nights disagree.

A post is told of where its own printed day lies before a complete visit that read the post's listing down past that
day and did not find it. Never told of: a post entered again (it was there under another address), a day that people
or sight set, a listing that the visit did not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from auditor.audit.counting import Post
from auditor.audit.month import Backdated
from auditor.outcomes import Outcome
from auditor.store.coverage import listings_read, places_of
from auditor.store.queries import Visit


@dataclass(frozen=True)
class Suspect:
    """A post, the visit that saw it first, and the complete visits that may have missed it, the latest first."""

    post: Post
    seen: Visit
    before: tuple[Visit, ...]


def with_backdating(
    session: Session, posts: Mapping[str, Sequence[Post]], visits: Mapping[str, Sequence[Visit]], zone: ZoneInfo
) -> dict[str, tuple[Post, ...]]:
    """The posts per unit; those that the nights contradict carry both proofs.

    Args:
        session: reads what the visits read.
        posts: per unit.
        visits: per unit, oldest first.
        zone: days are of this zone.
    """
    suspects = [each for unit, found in posts.items() for each in suspects_among(found, visits.get(unit, ()), zone)]
    read = listings_read(session, {visit.id for suspect in suspects for visit in suspect.before})
    places = places_of(session, {_key(suspect.post) for suspect in suspects})
    proven = {}
    for suspect in suspects:
        key = _key(suspect.post)
        proof = _proof(suspect, places.get(key, frozenset()), read, zone)
        if proof is not None:
            proven[key] = proof
    return {
        unit: tuple(replace(post, backdated=proven.get(_key(post))) for post in found) for unit, found in posts.items()
    }


def _key(post: Post) -> tuple[str, str]:
    return post.item.unit, post.item.url


def suspects_among(posts: Sequence[Post], visits: Sequence[Visit], zone: ZoneInfo) -> Iterator[Suspect]:
    """The posts of one unit with a complete visit between their printed day and the visit that saw them first."""
    complete = [visit for visit in reversed(visits) if visit.outcome is Outcome.COMPLETE]
    starts = {visit.started: visit for visit in visits}
    for post in posts:
        item, seen = post.item, starts.get(post.item.first_seen)
        day = item.published_day if item.published and post.same_as is None else None
        if day is None or seen is None or item.standing or (item.correction and item.correction.published):
            continue
        before = tuple(
            visit
            for visit in complete
            if visit.started < seen.started and visit.first_day <= day < visit.started.astimezone(zone).date()
        )
        if before:
            yield Suspect(post, seen, before)


def _proof(
    suspect: Suspect, places: frozenset[str], read: Mapping[int, frozenset[str]], zone: ZoneInfo
) -> Backdated | None:
    """The last visit that should have shown the post, beside the one that saw it; None where there is none."""
    for visit in suspect.before:
        listing = min(places & read.get(visit.id, frozenset()), default=None)
        if listing is not None:
            return _told(suspect, visit, listing, zone)
    return None


def _told(suspect: Suspect, visit: Visit, listing: str, zone: ZoneInfo) -> Backdated:
    day, seen = suspect.post.item.published_day, suspect.seen
    note = (
        f"ghi ngày đăng {day:%d/%m/%Y}, nhưng lần kiểm tra đầy đủ {clock(visit.started, zone)} chưa có tin này; "
        f"thấy lần đầu {clock(seen.started, zone)}"
    )
    return Backdated(
        printed=day.isoformat() if day else "",
        absent=visit.started.isoformat(),
        listing=listing,
        seen=seen.started.isoformat(),
        note=note,
    )


def clock(instant: datetime, zone: ZoneInfo) -> str:
    """An instant in the clerk's words, "01:05 ngày 19/11/2019"."""
    return f"{instant.astimezone(zone):%H:%M ngày %d/%m/%Y}"
