"""Signs that a script has yet to fill a page, and the scripts of ordinary portals, which are none."""

from __future__ import annotations

import pytest

from auditor.reading.filling import CALLS, empty_boxes, external_scripts, is_shell, signs, speaks_of, waiting_boxes
from auditor.reading.page import Page, parse

URL = "http://so.example.gov.vn/tiep-cong-dan/"
TEXT = (
    "<p>Trang thông tin điện tử của Sở. Địa chỉ: số 1, đường Hai Tháng Tư, thành phố Gia Nghĩa. Điện thoại: 0261.</p>"
)
MENU = "".join(f"<li><a href='/muc-{number}/'>Chuyên mục {number}</a></li>" for number in range(8))
FURNITURE = (
    "<div id='fb-root'></div><div class='zalo-chat-widget' data-oaid='1'></div><div class='clearfix'></div>"
    "<script src='/js/jquery-3.4.1.min.js'></script><script async src='https://www.googletagmanager.com/gtag/js'></script"
    "><script>window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments) } gtag('js', 1)"
    "</script><script>$('.slides').slick(); $.get('/counter', function (n) { $('#online').text(n) })</script>"
)


def page_of(content: str) -> Page:
    return parse(f"<html><body><nav><ul>{MENU}</ul></nav>{FURNITURE}{content}{TEXT * 3}</body></html>".encode(), URL)


HOME = page_of("<h1>Trang chủ</h1>")


@pytest.mark.parametrize(
    "content",
    [
        "<h1>Tiếp công dân</h1>",
        "<h1>Tiếp công dân</h1><div class='row'><p>Chưa có bài viết.</p></div><div class='clearfix'></div>",
        "<ul class='pagination'></ul><div class='modal' id='binh-luan'></div>",
        "<div class='content'><img src='/anh.jpg'></div>",
    ],
)
def test_ordinary_page_shows_no_sign(content: str) -> None:
    page = page_of(content)
    assert list(signs(page, [HOME])) == []
    assert not any(box.may_list for box in waiting_boxes(page, [HOME]))


@pytest.mark.parametrize(
    ("content", "sign"),
    [
        ("<ul><li ng-repeat='tin in ds'><a ng-href='/tin/{{tin.id}}'>{{tin.title}}</a></li></ul>", "template"),
        ("<ul><li v-for='tin in ds'></li></ul>", "template"),
        ("<div x-data><template x-for='tin in ds'><a></a></template></div>", "template"),
        ("<script type='text/x-handlebars-template'><li>{{title}}</li></script>", "template"),
        ("<div id='ds'>Đang tải dữ liệu...</div>", "loading"),
        ("<p>Loading…</p>", "loading"),
    ],
)
def test_what_waits_for_a_script_is_a_sign(content: str, sign: str) -> None:
    assert sign in next(signs(page_of(content), [HOME]))


def test_what_every_page_has_is_no_sign() -> None:
    page = page_of("<li v-for='x in menu'></li><p>Loading…</p>")
    assert list(signs(page, [page_of("<h1>Trang chủ</h1><li v-for='x in menu'></li><p>Loading…</p>")])) == []


def test_shell() -> None:
    shell = parse(b"<html><body><div id=app></div><script src=/app.js></script></body></html>", URL)
    assert is_shell(shell)
    assert list(signs(shell, [])) == ["the page is an empty shell that a script fills"]
    assert not is_shell(HOME)
    assert not is_shell(parse(b"<html><body><p>Tin</p></body></html>", URL))


@pytest.mark.parametrize(
    ("content", "script"),
    [
        ("<div id='danh-sach'></div>", "$('#danh-sach').load('/ds.aspx')"),
        ("<div class='news-list'><div class='row'></div></div>", "document.querySelector('.news-list')"),
        ("<ul id=tinTuc></ul>", "var box = document.getElementById('tinTuc')"),
        ("<table id=bang><thead></thead><tbody></tbody></table>", '$("#bang").DataTable({ajax: "/x"})'),
        ("<div data-category=5></div>", "el.data('category')"),
        ("<danh-sach-tin></danh-sach-tin>", "customElements.define('danh-sach-tin', T)"),
    ],
)
def test_box_that_a_script_speaks_of(content: str, script: str) -> None:
    boxes = waiting_boxes(page_of(content), [HOME])
    assert any(speaks_of(script, box) for box in boxes)
    assert not any(speaks_of("$('#danh-sach-khac').hide(); $('.news-lists')", box) for box in boxes)


def test_filled_boxes_wait_for_nothing() -> None:
    assert empty_boxes(page_of("<div id='danh-sach'><p>Chưa có tin</p></div>")) == empty_boxes(HOME)


def test_scripts_of_the_portal_are_told_from_libraries() -> None:
    page = page_of(
        "<script src='/js/tin.js?v=2'></script><script src='/themes/so/main.js'></script>"
        "<script src='/js/bootstrap.min.js'></script><script src='https://sp.zalo.me/plugins/sdk.js'></script>"
        "<script type='application/json' src='/x.json'></script>"
    )
    assert external_scripts(page) == (
        "http://so.example.gov.vn/js/tin.js?v=2",
        "http://so.example.gov.vn/themes/so/main.js",
    )


@pytest.mark.parametrize(
    "script",
    ["fetch('/x')", "$.ajax({})", "new XMLHttpRequest()", "axios.get('/x')", "$http.get(u)", "$('#t').DataTable({})"],
)
def test_calls_of_a_server(script: str) -> None:
    assert CALLS.search(script)


@pytest.mark.parametrize(
    "body", ["<div>" * 3_000, "<div id=a></div>" * 20_000, "{{a" * 50_000, "<div class='" + "a " * 100_000 + "'></div>"]
)
def test_hostile_page_is_looked_at_in_bounds(body: str) -> None:
    page = parse(body.encode(), URL)
    assert len(waiting_boxes(page, [])) <= 200
    assert len(list(signs(page, []))) <= 3
