"""Addresses behind scripts, on elements that have none of their own."""

from __future__ import annotations

import pytest
from lxml import html

from auditor.reading.behind import address_behind


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        ("<div onclick=\"location.href='/bai-1'\">Bài</div>", "/bai-1"),
        ('<div onclick="window.location = &quot;/bai-1&quot;; return false">Bài</div>', "/bai-1"),
        ("<span onclick=\"document.location.assign('/bai-1')\">Bài</span>", "/bai-1"),
        ('<a href="javascript:void(0)" data-href="/bai-1">Bài</a>', "/bai-1"),
        ("<a href=\"javascript:location.href='/bai-1'\">Bài</a>", "/bai-1"),
        ("<tr data-href='/bai-1'><td>Bài</td></tr>", "/bai-1"),
        ("<div onclick=\"location.href='/bai-1'\"><a href='/bai-1'>Bài</a></div>", ""),
        ("<div onclick=\"location.href='/bai-1'\"><a href='#'>Bài</a></div>", "/bai-1"),
        ("<a href='/bai-2' onclick=\"location.href='/bai-1'\">Bài</a>", ""),
        ('<div class="fb-like" data-href="https://facebook.com/don-vi"></div>', ""),
        ("<div onclick=\"location.href='/bai-' + so\">Bài</div>", ""),
        ('<div onclick="location.reload()">Bài</div>', ""),
        ('<div onclick="openMenu()">Bài</div>', ""),
    ],
)
def test_an_address_is_told_only_where_a_click_leads_to_one(markup: str, address: str) -> None:
    element = html.fromstring(f"<table>{markup}</table>" if markup.startswith("<tr") else f"<div>{markup}</div>")
    assert address_behind(next(each for each in element.iter("tr", "a", "div", "span") if each.attrib)) == address
