"""What a visit found of a unit's section, in words, and as lines that portals.yaml may take over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.observation import Lead, Observation
from auditor.portals import Level
from auditor.portals_fields import web_address
from auditor.reading.addresses import MAX_LENGTH
from auditor.text import printable
from auditor.yaml_file import FieldError, Said

if TYPE_CHECKING:
    from auditor.newcomers import Newcomer  # its operations need the database, which this module does not

_MOST_LEADS = 12
_LEVELS = ", ".join(Level)


def findings(seen: Observation) -> Iterator[str]:
    """What a visit found, line by line: its outcome, what may lead to the section, what was read of it."""
    cause = f": {seen.cause.english} ({printable(seen.detail)})" if seen.cause else ""
    yield f"{seen.unit} {seen.outcome}{cause}"
    if seen.platform:
        yield f"platform {seen.platform}"
    yield from _leads(seen.leads)
    for listing in seen.listings:
        label, url = printable(listing.label, 200), printable(listing.listing, MAX_LENGTH)
        yield f"- {listing.category or 'section'} '{label}' {url}"
        reasons = printable("; ".join(listing.reasons) or "no reason kept")
        yield f"  {listing.rows} posts on {listing.pages} pages; {reasons}"
    communes = Counter(item.commune for item in seen.items if item.commune)
    if communes:
        told = ", ".join(f"{printable(name, 80)} ({count})" for name, count in sorted(communes.items()))
        yield f"communes, with the posts seen of each: {told}"


def _leads(leads: tuple[Lead, ...]) -> Iterator[str]:
    for lead in leads[:_MOST_LEADS]:
        taken = "followed" if lead.taken else "left aside"
        yield f"* {lead.score:>2} '{printable(lead.label, 200)}' {printable(lead.url, MAX_LENGTH)} ({taken})"
        yield f"     {printable('; '.join(lead.reasons))}"
    if len(leads) > _MOST_LEADS:
        yield f"* and {len(leads) - _MOST_LEADS} more"


def record(found: Newcomer) -> Iterator[str]:
    """A unit's record for portals.yaml, behind what was found as comments; guesses are marked as such."""
    if found.known:
        yield f"# portals.yaml has a unit of this host already: {found.known}"
    for line in findings(replace(found.seen, unit=found.key)):
        yield f"# {line}"
    yield f"  - key: {found.key}"
    yield f"    name: {quoted(printable(found.name, 200) or found.key)}"
    yield f"    level: {found.level}" if found.level else f"    level: department  # not told by its name: {_LEVELS}"
    yield from _line("    ", "url", found.url)
    yield from snippet(found.seen.section, {str(key): url for key, url in found.seen.sections.items()})


def snippet(section: str | None, sections: Mapping[str, str]) -> Iterator[str]:
    """The lines for a unit's record; an address that portals.yaml would refuse is told in a comment instead."""
    if section:
        yield from _line("    ", "section", section)
    lines = [line for key, url in sections.items() for line in _line("      ", str(key), url)]
    if any(not line.lstrip().startswith("#") for line in lines):
        yield "    sections:"
    yield from lines


def _line(indent: str, field: str, url: str) -> Iterable[str]:
    try:
        web_address(Said(field, url))
    except FieldError:
        return [f"{indent}# {field} has an address that no file can name: {printable(url, MAX_LENGTH)}"]
    return [f"{indent}{field}: {quoted(printable(url, MAX_LENGTH))}"]


def quoted(text: str) -> str:
    """A text as YAML takes it whatever it holds."""
    return "'{}'".format(text.replace("'", "''"))
