"""Download handlers that keep what they are answered, or answer from what was kept.

They stand where a request leaves the program: every retry, redirect, robots.txt and page passes here as it is, and all
that Scrapy makes of it happens above, the same way in a replay.
"""

from __future__ import annotations

from typing import Any, Self

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from auditor.crawl.certificates import CERTIFICATES, Certificates
from spiders.tls import tls_cause

RECORDER = "AUDITOR_RECORDER"
"""The setting that holds the visit's recorder, or None."""
REPLAY = "AUDITOR_REPLAY"
"""The setting that holds the evidence to answer from."""


class Recording:
    """Goes before a handler's class: tells the recorder what the handler is answered."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)  # type: ignore[call-arg]  # the handler's
        self._recorder: Any = crawler.settings.get(RECORDER)
        self._certificates: Certificates = crawler.settings.get(CERTIFICATES) or Certificates()
        self._verifies = crawler.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")

    async def download_request(self, request: Request) -> Response:
        """Downloads, and keeps what came of it.

        Raises:
            Exception: what the handler raises.
        """
        try:
            response: Response = await super().download_request(request)  # type: ignore[misc]  # the handler's
        except Exception as error:
            if tls_cause(error) and (why := await self._certificates.fault_of(request.url)):
                error.__cause__ = why
            if self._recorder is not None:
                self._recorder.failed(request, error)
            raise
        if not self._verifies:
            await self._certificates.note(request.url)
        if self._recorder is not None:
            self._recorder.answered(request, response)
        return response


class RecordingHandler(Recording, HTTP11DownloadHandler):
    """Scrapy's own handler for http and https."""


class ReplayHandler:
    """Answers from evidence; it has no way to the network."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        self._replay: Any = crawler.settings[REPLAY]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """How Scrapy makes it."""
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        """The answer that was kept.

        Raises:
            Exception: the fault that was kept in an answer's place; IgnoreRequest where nothing was.
        """
        response: Response = self._replay.answer(request)
        return response

    async def close(self) -> None:
        """Nothing is open."""
