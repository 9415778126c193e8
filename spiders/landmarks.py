"""A section that answers but is not what it was: parts that had posts and have none, or are not there any more.

Portals are rebuilt, and databases behind them fail, overnight; the pages that come then say "no posts" as calmly as an
empty section does. Posts of years do not vanish in a night: until the new look has stood a while, it proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditor.observation import Landmark, Observation
from auditor.outcomes import Cause, Outcome
from auditor.reading.addresses import identity
from auditor.text import printable

_MOST_TOLD = 3


def compared(seen: Observation, known: Sequence[Landmark]) -> Observation:
    """The observation, `layout_changed` where it is complete only because what used to be there was not seen.

    Args:
        seen: of this visit.
        known: the parts that had posts at the last complete visit.
    """
    if seen.outcome is not Outcome.COMPLETE:
        return seen
    lost = [each for each in known if not _stands(seen, each)]
    if not lost:
        return seen
    told = "; ".join(
        f"'{printable(each.label, 80)}' had {each.rows} posts at {each.listing}" for each in lost[:_MOST_TOLD]
    )
    more = f" and {len(lost) - _MOST_TOLD} more" if len(lost) > _MOST_TOLD else ""
    now = ", ".join(f"{printable(each.label, 80)}: {each.rows}" for each in seen.listings) or "nothing"
    detail = printable(f"{told}{more}; now there are {now}", 500)
    return replace(seen, outcome=Outcome.LAYOUT_CHANGED, cause=Cause.LANDMARK_LOST, detail=detail)


def _told(part: Landmark) -> str:
    return f"'{printable(part.label, 80)}' had {part.rows} posts at {part.listing}"


def _stands(seen: Observation, landmark: Landmark) -> bool:
    """Whether the part, or another of its category, has posts still; where it has no category, whether anything has."""
    with_posts = [each for each in seen.listings if each.rows]
    if any(identity(each.listing) == identity(landmark.listing) for each in with_posts):
        return True
    if landmark.category is None:
        return bool(with_posts)
    return any(each.category is landmark.category for each in with_posts)
