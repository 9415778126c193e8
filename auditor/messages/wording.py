"""A digest in words: English for the operator, Vietnamese for the clerk."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.messages.digest import Audience, Digest, Matter
from auditor.text import printable


def subject(digest: Digest, jurisdiction: str) -> str:
    """The subject line."""
    if digest.audience is Audience.CLERK:
        count = _counted(digest, "việc cần biết", "việc đã xong")
        return f"Tiếp công dân, {printable(jurisdiction, 80)}: {count}, ngày {digest.night:%d/%m/%Y}"
    count = _counted(digest, "to look at", "over")
    return f"Portal auditor, {printable(jurisdiction, 80)}: {count}, {digest.night}"


def _counted(digest: Digest, new: str, over: str) -> str:
    """What is new and what is over, each where there is any; "0 to look at" where there is neither."""
    ended = [f"{len(digest.ended)} {over}"] if digest.ended else []
    news = [f"{len(digest.news)} {new}"] if digest.news or not ended else []
    return ", ".join([*news, *ended])


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
