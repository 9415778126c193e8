"""Vietnamese text: one form to compare by, and nothing hostile where people read.

Portals mix NFC with NFD, old with new tone placement (hoà, hòa), `Ð` (Icelandic) with `Đ`, no-break spaces with
spaces. Titles are kept as printed (NFC, white space collapsed) and compared folded.
"""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_INVISIBLE = re.compile(r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
# Without those that are white space (vertical tab, form feed, NEL …): they part words, and become a space.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_FOLD_SPECIAL = str.maketrans("đð’‘ʼ`–—−", "dd''''---")
_DASHES_QUOTES = re.compile(r"[\"“”„«»]")


def clean(text: str) -> str:
    """One printable line: NFC, invisible and control characters gone, white space collapsed."""
    visible = _CONTROL.sub("", _INVISIBLE.sub("", text))
    composed = unicodedata.normalize("NFC", _SPACES.sub(" ", visible).strip())
    return composed.replace("Ð", "Đ").replace("ð", "đ")


def fold(text: str) -> str:
    """What two spellings of the same words have in common: lower case, no diacritics, `đ` as `d`, plain quotes.

    >>> fold("Ủy ban  HOÀ Bình – Quý IV")
    'uy ban hoa binh - quy iv'
    """
    decomposed = unicodedata.normalize("NFD", clean(text).lower())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(_DASHES_QUOTES.sub('"', bare.translate(_FOLD_SPECIAL)).split())


def printable(text: str, limit: int = 500) -> str:
    """`text` as one harmless line for a terminal or a log: no control sequence, no line break, at most `limit`."""
    line = clean(text)
    return line if len(line) <= limit else line[: limit - 1] + "…"
