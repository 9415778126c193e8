"""How figures, days and lists of bodies are put into official Vietnamese.

Numbers follow the habit of administrative documents: counts below ten with two digits ("04 lượt"), thousands with a
dot ("1.473"), days as dd/mm/yyyy, differences and fractions as they are ("tăng 2 lượt", "5/8").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby

from auditor.audit.afterwards import Change, UnitChange
from auditor.audit.month import Check, Tally, UnitFigures
from auditor.window import Month

# A body's kind as its name begins, and how several of the kind are introduced.
_KINDS = {
    "Sở": "các Sở",
    "UBND huyện": "UBND các huyện",
    "UBND thị xã": "UBND các thị xã",
    "UBND thành phố": "UBND các thành phố",
    "UBND quận": "UBND các quận",
    "UBND xã": "UBND các xã",
    "UBND phường": "UBND các phường",
    "UBND thị trấn": "UBND các thị trấn",
    "UBND đặc khu": "UBND các đặc khu",
}
_CHECKS = {
    "total equals the sum of the groups": "Tổng số bằng tổng các cấp",
    "each group equals the sum of its units": "Số của mỗi cấp bằng tổng các đơn vị của cấp",
    "each unit equals the sum of its categories": "Số của mỗi đơn vị bằng tổng các mục tin",
    "each unit equals the number of its listed items": "Số của mỗi đơn vị bằng số tin liệt kê",
    "no item is counted twice": "Không tin nào được tính hai lần",
    "the units said to have published are those with a count": "Đơn vị ghi là đã đăng tải đều có tin được tính",
    "each group's number of publishing units is that of its list": "Số đơn vị đã đăng của mỗi cấp khớp danh sách",
    "each group's number of units is that of its list": "Số đơn vị của mỗi cấp khớp danh sách",
    "every unit stands in exactly one of the three lists": "Mỗi đơn vị chỉ thuộc một trong ba danh sách",
    "the numbers of units said of all are the sums of the groups'": "Số đơn vị chung bằng tổng các cấp",
    "a total equal to the month before's is the sum of its units": "Tổng số trùng tháng trước đã đối chiếu từng đơn vị",
    "the window begins the day after the one before ended": "Kỳ số liệu nối tiếp kỳ trước, không hở, không trùng ngày",
    "the total's change equals the sum of the groups' changes": "Mức tăng, giảm chung bằng tổng các cấp",
}
_PLACES = {
    "title": "tiêu đề",
    "section": "chuyên mục",
    "body": "nội dung",
    "document": "tệp",
    "commune": "cấp xã",
    "article": "trang bài viết",
    "listing": "danh sách tin",
    "first seen": "ngày thấy lần đầu",
}
_FIRST_WITHOUT_PADDING = 10


def number(value: int) -> str:
    """An integer with thousands dots.

    >>> number(1473)
    '1.473'
    """
    return f"{value:,}".replace(",", ".")


def count(value: int) -> str:
    """A formal count: two digits below ten, "0" for none.

    >>> count(4), count(0), count(133)
    ('04', '0', '133')
    """
    return f"{value:02d}" if 0 < value < _FIRST_WITHOUT_PADDING else number(value)


def signed(value: int) -> str:
    """A change as a table prints it.

    >>> signed(2), signed(-30), signed(0)
    ('+2', '-30', '0')
    """
    return ("+" if value > 0 else "") + number(value)


def day(value: date) -> str:
    """A day as dd/mm/yyyy."""
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def month_name(month: Month) -> str:
    """A month as a report names it: "tháng 11/2019"."""
    return f"tháng {month.number}/{month.year}"


def month_before(month: Month) -> str:
    """The preceding month, with its year only where that is another one."""
    before = month.preceding()
    return f"tháng {before.number}" if before.year == month.year else month_name(before)


def change(tally: Tally, month: Month) -> str:
    """The change against the month before, in words.

    >>> change(Tally(42, 40), Month(2019, 11))
    'tăng 2 lượt so với tháng 10'
    """
    before = month_before(month)
    if tally.change is None:
        return f"chưa có số liệu {before} để so sánh"
    if tally.change == 0:
        return f"bằng số lượt {before}"
    direction = "tăng" if tally.change > 0 else "giảm"
    return f"{direction} {number(abs(tally.change))} lượt so với {before}"


def comparison(
    tally: Tally,
    units: Iterable[UnitFigures],
    month: Month,
    changes: Sequence[UnitChange] = (),
    *,
    regular: bool = True,
    written: bool = False,
) -> str:
    """`change`, and why where the two windows cannot be fairly compared; `units` are the tally's parts.

    A new unit was not there to be seen in the window before, or in all of it: that is a change of the list, not of what
    was seen.
    `regular`: both windows are of one cut-off day. `written`: the figures before were written down, not of every unit.
    """
    said = change(tally, month)
    if tally.comparable or tally.change is None:
        return said
    parts = list(units)
    begun = {one.name for one in changes if one.change is Change.ADDED}.union(*(one.successors for one in changes))
    new = [unit for unit in parts if unit.name in begun and unit.tally.previous is None]
    doubtful = [unit for unit in parts if not unit.tally.comparable] if regular else parts
    partial = [unit for unit in parts if unit.partial and unit not in new]
    known = regular and not written
    unseen = [unit for unit in doubtful if unit.proof is None or (known and not unit.partial and unit not in new)]
    lost = any(not one.successors and one.change is not Change.ADDED for one in changes)
    reasons = [] if regular else ["ngày chốt số liệu thay đổi (hai kỳ không cùng số ngày)"]
    if new or lost or (changes and not unseen):
        reasons.append("danh sách đơn vị của hai kỳ khác nhau")
    elif partial:
        reasons.append(f"có đơn vị không hoạt động trọn cả hai kỳ: {names(partial)}")
    if written and not unseen and not reasons:
        reasons.append(f"số liệu {month_before(month)} là số liệu nhập, không đủ của từng đơn vị")
    if unseen or not reasons:
        named = f": {names(unseen)}" if unseen else ""
        reasons.append(f"có đơn vị chưa được kiểm tra trọn vẹn ở một hoặc cả hai kỳ{named}")
    return f"{said}; số liệu so sánh chưa đầy đủ vì {' và '.join(reasons)}"


def _kind(name: str) -> str | None:
    return next((kind for kind in _KINDS if name.startswith(f"{kind} ")), None)


def _own_name(unit: UnitFigures) -> str:
    """The unit's short name without its kind: "Nội vụ"."""
    return unit.short_name.removeprefix(f"{_kind(unit.name)} ")


def title_of(unit: UnitFigures) -> str:
    """The unit's short name with its kind: "Sở Nội vụ", "UBND huyện Đắk R'lấp"."""
    return title(unit.name, unit.short_name)


def title(name: str, short_name: str) -> str:
    """A short name with the kind that the name begins with.

    >>> title("Sở Nội vụ tỉnh Đắk Nông", "Nội vụ")
    'Sở Nội vụ'
    """
    kind = _kind(name)
    return f"{kind} {short_name.removeprefix(f'{kind} ')}" if kind else short_name


def series(entries: Sequence[str]) -> str:
    """Joins the entries of a list; where one of them holds a comma, semicolons keep them apart.

    >>> series(["Thanh tra tỉnh", "Ban Dân tộc", "Sở Y tế"])
    'Thanh tra tỉnh, Ban Dân tộc và Sở Y tế'
    """
    *firsts, last = entries
    return f"{_separator(entries).join(firsts)} và {last}" if firsts else last


def _separator(entries: Iterable[str]) -> str:
    return "; " if any("," in entry or ";" in entry for entry in entries) else ", "


def names(units: Iterable[UnitFigures]) -> str:
    """Lists units, those of one kind together, bodies that stand alone last; "" for none.

    The shape is "các Sở: Nội vụ, Tư pháp và Ban Dân tộc". Where names hold commas, semicolons part them all: then those
    that stand alone come first, or they would be read as more of the kind.
    """
    listed, together = list(units), []
    for kind, plural in _KINDS.items():
        members = [_own_name(unit) for unit in listed if _kind(unit.name) == kind]
        if len(members) > 1:
            together.append(f"{plural}: {_separator(members).join(members)}")
            listed = [unit for unit in listed if _kind(unit.name) != kind]
    alone = [title_of(unit) for unit in listed]
    entries = alone + together if ";" in "".join(together) else together + alone
    return series(entries) if entries else ""


def ranked(units: Iterable[UnitFigures]) -> list[list[UnitFigures]]:
    """Units with something counted, from most to least; equal counts together, in the order given."""
    counted = sorted((unit for unit in units if unit.tally.count), key=lambda unit: -unit.tally.count)
    return [list(equals) for _, equals in groupby(counted, key=lambda unit: unit.tally.count)]


def ranking(units: Iterable[UnitFigures], written: Callable[[int], str] = count) -> str:
    """`ranked` as one list: "Thanh tra tỉnh (10 lượt); các Sở: Nội vụ, Tư pháp (mỗi đơn vị 02 lượt)"."""
    return "; ".join(_rank(equals, written) for equals in ranked(units))


def _rank(equals: Sequence[UnitFigures], written: Callable[[int], str]) -> str:
    each = "mỗi đơn vị " if len(equals) > 1 else ""
    return f"{names(equals)} ({each}{written(equals[0].tally.count)} lượt)"


def check_name(check: Check) -> str:
    """A check in the clerk's words; one not known here keeps its own."""
    return _CHECKS.get(check.check, check.check)


def check_detail(check: Check) -> str:
    """The numbers a check compared, in the clerk's words."""
    return check.detail.replace(" against ", " so với ")


def cited(reason: str) -> str:
    """Where a category or a day was read, in the clerk's words; a place not known here keeps its own.

    >>> cited("title: lịch tiếp công dân")
    'tiêu đề: lịch tiếp công dân'
    """
    place, colon, text = reason.partition(": ")
    return f"{_PLACES.get(place, place)}{colon}{text}"


def shorten(text: str, limit: int) -> str:
    """`text` of at most `limit` characters, the cut marked."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
