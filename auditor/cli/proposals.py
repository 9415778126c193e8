"""What a visit found of a unit's section, in words, and as lines that portals.yaml may take over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from auditor.observation import Lead, Observation
from auditor.portals_fields import web_address
from auditor.reading.addresses import MAX_LENGTH
from auditor.text import printable
from auditor.yaml_file import FieldError, Said

_MOST_LEADS = 12


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
