"""The data of the demo province add up to the figures of the November 2019 report, and hold the traps they promise."""

from __future__ import annotations

import unicodedata
from collections import Counter
from datetime import date

import pytest

from auditor.categories import Category
from auditor.classify import classify
from auditor.demo.content import CUTOFF_DAY, MONTH, Portal, Post, Section, facts, portals, slugify
from auditor.portals import Level
from auditor.text import clean
from auditor.window import Month

OCTOBER = MONTH.preceding()
GROUPS = {"provincial": {"portal", "department"}, "district": {"district"}}
PORTALS = {portal.key: portal for portal in portals()}


def test_stated_figures_are_those_of_the_report() -> None:
    assert {group: (months[MONTH], months[OCTOBER]) for group, months in facts().groups.items()} == {
        "provincial": (42, 40),
        "district": (91, 121),
    }
    assert (facts().total[MONTH], facts().total[OCTOBER]) == (133, 161)


def test_there_are_one_portal_17_departments_and_8_districts() -> None:
    assert Counter(portal.level for portal in portals()) == {
        Level.PORTAL: 1,
        Level.DEPARTMENT: 17,
        Level.DISTRICT: 8,
    }


@pytest.mark.parametrize("portal", portals(), ids=lambda portal: portal.key)
@pytest.mark.parametrize("month", [MONTH, OCTOBER], ids=str)
def test_posts_of_a_unit_add_up_to_its_figure(portal: Portal, month: Month) -> None:
    assert len(portal.counted(month)) == facts().units[portal.key][month]


@pytest.mark.parametrize("month", [MONTH, OCTOBER], ids=str)
def test_units_add_up_to_the_groups_and_the_total(month: Month) -> None:
    for group, levels in GROUPS.items():
        keys = [portal.key for portal in portals() if portal.level in levels]
        assert sum(facts().units[key][month] for key in keys) == facts().groups[group][month]
    assert sum(group[month] for group in facts().groups.values()) == facts().total[month]


def test_five_units_published_nothing_and_their_sections_are_not_empty() -> None:
    silent = [portal for portal in portals() if not portal.counted(MONTH)]
    assert [portal.key for portal in silent] == list(facts().not_published)
    assert all(portal.posts() for portal in silent)


def test_fifteen_departments_have_all_five_sections() -> None:
    full = [
        portal.key
        for portal in portals()
        if portal.level == Level.DEPARTMENT
        and {section.category for section in portal.reception.children} >= set(Category)
    ]
    assert full == list(facts().five_sections)
    assert len(full) == 15


def test_the_cut_off_matters() -> None:
    days = Counter(post.month for portal in portals() for post in portal.posts() if post.counted)
    assert days[MONTH.following()] > 10
    by_calendar = [post for post in everything() if post.counted and post.published.month == 11]
    assert len(by_calendar) != facts().total[MONTH]


def test_every_category_occurs_in_both_windows() -> None:
    for month in (MONTH, OCTOBER):
        assert {post.category for portal in portals() for post in portal.counted(month)} == set(Category)


def test_sections_hold_posts_that_must_not_be_counted() -> None:
    window = MONTH.window(CUTOFF_DAY)
    distractors = [post for post in everything() if post.category is None and post.published.date() in window]
    assert len(distractors) > 25


def test_one_post_was_published_twice_within_an_hour() -> None:
    (again,) = [post for post in everything() if post.repeated]
    (first,) = [post for post in everything() if post.title == again.title and post is not again]
    assert (again.published - first.published).total_seconds() < 3600
    assert first.slug != again.slug
    assert first.counted
    assert not again.counted


def test_apart_from_that_no_two_posts_of_a_portal_share_a_title() -> None:
    for portal in portals():
        titles = Counter(post.title for post in portal.posts() if not post.repeated)
        assert titles.most_common(1)[0][1] == 1, titles.most_common(1)


def test_some_posts_stand_in_two_sections() -> None:
    double = [portal.key for portal in portals() if len(listed(portal)) > len({id(post) for post in listed(portal)})]
    assert double == ["cong-tinh", "ban-dan-toc"]


def test_titles_are_printed_with_the_oddities_of_real_ones() -> None:
    counted = [post for portal in portals() for post in portal.counted(MONTH)]
    assert [post for post in counted if not unicodedata.is_normalized("NFC", post.title)]
    assert [post for post in counted if post.title != unicodedata.normalize("NFC", clean(post.title))]
    assert [post for post in counted if post.title.isupper()]
    assert [post for post in counted if "  " in post.title]


def test_communes_have_branches_and_their_posts_count_for_the_district() -> None:
    branches = {portal.key: len(commune_sections(portal)) for portal in portals() if commune_sections(portal)}
    assert sum(branches.values()) == 71
    dak_mil = PORTALS["dak-mil"]
    assert {post.commune for post in dak_mil.counted(MONTH)} > {section.name for section in commune_sections(dak_mil)}


def test_numbers_grow_with_time() -> None:
    for portal in portals():
        numbers = [post.number for post in sorted(portal.posts(), key=lambda post: (post.published, post.number))]
        assert numbers == sorted(numbers)


def test_the_oldest_posts_are_of_2018_and_the_newest_after_the_cut_off() -> None:
    days = [post.published.date() for post in everything()]
    assert min(days).year == 2018
    assert date(2019, 11, 19) <= max(days) <= date(2019, 11, 30)


def test_the_classifier_agrees_with_every_label() -> None:
    wrong = {
        f"{portal.key}: {post.title}": (str(post.category), str(found))
        for portal in portals()
        for section in portal.reception.walk()
        for post in section.posts
        if (found := classify(post.title, section.name, None, post.published.date()).category) != post.category
    }
    assert wrong == {}


def test_slug_drops_marks_and_letters_addresses_do_not_have() -> None:
    assert slugify("Nội quy tiếp công dân – Đắk R'lấp (sửa đổi)") == "noi-quy-tiep-cong-dan-dak-r-lap-sua-doi"


def everything() -> list[Post]:
    return [post for portal in portals() for post in portal.posts()]


def listed(portal: Portal) -> list[Post]:
    return [post for section in portal.reception.walk() if not section.children for post in section.posts]


def commune_sections(portal: Portal) -> list[Section]:
    return [section for section in portal.reception.walk() if section.name.startswith(("Xã ", "Phường ", "Thị trấn "))]
