"""What a check says of a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from auditor.audit.law.facts import LawPost
from auditor.audit.law.finding import Ruling

_SHOWN: Final = 5
NOT_READ: Final = "chưa đọc hết chuyên mục, có thể đã có từ trước"
STILL_OPEN: Final = "kỳ số liệu chưa kết thúc"


@dataclass(frozen=True)
class Answer:
    """The ruling, what was seen in the clerk's words, the posts it rests on."""

    verdict: Ruling
    seen: str
    items: tuple[str, ...] = ()


def ok(seen: str, posts: Iterable[LawPost] = ()) -> Answer:
    """What is asked for was found."""
    return Answer(Ruling.OK, seen, _addresses(posts))


def violated(seen: str, posts: Iterable[LawPost] = ()) -> Answer:
    """It certainly is not as it should be."""
    return Answer(Ruling.VIOLATED, seen, _addresses(posts))


def unknown(seen: str, posts: Iterable[LawPost] = ()) -> Answer:
    """Nothing may be said; `seen` has the reason."""
    return Answer(Ruling.CANNOT_BE_DECIDED, seen, _addresses(posts))


def beside(seen: str) -> Answer:
    """The rule does not apply here."""
    return Answer(Ruling.NOT_APPLICABLE, seen)


def _addresses(posts: Iterable[LawPost]) -> tuple[str, ...]:
    return tuple(post.url for post in posts)[:_SHOWN]
