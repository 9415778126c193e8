"""Units that are renamed, merged, split, abolished, added: who is compared with whom."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from audit_world import DAK_MIL, NOI_VU, NOVEMBER, ZONE, Audit, numbers, post, province, visit

from auditor.audit.afterwards import Change
from auditor.audit.closing import Signing, close
from auditor.audit.month import Tally
from auditor.audit.units import Succession
from auditor.outcomes import Verdict
from auditor.portals import Group, Level, Unit, load
from auditor.report.narrative import narrative
from auditor.report.view import by_group
from auditor.window import CutoffDay, Month, Window

EXAMPLE = Path(__file__).parents[2] / "docs" / "portals.two-level.yaml"
LAST_DAY, NEXT_DAY = date(2019, 10, 18), date(2019, 10, 19)


def ended(key: str, *successors: str, level: Level = Level.DEPARTMENT) -> Unit:
    url = f"http://{key}.example.gov.vn/"
    return Unit(key, f"Sở {key}", level, url, valid_to=LAST_DAY, successors=successors)


def begun(key: str, level: Level = Level.DEPARTMENT) -> Unit:
    return Unit(key, f"Sở {key}", level, f"http://{key}.example.gov.vn/", valid_from=NEXT_DAY)


def audited(audit: Audit, *units: Unit) -> Audit:
    """One post in October and one in November of every unit that was there."""
    audit.jurisdiction = province(NOI_VU, *units)
    for unit in audit.jurisdiction.units:
        days = [day for day, valid in (("2019-10-01", not unit.valid_from), ("2019-11-05", not unit.valid_to)) if valid]
        found = [post(number, day) for number, day in enumerate(days)]
        audit.saw(visit("2019-11-19 02:00", *found, unit=unit.key, first_day=date(2019, 8, 19)))
    return audit


def test_a_renamed_unit_is_compared_with_what_it_was(audit: Audit) -> None:
    figures = audited(audit, ended("a", "b"), begun("b")).figures()
    assert figures.units[1].tally == Tally(1, 1)
    assert figures.total == Tally(2, 2)
    assert [(one.change, one.unit, one.successors) for one in figures.unit_changes] == [
        (Change.RENAMED, "a", ("Sở b",))
    ]


def test_a_merged_unit_is_compared_with_all_it_was_merged_from(audit: Audit) -> None:
    figures = audited(audit, ended("a", "c"), ended("b", "c"), begun("c")).figures()
    assert figures.units[1].tally == Tally(1, 2)
    assert (figures.total, figures.total.comparable) == (Tally(2, 3), True)
    assert {one.change for one in figures.unit_changes} == {Change.MERGED}
    told = "\n".join(block.text for block in narrative(figures))
    assert "cần lưu ý khi so sánh: Sở a (sáp nhập, hết ngày 18/10/2019, kế tiếp: Sở c); Sở b (sáp nhập" in told


def test_a_unit_that_takes_in_another_is_compared_with_both(audit: Audit) -> None:
    figures = audited(audit, ended("a", "so-noi-vu")).figures()
    assert figures.units[0].tally == Tally(1, 2)
    assert [one.change for one in figures.unit_changes] == [Change.MERGED]


def test_parts_of_a_split_unit_are_compared_with_nothing_and_the_totals_are_marked(audit: Audit) -> None:
    figures = audited(audit, ended("a", "b", "c"), begun("b"), begun("c")).figures()
    assert [unit.tally.previous for unit in figures.units] == [1, None, None]
    assert figures.total == Tally(3, 2, comparable=False)
    assert [one.change for one in figures.unit_changes] == [Change.SPLIT]
    assert all(check.ok for check in figures.checks)


def test_a_group_that_ended_is_in_the_total_before_and_the_checks_hold(audit: Audit) -> None:
    district = replace(DAK_MIL, valid_to=LAST_DAY)
    figures = audited(audit, district).figures()
    assert [group.key for group in figures.groups] == [Group.PROVINCIAL]
    assert figures.total == Tally(1, 2, comparable=False)
    assert [one.change for one in figures.unit_changes] == [Change.ABOLISHED]
    assert all(check.ok for check in figures.checks)


def test_a_unit_that_ends_within_the_window_is_judged_by_what_it_had_until_its_last_day(audit: Audit) -> None:
    """Its portal may be switched off before the window ends: the night after its last day is the proof."""
    audit.jurisdiction = province(replace(NOI_VU, valid_to=date(2019, 11, 10)), DAK_MIL)
    audit.saw(visit("2019-11-11 02:00"), visit("2019-11-11 02:00", unit="dak-mil"))
    ended, other = audit.figures().units
    assert (ended.verdict, other.verdict) == (Verdict.NOT_PUBLISHED, Verdict.NOT_OBSERVABLE)
    assert (ended.ended, other.ended) == (date(2019, 11, 10), None)
    assert ended.findings == ()
    assert other.findings
    audit.jurisdiction = province(replace(NOI_VU, valid_to=date(2019, 11, 11)))
    assert audit.unit().verdict is Verdict.NOT_OBSERVABLE


def test_a_portal_that_goes_on_under_another_name_has_each_post_once(audit: Audit) -> None:
    old = replace(NOI_VU, valid_to=date(2019, 10, 31), successors=("so-moi",))
    new = replace(NOI_VU, key="so-moi", name="Sở Mới", short_name="Mới", valid_from=date(2019, 11, 1))
    audit.jurisdiction = province(old, new)
    posts = post(1, "2019-10-30"), post(2, "2019-10-31"), post(3, "2019-11-01")
    audit.saw(*(visit("2019-11-19 02:00", *posts, unit=unit.key) for unit in (old, new)))
    figures = audit.figures()
    assert {unit.key: numbers(unit.items) for unit in figures.units} == {"so-noi-vu": [1, 2], "so-moi": [3]}
    assert figures.total.count == 3
    assert [(one.change, one.unit) for one in figures.unit_changes] == [(Change.RENAMED, "so-noi-vu")]


def test_new_units_beside_the_old_ones_are_told_as_another_list_and_not_as_unseen(audit: Audit) -> None:
    """The month in which districts and their communes both were: the communes have no month before."""
    district = replace(DAK_MIL, valid_to=date(2019, 10, 31), successors=("xa-a", "xa-b"))
    communes = [
        Unit(
            f"xa-{one}", f"UBND xã {one}", Level.COMMUNE, f"http://{one}.example.gov.vn/", valid_from=date(2019, 11, 1)
        )
        for one in "ab"
    ]
    audit.jurisdiction = province(NOI_VU, district, *communes)
    early = date(2019, 8, 19)
    audit.saw(*(visit("2019-11-19 02:00", unit=unit.key, first_day=early) for unit in audit.jurisdiction.units))
    figures = audit.figures()
    assert [one.change for one in figures.unit_changes] == [Change.SPLIT]
    told = "\n".join(block.text for block in narrative(figures))
    assert "bằng số lượt tháng 10; số liệu so sánh chưa đầy đủ vì danh sách đơn vị của hai kỳ khác nhau)" in told
    assert "chưa được kiểm tra trọn vẹn" not in told
    audit.saw(visit("2019-11-20 02:00", unit="so-noi-vu"))
    assert [one.change for one in audit.figures(NOVEMBER.following()).unit_changes] == [Change.SPLIT]


def test_a_district_that_one_commune_succeeds_is_no_renamed_one() -> None:
    commune = Unit("xa-a", "UBND xã a", Level.COMMUNE, "http://a.example.gov.vn/", valid_from=NEXT_DAY)
    both = province(NOI_VU, replace(DAK_MIL, valid_to=LAST_DAY, successors=("xa-a",)), commune)
    october, november = NOVEMBER.preceding().window(18), NOVEMBER.window(18)
    assert [one.change for one in Succession(both, october, november).changes()] == [Change.ABOLISHED]


def test_the_months_before_and_after_the_change_have_their_own_units() -> None:
    jurisdiction = load(EXAMPLE)
    counts = {
        str(month): [
            sum(jurisdiction.group_of(unit) is group for unit in jurisdiction.units_valid_in(month.window(14)))
            for group in Group
        ]
        for month in (Month(2025, 6), Month(2025, 7), Month(2025, 8))
    }
    # The window of July runs from 15 June to 14 July: both were there.
    assert counts == {"2025-06": [14, 8, 0], "2025-07": [14, 8, 28], "2025-08": [14, 0, 28]}
    july, august = Month(2025, 7).window(14), Month(2025, 8).window(14)
    changes = Succession(jurisdiction, july, august).changes()
    assert [(one.change, one.day) for one in changes] == [(Change.SPLIT, date(2025, 6, 30))] * 8
    heirs = {name for one in changes for name in one.successors}
    assert len(heirs) == 28
    assert not Succession(jurisdiction, july, august).like_for_like()
    assert Succession(jurisdiction, july, august).like_for_like(Group.PROVINCIAL)


@pytest.mark.parametrize("month", [NOVEMBER, NOVEMBER.following()])
def test_where_no_unit_changes_nothing_is_told(audit: Audit, month: Month) -> None:
    assert Succession(audit.jurisdiction, month.preceding().window(18), month.window(18)).changes() == ()


CLOSED_ON, SIGNED, LATER = date(2019, 10, 20), datetime(2019, 10, 20, 9, tzinfo=ZONE), date(2019, 12, 2)
OCTOBER = NOVEMBER.preceding()


@pytest.fixture
def closed(audit: Audit) -> Audit:
    """October, closed with a post of each of the two units, and a visit that read both months."""
    early = date(2019, 7, 19)
    for night, found in (("2019-10-19 02:00", [1, 2]), ("2019-12-01 02:00", [1, 2, 3, 4])):
        days = {1: "2019-10-10", 2: "2019-10-25", 3: "2019-11-05", 4: "2019-11-25"}
        posts = [post(number, days[number]) for number in found]
        audit.saw(visit(night, *posts, first_day=early), visit(night, *posts, unit="dak-mil", first_day=early))
    with audit.database.transaction() as session:
        close(session, audit.jurisdiction, OCTOBER, Signing("Lê An", SIGNED, "1.0"), today=CLOSED_ON)
    return audit


def test_a_unit_deleted_from_the_file_is_told_and_makes_the_totals_another_list_s(closed: Audit) -> None:
    closed.jurisdiction = province(NOI_VU)
    figures = closed.figures(today=LATER)
    assert figures.total == Tally(2, 2, comparable=False)
    assert [group.tally for group in figures.groups] == [Tally(2, 1)]
    assert [(one.change, one.name) for one in figures.unit_changes] == [(Change.LEFT_OUT, "UBND huyện Đắk Mil")]
    assert all(check.ok for check in figures.checks)
    told = "\n".join(block.text for block in narrative(figures))
    assert "UBND huyện Đắk Mil (không còn trong danh sách theo dõi)." in told
    assert "vì danh sách đơn vị của hai kỳ khác nhau" in told


def test_a_change_of_one_group_s_list_is_no_other_group_s_reason(closed: Audit) -> None:
    other = replace(DAK_MIL, key="h", name="UBND huyện H", url="http://h.example.gov.vn/")
    closed.jurisdiction = province(NOI_VU, other)
    closed.saw(visit("2019-12-01 02:00", unit="h", first_day=date(2019, 7, 19)))
    figures = closed.figures(today=LATER)
    groups = tuple(replace(one, tally=replace(one.tally, comparable=False)) for one in figures.groups)
    doubted = replace(figures, groups=groups)
    provincial, district = (part.comparison for part in by_group(doubted))
    assert "danh sách" not in provincial
    assert "danh sách đơn vị của hai kỳ khác nhau" in district


def test_a_unit_put_into_another_group_makes_both_groups_incomparable(closed: Audit) -> None:
    closed.jurisdiction = province(NOI_VU, replace(DAK_MIL, level=Level.DEPARTMENT))
    figures = closed.figures(today=LATER)
    assert [group.tally for group in figures.groups] == [Tally(4, 1, comparable=False)]
    assert [one.change for one in figures.unit_changes] == [Change.MOVED]
    assert all(check.ok for check in figures.checks)


def test_a_unit_the_closed_month_did_not_list_is_a_new_one(closed: Audit) -> None:
    other = Unit("so-y-te", "Sở Y tế", Level.DEPARTMENT, "http://syt.example.gov.vn/")
    closed.jurisdiction = province(NOI_VU, DAK_MIL, other)
    closed.saw(visit("2019-12-01 02:00", unit="so-y-te", first_day=date(2019, 7, 19)))
    figures = closed.figures(today=LATER)
    assert [one.tally.previous for one in figures.units] == [1, 1, None]
    assert [(one.change, one.unit) for one in figures.unit_changes] == [(Change.ADDED, "so-y-te")]
    assert "danh sách đơn vị của hai kỳ khác nhau" in "\n".join(block.text for block in narrative(figures))


@pytest.mark.parametrize(
    ("cutoff", "first", "last", "posts"),
    [("end", date(2019, 10, 19), date(2019, 11, 30), [2, 3, 4]), (10, date(2019, 10, 19), date(2019, 11, 10), [2, 3])],
)
def test_another_cut_off_begins_where_the_closed_month_ended(
    closed: Audit, cutoff: CutoffDay, first: date, last: date, posts: list[int]
) -> None:
    """No day falls between two reports, none counts in both; and the months are not compared as if alike."""
    closed.jurisdiction = province(NOI_VU, DAK_MIL, cutoff_day=cutoff)
    figures = closed.figures(today=LATER)
    assert (figures.window, figures.previous_window.last) == (Window(first, last), date(2019, 10, 18))
    assert numbers(figures.units[0].items) == posts
    assert (figures.total.previous, figures.total.comparable, figures.units[0].tally.comparable) == (2, False, False)
    assert "vì ngày chốt số liệu thay đổi (hai kỳ không cùng số ngày))" in "\n".join(
        block.text for block in narrative(figures)
    )
    before, after = (closed.figures(month, today=LATER) for month in (Month(2019, 9), OCTOBER))
    assert before.window.last + timedelta(days=1) == after.window.first == date(2019, 9, 19)


def test_where_the_cut_off_stays_the_months_are_regular(closed: Audit) -> None:
    figures = closed.figures(today=LATER)
    assert figures.regular
    assert figures.total == Tally(4, 2)


def test_a_unit_that_was_there_for_a_part_of_a_window_is_no_measure_and_nobody_s_fault(audit: Audit) -> None:
    """A district that ended on the 31st "posted three less": it had thirteen days."""
    early, posts = date(2019, 7, 19), [post(1, "2019-10-01"), post(2, "2019-10-02"), post(3, "2019-10-25")]
    gone, stays = replace(DAK_MIL, valid_to=date(2019, 10, 31)), replace(NOI_VU)
    begun = Unit("so-y-te", "Sở Y tế", Level.DEPARTMENT, "http://y.example.gov.vn/", valid_from=date(2019, 11, 1))
    audit.jurisdiction = province(stays, begun, gone)
    for unit in audit.jurisdiction.units:
        audit.saw(visit("2020-01-01 02:00", *(posts if unit is gone else []), unit=unit.key, first_day=early))
    figures = audit.figures(today=date(2020, 1, 2))
    district = figures.units[2]
    assert (district.tally, district.partial) == (Tally(1, 2, comparable=False), True)
    assert figures.groups[1].tally.comparable is False
    told = "\n".join(block.text for block in narrative(figures))
    assert (
        "(giảm 1 lượt so với tháng 10; số liệu so sánh chưa đầy đủ vì có đơn vị không hoạt động trọn cả hai kỳ" in told
    )
    assert "Cấp huyện giảm 1 lượt" not in told, "no reproach"
    after = audit.figures(NOVEMBER.following(), today=date(2020, 1, 2))
    assert [(unit.key, unit.tally.comparable) for unit in after.units] == [("so-noi-vu", True), ("so-y-te", False)]
    assert "chưa được kiểm tra trọn vẹn" not in "\n".join(block.text for block in narrative(after))


def test_a_unit_that_goes_on_where_another_ended_fills_both_windows(audit: Audit) -> None:
    old = replace(NOI_VU, valid_to=date(2019, 10, 31), successors=("so-moi",))
    new = replace(NOI_VU, key="so-moi", name="Sở Mới", short_name="Mới", valid_from=date(2019, 11, 1))
    audit.jurisdiction = province(old, new)
    audit.saw(*(visit("2020-01-01 02:00", unit=unit.key, first_day=date(2019, 7, 19)) for unit in (old, new)))
    [unit] = audit.figures(NOVEMBER.following(), today=date(2020, 1, 2)).units
    assert (unit.tally, unit.partial) == (Tally(0, 0), False)


def test_a_closed_month_s_unit_is_no_new_one_whatever_its_first_day_says_later(closed: Audit) -> None:
    closed.jurisdiction = province(NOI_VU, replace(DAK_MIL, valid_from=date(2019, 10, 25)))
    figures = closed.figures(today=LATER)
    assert (figures.unit_changes, figures.units[1].tally) == ((), Tally(2, 1, comparable=False))


def test_a_month_between_two_that_were_closed_is_regular_whatever_the_file_says_now(closed: Audit) -> None:
    night = [visit("2019-12-19 02:00", unit=unit.key, first_day=date(2019, 7, 19)) for unit in (NOI_VU, DAK_MIL)]
    closed.saw(*night)
    with closed.database.transaction() as session:
        signing = Signing("Lê An", SIGNED, "1.0")
        close(session, closed.jurisdiction, Month(2019, 12), signing, today=date(2019, 12, 20))
    closed.jurisdiction = province(NOI_VU, DAK_MIL, cutoff_day="end")
    assert closed.figures(today=LATER).regular
    assert not closed.figures(Month(2020, 1), today=date(2020, 2, 2)).regular


def test_a_group_that_takes_over_another_s_unit_is_not_compared_with_itself(audit: Audit) -> None:
    figures = audited(audit, replace(ended("a", "so-noi-vu"), level=Level.DISTRICT)).figures()
    assert (figures.units[0].tally.count, figures.units[0].tally.previous) == (1, 2)
    assert figures.groups[0].tally == Tally(1, 1, comparable=False)
