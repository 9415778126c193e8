"""When two readings of a page say the same: what tells an overwritten page from one whose counter went on.

A page of standing content ("Lịch tiếp công dân", "Nội quy") is often overwritten in place, year after year, under one
address. What it says is compared without what changes by itself: counters, clocks, white space, punctuation, capitals,
tone marks and sessions in the addresses of files.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from auditor.observation import Attachment
from auditor.reading.addresses import identity
from auditor.text import fold

READER = 1
"""Raise it with every change to how texts are read or folded: a text that changed by that is no new edition."""

_COUNTED = (
    r"(?:so )?(?:luot|lan) (?:truy cap|xem|doc|tai|nghe|thich)|luot xem|da xem|dang (?:online|truy cap|xem)|"
    r"(?:khach )?online|(?:tong )?truy cap(?: hom nay| thang| tuan)?|views?(?: count)?|hits|cms-view-count|"
    r"binh luan|comments?"
)
_FIGURE = r"\d[\d.,]{0,15}"
_COUNTERS = re.compile(rf"\b(?:{_COUNTED})\s{{0,2}}[:(]?\s{{0,2}}{_FIGURE}\)?|\b{_FIGURE}\s(?:{_COUNTED})\b")
_CLOCK = re.compile(
    # A schedule names days and hours; only clocks know seconds.
    r"(?:\b\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\W{1,4})?\b\d{1,2}:\d{2}:\d{2}\b|"
    r"\b(?:bay gio|hien tai|hom nay)\W{1,3}[\w ,]{0,20}\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
)
_WORD = re.compile(r"[a-z0-9]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ALIKE = 0.6


def fingerprint(title: str, body: str, files: Iterable[Attachment]) -> str:
    """What stays the same as long as a page says the same: a digest of its words and of its files' identities."""
    words = " ".join(_words(f"{title}\n{body}"))
    return hashlib.sha256("\n".join([words, *sorted({identity(file.url) for file in files})]).encode()).hexdigest()


def may_be_one(title: str, body: str, other_title: str, other_body: str) -> bool:
    """Whether two texts may be one read by two versions of this program: the same years, nearly the same words.

    A schedule of the next year uses the words of the last: where years or the title's numbers differ, they are two.
    """
    if _numbers(title) != _numbers(other_title):
        return False
    one, other = set(_words(body)), set(_words(other_body))
    years, other_years = ({word for word in words if _YEAR.fullmatch(word)} for words in (one, other))
    if not (years <= other_years or other_years <= years):
        return False
    return len(one & other) >= _ALIKE * min(len(one), len(other))


def _words(text: str) -> list[str]:
    return _WORD.findall(_CLOCK.sub(" ", _COUNTERS.sub(" ", fold(text))))


def _numbers(title: str) -> list[str]:
    return [word for word in _words(title) if word.isdigit()]
