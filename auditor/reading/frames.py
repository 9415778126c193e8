"""Frames: the pages a page is made of, told apart from advertisements, maps, videos and social plugins.

Old portals are framesets (a banner, a menu whose links carry `target`, a frame for the content); newer ones hold a
listing, a menu or a post in an `iframe`; and some home pages are nothing but a script that leads on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from auditor.reading.addresses import host_of, identity, resolve
from auditor.reading.attachments import kind_of
from auditor.reading.page import Page

MOST_FRAMES = 8
"""Frames of one page that are looked at; old portals have three or four."""
_FURNITURE = re.compile(
    r"banner|quang-?cao|advert|\bads?\b|counter|thong-?ke|luot-?truy-?cap|thoi-?tiet|weather|ty-?gia|gia-?vang|"
    r"player|video|youtube|facebook|zalo|chat|captcha|analytics|gtm|google|maps?\b|ban-?do|like|share|login|blank",
    re.IGNORECASE,
)
_FOREIGN_PLUGIN = re.compile(
    r"youtu|vimeo|facebook|fbcdn|twitter|zalo|tiktok|google|gstatic|doubleclick|maps?\.|goong|openstreetmap|"
    r"analytics|recaptcha|chat|player|weather|nchmf|soundcloud|addthis|dailymotion",
    re.IGNORECASE,
)
_CONTENT = re.compile(r"main|content|noi-?dung|body|chinh|list|right|center|giua|data|tin", re.IGNORECASE)
_REDIRECT = re.compile(
    r"(?:window|document|self|top|parent)?\.?\blocation(?:\.href)?\s*=\s*[\"']([^\"'\s]{1,500})[\"']|"
    r"\blocation\.(?:replace|assign)\(\s*[\"']([^\"'\s]{1,500})[\"']\s*\)"
)
_IN_FUNCTION = re.compile(r"function\b|=>|\bif\b|addEventListener|onclick", re.IGNORECASE)
_LONGEST_LEAD = 2_000
_TINY = 60
_SHELL_TEXT = 200


@dataclass(frozen=True)
class Frame:
    """A page within a page.

    Attributes:
        url: its address, relative ones resolved from the page that holds it.
        name: what it is called (`name`, `id`, `title`), the target of links.
        whole: whether it stands in a frameset, or leads on in place of the page: without it there is no page.
        content: whether its name or address says that it holds the content.
    """

    url: str
    name: str = ""
    whole: bool = False
    content: bool = False


def frames_of(page: Page, hosts: frozenset[str]) -> tuple[Frame, ...]:
    """The frames of the unit's own hosts that may hold a menu, a listing or a post, those for the content first."""
    found: dict[str, Frame] = {}
    for element in page.root.iter("frame", "iframe"):
        url = address_of(page, element)
        if url and host_of(url) in hosts and _may_hold(page, element, url):
            found.setdefault(identity(url), _frame(element, url))
    if not found and (lead := _script_lead(page)) and host_of(lead) in hosts:
        found[identity(lead)] = Frame(lead, whole=True, content=True)
    found.pop(identity(page.url), None)
    return tuple(islice(sorted(found.values(), key=lambda frame: not frame.content), MOST_FRAMES))


def foreign_frames(page: Page, hosts: frozenset[str]) -> tuple[str, ...]:
    """Hosts, not the unit's, of frames that are no plugin: what they hold is not read, and the page may live of it."""
    urls = (address_of(page, element) for element in page.root.iter("frame", "iframe") if not _is_unseen(element))
    told = (url for url in urls if url and host_of(url) not in hosts and not _FOREIGN_PLUGIN.search(url))
    return tuple(dict.fromkeys(host_of(url) for url in told))


def is_frameset(page: Page) -> bool:
    """Whether a page is nothing but its frames."""
    return next(page.root.iter("frameset"), None) is not None


def address_of(page: Page, element: HtmlElement) -> str | None:
    """A frame's address; some are filled in when they are scrolled to (`data-src`)."""
    for attribute in ("src", "data-src", "data-lazy-src"):
        if url := resolve(page.base, element.get(attribute, "")):
            return url
    return None


def _frame(element: HtmlElement, url: str) -> Frame:
    name = element.get("name") or element.get("id") or element.get("title") or ""
    return Frame(url, name[:100], element.tag == "frame", bool(_CONTENT.search(f"{name[:100]} {_file(url)}")))


def _file(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def _may_hold(page: Page, element: HtmlElement, url: str) -> bool:
    if kind_of(url, "") is not None or identity(url) == identity(page.url):
        return False
    if element.tag == "frame":
        return True
    names = " ".join(element.get(name, "") for name in ("name", "id", "class", "title"))
    return not _is_unseen(element) and not _FURNITURE.search(f"{names[:300]} {_file(url)}")


def _is_unseen(element: HtmlElement) -> bool:
    """An iframe that shows nothing: hidden, or of a size that no list has."""
    style = element.get("style", "").replace(" ", "").lower()
    sizes = (element.get(name, "").strip().removesuffix("px") for name in ("width", "height"))
    tiny = any(size.isdecimal() and int(size[:6]) < _TINY for size in sizes)
    return tiny or "display:none" in style or element.get("hidden") is not None


def _script_lead(page: Page) -> str | None:
    """Where a page that says nothing leads by script at once: `<script>location.href = "/portal"</script>`."""
    if len(page.text) > _SHELL_TEXT:
        return None
    return next(_leads(page), None)


def _leads(page: Page) -> Iterator[str]:
    onload = (body.get("onload", "") for body in page.root.iter("body"))
    for script in (*(script.text or "" for script in page.root.iter("script")), *onload):
        if len(script) > _LONGEST_LEAD or _IN_FUNCTION.search(script):
            continue
        match = _REDIRECT.search(script)
        if match and (url := resolve(page.base, match[1] or match[2])):
            yield url
