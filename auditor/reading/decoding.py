"""Bytes become text, whatever header and meta element say of them.

Strict UTF-8 first: it does not decode by chance, and what is declared lies more often. Then the declared charsets,
windows-1258 and windows-1252 compete, and the one whose words are Vietnamese wins; legacy fonts (TCVN3, VNI) hide in
windows-1252, as browsers read them.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from itertools import count, islice

from bs4.dammit import UnicodeDammit

from auditor.legacy import CONVERT, detect
from auditor.syllables import share

MAX_BYTES = 8_000_000
"""More than any real page; what lies beyond is cut off before parsing."""

_TELLING = 200_000
"""Bytes enough to guess an encoding by."""
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([a-zA-Z0-9_-]{2,40})", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([a-zA-Z0-9_-]{2,40})", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_RUN = re.compile(r"[^<>]+")
_BAD = re.compile("[\udc80-\udcff]+")
_CUT_LETTER = re.compile("[\udc80-\udcff]+(?=\\s*(?:…|\\.\\.|$))")
_WORD = re.compile(r"[^\s<>&;.,:!?()\[\]\"'/0-9_=+*|{}-]+")
_WORDS = 4_000
_RUNS = 2_000
"""Stretches with bad bytes that are looked at one by one; a page with more is garbage, not an old font."""
_LATIN = frozenset({"iso8859-1", "cp1252", "ascii", "iso8859-15"})
"""What browsers read as windows-1252."""
_CLEARLY = 0.05
_HARDLY = 0.4
_RATIO = 3


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a page or of data: without byte order mark, and without half a surrogate pair."""
    cut = len(body) > MAX_BYTES
    body = body[:MAX_BYTES]
    if wide := _wide(body):
        return body.decode(wide, "replace").removeprefix("\ufeff")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if (cut and error.start > len(body) - 4) or _mostly_utf8(body):
            return _patched(body.removeprefix(codecs.BOM_UTF8))
    charset = _charset(body[:_TELLING], content_type)
    return _patched(body) if charset == "utf-8" else _read(body, charset)


def _wide(body: bytes) -> str | None:
    """UTF-16, which a mark declares, or every other byte."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = body[:400]
    if len(head) < 8 or b"\x00" not in head:  # noqa: PLR2004  (a few characters tell nothing)
        return None
    for name, nulls, others in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if nulls.count(0) > 0.7 * len(nulls) and others.count(0) == 0:
            return name
    return None


def _mostly_utf8(body: bytes) -> bool:
    """Whether letters of several bytes abound beside a few bad bytes: no other encoding looks so by chance."""
    text = body[:_TELLING].decode("utf-8", "surrogateescape")
    bad = sum(len(match[0]) for match in _BAD.finditer(text))
    return sum(1 for letter in text if letter > "\x7f") - bad > _RATIO * bad


def _patched(body: bytes) -> str:
    """A UTF-8 page with bad bytes: fragments in an old font are kept, a letter cut in two at a title's end goes."""
    looked_at = islice(count(), _RUNS)

    def mend(match: re.Match[str]) -> str:
        run = match[0]
        if not _BAD.search(run):
            return run
        return _patched_run(run) if next(looked_at, None) is not None else _BAD.sub("\ufffd", run)

    return _RUN.sub(mend, body.decode("utf-8", "surrogateescape"))


@lru_cache(_RUNS)
def _patched_run(run: str) -> str:
    latin = _read(run.encode("utf-8", "surrogateescape"), "cp1252")
    if detect(latin):
        return latin
    return _BAD.sub(lambda match: "\ufffd" * len(match[0]), _CUT_LETTER.sub("", run))


def _read(body: bytes, charset: str) -> str:
    if charset in _LATIN:  # with the five bytes that the standard leaves open, as browsers read them
        return body.decode("latin-1").translate(_WINDOWS)
    return body.decode(charset, "replace")


_WINDOWS = {
    code: shown for code in range(0x80, 0xA0) if (shown := bytes([code]).decode("cp1252", "ignore"))
}  # fmt: skip


def _charset(sample: bytes, content_type: str) -> str:
    """The charset in which the words are Vietnamese; where that decides nothing, the declared or the likeliest."""
    declared = [name for name in (_header_charset(content_type), *_named_within(sample)) if name]
    likely = {name: _likeness(_read(sample, name)) for name in dict.fromkeys((*declared, "cp1258", "cp1252"))}
    best = max(likely, key=lambda name: likely[name])
    if declared:
        return best if likely[best] > likely[declared[0]] + _CLEARLY else declared[0]
    if likely[best] > _HARDLY:
        return best
    return _known(UnicodeDammit(sample, is_html=True).original_encoding or "cp1252") or "cp1252"


def _likeness(text: str) -> float:
    """How Vietnamese the words beyond ASCII are, between 0 and 1; a few words say less than many."""
    told = _TAG.sub(" ", text)
    encoding = detect(told)
    if encoding:
        told = CONVERT[encoding](told)
    words = list(islice((word for word in _WORD.findall(told) if not word.isascii()), _WORDS))
    good, all_of_them = share(words)
    return good / (all_of_them + 1)


def _header_charset(content_type: str) -> str | None:
    match = re.search(r"charset\s*=\s*[\"']?([\w-]{2,40})", content_type, re.IGNORECASE)
    return _known(match[1]) if match else None


def _named_within(body: bytes) -> list[str | None]:
    found = (pattern.search(body[:4096]) for pattern in (_META_CHARSET, _XML_CHARSET))
    return [_known(match[1].decode("ascii")) for match in found if match]


def _known(name: str) -> str | None:
    """Python's name of a charset that bytes can be read by."""
    try:
        codec = codecs.lookup(name)
        b"\xc0".decode(codec.name, "replace")
    except (LookupError, ValueError):  # "hex" and "rot13" are codecs, and no charsets
        return None
    return codec.name
