"""Day or month first: what a listing's dates prove together."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.reading.dates import Order, Stamp, read_stamp
from auditor.reading.listing import read_rows
from auditor.reading.orders import order_of, settled
from auditor.reading.page import parse

URL = "http://so.example.gov.vn/lich/"


def stamps(*texts: str) -> list[Stamp]:
    found = [read_stamp(text) for text in texts]
    assert all(found)
    return [stamp for stamp in found if stamp]


def us(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year} 2:42:00 PM"


def listing(*dates: str) -> str:
    rows = "".join(
        f"<tr><td><a href='/lich/bai-{number}.html'>Thông báo lịch tiếp công dân số {number} của lãnh đạo</a></td>"
        f"<td>{text}</td></tr>"
        for number, text in enumerate(dates)
    )
    return f"<html><body><h1>Lịch tiếp công dân</h1><table>{rows}</table></body></html>"


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["11/25/2019", "11/5/2019"], Order.MONTH),
        (["25/11/2019", "11/5/2019"], Order.DAY),
        (["11/25/2019", "25/11/2019"], Order.UNTOLD),
        (["11/5/2019", "10/7/2019"], Order.UNTOLD),
        (["11/5/2019", "10/7/2019", "9/4/2019", "8/6/2019"], Order.MONTH),
        (["5/11/2019", "7/10/2019", "4/9/2019", "6/8/2019"], Order.DAY),
        (["3/3/2019", "2/2/2019"], Order.UNTOLD),
        (["2019-11-25", "5-11-2019", "ngày 25 tháng 11 năm 2019"], Order.UNTOLD),
        ([], Order.UNTOLD),
    ],
)
def test_what_dates_prove(texts: list[str], order: Order) -> None:
    assert order_of(stamps(*texts)) is order


def test_a_server_that_speaks_american_is_believed_only_where_its_order_is_proven() -> None:
    (american, padded) = stamps("11/5/2019 2:42:00 PM", "05/11/2019 02:42:00 PM")
    assert settled(american, Order.UNTOLD) is None
    assert settled(american, Order.MONTH) == american.swapped()
    assert settled(american, Order.DAY) == american
    assert settled(padded, Order.UNTOLD) == padded
    assert settled(None, Order.MONTH) is None


def test_a_listing_is_read_as_its_other_dates_prove() -> None:
    rows = read_rows(parse(listing("11/25/2019 8:00:00 AM", "11/5/2019 2:42:00 PM").encode(), URL))
    assert [row.stamp and row.stamp.day for row in rows] == [date(2019, 11, 25), date(2019, 11, 5)]


def test_a_listing_that_proves_nothing_has_doubtful_dates_unless_the_portal_proves_them() -> None:
    page = parse(listing("11/5/2019 2:42:00 PM", "10/7/2019 2:42:00 PM").encode(), URL)
    assert [(row.stamp, row.doubtful and row.doubtful.day) for row in read_rows(page)] == [
        (None, date(2019, 5, 11)),
        (None, date(2019, 7, 10)),
    ]
    known = read_rows(page, order=Order.MONTH)
    assert [row.stamp and row.stamp.day for row in known] == [date(2019, 11, 5), date(2019, 10, 7)]


@given(st.dates(date(2015, 1, 1), date(2025, 1, 1)), st.lists(st.integers(0, 40), min_size=2, max_size=12))
def test_american_dates_are_read_right_or_not_at_all(newest: date, steps: list[int]) -> None:
    days = [newest]
    for step in steps:
        days.append(days[-1] - timedelta(days=step))
    read = stamps(*map(us, days))
    order = order_of(read)
    assert order is not Order.DAY or not any(stamp.order is Order.EITHER for stamp in read) or len(read) >= 4
    if order is Order.MONTH:
        assert [stamp.day for each in read if (stamp := settled(each, order))] == days
    elif order is Order.UNTOLD:
        shown = zip(read, days, strict=True)
        assert all((stamp := settled(each, order)) is None or stamp.day == day for each, day in shown)
