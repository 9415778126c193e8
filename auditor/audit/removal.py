"""Posts that were taken off the portal: proven by nights and by the post's own address, never by silence alone.

A post is removed where the last clear answer of its address was that there is nothing, and complete visits of
`NIGHTS_WITHOUT` different nights, the one that asked among them, should have shown it since it was last seen, and did
not. A post that is seen again is not removed; a partial visit proves nothing. It counts for its month all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from auditor.audit.backdating import clock
from auditor.audit.counting import Post
from auditor.audit.month import Removed
from auditor.observation import Presence
from auditor.outcomes import Outcome
from auditor.store.absence import NIGHTS, StoredCheck, checks_since
from auditor.store.coverage import listings_read, places_of
from auditor.store.queries import StoredItem, Visit
from auditor.window import night_of

NIGHTS_WITHOUT = NIGHTS + 1
"""Complete nights without the post: those before its address is asked, and the one that asks."""


def with_removals(
    session: Session, posts: Mapping[str, Sequence[Post]], visits: Mapping[str, Sequence[Visit]], zone: ZoneInfo
) -> dict[str, tuple[Post, ...]]:
    """The posts per unit; those proven to be gone carry the proof."""
    began = min((visit.started for found in visits.values() for visit in found), default=None)
    checks = checks_since(session, began) if began else {}
    asked = [post.item for found in posts.values() for post in found if (post.item.unit, post.item.url) in checks]
    may_show = {(item.unit, item.url): _complete_since(item, visits.get(item.unit, ())) for item in asked}
    read = listings_read(session, {visit.id for found in may_show.values() for visit in found})
    places = places_of(session, may_show)
    gone: dict[tuple[str, str], Removed] = {}
    for item in asked:
        key = item.unit, item.url
        absent = [visit.started for visit in may_show[key] if places.get(key, frozenset()) & read[visit.id]]
        check = proof_of_removal(item.last_seen, absent, checks[key], zone)
        if check is not None:
            gone[key] = _told(item, check, absent, zone)
    return {unit: _marked(found, gone) for unit, found in posts.items()}


def _complete_since(item: StoredItem, visits: Sequence[Visit]) -> list[Visit]:
    """The complete visits since an item was last seen that read down past its day."""
    day = item.published_day if item.published and not item.standing else None
    return [
        visit
        for visit in visits
        if visit.outcome is Outcome.COMPLETE and visit.started > item.last_seen and day and visit.first_day <= day
    ]


def proof_of_removal(
    last_seen: datetime, absent: Sequence[datetime], checks: Sequence[StoredCheck], zone: ZoneInfo
) -> StoredCheck | None:
    """The answer that proves an item gone; None where nothing does.

    Args:
        last_seen: when a visit saw it last.
        absent: the complete visits since that should have shown it.
        checks: the answers of its address, oldest first.
        zone: nights are of this zone.
    """
    clear = [check for check in checks if check.started > last_seen and check.presence is not Presence.UNCLEAR]
    if not clear or clear[-1].presence is not Presence.GONE or clear[-1].started not in absent:
        return None
    until = {night_of(instant, zone) for instant in absent if last_seen < instant <= clear[-1].started}
    return clear[-1] if len(until) >= NIGHTS_WITHOUT else None


def _told(item: StoredItem, check: StoredCheck, absent: Sequence[datetime], zone: ZoneInfo) -> Removed:
    answer = f"máy chủ trả lời {check.status}" if check.status >= 400 else "địa chỉ của tin không còn nội dung"  # noqa: PLR2004
    note = (
        f"đã bị gỡ khỏi cổng: thấy lần cuối {clock(item.last_seen, zone)}; "
        f"{answer} lúc {clock(check.started, zone)}; vẫn tính cho kỳ đã đăng"
    )
    return Removed(
        last_seen=item.last_seen.isoformat(),
        absent=tuple(instant.isoformat() for instant in absent if instant <= check.started),
        checked=check.started.isoformat(),
        url=check.url,
        status=check.status,
        note=note,
    )


def _marked(posts: Sequence[Post], gone: Mapping[tuple[str, str], Removed]) -> tuple[Post, ...]:
    """The posts with their findings; one whose repetition still stands under another address is not gone."""
    standing = {post.same_as for post in posts if (post.item.unit, post.item.url) not in gone}
    return tuple(
        replace(post, removed=gone.get((post.item.unit, post.item.url))) if post.item.url not in standing else post
        for post in posts
    )
