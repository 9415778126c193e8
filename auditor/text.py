"""Vietnamese text: one form to compare by, and nothing hostile where people read.

Portals mix NFC with NFD, old with new tone placement (hoà, hòa), `Ð` (Icelandic) with `Đ`, no-break spaces with
spaces. Titles are kept as printed (NFC, white space collapsed) and compared folded.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACES = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_INVISIBLE = re.compile(r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
# Without those that are white space (vertical tab, form feed, NEL …): they part words, and become a space.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_FOLD_SPECIAL = str.maketrans("đð’‘ʼ`–—−", "dd''''---")
_DASHES_QUOTES = re.compile(r"[\"“”„«»]")
_MARKS = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_OFTEN = 200
"""Texts up to this length come again and again: menus, labels, titles."""


def clean(text: str) -> str:
    """One printable line: NFC, invisible and control characters gone, white space collapsed."""
    if text.isprintable() and "  " not in text and unicodedata.is_normalized("NFC", text):
        composed = text.strip()  # nearly every text: whatever the rest of this function removes is not printable
    else:
        visible = _CONTROL.sub("", _INVISIBLE.sub("", text))
        composed = unicodedata.normalize("NFC", _SPACES.sub(" ", visible).strip())
    return composed.replace("Ð", "Đ").replace("ð", "đ")


def fold(text: str) -> str:
    """What two spellings of the same words have in common: lower case, no diacritics, `đ` as `d`, plain quotes.

    >>> fold("Ủy ban  HOÀ Bình – Quý IV")
    'uy ban hoa binh - quy iv'
    """
    return _fold_often(text) if len(text) <= _OFTEN else _fold(text)


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", clean(text).lower())
    bare = _MARKS.sub("", decomposed)
    if not bare.isascii() or "`" in bare:
        bare = "".join(letter for letter in bare.translate(_FOLD_SPECIAL) if not unicodedata.combining(letter))
        bare = _DASHES_QUOTES.sub('"', bare)
    return " ".join(bare.split())


_fold_often = lru_cache(maxsize=20_000)(_fold)


def printable(text: str, limit: int = 500) -> str:
    """`text` as one harmless line for a terminal or a log: no control sequence, no line break, at most `limit`."""
    line = clean(text)
    return line if len(line) <= limit else line[: limit - 1] + "…"
