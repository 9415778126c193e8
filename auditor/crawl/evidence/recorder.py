"""Writes what a visit is answered, as it is answered, into one WARC file: whole at the visit's end, or absent."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from scrapy import Request
from scrapy.http import Response

from auditor import __version__
from auditor.crawl.evidence import faults
from auditor.crawl.evidence.entries import Entry, Kind, bare
from auditor.crawl.evidence.files import VISIT, bodies_of
from auditor.crawl.evidence.messages import certificate_facts, connection_fields, request_head, response_head
from auditor.crawl.evidence.warc import Writer, digest_of, head_key, stamp
from spiders.clock import Clock

log = logging.getLogger(__name__)

LARGEST = 512 * 1024 * 1024
"""Bytes of one visit's file; an answer that comes after is named in it, not kept."""
_CERTIFICATE = "urn:auditor:certificate:"
_MACHINE = Clock()


class Recorder:
    """Keeps the answers of one visit; what cannot be written ends the keeping, never the visit.

    Args:
        file: where the evidence is to stand; it is written beside it until `finish`.
        unit: whose visit.
        folder: the unit's earlier evidence, whose bodies are not written again; None where there is none.
        now: the visit's clock.
        largest: bytes the file may have.
    """

    def __init__(
        self,
        file: Path,
        unit: str,
        folder: Path | None = None,
        now: Callable[[], datetime] = _MACHINE.now,
        largest: int = LARGEST,
    ) -> None:
        self._path = file
        self._now = now
        self._unit = unit
        self._largest = largest
        self._known = bodies_of(folder) if folder else {}
        self._certificates: set[str] = set()
        self._part = file.with_name(f".{file.name}.part")
        self._file: BinaryIO | None = None
        self._broken = False

    def answered(self, request: Request, response: Response) -> None:
        """Keeps one answer, with what was asked."""
        self._carefully(lambda: self._answered(request, response))

    def failed(self, request: Request, error: BaseException) -> None:
        """Keeps why there was no answer."""
        self._carefully(lambda: self._failed(request, error))

    def finish(self, facts: Mapping[str, object]) -> None:
        """Ends the file with what is to be said of the visit as a whole, and puts it in its place."""
        self._carefully(lambda: self._finish(facts))

    def drop(self) -> None:
        """Forgets everything: the visit came to nothing."""
        if self._file is not None:
            self._file.close()
        self._part.unlink(missing_ok=True)

    def _carefully(self, work: Callable[[], None]) -> None:
        if self._broken:
            return
        try:
            work()
        except Exception:  # a full disk, or an answer that no record can hold
            log.warning("%s: the evidence cannot be written", self._unit, exc_info=True)
            self._broken = True
            self.drop()

    def _open(self) -> BinaryIO:
        """The file, begun where nothing was written before."""
        if self._file is None:
            self._file = self._part.open("wb")
            about = {
                "software": f"portal-auditor/{__version__}",
                "format": "WARC File Format 1.1",
                "isPartOf": self._unit,
            }
            Writer(self._file).begin(about)
        return self._file

    def _answered(self, request: Request, response: Response) -> None:
        known = self._known.get((bare(request.url), digest_of(response.body)))
        if known is None or request.body:
            self._write_answer(request, response)
        else:
            self._write_again(request, response, known)
        if response.certificate is not None:
            self._certify(certificate_facts(response.certificate))

    def _write_answer(self, request: Request, response: Response) -> None:
        """Writes an answer and what was asked, in full."""
        file, url, body = self._open(), bare(request.url), response.body
        writer, date = Writer(file), stamp(self._now())
        fields = {"WARC-Date": date, **connection_fields(response)}
        asked, head = request_head(request), response_head(response)
        if file.tell() + len(body) > self._largest:
            told = _json({"left": f"{len(body)} bytes: the visit's evidence is full"})
            writer.metadata(url, told, fields)
        else:
            offset = writer.answer(url, head, body, fields)
            facts = {"head": head_key(head), "request": digest_of(asked)}
            found = Entry(Kind.RESPONSE, url, "GET", "", date, 200, digest_of(body), len(body), offset, **facts)
            if body and not request.body:
                self._known[url, found.digest] = found
        writer.request(url, asked, request.body, {"WARC-Date": date})

    def _write_again(self, request: Request, response: Response, known: Entry) -> None:
        """Writes of an answer that is known what differs: its time; its head, and what was asked, where they do."""
        date, url = stamp(self._now()), known.url
        asked, head = request_head(request), response_head(response)
        fields = {"WARC-Date": date}
        writer = Writer(self._open())
        if head_key(head) == known.head:
            writer.repeated(url, b"", known.digest, known.time, fields)
        else:
            writer.repeated(url, head, known.digest, known.time, {**fields, **connection_fields(response)})
        if digest_of(asked) != known.request:
            writer.request(url, asked, b"", fields)

    def _failed(self, request: Request, error: BaseException) -> None:
        url, fields = bare(request.url), {"WARC-Date": stamp(self._now())}
        writer = Writer(self._open())
        writer.metadata(url, _json({"fault": faults.told(error)}), fields)
        writer.request(url, request_head(request), request.body, fields)

    def _certify(self, facts: Mapping[str, str]) -> None:
        """Keeps a server's certificate, once."""
        print_ = facts["sha256"]
        if print_ not in self._certificates:
            self._certificates.add(print_)
            fields = {"WARC-Date": stamp(self._now())}
            Writer(self._open()).metadata(_CERTIFICATE + print_, _json(facts), fields)

    def _finish(self, facts: Mapping[str, object]) -> None:
        file = self._open()
        Writer(file).metadata(VISIT + self._unit, _json(facts), {"WARC-Date": stamp(self._now())})
        file.flush()
        os.fsync(file.fileno())
        file.close()
        self._part.replace(self._path)


def _json(facts: object) -> bytes:
    return json.dumps(facts, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace")
