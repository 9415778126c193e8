"""Signs that a script has yet to fill a page: without them a page that lists nothing may be believed to hold nothing.

Ordinary portals are full of scripts: jQuery, analytics, counters, sliders, chats. What counts is that something on the
page waits for a list: an empty box that a script speaks of, a template, the word "loading", or a page with nothing on
it; and that the pages of the portal which list their posts do not have the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from auditor.reading.addresses import resolve
from auditor.reading.endpoints import is_script
from auditor.reading.page import ASIDE, Page, texts
from auditor.text import fold

CALLS = re.compile(
    r"\bfetch\s*\(|ajax|XMLHttpRequest|axios|getJSON|\$\.(get|post)\s*\(|\$http|\.load\s*\(\s*[\"'`]|dataTable|jqGrid|"
    r"kendoGrid|useFetch|\.open\s*\(\s*[\"']GET",
    re.IGNORECASE,
)
"""What a script says that asks a server."""
_LIBRARY = re.compile(
    r"jquery|bootstrap|popper|slick|swiper|owl|fancybox|lightbox|moment|modernizr|respond|html5|polyfill|\bwow\b|\baos\b|"
    r"select2|datatables?[.-]|ckeditor|tinymce|gtag|analytics|fontawesome|font-awesome|lazy|validat|easing|migrate|"
    r"angular|/vue|react|axios|lodash|underscore|require|knockout|kendo\.|chart|isotope|masonry|flexslider|nivo|"
    r"superfish|cookie|captcha|webresource\.axd|scriptresource\.axd|microsoftajax|/_layouts/|/wp-includes/|"
    r"/media/system/|/misc/drupal|/combo\b|vendor|runtime|manifest|translat|i18n|lang(uage)?[/.]|counter|"
    r"facebook|zalo|addthis|google|weather|chat|player|\bads?\b|slider|carousel|plugins?\.|tooltip|sticky|scroll|print",
    re.IGNORECASE,
)
_TEMPLATE_KIND = re.compile(r"x-|template|text/html|text/ng|handlebars|mustache", re.IGNORECASE)
_TEMPLATE_MARKS = frozenset(
    {"ng-repeat", "data-ng-repeat", "v-for", "x-for", "*ngfor", "ng-bind-html", "v-html", "wire:init", "hx-trigger"}
)
_BOUND = ("href", ":href", "v-bind:href", "ng-href", "data-ng-href", "x-bind:href", ":to", "to", "[href]")
_HOLE = re.compile(r"\{\{[^{}]{1,100}\}\}|<%=|\$\{[\w.]{1,60}\}|#=\s*\w+\s*#")
_LOADING = re.compile(
    r"(dang )?(tai|load) (du lieu|noi dung|danh sach|tin|trang)( ?\.\.\.| ?…)?|dang tai( ?\.\.\.| ?…)?|"
    r"loading( data)?( ?\.\.\.| ?…)?|"
    r"(vui long|xin) (cho|doi)( trong giay lat| mot lat)?( ?\.\.\.| ?…)?|please wait( ?\.\.\.| ?…)?|"
    r"(vui long |hay )?(bat|kich hoat) javascript.{0,60}|.{0,60}enable javascript.{0,60}"
)
_BOXES = ("div", "ul", "ol", "table", "tbody", "section", "article", "main", "dl", "span")
_SHOWN = (
    "img",
    "iframe",
    "input",
    "svg",
    "canvas",
    "video",
    "object",
    "embed",
    "button",
    "select",
    "textarea",
    "hr",
    "i",
)
_OTHER_BOX = re.compile(
    r"comment|binh-?luan|chat|social|share|rating|captcha|toast|modal|popup|dialog|menu|nav|breadcrumb|search|suggest|"
    r"map\b|slide|banner|\bads?\b|quang-?cao|weather|thoi-?tiet|counter|thong-?ke|online|alert|message|error|paginat|pager|"
    r"phan-?trang|clear|overlay|loader|spinner|progress|fb-|zalo|google|gtm|cookie|player|video|back-?to|scroll|tooltip|"
    r"header|footer|sidebar|date|clock|time|lang|print|audio|voice|login|user",
    re.IGNORECASE,
)
_LIST_BOX = re.compile(
    r"list|news|\btin|post|article|content|noi-?dung|data|grid|table|result|items|danh-?sach|bai-?viet|\bapp\b|root|main|body|"
    r"van-?ban|view",
    re.IGNORECASE,
)
_LAYOUT_BOX = re.compile(r"container(-\w+)*|row|col(-\w+)*|wrapper|inner|section|clearfix", re.IGNORECASE)
"""Classes that frameworks lay pages out with: every library speaks of them."""
_SHELL_TEXT = 200
_SHELL_LINKS = 3
_LONGEST_NOTE = 120
_MOST_BOXES = 200
_SHORT_NAME = 3


@dataclass(frozen=True)
class Box:
    """An empty element: its tag, and the names a script may speak of it by, the id and the classes among them."""

    tag: str
    names: frozenset[str]

    @property
    def may_list(self) -> bool:
        """Whether its names say that it holds a list, and nothing else."""
        told = " ".join(sorted(self.names))
        return bool(_LIST_BOX.search(told)) and not _OTHER_BOX.search(told)


def is_shell(page: Page) -> bool:
    """Whether a page has scripts and next to nothing else: what a single-page application answers."""
    if len(page.links) > _SHELL_LINKS or len(page.text) > _SHELL_TEXT:
        return False
    return next(page.root.iter("script"), None) is not None


def empty_boxes(page: Page) -> tuple[Box, ...]:
    """The elements of a page that show nothing, outermost first, beside and around its content left out."""
    return tuple(islice(dict.fromkeys(_boxes(page)), _MOST_BOXES))


def _boxes(page: Page) -> Iterator[Box]:
    inside: set[HtmlElement] = set()
    for element in page.root.iter(etree.Element):
        if not isinstance(element.tag, str) or element.getparent() in inside:
            inside.add(element)
            continue
        if element.tag not in _BOXES and "-" not in element.tag:
            continue
        if _is_empty(element) and next(element.iterancestors(*ASIDE, "footer", "head"), None) is None:
            inside.add(element)
            if names := _names(element):
                yield Box(element.tag, names)


def _is_empty(element: HtmlElement) -> bool:
    shown = next(element.iter(*_SHOWN, "script"), None)
    return shown is None and next(texts(element), None) is None


def _names(element: HtmlElement) -> frozenset[str]:
    """Ids, classes and data attributes of an element and of those within, and the tag that is an application's own."""
    told: set[str] = set()
    for each in islice(element.iter(etree.Element), _MOST_BOXES):
        told.update([each.get("id", ""), *each.get("class", "").split()])
        told.update(name.removeprefix("data-") for name in each.attrib if name.startswith("data-"))
        told.update({str(each.tag)} if "-" in str(each.tag) else set())
    return frozenset(name for name in told if len(name) >= _SHORT_NAME)


def speaks_of(script: str, box: Box) -> bool:
    """Whether a script names a box: `#list`, `".news-list"`, `getElementById("ds")`, `data("category")`."""
    return any(
        re.search(rf"[#.'\"`\s]{re.escape(name)}(?![\w-])", script)
        for name in box.names
        if not _OTHER_BOX.search(name) and not _LAYOUT_BOX.fullmatch(name)
    )


def external_scripts(page: Page) -> tuple[str, ...]:
    """The addresses of a page's scripts that are no library, those that look like the portal's own first."""
    found = (resolve(page.base, script.get("src", "")) for script in page.root.iter("script") if _runs(script))
    return tuple(dict.fromkeys(url for url in found if url and not _LIBRARY.search(_name(url))))


def _runs(script: HtmlElement) -> bool:
    return bool(script.get("src")) and is_script(script.get("type", ""))


def _name(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc.partition(':')[0]}{parts.path}"


def signs(page: Page, usual: Sequence[Page]) -> Iterator[str]:
    """What on a page waits to be filled, whatever its scripts say; what `usual` pages have as well is no sign."""
    if is_shell(page):
        yield "the page is an empty shell that a script fills"
    if _templates(page) - {mark for other in usual for mark in _templates(other)}:
        yield "the page holds the template of a list that a script fills"
    if _loading(page) - {note for other in usual for note in _loading(other)}:
        yield "the page says that it is still loading"


def _templates(page: Page) -> set[str]:
    """The templates of a page: marks of frameworks, holes in its text, and scripts that are markup."""
    found: set[str] = set()
    for element in islice(page.root.iter(etree.Element), 20_000):
        marks = _TEMPLATE_MARKS.intersection(name.lower() for name in element.attrib)
        found.update(f"{mark}={element.get(mark, '')[:_LONGEST_NOTE]}" for mark in marks)
        if element.tag == "script" and _TEMPLATE_KIND.search(element.get("type", "")):
            found.add((element.text or "")[:_LONGEST_NOTE])
    found.update(match[0] for match in islice(_HOLE.finditer(page.text), _MOST_BOXES))
    return found


def _loading(page: Page) -> set[str]:
    notes = (fold(piece) for piece in texts(page.root) if len(piece) <= _LONGEST_NOTE)
    return {note for note in notes if _LOADING.fullmatch(note)}


def waiting_boxes(page: Page, usual: Iterable[Page]) -> tuple[Box, ...]:
    """The empty boxes of a page that other pages do not have, or do not have empty."""
    known = {box for other in usual for box in empty_boxes(other)}
    return tuple(box for box in empty_boxes(page) if box not in known)


def templates_of(page: Page) -> tuple[str, ...]:
    """What templates of a page say of links, as a script would: `href='/tin/' + item.slug`, `href="/tin/{{id}}"`."""
    kept = [script.text or "" for script in page.root.iter("script") if _TEMPLATE_KIND.search(script.get("type", ""))]
    for anchor in islice(page.root.iter("a", "router-link", "nuxt-link"), _MOST_BOXES):
        for name in _BOUND:
            value = anchor.get(name, "")
            if "{{" in value:
                kept.append(f'href="{value}"')
            elif "+" in value or "`" in value:
                kept.append(f"href={value}")
    return tuple(kept)
