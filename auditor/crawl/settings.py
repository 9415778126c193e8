"""Scrapy's settings for one unit: polite by default, bounded always.

A process started from code gets Scrapy's own defaults, which are impolite (16 requests at once, no delay, robots.txt
ignored, three minutes of patience, a gigabyte per page); every one that matters is named here.
"""

from __future__ import annotations

from typing import Any

from auditor import __version__
from auditor.crawl import browser
from auditor.crawl.resolving import NAMED, named_hosts
from auditor.portals import Jurisdiction, Unit
from auditor.text import fold
from spiders.portal import hosts_of

LARGEST_PAGE = 16 * 1024 * 1024
"""Bytes, decompressed; a larger answer is given up."""
OTHER_SCHEMES = dict.fromkeys(("data", "file", "ftp", "s3"))
"""What Scrapy could download besides http and https, switched off."""
LONGEST_DELAY = 30.0
"""Seconds between two requests, however slow the server is."""

EXTENSIONS = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logstats.LogStats": 0,
    "scrapy.extensions.throttle.AutoThrottle": 0,
}
"""Scrapy's extensions that are used, and no others, whatever a later version may add: of those it loads by itself two
listen on a port of this machine and run the code they are sent."""


def user_agent(jurisdiction: Jurisdiction) -> str:
    """Who asks, and how to reach them; header values are ASCII."""
    office = "".join(letter for letter in fold(jurisdiction.office).title() if letter.isprintable())
    whom = f"{office}; {jurisdiction.contact}" if jurisdiction.contact else office
    return f"portal-auditor/{__version__} ({whom})".encode("ascii", "ignore").decode()


def guarded(jurisdiction: Jurisdiction) -> dict[str, Any]:
    """The settings of a process, whichever units it visits: how it looks up names."""
    return {
        "DNS_RESOLVER": "auditor.crawl.resolving.GuardedResolver",
        NAMED: sorted(named_hosts(jurisdiction.units)),
    }


def settings_for(unit: Unit, jurisdiction: Jurisdiction) -> dict[str, Any]:
    """The settings of one unit's crawler."""
    options = unit.crawl
    polite = _polite(unit, jurisdiction)
    if not unit.render:
        return polite
    rendered = browser.settings_for(
        hosts_of(unit), named_hosts([unit]), verify_tls=options.verify_tls, timeout=options.timeout
    )
    merged = {name: polite[name] | rendered[name] for name in ("DOWNLOAD_HANDLERS", "DOWNLOADER_MIDDLEWARES")}
    return polite | rendered | merged


def replayed(unit: Unit, jurisdiction: Jurisdiction) -> dict[str, Any]:
    """The settings of a crawler that asks nobody: without delays, and without a way to the network."""
    handler = "auditor.crawl.evidence.handlers.ReplayHandler"
    return {
        **_polite(unit, jurisdiction),
        "DOWNLOAD_HANDLERS": OTHER_SCHEMES | dict.fromkeys(("http", "https"), handler),
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
    }


def _polite(unit: Unit, jurisdiction: Jurisdiction) -> dict[str, Any]:
    options = unit.crawl
    return {
        "USER_AGENT": user_agent(jurisdiction),
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": "portal-auditor",
        "DOWNLOAD_DELAY": options.delay,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "AUTOTHROTTLE_ENABLED": options.delay > 0,
        "AUTOTHROTTLE_START_DELAY": options.delay,
        "AUTOTHROTTLE_MAX_DELAY": max(LONGEST_DELAY, options.delay),
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 1.0,
        "DOWNLOAD_TIMEOUT": options.timeout,
        "DOWNLOAD_MAXSIZE": LARGEST_PAGE,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": options.verify_tls,
        "RETRY_TIMES": 2,
        "RETRY_HTTP_CODES": [408, 500, 502, 504, 520, 521, 522, 523, 524],  # 429 and 503 wait as they are told to
        "REDIRECT_MAX_TIMES": 8,
        "DOWNLOAD_HANDLERS": OTHER_SCHEMES
        | dict.fromkeys(("http", "https"), "auditor.crawl.evidence.handlers.RecordingHandler"),
        "DOWNLOADER_MIDDLEWARES": {
            "auditor.crawl.middlewares.OwnHostsMiddleware": 50,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "auditor.crawl.middlewares.RobotsMiddleware": 100,
        },
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "vi,en;q=0.5",
        },
        "EXTENSIONS_BASE": EXTENSIONS,
        "LOG_LEVEL": "INFO",
        "STATS_DUMP": False,
    }
