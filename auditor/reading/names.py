"""How portals name the citizen-reception section, its parts, and commune branches (all patterns on folded text).

Source: names noted on some fifty real sections. "Lịch tiếp dân" is as common as "Lịch tiếp công dân"; petitions stand
under "Trả lời công dân", "Thông tin giải quyết đơn thư", "Hồi âm"; rules under "Giới thiệu" and "Thanh tra".
"""

from __future__ import annotations

import re
from functools import lru_cache

from auditor.categories import Category
from auditor.text import clean, fold

RECEPTION = re.compile(r"\btiep (cong )?dan\b|\btcd\b|\btiep nhan don\b")
"""Receiving citizens, in any name of a section (folded)."""
PETITIONS = re.compile(r"\bkhieu nai\b|\bto cao\b|\bkntc\b|\bkn ?, ?tc\b|\bdon thu\b|\bkhieu to\b")
TOPIC = re.compile(
    rf"{RECEPTION.pattern}|{PETITIONS.pattern}|\bkien nghi\b|\bphan anh\b|\bthu ly\b|"
    r"\btra loi (don|cong dan|y kien|ong|ba)\b|\b(xu ly|giai quyet) (\w+ ){0,2}don\b|\bcong dan\b|\bdoi thoai\b"
)
"""What the section's posts speak of: receiving citizens, petitions, and the words both come in."""
SECTION = re.compile(
    r"^(\W*(cong tac|chuyen muc|chuyen trang|thong tin|cong khai|hoat dong|trang|muc|ban|tru so|phong|noi dung|ve)\W+)*"
    r"(tiep (cong )?dan|tcd)\b(?! (dinh ky|dot xuat|thuong xuyen))"
)
_NAMES: tuple[tuple[Category, re.Pattern[str]], ...] = (
    # "Tình hình công khai lịch tiếp công dân" holds reports: the word "lịch" alone misleads.
    (Category.REPORTS, re.compile(r"\b(tinh hinh|bao cao|ket qua) (dang tai|cong khai)\b.*\blich\b")),
    (Category.SCHEDULE, re.compile(r"\blich\b(?! (su|cong tac|lam viec|hop))|\bphan cong\b")),
    (Category.RULES, re.compile(r"\b(noi quy|quy che|quy trinh|quy dinh|thu tuc tiep|huong dan)\b")),
    (Category.REPORTS, re.compile(r"\bbao cao\b|\bthong ke\b|\bso lieu\b|\btinh hinh\b|\bket qua (cong tac )?tiep\b")),
    (
        Category.PETITIONS,
        re.compile(
            r"\bdon thu\b|\bkhieu nai\b|\bto cao\b|\bkntc\b|\bkien nghi\b|\bphan anh\b|"
            r"\btra loi\b|\bhoi am\b|\bphuc dap\b|"
            r"\b(xu ly|giai quyet) don\b|\bket luan thanh tra\b"
        ),
    ),
    (
        Category.RECEPTION,
        re.compile(
            r"\bdinh ky\b|\bdot xuat\b|\bgiay moi\b|\bthong bao\b|\bphien tiep\b|\bbuoi tiep\b|"
            r"\bket luan\b|\bdoi thoai\b|"
            r"\b(thong tin|hoat dong|tin|lanh dao|thu truong) tiep\b"
        ),
    ),
)
_COMMUNE = re.compile(r"^(?:ubnd )?((?:xa|phuong|thi tran|dac khu|tt\.?|p\.) .+)$")
_COMMUNES = re.compile(r"\bcap xa\b|\bxa,? ?(phuong|thi tran)\b|\bphuong, (xa|thi tran)\b")


@lru_cache(maxsize=10_000)
def category_named(label: str) -> Category | None:
    """The category a sub-section's name says: "Kết quả giải quyết đơn thư" gives petitions."""
    folded = fold(label)
    return next((category for category, pattern in _NAMES if pattern.search(folded)), None)


def commune_named(label: str) -> str | None:
    """The commune whose branch a label names: "UBND xã Đắk Gằn" gives "xã Đắk Gằn"."""
    if not _COMMUNE.match(fold(label)):
        return None
    return re.sub(r"^UBND\s+", "", clean(label), flags=re.IGNORECASE)


def speaks_of_communes(label: str) -> bool:
    """Whether a label names the communes as a whole: "Chuyên trang tiếp công dân cấp xã"."""
    return bool(_COMMUNES.search(fold(label)))
