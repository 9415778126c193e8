"""A section that answers, but is not what it was: told, and never taken for one that has nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from auditor.categories import Category
from auditor.observation import Coverage, Landmark, Observation
from auditor.outcomes import Cause, Outcome
from auditor.store.database import Database
from auditor.store.ingest import ingest
from auditor.store.landmarks import LASTS, landmarks
from spiders.landmarks import compared
from tests.installation import context

NIGHT = datetime(2019, 11, 18, 18, 30, tzinfo=UTC)
SCHEDULE = Landmark("http://a.gov.vn/lich", "Lịch tiếp công dân", Category.SCHEDULE, 12)
RULES = Landmark("http://a.gov.vn/noi-quy", "Nội quy", Category.RULES, 3)
WHOLE = Landmark("http://a.gov.vn/tiep-cong-dan", "Tiếp công dân", None, 40)


def part(listing: str, category: Category | None, rows: int) -> Coverage:
    return Coverage(f"http://a.gov.vn/{listing}", listing, category, 1, None, rows, complete=True, empty=not rows)


def seen(*listings: Coverage, outcome: Outcome = Outcome.COMPLETE) -> Observation:
    return Observation("good-a", NIGHT, NIGHT, date(2019, 8, 19), outcome, listings=listings)


@pytest.mark.parametrize(
    ("known", "now", "lost"),
    [
        ((SCHEDULE,), (part("lich", Category.SCHEDULE, 12),), False),
        ((SCHEDULE,), (part("lich", Category.SCHEDULE, 0),), True),
        ((SCHEDULE,), (part("lich-moi", Category.SCHEDULE, 5),), False),
        ((SCHEDULE, RULES), (part("lich", Category.SCHEDULE, 12),), True),
        ((SCHEDULE,), (part("lich", None, 12),), False),
        ((WHOLE,), (part("tiep-cong-dan", None, 0),), True),
        ((WHOLE,), (part("lich", Category.SCHEDULE, 2),), False),
        ((), (part("lich", Category.SCHEDULE, 0),), False),
    ],
)
def test_what_used_to_be_there_and_is_not_seen_proves_nothing(
    known: tuple[Landmark, ...], now: tuple[Coverage, ...], *, lost: bool
) -> None:
    found = compared(seen(*now), known)
    assert (found.outcome, found.cause) == (
        (Outcome.LAYOUT_CHANGED, Cause.LANDMARK_LOST) if lost else (Outcome.COMPLETE, None)
    )
    if lost:
        assert all(each.listing in found.detail for each in known if each.rows != 12 or len(known) == 1)
        assert found.listings == now, "what was seen is kept"


def test_another_outcome_is_left_as_it_is() -> None:
    partial = seen(part("lich", Category.SCHEDULE, 0), outcome=Outcome.PARTIAL)
    assert compared(partial, (SCHEDULE,)) is partial


def test_the_last_complete_look_is_remembered_for_a_while(tmp_path: pytest.TempPathFactory) -> None:
    run = context(tmp_path, "good-a")  # type: ignore[arg-type]
    run.data.make()
    with Database.open(run.database) as database:
        with database.transaction() as session:
            full = seen(part("lich", Category.SCHEDULE, 12), part("noi-quy", Category.RULES, 1))
            ingest(session, run.jurisdiction, full)
            later = replace(seen(outcome=Outcome.PARTIAL), started=NIGHT + timedelta(days=1))
            ingest(session, run.jurisdiction, later)
        with database.session() as session:
            found = landmarks(session, ["good-a", "good-b"], NIGHT + timedelta(days=2))
            assert found == {"good-a": (Landmark("http://a.gov.vn/lich", "lich", Category.SCHEDULE, 12),)}
            assert landmarks(session, ["good-a"], NIGHT + LASTS + timedelta(days=1)) == {}
