"""Looking for the section where the home page does not name it, or where its known address is dead."""

from __future__ import annotations

from urllib.parse import urljoin

from auditor.outcomes import Cause
from auditor.reading import navigation
from auditor.reading.addresses import host_of, identity
from auditor.reading.choices import way_by_button
from auditor.reading.frames import frames_of
from auditor.reading.navigation import Candidate
from auditor.reading.page import Page
from auditor.reading.sitemaps import read_sitemap
from spiders.fetching import Ask
from spiders.frames import read_frames
from spiders.scripted import ScriptReader
from spiders.visit import Visit

_MOST_BUTTONS = 2
_MOST_MAPS = 3
"""Parts of a site map that comes in several files."""


async def in_frames(visit: Visit, home: Page) -> tuple[Candidate, ...]:
    """The sections that the frames of the home page lead to: its menu stands in one of them."""
    frames, unread = await read_frames(visit, home)
    for frame in frames:
        visit.learn(frame)
    found = {identity(each.url): each for frame in frames for each in navigation.sections(frame, visit.hosts)}
    if not found:
        for why in unread:
            visit.notes.trouble(Cause.LISTING_LOST, why)
    return tuple(sorted(found.values(), key=lambda candidate: candidate.score, reverse=True))


async def in_scripts(visit: Visit, home: Page) -> tuple[Candidate, ...]:
    """The sections that the home page's scripts show: its menu is built of data."""
    menu = await ScriptReader(visit).menus(home)
    if not menu.links:
        return ()
    visit.learn(menu)
    return navigation.sections(menu, visit.hosts)


async def by_buttons(visit: Visit, home: Page) -> tuple[Candidate, ...]:
    """The section that a button of the home page's menu leads to, where the server then names its address."""
    for name, ask in way_by_button(home)[:_MOST_BUTTONS]:
        fetched = await visit.fetcher.ask(Ask(ask.url, ask.form, ask.headers, ask.json, ask.kind))
        if fetched.page is not None and identity(fetched.url) != visit.home:
            return (Candidate(fetched.url, name, navigation.MINIMUM, (f"the button '{name}' leads there",)),)
    return ()


async def search(visit: Visit, home: Page) -> tuple[Candidate, ...]:
    """Looks on the pages that may lead to a section the home page does not name, then in the site map for robots.

    The frames of the home page are read by now.
    """
    framed = {identity(frame.url) for frame in frames_of(home, visit.hosts)}
    troubles = list(visit.notes.troubles)
    for way in navigation.ways_round(home, visit.hosts):
        if identity(way.url) in framed:
            continue
        fetched = await visit.get(way.url)
        if fetched.page is None:
            if not fetched.missing:
                visit.notes.trouble(fetched.cause or Cause.SERVER_ERROR, fetched.detail)
            continue
        visit.learn(fetched.page)
        found = visit.without_read(navigation.sections(fetched.page, visit.hosts))
        found = tuple(candidate for candidate in found if not navigation.may_be_post(candidate)) or found
        found = found or _itself(visit, fetched.page)
        if found:
            visit.notes.troubles[:] = troubles
            return found
    found = visit.without_read(navigation.from_addresses(await _mapped(visit)))
    if found:
        visit.notes.troubles[:] = troubles
    return found


def _itself(visit: Visit, page: Page) -> tuple[Candidate, ...]:
    """A page on the way as the section, where its heading says so and it lists something: "Công dân" in a footer."""
    article = visit.article(page)
    own = navigation.headed_so(page, article.title)
    lists = own and (visit.rows(page) or navigation.parts(page, visit.hosts, frozenset(visit.known)))
    return (own,) if own and lists and article.stamp is None else ()


async def _mapped(visit: Visit) -> list[str]:
    """The addresses of the unit's own hosts in its site map; what cannot be had is no trouble, for few have one."""
    waiting, found = [urljoin(visit.unit.url, "/sitemap.xml")], []
    for asked in range(_MOST_MAPS + 1):
        if asked >= len(waiting):
            break
        fetched = await visit.fetcher.ask(Ask(waiting[asked], kind="data"))
        for entry in read_sitemap(fetched.body or b"", fetched.url):
            if host_of(entry.url) not in visit.hosts:
                continue
            if entry.is_map:
                waiting.append(entry.url)
            else:
                found.append(entry.url)
    return found


async def search_afresh(visit: Visit, dead: str) -> tuple[Candidate, ...]:
    """Looks for the section anew, because the address it is known by is dead; what is found is noted as a proposal."""
    if visit.home_page is None:
        return ()
    found = visit.without_read(navigation.sections(visit.home_page, visit.hosts))
    found = tuple(candidate for candidate in found if not navigation.may_be_post(candidate))
    found = found or await search(visit, visit.home_page)
    if found:
        detail = f"{dead}: dead; '{found[0].label}' was found instead: {found[0].url}"
        visit.notes.troubles.insert(0, (Cause.SECTION_MOVED, detail))
        visit.notes.lead(found, taken=True)
    return found


def speaks_itself(visit: Visit, home: Page) -> tuple[Candidate, ...]:
    """The home page as the section, where the whole portal is about receiving citizens."""
    candidate = navigation.whole_portal(home)
    return (candidate,) if candidate and identity(candidate.url) == visit.home else ()
