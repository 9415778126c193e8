"""Where a visit begins: the section that portals.yaml names, else what the home page leads to."""

from __future__ import annotations

from auditor.outcomes import Cause
from auditor.reading import navigation
from auditor.reading.addresses import identity
from auditor.reading.frames import frames_of
from auditor.reading.listing import are_related
from auditor.reading.navigation import Candidate
from auditor.reading.page import Page
from auditor.text import fold
from spiders.frames import read_frames
from spiders.platform import detected
from spiders.visit import Visit


async def find_roots(visit: Visit) -> tuple[Candidate, ...]:
    """The sections to begin with; empty where there are none, which is noted with its cause."""
    unit = visit.unit
    if unit.sections:
        return tuple(
            Candidate(url, category.label, 99, ("portals.yaml",), category) for category, url in unit.sections.items()
        )
    if unit.section:
        return (Candidate(unit.section, "Tiếp công dân", 99, ("portals.yaml",)),)
    home = await visit.fetcher.get(unit.url)
    if home.page is None:
        visit.notes.trouble(home.cause or Cause.SERVER_ERROR, home.detail or f"{home.asked}: no page")
        return ()
    visit.home = identity(home.url)
    visit.learn(home.page)
    if unit.platform is None:
        visit.notes.platform = detected(home.page)
    found = navigation.sections(home.page, visit.hosts) or await _in_frames(visit, home.page)
    found = found or await _search(visit, home.page)
    found = await _without_posts(visit, found)
    if not found:
        visit.notes.trouble(Cause.NO_SECTION, f"{home.url}: no link to a citizen-reception section")
    return found


async def _without_posts(visit: Visit, found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates but for posts on the home page: a post taken for a section would be missing in its listing."""
    kept = []
    for candidate in found:
        if len(found) > 1 and navigation.may_be_post(candidate):
            page = (await visit.fetcher.get(candidate.url)).page
            if page is not None and _tells_itself_a_post(visit, page, candidate):
                continue
        kept.append(candidate)
    return tuple(kept)


def _tells_itself_a_post(visit: Visit, page: Page, candidate: Candidate) -> bool:
    """Whether a page bears the candidate's name as its heading and a date below, and lists nothing dated."""
    rows = visit.rows(page)
    if sum(1 for row in rows if row.stamp) > 1 and not are_related(page, rows):
        return False
    article = visit.article(page, expected=candidate.label)
    return article.stamp is not None and fold(article.title).startswith(fold(candidate.label).rstrip(" .…"))


async def _in_frames(visit: Visit, home: Page) -> tuple[Candidate, ...]:
    """The sections that the frames of the home page lead to: its menu stands in one of them."""
    frames, unread = await read_frames(visit, home)
    for frame in frames:
        visit.learn(frame)
    found = {identity(each.url): each for frame in frames for each in navigation.sections(frame, visit.hosts)}
    if not found:
        for why in unread:
            visit.notes.trouble(Cause.LISTING_LOST, why)
    return tuple(sorted(found.values(), key=lambda candidate: candidate.score, reverse=True))


async def _search(visit: Visit, home: Page) -> tuple[Candidate, ...]:
    """Looks on the pages that may lead to a section the home page does not name; its frames are read by now."""
    framed = {identity(frame.url) for frame in frames_of(home, visit.hosts)}
    for way in navigation.ways_round(home, visit.hosts):
        if identity(way.url) in framed:
            continue
        fetched = await visit.fetcher.get(way.url)
        if fetched.page is None:
            if not fetched.missing:
                visit.notes.trouble(fetched.cause or Cause.SERVER_ERROR, fetched.detail)
            continue
        visit.learn(fetched.page)
        found = navigation.sections(fetched.page, visit.hosts)
        if found:
            visit.notes.troubles.clear()
            return found
    return ()
