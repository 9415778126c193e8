"""Rows whose title is no link: registers that link a document's number, cards that only link "Xem chi tiết".

The title then is what the row says besides: the cell below "Trích yếu", the card's heading, or its first words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from lxml.html import HtmlElement

from auditor.reading.addresses import identity
from auditor.reading.attachments import kind_of
from auditor.reading.dates import read_stamp
from auditor.reading.page import Link, opening, texts
from auditor.text import clean, fold

_SUBJECT = re.compile(r"trich yeu|tieu de|ten (van ban|tai lieu|bai)|noi dung|subject|title|summary")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "strong", "b")
_CELLS = frozenset({"td", "th"})
_FEWEST_WORDS = 4
_LONGEST = 600
_MOST_PIECES = 60
_FEWEST = 2

Below = Callable[[Sequence[Link]], dict[HtmlElement, set[str]]]


def with_unlinked(titled: list[Link], others: Sequence[Link], below: Below) -> list[Link]:
    """The links that are titles, and the other links of rows that have none, named by their row, in document order.

    Args:
        titled: links that may be titles.
        others: further links of the page that may lead to posts.
        below: the identities of what each element leads to.
    """
    named = {identity(link.url) for link in titled}
    left = [link for link in others if identity(link.url) not in named]
    posts = [link for link in left if kind_of(link.url, "") is None]
    borrowed = _borrowed(posts, below([*titled, *posts])) or _borrowed(left, below([*titled, *left]))
    return [*titled, *borrowed]


def _borrowed(links: Sequence[Link], below: dict[HtmlElement, set[str]]) -> list[Link]:
    """The links of rows without a title, with what their row says; a row has its like beside it."""
    rows: dict[HtmlElement, Link] = {}
    for link in links:
        row = _row_of(link, below)
        if row is not None and row not in rows:
            rows[row] = link
    told = {row: replace(link, text=text) for row, link in rows.items() if (text := _subject_of(row, link))}
    like = Counter(row.getparent() for row in told)
    return [link for row, link in told.items() if like[row.getparent()] >= _FEWEST]


def _row_of(link: Link, below: dict[HtmlElement, set[str]]) -> HtmlElement | None:
    """The largest piece of the page that leads to nothing but this link's post."""
    row: HtmlElement | None = None
    for element in (link.element, *link.element.iterancestors()):
        if len(below.get(element, ())) > 1:
            return row
        row = element
    return None


def _subject_of(row: HtmlElement, link: Link) -> str:
    """What a row says its post is called, beside the link; "" where it says nothing like a title."""
    if row.tag == "tr":
        cells = [cell for cell in row if cell.tag in _CELLS]
        headed = zip(cells, _columns(row), strict=False)
        wanted = (_said(cell, link) for cell, heading in headed if _SUBJECT.search(heading))
        return next(filter(None, wanted), "") or max((_said(cell, link) for cell in cells), key=len, default="")
    headings = (_said(heading, link) for heading in islice(row.iter(*_HEADINGS), _MOST_PIECES))
    return next(filter(None, headings), "") or next(filter(_is_title, _pieces(row, link)), "")[:_LONGEST]


def _columns(row: HtmlElement) -> Iterator[str]:
    """The folded headings of the columns of a row's table."""
    table = next(row.iterancestors("table"), None)
    head = next(table.iter("tr"), None) if table is not None else None
    if head is not None and head is not row:
        yield from (fold(opening(cell)) for cell in head if cell.tag in _CELLS)


def _said(element: HtmlElement, link: Link) -> str:
    """An element's text where it is like a title and not the link's own."""
    text = " ".join(_pieces(element, link))[:_LONGEST]
    return text if _is_title(text) else ""


def _pieces(element: HtmlElement, link: Link) -> Iterator[str]:
    own = {clean(piece) for piece in texts(link.element)}
    return (piece for each in islice(texts(element), _MOST_PIECES) if (piece := clean(each)) and piece not in own)


def _is_title(text: str) -> bool:
    return len(text.split()) >= _FEWEST_WORDS and read_stamp(text[:120]) is None
