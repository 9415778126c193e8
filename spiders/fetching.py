"""One page at a time, through Scrapy's downloader: politeness, robots.txt, retries and redirects are its own.

Whatever may go wrong comes back as a value, named with a word of the closed vocabulary, never as an exception.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
import zlib
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from OpenSSL import SSL
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError, ConnectionClosed

from auditor.outcomes import Cause
from auditor.reading.addresses import host_of
from auditor.reading.page import Page, parse
from auditor.reading.quality import judge
from auditor.text import printable

logger = logging.getLogger(__name__)

PATIENCE = 3
"""How often a server that asks us to come back later is asked again."""
LONGEST_WAIT = 120.0
"""Seconds; a longer Retry-After is left for a later visit."""

_MISSING = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.BAD_REQUEST})
_WAIT = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


@dataclass(frozen=True)
class Fetched:
    """What came of asking for one address.

    Attributes:
        asked: the address asked for; url: the one that answered in the end.
        status: of the last response; 0 where there was none.
        page: the parsed page, where it is one and nothing speaks against it.
        cause: why there is no page; None for a missing address (404, 410) or a file that is no page.
        detail: one harmless line for the operator.
        content_type: as the server says, lower case, without parameters.
    """

    asked: str
    url: str
    status: int = 0
    page: Page | None = None
    cause: Cause | None = None
    detail: str = ""
    content_type: str = ""

    @property
    def missing(self) -> bool:
        """Whether the server says that there is nothing at this address."""
        return self.status in _MISSING


class Fetcher:
    """Asks for pages on behalf of one unit's spider.

    Args:
        crawler: the running crawler.
        hosts: the unit's own hosts; an answer from elsewhere is none.
        seconds: the time the whole visit may take; after that nothing more is asked for.
    """

    def __init__(self, crawler: Crawler, hosts: frozenset[str], seconds: float) -> None:
        self._crawler = crawler
        self._hosts = hosts
        self._end = time.monotonic() + seconds

    async def get(self, url: str) -> Fetched:
        """The page at an address, or why it could not be had."""
        attempt = 0
        while time.monotonic() < self._end:
            response = await self._download(url)
            if isinstance(response, Fetched):
                return response
            wait = _retry_after(response) if response.status in _WAIT else None
            attempt += 1
            if wait is None or wait > LONGEST_WAIT or attempt > PATIENCE:
                return self._read(url, response)
            logger.info("%s asks to come back in %.0f s", host_of(url), wait)
            await asyncio.sleep(wait)
        return Fetched(url, url, cause=Cause.TIME_CAP, detail=f"{url}: the visit's time was up")

    async def _download(self, url: str) -> Response | Fetched:
        engine = self._crawler.engine
        if engine is None:
            raise RuntimeError("the crawler is not running")
        try:
            return await engine.download_async(Request(url, dont_filter=True))
        except Exception as error:  # the server chooses the encoding, and each decoder has errors of its own
            if not isinstance(error, _FAULTS):
                logger.warning("%s: %s", printable(url), type(error).__name__, exc_info=True)
            cause = cause_of(error)
            return Fetched(url, url, cause=cause, detail=printable(f"{url}: {cause.english} ({error})", 300))

    def _read(self, asked: str, response: Response) -> Fetched:
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1").lower()
        fetched = Fetched(asked, response.url, response.status, content_type=kind.partition(";")[0].strip())
        if host_of(response.url) not in self._hosts:
            return _with(fetched, Cause.REDIRECTED, f"{asked}: redirected to {response.url}")
        if not _may_be_page(fetched.content_type, response.body):
            return fetched
        page = parse(response.body, response.url, kind)
        cause = judge(page, response.status)
        if cause:
            return _with(fetched, cause, f"{asked}: status {response.status}, {cause.english}, title '{page.title}'")
        if response.status >= HTTPStatus.BAD_REQUEST:
            return _with(fetched, None, f"{asked}: status {response.status}")
        return Fetched(asked, response.url, response.status, page, content_type=fetched.content_type)


_FAULTS = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
    ConnectError,
    ConnectionClosed,
    SSL.Error,
    ssl.SSLError,
    OSError,
    ValueError,
    EOFError,
    zlib.error,
)


def cause_of(error: BaseException) -> Cause:
    """The word for what an exception of the downloader means."""
    if _is_tls(error):
        return Cause.TLS
    for kinds, cause in (
        (CannotResolveHostError, Cause.DNS),
        (DownloadConnectionRefusedError, Cause.REFUSED),
        (DownloadTimeoutError, Cause.TIMEOUT),
        (DownloadCancelledError, Cause.UNREADABLE),
        (UnsupportedURLSchemeError, Cause.REDIRECTED),
    ):
        if isinstance(error, kinds):
            return cause
    if isinstance(error, IgnoreRequest):
        return _cause_of_refusal(str(error))
    return Cause.RESET


def _cause_of_refusal(said: str) -> Cause:
    """What made a middleware drop a request or its answer: the exception is the same for all of them."""
    if "DOWNLOAD_MAXSIZE" in said:  # unpacked, the page is larger than any page
        return Cause.UNREADABLE
    return Cause.ROBOTS if "robots.txt" in said else Cause.REDIRECTED


def _is_tls(error: BaseException) -> bool:
    """Whether TLS is what failed: Twisted wraps OpenSSL's errors twice."""
    seen: list[BaseException] = [error]
    for each in seen:
        if isinstance(each, SSL.Error | ssl.SSLError):
            return True
        wrapped = (getattr(reason, "value", None) for reason in getattr(each, "reasons", ()))
        inner = [each.__cause__, each.__context__, *wrapped]
        seen.extend(other for other in inner if isinstance(other, BaseException) and other not in seen)
    return "SSL" in str(error) or "certificate" in str(error).lower()


def _with(fetched: Fetched, cause: Cause | None, detail: str) -> Fetched:
    return Fetched(
        fetched.asked, fetched.url, fetched.status, None, cause, printable(detail, 300), fetched.content_type
    )


def _may_be_page(content_type: str, body: bytes) -> bool:
    if content_type in {"", "text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml"}:
        return not body.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    return content_type == "application/octet-stream" and b"<html" in body[:2000].lower()


def _retry_after(response: Response) -> float | None:
    """Seconds to wait (RFC 9110, 10.2.3: seconds or a date); None where the server names none."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdecimal():  # isdigit takes "²", which float refuses
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError):
        return None
