"""UTF-8 that somebody read as windows-1252 or Latin-1, once or twice: `tiáº¿p cÃ´ng dÃ¢n`. And entities escaped twice.

A general repairer (ftfy was tried) also touches quotes and guesses; here only the letters of Vietnamese and the signs
of its typography are recognised, by the two or three characters that their bytes turn into. `XÃ` before a no-break
space is a word in capitals far more often than a broken `à`: such pairs count only beside others.
"""

from __future__ import annotations

import html
import re
import unicodedata
from itertools import product

_VOWELS = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_MARKS = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"
_SIGNS = "“”‘’–—…•·°«»×²³½¼§©®\u00a0\u00ad"


def _letters() -> str:
    small = "".join(unicodedata.normalize("NFC", vowel + tone) for vowel, tone in product(_VOWELS, _TONES)) + "đ"
    return "".join(letter for letter in small + small.upper() if letter > "\x7f")


def _misread(byte: int) -> tuple[str, ...]:
    """What a byte is taken for: by windows-1252, and by Latin-1."""
    shown = bytes([byte]).decode("cp1252", "ignore")
    return (chr(byte), shown) if shown and shown != chr(byte) else (chr(byte),)


def _table() -> dict[str, str]:
    found = {}
    for letter in _letters() + _MARKS + _SIGNS:
        for shown in product(*(_misread(byte) for byte in letter.encode())):
            found["".join(shown)] = letter
    return found


_MISREAD = _table()
_BYTES = {shown: bytes([byte]) for byte in range(256) for shown in _misread(byte)}
_BROKEN = re.compile("|".join(sorted(map(re.escape, _MISREAD), key=len, reverse=True)))
_AMBIGUOUS = re.compile("[ÃÂ][\u00a0\u00ad‘’“”•–—…°²³·«»©®§½¼×]")
"""A word that ends in a capital, and a sign after it; or two characters of their own."""
_ENTITY = re.compile(r"&(?:#\d{2,6}|#x[0-9a-fA-F]{2,5}|[A-Za-z]{2,8}\d{0,2});")
_TIMES = 2


def repair(text: str) -> str:
    """The text as it was before it was read wrongly; anything else comes back unchanged.

    >>> repair("tiáº¿p cÃ´ng dÃ¢n"), repair("XÃ… Đắk Wer")
    ('tiếp công dân', 'XÃ… Đắk Wer')
    """
    for _ in range(_TIMES):
        if all(_AMBIGUOUS.fullmatch(match[0]) for match in _BROKEN.finditer(text)):
            break
        text = _whole(text) or _BROKEN.sub(lambda match: _MISREAD[match[0]], text)
    return text


def _whole(text: str) -> str | None:
    """The text, where all of it was read wrongly and none of it is lost: also what the table does not know."""
    try:
        return b"".join(_BYTES[letter] for letter in text).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None


def unescape(text: str) -> str:
    """The text without entities that were escaped once too often; brackets stay escaped.

    >>> unescape("ti&#7871;p c&ocirc;ng d&acirc;n &lt;b&gt;")
    'tiếp công dân &lt;b&gt;'
    """
    for _ in range(_TIMES):
        if "&" not in text:
            break
        text = _ENTITY.sub(_shown, text)
    return text


def _shown(entity: re.Match[str]) -> str:
    meant = html.unescape(entity[0])
    return entity[0] if meant in {"<", ">", "\x00"} else meant
