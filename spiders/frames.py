"""Framesets and iframes: the page that holds a listing, a menu or a post is read in place of the one that frames it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from lxml import etree

from auditor.reading.addresses import identity
from auditor.reading.frames import Frame, foreign_frames, frames_of, is_frameset
from auditor.reading.listing import says_empty
from auditor.reading.page import Page
from spiders.visit import Visit

DEEPEST = 3
"""Frames within frames within frames."""
MOST = 12
"""Frames read for one page, at all depths."""


@dataclass(frozen=True)
class Framed:
    """A page and what its frames hold.

    Attributes:
        page: what lists or tells something: the page itself, or a frame in its place, under the title of both.
        frames: every frame read; their menus lead on as the page's own do.
        unread: why something of the page may not have been read, one line each.
    """

    page: Page
    frames: tuple[Page, ...] = ()
    unread: tuple[str, ...] = ()


async def with_frames(visit: Visit, page: Page) -> Framed:
    """A section's page with its frames, which are asked for only where the page itself lists nothing."""
    if not frames_of(page, visit.hosts) and not _foreign(visit, page):
        return Framed(page)
    if not is_frameset(page) and visit.rows(page):
        return Framed(page)
    frames, unread = await read_frames(visit, page)
    chosen = _listing(visit, page, frames)
    told = (
        f"what the frame from {host} holds is not read: see hosts in portals.yaml" for host in _foreign(visit, page)
    )
    return Framed(_titled(chosen, page), frames, (*unread, *told))


async def post_with_frames(visit: Visit, page: Page) -> Page:
    """A post's page, or the frame that holds the post where the page itself tells nothing."""
    if not frames_of(page, visit.hosts) or (not is_frameset(page) and visit.article(page).solid):
        return page
    frames, _ = await read_frames(visit, page)
    solid = [frame for frame in frames if visit.article(frame).solid]
    return max(solid, key=lambda frame: len(frame.text), default=page)


async def read_frames(visit: Visit, page: Page) -> tuple[tuple[Page, ...], tuple[str, ...]]:
    """Every frame of a page, those for the content first, and why some could not be read; loops end by themselves."""
    seen = {identity(page.url)}
    queue = deque((frame, 1) for frame in frames_of(page, visit.hosts))
    pages: list[Page] = []
    unread: list[str] = []
    while queue:
        frame, depth = queue.popleft()
        if identity(frame.url) in seen:
            continue
        if len(seen) > MOST or depth > DEEPEST:
            unread.append(f"{frame.url}: frames within frames, not read")
            continue
        seen.add(identity(frame.url))
        inner, why = await _read(visit, frame)
        if inner is None:
            unread.extend([why] if why else [])
            continue
        seen.add(identity(inner.url))
        pages.append(inner)
        queue.extend((each, depth + 1) for each in frames_of(inner, visit.hosts))
    return tuple(pages), tuple(unread)


async def _read(visit: Visit, frame: Frame) -> tuple[Page | None, str]:
    fetched = await visit.fetcher.get(frame.url)
    if fetched.page is not None and not visit.leads_home(fetched):
        return fetched.page, ""
    if fetched.page is None and fetched.cause is None and fetched.content_type and not fetched.missing:
        return None, ""  # a file shown in a frame is no page
    return None, fetched.detail or f"{fetched.asked}: the frame leads home"


def _foreign(visit: Visit, page: Page) -> list[str]:
    """Hosts of foreign frames that no other page has: what stands on every page is furniture."""
    usual = {host for other in visit.learnt for host in foreign_frames(other, visit.hosts)}
    return [host for host in foreign_frames(page, visit.hosts) if host not in usual]


def _listing(visit: Visit, page: Page, frames: tuple[Page, ...]) -> Page:
    """The page that lists most, dated posts before undated; where none lists anything, the one that tells something."""
    best = max((page, *frames), key=lambda each: _worth(visit, each))
    if _worth(visit, best) > (0, 0):
        return best
    own = () if is_frameset(page) else (page,)
    telling = [each for each in (*own, *frames) if visit.article(each).solid]
    empty = [each for each in (*own, *frames) if says_empty(each)]
    return next(iter([*telling, *empty, *own, *frames]), page)


def _worth(visit: Visit, page: Page) -> tuple[int, int]:
    rows = visit.rows(page)
    return sum(1 for row in rows if row.stamp), len(rows)


def _titled(chosen: Page, outer: Page) -> Page:
    """The chosen frame under the title of the page it stands in, which says what place it is."""
    if chosen is outer or not outer.title:
        return chosen
    title = next(chosen.root.iter("title"), None)
    if title is None:
        title = etree.SubElement(chosen.root, "title")
    title.text = f"{outer.title} - {chosen.title}" if chosen.title else outer.title
    return Page(chosen.url, chosen.root, chosen.cut)
