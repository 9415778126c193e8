"""Web addresses: which belong to the unit, and when two of them name the same page."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_LENGTH = 2000
"""Longer addresses are traps or attacks; no server is obliged to take them (RFC 9110, 4.1)."""

_NOISE = re.compile(
    r"utm_\w+|fbclid|gclid|zarsrc|phpsessid|jsessionid|sid|sessionid|_ga|_101_idstr|redirect|_101_redirect|"
    r"inheritredirect|p_l_back_url|returnurl|source|ref|v",
    re.IGNORECASE,
)
"""Parameters that do not change what a page shows: tracking, sessions, Liferay's way back."""


@lru_cache(maxsize=20_000)
def host_of(url: str) -> str:
    """`host` or `host:port` in lower case; the scheme's default port is left out; "" where there is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    host = (parts.hostname or "").rstrip(".")
    return host if port in {None, _DEFAULT_PORTS.get(parts.scheme)} else f"{host}:{port}"


def with_twin(host: str) -> frozenset[str]:
    """A host and its `www` twin."""
    return frozenset({host, host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"})


def resolve(base: str, href: str) -> str | None:
    """The absolute http(s) address a link leads to, without its fragment; None for anything else."""
    if href.startswith("/") and not href.startswith(("//", "/\\")):
        return _resolve(_origin(base), href)  # the same on every page of a portal: menus come from the cache
    return _resolve("" if href.startswith(("http://", "https://")) else base, href)


@lru_cache(maxsize=2_000)
def _origin(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0].partition('?')[0]}/"


@lru_cache(maxsize=20_000)
def _resolve(base: str, href: str) -> str | None:
    reference = href.strip().replace("\\", "/")
    if not reference or reference.startswith("#") or len(reference) > MAX_LENGTH:
        return None
    try:
        parts = urlsplit(urljoin(base, reference))
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.username:
            return None
        parts.port  # noqa: B018  (raises for a port that is none)
    except ValueError:
        return None
    path = quote(unquote(parts.path), safe="/%:@!$&'()*+,;=~-._") if not parts.path.isascii() else parts.path
    return urlunsplit((parts.scheme, parts.netloc.lower(), path.replace(" ", "%20") or "/", parts.query, ""))


@lru_cache(maxsize=20_000)
def identity(url: str) -> str:
    """What all addresses of one page have in common: no scheme, `www`, noise parameters, trailing slash.

    A key to compare by; not an address to fetch.
    """
    parts = urlsplit(url)
    query = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _NOISE.fullmatch(pair[0]))
    path = re.sub(r";jsessionid=[^/?]*", "", unquote(parts.path), flags=re.IGNORECASE)
    path = re.sub(r"/(?:index|default)\.(?:php|aspx?|html?|jsp)$", "/", path, flags=re.IGNORECASE)
    path = re.sub(r"^/index\.php/", "/", path).removeprefix("/web/guest")
    return f"{host_of(url).removeprefix('www.')}{path.rstrip('/')}{'?' if query else ''}{urlencode(query)}"


def slug_words(url: str) -> str:
    """The words of an address's path, for matching: "/Tiep-cong-dan/lich.aspx" gives "tiep cong dan lich aspx"."""
    return " ".join(re.findall(r"[a-z0-9]+", unquote(urlsplit(url).path).lower()))
