"""Web addresses: which belong to the unit, and when two of them name the same page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_LENGTH = 2000
"""Longer addresses are traps or attacks; no server is obliged to take them (RFC 9110, 4.1)."""

_TRACES = re.compile(
    r"utm_\w+|(?:fb|g|d|ms|y|tw|tt)clid|gbraid|wbraid|zarsrc|mibextid|igshid|mc_[ce]id|_g[al]|_gid|"
    r"phpsessid|jsessionid|aspsessionid\w*|asp\.net_sessionid|cfid|cftoken|sess(?:ion)?_?id|(?:p_)?p_auth",
    re.IGNORECASE,
)
"""Parameters that differ from visitor to visitor: tracking and sessions."""
_VIEWS = re.compile(
    r"(?:p_l_|_\w+_)?back_?url|(?:\w+_)?redirect|inheritredirect|return_?url|_101_idstr|p_p_(?:lifecycle|state|mode|col_\w+)|"
    r"isdlg|contenttypeid|tmpl|print|amp|nocache",
    re.IGNORECASE,
)
"""Parameters that tell how a page is shown or where its reader came from, not which page: Liferay's and SharePoint's
way back, Joomla's print view."""
_NOISY_VALUES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    # Names that identify a page elsewhere ("sid" is PHP-Nuke's story): only such values are noise.
    (re.compile(r"sid|s|osCsid|zenid"), re.compile(r"(?=.*\d)(?=.*[a-z])[0-9a-z]{20,}", re.IGNORECASE)),
    (re.compile(r"source|ref|referr?er"), re.compile(r"[a-z_-]*|.*/.*", re.IGNORECASE)),
    (re.compile(r"back|from|return|next"), re.compile(r".*/.*")),
    (re.compile(r"v|ver|version|_|t|ts|time|rand|rnd"), re.compile(r"\d{10,13}|0?\.\d+|\d+(?:\.\d+)+")),
    (re.compile(r"view|mode|layout|format|output|type|task"), re.compile(r"|print(?:er|able)?|amp|default")),
    (re.compile(r"page|showall|start|limitstart"), re.compile(r"")),
)
_SESSION_IN_PATH = re.compile(
    r";(?:jsessionid|phpsessid|sid)=[^/?]*|/\((?:[A-Z]\([\w.-]{1,80}\))+\)(?=/|$)", re.IGNORECASE
)
"""What servers put into paths where cookies are refused: Java's `;jsessionid=…`, ASP.NET's `/(S(…))/`."""
_VIEW_IN_PATH = re.compile(r"/(?:savefile|print|printpage|amp)/(?=.+\.html?$)|/(?:amp|print)/?$", re.IGNORECASE)
_DEFAULT_PAGE = re.compile(r"/(?:index|default)\.(?:php|aspx?|html?|jsp)$", re.IGNORECASE)
_BLIND_TO_CASE = re.compile(r"\.as[phm]x?(?:/|$)", re.IGNORECASE)
"""Pages of a server that takes capitals for small letters: IIS."""


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
    """What all addresses of one page have in common: no scheme, `www`, noise parameters, trailing slash, view to print.

    Two posts differ in it whatever their portal calls the parameter that tells them apart. A key to compare by; not an
    address to fetch.
    """
    parts = urlsplit(url)
    path = re.sub("/{2,}", "/", _SESSION_IN_PATH.sub("", _unquoted(parts.path)))
    path = _VIEW_IN_PATH.sub("/", _DEFAULT_PAGE.sub("/", path).replace("/index.php/", "/", 1), count=1)
    path = path.removeprefix("/web/guest").rstrip("/")
    if _BLIND_TO_CASE.search(path):
        path = path.lower()
    query = sorted({(name.lower(), value) for name, value in _parameters(parts.query) if not _is_noise(name, value)})
    return f"{_twinless(url)}{path}{'?' if query else ''}{urlencode(query)}"


@lru_cache(maxsize=20_000)
def lasting(url: str) -> str:
    """The address without what differs from visitor to visitor; it shows the same page."""
    parts = urlsplit(url)
    kept = [pair for pair in parts.query.split("&") if not _TRACES.fullmatch(pair.partition("=")[0])]
    return urlunsplit(parts._replace(path=_SESSION_IN_PATH.sub("", parts.path) or "/", query="&".join(kept)))


def _twinless(url: str) -> str:
    """Host and port, without `www` and without the port of either scheme: both are linked with either."""
    return re.sub(r":(?:80|443)$", "", host_of(url).removeprefix("www."))


def _unquoted(path: str) -> str:
    """A path in plain letters, however it was written; left as it is where its bytes are no UTF-8."""
    try:
        return unicodedata.normalize("NFC", unquote(path, errors="strict"))
    except UnicodeDecodeError:
        return re.sub("%[0-9a-f]{2}", lambda match: match[0].upper(), path, flags=re.IGNORECASE)


def _parameters(query: str) -> Iterator[tuple[str, str]]:
    """Names and values; `&amp;` that was escaped twice parts them as well. A name without value has the value ""."""
    for pair in query.replace("&amp;", "&").split("&"):
        name, _, value = pair.partition("=")
        if name:
            yield _unquoted(name.replace("+", " ")), _unquoted(value.replace("+", " "))


def _is_noise(name: str, value: str) -> bool:
    if _TRACES.fullmatch(name) or _VIEWS.fullmatch(name):
        return True
    lower = name.lower()
    return any(names.fullmatch(lower) and values.fullmatch(value) for names, values in _NOISY_VALUES)


def slug_words(url: str) -> str:
    """The words of an address's path, for matching: "/Tiep-cong-dan/lich.aspx" gives "tiep cong dan lich aspx"."""
    return " ".join(re.findall(r"[a-z0-9]+", unquote(urlsplit(url).path).lower()))
