"""Vietnamese text: one form to compare by, and nothing hostile where people read.

Portals mix NFC with NFD, old with new tone placement (hoà, hòa), `Ð` (Icelandic) with `Đ`, `ƣ` (a letter of Pan-Turkic
alphabets, from converters of old fonts) with `ư`, i with y (quí, quý), no-break spaces with spaces. Titles are kept as
printed (NFC, white space collapsed) and compared folded.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache

_SPACES = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_INVISIBLE = re.compile(
    r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Without those that are white space (vertical tab, form feed, NEL …): they part words, and become a space.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_OBEYED = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control, bidi and invisible characters; the line feed, which stands between JSON's values only, is none of them."""
_FOLD_SPECIAL = str.maketrans("đð’‘ʼ`–—−", "dd''''---")
_DASHES_QUOTES = re.compile(r"[\"“”„«»]")
_MARKS = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_LOOK_ALIKES = str.maketrans("ÐðƢƣ", "ĐđƯư")
_EITHER_I = re.compile(r"\b(qu|[klmst])i\b")
"""Syllables that are written with i or y, both of them right: quí, kì, lí, mĩ, sĩ, tỉ."""
_MARK_UPON_MARK = re.compile(r"([\u0300-\u036f]{8})[\u0300-\u036f]+")
"""Normalising orders the marks of a letter: a letter with 100,000 marks would take half a minute."""
_OFTEN = 200
"""Texts up to this length come again and again: menus, labels, titles."""


def clean(text: str) -> str:
    """One printable line: NFC, invisible and control characters gone, white space collapsed."""
    if text.isprintable() and "  " not in text and unicodedata.is_normalized("NFC", text):
        composed = text.strip()  # nearly every text: whatever the rest of this function removes is not printable
    else:
        visible = _MARK_UPON_MARK.sub(r"\1", _CONTROL.sub("", _INVISIBLE.sub("", text)))
        composed = unicodedata.normalize("NFC", _SPACES.sub(" ", visible).strip())
    return composed if composed.isascii() else composed.translate(_LOOK_ALIKES)


def fold(text: str) -> str:
    """What two spellings of the same words have in common: lower case, no diacritics, `đ` as `d`, plain quotes.

    A syllable that is spelled with i or with y (kì, kỳ) is spelled with y.

    >>> fold("Ủy ban  HOÀ Bình – Quý IV")
    'uy ban hoa binh - quy iv'
    """
    return _fold_often(text) if len(text) <= _OFTEN else _fold(text)


def _fold(text: str) -> str:
    return _EITHER_I.sub(r"\1y", bare(text))


def bare(text: str) -> str:
    """The text folded letter by letter: `kì` is not yet `kỳ`."""
    decomposed = unicodedata.normalize("NFD", clean(text).lower())
    letters = _MARKS.sub("", decomposed)
    if not letters.isascii() or "`" in letters:
        letters = "".join(letter for letter in letters.translate(_FOLD_SPECIAL) if not unicodedata.combining(letter))
        letters = _DASHES_QUOTES.sub('"', letters)
    return " ".join(letters.split())


_fold_often = lru_cache(maxsize=20_000)(_fold)


def printable(text: str, limit: int = 500) -> str:
    """`text` as one harmless line for a terminal or a log: no control sequence, no line break, at most `limit`."""
    line = clean(text)
    return line if len(line) <= limit else line[: limit - 1] + "…"


def harmless(text: str) -> str:
    """Our own message of several lines, without whatever a terminal could obey in what it quotes."""
    return "\n".join(_CONTROL.sub("", _INVISIBLE.sub("", line)) for line in text.split("\n"))


def json_text(record: object, indent: int | None = None) -> str:
    """A record as JSON that no terminal obeys and any UTF-8 file holds; letters stay letters, the rest is escaped."""
    text = json.dumps(record, ensure_ascii=False, indent=indent)
    return _OBEYED.sub(lambda found: json.dumps(found[0])[1:-1], text)
