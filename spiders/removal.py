"""Asks after posts that no listing shows any more: is what stood at their own address gone?

Only a complete visit asks: elsewhere a silent listing says nothing. "Gone" is 404 or 410, a page that says there is
nothing at its address, or one that the portal gives for an address nobody ever had as well (a soft 404). A page with
the post's title is the post; whatever else is answered is unclear, and proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit

from auditor.observation import Missing, PostCheck, Presence
from auditor.outcomes import Outcome
from auditor.reading.addresses import host_of, identity
from auditor.reading.page import Page
from auditor.reading.quality import says_missing
from auditor.text import fold
from spiders.fetching import Fetched
from spiders.visit import Visit

MOST = 20
"""Posts asked after in one visit."""
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_NOBODY = "987654321"
_TITLE = 60
_CHANGES = re.compile(r"\d+")


async def ask_after(visit: Visit, missing: Sequence[Missing]) -> None:
    """Notes what the addresses of missing posts say; those the visit saw after all are not asked for."""
    if not missing or visit.notes.observation(0).outcome is not Outcome.COMPLETE:
        return
    unseen = [post for post in missing if visit.notes.key(post.url) not in visit.notes.items]
    for post in [each for each in unseen if host_of(each.url) in visit.hosts][:MOST]:
        fetched = await visit.fetcher.get(post.url)
        presence = _presence(fetched, post) or await _against_nobody(visit, fetched)
        visit.notes.checks.append(PostCheck(post.url, presence, fetched.status))


def _presence(fetched: Fetched, post: Missing) -> Presence | None:
    """What an answer says by itself; None where it has to be held against that for an address nobody has."""
    if fetched.cause is not None:
        return Presence.UNCLEAR
    if fetched.page is None:
        return Presence.GONE if fetched.status in _GONE else Presence.UNCLEAR
    title = fold(post.title)[:_TITLE]
    if title and title in fold(f"{fetched.page.title} {fetched.page.text}"):
        return Presence.THERE
    return Presence.GONE if says_missing(fetched.page) else None


async def _against_nobody(visit: Visit, fetched: Fetched) -> Presence:
    """Whether the portal answers the same for an address that nobody ever had."""
    nobody = nobodys(fetched.asked)
    other = await visit.look(nobody)
    if fetched.page is None or other.page is None or identity(fetched.asked) == identity(nobody):
        return Presence.UNCLEAR
    led_away = identity(fetched.url) != identity(fetched.asked)
    same = led_away and identity(fetched.url) == identity(other.url)
    return Presence.GONE if same or look_of(fetched.page) == look_of(other.page) else Presence.UNCLEAR


def look_of(page: Page) -> str:
    """What a page shows, without what changes from moment to moment."""
    return _CHANGES.sub("", fold(f"{page.title} {page.text}"))


def nobodys(url: str) -> str:
    """An address of the same kind that nobody has: another number in the query, else another name.

    >>> nobodys("http://a.gov.vn/Default.aspx?tabid=5&id=17")
    'http://a.gov.vn/Default.aspx?tabid=5&id=987654321'
    >>> nobodys("http://a.gov.vn/lich/bai-17.html")
    'http://a.gov.vn/lich/khong-co-987654321.html'
    """
    parts = urlsplit(url)
    numbers = list(_CHANGES.finditer(parts.query))
    if numbers:
        last = numbers[-1]
        return urlunsplit(parts._replace(query=parts.query[: last.start()] + _NOBODY + parts.query[last.end() :]))
    folder, _, name = parts.path.rstrip("/").rpartition("/")
    stem, dot, kind = name.rpartition(".")
    ending = f"{dot}{kind}" if stem else ""
    slash = "/" if parts.path.endswith("/") else ""
    return urlunsplit(parts._replace(path=f"{folder}/khong-co-{_NOBODY}{ending}{slash}"))
