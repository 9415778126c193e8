"""Candidates from addresses alone: what a site map for robots, or a portal's own host name, says of a section."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

from auditor.reading.addresses import host_of, identity
from auditor.reading.candidates import MINIMUM, Candidate
from auditor.reading.names import SECTION, address_speaks, category_named
from auditor.reading.page import Page
from auditor.text import bare, fold

_MOST = 5
_NAME_WORDS = 7
_FEWEST_POSTS = 2
_TAIL = re.compile(r"(\.(aspx?|html?|php|jsp))?/?$", re.IGNORECASE)


def from_addresses(urls: Iterable[str]) -> tuple[Candidate, ...]:
    """The sections that addresses name, best first: their own, or the folder that several posts lie in."""
    urls = list(dict.fromkeys(urls))
    folders = Counter(folder for url in urls if (folder := _folder(url)) and _is_name(folder))
    named = {identity(url): url for url in urls if _is_name(url)}
    for folder, posts in folders.items():
        if posts >= _FEWEST_POSTS:
            named.setdefault(identity(folder), folder)
    inner = {key for key in named if any(key.startswith(f"{_TAIL.sub('', other)}/") for other in named if other != key)}
    found = [_candidate(url) for key, url in named.items() if key not in inner]
    return tuple(sorted(found, key=lambda each: (-each.score, len(each.url)))[:_MOST])


def whole_portal(page: Page) -> Candidate | None:
    """The home page as a candidate, where the portal's own name is that of the section: a portal for nothing else."""
    own_name = SECTION.match(fold(page.title))
    own_host = address_speaks(f"http://host/{host_of(page.url).partition('.')[0]}") == "reception"
    if not own_name and not own_host:
        return None
    reason = f"the portal's title '{page.title}'" if own_name else f"the portal's host {host_of(page.url)}"
    return Candidate(page.url, page.title, MINIMUM, (f"{reason} names the section",))


def headed_so(page: Page, heading: str) -> Candidate | None:
    """A page as a candidate, where its own heading or title is the section's name, whatever the way to it is called."""
    name = next((each for each in (heading, page.title) if SECTION.match(fold(each))), None)
    return Candidate(page.url, name, MINIMUM, (f"its own heading '{name}' names the section",)) if name else None


def _candidate(url: str) -> Candidate:
    label = " ".join(_words(url))
    spoken = address_speaks(url)
    reason = f"address {url} in the portal's site map for robots"
    return Candidate(url, label, MINIMUM + (spoken == "reception"), (reason,), category_named(label))


def _folder(url: str) -> str | None:
    parts = urlsplit(url)
    folder, _, _ = parts.path.rstrip("/").rpartition("/")
    return urlunsplit((parts.scheme, parts.netloc, f"{folder}/", "", "")) if folder else None


def _is_name(url: str) -> bool:
    """Whether an address ends in a section's name rather than in a post's."""
    words = _words(url)
    short = 0 < len(words) <= _NAME_WORDS and not any(word.isdigit() for word in words)
    return short and bool(address_speaks(f"http://host/{'-'.join(words)}")) and not urlsplit(url).query


def _words(url: str) -> list[str]:
    last = _TAIL.sub("", urlsplit(url).path).rpartition("/")[2]
    return re.findall(r"[a-z0-9]+", bare(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", last)))
