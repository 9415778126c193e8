"""Downloads a page through Chromium and hands over what its scripts made of it. Needs the extra `browser`.

Only pages go this way; robots.txt, documents, data and posted forms are asked for as ever. Politeness does not change:
Scrapy's delay, robots.txt and host guard stand before this handler. A page's own requests may go to the unit's hosts
only, and neither pictures, fonts nor films are fetched.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Self

from playwright.async_api import Error, Page, WebSocketRoute
from playwright.async_api import Request as PageRequest
from playwright.async_api import TimeoutError as Late
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from auditor.crawl.evidence.handlers import Recording
from auditor.reading.addresses import host_of

SETTLE = 5.0
"""Seconds a page's scripts have to come to rest; what they have built by then is read."""
MOST_PRESSES = 12
"""How often a page's own "next" or "more" is pressed where it has no address."""
_PRESS = (Path(__file__).with_name("press.js")).read_text("utf-8")
_UNREAD = frozenset({"image", "media", "font"})
_PER_PRESS = 3.0


class RenderMiddleware:
    """Sends a page's request through the browser; `spiders.fetching` marks what is a page."""

    def __init__(self, crawler: Crawler) -> None:
        self._context = {
            "service_workers": "block",
            "accept_downloads": False,
            "permissions": [],
            "locale": "vi-VN",
            "user_agent": crawler.settings["USER_AGENT"],
            "ignore_https_errors": not crawler.settings.getbool("AUDITOR_BROWSER_VERIFIES"),
        }
        self._hosts = frozenset(crawler.settings.getlist("AUDITOR_BROWSER_HOSTS"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """How Scrapy makes it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Marks a page's request for the browser."""
        if request.meta.get("page") and request.method == "GET":
            request.meta.update(
                playwright=True,
                playwright_context_kwargs=self._context,
                playwright_page_init_callback=self._guard,
                playwright_page_methods=[PageMethod(settle)],
            )

    async def _guard(self, page: Page, _request: Request) -> None:
        """Closes the ways a page's scripts could go round the guard of requests."""

        async def connect(socket: WebSocketRoute) -> None:
            if host_of(socket.url.replace("ws", "http", 1)) in self._hosts:
                socket.connect_to_server()
            else:
                await socket.close()

        await page.route_web_socket("**", connect)


class BrowserHandler(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]  # without types of its own
    """Scrapy's handler for Chromium, with our guard, a time limit that holds, and faults in Scrapy's words."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._hosts = frozenset(crawler.settings.getlist("AUDITOR_BROWSER_HOSTS"))
        self._seconds = crawler.settings.getfloat("DOWNLOAD_TIMEOUT") + SETTLE + MOST_PRESSES * _PER_PRESS
        self.abort_request = self._is_refused

    def _is_refused(self, request: PageRequest) -> bool:
        elsewhere = request.url.startswith(("http:", "https:")) and host_of(request.url) not in self._hosts
        return elsewhere or request.resource_type in _UNREAD

    async def download_request(self, request: Request) -> Response:
        """Downloads; the browser's own faults come as those of any other download.

        Raises:
            DownloadTimeoutError, CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError: where the
            browser says so.
        """
        try:
            async with asyncio.timeout(self._seconds if request.meta.get("playwright") else None):
                response: Response = await super().download_request(request)
                return response
        except TimeoutError as error:  # a script that never ends answers to nothing, not even to Playwright's limits
            await self._close_pages()
            raise DownloadTimeoutError(f"the browser took longer than {self._seconds:.0f} s") from error
        except Error as error:
            raise _in_scrapys_words(error) from error

    async def _close_pages(self) -> None:
        for wrapper in tuple(self.context_wrappers.values()):
            for page in tuple(wrapper.context.pages):
                with suppress(Error, TimeoutError):
                    async with asyncio.timeout(SETTLE):
                        await page.close()


class RecordingBrowserHandler(Recording, BrowserHandler):
    """The same, keeping what it is answered: of a rendered page, what its scripts made of it."""


def _in_scrapys_words(error: Error) -> Exception:
    told = error.message.partition("\n")[0]
    if isinstance(error, Late) or "TIMED_OUT" in told:
        return DownloadTimeoutError(told)
    if "ERR_NAME_NOT_RESOLVED" in told:
        return CannotResolveHostError(told)
    if "ERR_CONNECTION_REFUSED" in told:
        return DownloadConnectionRefusedError(told)
    return DownloadFailedError(told.replace("ERR_CERT", "ERR_CERT (certificate)"))


async def settle(page: Page) -> None:
    """Waits until the scripts rest, then presses "next" or "more" as long as posts are added, within bounds."""
    with suppress(Late):
        await page.wait_for_load_state("networkidle", timeout=SETTLE * 1000)
    before = page.url
    try:
        for _ in range(MOST_PRESSES):
            if not await page.evaluate(_PRESS, "press"):
                break
        await page.evaluate(_PRESS, "restore")
    except Error:  # pressing led to another page: the first one is read alone, and its pager told as a script
        await page.goto(before)
        with suppress(Late):
            await page.wait_for_load_state("networkidle", timeout=SETTLE * 1000)
