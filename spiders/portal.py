"""The generic spider: needs a unit's name, level and address, and finds the rest.

It only decides where to go next; what a page says is read in `auditor.reading`. The way: the home page (`roots`), the
citizen-reception section and its parts (`sections`), each listing page by page down to the first day asked for, and
the posts whose listing shows no date (`listings`). What was covered, and what was not, goes into the observation.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import scrapy

from auditor.classify import Decision, classify
from auditor.observation import Missing, Observation
from auditor.portals import Unit
from auditor.reading.addresses import host_of, identity, with_twin
from spiders.clock import Clock
from spiders.fetching import Fetcher, Keep
from spiders.notebook import Notebook
from spiders.platform import Platform, named
from spiders.removal import ask_after
from spiders.roots import read_portal
from spiders.visit import ReadDocument, Visit


def hosts_of(unit: Unit) -> frozenset[str]:
    """The hosts of a unit's portal, each with its twin: all that a visit may ask."""
    return frozenset(host for name in (host_of(unit.url), *unit.hosts) for host in with_twin(name.lower()))


class PortalSpider(scrapy.Spider):
    """Visits one unit's portal; `observation` is what came of it, once the visit has `ended`."""

    name = "portal"

    def __init__(  # noqa: PLR0913, PLR0917 - what a visit is told; Scrapy hands it on by name
        self,
        unit: Unit,
        zone: ZoneInfo,
        first_day: date,
        seconds: float = 1200.0,
        read_document: ReadDocument | None = None,
        keep: Keep | None = None,
        missing: Sequence[Missing] = (),
        clock: Clock | None = None,
        decide: Callable[[str], Decision] = classify,
    ) -> None:
        super().__init__()
        self.keep = keep
        self.missing = missing
        self.read_document = read_document
        self.decide = decide
        self.unit = unit
        self.seconds = seconds
        self.ended = False
        self.hosts = hosts_of(unit)
        self.clock = clock or Clock()
        now = self.clock.now()
        self.now = now.astimezone(zone)
        self.notes = Notebook(unit.key, zone, first_day, self.now.date(), now)
        self.notes.platform = named(unit.platform) or Platform()

    @property
    def observation(self) -> Observation:
        """What the visit has learnt so far."""
        stats = self.crawler.stats
        requests = int((stats and stats.get_value("downloader/request_count", 0)) or 0)
        return self.notes.observation(requests, self.clock.end())

    async def start(self) -> AsyncIterator[Any]:
        """The whole visit; nothing is yielded, for what is learnt goes into the notebook."""
        fetcher = Fetcher(self.crawler, self.hosts, self.seconds, self.keep, self.clock)
        home = identity(self.unit.url)
        visit = Visit(self.unit, self.hosts, fetcher, self.notes, self.now, home, self.read_document, self.decide)
        await read_portal(visit)
        await ask_after(visit, self.missing)
        self.ended = True
        nothing: tuple[scrapy.Request, ...] = ()
        for request in nothing:  # what makes this the asynchronous generator that Scrapy asks for
            yield request
