"""One page at a time, through Scrapy's downloader: politeness, robots.txt, retries and redirects are its own.

Whatever may go wrong comes back as a value, named with a word of the closed vocabulary, never as an exception.
"""

from __future__ import annotations

import logging
import ssl
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Literal
from urllib.parse import urlencode

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
from auditor.reading.quality import by_status, judge
from auditor.text import printable
from spiders.clock import Clock
from spiders.tls import tls_cause

logger = logging.getLogger(__name__)

PATIENCE = 3
"""How often a server that asks us to come back later is asked again."""
LONGEST_WAIT = 120.0
"""Seconds; a longer Retry-After is left for a later visit."""

_MISSING = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.BAD_REQUEST})
_WAIT = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


Keep = Callable[[str, str, bytes], None]
"""Takes a page: its address, its content type as sent, its bytes."""


class RobotsLostError(IgnoreRequest):
    """The server fails to give its robots.txt: nothing may be asked for now (RFC 9309, 2.3.1.4).

    Attributes:
        cause: what its answer says of the portal, a challenge or repairs; else that it was robots.txt.
    """

    def __init__(self, response: Response) -> None:
        super().__init__(f"robots.txt cannot be read: status {response.status}")
        told = judge(parse(response.body, response.url), response.status)
        self.cause = Cause.ROBOTS_LOST if told in {None, Cause.SERVER_ERROR} else told


@dataclass(frozen=True)
class Ask:
    """What is asked of a server.

    Attributes:
        url: the address.
        form: where not None, these fields are posted (application/x-www-form-urlencoded, UTF-8).
        headers: sent besides the usual ones.
        json: where not None, this JSON text is posted.
        kind: a page to parse; data (JSON, XML, a fragment of HTML, a feed, a script) or a document (a file), of which
            the raw body is handed over.
    """

    url: str
    form: tuple[tuple[str, str], ...] | None = None
    headers: tuple[tuple[str, str], ...] = ()
    json: str | None = None
    kind: Literal["page", "data", "document"] = "page"


@dataclass(frozen=True)
class Fetched:
    """What came of asking for one address.

    Attributes:
        asked: the address asked for; url: the one that answered in the end.
        status: of the last response; 0 where there was none.
        page: the parsed page, where one was asked for, it is one, and nothing speaks against it.
        cause: why there is no page; None for a missing address (404, 410) or a file that is no page.
        detail: one harmless line for the operator.
        content_type: as the server says, lower case, without parameters.
        body: what was answered, unpacked, where data or a document was asked for and nothing speaks against it.
    """

    asked: str
    url: str
    status: int = 0
    page: Page | None = None
    cause: Cause | None = None
    detail: str = ""
    content_type: str = ""
    body: bytes | None = None

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
        keep: is given every page as it was answered.
        clock: the time of the visit.
    """

    def __init__(
        self,
        crawler: Crawler,
        hosts: frozenset[str],
        seconds: float,
        keep: Keep | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._keep = keep
        self._crawler = crawler
        self._hosts = hosts
        self._clock = clock or Clock()
        self._end = self._clock.monotonic() + seconds

    async def get(self, url: str) -> Fetched:
        """The page at an address, or why it could not be had."""
        return await self.ask(Ask(url))

    async def ask(self, ask: Ask) -> Fetched:
        """What a server answers, or why nothing could be had; a post goes the same polite way as a page."""
        attempt = 0
        while self._clock.monotonic() < self._end:
            response = await self._download(ask)
            if isinstance(response, Fetched):
                return response
            wait = retry_after(response, self._clock.now()) if response.status in _WAIT else None
            attempt += 1
            if wait is None or wait > LONGEST_WAIT or attempt > PATIENCE:
                return self._read(ask, response)
            logger.info("%s asks to come back in %.0f s", host_of(ask.url), wait)
            await self._clock.sleep(wait)
        return Fetched(ask.url, ask.url, cause=Cause.TIME_CAP, detail=f"{ask.url}: the visit's time was up")

    async def _download(self, ask: Ask) -> Response | Fetched:
        engine = self._crawler.engine
        if engine is None:
            raise RuntimeError("the crawler is not running")
        try:
            return await engine.download_async(_request(ask))
        except Exception as error:  # the server chooses the encoding, and each decoder has errors of its own
            if not isinstance(error, _FAULTS):
                logger.warning("%s: %s", printable(ask.url), type(error).__name__, exc_info=True)
            cause = cause_of(error)
            detail = printable(f"{ask.url}: {cause.english} ({error})", 300)
            return Fetched(ask.url, ask.url, cause=cause, detail=detail)

    def _astray(self, response: Response) -> str:
        """Where an answer comes from or leads to that is not the unit's; "" where all is well.

        A redirect that arrives here is one that could not be followed: to a file, or to nowhere.
        """
        if host_of(response.url) not in self._hosts:
            return response.url
        if HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST:
            return (response.headers.get("Location") or b"nowhere").decode("latin-1")
        return ""

    def _read(self, ask: Ask, response: Response) -> Fetched:
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1").lower()
        fetched = Fetched(ask.url, response.url, response.status, content_type=kind.partition(";")[0].strip())
        if astray := self._astray(response):
            return _without(fetched, Cause.REDIRECTED, f"redirected to {astray}")
        if ask.kind != "page":
            return _raw(fetched, response, kind)
        if not _may_be_page(fetched.content_type, response.body):
            return fetched
        if self._keep is not None:
            self._keep(response.url, kind, response.body)
        page = parse(response.body, response.url, kind)
        cause = judge(page, response.status)
        if cause:
            return _without(fetched, cause, f"status {response.status}, {cause.english}, title '{page.title}'")
        if response.status >= HTTPStatus.BAD_REQUEST:
            return _without(fetched, None, f"status {response.status}")
        return replace(fetched, page=page)


def _request(ask: Ask) -> Request:
    headers = dict(ask.headers)
    if ask.json is not None:
        headers["Content-Type"] = "application/json"
        return Request(ask.url, method="POST", body=ask.json, headers=headers, dont_filter=True)
    if ask.form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return Request(
            ask.url, method="POST", body=urlencode(ask.form, errors="replace"), headers=headers, dont_filter=True
        )
    return Request(ask.url, headers=headers, dont_filter=True, meta={"page": ask.kind == "page"})


def _raw(fetched: Fetched, response: Response, kind: str) -> Fetched:
    """Data or a document; a shield's page in its place is none.

    A shield answers with a page, or a word without links; in a fragment titles of posts may read like its words.
    """
    as_page = fetched.content_type in {"text/html", "application/xhtml+xml"}
    page = parse(response.body, response.url, kind) if as_page else None
    whole = page is not None and (not page.links or b"<html" in response.body[:2000].lower())
    cause = judge(page, response.status) if page is not None and whole else by_status(response.status)
    if cause or response.status >= HTTPStatus.BAD_REQUEST:
        told = f", {cause.english}" if cause else ""
        return _without(fetched, cause, f"status {response.status}{told}")
    return replace(fetched, body=response.body)


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
    if isinstance(error, RobotsLostError):
        return error.cause
    if tls := tls_cause(error):
        return tls
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


def _without(fetched: Fetched, cause: Cause | None, detail: str) -> Fetched:
    return replace(fetched, cause=cause, detail=printable(f"{fetched.asked}: {detail}", 300))


def _may_be_page(content_type: str, body: bytes) -> bool:
    if content_type in {"", "text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml"}:
        return not body.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    return content_type == "application/octet-stream" and b"<html" in body[:2000].lower()


def retry_after(response: Response, now: datetime) -> float | None:
    """Seconds to wait (RFC 9110, 10.2.3: seconds or a date); None where the server names none."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdecimal():  # isdigit takes "²", which float refuses
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now.timestamp())
    except (ValueError, TypeError):
        return None
