"""Names are looked up here, and the address that is found is the one connected to: no name leads a visit inside.

A host that portals.yaml names may have any address. Any other name a visit may ask (the `www` twin of a host) belongs
to whoever runs that name's DNS: where it has an address of the office's own network, of this machine, or of a cloud's
metadata service, nothing is asked. The look-up that is judged is the one that the connection is made with, so a name
that changes its address between two look-ups (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Self
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.crawler import Crawler
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from auditor.portals import Unit
from auditor.reading.addresses import host_of

log = logging.getLogger(__name__)

NAMED = "AUDITOR_NAMED_HOSTS"
"""The setting that holds the names that may have any address."""
_TRANSLATED = ipaddress.ip_network("64:ff9b::/32")
refused: dict[str, str] = {}
"""The names that led inside, in this process, and where to."""


def named_hosts(units: Iterable[Unit]) -> frozenset[str]:
    """The names of portals.yaml, without their ports, as DNS writes them; and those of the machine's own proxies."""
    given = (name for unit in units for name in (host_of(unit.url), *unit.hosts))
    proxies = (urlsplit(url if "//" in url else f"//{url}").hostname or "" for url in getproxies().values())
    return frozenset(map(_as_asked, (*map(without_port, given), *proxies)))


def without_port(host: str) -> str:
    """The name alone: "snv.example.vn" of "snv.example.vn:8080"."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host


def is_public(address: str) -> bool:
    """Whether an address is one of the open internet: not private, loopback, link-local, shared, reserved, multicast.

    An IPv6 address that stands for an IPv4 address is judged by that one where it is mapped, and is not public where
    a gateway would translate it (6to4, Teredo, NAT64).
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return is_public(str(parsed.ipv4_mapped))
        if parsed.sixtofour or parsed.teredo or parsed in _TRANSLATED:
            return False
    return parsed.is_global and not parsed.is_multicast


def pinned(name: str) -> str | None:
    """The first address of a name, where all its addresses are public; None for any other. Looks it up at once."""
    found: list[str] = []
    with suppress(OSError, UnicodeError):
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)]
    return found[0] if found and all(map(is_public, found)) else None


def _as_asked(name: str) -> str:
    """A name as the resolver is asked for it: lower case, punycode."""
    name = name.lower().rstrip(".")
    with suppress(UnicodeError):
        return name.encode("idna").decode("ascii")
    return name


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver, which finds nothing where a name that nobody named leads inside."""

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float, named: frozenset[str]) -> None:
        super().__init__(reactor, cache_size, timeout)
        self._named = named

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """How Scrapy makes it."""
        settings = crawler.settings
        named = frozenset(settings.getlist(NAMED))
        return cls(reactor, settings.getint("DNSCACHE_SIZE"), settings.getfloat("DNS_TIMEOUT"), named)

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: ANN401, N802 - Twisted's
        """The address of a name; DNSLookupError where there is none, or none to be asked."""
        return super().getHostByName(name, timeout).addCallback(self.judged, name)

    def judged(self, address: str, name: str) -> str:
        """The address, where it may be connected to.

        Raises:
            DNSLookupError: it may not.
        """
        if is_public(address) or _as_asked(name) in self._named:
            return address
        refused[_as_asked(name)] = address
        log.warning(
            "%s leads to %s, an internal address: name the host in portals.yaml if that is right", name, address
        )
        raise DNSLookupError(f"{name} leads to the internal address {address}")
