"""What a check says: of one rule and one unit, and what of a category is present."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Ruling(StrEnum):
    """What may honestly be said of a rule."""

    OK = "ok"
    VIOLATED = "violated"
    CANNOT_BE_DECIDED = "cannot_be_decided"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        """The ruling in the clerk's words."""
        return _LABELS[self]


_LABELS = {
    Ruling.OK: "đạt",
    Ruling.VIOLATED: "chưa đạt",
    Ruling.CANNOT_BE_DECIDED: "chưa kết luận được",
    Ruling.NOT_APPLICABLE: "không áp dụng",
}


@dataclass(frozen=True)
class Finding:
    """One rule held against one unit; every text is the clerk's.

    Attributes:
        rule: "R01" … "R20". text: what the rule asks for, in short.
        expected: what should have been found. seen: what was found, or why nothing can be said; never personal data.
        items: addresses of the posts it rests on.
        basis: the article, as in force in the month; "" where only the office's own guidance asks for it.
    """

    rule: str
    text: str
    verdict: Ruling
    expected: str
    seen: str
    items: tuple[str, ...] = ()
    basis: str = ""


class Present(StrEnum):
    """Whether something is there now, whenever it was posted."""

    YES = "yes"
    NO = "no"
    CANNOT_BE_DECIDED = "cannot_be_decided"

    @property
    def label(self) -> str:
        """The clerk's word."""
        return {"yes": "có", "no": "không có"}.get(self.value, "chưa kết luận được")


@dataclass(frozen=True)
class Standing:
    """Whether a category is present and in force, apart from what was posted in the window.

    Attributes:
        items: the posts that show it, newest first, at most five.
        first, last: the days they cover; None where they name none, or stand until replaced.
    """

    present: Present
    items: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None


UNKNOWN_STANDING = Standing(Present.CANNOT_BE_DECIDED)
"""Where nobody looked."""
