"""The running demo province: 26 portals on loopback, and the figures an audit of them must find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import yaml

from auditor.demo import server
from auditor.demo.content import CUTOFF_DAY, TIMEZONE, Facts, Portal, facts, portals
from auditor.demo.site import Answer, Site
from auditor.errors import InputError

EXPECTED: Facts = facts()
FIRST_PORT = 22_019


class Province:
    """Portals being served; made by `serve`.

    Attributes:
        urls: unit key → address of its front page.
        hits: unit key → requests answered.
        asked: every address that was asked for, in order.
        portals_yaml: a portals.yaml for the province: name, level and address of each unit, nothing a crawler could
            find out by itself.
    """

    def __init__(self, loop: server.Loop, sites: Collection[Portal]) -> None:
        self.hits: Counter[str] = Counter()
        self.asked: list[str] = []
        self._loop = loop
        self._sites: dict[str, Site] = {}
        responders = {portal.key: partial(self._respond, portal.key) for portal in sites}
        self._claim = server.claim(FIRST_PORT - 1)
        wanted = range(FIRST_PORT, FIRST_PORT + len(responders))
        self._ports = server.ports(wanted, responders) if self._claim else server.any_ports(responders)
        self.urls: dict[str, str] = {key: f"http://{server.HOST}:{port.number}/" for key, port in self._ports.items()}
        self._sites = {portal.key: Site(portal, self.urls[portal.key].rstrip("/")) for portal in sites}
        self.portals_yaml: str = _portals_yaml(sites, self.urls)

    def set_down(self, keys: Collection[str]) -> None:
        """Makes these portals refuse connections, and all others answer, until set otherwise.

        Raises:
            InputError: a key names no unit of the province.
        """
        if unknown := set(keys) - set(self._ports):
            raise InputError(f"the demo province has no unit {sorted(unknown)}: its units are {', '.join(self._ports)}")
        for key, port in self._ports.items():
            self._loop.run(port.close() if key in keys else port.open())

    def path(self, key: str, number: int) -> str:
        """The full address of a post, by unit and number, as its own section links to it."""
        site = self._sites[key]
        post = next(post for post in site.portal.posts() if post.number == number)
        return site.origin + site.post_path(post)

    def close(self) -> None:
        """Stops serving."""
        for port in self._ports.values():
            self._loop.run(port.close())
            port.abandon()
        if self._claim:
            self._claim.close()

    def _respond(self, key: str, target: str) -> tuple[Answer, str]:
        self.hits[key] += 1
        site = self._sites[key]
        self.asked.append(site.origin + target)
        return site.answer(target), site.family.server


@contextmanager
def serve(*, down: Collection[str] = ()) -> Iterator[Province]:
    """Serves the province while the block runs; the portals in `down` refuse connections.

    Raises:
        InputError: a key in `down` names no unit of the province.
    """
    with server.Loop() as loop:
        province = Province(loop, portals())
        try:
            province.set_down(down)
            yield province
        finally:
            province.close()


def _portals_yaml(sites: Collection[Portal], urls: Mapping[str, str]) -> str:
    units = [
        {
            "key": portal.key,
            "name": portal.name,
            "short_name": portal.short_name,
            "level": portal.level,
            "url": urls[portal.key],
            "crawl": {"delay": 0, "reason": "cổng minh họa chạy trên chính máy này"},
        }
        for portal in sites
    ]
    record = {
        "jurisdiction": {
            "name": "tỉnh Đắk Nông",
            "office": "Văn phòng UBND tỉnh Đắk Nông",
            "timezone": str(TIMEZONE),
        },
        "period": {"cutoff_day": CUTOFF_DAY},
        "units": units,
    }
    return yaml.safe_dump(record, allow_unicode=True, sort_keys=False, width=120)
