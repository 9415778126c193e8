"""What our crawler adds to Scrapy's own middlewares."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from auditor.reading.addresses import host_of
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
            IgnoreRequest: the address is on another host.
        """
        spider = self._crawler.spider
        if isinstance(spider, PortalSpider) and host_of(request.url) not in spider.hosts:
            raise IgnoreRequest(f"{host_of(request.url)} is not a host of {spider.unit.key}")
