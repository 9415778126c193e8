"""What a listing holds, where that is not what its name says.

On one provincial portal "Tình hình công khai lịch tiếp công dân" holds reports and nothing else; others file every
decision on a complaint under "Thông báo". A listing is what its titles are, if they are clearly of one kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice

from auditor.categories import Category
from auditor.classify import Decision, classify

_MOST_TITLES = 60
_FEWEST = 4
_SURE = 0.6
_MOST_OF_THEM = 0.7
_NEXT_TO_NONE = 0.15


def category_held(
    titles: Sequence[str], named: Category, decide: Callable[[str], Decision] = classify
) -> tuple[Category, str] | None:
    """The category most titles of a listing clearly are of, and the reason in words; None where its name is right.

    Titles are judged by themselves, by `decide`: what the listing's name would say of them is what is asked.
    """
    told = list(islice(titles, _MOST_TITLES))
    decisions = [decide(title) for title in told]
    sure = Counter(each.category for each in decisions if each.category and each.confidence >= _SURE)
    if not sure:
        return None
    held, count = sure.most_common(1)[0]
    as_named = sum(1 for each in decisions if named in (each.category, each.runner_up))
    if held is named or count < _FEWEST or count < _MOST_OF_THEM * len(told) or as_named > _NEXT_TO_NONE * len(told):
        return None
    return held, f"{count} of {len(told)} titles are of '{held}', though the name says '{named}'"
