"""Posts whose printed date lies before a complete visit that should have shown them, and did not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from audit_world import SITE, ZONE, Audit, at, post, visit
from hypothesis import given
from hypothesis import strategies as st

from auditor.audit.backdating import suspects_among
from auditor.audit.counting import recognise
from auditor.audit.month import Role
from auditor.observation import Coverage, Observation, Placement, SeenItem
from auditor.outcomes import Cause, Outcome
from auditor.store.queries import StoredItem, Visit

LISTING = f"{SITE}/lich"
OTHER = f"{SITE}/don-thu"


def listed(item: SeenItem, listing: str = LISTING) -> SeenItem:
    return replace(item, placements=(Placement(item.url, listing, "Lịch tiếp công dân"),))


def night(started: str, *items: SeenItem, read: tuple[str, ...] = (LISTING, OTHER), **facts: Any) -> Observation:
    coverage = tuple(Coverage(each, "Lịch", pages=1, rows=3, complete=True) for each in read)
    return visit(started, *items, listings=coverage, **facts)


OLD = listed(post(1, "2019-11-01"))
LATE = listed(post(2, "2019-11-05"))


def test_a_post_that_a_complete_night_had_not_is_told_with_both_proofs_and_counts(audit: Audit) -> None:
    audit.saw(night("2019-11-06 01:00", OLD), night("2019-11-10 01:00", OLD), night("2019-11-19 01:00", OLD, LATE))
    unit = audit.unit()
    assert unit.tally.count == 2
    first, second = unit.items
    assert first.backdated is None
    assert first.notes == ()
    told = second.backdated
    assert told is not None
    assert [datetime.fromisoformat(each) for each in (told.absent, told.seen)] == [
        at("2019-11-10 01:00"),
        at("2019-11-19 01:00"),
    ]
    assert (told.listing, told.printed) == (LISTING, "2019-11-05")
    absent = "ghi ngày đăng 05/11/2019, nhưng lần kiểm tra đầy đủ 01:00 ngày 10/11/2019 chưa có tin này"
    assert second.notes == (f"{absent}; thấy lần đầu 01:00 ngày 19/11/2019",)


HONEST: dict[str, Callable[[], list[Observation]]] = {
    "posted since the night before": lambda: [night("2019-11-05 01:00"), night("2019-11-06 01:00", LATE)],
    "posted on the day of the visit, after it": lambda: [night("2019-11-05 23:00"), night("2019-11-06 23:00", LATE)],
    "seen by the first visit": lambda: [night("2019-11-19 01:00", LATE)],
    "the visit before was partial": lambda: [
        night("2019-11-10 01:00", OLD, outcome=Outcome.PARTIAL, cause=Cause.LISTING_LOST),
        night("2019-11-19 01:00", LATE),
    ],
    "the visit before did not reach its day": lambda: [
        night("2019-11-10 01:00", first_day=date(2019, 11, 6)),
        night("2019-11-19 01:00", LATE),
    ],
    "the visit before read another listing": lambda: [
        night("2019-11-10 01:00", read=(OTHER,)),
        night("2019-11-19 01:00", LATE),
    ],
    "without a date of its own": lambda: [
        night("2019-11-10 01:00"),
        night("2019-11-11 01:00", listed(post(2, None))),
    ],
    "entered again under another address": lambda: [
        night("2019-11-10 01:00", listed(post(1, "2019-11-05", own_title=False))),
        night("2019-11-19 01:00", listed(post(2, "2019-11-05", own_title=False))),
    ],
}  # fmt: skip


@pytest.mark.parametrize("case", HONEST)
def test_what_no_night_contradicts_is_not_told(audit: Audit, case: str) -> None:
    audit.saw(*HONEST[case]())
    assert [item.notes for item in audit.items(everything=True) if item.notes] == []
    assert audit.items(), "it counts"


def test_a_verdict_cites_its_visits(audit: Audit) -> None:
    audit.saw(
        night("2019-11-05 01:00", outcome=Outcome.UNREACHABLE, cause=Cause.DNS),
        night("2019-11-06 01:00", OLD),
        night("2019-11-07 01:00", OLD),
        night("2019-11-19 01:00", OLD, LATE),
        night("2019-11-20 01:00", OLD, LATE),
    )
    unit = audit.unit()
    assert [(each.started, each.roles) for each in unit.cited] == [
        (at("2019-11-06 01:00"), (Role.SAW,)),
        (at("2019-11-19 01:00"), (Role.PROOF, Role.SAW)),
    ]
    assert unit.nights == (3, 4), "until the proof"


def test_where_nothing_may_be_said_the_visit_in_the_way_and_the_last_good_one_are_cited(audit: Audit) -> None:
    audit.saw(night("2019-11-06 01:00"), night("2019-11-19 01:00", outcome=Outcome.UNREACHABLE, cause=Cause.DNS))
    cited = audit.unit().cited
    assert [(each.started, each.roles) for each in cited] == [
        (at("2019-11-06 01:00"), (Role.LAST_COMPLETE,)),
        (at("2019-11-19 01:00"), (Role.OBSTACLE,)),
    ]


def test_two_visits_in_one_night_are_one_night(audit: Audit) -> None:
    down: dict[str, Any] = {"outcome": Outcome.UNREACHABLE, "cause": Cause.DNS}
    audit.saw(
        night("2019-11-05 23:40", **down),
        night("2019-11-06 02:00"),
        night("2019-11-07 01:00", **down),
        night("2019-11-07 03:00", **down),
    )
    assert audit.unit().nights == (1, 2)


@given(
    nights=st.dictionaries(st.integers(1, 28), st.booleans(), min_size=1, max_size=8),
    printed=st.integers(1, 28),
    seen=st.integers(0, 7),
)
def test_a_post_is_told_of_exactly_where_a_complete_night_lies_between_its_day_and_its_first_sight(
    nights: dict[int, bool], printed: int, seen: int
) -> None:
    ordered = sorted(nights.items())
    first = ordered[seen % len(ordered)][0]
    visits = [_visit(day, complete=complete) for day, complete in ordered]
    item = _stored(printed, at(f"2019-11-{first:02d} 01:00"))
    suspects = list(suspects_among(recognise([item]), visits, ZONE))
    between = [day for day, complete in ordered if complete and printed < day < first]
    assert [visit.id for suspect in suspects for visit in suspect.before] == between[::-1]


def _visit(day: int, *, complete: bool) -> Visit:
    instant = at(f"2019-11-{day:02d} 01:00")
    outcome = Outcome.COMPLETE if complete else Outcome.PARTIAL
    return Visit(day, "u", instant, instant, date(2019, 10, 1), outcome, None, "", 0, 0)


def _stored(day: int, first_seen: datetime) -> StoredItem:
    return StoredItem(
        unit="u", url="http://u/1", title="Lịch", title_key="lich", published=f"2019-11-{day:02d}",
        published_day=date(2019, 11, day), published_from="listing", modified=None, standing=False, commune=None,
        category=None, confidence=0.5, why=(), first_seen=first_seen, last_seen=first_seen, also_at=(), attachments=(),
    )  # fmt: skip
