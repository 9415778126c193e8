"""How portals name the citizen-reception section, its parts, and commune branches (all patterns on folded text).

Source: names noted on some fifty real sections. "Lịch tiếp dân" is as common as "Lịch tiếp công dân"; petitions stand
under "Trả lời công dân", "Thông tin giải quyết đơn thư", "Hồi âm"; rules under "Giới thiệu" and "Thanh tra".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from auditor.categories import Category
from auditor.text import bare, clean, fold

Speech = Literal["reception", "petitions", ""]
_MOST_FIELDS = 60

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
_ADDRESS_RECEPTION = re.compile(
    # Letters with diacritics are dropped (ti-p-c-ng-d-n), spelt as HTML entities (ti-7871-p), or all is run together.
    r"\bti(?:e| ?\d{3,4} | )p ?(?:c(?:o| ?\d{3} | )ng ?)?d(?:a| ?\d{3} | )n\b|"
    r"tiep ?(cong ?)?dan|\btcd\b|tiep ?cd\b|tiep ?nhan ?don"
)
_ADDRESS_PETITIONS = re.compile(
    r"khieu ?nai|\bkhi u n i\b|\bto cao\b|tocao\b|\bkn ?tc\b|don ?thu\b|khieu ?to\b|tra loi (don|cong dan)"
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


@lru_cache(maxsize=20_000)
def address_speaks(url: str) -> Speech:
    """What an address speaks of: "reception", "petitions", or "" for neither.

    Slugs are read as systems make them: with diacritics dropped, letters and all (`ti-p-c-ng-d-n`), folded
    (`tiep-cong-dan`), run together (`TiepCongDan.aspx`), and in the query (`?q=trang/lich-tiep-dan`).
    """
    parts = urlsplit(url)
    values = " ".join(value for _, value in parse_qsl(parts.query, max_num_fields=_MOST_FIELDS) if "://" not in value)
    words = " ".join(re.findall(r"[a-z0-9]+", bare(f"{unquote(parts.path)} {values}")))
    if _ADDRESS_RECEPTION.search(words):
        return "reception"
    return "petitions" if _ADDRESS_PETITIONS.search(words) else ""


def names_reception(label: str) -> bool:
    """Whether a name speaks of receiving citizens."""
    return bool(RECEPTION.search(fold(label)))


def speaks(label: str) -> bool:
    """Whether a name speaks of receiving citizens or of petitions."""
    folded = fold(label)
    return bool(RECEPTION.search(folded) or PETITIONS.search(folded))


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
