"""A handshake of our own, made where Scrapy's failed or did not look: it names what is wrong with a certificate.

The certificate is held against the machine's store of authorities (`SSL_CERT_FILE` names another): the one that the
office's administrators keep, and into which a ministry's own authority can be put.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Collection
from contextlib import suppress
from urllib.parse import urlsplit

from auditor.crawl.resolving import pinned
from auditor.outcomes import Cause
from spiders.tls import tls_cause

CERTIFICATES = "AUDITOR_CERTIFICATES"
"""The setting that holds the visit's `Certificates`."""
_HTTPS = 443
_PATIENCE = 10.0


class Certificates:
    """What is known of the certificates of one visit's servers; each server is asked once.

    Args:
        named: hosts that may have any address, without ports; any other is asked only where it is public.

    Attributes:
        fault: what is wrong with the certificate of a server that was read all the same; None where nothing is.
    """

    def __init__(self, named: Collection[str] = ()) -> None:
        self.fault: Cause | None = None
        self._named = named
        self._known: dict[str, ssl.SSLError | None] = {}

    async def fault_of(self, url: str) -> ssl.SSLError | None:
        """What a handshake with the address's server fails of; None where it does not, or where nobody answers."""
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname:
            return None
        if parts.netloc not in self._known:
            self._known[parts.netloc] = await asyncio.to_thread(self._shake, parts.hostname, parts.port or _HTTPS)
        return self._known[parts.netloc]

    async def note(self, url: str) -> None:
        """Keeps what is wrong with the certificate of a server whose answers are read without looking at it."""
        if self.fault is None and (error := await self.fault_of(url)):
            self.fault = tls_cause(error)

    def _shake(self, host: str, port: int) -> ssl.SSLError | None:
        address = host if host in self._named else pinned(host)
        if address is None:
            return None
        try:
            with suppress(TimeoutError, ConnectionError), socket.create_connection((address, port), _PATIENCE) as line:
                ssl.create_default_context().wrap_socket(line, server_hostname=host).close()
        except ssl.SSLError as error:
            return error
        except OSError:
            return None
        return None
