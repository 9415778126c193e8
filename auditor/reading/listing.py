"""Which of a page's groups of rows is its listing of posts, and what the page says about being empty.

The listing is the group that looks most like posts (dates, titles, a text below), stands where a page's own content
stands, speaks of what the section is about, and is not furniture, that is, does not stand on other pages as well.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from lxml.html import HtmlElement

from auditor.reading.addresses import identity
from auditor.reading.dates import Order
from auditor.reading.groups import Group, find_groups
from auditor.reading.names import TOPIC
from auditor.reading.page import Page, forks
from auditor.reading.rows import Row, in_order, rows_of
from auditor.text import fold

Furniture = frozenset[tuple[str, ...]]
"""Groups of links, as tuples of identities, known to stand on other pages."""

_EMPTY = re.compile(
    r"(hien )?(chua|khong) (co|tim thay) (bai viet|bai|tin|tin bai|tin tuc|du lieu|noi dung|ban ghi|ket qua|van ban)"
    r"( nao)?\b(?! (ve viec|lien quan))|dang (duoc )?cap nhat|nothing (was |here|found)|there are (currently )?no\b|"
    r"\bno (posts|items|results|entries|data|records|content|articles)\b"
)
_RELATED = re.compile(
    r"lien quan|tin khac|cac tin|bai viet khac|tin cung|cung chuyen muc|xem nhieu|doc nhieu|noi bat|tieu diem|xu huong|"
    r"moi hon|cu hon|(bai viet|tin|thong bao|van ban|tin bai|cap nhat|bai) moi\b|moi (nhat|dang|cap nhat)\b|"
    r"^(luu tru|archives)$|related|recent|latest|popular|most (read|viewed)|trending|you may"
)
_OUTSIDE = frozenset({"nav", "footer", "header", "aside"})
_MENU_WORDS = 6
_ENOUGH_ROWS = 10
_ENOUGH_WORDS = 10
_TEASER = 60
_NEARLY_ALL = 0.8
_MOSTLY = 0.5
_NEAR = 3
_TAB_LEVELS = 4
_LONG_NUMBER = 4
_BY_PAGER = 2


@dataclass(frozen=True)
class _Scored:
    """A group, its rows, and how much it looks like the page's listing."""

    group: Group
    rows: list[Row]
    points: float


def read_rows(
    page: Page,
    *,
    known: frozenset[str] = frozenset(),
    furniture: Furniture = frozenset(),
    now: datetime | None = None,
    order: Order = Order.UNTOLD,
) -> tuple[Row, ...]:
    """The rows of the page's main listing, in document order; empty where there is none.

    Args:
        page: the listing page.
        known: identities of addresses that are no posts: menus, sections.
        furniture: groups that stand on other pages of the portal.
        now: for relative dates ("3 ngày trước"); without it they are not read.
        order: of day and month, as proven elsewhere on the portal.
    """
    groups = find_groups(page, known)
    here = known | {identity(page.url)}
    standing = {tuple(key for key in keys if key not in here) for keys in furniture}
    own = [group for group in groups if group.key not in standing]
    candidates = own or [group for group in groups if 2 * _on_topic(group) >= 1]
    scored = [_score(page, group, rows_of(group, now)) for group in candidates if not _is_company(group)]
    scored = _nearest_to_pager(page, scored)
    best = max(scored, key=lambda each: each.points, default=None)
    if best is None or best.points <= 0:
        return ()
    leading = [_score(page, group, rows_of(group, now)) for group in groups if group not in own]
    scored += [each for each in leading if _is_lead(each)]
    family = [each for each in scored if each is best or (each.points > 0 and _belongs(best.group, each.group))]
    rows: dict[str, Row] = {}
    for row in (row for each in family for row in each.rows):
        rows.setdefault(identity(row.url), row)
    return in_order(list(rows.values()), order)


def _is_lead(scored: _Scored) -> bool:
    """Whether a block of another page's as well may be a listing's first post, set apart: one post, with its date.

    The newest post of a section may be the newest of the portal too, and lead its home page in the same dress.
    """
    return [bool(row.stamp) for row in scored.rows] == [True]


def are_related(page: Page, rows: Sequence[Row]) -> bool:
    """Whether rows are a post's company ("Tin liên quan", "Các tin khác") rather than a listing."""
    wanted = {identity(row.url) for row in rows}
    return any(_RELATED.search(group.heading) for group in find_groups(page) if wanted.intersection(group.key))


def says_empty(page: Page) -> bool:
    """Whether the page says in words that it lists nothing."""
    return bool(_EMPTY.search(page.folded))


def speaks_of_topic(group: Group) -> bool:
    """Whether any title of a group speaks of receiving citizens or of petitions."""
    return _on_topic(group) > 0


def _on_topic(group: Group) -> float:
    """The share of a group's titles that speak of receiving citizens or of petitions."""
    on_topic = sum(1 for link in group.links if TOPIC.search(link.folded))
    return on_topic / len(group.links)


def _is_company(group: Group) -> bool:
    """Whether a block is headed "Tin mới" or the like and has nothing of the section's: never a section's listing.

    To take it for one would make an empty or unreadable section look read.
    """
    return bool(_RELATED.search(group.heading)) and not _on_topic(group)


def _score(page: Page, group: Group, rows: list[Row]) -> _Scored:
    """How much a group looks like the page's listing of posts: what it holds, and where it stands."""
    words = sorted(len(row.title.split()) for row in rows)[len(rows) // 2]
    dated = sum(1 for row in rows if row.stamp or row.modified) / len(rows)
    told = sum(1 for row in rows if len(row.teaser) > _TEASER) / len(rows)
    points = math.sqrt(min(len(rows), _ENOUGH_ROWS)) * (min(words, _ENOUGH_WORDS) / 5 + 3 * dated + 1.5 * told)
    if words <= _MENU_WORDS and not dated:  # short and undated: a menu
        points *= 0.2
    return _Scored(group, rows, points * _standing(page, group))


def _nearest_to_pager(page: Page, scored: list[_Scored]) -> list[_Scored]:
    """The groups, those that stand nearest to a row of page numbers worth more: a pager belongs to its listing."""
    figures = (link.element for link in page.links if link.text.isdigit() and len(link.text) < _LONG_NUMBER)
    above = {ancestor for figure in figures for ancestor in figure.iterancestors()}
    away = [_steps_up(each.group.box, above) for each in scored]
    if len(set(away)) < 2:  # noqa: PLR2004  (nothing told apart)
        return scored
    nearest = min(away)
    return [
        replace(each, points=each.points * _BY_PAGER) if steps == nearest else each
        for each, steps in zip(scored, away, strict=True)
    ]


def _steps_up(box: HtmlElement, above: set[HtmlElement]) -> int:
    """How far above a box the first element stands that is one of `above`."""
    chain = (box, *forks(box))
    return next((steps for steps, element in enumerate(chain) if element in above), len(chain))


def _standing(page: Page, group: Group) -> float:
    """What a group's place, heading, titles and addresses say for it or against it."""
    factor = 1 + 3 * _on_topic(group) + _share_below(page, group)
    if any(ancestor.tag in _OUTSIDE and not _is_whole(page, ancestor) for ancestor in group.box.iterancestors()):
        factor *= 0.2
    if page.mains and not any(main in page.mains for main in (group.box, *group.box.iterancestors())):
        factor *= 0.3
    if _RELATED.search(group.heading):
        factor *= 0.3
    elif group.heading and group.heading in fold(page.title):
        factor *= 1.5
    return factor


def _share_below(page: Page, group: Group) -> float:
    """The share of a group's posts whose addresses continue the listing's own."""
    own = re.sub(r"(\.\w{2,5})?$", "", identity(page.url).partition("?")[0]) + "/"
    return sum(1 for key in group.key if key.startswith(own)) / len(group.key) if own.count("/") > 1 else 0.0


def _is_whole(page: Page, element: HtmlElement) -> bool:
    """Some themes wrap the whole page into a `header` or an `aside`: then it says nothing."""
    everything = len(page.links)
    return everything > 0 and len(element.findall(".//a")) > _NEARLY_ALL * everything


def _belongs(best: Group, other: Group) -> bool:
    """Whether a group is part of the same listing: a leading post set apart, a list in two columns.

    Its box lies close by, and its posts have addresses of the same shape.
    """
    near = [best.box, *islice(forks(best.box), _NEAR)]
    above = islice(forks(other.box), _NEAR)
    close = other.box in near or any(ancestor in near[:_NEAR] for ancestor in above)
    if _RELATED.search(other.heading):
        return False
    shapes = {_shape(link.url) for link in best.links}
    alike = any(_shape(link.url) in shapes for link in other.links)
    return (close and alike) or _are_tabs(best, other)


def _are_tabs(best: Group, other: Group) -> bool:
    """Whether two groups stand side by side in like boxes, and most of either speaks of the section: tabs of a page."""
    if best.box.tag != other.box.tag or min(_on_topic(best), _on_topic(other)) < _MOSTLY:
        return False
    pairs = zip(islice(forks(best.box), _TAB_LEVELS), islice(forks(other.box), _TAB_LEVELS), strict=False)
    for mine, theirs in pairs:
        if mine is theirs:
            return True
        if mine.tag != theirs.tag:
            return False
    return False


def _shape(url: str) -> str:
    """An address's path with figures and words blurred, one level kept: /tin-tuc/…/…html."""
    host, *path = identity(url).partition("?")[0].split("/")
    ending = re.search(r"\.\w{2,5}$", path[-1]) if path else None
    return f"{host}/{path[0] if len(path) > 1 else ''}/{len(path)}{ending[0] if ending else ''}"
