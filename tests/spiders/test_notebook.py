"""One post under several addresses is one note; two posts never become one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from auditor.observation import Placement, SeenItem
from auditor.reading.article import Article
from auditor.reading.dates import read_stamp
from auditor.reading.rows import Row
from spiders.notebook import Notebook

HOST = "http://so.example"
PLACE = Placement("", f"{HOST}/lich", "Lịch tiếp công dân")
LICH = "Lịch tiếp công dân tuần này"


@pytest.fixture
def notes() -> Notebook:
    now = datetime(2019, 11, 19, 2, tzinfo=UTC)
    return Notebook("so", ZoneInfo("Asia/Ho_Chi_Minh"), date(2019, 10, 19), date(2019, 11, 19), now)


def note(notes: Notebook, path: str, title: str = LICH, day: str = "", place: Placement = PLACE) -> str:
    url = path if path.startswith("http") else HOST + path
    notes.row(Row(url, title, read_stamp(day) if day else None), replace(place, url=url), None)
    return url


def article(body: str = "Giám đốc tiếp ngày 5", **facts: Any) -> Article:
    told = {"title": LICH, "stamp": None, "place": "article", "modified": None, "attachments": (), "canonical": None}
    return Article(**{**told, "body": body, "solid": True, **facts})


def items(notes: Notebook) -> list[SeenItem]:
    return sorted(notes.observation(1).items, key=lambda item: item.url)


def test_addresses_with_sessions_and_views_are_one_post_without_them(notes: Notebook) -> None:
    other = replace(PLACE, listing=f"{HOST}/moi;jsessionid=9F")
    note(notes, "/tin/1.html?PHPSESSID=9f&utm_source=x")
    note(notes, "https://www.so.example/tin/1.html?utm_source=y", place=other)
    [item] = items(notes)
    assert item.url == f"{HOST}/tin/1.html"
    assert item.also_at == ("https://www.so.example/tin/1.html",)
    assert [place.listing for place in item.placements] == [f"{HOST}/lich", f"{HOST}/moi"]


def test_a_redirect_to_a_post_noted_before_makes_them_one(notes: Notebook) -> None:
    old, new = note(notes, "/cu/1"), note(notes, "/moi/1", day="05/11/2019")
    notes.opened(old, article(), new)
    [item] = items(notes)
    assert (item.published, {item.url, *item.also_at}) == ("2019-11-05", {old, new})


def test_a_canonical_address_is_a_further_one(notes: Notebook) -> None:
    url = note(notes, "/?p=12")
    notes.opened(url, article(canonical=f"{HOST}/2019/lich"), url)
    [item] = items(notes)
    assert item.also_at == (f"{HOST}/2019/lich",)
    assert notes.key(f"{HOST}/2019/lich/") == notes.key(url)


def test_one_canonical_address_for_all_pages_is_nobody_s(notes: Notebook) -> None:
    urls = [note(notes, f"/tin/{number}", f"Lịch tiếp công dân tháng {number}") for number in (9, 10, 11)]
    for url in urls:
        notes.opened(url, article(canonical=f"{HOST}/tin-tuc"), url)
    assert [item.also_at for item in items(notes)] == [(), (), ()]


@pytest.mark.parametrize("days", [("", ""), ("05/11/2019", "12/11/2019")])
def test_two_weekly_posts_of_one_title_stay_two(notes: Notebook, days: tuple[str, str]) -> None:
    urls = [note(notes, f"/tin/{number}", day=day) for number, day in enumerate(days)]
    for number, url in enumerate(urls):
        notes.opened(url, article(f"Giám đốc tiếp ngày {number}", canonical=f"{HOST}/tin-tuc"), url)
    assert [item.also_at for item in items(notes)] == [(), ()]


@pytest.mark.parametrize("canonical", ["/lich", "/lich/", "/", "https://other.example/tin/1"])
def test_a_listing_the_home_page_or_another_site_is_no_post_s_address(notes: Notebook, canonical: str) -> None:
    url = note(notes, "/tin/1")
    notes.opened(url, article(canonical=canonical if "//" in canonical else HOST + canonical), url)
    assert items(notes)[0].also_at == ()


def test_a_post_that_names_another_post_as_its_own_address_stays_itself(notes: Notebook) -> None:
    first, second = note(notes, "/tin/1", "Lịch tháng 10"), note(notes, "/tin/2", "Lịch tháng 11")
    notes.opened(first, article(canonical=second), first)
    assert [item.title for item in items(notes)] == ["Lịch tháng 10", "Lịch tháng 11"]


def test_three_addresses_one_after_the_other(notes: Notebook) -> None:
    urls = [note(notes, f"/{name}") for name in "abc"]
    notes.opened(urls[0], article(), urls[1])
    notes.opened(urls[0], article(), urls[2])
    [item] = items(notes)
    assert {item.url, *item.also_at} == set(urls)
    assert len({notes.key(url) for url in urls}) == 1


def test_a_title_cut_short_is_completed_from_another_listing(notes: Notebook) -> None:
    note(notes, "/tin/1", "Lịch tiếp công dân tuần…")
    note(notes, "/tin/1", LICH, place=replace(PLACE, listing=f"{HOST}/moi"))
    assert items(notes)[0].title == LICH


def test_noise_around_a_listed_title_is_taken_off(notes: Notebook) -> None:
    note(notes, "/tin/1", f"null {LICH}")
    assert items(notes)[0].title == LICH
