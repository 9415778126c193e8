"""What one field of portals.yaml may say: a converter per kind of field, each with its fault and remedy in words."""

from __future__ import annotations

import re
import unicodedata
import zoneinfo
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from auditor.text import clean, fold
from auditor.window import CutoffDay
from auditor.yaml_file import FieldError, Said, did_you_mean, one_of

Word = TypeVar("Word", bound=StrEnum)

_LAST_DAY = 31
_LONGEST_KEY = 80
_LONGEST_HOST = 253
# Control, format (zero width, direction), surrogate, private use: nothing a name is written with.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co"})
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")


def plain_text(said: Said) -> str:
    """One line of Vietnamese text, NFC."""
    for letter in said.text.strip():
        if unicodedata.category(letter) in _INVISIBLE:
            raise FieldError(f"{said} holds the invisible character U+{ord(letter):04X}: delete it, or retype the text")
    text = clean(said.text)
    if not text:
        raise FieldError(f"{said.field} is empty: write a text")
    return text


def unit_key(said: Said) -> str:
    """A key names files, rows and command-line arguments, for ever."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", said.text):
        proposal = re.sub(r"[^a-z0-9]+", "-", fold(said.text)).strip("-")[:_LONGEST_KEY]
        example = f", for example '{proposal}'" if proposal else ""
        raise FieldError(f"{said} is not a key: use a-z, 0-9 and hyphens, a letter or digit first{example}")
    if len(said.text) > _LONGEST_KEY:
        raise FieldError(f"{said} is too long for a key: use at most {_LONGEST_KEY} characters")
    return said.text


def platform_name(said: Said) -> str:
    """The name of a CMS family, as `nukeviet`."""
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", said.text):
        raise FieldError(f"{said} is not the name of a platform: write a word as 'nukeviet', or leave the field out")
    return said.text


def choice(words: type[Word]) -> Callable[[Said], Word]:
    """A converter to one word of a closed list."""

    def convert(said: Said) -> Word:
        try:
            return words(said.text)
        except ValueError:
            raise FieldError(f"unknown {said}: {one_of(said.text, words)}") from None

    return convert


def switch(said: Said) -> bool:
    """`true` or `false`, nothing else: what `on`, `yes` or `1` mean depends on the reader."""
    answer = {"true": True, "false": False}.get(said.text.lower())
    if answer is None:
        raise FieldError(f"{said} is neither true nor false: write one of the two")
    return answer


def seconds(least: int, most: int) -> Callable[[Said], float]:
    """A converter to a number of seconds from `least` to `most`."""

    def convert(said: Said) -> float:
        if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", said.text) and least <= float(said.text) <= most:
            return float(said.text)
        raise FieldError(f"{said} is out of range: write seconds as a number from {least} to {most}, for example 30")

    return convert


def cutoff_day(said: Said) -> CutoffDay:
    """The last day of the month that is counted."""
    if said.text == "end":
        return "end"
    if re.fullmatch(r"[0-9]{1,2}", said.text) and 1 <= int(said.text) <= _LAST_DAY:
        return int(said.text)
    raise FieldError(f"{said} is not a day of the month: write 1 to {_LAST_DAY}, or end for the month's last day")


def day(said: Said) -> date:
    """An ISO day; only the written-out form, which no reader takes for month-day."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", said.text):
            return date.fromisoformat(said.text)
    except ValueError:
        pass
    raise FieldError(f"{said} is not a day of the calendar: write year-month-day, for example 2019-11-18")


def time_zone(said: Said) -> zoneinfo.ZoneInfo:
    """A zone of the IANA database."""
    try:
        return zoneinfo.ZoneInfo(said.text)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        near = did_you_mean(said.text, zoneinfo.available_timezones())
        raise FieldError(f"unknown {said}: write a zone as Asia/Ho_Chi_Minh{near}") from None


def web_address(said: Said) -> str:
    """An http(s) address, returned as written."""
    parts = _split(said)
    if parts.scheme not in {"http", "https"}:
        guess = "" if said.text.startswith("/") or ":" in said.text else f", for example 'http://{said.text}'"
        raise FieldError(f"{said} does not begin with http:// or https://: write the whole address{guess}")
    if parts.username is not None or parts.password is not None:
        # The text may hold a password: it is not repeated.
        raise FieldError(f"{said.field} holds a user name or password: a public portal needs none, take it out")
    if not _is_host(parts.hostname or ""):
        raise FieldError(f"{said} names no valid host: write the address as 'http://snv.daknong.gov.vn/'")
    return said.text


def host_name(said: Said) -> str:
    """A host without scheme, port or path; in the form `comparable_host` gives."""
    if not _is_host(said.text):
        raise FieldError(f"{said} is not a host name: write it alone, for example 'w3.example.gov.vn'")
    return comparable_host(said.text)


def comparable_host(host: str) -> str:
    """A host as requests name it: lower case, no final dot, Punycode (RFC 3492) for other letters than a-z.

    Raises:
        ValueError: it cannot be a host's name.
    """
    if len(host) > _LONGEST_HOST:
        raise ValueError("longer than a host name may be")
    return host.rstrip(".").lower().encode("idna").decode("ascii")


def host_of(url: str) -> str:
    """The comparable host of an address that `web_address` accepted."""
    return comparable_host(urlsplit(url).hostname or "")


def same_place(url: str) -> str:
    """What two spellings of one address have in common: scheme, `www.`, capitals and a final slash do not matter."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{host_of(url).removeprefix('www.')}{port}{parts.path.rstrip('/')}?{parts.query}#{parts.fragment}"


def _split(said: Said) -> SplitResult:
    if any(letter.isspace() or not letter.isprintable() or letter in '\\"<>' for letter in said.text):
        raise FieldError(f"{said} holds a space or another character that no address has: take it out, or write %20")
    try:
        parts = urlsplit(said.text)
    except ValueError:
        raise FieldError(f"{said} names no valid host: write the address as 'http://snv.daknong.gov.vn/'") from None
    try:
        valid_port = parts.port != 0
    except ValueError:
        valid_port = False
    if not valid_port:
        raise FieldError(f"{said.field} has an invalid port: use 1 to 65535, or leave it out")
    return parts


def _is_host(text: str) -> bool:
    try:
        if ":" in text:
            return bool(ip_address(text))
        return _HOST.fullmatch(comparable_host(text)) is not None
    except ValueError:
        return False
