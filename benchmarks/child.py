"""One crawl in a process of its own; prints what it cost as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response, TextResponse
from scrapy.linkextractors import LinkExtractor

from auditor.crawl.worker import Job, run
from auditor.observation import Observation


class BareSpider(scrapy.Spider):
    """Fetches the addresses it is given, one at a time per portal, and extracts the links of each page."""

    name = "bare"
    custom_settings: ClassVar = {
        "CONCURRENT_REQUESTS": 64,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": 0,
        "REDIRECT_ENABLED": False,
        "HTTPERROR_ALLOW_ALL": True,
        "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
    }

    def __init__(self, addresses: list[str]) -> None:
        super().__init__()
        self.addresses = addresses
        self.extractor = LinkExtractor()
        self.pages = 0
        self.links = 0

    async def start(self) -> AsyncIterator[Any]:
        """Every address, each portal in a slot of its own."""
        for address in self.addresses:
            yield scrapy.Request(address, dont_filter=True, meta={"download_slot": urlsplit(address).netloc})

    def parse(self, response: Response) -> None:
        """Extracts the links."""
        self.pages += 1
        if isinstance(response, TextResponse):
            self.links += len(self.extractor.extract_links(response))


def ours(file: Path) -> int:
    """The job, by the worker itself; returns the pages it asked for."""
    job = Job.read(file)
    if run(job):
        raise SystemExit("a unit was not read")
    return sum(Observation.read(job.output / f"{unit.key}.json").requests for unit in job.units)


def bare(file: Path) -> int:
    """The same addresses, by the bare spider; returns the pages it read."""
    process = AsyncCrawlerProcess(install_root_handler=False)
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler, addresses=json.loads(file.read_text("utf-8")))
    process.start()
    if not isinstance(crawler.spider, BareSpider) or not crawler.spider.links:
        raise SystemExit("the bare spider read nothing")
    return crawler.spider.pages


def main() -> None:
    """Measures one crawl: imports and start-up are not part of it."""
    crawls: dict[str, Callable[[Path], int]] = {"ours": ours, "bare": bare}
    before, clock = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    pages = crawls[sys.argv[1]](Path(sys.argv[2]))
    seconds, after = time.monotonic() - clock, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"pages": pages, "seconds": seconds, "cpu": cpu, "memory": after.ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
