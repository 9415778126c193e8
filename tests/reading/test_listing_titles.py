"""No post is lost for the length of its title: dropped in silence, it would make a listing look whole."""

from __future__ import annotations

import pytest

from auditor.reading.listing import read_rows
from auditor.reading.page import parse


@pytest.mark.parametrize("letters", [30, 600, 800, 5000])
def test_a_long_title_is_still_a_row(letters: int) -> None:
    titles = [f"Thông báo lịch tiếp công dân số {number} của lãnh đạo" for number in range(5)]
    titles.append(("Báo cáo kết quả tiếp công dân " * letters)[:letters])
    rows = "".join(
        f'<li><h4><a href="/tin/{number}.html">{title}</a></h4><span>25/10/2019</span></li>'
        for number, title in enumerate(titles)
    )
    page = parse(f"<html><body><h1>Tin</h1><ul>{rows}</ul></body></html>".encode(), "http://a.example/tin/")
    assert len(read_rows(page)) == len(titles)
