"""What a section's page without a listing is: proven empty, a notice of its own, or not to be read."""

from __future__ import annotations

import re

from auditor.observation import Placement
from auditor.reading.addresses import host_of, identity
from auditor.reading.article import Article
from auditor.reading.dates import StampKind, find_stamps
from auditor.reading.names import category_named
from auditor.reading.page import Page, texts
from auditor.reading.quality import says_missing
from auditor.text import clean, fold
from spiders.fetching import Fetched
from spiders.removal import look_of, nobodys
from spiders.visit import Visit

_FILLS = re.compile(r"\bfetch\(|ajax|XMLHttpRequest|axios|getJSON|\$\.(get|post)\(", re.IGNORECASE)
_FEWEST_LINKS = 3
_ALIKE = 0.8
_SENTENCE = 80


def is_dead(visit: Visit, asked: str, fetched: Fetched) -> bool:
    """Whether a section's address leads nowhere: missing, led home, or a page that says it is none."""
    if fetched.page is None:
        return fetched.missing
    astray = visit.leads_home(fetched) and identity(asked) != visit.home
    return astray or says_missing(fetched.page)


def is_place(place: Placement, page: Page, article: Article) -> bool:
    """Whether a page without posts is the section it should be: its title or heading says so."""
    label, title = fold(place.label), fold(article.title)
    return label in fold(page.title) or label in title or (bool(title) and title in label)


def is_like_a_listing_read(visit: Visit, page: Page) -> bool:
    """Whether a page without posts is made like a listing that showed its posts, and no script may fill it.

    The same theme showed another part's posts in the page itself: this part then has none.
    """
    if may_be_filled(visit, page):
        return False
    links = {identity(link.url) for link in page.links}
    return any(len(frame) >= _FEWEST_LINKS and len(frame & links) >= _ALIKE * len(frame) for frame in visit.frames)


async def is_anybodys(visit: Visit, page: Page) -> bool:
    """Whether the portal shows the same at an address nobody ever had: then that it is empty proves nothing.

    Asked once per host and visit, and only where a page is about to prove that there is nothing.
    """
    host = host_of(page.url)
    if host not in visit.nobodys:
        nobody = nobodys(page.url)
        other = (await visit.look(nobody)).page if identity(nobody) != identity(page.url) else None
        visit.nobodys[host] = look_of(other) if other is not None else ""
    return look_of(page) == visit.nobodys[host]


def is_notice(visit: Visit, place: Placement, page: Page, article: Article) -> bool:
    """Whether a page is itself the notice that its place promises."""
    if not article.solid or (place.category is None and category_named(article.title) is None):
        return False
    return tells_something(visit, page, article)


def holds_several(visit: Visit, page: Page) -> bool:
    """Whether a page holds several notices inside itself, each with its own "Ngày đăng": it cannot be read as one.

    What other pages of the portal say too is a box beside the content, whose days are of the posts it names.
    """
    own = _own_texts(visit, page)
    days = {stamp.day for stamp in find_stamps("\n".join(own)) if stamp.kind is StampKind.PUBLISHED}
    return len(days) > 1 and sum(len(text) >= _SENTENCE for text in own) > 1


def tells_something(visit: Visit, page: Page, article: Article) -> bool:
    """Whether a page has a sentence or a file of its own; a footer is none, nor what a script has yet to fill."""
    linked = {link.url for other in visit.learnt for link in other.links}
    if any(file.url not in linked for file in article.attachments):
        return True
    return not may_be_filled(visit, page) and any(len(text) >= _SENTENCE for text in _own_texts(visit, page))


def _own_texts(visit: Visit, page: Page) -> list[str]:
    said = {clean(piece) for other in visit.learnt for piece in texts(other.root)}
    return [text for piece in texts(page.root) if (text := clean(piece)) not in said]


def may_be_filled(visit: Visit, page: Page) -> bool:
    """Whether a script that only this page has asks a server for more."""
    others = (*visit.learnt, *visit.listed)
    usual = {script.text for other in others for script in other.root.iter("script")}
    return any(_FILLS.search(script.text or "") for script in page.root.iter("script") if script.text not in usual)
