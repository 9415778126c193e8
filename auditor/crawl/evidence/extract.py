"""Answers written out as plain files, for whoever wants to look at them. Names are ours, never the portal's."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from auditor.crawl.evidence.entries import Entry, Kind
from auditor.crawl.evidence.files import Shelf
from auditor.crawl.evidence.warc import headers_of
from auditor.errors import InputError
from auditor.text import json_text, printable

LARGEST = 64 * 1024 * 1024
"""Bytes of a body, unpacked; a larger one is written as it came."""
_KINDS = {
    "text/html": "html", "application/xhtml+xml": "html", "application/json": "json", "text/plain": "txt",
    "application/xml": "xml", "text/xml": "xml", "application/rss+xml": "xml", "application/pdf": "pdf",
    "application/msword": "doc", "application/zip": "zip",
}  # fmt: skip
_LONGEST = 60
_PACKINGS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


@dataclass(frozen=True)
class Written:
    """One answer that was written out: its file's name, and what it is."""

    name: str
    url: str
    time: str
    status: str
    content_type: str
    digest: str


def extract(folder: Path, answers: Iterable[tuple[Path, Entry]], shelf: Shelf) -> list[Written]:
    """Writes answers into a new or empty folder, one file each, an `index.json` that says what they are, and a page.

    Bodies are unpacked where they came packed as gzip or deflate. A page is written as it came, its scripts with it:
    open it by itself only where that may do no harm. `index.html` shows each in a frame in which nothing of it runs.

    Raises:
        InputError: the folder is not empty, or cannot be written; LostError: a body is missing.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InputError(f"{folder} is not empty: name a new folder")
        with_body = [(file, entry) for file, entry in answers if entry.kind in {Kind.RESPONSE, Kind.REVISIT}]
        written = [_write(folder, number, shelf, *each) for number, each in enumerate(with_body, 1)]
        index = json_text([asdict(each) for each in written], indent=1)
        (folder / "index.json").write_text(index, "utf-8")
        (folder / "index.html").write_text(_index_page(written), "utf-8")
    except OSError as error:
        raise InputError(f"{folder} cannot be written ({error.strerror}): name another folder") from error
    return written


_PAGE = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>Bản lưu</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; frame-src 'self' file:">
<style>body{{font:15px sans-serif;margin:1em}}td,th{{padding:.2em .6em;text-align:left;vertical-align:top}}
td{{border-top:1px solid #ccc;overflow-wrap:anywhere}}code{{font-size:80%}}
iframe{{width:100%;height:70vh;border:1px solid #888}}</style></head><body>
<h1>Bản lưu: {count} trang đã nhận</h1>
<p>Bấm tên tệp để xem trong khung bên dưới; trong khung, mã chương trình của trang không chạy.</p>
<table><tr><th>Tệp</th><th>Địa chỉ</th><th>Lúc (UTC)</th><th>Trả lời</th><th>Loại</th><th>Mã băm của nội dung nhận được</th></tr>
{rows}
</table><iframe name="view" sandbox="" referrerpolicy="no-referrer" title="trang đã lưu"></iframe></body></html>
"""  # noqa: E501 - a page


def _index_page(written: Iterable[Written]) -> str:
    """The index for people; what came from a portal is text in it."""
    rows = [
        f'<tr><td><a href="{escape(each.name)}" target="view">{escape(each.name)}</a></td>'
        f"<td>{_told(each.url)}</td><td>{_told(each.time[:19])}</td><td>{_told(each.status)}</td>"
        f"<td>{_told(each.content_type)}</td><td><code>{_told(each.digest)}</code></td></tr>"
        for each in written
    ]
    return _PAGE.format(count=len(rows), rows="\n".join(rows))


def _told(text: str) -> str:
    return escape(printable(text, 2_000))


def _write(folder: Path, number: int, shelf: Shelf, file: Path, entry: Entry) -> Written:
    head, body = shelf.whole(file, entry)
    headers = headers_of(head)
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    name = f"{number:04d}-{_slug(entry.url)}.{_KINDS.get(media, 'bin')}"
    (folder / name).write_bytes(_unpacked(body, headers.get("content-encoding", "")))
    status = head.split(b"\r\n", 1)[0].decode("latin-1").partition(" ")[2]
    return Written(name, entry.url, entry.time, status, media, entry.digest)


def _slug(url: str) -> str:
    parts = urlsplit(url)
    return re.sub(r"[^A-Za-z0-9]+", "-", f"{parts.netloc}{parts.path}")[:_LONGEST].strip("-").lower() or "page"


def _unpacked(body: bytes, packing: str) -> bytes:
    bits = _PACKINGS.get(packing.strip().lower())
    if bits is None:
        return body
    try:
        reader = zlib.decompressobj(bits)
        plain = reader.decompress(body, LARGEST)
    except zlib.error:
        return body
    return body if reader.unconsumed_tail else plain
