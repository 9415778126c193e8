"""A post's page as pieces of visible text, each marked as the post's own or another post's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from auditor.reading.attachments import kind_of
from auditor.reading.groups import find_groups
from auditor.reading.page import ASIDE, Page, is_hidden
from auditor.text import clean, fold

MOST_PIECES = 20_000
"""More than any real page has; what follows is not looked at."""
_LONGEST_PIECE = 20_000
_HIDING = re.compile(r"(^| )(hidden|hide|d-none|sr-only|visually-hidden|screen-reader-text)( |$)")
_OTHERS = re.compile(
    r"^(cac )?(tin|bai|thong tin|van ban)( viet| bai)? (lien quan|khac|cung|moi hon|cu hon|da dua)|^nhung tin|^related"
)
_LONGEST_HEADING = 80
_FEWEST_ROWS = 2
_FEWEST_BESIDE = 3


@dataclass(frozen=True)
class Piece:
    """A piece of visible text, its element, and whether it belongs to the post (not to a link elsewhere)."""

    text: str
    element: HtmlElement
    own: bool


def names_others(text: str) -> bool:
    """Whether a piece of text is the heading of other posts: "Tin liên quan", "Các tin khác"."""
    return len(text) <= _LONGEST_HEADING and bool(_OTHERS.search(fold(text)))


def pieces_of(page: Page, heading: HtmlElement | None, known: frozenset[str]) -> Iterator[Piece]:
    """The page's visible text in document order, each piece marked as the post's own or another's."""
    foreign = _foreign_blocks(page, heading, known)
    outside = 0
    walker = etree.iterwalk(page.root, events=("start", "end"))
    for event, node in walker:
        alien = node in foreign or (isinstance(node.tag, str) and node.tag in ASIDE)
        if event == "start":
            if is_hidden(node) or _not_shown(node):
                walker.skip_subtree()
                continue
            outside += alien
            piece: str | None = node.text
            element: HtmlElement | None = node
        else:
            outside -= alien and not is_hidden(node) and not _not_shown(node)
            piece, element = node.tail, node.getparent()
        if piece and element is not None and (text := clean(piece[:_LONGEST_PIECE])):
            yield Piece(text, element, own=not outside)


def _not_shown(element: HtmlElement) -> bool:
    """Text for machines and screen readers: NukeViet keeps its (wrong) `datePublished` in one of these."""
    style = element.get("style", "").replace(" ", "").lower()
    return (
        element.get("hidden") is not None or "display:none" in style or bool(_HIDING.search(element.get("class", "")))
    )


def _foreign_blocks(page: Page, heading: HtmlElement | None, known: frozenset[str]) -> set[HtmlElement]:
    """Blocks that belong to other posts: rows of groups that lead to pages, unless the post's own heading is in them.

    Beside the heading two links are tools ("save", a file with a long name); elsewhere two rows are a list.
    """
    own = {heading, *heading.iterancestors()} if heading is not None else set()
    blocks: set[HtmlElement] = set()
    for group in find_groups(page, known):
        rows = [
            block for block, link in zip(group.blocks, group.links, strict=True) if kind_of(link.url, link.text) is None
        ]
        if len(rows) < (_FEWEST_BESIDE if group.box in own else _FEWEST_ROWS):
            continue
        blocks.update(block for block in rows if block not in own)
        if group.box not in own:
            blocks.add(group.box)
    return blocks
