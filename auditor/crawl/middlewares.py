"""What our crawler adds to Scrapy's own middlewares."""

from __future__ import annotations

from http import HTTPStatus
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from auditor.crawl.resolving import refused, without_port
from auditor.reading.addresses import host_of
from spiders.fetching import LONGEST_WAIT, RobotsLostError, retry_after
from spiders.portal import PortalSpider


class OwnHostsMiddleware:
    """No request leaves the unit's hosts, wherever a page or a redirect may point.

    Hosts are compared with their ports: a portal on a port of its own is no leave to talk to its neighbours.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """How Scrapy makes it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuses what is not the unit's.

        Raises:
            IgnoreRequest: the address is on another host, names a user, or is of another scheme than http and https.
        """
        spider = self._crawler.spider
        if urlsplit(request.url).scheme not in {"http", "https"}:
            raise IgnoreRequest(f"{request.url[:100]} is no web address")
        if "@" in urlsplit(request.url).netloc:  # programs differ in what is the host of such an address
            raise IgnoreRequest(f"{request.url[:100]} names a user")
        if isinstance(spider, PortalSpider) and host_of(request.url) not in spider.hosts:
            raise IgnoreRequest(f"{host_of(request.url)} is not a host of {spider.unit.key}")

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Tells a name that leads inside from one that leads nowhere.

        Raises:
            IgnoreRequest: it leads inside.
        """
        inside = refused.get(without_port(host_of(request.url)))
        if inside and isinstance(exception, CannotResolveHostError):
            raise IgnoreRequest(f"{host_of(request.url)} leads to the internal address {inside}") from exception


class RobotsMiddleware(RobotsTxtMiddleware):
    """robots.txt as RFC 9309 has it: one that the server fails to give (2.3.1.4) forbids everything for now.

    Scrapy's own takes such an answer's text for the rules, and a connection that broke for leave to go anywhere.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._failed: dict[str, Exception] = {}

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        response = await self._waited_for(response)
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise RobotsLostError(response)
        if response.status >= HTTPStatus.BAD_REQUEST:  # 2.3.1.3: there are no rules, whatever the page says
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)

    async def _waited_for(self, response: Response) -> Response:
        """The answer of a server that asked to come back soon, when it was asked again, once."""
        spider, engine = self.crawler.spider, self.crawler.engine
        if response.status != HTTPStatus.SERVICE_UNAVAILABLE or not isinstance(spider, PortalSpider) or not engine:
            return response
        wait = retry_after(response, spider.clock.now())
        if wait is None or wait > LONGEST_WAIT:
            return response
        await spider.clock.sleep(wait)
        return await engine.download_async(Request(response.url, meta={"dont_obey_robotstxt": True}, dont_filter=True))

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._failed[netloc] = exc
        super()._robots_error(exc, netloc)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of a host.

        Raises:
            Exception: why they could not be had.
        """
        parser = await super().robot_parser(request)
        if failed := self._failed.get(netloc_of(request.url)):
            raise failed
        return parser


def netloc_of(url: str) -> str:
    """Host and port, as Scrapy keeps robots.txt by."""
    return urlsplit(url).netloc
