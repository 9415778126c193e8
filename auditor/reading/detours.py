"""Ways to a section that the home page does not name: the site map, frames, and the headings it may stand under."""

from __future__ import annotations

import re

from auditor.reading.addresses import host_of, identity, resolve
from auditor.reading.entries import entries
from auditor.reading.page import Link, Page

_HEADINGS = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(so do|ban do) (trang|site|web|cong|he thong)|^so do$|^site ?map",
        r"^(cong tac |phong |ban )?thanh tra|phap che",
        r"^(danh cho )?(cong dan|nguoi dan)",
        r"^cong khai|^thong tin cong khai",
        r"^gioi thieu",
        r"cai cach hanh chinh|^cchc$|^phap luat|^pho bien",
        r"^(chuyen muc|chuyen trang|chuyen de|danh muc)",
        r"^(thong tin can biet|chi dao dieu hanh|thong tin chi dao|thong tin tong hop)",
        r"^(hoi dap|giao tiep|tuong tac)",
        r"^(tin tuc|thong bao|dich vu|thu tuc hanh chinh|van ban)",
    )
)
"""What the section stands under where it has no entry of its own, the likeliest first (folded)."""
_MENU_WORDS = 7


def ways_round(page: Page, hosts: frozenset[str], most: int = 8) -> tuple[Link, ...]:
    """Pages that may lead to a section the home page does not name: the site map, Thanh tra, Giới thiệu, Công khai."""
    frames = [
        Link(url, "frame", element)
        for element in page.root.iter("frame", "iframe")
        if (url := resolve(page.base, element.get("src", ""))) and host_of(url) in hosts
    ]
    chosen: dict[str, tuple[int, Link]] = {identity(frame.url): (-1, frame) for frame in frames}
    for link in entries(page, hosts):
        order = _order(link)
        key = identity(link.url)
        if order is not None and (key not in chosen or order < chosen[key][0]):
            chosen[key] = (order, link)
    return tuple(link for _, link in sorted(chosen.values(), key=lambda pair: pair[0]))[:most]


def _order(link: Link) -> int | None:
    """How early a link is tried; None for one that is no menu's or leads elsewhere."""
    if len(link.folded.split()) > _MENU_WORDS or re.search(r"\d", link.folded):
        return None
    return next((order for order, heading in enumerate(_HEADINGS) if heading.search(link.folded)), None)
