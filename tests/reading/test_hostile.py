"""Pages that are broken, huge or meant to hurt: every reader answers, with facts that are bounded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.reading import navigation
from auditor.reading.article import Article, read_article
from auditor.reading.groups import find_groups
from auditor.reading.listing import are_related, read_rows, says_empty
from auditor.reading.page import MAX_BYTES, MAX_LINKS, Page, parse
from auditor.reading.pager import Pager, read_pager
from auditor.reading.quality import judge
from auditor.reading.rows import Row
from auditor.reading.shortening import MAX_ELEMENTS, MAX_TEXT
from tests.reading.floods import DATA, PAGES
from tests.reading.frozen import CASES
from tests.reading.mutations import mutants, read_all
from tests.reading.readers import OF_A_PAGE, OF_DATA

URL = "http://so.example.gov.vn/tin/"
HOSTS = frozenset({"so.example.gov.vn"})
MANY = 20_000


def _read_all(page: Page) -> tuple[tuple[Row, ...], Pager, Article]:
    """Every function of the reader, as the spider calls them."""
    for find in (navigation.sections, navigation.parts, navigation.menu_addresses, navigation.ways_round):
        find(page, HOSTS)
    judge(page)
    says_empty(page)
    rows = read_rows(page)
    are_related(page, rows)
    article = read_article(page, expected="Lịch tiếp công dân tháng 11")
    read_article(page)
    return rows, read_pager(page), article


def _body(text: str) -> bytes:
    return f"<html><head><title>Tin</title></head><body>{text}</body></html>".encode()


def _links(count: int, between: str = " ") -> str:
    return between.join(f'<a href="/tin/{n}.html">Thông báo về việc số {n} của Sở</a>' for n in range(count))


def _pager(count: int) -> str:
    return "".join(f'<a href="?page={n}">{n}</a> <b>{n}</b>' for n in range(count))


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "NUL bytes": lambda: b"\x00" * 10_000 + _body(_links(5)) + b"\x00",
    "binary": lambda: bytes(Random(7).randbytes(300_000)),  # noqa: S311
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(Random(8).randbytes(50_000)),  # noqa: S311
    "UTF-16 without its other half": lambda: b"\xff\xfe" + b"<\x00a\x00>",
    "a charset that is none": lambda: b'<meta charset="utf-9000">' + _body("Tiếp công dân").replace(b"\xe1", b"\xff"),
    "windows-1258": lambda: "<body>Nội quy tiếp công dân".encode("cp1258", "ignore"),
    "deep": lambda: _body("<div>" * 10_000 + _links(3)),
    "deep tables": lambda: _body("<table><tr><td>" * 3_000 + _links(3)),
    "deep links": lambda: _body("".join(f"<div><a href='/{n}.html'>Thông báo số {n} của Sở" for n in range(5_000))),
    "many links": lambda: _body(_links(MANY)),
    "many rows": lambda: _body("".join(f"<div>{_links(1)}<i>0{n % 9 + 1}/11/2019</i></div>" for n in range(MANY))),
    "many rows in a table": lambda: _body(
        "<table>"
        + "".join(
            f'<tr><td><a href="/{n}.html">Văn bản số {n} của Sở</a></td><td>01/11/2019</td></tr>' for n in range(MANY)
        )
        + "</table>"
    ),
    "many lists": lambda: _body("".join(f"<ul><li>{_links(2, '</li><li>')}</li></ul>" for _ in range(2_000))),
    "many dates": lambda: _body("<h1>Lịch tiếp công dân tháng 11</h1>" + "<p>01/11/2019</p>" * MANY),
    "many dates in a table": lambda: _body("<table>" + "<tr><td>01/11/2019</td><td>a</td></tr>" * MANY + "</table>"),
    "many headings": lambda: _body("<h2>Lịch tiếp công dân tháng 10</h2>" * MANY),
    "many empty siblings": lambda: _body("<br>" * MANY + _links(50, "<br>" * 400)),
    "many pages": lambda: _body(_pager(MANY)),
    "a menu in menus": lambda: _body("<ul><li><a href='/a/'>Tiếp công dân</a>" * 120),
    "an endless attribute": lambda: b'<a href="/' + b"a" * 2_000_000,
    "an endless title": lambda: b"<title>" + b"tin " * 500_000,
    "an endless word": lambda: _body("a" * 2_000_000),
    "an endless text": lambda: _body("Tiếp công dân " * 200_000),
    "an endless label": lambda: _body(f"<a href='/x.html'>{'Lịch tiếp công dân ' * 50_000}</a>"),
    "spaces": lambda: _body(" \n\t" * 500_000),
    "figures": lambda: _body("<h1>Tin</h1><p>" + "1/" * 100_000 + "</p><p>" + "11 " * 100_000),
    "brackets": lambda: _body("<a href='/x.html'>Thông báo số một " + "(" * 50_000 + "</a>"),
    "an endless XML head": lambda: b"<?xml " + b"?" * 500_000,
    "an endless meta": lambda: b"<meta " * 100_000 + b"charset",
    "JSON in JSON": lambda: b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script>",
    "addresses": lambda: _body("".join(f'<a href="http://[{n}">Thông báo số {n} của Sở</a>' for n in range(500))),
    "scripts in handlers": lambda: _body(f'<a onclick="go(\'/{"x" * 300_000}">2</a>' * 3),
    "entities": lambda: _body("&amp;" * 300_000 + "&#0;&#xFFFFFFFF;&#xD800;"),
    "half comments": lambda: b"<!--" * 200_000,
    "marks upon marks": lambda: _body("o" + "\u0301" * 300_000),
    "marks in the wrong order": lambda: _body("o" + "\u0301\u0323" * 150_000),
    "marks in an old font": lambda: _body("<font face=.VnTime>" + "o\u0301\u0323¸" * 50_000 + "\u0301\u0323" * 90_000),
    "fonts upon fonts": lambda: _body("<font face=.VnTimeH>d©n " * 5_000 + "<span style='font-family:" * 5_000),
    "a style sheet without end": lambda: b"<style>" + b"p{font:.VnTime " * 200_000 + _body("d\u00a9n" * 50_000),
    "letters read wrongly": lambda: _body("Ã¡ÂºÂ" * 200_000 + "&amp;#7871;" * 100_000),
    "UTF-8 in pieces": lambda: "ế".encode() * 3 + b"<p>\xe1\xbb" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_reader_survives(name: str) -> None:
    page = parse(HOSTILE[name](), URL)
    rows, pager, article = _read_all(page)
    assert len(page.links) <= MAX_LINKS
    assert len(rows) <= MAX_LINKS
    assert all(len(row.title) <= 1000 and len(row.teaser) <= 500 for row in rows)
    assert pager.last is None or pager.last <= 5000
    assert len(article.title) <= 1000
    assert len(article.body) <= 4000


def test_links_beyond_the_cap_are_not_looked_at() -> None:
    page = parse(_body(_links(MAX_LINKS + 10)), URL)
    assert len(page.links) == MAX_LINKS
    assert sum(len(group.links) for group in find_groups(page)) == MAX_LINKS


@pytest.mark.parametrize(
    "body",
    [_body("<div>" * 3_000 + _links(3)), _body(_links(MAX_LINKS + 10)), _body(_links(3)) + b" " * MAX_BYTES],
    ids=["too deep", "too many links", "too long"],
)
def test_what_is_not_read_whole_does_not_look_like_the_end(body: bytes) -> None:
    assert read_pager(parse(body, URL)).stuck == "the page is longer than is read"


def test_tags_left_open_in_every_row_hide_nothing() -> None:
    rows = "".join(f"<font><b>{link}<br>" for link in _links(300, "|").split("|"))
    assert len(read_rows(parse(_body(rows), URL))) == 300


@given(data=st.data())
@settings(max_examples=60)
def test_truncated_and_garbled_pages_are_read(data: st.DataObject) -> None:
    folder: Path = data.draw(st.sampled_from(CASES))
    body = bytearray((folder / "page.html").read_bytes())
    body = body[: data.draw(st.integers(0, len(body)))]
    for _ in range(data.draw(st.integers(0, 20)) if body else 0):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    case = json.loads((folder / "expected.json").read_text("utf-8"))
    _, _, article = _read_all(parse(bytes(body), case["url"]))
    assert len(article.body) <= 4000


@given(text=st.text(max_size=300), status=st.integers(100, 599))
def test_any_text_is_read(text: str, status: int) -> None:
    page = parse(text.encode("utf-8", "surrogatepass"), URL, f"text/html; charset={text[:30]}")
    judge(page, status)
    _read_all(page)
    assert "\x00" not in page.text


SMALL = 20_000
"""Bytes of a flood that shows what is read at all; `make fuzz` tries those of the size that is fetched at most."""


@pytest.mark.parametrize("name", PAGES)
def test_floods_of_pages_are_read(name: str) -> None:
    page = parse(PAGES[name](SMALL), URL)
    for read in OF_A_PAGE.values():
        read(page)
    assert len(page.links) <= MAX_LINKS


@pytest.mark.parametrize("name", DATA)
def test_floods_of_data_are_read(name: str) -> None:
    body, page = DATA[name](SMALL), parse(b"<script>fetch('/x')</script>", URL)
    for read in OF_DATA.values():
        read(body, page)
    assert len(body) >= SMALL // 2


@pytest.mark.parametrize("name", ["breaks", "empty divs", "table rows", "words"])
def test_no_more_of_a_page_is_read_than_is_bounded(name: str) -> None:
    page = parse(PAGES[name](4_000_000), URL)
    assert page.overlong
    assert sum(1 for _ in page.root.iter()) <= MAX_ELEMENTS + 10
    assert sum(len(text) for text in page.root.itertext()) <= MAX_TEXT + 200_000


def test_letters_that_no_tree_takes_may_stand_at_the_cut() -> None:
    assert parse(b"<p>" + b"a\x01 " * MAX_TEXT, URL).cut


def test_what_stands_before_the_cut_is_read() -> None:
    body = _body(_links(20) + "<table>" + "<tr><td>x</td></tr>" * MAX_ELEMENTS + "</table>" + "<a href=/z>Cuối</a>")
    page = parse(body, URL)
    assert page.cut
    assert len(page.links) == len(read_rows(page)) == 20


def test_mutilated_pages_are_read() -> None:
    """Some dozens; `make fuzz` reads ten thousand and tells the slowest."""
    read = 0
    for mutant in mutants(60, seed=20191118, floods=False):
        read_all(mutant)
        read += 1
    assert read == 60
