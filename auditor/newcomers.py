"""A portal that no file names yet: looked at once, and proposed as a unit, with frozen pages for a test case."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path

import yaml

from auditor import crawling
from auditor.context import Context
from auditor.crawl.kept import KeptPage, kept_pages
from auditor.errors import InputError
from auditor.files import write_atomic
from auditor.observation import Observation
from auditor.portals import Jurisdiction, Level, Unit, load
from auditor.portals_fields import host_of, web_address
from auditor.reading.addresses import identity
from auditor.reading.naming import key_of, level_of, site_name
from auditor.reading.page import parse
from auditor.text import json_text
from auditor.yaml_file import FieldError, Said

_MOST_LISTINGS = 5


@dataclass(frozen=True)
class Newcomer:
    """What a look at a portal proposes.

    Attributes:
        key, name: as its home page calls it. level: as that name tells it; None where it does not.
        url: the address that answered. seen: what the visit found.
        known: the key of a unit of portals.yaml with the same host, if there is one.
        cases: the folders of its frozen pages.
    """

    key: str
    name: str
    level: Level | None
    url: str
    seen: Observation
    known: str | None
    cases: tuple[Path, ...]


def look_at(context: Context, url: str, delay: float, save: Path | None) -> Newcomer:
    """Visits a portal by its address alone; stores nothing but its frozen pages.

    Args:
        context: its jurisdiction's contact is named to the portal; its units' keys are taken.
        url: the portal's home page.
        delay: seconds between two requests.
        save: where its frozen pages go; None: `new/KEY` in the data folder.

    Raises:
        InputError: no address, a folder that cannot be written, another crawl.
        InterruptedCrawlError: `context.stop` was set.
    """
    try:
        web_address(Said("URL", url))
    except FieldError as error:
        raise InputError(str(error)) from error
    with tempfile.TemporaryDirectory() as scratch:
        portals, pages = Path(scratch) / "portals.yaml", Path(scratch) / "pages"
        _write_portals(portals, context.jurisdiction, url, delay)
        strangers = load(portals)
        looking = replace(context, portals=portals, jurisdiction=strangers)
        seen = crawling.look(looking, strangers.units[0], f"units new {url}", keep=pages)
        return _proposal(context, url, seen, list(kept_pages(pages)), save)


def _write_portals(file: Path, jurisdiction: Jurisdiction, url: str, delay: float) -> None:
    """A portals.yaml of one unit; the crawler is named as for all others."""
    head = {"name": jurisdiction.name, "office": jurisdiction.office, "timezone": jurisdiction.timezone.key}
    if jurisdiction.contact:
        head["contact"] = jurisdiction.contact
    unit = {"key": "new", "name": "new", "level": "department", "url": url, "crawl": {"delay": delay}}
    record = {"jurisdiction": head, "period": {"cutoff_day": jurisdiction.cutoff_day}, "units": [unit]}
    file.write_text(yaml.safe_dump(record, allow_unicode=True), "utf-8")


def _proposal(context: Context, url: str, seen: Observation, pages: Sequence[KeptPage], save: Path | None) -> Newcomer:
    home = pages[0] if pages else None
    name = _name(home)
    level = level_of(name)
    answered = home.url if home is not None else url
    key = _free_key(key_of(name) or key_of(host_of(answered)), context.jurisdiction.units)
    folder = save or context.data.root / "new" / key
    cases = tuple(_freeze(folder, key, seen, pages))
    known = next((unit.key for unit in context.jurisdiction.units if host_of(answered) in unit.own_hosts), None)
    return Newcomer(key, name, Level(level) if level else None, answered, seen, known, cases)


def _name(home: KeptPage | None) -> str:
    if home is None:
        return ""
    return site_name(parse(home.file.read_bytes(), home.url, home.content_type))


def _free_key(key: str, units: Iterable[Unit]) -> str:
    taken = {unit.key for unit in units}
    others = (f"{key}-{number}" for number in count(2))
    return next(name for name in chain([key], others) if name not in taken)


def _freeze(folder: Path, key: str, seen: Observation, pages: Sequence[KeptPage]) -> Iterator[Path]:
    """Writes pages as test cases without facts: the first run of the tests writes those down, to be looked at."""
    for name, page, case in _cases(seen, pages):
        place = folder / f"{key}-{name}"
        try:
            place.mkdir(parents=True, exist_ok=True)
            write_atomic(place / "page.html", page.file.read_bytes())
            record = {"url": page.url, "content_type": page.content_type, **case}
            write_atomic(place / "expected.json", json_text(record, indent=1) + "\n")
        except OSError as error:
            raise InputError(f"cannot write {place} ({error.strerror}): name another folder with --save") from error
        yield place


def _cases(seen: Observation, pages: Sequence[KeptPage]) -> Iterator[tuple[str, KeptPage, dict[str, str]]]:
    """The pages worth a case: the home page, listings, and one post."""
    by_address = {identity(page.url): page for page in pages}
    if pages:
        yield "home", pages[0], {"read": "home"}
    listings = dict.fromkeys(identity(each.listing) for each in seen.listings)
    found = [by_address[address] for address in listings if address in by_address][:_MOST_LISTINGS]
    for number, page in enumerate(found, 1):
        yield f"listing-{number}", page, {"read": "listing"}
    post = next((item for item in seen.items if item.opened and identity(item.url) in by_address), None)
    if post is not None:
        yield "post", by_address[identity(post.url)], {"read": "article", "expected": post.title}
