"""A real browser for the units that nothing else reads (`render: true`): found on the machine, kept on a short lead.

It is an extra (`pip install 'portal-auditor[browser]'` and the distribution's Chromium): most offices never need it.
What it may reach is settled here, before it starts: the unit's own hosts and nothing else, whatever a page's scripts
ask for.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection
from importlib.util import find_spec
from typing import Any

from auditor.crawl.resolving import pinned, without_port

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_LARGEST_HEAP = 512
"""Megabytes of one page's scripts; a script that wants more ends its page, not the machine."""
_HANDLER = "auditor.crawl.browser_handler.RecordingBrowserHandler"


def chromium() -> str | None:
    """The path of the machine's browser; AUDITOR_CHROMIUM names another one."""
    named = os.environ.get("AUDITOR_CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


def missing() -> str:
    """What a unit with `render: true` lacks on this machine, with the remedy; "" where nothing is missing."""
    if find_spec("scrapy_playwright") is None:
        return "render: true needs the extra: pip install 'portal-auditor[browser]'"
    if chromium() is None:
        return "render: true needs Chromium: install the package chromium, or name the program in AUDITOR_CHROMIUM"
    return ""


def settings_for(hosts: Collection[str], named: Collection[str], *, verify_tls: bool, timeout: float) -> dict[str, Any]:
    """What Scrapy's settings for a unit read through the browser have besides those of any other, or otherwise.

    Args:
        hosts: the unit's own, with their ports where they have one ("127.0.0.1:8000").
        named: the names, without ports, that may have any address.
        verify_tls: as for any other request.
        timeout: seconds for one page, without the time its scripts get to settle.
    """
    return {
        "DOWNLOAD_HANDLERS": {"http": _HANDLER, "https": _HANDLER},
        "DOWNLOADER_MIDDLEWARES": {
            "auditor.crawl.browser_handler.RenderMiddleware": 951,  # last: a retried or redirected request passes again
        },
        "PLAYWRIGHT_LAUNCH_OPTIONS": {"executable_path": chromium(), "args": _switches(hosts, named)},
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 2,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": timeout * 1000,
        "AUDITOR_BROWSER_HOSTS": sorted(hosts),
        "AUDITOR_BROWSER_VERIFIES": verify_tls,
    }


def _switches(hosts: Collection[str], named: Collection[str]) -> list[str]:
    """Chromium's command line: no name but the unit's resolves, so that neither redirect nor script leads elsewhere.

    A name that portals.yaml does not give is tied to the public address it has now; without one it does not resolve.
    """
    names = {without_port(host) for host in hosts}
    rules = [f"EXCLUDE {name}" for name in sorted(names.intersection(named))]
    rules += [f"MAP {name} {address}" for name in sorted(names.difference(named)) if (address := pinned(name))]
    switches = [
        "--host-resolver-rules=" + ", ".join([*rules, "MAP * ~NOTFOUND"]),
        f"--js-flags=--max-old-space-size={_LARGEST_HEAP}",
        "--renderer-process-limit=2",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    # Chromium refuses to run as root with its sandbox; an office's service runs as a user of its own.
    return [*switches, "--no-sandbox"] if os.geteuid() == 0 else switches
