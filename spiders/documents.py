"""The files of posts: fetched only where they can matter, and few of them.

A file matters where a post's title leaves open what the post is ("Thông báo số 12/TB-UBND"), or where it is all the
post consists of and the title names no period. Most titles speak for themselves, and cost nothing here.
"""

from __future__ import annotations

from datetime import date

from auditor.classify import classify
from auditor.observation import Attachment, SeenItem
from auditor.period import covered
from auditor.reading.addresses import host_of
from auditor.reading.documents import DocumentText
from spiders.fetching import Ask
from spiders.visit import ReadDocument, Visit

MOST = 8
"""Files of one visit."""
_FREE = 2
_EACH = 3
"""One file for so many posts opened, besides the first few: a visit's requests stay near what its pages need."""
_TRIES = 2
_CLEAR = 0.7
_BODY = 200
"""Characters; a shorter body is a line that points to the file."""
_READ = frozenset({"", "pdf", "docx", "doc", "xlsx", "xls", "rtf", "odt"})


class Files:
    """Looks into the files of one visit's posts."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._read = visit.read_document
        self._posts = 0
        self._asked: set[str] = set()

    async def look_into(self, url: str, *, standing: bool = False) -> None:
        """Reads the first file of a post that can be read, if it matters what stands in it.

        Of a `standing` schedule it does where the page itself says little: its days stand in the file.
        """
        self._posts += 1
        item = self._visit.notes.items.get(self._visit.notes.key(url))
        if self._read is None or item is None:
            return
        if not (len(item.body) < _BODY if standing else self._matters(item)):
            return
        files = [file for file in item.attachments if file.kind in _READ and host_of(file.url) in self._visit.hosts]
        for file in files[:_TRIES]:
            if file.url in self._asked or len(self._asked) >= min(MOST, _FREE + self._posts // _EACH):
                return
            self._asked.add(file.url)
            told = await self._told(file, self._read)
            self._visit.notes.document(url, file.url, told)
            if told.has_text:
                return

    async def _told(self, file: Attachment, read: ReadDocument) -> DocumentText:
        fetched = await self._visit.fetcher.ask(Ask(file.url, kind="document"))
        if fetched.body is None:  # a lost file is no lost post
            return DocumentText(file.kind, why_not=fetched.detail)
        return await read(fetched.body)

    def _matters(self, item: SeenItem) -> bool:
        published = date.fromisoformat(item.published[:10]) if item.published else None
        if published is not None and published < self._visit.notes.first_day:
            return False
        section = item.placements[0].label if item.placements else None
        if classify(item.title, section, published=published).confidence < _CLEAR:
            return True
        return len(item.body) < _BODY and covered(item.title, "", published) is None
