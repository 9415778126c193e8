"""A digest in words: English for the operator, Vietnamese for the clerk."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.messages.digest import Audience, Digest, Matter
from auditor.text import printable


def subject(digest: Digest, jurisdiction: str) -> str:
    """The subject line."""
    if digest.audience is Audience.CLERK:
        count = f"{len(digest.news)} việc cần biết"
        return f"Tiếp công dân, {printable(jurisdiction, 80)}: {count}, ngày {digest.night:%d/%m/%Y}"
    return f"Portal auditor, {printable(jurisdiction, 80)}: {len(digest.news)} to look at, {digest.night}"


def body(digest: Digest) -> str:
    """The text: plain, one matter a line, its remedy below it."""
    return "\n".join(_clerk(digest) if digest.audience is Audience.CLERK else _operator(digest)) + "\n"


def _operator(digest: Digest) -> Iterator[str]:
    yield from _news(digest.news, "what to do")
    yield from _section("Over:", digest.ended)
    if digest.going_on:
        yield f"{digest.going_on} more that you know of go on unchanged: see 'auditor status'."


def _clerk(digest: Digest) -> Iterator[str]:
    yield from _news(digest.news, "việc cần làm")
    yield from _section("Đã xong:", digest.ended)
    if digest.going_on:
        yield f"Ngoài ra còn {digest.going_on} việc đã báo trước đây, chưa thay đổi."


def _news(news: tuple[Matter, ...], label: str) -> Iterator[str]:
    for matter in news:
        yield f"- {printable(matter.text)}"
        if matter.remedy:
            yield f"    {label}: {printable(matter.remedy)}"
    if news:
        yield ""


def _section(title: str, lines: tuple[str, ...]) -> Iterator[str]:
    if lines:
        yield title
        yield from (f"- {printable(line)}" for line in lines)
        yield ""
