import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from audit_world import AFTER, DAK_MIL, FIRST, NOI_VU, NOVEMBER, SITE, Audit, numbers, post, province, visit

from auditor import portals
from auditor.audit.afterwards import Change
from auditor.audit.checks import checks
from auditor.audit.law.finding import Present, Ruling
from auditor.audit.month import MonthFigures, Tally, UnitFigures
from auditor.categories import Category
from auditor.observation import Coverage, Observation
from auditor.outcomes import Cause, Outcome, Verdict
from auditor.portals import Group, Level, Unit
from auditor.store.database import Database
from auditor.window import Window

EARLIER = date(2019, 9, 19)
"""The first day of October's window: a visit down to it reads both."""


def both(started: str, *items: object, **facts: object) -> Observation:
    return visit(started, *items, first_day=EARLIER, **facts)  # type: ignore[arg-type]


def test_the_month_s_frame(audit: Audit) -> None:
    figures = audit.figures()
    assert figures.window == Window(date(2019, 10, 19), date(2019, 11, 18))
    assert figures.previous_window == Window(date(2019, 9, 19), date(2019, 10, 18))
    assert (figures.jurisdiction, figures.office) == ("tỉnh Đắk Nông", "Văn phòng UBND tỉnh Đắk Nông")
    assert [unit.key for unit in figures.units] == ["so-noi-vu", "dak-mil"]
    assert (figures.units[0].short_name, figures.units[1].short_name) == ("Nội vụ", "UBND huyện Đắk Mil")


def test_counts_and_changes_from_unit_to_total(audit: Audit) -> None:
    audit.saw(
        both(
            "2019-11-19 02:00", post(1), post(2, title="Báo cáo tháng 11"), post(3, "2019-10-18"), post(4, "2019-10-01")
        ),
        both("2019-11-19 02:00", post(5), post(6, "2019-09-19"), post(7, "2019-09-18"), unit="dak-mil"),
    )
    figures = audit.figures()
    provincial, district = figures.groups
    noi_vu = figures.units[0]
    assert noi_vu.tally == Tally(2, 2)
    assert noi_vu.categories[Category.SCHEDULE].tally == Tally(1, 2)
    assert noi_vu.categories[Category.REPORTS].tally == Tally(1, 0)
    assert list(noi_vu.categories) == list(Category)
    assert numbers(noi_vu.items) == [1, 2]
    assert (provincial.tally, provincial.units, provincial.published) == (Tally(2, 2), 1, 1)
    assert district.tally == Tally(1, 1)
    assert figures.total == Tally(3, 3)
    assert figures.total.change == 0
    assert all(check.ok for check in figures.checks)


def test_a_window_before_nobody_saw_is_unknown_not_zero(audit: Audit) -> None:
    audit.saw(visit("2019-11-19 02:00", post(1)), visit("2019-11-19 02:00", unit="dak-mil"))
    figures = audit.figures()
    assert figures.units[0].tally == Tally(1, None, comparable=False)
    assert figures.total == Tally(1, None, comparable=False)
    assert figures.total.change is None


def test_the_sums_are_of_the_known_parts_and_say_so(audit: Audit) -> None:
    audit.jurisdiction = province(NOI_VU, replace(NOI_VU, key="so-y-te"), DAK_MIL)
    audit.saw(
        both("2019-11-19 02:00", post(1), post(2, "2019-10-01"), post(3, "2019-10-02")),
        visit("2019-11-19 02:00", post(1), unit="so-y-te"),
        both("2019-11-19 02:00", post(1), unit="dak-mil"),
    )
    figures = audit.figures()
    provincial, district = figures.groups
    assert provincial.tally == Tally(2, 2, comparable=False)
    assert district.tally == Tally(1, 0, comparable=True)
    assert figures.total == Tally(3, 2, comparable=False)


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param({"outcome": Outcome.PARTIAL, "cause": Cause.LISTING_LOST}, id="read in part"),
        pytest.param({"first_day": FIRST}, id="the month before not read to its first day"),
    ],
)
def test_what_was_not_read_whole_is_not_compared_without_a_word(audit: Audit, trouble: dict[str, object]) -> None:
    facts = {"first_day": EARLIER, **trouble}
    audit.saw(visit("2019-11-19 02:00", post(1), post(2, "2019-10-01"), **facts))
    assert audit.unit().tally == Tally(1, 1, comparable=False)


def test_an_undated_post_makes_the_comparison_doubtful(audit: Audit) -> None:
    audit.saw(both("2019-11-19 02:00", post(1), post(2, None, "Báo cáo tháng 11")))
    unit = audit.unit()
    assert not unit.tally.comparable
    assert not unit.categories[Category.REPORTS].tally.comparable
    assert unit.categories[Category.SCHEDULE].tally.comparable


def test_units_stand_in_the_months_they_exist_in(audit: Audit) -> None:
    founded = replace(DAK_MIL, key="gia-nghia", valid_from=date(2019, 11, 1))
    dissolved = replace(DAK_MIL, key="krong-no", valid_to=date(2019, 10, 18))
    audit.jurisdiction = province(DAK_MIL, founded, dissolved)
    for key in ("dak-mil", "gia-nghia", "krong-no"):
        audit.saw(both("2019-11-19 02:00", post(1), post(2, "2019-10-01"), unit=key))
    november, october = audit.figures(), audit.figures(NOVEMBER.preceding())
    assert [unit.key for unit in november.units] == ["dak-mil", "gia-nghia"]
    assert [unit.key for unit in october.units] == ["dak-mil", "krong-no"]
    assert november.units[1].tally == Tally(1, None, comparable=False)
    assert november.total == Tally(2, 2, comparable=False)
    assert [(one.change, one.unit) for one in november.unit_changes] == [
        (Change.ADDED, "gia-nghia"),
        (Change.ABOLISHED, "krong-no"),
    ]


def test_a_dissolved_unit_alone_makes_its_group_s_comparison_doubtful(audit: Audit) -> None:
    audit.jurisdiction = province(NOI_VU, DAK_MIL, replace(DAK_MIL, key="krong-no", valid_to=date(2019, 10, 18)))
    for unit in audit.jurisdiction.units:
        audit.saw(both("2019-11-19 02:00", post(1), unit=unit.key))
    figures = audit.figures()
    assert [group.tally.comparable for group in figures.groups] == [True, False]
    assert not figures.total.comparable


def test_groups_are_those_with_units_in_the_report_s_order(audit: Audit) -> None:
    communes = [
        Unit("xa-a", "UBND xã A", Level.COMMUNE, "http://a", parent="dak-mil"),
        Unit("xa-b", "UBND xã B", Level.COMMUNE, "http://b"),
    ]
    audit.jurisdiction = province(communes[1], communes[0], DAK_MIL, NOI_VU)
    figures = audit.figures()
    assert [(group.key, group.units) for group in figures.groups] == [
        (Group.PROVINCIAL, 1),
        (Group.DISTRICT, 2),
        (Group.COMMUNE, 1),
    ]
    assert [unit.key for unit in figures.units] == ["xa-b", "xa-a", "dak-mil", "so-noi-vu"]
    audit.jurisdiction = province(DAK_MIL)
    assert [group.key for group in audit.figures().groups] == [Group.DISTRICT]


def test_sections_found_are_told(audit: Audit) -> None:
    sections = {category: f"{SITE}/{category}" for category in Category}
    audit.saw(visit("2019-11-19 02:00", sections=sections))
    assert audit.unit().sections == sections
    assert audit.unit().has_all_sections
    assert not audit.unit(key="dak-mil").has_all_sections


def test_the_same_facts_give_the_same_figures_whatever_their_order(audit: Audit, tmp_path: Path) -> None:
    visits = [
        visit("2019-11-18 02:00", post(1), post(2, own_title=False), post(3, None)),
        visit("2019-11-19 02:00", post(2, own_title=False), post(4, own_title=False)),
        visit("2019-11-19 02:00", post(9), unit="dak-mil"),
    ]
    audit.saw(*visits)
    figures = audit.figures()
    assert figures == audit.figures()
    random.Random(1).shuffle(visits)  # noqa: S311
    with Database.open(f"sqlite:///{tmp_path / 'other.db'}") as database:
        other = Audit(database)
        other.saw(*reversed(visits), *visits)
        assert other.figures() == figures


def test_a_month_nothing_is_known_of(audit: Audit) -> None:
    figures = audit.figures()
    assert figures.total == Tally(0, None, comparable=False)
    assert {unit.verdict for unit in figures.units} == {Verdict.NOT_OBSERVABLE}
    assert all(check.ok for check in figures.checks)


NOVEMBER_2019 = {
    "cong-tinh": 4, "thanh-tra": 10, "so-nnptnt": 5, "so-tai-chinh": 4, "so-gddt": 3, "so-noi-vu": 2, "so-tu-phap": 2,
    "so-cong-thuong": 2, "so-khdt": 2, "ban-dan-toc": 2, "so-xay-dung": 1, "so-y-te": 1, "so-tnmt": 1, "so-ldtbxh": 1,
    "so-gtvt": 1, "so-vhttdl": 1, "so-khcn": 0, "so-tttt": 0, "dak-mil": 45, "gia-nghia": 18, "dak-song": 13,
    "cu-jut": 8, "tuy-duc": 7, "krong-no": 0, "dak-glong": 0, "dak-rlap": 0,
}  # fmt: skip


@pytest.fixture
def november(audit: Audit) -> MonthFigures:
    """The report of November 2019, as its own parts have it: 133 posts of 21 units of 26."""
    audit.jurisdiction = portals.load(Path(__file__).parents[2] / "portals.yaml")
    assert {unit.key for unit in audit.jurisdiction.units} == set(NOVEMBER_2019)
    for key, count in NOVEMBER_2019.items():
        audit.saw(both("2019-11-19 02:00", *(post(number) for number in range(count)), unit=key))
    return audit.figures(today=AFTER)


def test_the_report_of_november_2019(november: MonthFigures) -> None:
    assert november.total.count == 133
    assert {group.key: (group.tally.count, group.published, group.units) for group in november.groups} == {
        Group.PROVINCIAL: (42, 16, 18),
        Group.DISTRICT: (91, 5, 8),
    }
    assert [unit.key for unit in november.with_verdict(Verdict.NOT_PUBLISHED)] == [
        key for key, count in NOVEMBER_2019.items() if not count
    ]
    assert november.with_verdict(Verdict.NOT_OBSERVABLE) == ()


def test_every_check_tells_both_numbers(november: MonthFigures) -> None:
    told = {check.check: check.detail for check in november.checks}
    assert all(check.ok for check in november.checks)
    assert told["total equals the sum of the groups"] == "133 against 133"
    assert told["each unit equals the sum of its categories"] == "133 against 133"
    assert told["the units said to have published are those with a count"] == "21 against 21"
    assert told["every unit stands in exactly one of the three lists"] == "26 against 26"


def first_unit(figures: MonthFigures, **facts: object) -> MonthFigures:
    changed: UnitFigures = replace(figures.units[0], **facts)  # type: ignore[arg-type]
    return replace(figures, units=(changed, *figures.units[1:]))


def first_group(figures: MonthFigures, **facts: object) -> MonthFigures:
    changed = replace(figures.groups[0], **facts)  # type: ignore[arg-type]
    return replace(figures, groups=(changed, *figures.groups[1:]))


def caught(figures: MonthFigures) -> dict[str, str]:
    return {check.check: check.detail for check in checks(figures) if not check.ok}


def test_last_month_s_total_left_in_the_file_is_caught(november: MonthFigures) -> None:
    assert caught(replace(november, total=Tally(161, 0))) == {
        "total equals the sum of the groups": "161 against 133; total 161 against 133",
        "the total's change equals the sum of the groups' changes": "161 against 133; total 161 against 133",
    }


def test_26_of_26_is_caught(november: MonthFigures) -> None:
    assert caught(first_group(november, published=18)) == {
        "each group's number of publishing units is that of its list": "23 against 21; provincial 18 against 16",
        "the numbers of units said of all are the sums of the groups'": "47 against 49; published 21 against 23",
    }


def test_a_silent_unit_said_to_have_published_is_caught(november: MonthFigures) -> None:
    details = caught(first_unit(november, tally=Tally(0), items=()))
    assert details["the units said to have published are those with a count"] == "21 against 20; cong-tinh 1 against 0"


def test_a_unit_missing_from_the_lists_is_caught(november: MonthFigures) -> None:
    details = caught(replace(november, units=november.units[1:]))
    assert details["each group's number of units is that of its list"] == "26 against 25; provincial 18 against 17"


def test_a_group_without_one_of_its_units_is_caught(november: MonthFigures) -> None:
    details = caught(first_group(november, tally=Tally(38, 0)))
    assert details["each group equals the sum of its units"] == "129 against 133; provincial 38 against 42"


def test_a_unit_that_differs_from_its_parts_is_caught(november: MonthFigures) -> None:
    details = caught(first_unit(november, tally=Tally(5)))
    assert "cong-tinh 5 against 4" in details["each unit equals the sum of its categories"]
    assert "cong-tinh 5 against 4" in details["each unit equals the number of its listed items"]


def test_an_item_listed_twice_is_caught(november: MonthFigures) -> None:
    items = november.units[0].items
    details = caught(first_unit(november, items=(*items[:-1], items[0])))
    assert "cong-tinh 4 against 3" in details["no item is counted twice"]


def test_an_item_listed_under_its_other_address_is_caught(november: MonthFigures) -> None:
    first, *others = november.units[0].items
    aliased = replace(first, also_at=(others[0].url,))
    assert "no item is counted twice" in caught(first_unit(november, items=(aliased, *others)))


def test_a_unit_in_two_lists_is_caught(november: MonthFigures) -> None:
    doubled = replace(november, units=(*november.units, november.units[0]))
    assert "every unit stands in exactly one of the three lists" in caught(doubled)


def test_a_change_that_is_not_its_groups_is_caught(november: MonthFigures) -> None:
    details = caught(replace(november, total=replace(november.total, previous=7)))
    assert details == {
        "the total's change equals the sum of the groups' changes": "126 against 133; total 126 against 133"
    }


def test_what_is_present_is_told_apart_from_what_was_posted(audit: Audit) -> None:
    rules = post(1, "2018-03-01", "Nội quy tiếp công dân")
    year = post(2, "2019-01-03", "Lịch tiếp công dân năm 2019")
    audit.saw(visit("2019-11-19 02:00", rules, year))
    unit = audit.unit()
    assert unit.tally.count == 0
    present = {category: figure.standing.present for category, figure in unit.categories.items()}
    assert present[Category.RULES] is present[Category.SCHEDULE] is Present.YES
    assert present[Category.REPORTS] is Present.CANNOT_BE_DECIDED
    assert unit.categories[Category.SCHEDULE].standing.last == date(2019, 12, 31)


@pytest.mark.parametrize(
    ("whole", "present", "ruling"),
    [(True, Present.NO, Ruling.VIOLATED), (False, Present.CANNOT_BE_DECIDED, Ruling.CANNOT_BE_DECIDED)],
)
def test_nothing_is_said_to_be_lacking_in_a_listing_not_read_to_its_end(
    audit: Audit, *, whole: bool, present: Present, ruling: Ruling
) -> None:
    listing = Coverage(f"{SITE}/noi-quy", "Nội quy", Category.RULES, pages=2, complete=True, whole=whole)
    audit.saw(visit("2019-11-19 02:00", post(1), listings=(listing,)))
    unit = audit.unit()
    assert unit.categories[Category.RULES].standing.present is present
    assert {finding.rule: finding.verdict for finding in unit.findings}["R09"] is ruling


def test_the_law_never_changes_a_count(audit: Audit) -> None:
    audit.saw(visit("2019-11-19 02:00", post(1), post(2, "2018-01-01", "Nội quy tiếp công dân")))
    unit = audit.unit()
    assert (unit.tally.count, unit.categories[Category.RULES].tally.count) == (1, 0)
    assert [finding.rule for finding in unit.findings] == [f"R{number:02d}" for number in range(1, 22)]
