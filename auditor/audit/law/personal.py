"""Signs that a post gives away who denounced, or a citizen's number. A person must look; nothing found is repeated."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from auditor.letters import LETTERS
from auditor.text import clean

_LETTERS: Final = 20_000


class Sign(StrEnum):
    """What a text seems to give away, in the clerk's words."""

    IDENTITY = "số định danh hoặc số giấy tờ tùy thân"
    PHONE = "số điện thoại của công dân"
    DENOUNCER = "tên người tố cáo"


_GAP: Final = r"[^\d;\n]{0,25}"
_PAPERS: Final = r"\b(?:cmnd|cccd|cmtnd|can cuoc|chung minh (?:nhan dan|thu)|dinh danh)\b"
_IDENTITY: Final = re.compile(rf"{_PAPERS}{_GAP}(?<!\d)(?:\d{{3}}[ .]?){{3,4}}(?!\d)")
_PHONE: Final = re.compile(
    r"\b(?:dien thoai|sdt|so dt|dtdd|di dong|dt)\b[^\d;\n]{0,12}(?<!\d)(?:0|\+84)\d(?:[ .-]?\d){7,9}(?!\d)"
)
_OFFICE: Final = re.compile(
    r"\b(?:duong day nong|hotline|lien he|co quan|van phong|ban tiep cong dan|tong dai|fax|thuong truc)\b"
)
_WORD: Final = r"[^\W\d_]{1,8}"
_PERSON: Final = rf"(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị)\s((?:{_WORD}\s){{1,4}}{_WORD})"
_DENOUNCER: Final = (
    re.compile(rf"[Nn]gười tố cáo\s?(?::|là)?\s?(?:công dân\s)?{_PERSON}"),
    re.compile(rf"tố cáo của (?:công dân )?{_PERSON}"),
    re.compile(rf"{_PERSON}\s(?:có đơn |gửi đơn |đứng đơn |làm đơn )?tố cáo\b"),
)


def _is_name(words: str) -> bool:
    first, second, *_ = words.split()
    return first[0].isupper() and second[0].isupper()


def signs(text: str) -> frozenset[Sign]:
    """What a post's text seems to give away.

    A telephone number near words for an office is the office's own. A name counts only beside "tố cáo": who complains
    is named in a decision by law, who denounces must not be.
    """
    printed = clean(text[:_LETTERS])
    folded = printed.translate(LETTERS)
    found = set()
    if _IDENTITY.search(folded):
        found.add(Sign.IDENTITY)
    if any(not _OFFICE.search(folded[max(0, match.start() - 60) : match.start()]) for match in _PHONE.finditer(folded)):
        found.add(Sign.PHONE)
    if any(_is_name(match[1]) for pattern in _DENOUNCER for match in pattern.finditer(printed)):
        found.add(Sign.DENOUNCER)
    return frozenset(found)
