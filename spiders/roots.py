"""Where a visit begins: the section that portals.yaml names, else what the home page leads to."""

from __future__ import annotations

from http import HTTPStatus

from auditor.outcomes import Cause
from auditor.reading import navigation
from auditor.reading.addresses import identity
from auditor.reading.listing import are_related
from auditor.reading.navigation import Candidate
from auditor.reading.page import Page
from auditor.reading.stamps import fixtures
from auditor.text import fold
from spiders.feeds import consult
from spiders.fetching import Fetched
from spiders.platform import detected
from spiders.search import by_buttons, in_frames, in_scripts, search, search_afresh, speaks_itself
from spiders.sections import SectionWalker
from spiders.visit import Visit

_NAME_WORDS = 7


async def read_portal(visit: Visit) -> None:
    """The whole visit: finds the section, reads it, and looks for it anew where its known address is dead."""
    walker = SectionWalker(visit)
    home = await visit.fetcher.get(visit.unit.url)
    if home.page is not None:
        _learn_home(visit, home, home.page)
    known = configured(visit)
    roots = known or await _discovered(visit, home)
    await walker.walk(roots)
    dead = [root.url for root in roots if identity(root.url) in visit.dead]
    if dead and (known or len(dead) == len(roots)):
        await walker.walk(await search_afresh(visit, dead[0]))
    await consult(visit)


def configured(visit: Visit) -> tuple[Candidate, ...]:
    """What portals.yaml names: the section, and listings per category; both are read where both are given."""
    unit = visit.unit
    named = [Candidate(unit.section, "Tiếp công dân", 99, ("portals.yaml",))] if unit.section else []
    named += [
        Candidate(url, category.label, 99, ("portals.yaml",), category) for category, url in unit.sections.items()
    ]
    return tuple(named)


def _learn_home(visit: Visit, home: Fetched, page: Page) -> None:
    visit.home = identity(home.url)
    visit.home_page = page
    visit.learn(page)
    visit.standing = fixtures(page)
    visit.hear_of_feeds(page, "")
    if visit.unit.platform is None:
        visit.notes.platform = detected(page)


async def _discovered(visit: Visit, home: Fetched) -> tuple[Candidate, ...]:
    """What the home page leads to; empty where that is nothing, which is noted with its cause."""
    if home.page is None:
        missing = Cause.SERVER_ERROR if home.status >= HTTPStatus.BAD_REQUEST else Cause.UNREADABLE
        visit.notes.trouble(home.cause or missing, home.detail or f"{home.asked}: no page")
        return ()
    candidates = navigation.sections(home.page, visit.hosts)
    candidates = candidates or await in_frames(visit, home.page) or await in_scripts(visit, home.page)
    candidates = candidates or await by_buttons(visit, home.page)
    found = (*speaks_itself(visit, home.page), *await _without_posts(visit, candidates))
    if not found:
        found = await _without_posts(visit, await search(visit, home.page))
    found = found or tuple(each for each in candidates if _may_be_page(each))
    visit.notes.lead(found, taken=True)
    if not found:
        visit.notes.trouble(Cause.NO_SECTION, f"{home.url}: no link to a citizen-reception section")
    return found


def _may_be_page(candidate: Candidate) -> bool:
    """Whether a page that looks like a post may be all the section there is: "Lịch tiếp công dân", one static page."""
    words = fold(candidate.label).split()
    return len(words) <= _NAME_WORDS and navigation.names_reception(candidate.label)


async def _without_posts(visit: Visit, found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates but for posts on the home page: a post taken for a section would be missing in its listing."""
    kept = []
    for candidate in found:
        if navigation.may_be_post(candidate):
            page = (await visit.look(candidate.url)).page
            if page is not None and _tells_itself_a_post(visit, page, candidate):
                visit.notes.lead([candidate], taken=False, why="left out: its own page is a post")
                continue
        kept.append(candidate)
    return tuple(kept)


def _tells_itself_a_post(visit: Visit, page: Page, candidate: Candidate) -> bool:
    """Whether a page bears the candidate's name as its heading and a date below, and lists nothing dated.

    Links to posts about petitions may be shorter than the posts' titles.
    """
    rows = visit.rows(page)
    if sum(1 for row in rows if row.stamp) > 1 and not are_related(page, rows):
        return False
    article = visit.article(page, expected=candidate.label)
    if article.stamp is None:
        return False
    named = fold(article.title).startswith(fold(candidate.label).rstrip(" .…"))
    return named or (article.solid and not navigation.names_reception(candidate.label))
