"""Requests and responses of Scrapy as HTTP messages, and what is known of the connection they came by."""

from __future__ import annotations

import base64
import hashlib
from http import HTTPStatus
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Headers, Response
from twisted.internet.ssl import Certificate

from auditor.crawl.evidence.entries import bare
from auditor.crawl.evidence.warc import Fields, digest_of


def asked(request: Request) -> tuple[str, str, str]:
    """What a request is matched by: method, address, digest of what it posts."""
    return request.method, bare(request.url), digest_of(request.body) if request.body else ""


def request_head(request: Request) -> bytes:
    """The head of a request; the connection's own fields, which our client adds at the last moment, are not in it."""
    parts = urlsplit(bare(request.url))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = b"" if "Host" in request.headers else b"Host: " + parts.netloc.encode("ascii", "replace") + b"\r\n"
    line = f"{request.method} {target} HTTP/1.1\r\n".encode("utf-8", "replace")
    return line + host + _lines(request.headers) + b"\r\n"


def response_head(response: Response) -> bytes:
    """The head of a response. The reason phrase, which our client drops, is the standard's."""
    try:
        reason = HTTPStatus(response.status).phrase
    except ValueError:
        reason = "Unknown"
    return f"HTTP/1.1 {response.status} {reason}\r\n".encode() + _lines(response.headers) + b"\r\n"


def _lines(headers: Headers) -> bytes:
    return b"".join(name + b": " + value + b"\r\n" for name, values in headers.items() for value in values)


def headers_in(head: bytes) -> tuple[int, Headers]:
    """The status and the headers of a response's head.

    Raises:
        ValueError: it is none.
    """
    first, *lines = head.split(b"\r\n")
    headers = Headers()
    for line in filter(None, lines):
        name, _, value = line.partition(b": ")
        headers.appendlist(name, value)
    return int(first.split(b" ", 2)[1]), headers


def connection_fields(response: Response) -> Fields:
    """Fields of a record: the server's address, the protocol, whether a browser rendered it, its certificate."""
    found = {
        "WARC-IP-Address": str(response.ip_address or ""),
        "WARC-Protocol": (response.protocol or "").lower(),
        "X-Rendered-By": "chromium" if "playwright" in response.flags else "",
        "X-Certificate-SHA256": certificate_facts(response.certificate)["sha256"] if response.certificate else "",
    }
    return {name: value for name, value in found.items() if value}


def certificate_facts(certificate: Certificate) -> dict[str, str]:
    """What a server's certificate says, and the certificate itself."""
    raw: bytes = certificate.dump()
    held = certificate.original.to_cryptography()
    return {
        "sha256": hashlib.sha256(raw).hexdigest(),
        "subject": held.subject.rfc4514_string(),
        "issuer": held.issuer.rfc4514_string(),
        "valid_from": held.not_valid_before_utc.isoformat(),
        "valid_until": held.not_valid_after_utc.isoformat(),
        "der": base64.b64encode(raw).decode(),
    }
