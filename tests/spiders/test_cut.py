"""Listings of which a page shows a part, or all of which it shows some at a time, read by the real worker."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

import pytest

from auditor.observation import Observation
from auditor.outcomes import Cause, Outcome
from tests.spiders.lab import FIRST_DAY, Answer, Play, Portal, crawl, serving


@dataclass(frozen=True)
class Parts(Portal):
    """A portal of four parts whose pages show so many posts each, and nothing that leads to others."""

    shown: tuple[int, ...] = (6, 6, 6, 6)
    step: int = 3
    script: str = ""

    PARTS: ClassVar = {
        "lich": "Lịch tiếp công dân",
        "don-thu": "Giải quyết đơn thư",
        "bao-cao": "Báo cáo kết quả tiếp công dân",
        "noi-quy": "Nội quy tiếp công dân",
    }

    def _listing(self, part: str, page: int) -> str:
        number = self.shown[list(self.PARTS).index(part)] if page == 1 else 0
        rows = "".join(self.row(part, each) for each in range(number))
        return self.page(self.PARTS[part], f'<ul class="list">{rows}</ul>{self.script.replace("PART", part)}')


FOLDED = """<div id="p"></div><script>$(function () {
var items = $('.list li');
$('#p').pagination({items: items.length, itemsOnPage: 4, onPageClick: function (n) {
items.hide().slice(4 * (n - 1), 4 * n).show(); }}); });</script>"""
GRID = """<div id="grid"></div><script>$("#grid").kendoGrid({dataSource: {
transport: {read: {url: "/api/News/Read", data: {category: "PART"}}},
schema: {data: "Data", total: "Total"}, pageSize: 10, serverPaging: true}, columns: [
{field: "Title", template: "<a href='/PART/bai-#= Id #.html'>#= Title #</a>"}, {field: "PublishedDate"}]});</script>"""
SAME = """<table id="t"></table><script>
$('#t').DataTable({serverSide: true, ajax: {url: '/api/lich'}});</script>"""
NOTHING = json.dumps({"draw": 1, "recordsTotal": 0, "recordsFiltered": 0, "data": []})


def api(*, posts: int) -> Play:
    """The grid's server: every post of a part in one answer, or none."""

    def play(asked: str, _nth: int) -> Answer | None:
        if not asked.startswith("/api/"):
            return None
        part = asked.partition("category=")[2].partition("&")[0]
        listed = [
            {"Id": number, "Title": Portal().title(part, number), "PublishedDate": f"{Portal().day(number)}T08:00:00"}
            for number in range(int(asked.partition("skip=")[2].partition("&")[0] or 0), posts)
        ]
        told = json.dumps({"Data": listed, "Total": posts}, ensure_ascii=False) if posts else NOTHING
        return Answer(told, headers={"Content-Type": "application/json; charset=utf-8"})

    return play


PORTALS: Mapping[str, Portal] = {
    "cut": Parts(),
    "several": Parts(shown=(6, 7, 8, 9)),
    "old": Parts(step=40),
    "folded": Parts(shown=(9, 9, 7, 8), script=FOLDED),
    "grid": Parts(shown=(0, 0, 0, 0), script=GRID, play=api(posts=9)),
    "same": Parts(shown=(0, 0, 0, 0), script=SAME, play=api(posts=0)),
}


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Observation]]:
    with serving(PORTALS) as sites:
        yield crawl(tmp_path_factory.mktemp("cut"), {name: site.url for name, site in sites.items()})


def test_listings_that_end_alike_amid_the_time_asked_for_are_not_whole(visits: Mapping[str, Observation]) -> None:
    seen = visits["cut"]
    assert (seen.outcome, seen.cause) == (Outcome.PARTIAL, Cause.LISTING_LOST), seen.detail
    assert not any(each.complete for each in seen.listings if each.category)


@pytest.mark.parametrize("name", ["several", "old", "folded"])
def test_listings_that_end_are_whole(name: str, visits: Mapping[str, Observation]) -> None:
    seen = visits[name]
    assert (seen.outcome, seen.cause) == (Outcome.COMPLETE, None), seen.detail


def test_every_post_of_a_grid_is_seen_and_its_template_is_none(visits: Mapping[str, Observation]) -> None:
    seen = visits["grid"]
    assert (seen.outcome, seen.cause) == (Outcome.COMPLETE, None), seen.detail
    days = [date(2019, 11, 25) - timedelta(days=9 * number) for number in range(9)]
    wanted = {(part, day.isoformat()) for part in Parts.PARTS for day in days if day >= FIRST_DAY}
    got = {(item.url.split("/")[3], (item.published or "")[:10]) for item in seen.items}
    assert wanted <= got
    assert not any("#" in item.title for item in seen.items)


def test_an_empty_answer_to_what_every_part_asks_proves_nothing(visits: Mapping[str, Observation]) -> None:
    seen = visits["same"]
    assert seen.outcome is not Outcome.COMPLETE
    assert "tells the pages not apart" in seen.detail
