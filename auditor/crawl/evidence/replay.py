"""A visit's evidence, answering as the portal did: the same answers to the same requests, in the same order."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from datetime import date, datetime
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from auditor.crawl.certificates import Certificates
from auditor.crawl.evidence import faults
from auditor.crawl.evidence.entries import Entry, Kind
from auditor.crawl.evidence.files import LostError, Shelf, facts_of, index_of, record_at
from auditor.crawl.evidence.messages import asked, headers_in
from auditor.outcomes import Cause
from spiders.clock import NightClock


class Replay:
    """Answers from one evidence file.

    Requests are matched by method, address and what they post. Asked again, an address gives its next answer; asked
    more often than in that night, its last one.

    Attributes:
        first_day: as the visit was asked for. clock: that of the visit; it shows when the last answer came.
        missing: posts it was told to ask after: address, title.
        landmarks: what the section looked like before, as the visit was told.
        certificates: what was wrong with the certificate.
        unkept: addresses that were asked for and are not in the evidence: nothing may be concluded from their silence.

    Raises:
        LostError: the file is missing or damaged.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._shelf = Shelf(file.parent)
        self._waiting: defaultdict[tuple[str, str, str], deque[Entry]] = defaultdict(deque)
        entries = index_of(file)
        for entry in entries:
            self._waiting[entry.key].append(entry)
        self._left = len(entries)
        try:
            facts = facts_of(file)
            started, finished = (datetime.fromisoformat(facts[name]) for name in ("started", "finished"))
            self.first_day = date.fromisoformat(facts["first_day"])
            self.landmarks: list[dict[str, Any]] = list(facts.get("landmarks", []))
            self.certificates = Certificates()
            self.certificates.fault = Cause(facts["certificate"]) if facts.get("certificate") else None
            self.missing = [(str(url), str(title)) for url, title in facts.get("missing", [])]
        except (KeyError, TypeError, ValueError) as error:
            raise LostError(f"{file} does not tell of its visit ({error!r}): put a good copy in its place") from error
        self.clock = NightClock(started, finished)
        self._timed_out = facts.get("cause") == Cause.TIME_CAP
        self._tell_time()
        self.unkept: list[str] = []

    def answer(self, request: Request) -> Response:
        """What the portal answered.

        Raises:
            Exception: the fault the night met in an answer's place.
            IgnoreRequest: the evidence knows no answer.
        """
        waiting = self._waiting.get(asked(request))
        if not waiting:
            raise self._lack(request, "it was not asked for")
        entry = waiting[0]
        if len(waiting) > 1:
            waiting.popleft()
        self._left -= 1
        self._tell_time()
        self.clock.instant = entry.instant
        try:
            return self._again(request, entry)
        except LostError as error:
            raise self._lack(request, str(error)) from error

    def _again(self, request: Request, entry: Entry) -> Response:
        if entry.kind is Kind.LEFT:
            raise self._lack(request, "the answer was not kept")
        if entry.kind is Kind.FAULT:
            record = record_at(self._file, entry.offset)
            raise faults.again(json.loads(record.block)["fault"])
        head, body = self._shelf.whole(self._file, entry)
        status, headers = headers_in(head)
        kind = responsetypes.from_args(headers=headers, url=request.url, body=body)
        return kind(url=request.url, status=status, headers=headers, body=body, request=request)

    def _tell_time(self) -> None:
        """Where the night's time was up, it is up after its last answer."""
        self.clock.expired = self._timed_out and self._left <= 0

    def _lack(self, request: Request, why: str) -> IgnoreRequest:
        self.unkept.append(f"{request.method} {request.url}")
        return IgnoreRequest(f"not in the evidence: {why}")
