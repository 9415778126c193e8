"""Portals of the demo province whose posts appear when they were published, by a clock of the rehearsal's own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial

import yaml

from auditor.demo import server
from auditor.demo.content import CUTOFF_DAY, TIMEZONE, Portal, Section, portals
from auditor.demo.site import Answer, Site

Asked = Callable[[str, str], None]
"""Is told each request: the unit's key and the target."""


class Living:
    """The province as it stands at a moment; `show` puts it there.

    Attributes:
        urls: unit key → address of its front page.
        on_request: is told every request.
    """

    def __init__(self, loop: server.Loop, keys: Collection[str]) -> None:
        self.on_request: Asked = lambda _key, _target: None
        self._loop = loop
        self._portals = {portal.key: portal for portal in portals() if portal.key in keys}
        self._sites: dict[str, Site] = {}
        self._ports = server.any_ports({key: partial(self._respond, key) for key in self._portals})
        self.urls: Mapping[str, str] = {
            key: f"http://{server.HOST}:{port.number}/" for key, port in self._ports.items()
        }

    def show(self, moment: datetime) -> None:
        """Lets the portals hold what was published by then."""
        self._sites = {
            key: Site(as_of(portal, moment), self.urls[key].rstrip("/")) for key, portal in self._portals.items()
        }

    def redesign(self, key: str, family: str) -> None:
        """Moves a portal to another system: other pages, other addresses, the same posts."""
        self._portals[key] = replace(self._portals[key], family=family)

    def set_down(self, keys: Collection[str]) -> None:
        """Makes these portals refuse connections, and all others answer."""
        for key, port in self._ports.items():
            self._loop.run(port.close() if key in keys else port.open())

    def close(self) -> None:
        """Stops serving."""
        for port in self._ports.values():
            self._loop.run(port.close())
            port.abandon()

    def portals_yaml(self, host: str = "") -> str:
        """A portals.yaml of the province; with `host`, every portal is named by a host of that domain."""
        units = [
            {
                "key": portal.key,
                "name": portal.name,
                "short_name": portal.short_name,
                "level": portal.level,
                "url": self.urls[portal.key].replace(server.HOST, f"{portal.key}.{host}" if host else server.HOST),
                "crawl": {"delay": 0, "timeout": 5},
            }
            for portal in self._portals.values()
        ]
        record = {
            "jurisdiction": {"name": "tỉnh Đắk Nông", "office": "Văn phòng", "timezone": str(TIMEZONE)},
            "period": {"cutoff_day": CUTOFF_DAY},
            "units": units,
        }
        return yaml.safe_dump(record, allow_unicode=True, sort_keys=False, width=120)

    def _respond(self, key: str, target: str) -> tuple[Answer, str]:
        self.on_request(key, target)
        site = self._sites[key]
        return site.answer(target), site.family.server


@contextmanager
def living(keys: Collection[str]) -> Iterator[Living]:
    """Serves these portals while the block runs."""
    with server.Loop() as loop:
        province = Living(loop, keys)
        try:
            province.set_down(())
            yield province
        finally:
            province.close()


def as_of(portal: Portal, moment: datetime) -> Portal:
    """The portal without the posts that were published later."""
    return replace(
        portal,
        menu=tuple(_section_as_of(section, moment) for section in portal.menu),
        aside=tuple(_section_as_of(section, moment) for section in portal.aside),
        reception=_section_as_of(portal.reception, moment),
    )


def _section_as_of(section: Section, moment: datetime) -> Section:
    return replace(
        section,
        posts=tuple(post for post in section.posts if post.published <= moment),
        children=tuple(_section_as_of(child, moment) for child in section.children),
    )
