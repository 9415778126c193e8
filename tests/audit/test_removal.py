"""Posts taken off a portal: a state of many nights, proven by complete visits and by the post's own address."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from audit_world import SITE, ZONE, Audit, at, post, visit
from hypothesis import given
from hypothesis import strategies as st

from auditor.audit.removal import NIGHTS_WITHOUT, proof_of_removal
from auditor.observation import Coverage, Missing, Observation, Placement, PostCheck, Presence, SeenItem
from auditor.outcomes import Cause, Outcome
from auditor.store.absence import StoredCheck, missing_posts

LISTING = f"{SITE}/lich"
KEPT, GOES = (
    replace(each, placements=(Placement(each.url, LISTING, "Lịch"),)) for each in (post(1), post(2, "2019-11-04"))
)
GONE = (PostCheck(GOES.url, Presence.GONE, 404),)
LOST: dict[str, Any] = {"outcome": Outcome.PARTIAL, "cause": Cause.LISTING_LOST}


def night(day: int, *items: SeenItem, **facts: Any) -> Observation:
    coverage = (Coverage(LISTING, "Lịch", pages=1, rows=3, complete=True),)
    return visit(f"2019-11-{day:02d} 01:00", *items, **{"listings": coverage, **facts})


def asked_after(audit: Audit) -> Sequence[Missing]:
    with audit.database.session() as session:
        return missing_posts(session, ["so-noi-vu"], ZONE).get("so-noi-vu", ())


def test_a_removed_post_counts_and_its_proof_is_told(audit: Audit) -> None:
    audit.saw(night(5, KEPT, GOES), night(6, KEPT), night(7, KEPT))
    assert asked_after(audit) == (Missing(GOES.url, GOES.title),)
    audit.saw(night(8, KEPT, checks=GONE), night(19, KEPT))
    assert asked_after(audit) == (), "what is proven is not asked again"
    unit = audit.unit()
    assert unit.tally.count == 2
    gone, kept = unit.items
    assert kept.removed is None
    assert gone.removed is not None
    assert len(gone.removed.absent) == NIGHTS_WITHOUT
    told = "đã bị gỡ khỏi cổng: thấy lần cuối 01:00 ngày 05/11/2019; máy chủ trả lời 404 lúc 01:00 ngày 08/11/2019"
    assert gone.notes == (f"{told}; vẫn tính cho kỳ đã đăng",)


def test_a_post_that_comes_back_is_not_removed(audit: Audit) -> None:
    audit.saw(night(5, GOES), night(6), night(7), night(8, checks=GONE))
    assert audit.unit().items[0].removed
    audit.saw(night(9, GOES))
    assert audit.unit().items[0].notes == ()
    audit.saw(night(10), night(11))
    assert asked_after(audit), "missing again, it is asked after again"
    assert audit.unit().items[0].removed is None, "an old answer proves nothing of a new absence"


NOT_PROVEN: dict[str, list[Observation]] = {
    "silence alone": [night(day) for day in range(6, 16)],
    "one complete night too few": [night(6), night(7, checks=GONE)],
    "partial nights": [night(6, **LOST), night(7, **LOST), night(8, **LOST), night(9, checks=GONE, **LOST)],
    "the asking visit partial": [night(6), night(7), night(8, checks=GONE, **LOST)],
    "three visits in one night": [
        visit(f"2019-11-06 0{hour}:00", listings=night(6).listings, checks=GONE if hour == 3 else ())
        for hour in (1, 2, 3)
    ],
    "the listing was not read": [night(6, listings=()), night(7, listings=()), night(8, listings=(), checks=GONE)],
    "its page still answers": [night(6), night(7), night(8, checks=(PostCheck(GOES.url, Presence.THERE, 200),))],
    "nobody can tell": [night(6), night(7), night(8, checks=(PostCheck(GOES.url, Presence.UNCLEAR, 200),))],
    "entered again elsewhere": [
        night(day, replace(GOES, url=f"{SITE}/moi"), checks=GONE if day == 8 else ()) for day in (6, 7, 8)
    ],
}  # fmt: skip


@pytest.mark.parametrize("case", NOT_PROVEN)
def test_what_is_not_proven_is_not_removed(audit: Audit, case: str) -> None:
    audit.saw(night(5, GOES), *NOT_PROVEN[case])
    assert [item.notes for item in audit.items(everything=True) if item.notes] == []
    assert audit.items(), "it counts"


def test_only_what_the_last_two_complete_nights_should_have_shown_is_asked_after(audit: Audit) -> None:
    audit.saw(night(5, KEPT, GOES))
    assert asked_after(audit) == ()
    audit.saw(night(6, KEPT), visit("2019-11-06 03:00", KEPT, listings=night(6).listings), night(7, KEPT, **LOST))
    assert asked_after(audit) == (), "one night, whatever its visits, and a partial one"
    audit.saw(night(8, KEPT, listings=()))
    assert asked_after(audit) == (), "a visit that did not read the listing missed nothing"
    audit.saw(night(9, KEPT), night(10, KEPT))
    assert asked_after(audit) == (Missing(GOES.url, GOES.title),)


def test_those_never_asked_for_come_first(audit: Audit) -> None:
    many = [
        replace(each, placements=(Placement(each.url, LISTING, "Lịch"),)) for each in (post(n) for n in range(1, 26))
    ]
    audit.saw(night(5, *many), night(6), night(7))
    first = asked_after(audit)
    assert len(first) == 20
    audit.saw(night(8, checks=tuple(PostCheck(each.url, Presence.UNCLEAR, 500) for each in first)))
    assert {each.url for each in many} == {each.url for each in (*first, *asked_after(audit)[:5])}


ANSWERS = st.sampled_from([None, *Presence])


@given(st.lists(st.tuples(st.booleans(), st.booleans(), ANSWERS, st.integers(1, 36)), max_size=12))
def test_no_history_proves_a_removal_without_its_three_nights_and_its_answer(
    history: list[tuple[bool, bool, Presence | None, int]],
) -> None:
    """Each visit: whether it was complete, saw the post, what the address answered, hours since the one before."""
    now = last_seen = at("2019-11-01 01:00")
    absent: list[datetime] = []
    checks: list[StoredCheck] = []
    for complete, saw, answer, hours in history:
        now += timedelta(hours=hours)
        if saw:
            last_seen = now
            absent.clear()
            continue
        if complete:
            absent.append(now)
        if answer:
            checks.append(StoredCheck(now, "u", answer, 404))
    proof = proof_of_removal(last_seen, absent, checks, ZONE)
    clear = [check for check in checks if check.started > last_seen and check.presence is not Presence.UNCLEAR]
    enough = clear and len({(each - timedelta(hours=12)).date() for each in absent if each <= clear[-1].started}) >= 3
    expected = clear and clear[-1].presence is Presence.GONE and clear[-1].started in absent and enough
    assert (proof is not None) == bool(expected)
