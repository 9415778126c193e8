"""One post: its title, its date and where that was read, its text, its attachments.

The visible stamp beside the heading is the truth; machine-readable dates are often broken or hold the last edit
(NukeViet: `article:published_time` is malformed, `itemprop=datePublished` is the edit). Dates of other posts stand all
over the page and are told by their company: they belong to a link that leads elsewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, unquote, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from auditor.observation import Attachment
from auditor.reading.addresses import identity, resolve
from auditor.reading.dates import Stamp, StampKind, read_machine, read_stamp
from auditor.reading.groups import find_groups
from auditor.reading.page import Page, is_hidden, texts
from auditor.text import clean, fold

_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_ASIDE = frozenset({"nav", "aside"})
_DOCUMENT = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|rtf|odt|ods|zip|rar|7z)$", re.IGNORECASE)
_DOWNLOAD = re.compile(
    r"(^|[/?&_=.-])(download|getfile|get_file|attachment|downloadfile|tai-?ve|tai-?xuong|file)\b", re.IGNORECASE
)
_END_OF_BODY = re.compile(
    r"^(cac )?(tin|bai|thong tin|van ban)( viet| bai)? (lien quan|khac|cung|moi hon|cu hon|da dua)|^nhung tin|"
    r"^(y kien|binh luan|gui (binh luan|y kien)|danh gia|chia se|comments?|related|leave a|post navigation)"
)
_HIDING = re.compile(r"(^| )(hidden|hide|d-none|sr-only|visually-hidden|screen-reader-text)( |$)")
_FOR_MACHINES = re.compile(r"\d{4}-\d\d-\d\dT")
_BARE_DATE = re.compile(r"^.{0,30}\b\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b.{0,20}$")
_SPLIT_TITLE = re.compile(r"\s+[-–|»:]\s+")
_LONGEST_STAMP = 160
_BODY = 4000
_NEAR_AFTER = 25
_NEAR_BEFORE = 8
_SOLID_BODY = 200
_FEWEST_WORDS = 3
_FEWEST_ROWS = 2
_FEWEST_BESIDE = 3
_FEWEST_DATED = 3
_LIST_LEVELS = 4
_ONE_LINE = 4


@dataclass(frozen=True)
class Article:
    """What a post's own page says.

    Attributes:
        title: its heading. stamp: the publication date; place: where it stood ("article", "time element", …).
        modified: the date of the last change, where told apart.
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


@dataclass(frozen=True)
class _Piece:
    """A piece of visible text, its element, and whether it belongs to the post (not to a link elsewhere)."""

    text: str
    element: HtmlElement
    own: bool


def read_article(
    page: Page,
    *,
    expected: str = "",
    known: frozenset[str] = frozenset(),
    others: frozenset[str] = frozenset(),
    now: datetime | None = None,
) -> Article:
    """Reads a post.

    Args:
        page: the post's page.
        expected: the title its listing gave it, where there was one.
        known: identities of addresses that are no posts: menus, sections.
        others: identities of posts that the page lists, where it may be a listing.
        now: for relative dates ("3 ngày trước").
    """
    heading = _heading(page, expected)
    pieces = list(_pieces(page, heading, known))
    start = next((index for index, piece in enumerate(pieces) if _within(piece.element, heading)), 0)
    stamp, modified = _visible_stamp(pieces, start, heading, now)
    place = "article"
    if stamp is None:
        stamp, place = _machine_stamp(page)
    body = _body(pieces[start:], heading)
    files = tuple(_attachments(page))
    title = _title(page, heading, expected)
    pictured = heading is not None and _has_picture_below(heading)
    return Article(
        title=title,
        stamp=stamp,
        place=place,
        modified=modified,
        body=body,
        attachments=files,
        canonical=_canonical(page),
        solid=bool(title) and (len(body) >= _SOLID_BODY or bool(files) or pictured),
        lead=_lead(page, pieces[start:], heading, others) if heading is not None else 0,
    )


def _heading(page: Page, expected: str) -> HtmlElement | None:
    """The element that is the post's heading."""
    wanted = fold(expected).rstrip(" .…")
    title = fold(page.title)
    headings = [element for tag in _HEADINGS for element in page.root.iter(tag) if not _aside(element)]
    told = [(element, fold(" ".join(texts(element)))) for element in headings]
    told = [(element, text) for element, text in told if text and not _leads_elsewhere(page, element)]
    if wanted:
        match = next((element for element, text in told if _same_title(text, wanted)), None)
        match = match if match is not None else _element_saying(page, wanted)
        if match is not None:
            return match
    long = [(element, text) for element, text in told if len(text.split()) >= _FEWEST_WORDS]
    in_title = [(len(text), element) for element, text in long if text[:80] in title]
    if in_title:
        return max(in_title, key=lambda pair: pair[0])[1]
    return next((element for element, _ in long if element.tag == "h1"), None)


def _same_title(text: str, wanted: str) -> bool:
    """Whether a heading is the title a listing gave, either of them perhaps cut short."""
    return text.startswith(wanted) or (wanted.startswith(text) and len(text.split()) > _FEWEST_WORDS)


def _element_saying(page: Page, wanted: str) -> HtmlElement | None:
    """The last element outside links that says just the title: themes without headings use any element."""
    found = None
    for element in page.root.iter():
        if is_hidden(element) or element.tag in {"a", "title", "body", "html"} or not element.text:
            continue
        text = fold(element.text)
        if text and text == wanted and not _aside(element) and not _leads_elsewhere(page, element):
            found = found if found is not None else element
    return found


def _leads_elsewhere(page: Page, element: HtmlElement) -> bool:
    """Whether a heading is the link to another page."""
    anchors = [*element.iter("a"), *(each for each in element.iterancestors("a"))]
    urls = [resolve(page.base, anchor.get("href", "")) for anchor in anchors]
    return any(url is not None and identity(url) != identity(page.url) for url in urls)


def _aside(element: HtmlElement) -> bool:
    return any(ancestor.tag in _ASIDE for ancestor in element.iterancestors())


def _within(element: HtmlElement, top: HtmlElement | None) -> bool:
    return top is not None and (element is top or any(ancestor is top for ancestor in element.iterancestors()))


def _title(page: Page, heading: HtmlElement | None, expected: str) -> str:
    if heading is not None:
        text = clean(" ".join(texts(heading)))
        if text and fold(text) != "null":
            return text[:600]
    if expected and not expected.rstrip().endswith(("…", "...")):
        return expected
    graphs = (element.get("content", "") for element in page.root.iter("meta") if element.get("property") == "og:title")
    parts = _SPLIT_TITLE.split(clean(next(graphs, "")) or page.title)
    return max(parts, key=len)[:600] if parts else expected


def _pieces(page: Page, heading: HtmlElement | None, known: frozenset[str]) -> Iterator[_Piece]:
    """The page's visible text in document order, each piece marked as the post's own or another's."""
    foreign = _foreign_blocks(page, heading, known)
    outside = 0
    walker = etree.iterwalk(page.root, events=("start", "end"))
    for event, node in walker:
        alien = node in foreign or (isinstance(node.tag, str) and node.tag in _ASIDE)
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
        if piece and element is not None and (text := clean(piece)):
            yield _Piece(text, element, own=not outside)


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
            block for block, link in zip(group.blocks, group.links, strict=True) if _kind(link.url, link.text) is None
        ]
        if len(rows) < (_FEWEST_BESIDE if group.box in own else _FEWEST_ROWS):
            continue
        blocks.update(block for block in rows if block not in own)
        if group.box not in own:
            blocks.add(group.box)
    return blocks


def _visible_stamp(
    pieces: list[_Piece], start: int, heading: HtmlElement | None, now: datetime | None
) -> tuple[Stamp | None, Stamp | None]:
    """The publication stamp and the stamp of the last change, from the visible text."""
    found = [
        (index - start, stamp)
        for index, piece in enumerate(pieces)
        if piece.own
        and (stamp := _stamp_at(pieces, index, now)) is not None
        and stamp.kind is not StampKind.CLOCK
        and not _in_list_of_dates(piece.element)
    ]
    modified = next((stamp for _, stamp in found if stamp.kind is StampKind.MODIFIED), None)
    found = [(offset, stamp) for offset, stamp in found if stamp.kind not in {StampKind.MODIFIED, StampKind.DOCUMENT}]
    earliest = -_NEAR_BEFORE if heading is not None else 0
    near = sorted((pair for pair in found if earliest <= pair[0] <= _NEAR_AFTER), key=_distance)
    told = [pair for pair in near if pair[1].kind is StampKind.PUBLISHED and abs(pair[0] - near[0][0]) <= _ONE_LINE]
    later = [pair for pair in found if pair[0] > _NEAR_AFTER]
    for choice in (told, near, sorted(later, key=_label_first)):
        if choice:
            return choice[0][1], modified
    return None, modified


def _distance(pair: tuple[int, Stamp]) -> int:
    """How far a stamp stands from the heading; before it counts double, for that is where clocks stand."""
    return pair[0] if pair[0] >= 0 else -2 * pair[0]


def _label_first(pair: tuple[int, Stamp]) -> tuple[bool, int]:
    return pair[1].kind is not StampKind.PUBLISHED, -pair[0]


def _in_list_of_dates(element: HtmlElement) -> bool:
    """Whether a date stands among its like: a table of documents, a list of other posts, a timetable."""
    box = element
    for _ in range(_LIST_LEVELS):
        parent = box.getparent()
        if parent is None or parent.tag == "body":
            return False
        like = [child for child in parent if child.tag == box.tag]
        if len(like) >= _FEWEST_DATED:
            dated = sum(1 for child in like[:40] if any(_BARE_DATE.search(piece) for piece in texts(child)))
            if dated >= _FEWEST_DATED:
                return True
        box = parent
    return False


def _stamp_at(pieces: list[_Piece], index: int, now: datetime | None) -> Stamp | None:
    """A stamp in one piece, or in a label and the piece behind it ("Ngày đăng:" "12/11/2019")."""
    text = pieces[index].text
    if len(text) > _LONGEST_STAMP or not any(letter.isdigit() for letter in text) or _FOR_MACHINES.match(text):
        return None
    before = pieces[index - 1].text if index else ""
    if before.endswith(":") and len(before) < 30:  # noqa: PLR2004  (a label)
        labelled = read_stamp(f"{before} {text}", now=now)
        if labelled:
            return labelled
    if _in_table(pieces[index].element):
        return None
    if before and len(before) < 20 and not any(letter.isdigit() for letter in before):  # noqa: PLR2004
        labelled = read_stamp(f"{before} {text}", now=now)
        if labelled and labelled.kind is not StampKind.PLAIN:
            return labelled
    return read_stamp(text, now=now)


def _in_table(element: HtmlElement) -> bool:
    """Whether a date stands in a table with several rows and columns: a timetable, not a stamp."""
    table = next(element.iterancestors("table"), None)
    if table is None:
        return False
    rows = list(table.iter("tr"))
    return len(rows) > 2 and max(len(row) for row in rows) > 1 and table.find(".//table") is None  # noqa: PLR2004


def _machine_stamp(page: Page) -> tuple[Stamp | None, str]:
    """A date meant for machines; only where no visible one is."""
    for element in page.root.iter("time"):
        if not _aside(element) and next(element.iterancestors("li"), None) is None:
            stamp = read_machine(element.get("datetime", ""))
            if stamp:
                return stamp, "time element"
    names = {"article:published_time", "datepublished", "dc.date.issued", "dcterms.issued", "dc.date", "pubdate"}
    for element in page.root.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        stamp = read_machine(element.get("content", "")) if name in names else None
        if stamp:
            return stamp, f"meta {name}"
    for value in _linked_data(page):
        stamp = read_machine(value)
        if stamp:
            return stamp, "JSON-LD datePublished"
    return None, ""


def _linked_data(page: Page) -> Iterator[str]:
    for element in page.root.iter("script"):
        if element.get("type", "").lower() != "application/ld+json" or len(element.text or "") > 200_000:  # noqa: PLR2004
            continue
        try:
            data = json.loads(element.text or "")
        except (ValueError, RecursionError):
            continue
        queue = [data]
        while queue:
            node = queue.pop(0)
            if isinstance(node, dict):
                if isinstance(node.get("datePublished"), str):
                    yield node["datePublished"]
                queue.extend(value for value in node.values() if isinstance(value, dict | list))
            elif isinstance(node, list):
                queue.extend(node[:100])


def _body(pieces: list[_Piece], heading: HtmlElement | None) -> str:
    told: list[str] = []
    size = 0
    for piece in pieces:
        if _within(piece.element, heading) or not piece.own:
            continue
        if size and _END_OF_BODY.search(fold(piece.text[:80])):
            break
        told.append(piece.text)
        size += len(piece.text)
        if size > _BODY:
            break
    return " ".join(told)[:_BODY]


def _lead(page: Page, pieces: list[_Piece], heading: HtmlElement, others: frozenset[str]) -> int:
    """Characters of the post's own text between its heading and the first block of other posts."""
    ends = {link.element for link in page.links if identity(link.url) in others}
    size = 0
    for piece in pieces:
        if not piece.own or ends.intersection((piece.element, *piece.element.iterancestors())):
            break
        size += 0 if _within(piece.element, heading) else len(piece.text)
    return size


def _attachments(page: Page) -> Iterator[Attachment]:
    seen: set[str] = set()
    for url, label, element in _file_links(page):
        kind = _kind(url, label)
        if kind is None or url in seen or _aside(element):
            continue
        seen.add(url)
        yield Attachment(url, kind)


def _file_links(page: Page) -> Iterator[tuple[str, str, HtmlElement]]:
    for link in page.links:
        yield link.url, link.text, link.element
    for element in page.root.iter("iframe", "embed", "object"):
        url = resolve(page.base, element.get("src") or element.get("data") or "")
        inner = parse_qs(urlsplit(url).query) if url else {}
        shown = next((value[0] for name in ("file", "url", "src") if (value := inner.get(name))), None)
        target = resolve(page.base, shown) if shown else url
        if target and _DOCUMENT.search(urlsplit(target).path):
            yield target, "", element


def _kind(url: str, label: str) -> str | None:
    """The kind of file a link leads to; "" for a download without extension; None for no file."""
    parts = urlsplit(url)
    for text in (unquote(parts.path), label.strip(), unquote(parts.query)):
        match = _DOCUMENT.search(text)
        if match:
            return match[1].lower()
    return "" if _DOWNLOAD.search(f"{parts.path}?{parts.query}") and not parts.path.endswith("/") else None


def _has_picture_below(heading: HtmlElement) -> bool:
    """Whether a picture of its own follows the heading: a scanned notice."""
    box = heading
    for _ in range(3):
        parent = box.getparent()
        if parent is None or parent.tag == "body":
            return False
        box = parent
        if any(image.get("src") for image in box.iter("img")):
            return True
    return False


def _canonical(page: Page) -> str | None:
    for element in page.root.iter("link"):
        if "canonical" in element.get("rel", "").lower().split():
            return resolve(page.base, element.get("href", ""))
    return None
