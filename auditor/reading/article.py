"""One post: its title, its date and where that was read, its text, its attachments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from lxml.html import HtmlElement

from auditor.observation import Attachment
from auditor.reading.addresses import identity, resolve
from auditor.reading.attachments import attachments
from auditor.reading.dates import Order, Stamp
from auditor.reading.machine import machine_modified, machine_stamp
from auditor.reading.orders import settled_alone
from auditor.reading.page import Page, forks, is_aside, is_hidden, opening
from auditor.reading.pieces import MOST_PIECES, Piece, names_others, pieces_of
from auditor.reading.stamps import FOR_MACHINES, Fixture, visible_stamps
from auditor.text import clean, fold

_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_MOST_HEADINGS = 300
_REMARKS = re.compile(r"^(y kien|binh luan|gui (binh luan|y kien)|danh gia|chia se|comments?|leave a|post navigation)")
_SPLIT_TITLE = re.compile(r"\s+[-–|»:]\s+")
_BODY = 4000
_SOLID_BODY = 200
_FEWEST_WORDS = 3
_LONGEST_TITLE = 600
_PICTURE_LEVELS = 3


@dataclass(frozen=True)
class Article:
    """What a post's own page says.

    Attributes:
        title: its heading. stamp: the publication date; place: where it stood ("article", "time element", …).
        modified: the date of the last change, where told apart.
        document_date: the date of the document the page reproduces, "Đắk Nông, ngày 05 tháng 3 năm 2020": a fact of its
            own, for a document may be posted any time after it.
        body: the beginning of the text, without related posts and comments.
        attachments: files it links to or embeds.
        canonical: the address the page itself gives as its own.
        solid: whether the page is a post at all: a heading, and a text, a file or a picture of its own below it.
        lead: how much text of its own (characters) follows the heading before other posts are named.
    """

    title: str
    stamp: Stamp | None
    place: str
    modified: Stamp | None
    body: str
    attachments: tuple[Attachment, ...]
    canonical: str | None
    solid: bool
    lead: int = 0
    document_date: Stamp | None = None


def read_article(
    page: Page,
    *,
    expected: str = "",
    known: frozenset[str] = frozenset(),
    others: frozenset[str] = frozenset(),
    now: datetime | None = None,
    standing: frozenset[Fixture] = frozenset(),
    order: Order = Order.UNTOLD,
) -> Article:
    """Reads a post.

    Args:
        page: the post's page.
        expected: the title its listing gave it, where there was one.
        known: identities of addresses that are no posts: menus, sections.
        others: identities of posts that the page lists, where it may be a listing.
        now: for relative dates ("3 ngày trước").
        order: of day and month, as a listing proved it.
        standing: dates that stand on the portal's other pages as well (`auditor.reading.stamps.fixtures`).
    """
    heading = _heading(page, expected)
    pieces = list(islice(pieces_of(page, heading, known), MOST_PIECES))
    start = next((index for index, piece in enumerate(pieces) if _within(piece.element, heading)), 0)
    shown = visible_stamps(page, pieces, start if heading is not None else None, now, standing)
    stamp, place = settled_alone(shown.published, order), "article"
    if stamp is None:
        stamp, place = machine_stamp(page)
        stamp = None if stamp and (FOR_MACHINES, stamp.day) in standing else stamp
    modified = settled_alone(shown.modified, order) or machine_modified(page)
    body = _body(pieces[start:], heading)
    files = tuple(attachments(page))
    title = _title(page, heading, expected)
    pictured = heading is not None and _has_picture_below(heading)
    return Article(
        title=title,
        stamp=stamp,
        place=place,
        modified=None if modified and (FOR_MACHINES, modified.day) in standing else modified,
        body=body,
        attachments=files,
        canonical=_canonical(page),
        solid=bool(title) and (len(body) >= _SOLID_BODY or bool(files) or pictured),
        lead=_lead(page, pieces[start:], heading, others) if heading is not None else 0,
        document_date=shown.document,
    )


def _heading(page: Page, expected: str) -> HtmlElement | None:
    """The element that is the post's heading."""
    wanted = fold(expected).rstrip(" .…")
    told = _headings(page)
    if wanted:
        match = next((element for element, text in told if _same_title(text, wanted)), None)
        match = match if match is not None else _element_saying(page, wanted)
        if match is not None:
            return match
    title = fold(page.title)
    long = [(element, text) for element, text in told if len(text.split()) >= _FEWEST_WORDS]
    in_title = [(len(text), element) for element, text in long if text[:80] in title]
    if in_title:
        return max(in_title, key=lambda pair: pair[0])[1]
    return next((element for element, _ in long if element.tag == "h1"), None)


def _headings(page: Page) -> list[tuple[HtmlElement, str]]:
    """The page's headings that do not lead elsewhere, highest first, each with its folded text."""
    headings = (element for tag in _HEADINGS for element in page.root.iter(tag) if not is_aside(element))
    told = ((element, fold(opening(element))) for element in islice(headings, _MOST_HEADINGS))
    return [(element, text) for element, text in told if text and not _leads_elsewhere(page, element)]


def _same_title(text: str, wanted: str) -> bool:
    """Whether a heading is the title a listing gave, either of them perhaps cut short."""
    return text.startswith(wanted) or (wanted.startswith(text) and len(text.split()) > _FEWEST_WORDS)


def _element_saying(page: Page, wanted: str) -> HtmlElement | None:
    """The first element outside links that says just the title: themes without headings use any element."""
    for element in page.root.iter():
        if is_hidden(element) or element.tag in {"a", "title", "body", "html"}:
            continue
        text = element.text
        if not text or len(text) > 2 * _LONGEST_TITLE or fold(text) != wanted:
            continue
        if not is_aside(element) and not _leads_elsewhere(page, element):
            return element
    return None


def _leads_elsewhere(page: Page, element: HtmlElement) -> bool:
    """Whether a heading is the link to another page."""
    anchors = [*element.iter("a"), *(each for each in element.iterancestors("a"))]
    urls = [resolve(page.base, anchor.get("href", "")) for anchor in anchors]
    return any(url is not None and identity(url) != identity(page.url) for url in urls)


def _within(element: HtmlElement, top: HtmlElement | None) -> bool:
    return top is not None and (element is top or any(ancestor is top for ancestor in element.iterancestors()))


def _title(page: Page, heading: HtmlElement | None, expected: str) -> str:
    if heading is not None:
        text = opening(heading)
        if text and fold(text) != "null":
            return text[:600]
    if expected and not expected.rstrip().endswith(("…", "...")):
        return expected
    graphs = (element.get("content", "") for element in page.root.iter("meta") if element.get("property") == "og:title")
    parts = _SPLIT_TITLE.split(clean(next(graphs, "")) or page.title)
    return max(parts, key=len)[:600] if parts else expected


def _body(pieces: Sequence[Piece], heading: HtmlElement | None) -> str:
    told: list[str] = []
    size = 0
    for piece in pieces:
        if _within(piece.element, heading) or not piece.own:
            continue
        if size and (names_others(piece.text) or _REMARKS.search(fold(piece.text[:80]))):
            break
        told.append(piece.text)
        size += len(piece.text)
        if size > _BODY:
            break
    return " ".join(told)[:_BODY]


def _lead(page: Page, pieces: Sequence[Piece], heading: HtmlElement, others: frozenset[str]) -> int:
    """Characters of the post's own text between its heading and the first block of other posts."""
    ends = {link.element for link in page.links if identity(link.url) in others}
    size = 0
    for piece in pieces:
        if not piece.own or ends.intersection((piece.element, *piece.element.iterancestors())):
            break
        size += 0 if _within(piece.element, heading) else len(piece.text)
    return size


def _has_picture_below(heading: HtmlElement) -> bool:
    """Whether a picture of its own follows the heading: a scanned notice."""
    for box in islice(forks(heading), _PICTURE_LEVELS):
        if box.tag == "body":
            return False
        if any(image.get("src") for image in box.iter("img")):
            return True
    return False


def _canonical(page: Page) -> str | None:
    for element in page.root.iter("link"):
        if "canonical" in element.get("rel", "").lower().split():
            return resolve(page.base, element.get("href", ""))
    return None
