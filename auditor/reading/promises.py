"""What a listing promises: how many posts, how many pages, whether there are more. It is what should be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.reading.json_values import plain_key, unpacked, walk

_TOTAL = re.compile(
    r"total(count|records?|items?|rows?|elements|results|posts?|news|hits|size)?|records?(total|filtered|count)|"
    r"(row|item|all|news|post|full)s?count|countall|counttotal|numfound|foundposts|tongso(tin|bai|banghi|baiviet|dong)?"
)
_PAGES = re.compile(r"(total|max|num|count|last)(num)?pages?|pages?(count|total)|pages|tong(so)?trang|sotrang|lastpage")
_MORE = re.compile(r"(is)?has(more|next)(page|data|items)?|more(available|items|data)?|ismore|loadmore|hasnext|connua")
_OVER = re.compile(r"(is)?(end|last|lastpage|finished|nomore|eof)")
_NEXT = re.compile(r"next(page)?(url|link|href)?|odatanextlink|dnext|next")
_MOST = 10_000_000


@dataclass(frozen=True)
class Promise:
    """What an answer says of the whole listing; None where it says nothing.

    Attributes:
        total: how many posts. pages: how many pages. more: whether more follow. next_url: where, as written.
    """

    total: int | None = None
    pages: int | None = None
    more: bool | None = None
    next_url: str | None = None


def promise_in(value: object, listed: int) -> Promise:
    """The promise beside a list of records, of which this answer holds `listed`."""
    plain = dict(_plain_values(value))
    total, pages = _number(plain, _TOTAL), _number(plain, _PAGES)
    if {"page", "total", "records"} <= plain.keys():  # jqGrid: `total` counts pages, `records` posts
        total, pages = _as_number(plain["records"]), _as_number(plain["total"])
    more = next((inner for key, inner in plain.items() if _MORE.fullmatch(key) and isinstance(inner, bool)), None)
    over = next((inner for key, inner in plain.items() if _OVER.fullmatch(key) and isinstance(inner, bool)), None)
    following = [inner for key, inner in plain.items() if _NEXT.fullmatch(key)]
    address = next(
        (inner for inner in following if isinstance(inner, str) and re.match(r"https?://|/|\?", inner)), None
    )
    if more is None and over is not None:
        more = not over
    return Promise(total if total is None or total >= listed else None, pages, more, address)


def _plain_values(value: object) -> Iterator[tuple[str, object]]:
    """The plain values outside lists, by plain key, the outermost first; a total may be `{"value": 57}`."""
    seen: set[str] = set()
    for key, inner in walk(_without_lists(value)):
        name = plain_key(key)
        told = inner.get("value", inner) if isinstance(inner, dict) else inner
        if name and name not in seen and not isinstance(told, dict | list):
            seen.add(name)
            yield name, told


def _without_lists(value: object, levels: int = 4) -> object:
    inner = unpacked(value)
    if isinstance(inner, dict):
        return {key: _without_lists(each, levels - 1) for key, each in inner.items()} if levels else None
    return None if isinstance(inner, list) else inner


def _number(plain: dict[str, object], pattern: re.Pattern[str]) -> int | None:
    numbers = (_as_number(inner) for key, inner in plain.items() if pattern.fullmatch(key))
    return next((number for number in numbers if number is not None), None)


def _as_number(value: object) -> int | None:
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < len(str(_MOST)):
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST else None
