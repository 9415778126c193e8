"""Lists that pages carry as data, and lists that their scripts write."""

from __future__ import annotations

import json
from html import escape
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.reading.carried import carried_lists, literals_in, read_carried, written_markup
from auditor.reading.page import Page, parse

HOME = "http://so.example.gov.vn"
URL = f"{HOME}/tiep-cong-dan/lich"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ONE = "Lịch tiếp công dân tháng 11 năm 2019"
TWO = "Lịch tiếp công dân tháng 10 năm 2019"
RECORDS = [
    {"title": ONE, "url": "/5.html", "date": "2019-11-04"},
    {"title": TWO, "url": "/4.html", "date": "2019-10-04"},
]
TOLD = [(ONE, "/5.html", "2019-11-04"), (TWO, "/4.html", "2019-10-04")]
DATA = json.dumps({"props": {"pageProps": {"posts": RECORDS, "total": 57}}}, ensure_ascii=False)
LITERAL = (
    "[{title: 'Lịch tiếp công dân tháng 11 năm 2019', url: '/5.html', date: \"04/11/2019\",},"
    " /* cũ */ {title: 'Lịch tiếp công dân tháng 10 năm 2019', url: '/4.html', date: '04/10/2019'}]"
)
MENU = [{"title": "Giới thiệu", "url": "/gioi-thieu"}, {"title": "Tin tức", "url": "/tin-tuc"}]


def page_of(body: str) -> Page:
    return parse(f"<html><head><title>Lịch</title></head><body>{body}</body></html>".encode(), URL)


def rows(body: str) -> list[tuple[str, str, str | None]]:
    page = page_of(body)
    records = read_carried(page, carried_lists(page))
    told = records.rows if records else ()
    return [(row.title, row.url.removeprefix(HOME), row.stamp.iso(ZONE) if row.stamp else None) for row in told]


@pytest.mark.parametrize(
    "body",
    [
        f"<script id=__NEXT_DATA__ type='application/json'>{DATA}</script>",
        f"<script>window.__INITIAL_STATE__ = {DATA};</script>",
        f"<script>window.__NUXT__={{state:{{list:{json.dumps(RECORDS)}}}}}</script>",
        f"<script>var st = JSON.parse({json.dumps(json.dumps(RECORDS))});</script>",
        f"<script>var menu = {json.dumps(MENU)}; var ds = {LITERAL}; render(ds);</script>",
        f"<script>new Vue({{el: '#app', data: {{items: {LITERAL}}}, methods: {{go() {{ return 1 }}}}}})</script>",
        f"<script>$('#g').kendoGrid({{dataSource: {{data: {LITERAL}, pageSize: 10}}}})</script>",
        f"<div id=app data-page='{escape(DATA)}'></div>",
        f"<danh-sach :items='{escape(json.dumps(RECORDS))}'></danh-sach>",
        f'<div x-data="{{ items: {escape(LITERAL)} }}"></div>',
        "<script>var a = [" + ",".join(f"['{t}', '{u}', '{d[8:]}/{d[5:7]}/2019']" for t, u, d in TOLD) + "];</script>",
        f"<script>self.__next_f.push([1,{json.dumps('5:' + json.dumps([1, {'posts': RECORDS}]))}])</script>",
    ],
)
def test_list_is_read_from_what_the_page_carries(body: str) -> None:
    assert rows(body) == TOLD


def test_item_list_is_read_and_the_way_to_the_page_is_not() -> None:
    crumbs = {
        "@type": "BreadcrumbList",
        "itemListElement": [{"name": "Tiếp công dân", "item": f"{HOME}/tiep-cong-dan"}],
    }
    items = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "name": ONE, "url": f"{HOME}/5.html"}]}
    body = f"<script type='application/ld+json'>{json.dumps({'@graph': [crumbs, items]})}</script>"
    assert rows(body) == [(ONE, "/5.html", None)]
    assert rows(f"<script type='application/ld+json'>{json.dumps(crumbs)}</script>") == []


@pytest.mark.parametrize(
    "body",
    [
        f"<script>var menu = {json.dumps(MENU)};</script>",
        "<script>var slides = [{title: 'Ảnh đẹp quê hương em', url: '/anh/1.html'}]</script>",
        "<script>var a = [{x: 1}, {x: 2}]; dataLayer.push([{event: 'load'}])</script>",
        "<script>$('#s').slick({responsive: [{breakpoint: 1024, settings: {}}]})</script>",
        "<script type='application/json'>{broken</script>",
    ],
)
def test_menus_pictures_and_settings_are_no_list(body: str) -> None:
    assert rows(body) == []


def test_promise_stands_beside_the_list() -> None:
    page = page_of(f"<script>window.__INITIAL_STATE__ = {DATA};</script>")
    records = read_carried(page, carried_lists(page))
    assert records is not None
    assert records.promise.total == 57


def test_posts_known_by_number_only_are_told_apart() -> None:
    page = page_of(f"<script>var ds = [{{id: 5, title: '{ONE}', ngayDang: '04/11/2019'}}]</script>")
    records = read_carried(page, carried_lists(page))
    assert records is not None
    assert (records.rows, records.unaddressed) == ((), (ONE,))


def test_markup_that_scripts_write() -> None:
    script = (
        "document.write('<ul>'); document.write('<li><a href=\"/5.html\">Lịch tháng 11</a> (04/11/2019)</li>');"
        "document.write(\"<li><a href='/4.html'>Lịch tháng 10</a></li>\" + '</ul>');"
    )
    assert written_markup(page_of(f"<script>{script}</script>")) == (
        '<ul><li><a href="/5.html">Lịch tháng 11</a> (04/11/2019)</li>'
        "<li><a href='/4.html'>Lịch tháng 10</a></li></ul>"
    )


@pytest.mark.parametrize(
    "script",
    ["s += '<a href=\"/tin/' + item.id + '\">' + item.title + '</a>'", "document.write(new Date())", "x = '<div>' + y"],
)
def test_templates_of_scripts_are_no_markup(script: str) -> None:
    assert written_markup(page_of(f"<script>{script}</script>")) == ""


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="[{}]:,'\"\\ab1/*`$ \n", max_size=200))
def test_any_script_is_read_without_an_error(script: str) -> None:
    assert len(list(literals_in(script))) < 500


@pytest.mark.parametrize(
    "script",
    [
        "[{" * 50_000,
        "[" * 100_000,
        "[{a:" * 30_000,
        "[{}," * 100_000,
        "JSON.parse('" * 20_000,
        f"x([{{}}, a = [1], {'a = [a, a], ' * 40}])",
    ],
)
def test_hostile_literals_are_read_in_bounds(script: str) -> None:
    assert len(carried_lists(page_of(f"<script>{script}</script>"))) <= 400
