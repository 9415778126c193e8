"""How many posts a listing says it has: "Tổng số 57 tin", "Hiển thị 1 - 10 trong số 57", `data-total="57"`."""

from __future__ import annotations

import re
from itertools import islice

from auditor.reading.page import Page

_POSTS = r"(?:tin bai|bai viet|tin|bai|ban ghi|ket qua|muc tin|van ban|thong bao|dong|records?|results?|items?|posts?)"
_TOTAL = re.compile(
    rf"\btong (?:so|cong)? ?:? ?(?:co )?:? ?(\d{{1,6}}) {_POSTS}\b|\btong so {_POSTS} ?:? ?(\d{{1,6}})\b|"
    rf"\btim thay (\d{{1,6}}) {_POSTS}\b|"
    rf"\b\d{{1,6}} ?(?:-|den|to) ?\d{{1,6}} ?(?:/|trong|tren|cua|of) ?(?:tong )?(?:so )?(\d{{1,6}})\b(?! ?[/.-] ?\d)"
)
_ATTRIBUTES = ("data-total", "data-total-items", "data-total-count", "data-totalrecords", "data-count-all")
_MOST = 50


def totals_of(page: Page) -> frozenset[int]:
    """Every total a page names; what stands on other pages as well is not the listing's."""
    said = (next(filter(None, match.groups())) for match in islice(_TOTAL.finditer(page.folded), _MOST))
    numbers = {int(number) for number in said}
    for name in _ATTRIBUTES:
        values = (element.get(name, "") for element in islice(page.root.iterfind(f".//*[@{name}]"), _MOST))
        numbers |= {int(value) for value in values if value.isdecimal() and len(value) < 7}  # noqa: PLR2004
    return frozenset(numbers)
