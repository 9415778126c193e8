"""Bytes become a page; and whether it is the page that was asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from lxml import etree, html
from lxml.html import HtmlElement

from auditor.reading import fonts
from auditor.reading.addresses import resolve
from auditor.reading.behind import ANCHORS, LEADING, address_behind
from auditor.reading.dates import read_stamp
from auditor.reading.decoding import MAX_BYTES, decode
from auditor.reading.shortening import shorten, without_endless_tags
from auditor.text import clean, fold

MAX_LINKS = 5_000
"""More than any real page has; further links are not looked at."""
_MOST_ANCESTORS = 60

ASIDE = ("nav", "aside")
"""The elements that stand beside a page's content."""
_HIDDEN = frozenset({"script", "style", "noscript", "template", "svg", "head", "option", "textarea"})
_FORMATTING = re.compile(r"<(/?)(font|span|b|i|u|em|strong|small|big|center)(?:\s[^<>]{0,300})?>", re.IGNORECASE)
_FORGOTTEN = 10
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = ("div", "p", "li", "td", "article", "section", "figcaption")
_CARD_PIECES = 10
_EMPTY_PAGE = "<html><body></body></html>"


@dataclass(frozen=True)
class Link:
    """An anchor with an address: the address resolved, what it says, and the element."""

    url: str
    text: str
    element: HtmlElement

    @cached_property
    def folded(self) -> str:
        """The text to match by."""
        return fold(self.text)


@dataclass(frozen=True)
class Page:
    """A parsed page.

    Attributes:
        url: the address it was finally answered from.
        root: its tree.
        cut: whether more stood on it than was parsed.
    """

    url: str
    root: HtmlElement
    cut: bool = False

    @property
    def overlong(self) -> bool:
        """Whether more stands on it than is read."""
        return self.cut or len(self.links) == MAX_LINKS

    @cached_property
    def base(self) -> str:
        """The address that relative links start from."""
        for element in self.root.iter("base"):
            if href := element.get("href"):
                return resolve(self.url, href) or self.url
        return self.url

    @cached_property
    def title(self) -> str:
        """The text of the `title` element."""
        for element in self.root.iter("title"):
            return clean(element.text_content())[:1000]
        return ""

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every anchor with an http(s) address, in document order; its text, else its title, else its image's."""
        return tuple(islice(self._links(), MAX_LINKS))

    def _links(self) -> Iterator[Link]:
        for element in self.root.iter("a", "area", *LEADING):
            url = resolve(self.base, element.get("href", "")) if element.tag in ANCHORS else None
            if url:
                yield Link(url, label_of(element), element)
            elif url := resolve(self.base, address_behind(element)):
                yield Link(url, label_behind(element), element)

    @cached_property
    def text(self) -> str:
        """All visible text, for phrases; at most 200,000 characters."""
        return opening(self.root, 200_000)

    @cached_property
    def folded(self) -> str:
        """The visible text to match by."""
        return fold(self.text)

    @cached_property
    def mains(self) -> frozenset[HtmlElement]:
        """The elements that the page itself declares to be its main content."""
        return frozenset(element for element in self.root.xpath("//main | //*[@role='main']"))


def opening(element: HtmlElement, limit: int = 1000) -> str:
    """The beginning of an element's visible text as one line, at most about `limit` characters."""
    told: list[str] = []
    size = 0
    for piece in texts(element):
        told.append(piece[:limit])
        size += len(piece)
        if size >= limit:
            break
    return clean(" ".join(told))[:limit]


def label_of(element: HtmlElement) -> str:
    """What an anchor says: its text; where that is cut short, its `title`; for an image, its `alt`."""
    text = _title_within(element) or opening(element)
    title = clean(element.get("title", ""))[:1000]
    if text and title and _is_fuller(title, text):
        return title
    if text:
        return text
    alternative = next((clean(image.get("alt", "")) for image in element.iter("img")), "")
    return (title or alternative)[:1000]


def label_behind(element: HtmlElement) -> str:
    """What an element with a script's address says: its first words like a title, for it may hold a whole row."""
    pieces = (clean(piece) for piece in islice(texts(element), _CARD_PIECES))
    title = next((piece[:1000] for piece in pieces if piece.count(" ") > 1 and read_stamp(piece) is None), "")
    return title or label_of(element)


def _title_within(element: HtmlElement) -> str:
    """The title in an anchor that holds a whole card, with picture, date and teaser; "" where it holds no blocks."""
    heading = next(element.iter(*_HEADINGS), None)
    if heading is not None:
        return opening(heading)
    if next(element.iter(*_BLOCKS), None) is None:
        return ""
    pieces = (clean(piece) for piece in islice(texts(element), _CARD_PIECES))
    return next((piece[:1000] for piece in pieces if piece.count(" ") > 1 and read_stamp(piece) is None), "")


def _is_fuller(title: str, text: str) -> bool:
    """Whether the `title` says what the text says without its cut end, or without a number set before it."""
    shown, full = fold(text), fold(title)
    cut = shown.rstrip(" .…")
    if shown.endswith(full):
        return shown.removesuffix(full).strip().isdigit()
    return cut != shown and len(full) > len(cut) and full.startswith(cut[:20])


def texts(element: HtmlElement, without: Collection[HtmlElement] = ()) -> Iterator[str]:
    """The visible pieces of text below an element, in document order, each stripped and not empty.

    What stands in elements of `without` is left out.
    """
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, node in walker:
        if event == "end":
            piece = None if node is element else node.tail
        elif is_hidden(node) or node in without:
            walker.skip_subtree()
            continue
        else:
            piece = node.text
        if piece and (stripped := piece.strip()):
            yield stripped


def forks(element: HtmlElement) -> Iterator[HtmlElement]:
    """The ancestors, without those that merely wrap one element: themes wrap at will, and that says nothing."""
    return (ancestor for ancestor in islice(element.iterancestors(), _MOST_ANCESTORS) if not _is_wrapper(ancestor))


def unwrapped(element: HtmlElement) -> HtmlElement:
    """The element itself, or what it merely wraps."""
    while _is_wrapper(element):
        element = element[0]
    return element


def _is_wrapper(element: HtmlElement) -> bool:
    if element.tag not in {"div", "span"}:
        return False
    child = next(iter(element), None)  # never len(): it counts all children each time
    if child is None or child.getnext() is not None:
        return False
    return not (element.text or "").strip() and not (child.tail or "").strip()


def is_aside(element: HtmlElement) -> bool:
    """Whether an element stands in what the page itself declares to be beside its content."""
    return next(element.iterancestors(*ASIDE), None) is not None


def is_hidden(element: HtmlElement) -> bool:
    """Whether an element shows no text of the page: scripts, styles, comments, form fields."""
    return not isinstance(element.tag, str) or element.tag in _HIDDEN


def _without_forgotten(text: str) -> str:
    """A page without the formatting tags it opens and forgets to close, row after row.

    Browsers show such rows side by side; parsed, each would stand within the one before, deeper than a parser goes.
    """
    balance: Counter[str] = Counter()
    for match in _FORMATTING.finditer(text):
        balance[match[2].lower()] += -1 if match[1] else 1
    forgotten = {tag for tag, left_open in balance.items() if left_open > _FORGOTTEN}
    return _FORMATTING.sub(lambda match: "" if match[2].lower() in forgotten else match[0], text) if forgotten else text


def parse(body: bytes, url: str, content_type: str = "") -> Page:
    """Parses whatever a server answered; never raises for what stands in it."""
    text = decode(body, content_type).replace("\x00", "")
    whole = _without_forgotten(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    text = without_endless_tags(whole)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace") or _EMPTY_PAGE.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        root = html.document_fromstring(_EMPTY_PAGE)
    shortened = shorten(root)
    fonts.restore(root, text)
    too_deep = any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log)
    return Page(url, root, cut=len(body) > MAX_BYTES or too_deep or shortened or text != whole)
