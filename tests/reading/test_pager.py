"""Pagers of many kinds: where the listing goes on, what they promise, and what cannot be followed."""

from __future__ import annotations

import pytest

from auditor.reading.onward import Onward
from auditor.reading.page import parse
from auditor.reading.pager import Pager, read_pager

URL = "http://so.example.gov.vn/tin"
SCRIPT = "the pager is a script"
MORE = "further posts are loaded by a script"
WEEKS = "".join(
    "<tr>"
    + "".join(f'<td><a href="/tin?day={week * 7 + day}">{week * 7 + day}</a></td>' for day in range(1, 8))
    + "</tr>"
    for week in range(4)
)


def to(url: str, last: int | None = None) -> Pager:
    return Pager(Onward(url), last)


PAGERS: dict[str, tuple[str, str, Pager]] = {
    "none": ("", "<p>Tin</p>", Pager()),
    "a window of numbers": (
        "?p=5",
        "<a href='?p=1'>1</a>…<a href='?p=4'>4</a><span>5</span><a href='?p=6'>6</a>…<a href='?p=20'>20</a>",
        to(f"{URL}?p=6", 20),
    ),
    "counted from zero": (
        "?page=1",
        "<a href='?page=0'>1</a><b>2</b><a href='?page=2'>3</a>",
        to(f"{URL}?page=2", 3),
    ),
    "words only": ("?p=2", "<a href='?p=1'>« Trước</a> <a href='?p=3'>Tiếp »</a>", to(f"{URL}?p=3")),
    "arrows only": ("?p=2", "<a href='?p=3'>&gt;&gt;</a>", to(f"{URL}?p=3")),
    "number in words": ("", "<a href='?b_start:int=20'>Next 20 items »</a>", to(f"{URL}?b_start:int=20")),
    "an address in a handler": (
        "",
        "<b>1</b> <a href='javascript:;' onclick=\"location='/tin?p=2'\">2</a>",
        to(f"{URL}?p=2", 2),
    ),
    "another section's page": ("?com=tin", "<a href='?com=vanban'>Tiếp theo</a>", Pager()),
    "the last page": ("?p=2", "<a href='?p=1'>1</a> <span>2</span>", Pager(None, 2)),
    "a script": ("", "<span>1</span> <a href='javascript:GoPage(2)'>2</a>", Pager(None, 2, SCRIPT)),
    "numbers for a script to find": (
        "",
        "<ul><li class=active><a href='#'>1</a></li><li><a href='#' data-page=2>2</a></li></ul>",
        Pager(None, 2, SCRIPT),
    ),
    "a postback past the last": (
        "",
        "<a href=\"javascript:__doPostBack('g','Page$1')\">1</a> <span>2</span>",
        Pager(None, 2),
    ),
    "a disabled button": ("", "Trang 2/2 <input type=image alt='Trang sau' disabled onclick='next()'>", Pager(None, 2)),
    "a select box": (
        "",
        "<select onchange='go(this.value)'><option>1</option><option>2</option></select> Trang 1/2",
        Pager(None, 2, SCRIPT),
    ),
    "load more": ("", "<button data-page=2>Xem thêm</button>", Pager(None, None, MORE)),
    "load more, in so many words": ("", "<a href='#'>Tải thêm tin</a>", Pager(None, None, MORE)),
    "more of a widget": ("", "<h3>Văn bản</h3><a href='/van-ban'>Xem thêm</a>", Pager()),
    "a slide show": ("", "<a href='#slides' role=button><span>Next</span></a>", Pager()),
    "a calendar": ("", f"<table>{WEEKS}</table>", Pager()),
    "a calendar beside a pager": (
        "",
        f"<table>{WEEKS}</table><p><b>1</b> <a href=\"javascript:__doPostBack('g','Page$2')\">2</a></p>",
        Pager(None, 2, SCRIPT),
    ),
    "a date behind a word": ("", "<td>Trang</td><td>02/10/2019 15:11</td>", Pager()),
}


@pytest.mark.parametrize("name", PAGERS)
def test_pager(name: str) -> None:
    query, body, expected = PAGERS[name]
    pager = read_pager(parse(f"<html><body>{body}</body></html>".encode(), URL + query))
    assert (pager.next_url, pager.last, pager.stuck) == (expected.next_url, expected.last, expected.stuck)
