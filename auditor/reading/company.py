"""The company links keep: menus hold short names, listings hold long titles with dates beside them."""

from __future__ import annotations

from itertools import islice
from statistics import median

from lxml.html import HtmlElement

from auditor.reading.addresses import identity
from auditor.reading.dates import read_stamp
from auditor.reading.page import Link, Page, texts

_FEWEST = 3
"""Company begins with three different addresses."""
_MOST = 60
_BLOCK_PIECES = 40
_LONGEST_STAMP = 120


class Company:
    """What stands around the links of one page.

    Links to the same address (a picture, a title, "read more") count as one, for a post is no menu of itself.
    """

    def __init__(self, page: Page) -> None:
        self._below: dict[HtmlElement, dict[str, int]] = {}
        for link in page.links:
            key, words = identity(link.url), len(link.folded.split())
            for ancestor in link.element.iterancestors():
                below = self._below.setdefault(ancestor, {})
                if len(below) < _MOST or key in below:
                    below[key] = max(words, below.get(key, 0))

    def words(self, link: Link) -> float:
        """How many words the links around this one have, in the median."""
        below: dict[str, int] = {}
        for ancestor in link.element.iterancestors():
            below = self._below.get(ancestor, {})
            if len(below) >= _FEWEST:
                break
        return median(below.values()) if below else 0

    def is_dated(self, link: Link) -> bool:
        """Whether a date stands in the largest piece of the page that leads nowhere else: a post's row."""
        block = link.element
        for ancestor in link.element.iterancestors():
            if len(self._below.get(ancestor, {})) > 1:
                break
            block = ancestor
        pieces = islice(texts(block), _BLOCK_PIECES)
        return any(read_stamp(piece) is not None for piece in pieces if len(piece) <= _LONGEST_STAMP)
