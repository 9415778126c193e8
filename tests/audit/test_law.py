"""The law's checks against cases.yaml: a new case needs no code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor.audit.law import days, personal
from auditor.audit.law.checks import CHECKS
from auditor.audit.law.facts import Case, LawPost
from auditor.audit.law.finding import Finding, Present, Ruling
from auditor.audit.law.findings import findings
from auditor.audit.law.rules import rules
from auditor.audit.law.workdays import calendar
from auditor.categories import Category
from auditor.outcomes import Outcome, Verdict
from auditor.portals import Level
from auditor.window import Month

CASES = yaml.safe_load(Path(__file__).with_name("law_cases.yaml").read_text("utf-8"))


def law_case(record: dict[str, Any]) -> Case:
    month = Month.parse(record["month"])
    window = month.window(record.get("cutoff", 18))
    categories = frozenset(map(Category, record.get("read_whole", ())))
    return Case(
        level=Level(record.get("level", "department")),
        month=month,
        window=window,
        today=record.get("today", window.last + timedelta(days=30)),
        posts=tuple(law_post(post, number) for number, post in enumerate(record.get("posts", ()))),
        verdicts={Category(key): Verdict(value) for key, value in record.get("verdicts", {}).items()},
        overall=Verdict(record.get("overall", "not_observable")),
        held={Category(key): count for key, count in record.get("held", {}).items()},
        sections=frozenset(map(Category, record.get("sections", ()))),
        read_whole=frozenset(Category) if "all" in record.get("read", ()) else categories,
        seen_whole=record.get("seen_whole", False),
        outcomes=tuple(map(Outcome, record.get("outcomes", ()))),
    )


def law_post(record: dict[str, Any], number: int) -> LawPost:
    facts = {"url": f"http://a.gov.vn/{number}", "category": "schedule", **record}
    category = Category(facts.pop("category")) if facts["category"] else facts.pop("category")
    return LawPost(**{**facts, "category": category, "files": tuple(facts.get("files", ()))})


def finding(case: Case, rule: str) -> Finding:
    return next(each for each in findings(case) if each.rule == rule)


@pytest.mark.parametrize("record", CASES["cases"], ids=lambda record: record["name"])
def test_findings(record: dict[str, Any]) -> None:
    case = law_case(record)
    found = {rule: finding(case, rule) for rule in record["findings"]}
    assert {rule: str(each.verdict) for rule, each in found.items()} == record["findings"]
    for rule, words in record.get("seen", {}).items():
        assert words in found[rule].seen
    for rule, words in record.get("basis", {}).items():
        assert words in found[rule].basis
    for word in record.get("never", ()):
        assert all(word not in f"{each.seen}{each.expected}" for each in findings(case))


@pytest.mark.parametrize("record", CASES["days"], ids=lambda record: f"{record['month']} {record['text'][:50]}")
def test_days_of_a_schedule(record: dict[str, Any]) -> None:
    named = days.named(record["text"], Month.parse(record["month"]))
    assert sorted(day.day for day in named.days) == record["days"]


@pytest.mark.parametrize("record", CASES["ahead"], ids=lambda record: f"{record['before']}")
def test_five_working_days_before(record: dict[str, Any]) -> None:
    assert calendar().latest_before(record["before"], 5) == record["latest"]


@pytest.mark.parametrize("record", CASES["personal"], ids=lambda record: record["text"][:50])
def test_signs_of_personal_data(record: dict[str, Any]) -> None:
    assert {sign.name.lower() for sign in personal.signs(record["text"])} == set(record["signs"])


def test_a_year_without_known_holidays_is_not_guessed() -> None:
    with pytest.raises(LookupError):
        calendar().is_workday(date(2040, 1, 2))
    with pytest.raises(LookupError):
        calendar().latest_before(date(2018, 1, 3), 5)


def test_days_off_are_no_weekend_and_days_worked_are() -> None:
    assert all(day.weekday() < 5 for day in calendar().off)
    assert all(day.weekday() == 5 for day in calendar().worked)


@given(day=st.dates(date(2018, 3, 1), date(2027, 12, 31)), ahead=st.integers(1, 10))
def test_a_deadline_has_so_many_working_days_behind_it(day: date, ahead: int) -> None:
    latest = calendar().latest_before(day, ahead)
    between = (latest + timedelta(days=number) for number in range((day - latest).days))
    assert sum(map(calendar().is_workday, between)) == ahead
    assert calendar().is_workday(latest)


def test_the_rules_are_whole() -> None:
    assert [rule.key for rule in rules()] == [f"R{number:02d}" for number in range(1, 22)]
    for rule in rules():
        assert (rule.check in CHECKS) != bool(rule.undecidable)
        assert rule.local or rule.articles
        for level in rule.levels:
            for day in (date(2019, 11, 1), date(2025, 7, 1), date(2026, 6, 30), date(2026, 7, 1)):
                assert rule.basis(day) or not rule.applies(level, day)
                assert "{" not in rule.expects(day)
    assert {rule.check for rule in rules()} - {""} == set(CHECKS)


@pytest.mark.parametrize(
    ("level", "month", "asked", "expected"),
    [
        (Level.DISTRICT, "2025-06", True, "ít nhất 02 ngày"),
        (Level.DISTRICT, "2025-07", False, ""),
        (Level.COMMUNE, "2025-07", True, "01 ngày mỗi tuần"),
        (Level.COMMUNE, "2026-06", True, "01 ngày mỗi tuần"),
        (Level.COMMUNE, "2026-07", True, "ít nhất 02 ngày"),
    ],
)
def test_the_minimum_is_that_of_the_month(level: Level, month: str, *, asked: bool, expected: str) -> None:
    rule = "R06" if level is Level.DISTRICT else "R07"
    found = finding(law_case({"month": month, "level": str(level)}), rule)
    assert (found.verdict is not Ruling.NOT_APPLICABLE) is asked
    assert expected in found.expected


TITLES = st.sampled_from(
    [
        "Lịch tiếp công dân tháng 11/2019",
        "Lịch tiếp công dân năm 2019",
        "Nội quy tiếp công dân",
        "Hoãn tiếp công dân",
        "Kết luận nội dung tố cáo của ông Nguyễn Văn An, CCCD 001099012345",
        "",
    ]
)
POSTS = st.builds(
    LawPost,
    url=st.from_regex(r"http://a\.gov\.vn/[0-9]{1,3}", fullmatch=True),
    title=TITLES,
    category=st.sampled_from([None, *Category]),
    published=st.one_of(st.none(), st.dates(date(2018, 1, 1), date(2020, 12, 31))),
    text=st.text(max_size=80) | TITLES,
    whole=st.booleans(),
    standing=st.booleans(),
    files=st.lists(st.sampled_from([True, False, None]), max_size=2).map(tuple),
)
CASE = st.builds(
    Case,
    level=st.sampled_from(Level),
    month=st.just(Month(2019, 11)),
    window=st.just(Month(2019, 11).window(18)),
    today=st.dates(date(2019, 10, 20), date(2020, 1, 1)),
    posts=st.lists(POSTS, max_size=4).map(tuple),
)


@given(case=CASE)
def test_nothing_unread_is_held_against_a_unit(case: Case) -> None:
    """Without a visit that proves anything, a rule is broken only by a post that was seen."""
    for found in findings(case):
        assert found.verdict is not Ruling.VIOLATED or found.items
        assert "001099012345" not in found.seen
        assert "Nguyễn Văn An" not in found.seen


@given(case=CASE, more=POSTS)
def test_a_post_more_never_takes_presence_away(case: Case, more: LawPost) -> None:
    """What is present stays present, whatever else is found."""
    for category in Category:
        if case.standing(category).present is Present.YES:
            after = replace(case, posts=(*case.posts, more))
            assert after.standing(category).present is Present.YES


@given(text=st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert all(day.month == 11 for day in days.named(text, Month(2019, 11)).days)
    personal.signs(text)


@pytest.mark.parametrize(
    "piece", ["thứ hai, ", "ngày 15, ", "à", "ông À ", "tháng 11 ngày 1;", "tuần thứ 2 ", "1", "cmnd 123 "]
)
def test_long_texts_are_read_in_no_time(piece: str) -> None:
    text = piece * 20_000
    assert days.named(text, Month(2019, 11)).days is not None
    assert personal.signs(text) is not None
