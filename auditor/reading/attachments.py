"""The files a post links to or embeds, whatever hides them: no extension, a viewer, a download script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from lxml.html import HtmlElement

from auditor.observation import Attachment
from auditor.reading.addresses import resolve
from auditor.reading.page import Page, is_aside

_DOCUMENT = re.compile(
    # Plone shows a file at /name.pdf/view; labels set a file's name into brackets.
    r"\.(pdf|docx?|xlsx?|pptx?|rtf|odt|ods|zip|rar|7z)(?:/(?:view|download|at_download/file|@@download/file))?\)?$",
    re.IGNORECASE,
)
_DOWNLOAD = re.compile(
    r"(^|[/?&_=.])(download|getfile|get_file|attachment|downloadfile|tai-?ve|tai-?xuong|file)\b", re.IGNORECASE
)


def attachments(page: Page) -> Iterator[Attachment]:
    """The files of a page, each once, in document order."""
    seen: set[str] = set()
    for url, label, element in _file_links(page):
        kind = kind_of(url, label)
        if kind is None or url in seen or is_aside(element):
            continue
        seen.add(url)
        yield Attachment(url, kind)


def kind_of(url: str, label: str) -> str | None:
    """The kind of file a link leads to; "" for a download without extension; None for no file."""
    parts = urlsplit(url)
    for text in (unquote(parts.path), label.strip(), unquote(parts.query)):
        match = _DOCUMENT.search(text)
        if match:
            return match[1].lower()
    return "" if _DOWNLOAD.search(f"{parts.path}?{parts.query}") and not parts.path.endswith("/") else None


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
