"""Which days a schedule or a report covers, from its title or the beginning of its text.

"Lịch tiếp công dân tháng 10, 11 và 12/2019" covers three months wherever and whenever it was posted; "vào ngày 15 hằng
tháng" stands until another takes its place. What is read is what portals write: days, weeks, months, quarters, the
first or last months of a year, years, school years, terms of office. A year left out is the one nearest to publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from auditor import _period_forms as forms
from auditor.letters import LETTERS
from auditor.text import clean

_TITLE_LETTERS: Final = 500
_BODY_LETTERS: Final = 6_000  # a schedule says what it covers at its head; further down stand laws and signatures
_YEAR_AND_A_HALF: Final = 550  # days; in a text, a period further from its publication is another document's


@dataclass(frozen=True)
class Period:
    """The days something covers, both ends included.

    Attributes:
        first: `date.min` where it has no known beginning.
        last: `date.max` where it is open-ended.
        open_ended: it stands until replaced ("hằng tháng", "kể từ ngày…").
        text: the words that say so, as printed.
    """

    first: date
    last: date
    open_ended: bool
    text: str

    def covers(self, first: date, last: date) -> bool:
        """Whether any of these days is covered."""
        return self.first <= last and first <= self.last


def covered(title: str, body: str = "", published: date | None = None) -> Period | None:
    """What a post's title says it covers; where it does not say, what its text says of citizen reception.

    None where neither names a period, or names one without a year and nothing tells the year.
    """
    said = _said(title[:_TITLE_LETTERS], published, body[:_BODY_LETTERS])
    if said and not said.open_ended:
        return said
    for part in _about_reception(body[:_BODY_LETTERS]):
        found = _said(part, published, title)
        if found and found.open_ended:
            said = said or found
        elif found and _near(found, published):
            return found
    return said


_RECEPTION: Final = re.compile(r"tiep (?:cong |nhan )?dan\b|\btcd\b|doi thoai")
_PART_LETTERS: Final = 120


def _about_reception(body: str) -> Iterator[str]:
    """The pieces of a text that follow the words "tiếp công dân", up to the end of their sentence."""
    printed = clean(body)
    for match in _RECEPTION.finditer(printed.translate(LETTERS)):
        yield re.split(r"[;\n]|\.\s", printed[match.end() : match.end() + _PART_LETTERS], maxsplit=1)[0]


def _near(period: Period, published: date | None) -> bool:
    if published is None:
        return True
    distance = max((period.first - published).days, (published - period.last).days)
    return distance <= _YEAR_AND_A_HALF


def _said(text: str, published: date | None, context: str) -> Period | None:
    printed = clean(text)
    for said in forms.find(printed.translate(LETTERS)):
        words = printed[slice(*said.span)]
        if said.standing:
            return Period(published or date.min, date.max, open_ended=True, text=words)
        days = said.days(forms.only_year(clean(context).translate(LETTERS)), published)
        if days:
            return Period(days[0], date.max if said.onward else days[1], open_ended=said.onward, text=words)
    return None
