"""Home pages as portals put them together: the section is found under any of its names, wherever it stands."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.reading import navigation
from auditor.reading.page import parse
from tests.reading.test_layouts import FRAMES, HOST, NEWS, ROWS, TEASER, TITLES

NAMES = (
    "Tiếp công dân",
    "TIẾP CÔNG DÂN - KNTC",
    "Công tác tiếp dân",
    "Tiếp dân - Giải quyết KNTC",
    "Công khai tiếp công dân",
    "Lịch tiếp công dân",
    "Chuyên trang Tiếp công dân",
    "Tiếp công dân, giải quyết đơn thư",
    "Ban Tiếp công dân",
)
PETITIONS_ONLY = ("Khiếu nại - Tố cáo", "Tiếp nhận đơn thư, khiếu nại", "Trả lời đơn thư công dân")
ADDRESSES = ("/tiep-cong-dan", "/c/12", "/default.aspx?tabid=77")
ENTRIES = (
    ("Trang chủ", "/"),
    ("Giới thiệu", "/gt"),
    ("Tin tức - Sự kiện", "/tin"),
    ("Văn bản", "/vb"),
    ("Thủ tục hành chính", "/tthc"),
    ("Liên hệ", "/lh"),
)
MENUS = {
    "list": ("<ul>{}</ul>", "<li><a href='{u}'>{t}</a></li>"),
    "boxes": ("<div>{}</div>", "<div><a href='{u}'><span>{t}</span></a></div>"),
    "cells": ("<table><tr>{}</tr></table>", "<td><a href='{u}'><font>{t}</font></a></td>"),
    "bars": ("<p>{}</p>", "<a href='{u}'>{t}</a> | "),
}


def _menu(style: str, entries: list[tuple[str, str]]) -> str:
    frame, entry = MENUS[style]
    return frame.format("".join(entry.format(t=label, u=address) for label, address in entries))


def _news(style: str, posts: int) -> str:
    """General news, and a few posts of the section whose titles speak of it too."""
    told = [(TITLES[n % 5].format(n=n + 1), f"/bai/{n}.html") for n in range(posts)]
    told += [(NEWS[n % 4].format(n=n + 1), f"/tin/{n}.html") for n in range(6)]
    frame, row = ROWS[style]
    return frame.format("".join(row.format(t=t, u=u, d=f"{date(2019, 11, 1):%d/%m/%Y}", s=TEASER) for t, u in told))


@given(
    name=st.sampled_from(NAMES + PETITIONS_ONLY),
    address=st.sampled_from(ADDRESSES),
    place=st.sampled_from(["menu", "side", "banner"]),
    style=st.sampled_from(sorted(MENUS)),
    news=st.builds(_news, st.sampled_from(["li", "div", "thumb", "card", "tr", "p"]), st.integers(0, 4)),
    frame=st.sampled_from(FRAMES),
)
@settings(max_examples=150)
def test_section_is_the_first_candidate(name: str, address: str, place: str, style: str, news: str, frame: str) -> None:
    if place == "banner" and name in PETITIONS_ONLY:
        place = "side"  # a lone picture that speaks of petitions only is too little to go by
    entry = (name, address)
    side = {
        "menu": "",
        "side": _menu(style, [("Công báo", "/cb"), entry, ("Thư viện ảnh", "/anh")]),
        "banner": f"<p><a href='{address}'><img src='/b.jpg' alt='{name}'></a></p><a href='/q'><img src='/c.jpg'></a>",
    }[place]
    menu = _menu(style, [*ENTRIES[:3], *([entry] if place == "menu" else []), *ENTRIES[3:]])
    body = frame.format(menu=menu, main=news, side=side, foot="<p>Giấy phép số 12</p>").replace(
        "<h1>Tiếp công dân</h1>", ""
    )
    page = parse(f"<html><title>Sở</title><body>{body}</body></html>".encode(), f"http://{HOST}/")
    found = navigation.sections(page, frozenset({HOST}))
    assert [each.url for each in found] == [f"http://{HOST}{address}"]
