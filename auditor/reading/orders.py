"""Day or month first? What a portal's dates prove together, where one alone ("11/5/2019") can be read both ways.

Taught by ASP.NET portals whose server speaks en-US: `11/5/2019 2:42:00 PM` beside `11/25/2019 8:00:00 AM`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from auditor.reading.dates import Order, Stamp

_SERVER_FORM = re.compile(r"(?<!\d)[1-9]\d?/[1-9]\d?/\d{4} [1-9]\d?:\d\d(:\d\d)? [AP]M\b")
"""How .NET and SQL Server print a moment in en-US: no leading zeros, half days in English."""
_FEWEST_FALLING = 4
_FEWEST_DAYS = 3


def order_of(stamps: Iterable[Stamp]) -> Order:
    """Whether the dates of one listing are written day or month first.

    Args:
        stamps: its dates, in the order of the listing.

    Returns:
        DAY or MONTH where some date can only be read so and none the other way, or where the listing goes from new to
        old only if read so; UNTOLD where nothing tells.
    """
    shown = [stamp for stamp in stamps if stamp.order is not Order.UNTOLD]
    proven = {stamp.order for stamp in shown} - {Order.EITHER}
    if proven:
        return proven.pop() if len(proven) == 1 else Order.UNTOLD
    day_first, month_first = _falls(shown), _falls([stamp.swapped() for stamp in shown])
    if len(shown) < _FEWEST_FALLING or day_first == month_first:
        return Order.UNTOLD
    return Order.DAY if day_first else Order.MONTH


def _falls(stamps: Sequence[Stamp]) -> bool:
    days = [stamp.day for stamp in stamps]
    return len(set(days)) >= _FEWEST_DAYS and all(after <= before for before, after in pairwise(days))


def proven(stamps: Iterable[Stamp]) -> Order:
    """The order that a listing's dates, printed as servers that speak en-US do, prove for the portal's other pages."""
    printed = [stamp for stamp in stamps if _SERVER_FORM.search(stamp.text)]
    return order_of(printed)


def in_doubt(stamp: Stamp) -> bool:
    """Whether a date is printed as servers that speak en-US do, and its figures do not tell the month.

    Where nothing on the portal proves the order, such a date is none.
    """
    return stamp.order is Order.EITHER and bool(_SERVER_FORM.search(stamp.text))


def settled_alone(stamp: Stamp | None, order: Order) -> Stamp | None:
    """A post's own date: read as its portal is proven to print such dates; one printed otherwise stays as it is."""
    return settled(stamp, order) if stamp is not None and in_doubt(stamp) else stamp


def settled(stamp: Stamp | None, order: Order) -> Stamp | None:
    """A date as the portal's order has it read; None where it stays in doubt."""
    if stamp is None or order is Order.DAY:
        return stamp
    if order is Order.MONTH:
        return stamp.swapped()
    return None if in_doubt(stamp) else stamp
