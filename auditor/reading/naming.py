"""What a portal calls itself, and what kind of body that is: a proposal for portals.yaml, looked at by a person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.reading.page import Page
from auditor.text import clean, fold

_PARTS = re.compile(r"\s+[-–|»:•]\s+|\s*\|\s*")
_TITLES = re.compile(
    r"(cổng|trang|website|hệ thống)\s+(thông tin|tt|giao tiếp)?\s*(điện tử|đt)?\s*(tổng hợp|chính thức|thành phần)?\s*"
    r"(của\s+)?",
    re.IGNORECASE,
)
# The first of these words in a name says what the body is: "Sở Y tế tỉnh …", "UBND xã …, huyện …".
_BODIES = re.compile(
    r"\b(?:(?P<district>thi xa|huyen|quan|thanh pho|tp)|(?P<commune>xa|phuong|thi tran|dac khu)|"
    r"(?P<department>so|ban(?! nhan dan)|thanh tra|van phong|chi cuc|cuc)|(?P<portal>tinh))\b"
)
_OFFICE = re.compile(r"^(ubnd|uy ban nhan dan|uy ban|hdnd va ubnd|hdnd ubnd)\s+(?=\S)")
_LONGEST = 120


def site_name(page: Page) -> str:
    """The body's name as its home page prints it, without "Cổng thông tin điện tử"; "" where it names none."""
    names = [name for told in _told(page) for part in _PARTS.split(told) if (name := _bare(part))]
    return next((name for name in names if _BODIES.search(fold(name))), names[0] if names else "")


def _told(page: Page) -> Iterator[str]:
    for meta in page.root.iter("meta"):
        if (meta.get("property") or meta.get("name") or "").lower() in {"og:site_name", "application-name"}:
            yield clean(meta.get("content", ""))[:_LONGEST]
    yield page.title[: 2 * _LONGEST]
    for heading in page.root.iter("h1", "h2"):
        yield clean(heading.text_content())[:_LONGEST]


def _bare(part: str) -> str:
    """A name without what all portals call themselves; "Cổng thông tin điện tử tỉnh …" is the province's own."""
    name = clean(part)
    bare = _TITLES.sub("", name, count=1).strip(" ,.-") if _TITLES.match(name) else name
    kept = name if fold(bare).startswith("tinh") else bare
    return "" if fold(kept) in {"", "trang chu", "home", "trang nhat"} else kept


def level_of(name: str) -> str | None:
    """The level of the body a name names, as portals.yaml writes it; None where it does not tell."""
    match = _BODIES.search(fold(name))
    return match.lastgroup if match else None


def key_of(name: str) -> str:
    """A key for portals.yaml: the name without its province, in letters that every file system has."""
    words = _OFFICE.sub("", fold(name).partition(" tinh ")[0])
    return re.sub(r"[^a-z0-9]+", "-", words).strip("-")[:60]
