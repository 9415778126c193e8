"""What a click asks for, in scripts as portals write them; and scripts that are broken, endless or hostile."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.reading.clicks import Stage
from auditor.reading.onward import Onward
from auditor.reading.page import parse
from auditor.reading.pager import read_pager
from auditor.reading.scripting.syntax import parse as parse_script
from auditor.reading.scripting.tokens import LONGEST

URL = "http://so.example.gov.vn/tin?c=5"
HOST = "http://so.example.gov.vn"


def clicked(body: str) -> Onward | None:
    page = parse(f"<html><body>{body}</body></html>".encode(), URL)
    (element,) = page.root.xpath("//*[@id='x']")
    return Stage(page).click(element)


def click_on(handler: str, script: str) -> str:
    return f"<a id=x {handler}>2</a><script>{script}</script>"


ADDRESSES = {
    "a function with an early return": (
        click_on(
            "onclick='goPage(2);return false' href=#",
            "function goPage(n){ if(!n) return; window.location.href='/tin?page='+n+'&x=1'; }",
        ),
        "/tin?page=2&x=1",
    ),
    "the address at hand": (
        click_on(
            "data-page=2",
            "$('a[data-page]').click(function(){ var u = new URL(location);"
            " u.searchParams.set('page', $(this).attr('data-page')); window.location = u; });",
        ),
        "/tin?c=5&page=2",
    ),
    "a template": (
        click_on("onclick='go(2)'", "const go = n => location.assign(`/tin/page/${n + 0}`)"),
        "/tin/page/2",
    ),
    "a variable of the page": (
        click_on(
            "href='javascript:go(3)'",
            "var base = '/tin?c=5'; function go(n){ document.location = base + '&p=' + n }",
        ),
        "/tin?c=5&p=3",
    ),
    "an offset": (
        click_on("onclick='go(3)'", "var size = 10; function go(n){ location.href = '?c=5&start=' + (n - 1) * size }"),
        "/tin?c=5&start=20",
    ),
    "behind a broken line": (
        click_on("onclick='go(2)'", "var a = {; @@ <? broken ?> ;\nfunction go(n){ location = '/tin?p=' + n }"),
        "/tin?p=2",
    ),
    "behind a timer": (
        click_on("onclick=\"setTimeout('go(2)', 100)\"", "function go(n){ location='/tin?p='+n }"),
        "/tin?p=2",
    ),
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_address_a_script_builds(name: str) -> None:
    body, address = ADDRESSES[name]
    assert clicked(body) == Onward(HOST + address)


def test_growth_is_learnt_from_a_second_click() -> None:
    ask = clicked(
        "<button id=x>Xem thêm</button><script>var from = 10; $('#x').click(function(){"
        " $.post('/more', {from: from, size: 10, year: 2019}, function(){ from = from + 10; }); });</script>"
    )
    assert ask is not None
    assert ask.form == (("from", "10"), ("size", "10"), ("year", "2019"))
    following = ask.following(7)
    assert following is not None
    assert following.form == (("from", "20"), ("size", "10"), ("year", "2019"))
    assert following.preceding() is not None
    assert following.preceding().form == ask.form  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "body",
    [
        "location='/tin?p=' + secret",
        "location='http://elsewhere.example/?p=' + n",
        "$.post('/binh-chon', {diem: n})",
        "$.get('http://elsewhere.example/more', {p: n})",
        "$('#tab').toggleClass('on')",
        "go(n)",
        "var a = 'x'; go(n + a + a); go(n + a)",
    ],
)
def test_click_that_asks_for_nothing_of_ours(body: str) -> None:
    assert clicked(click_on("onclick='go(2)'", f"function go(n){{ {body} }}")) is None


def test_a_button_that_unfolds_is_no_pager() -> None:
    page = parse(
        (
            "<button id=b>Xem thêm</button>"
            "<script>$('#b').click(function(){ $('#rest').show(); $(this).hide(); });</script>"
        ).encode(),
        URL,
    )
    assert read_pager(page).stuck == ""


def test_a_button_nobody_explains_is_told() -> None:
    page = parse("<button>Xem thêm</button><script src='/x.js'></script>".encode(), URL)
    assert read_pager(page).stuck == "further posts are loaded by a script"


MARKS = "}()[]{;+n?:,.\n`\"'\\"
WORDS = [
    "function f(n){",
    "$('#x')",
    ".click(",
    "=>",
    "f(2)",
    "location.href=",
    "'/a'",
    "if",
    "else",
    "return",
    "var a =",
]
PIECES = st.sampled_from([*MARKS, *WORDS, "var a =", "`${", "/*", "*/", "//", "x++", "new", "1e9"])


@given(st.lists(PIECES, max_size=60).map(" ".join))
def test_no_script_is_too_odd(script: str) -> None:
    ask = clicked(f"<a id=x onclick='f(2)'>2</a><script>{script}</script>")
    assert ask is None or ask.url.startswith(HOST)


@pytest.mark.parametrize(
    "script",
    [
        "(" * 100_000,
        "[" * 50_000 + "]" * 50_000,
        "function f(){" * 20_000,
        "a=" * 50_000 + "1",
        "!" * 100_000 + "a",
        "/*" * 100_000,
        "`${" * 50_000,
        "x = 'a'; " + "x = x + x;" * 500,
        "function f(n){ f(n); f(n) } f(1);",
        "\\" * 100_000,
        "'" * (LONGEST + 10),
    ],
)
def test_hostile_script_ends(script: str) -> None:
    assert clicked(f"<a id=x onclick='f(2)'>2</a><script>{script}</script>") is None


def test_statements_are_found_around_what_is_not_understood() -> None:
    kinds = [
        tree[0]
        for tree in parse_script("var a = 1; enum B extends C { d() {} } for (;;) { e(); } f(); function g() {}")
    ]
    assert kinds.count("var") == 2
    assert "expr" in kinds
