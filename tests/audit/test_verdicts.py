from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from audit_world import AFTER, FIRST, LAST, NOVEMBER, ZONE, Audit, at, post, visit
from hypothesis import given
from hypothesis import strategies as st

from auditor.audit.verdicts import Reading, Vantage
from auditor.categories import Category
from auditor.observation import Observation
from auditor.outcomes import Cause, Outcome, Verdict
from auditor.store.queries import Visit

PUBLISHED, NOT_PUBLISHED, NOT_OBSERVABLE = Verdict
COMPLETE = Outcome.COMPLETE
LATER = date(2019, 11, 19)
DOWN = {"outcome": Outcome.UNREACHABLE, "cause": Cause.TIMEOUT, "detail": "no answer"}
LOST = {"outcome": Outcome.PARTIAL, "cause": Cause.LISTING_LOST, "detail": "page 3"}
UNDATED = post(7, None)


@dataclass
class Case:
    """What was seen, from which day it is looked at, and what may be said."""

    visits: tuple[Observation, ...]
    verdict: Verdict
    outcome: Outcome | None = None
    cause: Cause | None = None
    today: date = AFTER


CASES = {
    "read whole after the end": Case((visit("2019-11-19 02:00"),), NOT_PUBLISHED),
    "read whole five minutes after the end": Case((visit("2019-11-19 00:05"),), NOT_PUBLISHED),
    "one post is enough": Case((visit("2019-11-10 02:00", post(1)),), PUBLISHED),
    "one post is enough, whatever failed": Case((visit("2019-11-19 02:00", post(1), **LOST),), PUBLISHED),
    "a post of another month": Case((visit("2019-11-19 02:00", post(1, "2019-11-19")),), NOT_PUBLISHED),
    "a post in none of the five": Case((visit("2019-11-19 02:00", post(1, title="Hội nghị tập huấn")),), NOT_PUBLISHED),
    "never visited": Case((), NOT_OBSERVABLE, None, Cause.NEVER_VISITED),
    "visited only before the window": Case((visit("2019-10-18 23:50"),), NOT_OBSERVABLE, None, Cause.NEVER_VISITED),
    "read whole five minutes before the end": Case(
        (visit("2019-11-18 23:55"),), NOT_OBSERVABLE, COMPLETE, Cause.TOO_EARLY
    ),
    "not read down to the first day": Case(
        (visit("2019-11-19 02:00", first_day=date(2019, 10, 20)),), NOT_OBSERVABLE, COMPLETE, Cause.TOO_SHALLOW
    ),
    "deep before the end, shallow after": Case(
        (visit("2019-11-18 02:00"), visit("2019-11-19 02:00", first_day=LATER)),
        NOT_OBSERVABLE, COMPLETE, Cause.TOO_SHALLOW,
    ),
    "a listing page lost": Case(
        (visit("2019-11-19 02:00", **LOST),), NOT_OBSERVABLE, Outcome.PARTIAL, Cause.LISTING_LOST
    ),
    "down after the end": Case(
        (visit("2019-11-18 02:00"), visit("2019-11-19 02:00", **DOWN)),
        NOT_OBSERVABLE, Outcome.UNREACHABLE, Cause.TIMEOUT,
    ),
    "down while the window was read, next month read": Case(
        (visit("2019-11-19 02:00", **DOWN), visit("2019-11-20 02:00", first_day=LATER)),
        NOT_OBSERVABLE, Outcome.UNREACHABLE, Cause.TIMEOUT,
    ),
    "a proof outlives later failures": Case(
        (visit("2019-11-19 02:00"), visit("2019-11-20 02:00", **DOWN)), NOT_PUBLISHED
    ),
    "failures before a proof do not matter": Case(
        (visit("2019-11-19 02:00", **LOST), visit("2019-11-20 02:00")), NOT_PUBLISHED
    ),
    "an undated post": Case((visit("2019-11-19 02:00", UNDATED),), NOT_OBSERVABLE, COMPLETE, Cause.UNDATED),
    "an undated post that appeared within the window": Case(
        (visit("2019-10-19 02:00", UNDATED), visit("2019-11-19 02:00", UNDATED)),
        NOT_OBSERVABLE, COMPLETE, Cause.UNDATED,
    ),
    "an undated post that was there before": Case(
        (visit("2019-10-18 23:50", UNDATED), visit("2019-11-19 02:00", UNDATED)), NOT_PUBLISHED
    ),
    "an undated post that appeared after the proof": Case(
        (visit("2019-11-19 02:00"), visit("2019-11-20 02:00", UNDATED)), NOT_PUBLISHED
    ),
    "an undated post that was not there the night before": Case(
        (visit("2019-11-10 02:00"), visit("2019-11-11 02:00", UNDATED), visit("2019-11-19 02:00", UNDATED)), PUBLISHED
    ),
    "an undated post, the night before read in part": Case(
        (visit("2019-11-10 02:00", **LOST), visit("2019-11-11 02:00", UNDATED), visit("2019-11-19 02:00", UNDATED)),
        NOT_OBSERVABLE, COMPLETE, Cause.UNDATED,
    ),
    "an undated post after two nights without a visit": Case(
        (visit("2019-11-08 02:00"), visit("2019-11-11 02:00", UNDATED), visit("2019-11-19 02:00", UNDATED)),
        NOT_OBSERVABLE, COMPLETE, Cause.UNDATED,
    ),
    "an undated post that a deeper visit found": Case(
        (visit("2019-11-10 02:00", first_day=LATER), visit("2019-11-11 02:00", UNDATED), visit("2019-11-19 02:00")),
        NOT_OBSERVABLE, COMPLETE, Cause.UNDATED,
    ),
    "an undated post last changed before the window": Case(
        (visit("2019-11-19 02:00", post(7, None, modified="2019-10-18T23:59:00+07:00")),), NOT_PUBLISHED
    ),
    "an undated post last changed within the window": Case(
        (visit("2019-11-19 02:00", post(7, None, modified="2019-10-19")),), NOT_OBSERVABLE, COMPLETE, Cause.UNDATED
    ),
    "an undated post in none of the five": Case(
        (visit("2019-11-19 02:00", post(1, None, "Hội nghị tập huấn")),), NOT_PUBLISHED
    ),
    "a standing page": Case(
        (visit("2019-11-19 02:00", post(1, None, "Nội quy tiếp công dân", standing=True)),), NOT_PUBLISHED
    ),
    "an undated post that got its date later": Case(
        (visit("2019-11-19 02:00", UNDATED), visit("2019-11-20 02:00", post(7, "2019-10-02"))), NOT_PUBLISHED
    ),
    "open: read whole tonight": Case((visit("2019-11-10 02:00"),), NOT_PUBLISHED, today=date(2019, 11, 10)),
    "open: read whole on the last day": Case((visit("2019-11-18 02:00"),), NOT_PUBLISHED, today=LAST),
    "open: the night began yesterday evening": Case(
        (visit("2019-11-09 18:00"),), NOT_PUBLISHED, today=date(2019, 11, 10)
    ),
    "open: read yesterday afternoon": Case(
        (visit("2019-11-09 17:59"),), NOT_OBSERVABLE, COMPLETE, Cause.TOO_EARLY, today=date(2019, 11, 10)
    ),
    "open: read yesterday, down tonight": Case(
        (visit("2019-11-09 02:00"), visit("2019-11-10 02:00", **DOWN)),
        NOT_OBSERVABLE, Outcome.UNREACHABLE, Cause.TIMEOUT, today=date(2019, 11, 10),
    ),
    "open: begun this morning, read the evening before": Case(
        (visit("2019-10-18 20:00"),), NOT_OBSERVABLE, None, Cause.NEVER_VISITED, today=FIRST
    ),
    "not begun": Case(
        (visit("2019-10-10 02:00"),), NOT_OBSERVABLE, None, Cause.NEVER_VISITED, today=date(2019, 10, 10)
    ),
    "failed by our own fault, no cause known": Case(
        (visit("2019-11-19 02:00", outcome=Outcome.FAILED),), NOT_OBSERVABLE, Outcome.FAILED
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_may_be_said(audit: Audit, case: Case) -> None:
    audit.saw(*case.visits)
    unit = audit.unit(today=case.today)
    assert (unit.verdict, unit.outcome, unit.cause) == (case.verdict, case.outcome, case.cause)
    assert (unit.tally.count > 0) == (case.verdict is PUBLISHED)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_unit_s_verdict_follows_from_its_categories(audit: Audit, case: Case) -> None:
    audit.saw(*case.visits)
    unit = audit.unit(today=case.today)
    said = {figure.verdict for figure in unit.categories.values()}
    if PUBLISHED in said:
        assert unit.verdict is PUBLISHED
    else:
        assert unit.verdict is (NOT_PUBLISHED if said == {NOT_PUBLISHED} else NOT_OBSERVABLE)
    assert all((figure.tally.count > 0) == (figure.verdict is PUBLISHED) for figure in unit.categories.values())


def test_the_categories_of_a_unit_read_whole(audit: Audit) -> None:
    audit.saw(visit("2019-11-19 02:00", post(1), post(2, title="Báo cáo tháng 11")))
    said = {category: figure.verdict for category, figure in audit.unit().categories.items()}
    assert said == {
        Category.SCHEDULE: PUBLISHED,
        Category.RULES: NOT_PUBLISHED,
        Category.RECEPTION: NOT_PUBLISHED,
        Category.REPORTS: PUBLISHED,
        Category.PETITIONS: NOT_PUBLISHED,
    }


def test_the_categories_of_a_unit_read_in_part(audit: Audit) -> None:
    audit.saw(visit("2019-11-19 02:00", post(1), **LOST))
    said = {category: figure.verdict for category, figure in audit.unit().categories.items()}
    assert said == {category: PUBLISHED if category is Category.SCHEDULE else NOT_OBSERVABLE for category in Category}


def test_an_undated_post_makes_only_its_own_category_uncertain(audit: Audit) -> None:
    audit.saw(visit("2019-11-19 02:00", post(1), post(2, None, "Báo cáo tháng 11")))
    said = {category: figure.verdict for category, figure in audit.unit().categories.items()}
    assert said[Category.REPORTS] is NOT_OBSERVABLE
    assert said[Category.RULES] is NOT_PUBLISHED


def test_what_stands_in_the_way_is_told(audit: Audit) -> None:
    audit.saw(visit("2019-11-19 02:00", **DOWN))
    assert audit.unit().detail == "no answer"
    audit.saw(visit("2019-11-20 02:00", UNDATED))
    assert audit.unit().detail == "1 posts without a date, such as http://snv.daknong.gov.vn/tin/007"


def test_what_a_complete_visit_lacked_is_told(audit: Audit) -> None:
    audit.saw(visit("2019-11-18 02:00"))
    assert audit.unit().detail == "the visit of 2019-11-18 read down to 2019-10-19"


def test_the_proof_is_the_first_visit_that_is_one(audit: Audit) -> None:
    audit.saw(visit("2019-11-18 02:00"), visit("2019-11-19 02:00", post(1)), visit("2019-11-20 02:00", post(1)))
    assert audit.unit().proof == at("2019-11-19 02:00")
    assert audit.unit(today=date(2019, 11, 17)).verdict is PUBLISHED


def test_nights_are_those_from_the_window_s_first_day_until_today(audit: Audit) -> None:
    audit.saw(
        visit("2019-10-18 23:50"),
        visit("2019-10-19 00:10"),
        visit("2019-11-18 02:00", **DOWN),
        visit("2019-11-20 23:50", **LOST),
        visit("2019-11-21 00:10"),
    )
    assert audit.unit().nights == (1, 3)


VISITS = st.lists(
    st.builds(
        Visit,
        id=st.integers(1),
        unit=st.just("so-noi-vu"),
        started=st.datetimes(datetime(2019, 10, 10), datetime(2019, 12, 5), timezones=st.just(ZONE)),  # noqa: DTZ001
        finished=st.just(at("2019-12-06 01:00")),
        first_day=st.dates(date(2019, 10, 1), date(2019, 11, 25)),
        outcome=st.sampled_from(Outcome),
        cause=st.none(),
        detail=st.just(""),
        items=st.just(0),
        requests=st.just(1),
    ),
    max_size=12,
)


@given(VISITS, st.dates(date(2019, 10, 19), date(2019, 12, 6)))
def test_nothing_is_said_only_on_a_complete_visit_down_to_the_first_day_and_late_enough(
    visits: list[Visit], today: date
) -> None:
    visits.sort(key=lambda each: each.started)
    seen = [each for each in visits if each.started.date() <= today]
    reading = Reading.of(Vantage(NOVEMBER.window(18), today, ZONE), (), seen)
    over = today > LAST
    since = datetime.combine(today - timedelta(days=1), time(18), ZONE)
    proofs = [
        each
        for each in seen
        if each.outcome is COMPLETE
        and each.first_day <= FIRST <= each.started.date()
        and (each.started.date() > LAST if over else each.started >= since)
    ]
    assert reading.verdict() is (NOT_PUBLISHED if proofs else NOT_OBSERVABLE)
    assert reading.proof is (proofs[0] if proofs else None)
    cited = {each.started for each in reading.cited()}
    assert cited <= {each.started for each in seen}
    assert {each.started for each in proofs[:1]} <= cited, "a verdict cites what it rests on"
    if proofs:  # and what was not read in full never takes a proof away
        kept = [each for each in seen if each.outcome is COMPLETE]
        assert Reading.of(reading.vantage, (), kept).proof is reading.proof
