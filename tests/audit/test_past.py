"""The months before, as a picture of twelve shows them: closed, written down, or not known."""

from dataclasses import replace
from datetime import date

from audit_world import DAK_MIL, NOI_VU, NOVEMBER, Audit, at, post, province, visit

from auditor.audit.afterwards import Accepted
from auditor.audit.closing import Signing, close, printed_month
from auditor.audit.month import MonthFigures, Night
from auditor.outcomes import Cause, Outcome
from auditor.portals import Group
from auditor.store.history import PastFigure, keep_past_figures
from auditor.window import Month

JANUARY = Month(2020, 1)
ON = date(2020, 1, 20)


def printed(audit: Audit, month: Month = JANUARY, today: date = ON) -> MonthFigures:
    with audit.database.session() as session:
        return printed_month(session, audit.jurisdiction, month, today=today)


def closed(audit: Audit, month: Month, today: date, *accepted: Accepted) -> None:
    signing = Signing("Lê An", at("2019-11-20 09:00"), "1.0", accepted)
    with audit.database.transaction() as session:
        close(session, audit.jurisdiction, month, signing, today=today)


def test_closed_written_and_unknown_months(audit: Audit) -> None:
    audit.jurisdiction = province(NOI_VU)
    audit.saw(visit("2019-11-19 02:00", post(1), post(2), first_day=date(2019, 8, 19)))
    closed(audit, NOVEMBER, date(2019, 11, 20))
    with audit.database.transaction() as session:
        written = (
            PastFigure("2019-09", "unit", "so-noi-vu", 5, "ban-cu.csv"),
            PastFigure("2019-09", "group", "provincial", 40, "ban-cu.csv"),
            PastFigure("2019-08", "total", "", 150, "ban-cu.csv"),
        )
        keep_past_figures(session, written, at("2019-11-20 10:00"))
    past = {str(one.month): one for one in printed(audit).past}
    assert list(past) == [f"2019-{number:02d}" for number in range(2, 13)]
    assert (past["2019-11"].source, past["2019-11"].count) == ("closed", 2)
    assert past["2019-11"].units == {"so-noi-vu": 2}
    assert past["2019-11"].groups == {Group.PROVINCIAL: 2}
    assert (past["2019-09"].source, past["2019-09"].count, past["2019-09"].units) == ("history", 40, {"so-noi-vu": 5})
    assert (past["2019-08"].count, past["2019-08"].units, past["2019-08"].groups) == (150, {}, {})
    assert (past["2019-10"].source, past["2019-10"].count) == ("unknown", None)
    assert past["2019-12"].units == {}, "nobody was visited in December's window: not a zero"


def test_a_total_is_not_made_of_some_of_its_groups(audit: Audit) -> None:
    """Neither where one group was written down only, nor where one could be observed only."""
    audit.saw(visit("2019-11-19 02:00", post(1, published="2019-10-10"), first_day=date(2019, 8, 19)))
    assert {group.key: group.tally.previous for group in audit.figures().groups} == {
        Group.PROVINCIAL: 1,
        Group.DISTRICT: None,
    }
    assert audit.figures().total.previous is None
    october = PastFigure("2019-10", "group", "provincial", 40)
    with audit.database.transaction() as session:
        keep_past_figures(session, [october, replace(october, period="2019-09")], at("2019-11-20 09:00"))
    figures = printed(audit, NOVEMBER, date(2019, 11, 20))
    assert [group.tally.previous for group in figures.groups] == [40, None]
    assert figures.total.previous is None
    assert [past.count for past in figures.past[-2:]] == [None, None]


def test_the_month_before_is_the_one_the_report_compares_with(audit: Audit) -> None:
    audit.jurisdiction = province(NOI_VU)
    audit.saw(visit("2019-11-19 02:00", post(1, published="2019-10-10"), post(2), first_day=date(2019, 8, 19)))
    figures = printed(audit, NOVEMBER, date(2019, 11, 20))
    before = figures.past[-1]
    assert (before.month, before.source) == (Month(2019, 10), "store")
    assert before.count == figures.total.previous == 1


def test_a_closed_month_keeps_its_past_and_a_unit_that_was_not_seen_has_no_zero(audit: Audit) -> None:
    audit.jurisdiction = province(NOI_VU, DAK_MIL)
    audit.saw(visit("2019-11-19 02:00", post(1), first_day=date(2019, 8, 19)))
    audit.saw(visit("2019-11-19 02:10", unit=DAK_MIL.key, outcome=Outcome.UNREACHABLE, cause=Cause.TIMEOUT))
    closed(audit, NOVEMBER, date(2019, 11, 20), Accepted(DAK_MIL.key, "cổng ngừng"))
    assert printed(audit, NOVEMBER).past[-1].month == Month(2019, 10)
    november = next(one for one in printed(audit).past if one.month == NOVEMBER)
    assert november.units == {"so-noi-vu": 1}
    assert november.groups == {Group.PROVINCIAL: 1}
    december = {group.key: group.tally for group in printed(audit, NOVEMBER.following(), date(2019, 12, 20)).groups}
    assert december[Group.PROVINCIAL].previous == 1
    assert december[Group.DISTRICT].previous is None


def test_nights_and_their_best_visit(audit: Audit) -> None:
    audit.jurisdiction = province(NOI_VU)
    down = {"outcome": Outcome.UNREACHABLE, "cause": Cause.TIMEOUT}
    audit.saw(visit("2019-11-01 02:00", **down))
    audit.saw(visit("2019-11-01 04:30", outcome=Outcome.PARTIAL, cause=Cause.LISTING_LOST))
    audit.saw(visit("2019-11-02 02:00", **down))
    audit.saw(visit("2019-11-03 02:00", first_day=date(2019, 8, 19)))
    unit = printed(audit, NOVEMBER, date(2019, 11, 4)).units[0]
    assert unit.calendar == (
        Night(date(2019, 10, 31), Outcome.PARTIAL),
        Night(date(2019, 11, 1), Outcome.UNREACHABLE),
        Night(date(2019, 11, 2), Outcome.COMPLETE),
    )
    assert unit.nights == (1, 3)
