"""Vietnamese from before Unicode: TCVN3 (ABC; fonts .VnTime, .VnArial …) and VNI (fonts VNI-Times …).

Such a text consists of Latin-1 letters and signs, drawn by fonts of its own: `tiÕp c«ng d©n`, `tieáp coâng daân`.
TCVN3 (TCVN 5712:1993, the set its fonts hold) has one byte a letter, and no capitals with a tone: fonts whose name ends
in H draw small letters as capitals. VNI writes a letter and then its marks, as a second letter.

Nothing is converted on suspicion. The words as they stand must not be Vietnamese, and the converted ones must be.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from auditor.syllables import is_syllable

_TCVN3_CODES = (
    ("A1", "ĂÂÊÔƠƯĐăâêôơưđ"),
    ("B5", "àảãáạ"),
    ("BB", "ằẳẵắ"),
    ("C6", "ặầẩẫấậè"),
    ("CE", "ẻẽéẹềểễếệìỉ"),
    ("DC", "ĩíịò"),
    ("E1", "ỏõóọồổỗốộờởỡớợù"),
    ("F1", "ủũúụừửữứựỳỷỹýỵ"),
)
_TCVN3 = {int(start, 16) + step: letter for start, letters in _TCVN3_CODES for step, letter in enumerate(letters)}

_VNI_SINGLE = dict(zip("ôÔöÖñÑîÎæÆóÓòÒ", "ơƠưƯđĐỵỴỉỈĩĨịỊ", strict=True))
_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT, _CIRCUMFLEX, _BREVE = "\u0301\u0300\u0309\u0303\u0323\u0302\u0306"
_VNI_MARKS = {
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _CIRCUMFLEX, "á": _CIRCUMFLEX + _ACUTE, "à": _CIRCUMFLEX + _GRAVE, "å": _CIRCUMFLEX + _HOOK,
    "ã": _CIRCUMFLEX + _TILDE, "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}  # fmt: skip
_TONES_ONLY = "ùøûõï"
_CIRCUMFLEXED = "âáàåãä"


def _vni_pairs() -> Iterator[tuple[str, str]]:
    """Every pair of letter and mark with the letter it means, also where one of the two is a capital."""
    for base, mark in product("aeouyôö", _VNI_MARKS):
        allowed = mark in _TONES_ONLY or base == "a" or (base in "eo" and mark in _CIRCUMFLEXED)
        if not allowed:
            continue
        small = unicodedata.normalize("NFC", _VNI_SINGLE.get(base, base) + _VNI_MARKS[mark])
        for shown in (base + mark, base + mark.upper()):
            yield shown, small
        for shown in (base.upper() + mark, (base + mark).upper()):
            yield shown, small.upper()


_VNI = _VNI_SINGLE | dict(_vni_pairs())
_VNI_TOKEN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))

_WORD = re.compile("[A-Za-z\u00a1-\u024f\u0300-\u0323\u1ea0-\u1ef9]+")
_VOWEL = re.compile("[aeiouy]", re.IGNORECASE)
_MARKED = re.compile("[^\x00-\x7f]")
_SUSPECT = re.compile(
    "[\u00a1-\u00ff](?:"
    "(?<=[A-Za-z][\u00a1-\u00bfÆÇËÎÏÑÖ×ØÛÜäåæçëîïñöøûüþÕÞÐßð÷ÿ])|(?<=[\u00a1-\u00bfÆÖ×Þñöø])(?=[A-Za-z])|(?<=[a-z][À-Þ])"
    "|(?<=[aA][áàãâêéèúùÁÀÃÂÊÉÈÚÙ])|(?<=[oO][âùÂÙ])|(?<=[eE][áàãâùÁÀÃÂÙ])|(?<=[uUyY][ùÙ]))"
)
"""What Vietnamese in Unicode does not have, and neither encoding can do without."""
_QUOTES = "«»·"
_MOST = 20_000
"""Characters looked at to tell an encoding."""
_SURE = 0.8
_DOUBT = 0.6
"""Enough words mean something in both tables: `tè` is a word, and TCVN3 for `tố`."""


class Encoding(StrEnum):
    """A legacy encoding of Vietnamese."""

    TCVN3 = "TCVN3"
    VNI = "VNI"


def from_tcvn3(text: str) -> str:
    """A TCVN3 text, read as Latin-1, in Unicode; what stands among capitals becomes one.

    >>> from_tcvn3("tiÕp c«ng d©n"), from_tcvn3("LÞCH TIÕP C¤NG D¢N")
    ('tiếp công dân', 'LỊCH TIẾP CÔNG DÂN')
    """
    plain = [letter for letter in text if letter.isascii() and letter.isalpha()]
    if len(plain) > 3 and all(letter.isupper() for letter in plain):  # noqa: PLR2004  ("M1", "Sè I" say little)
        return text.translate(_TCVN3).upper()
    return _WORD.sub(lambda match: _as_its_letters(match[0]), text)


def _as_its_letters(word: str) -> str:
    plain = [letter for letter in word if letter.isascii()]
    converted = word.translate(_TCVN3)
    return converted.upper() if len(plain) > 1 and all(letter.isupper() for letter in plain) else converted


def from_vni(text: str) -> str:
    """A VNI text, read as Latin-1, in Unicode.

    >>> from_vni("tieáp coâng daân"), from_vni("LÒCH TIEÁP COÂNG DAÂN")
    ('tiếp công dân', 'LỊCH TIẾP CÔNG DÂN')
    """
    return _VNI_TOKEN.sub(lambda match: _VNI[match[0]], text)


CONVERT: dict[Encoding, Callable[[str], str]] = {Encoding.TCVN3: from_tcvn3, Encoding.VNI: from_vni}


@dataclass(frozen=True)
class Evidence:
    """What speaks for an encoding.

    Attributes:
        words: with letters beyond ASCII. turned: those that it turns into syllables. different: of these, how many.
        standing: those that are syllables as they stand.
    """

    words: int
    different: int
    turned: int
    standing: int

    @property
    def sure(self) -> bool:
        """Whether the text cannot be anything else, wherever it was found."""
        return self.different > 1 and self.likely

    @property
    def likely(self) -> bool:
        """Whether the text is in this encoding if its font, or the rest of its page, says so."""
        return self.turned >= max(1, _SURE * self.words) and self.standing <= _DOUBT * self.words


def evidence(text: str, encoding: Encoding) -> Evidence:
    """What speaks for an encoding, in the text's beginning."""
    convert = CONVERT[encoding]
    marked = (word for word in _WORD.findall(text[:_MOST]) if _MARKED.search(word) and word.strip(_QUOTES))
    words = [(word, meant) for word in marked if _has_vowel(meant := convert(word))]  # "QĐ" says nothing
    turned = [word for word, meant in words if _only_latin1(word) and is_syllable(meant)]
    standing = sum(1 for word, _ in words if _stands(word.strip(_QUOTES)))
    return Evidence(len(words), len({word.lower() for word in turned}), len(turned), standing)


def _has_vowel(word: str) -> bool:
    return _VOWEL.search(unicodedata.normalize("NFD", word)) is not None


def _stands(word: str) -> bool:
    """Whether a word is Vietnamese as it is; a capital within is none that a person set."""
    return is_syllable(word) and (word[1:].islower() or word.isupper() or len(word) == 1)


def _only_latin1(word: str) -> bool:
    return all(letter < "\u0100" for letter in word)


def is_suspect(text: str) -> bool:
    """Whether a text holds what neither Vietnamese in Unicode nor English does: only then look closer."""
    return _SUSPECT.search(text) is not None


def detect(text: str, *, expected: Encoding | None = None) -> Encoding | None:
    """The legacy encoding of a text; None for any other text.

    Args:
        text: as decoded with windows-1252 or ISO 8859-1, or found so in a UTF-8 page.
        expected: what its font or its surroundings say; then one word is enough.
    """
    if expected is not None and evidence(text, expected).likely:
        return expected
    if not is_suspect(text):
        return None
    found = {encoding: evidence(text, encoding) for encoding in Encoding}
    best = max(found, key=lambda encoding: (found[encoding].turned, encoding is Encoding.VNI))  # pairs are no chance
    return best if found[best].sure else None
