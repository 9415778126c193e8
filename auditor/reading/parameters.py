"""What the parameters of requests are for, told by their names: a page's number, an offset, a size, a search."""

from __future__ import annotations

import re

DEFAULT_SIZE = 20
"""Posts asked for where a script leaves their number to a variable that is not told."""
_PAGE = re.compile(
    r"p|pg|page|trang|paged|(current|curr|cur|active|this)_?(page|trang)|page_?(index|no|num|nr|number|current|id|i)?|"
    r"(trang_?(so|hientai)|so_?trang)|draw|next_?page|offset_?page",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    r"offset|skip|start(_?(index|row|at|from))?|begin|from_?(row|index)?|first(_?row)?|displaystart|idisplaystart",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"size|limit|take|rows?(_?(num|count|page))?|length|per_?page|(page|item|row|display)s?_?(size|limit|length|count)|"
    r"(num|number|count|max)(_?of)?_?(items?|rows?|records?|per_?page|results?)?|top|rp|pagesize|idisplaylength|so_?(tin|luong|dong)",
    re.IGNORECASE,
)
_ASKED_FREELY = re.compile(
    r"key_?words?|tu_?khoa|search_?(text|key|term|value)?|q|query|filter|text|from_?date|to_?date|tu_?ngay|den_?ngay|"
    r"sort(_?(by|order))?|order(_?by)?|dir|token|csrf_?token|_|ts|t|time|timestamp|lang(uage)?|random|rnd|callback",
    re.IGNORECASE,
)


def is_page(name: str) -> bool:
    """Whether a name is that of a page's number."""
    return bool(_PAGE.fullmatch(name))


def is_offset(name: str) -> bool:
    """Whether a name is that of the number of posts to pass over."""
    return bool(_OFFSET.fullmatch(name))


def is_size(name: str) -> bool:
    """Whether a name is that of the number of posts on a page."""
    return bool(_SIZE.fullmatch(name))


def may_be_empty(name: str) -> bool:
    """Whether a parameter may be left empty: what to search for, how to sort, what keeps caches away."""
    return bool(_ASKED_FREELY.fullmatch(name))
