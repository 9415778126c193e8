"""Is this a Vietnamese syllable? What decides between two readings of the same bytes.

Vietnamese writes one syllable a word, of a closed shape: a beginning, one of some 160 rhymes, at most one tone; a
rhyme ending in a stop takes only the sharp and the heavy tone. A text read with the wrong table breaks that at once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

TONES = "\u0300\u0301\u0303\u0309\u0323"
"""Grave, acute, tilde, hook above, dot below: the five written tones, as combining marks."""
_STOP_TONES = "\u0301\u0323"
_BEGINNINGS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph q qu r s t th tr v x"
_RHYMES = """
a ac ach ai ak am an ang anh ao ap at au ay ăc ăk ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oc oi om on ong op ot oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet ooc oong
ô ôc ôi ôk ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh uôc uôi uôm uôn uông uôt uơ uy uya uych uyên uyêt uyn uynh
uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
y yêm yên yêng yêt yêu ych yn ynh yp yt
"""
_SYLLABLE = re.compile(
    f"(?:{'|'.join(sorted(_BEGINNINGS.split(), key=len, reverse=True))})?({'|'.join(_RHYMES.split())})"
)
_OTHER = str.maketrans("", "", TONES)


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether a word, in any case and normal form, could be Vietnamese.

    >>> is_syllable("Tiếp"), is_syllable("hoà"), is_syllable("hòa"), is_syllable("thiếtp"), is_syllable("tiÕp")
    (True, True, True, False, False)
    """
    if not 0 < len(word) <= 20:  # noqa: PLR2004  (the longest, nghiêng decomposed, has ten)
        return False
    parts = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in parts if mark in TONES]
    match = _SYLLABLE.fullmatch(unicodedata.normalize("NFC", parts.translate(_OTHER)))
    if match is None or len(tones) > 1:
        return False
    return not tones or tones[0] in _STOP_TONES or not match[1].endswith(("c", "k", "p", "t", "ch"))


def share(words: Iterable[str]) -> tuple[int, int]:
    """How many of some words are Vietnamese syllables, and how many words there are."""
    checked = [is_syllable(word) for word in words]
    return sum(checked), len(checked)
