"""The month, and one unit of it, for a terminal.

Every text that came from a portal passes `printable`: no control sequence reaches the terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.audit.afterwards import Later, Restatement
from auditor.audit.law.finding import Finding, Ruling
from auditor.audit.month import CountedItem, MonthFigures, Tally, UnitFigures
from auditor.categories import Category
from auditor.outcomes import Verdict
from auditor.report.as_json import find_unit
from auditor.report.remedies import remedy
from auditor.report.view import GroupPart, Part, by_group
from auditor.text import printable

_ENGLISH = {
    Verdict.PUBLISHED: "published",
    Verdict.NOT_PUBLISHED: "not published",
    Verdict.NOT_OBSERVABLE: "not observable",
}


def unit_text(figures: MonthFigures, unit_key: str) -> str:
    """What may be said of one unit: verdicts, counted items, what is missing, where its sections are.

    Raises:
        InputError: the month has no such unit.
    """
    unit = find_unit(figures, unit_key)
    return _joined(
        [
            *_head(figures, unit),
            *_why_not(unit),
            "",
            *(_category(figures, unit, category) for category in Category),
            *_items(unit.items),
            *_missing(figures, unit),
            *_sections(figures, unit),
            *_law(figures, unit),
        ]
    )


def month_summary(figures: MonthFigures) -> str:
    """The month in a few lines: totals, who published, who did not, of whom nothing can be said, failed checks."""
    window = figures.window
    published = len(figures.with_verdict(Verdict.PUBLISHED))
    return _joined(
        [
            f"{figures.month}  {printable(figures.jurisdiction)}  {window.first} to {window.last}",
            *_closing(figures),
            f"total       {_sum(Part(figures.units), figures.total)}",
            *map(_group, by_group(figures)),
            f"published   {published}/{len(figures.units)} units",
            *_named("not published", figures.with_verdict(Verdict.NOT_PUBLISHED)),
            *_unobserved(figures.with_verdict(Verdict.NOT_OBSERVABLE)),
            *(f"CHECK FAILED: {printable(f'{c.check} {c.detail}')}" for c in figures.checks if not c.ok),
        ]
    )


def restatement_text(restatement: Restatement) -> str:
    """What was learnt of a closed month, with what it would do to the count."""
    now = restatement.counted + restatement.effect
    held = f"closed with {restatement.counted}; would count {now} now ({restatement.effect:+})"
    return _joined(
        [
            f"{restatement.month}  {held}; {_things(restatement.later)} learnt since",
            *(line for later in restatement.later for line in _later(later)),
            *(f"not compared: {key}: portals.yaml has it no more" for key in restatement.not_compared),
        ]
    )


def _things(later: Sequence[Later]) -> str:
    return f"{len(later)} {'thing' if len(later) == 1 else 'things'}"


def _later(later: Later) -> Iterator[str]:
    what = f"[{later.item}] {printable(later.title, 200)}" if later.item else printable(later.unit_name)
    yield f"{later.kind:<12} {later.effect:+2}  {later.unit:<24} {what}"
    yield f"{'':<17}{printable(later.before)} -> {printable(later.now)}"
    if later.url:
        yield f"{'':<17}{printable(later.url, 2000)}"


def _closing(figures: MonthFigures) -> Iterator[str]:
    closed = figures.closed
    if closed:
        made = f"{figures.local(closed.made):%Y-%m-%d %H:%M}"
        yield f"closed      by {printable(closed.by)}, {made}, digest {closed.digest[:16]}"
        yield from (f"accepted    {one.unit}: {printable(one.reason)}" for one in closed.accepted)
    for one in figures.restated:
        yield f"restated    {one.month}: {_things(one.later)} learnt since it was closed ({one.effect:+})"


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _group(group: GroupPart) -> str:
    counted = _sum(group, group.figures.tally)
    return f"{group.figures.key:<11} {counted}; {len(group.published)}/{len(group.units)} units"


def _sum(part: Part, tally: Tally) -> str:
    return "? (nothing can be said of any unit)" if part.known is None else _tally(tally)


def _tally(tally: Tally) -> str:
    if tally.change is None:
        return f"{tally.count} (nothing known of the month before)"
    doubt = "" if tally.comparable else ", not fully comparable"
    change = f"{tally.change:+}" if tally.change else "0"
    return f"{tally.count} ({change} against {tally.previous} the month before{doubt})"


def _said(verdict: Verdict) -> str:
    return f"{_ENGLISH[verdict]} ({verdict.label})"


def _head(figures: MonthFigures, unit: UnitFigures) -> Iterator[str]:
    observed, tried = unit.nights
    yield f"{printable(unit.name)}  [{unit.key}]  {printable(unit.url)}"
    yield f"{figures.month}: {figures.window.first} to {figures.window.last}, nights read in full: {observed}/{tried}"
    yield _said(unit.verdict) if unit.known is None else f"{_said(unit.verdict)}: {_tally(unit.tally)}"


def _why_not(unit: UnitFigures) -> Iterator[str]:
    if unit.verdict != Verdict.NOT_OBSERVABLE:
        return
    if unit.outcome:
        yield f"outcome: {unit.outcome} ({unit.outcome.label})"
    if unit.cause:
        yield f"cause:   {unit.cause.english} ({unit.cause.label})"
        yield f"remedy:  {remedy(unit.cause)}"
    if unit.detail:
        yield f"detail:  {printable(unit.detail)}"


def _label(figures: MonthFigures, category: Category) -> str:
    return printable(figures.labels.get(category, category.label))


def _category(figures: MonthFigures, unit: UnitFigures, category: Category) -> str:
    figure = unit.categories[category]
    name = f"{_label(figures, category)} [{category}]"
    return f"  {name:<58} {'?' if figure.known is None else figure.known:>4}  {_said(figure.verdict)}"


def _items(items: Iterable[CountedItem]) -> Iterator[str]:
    for number, item in enumerate(items):
        if number == 0:
            yield from ("", "Counted items")
        yield f"  {(item.published or 'undated')[:10]:<10}  [{item.category or '-'}] {printable(item.title, 200)}"
        yield f"              {printable(item.url, 2000)}"
        yield from (f"              {printable(note, 500)}" for note in item.notes)


def _missing(figures: MonthFigures, unit: UnitFigures) -> Iterator[str]:
    nothing = [key for key in Category if unit.categories[key].verdict == Verdict.NOT_PUBLISHED]
    unknown = [key for key in Category if unit.categories[key].verdict == Verdict.NOT_OBSERVABLE]
    no_section = [key for key in Category if key not in unit.sections]
    reasons = ("nothing published", nothing), ("not observable", unknown), ("no listing found", no_section)
    if nothing or unknown or no_section:
        yield from ("", "Missing")
    for reason, categories in reasons:
        if categories:
            yield f"  {reason + ':':<19}{'; '.join(_label(figures, category) for category in categories)}"


def _sections(figures: MonthFigures, unit: UnitFigures) -> Iterator[str]:
    if unit.sections:
        yield from ("", "Sections")
    for category, url in unit.sections.items():
        yield f"  {_label(figures, category):<44}{printable(url, 2000)}"


def _law(figures: MonthFigures, unit: UnitFigures) -> Iterator[str]:
    """What is present; then the rules: those not kept at length, the undecided with reasons, the kept by number."""
    yield from ("", "Present and in force, whenever posted")
    for category, figure in unit.categories.items():
        shown = printable(figure.standing.items[0], 2000) if figure.standing.items else ""
        yield f"  {_label(figures, category):<44}{figure.standing.present.label:<20}{shown}"
    if unit.findings:
        yield from ("", "The law and the guidance (not part of the count)")
    for finding in _ruled(unit, Ruling.VIOLATED):
        yield f"  {finding.rule}  {Ruling.VIOLATED.label}: {finding.text}"
        yield f"       asked for: {finding.expected} ({finding.basis})"
        yield f"       seen:      {printable(finding.seen)}"
        yield from (f"                  {printable(url, 2000)}" for url in finding.items)
    for finding in _ruled(unit, Ruling.CANNOT_BE_DECIDED):
        yield f"  {finding.rule}  {Ruling.CANNOT_BE_DECIDED.label}: {printable(finding.seen)}"
        yield f"       {finding.text}"
    for ruling in (Ruling.OK, Ruling.NOT_APPLICABLE):
        kept = [finding.rule for finding in _ruled(unit, ruling)]
        if kept:
            yield f"  {ruling.label}: {', '.join(kept)}"


def _ruled(unit: UnitFigures, ruling: Ruling) -> Iterator[Finding]:
    return (finding for finding in unit.findings if finding.verdict is ruling)


def _named(what: str, units: Iterable[UnitFigures]) -> Iterator[str]:
    listed = ", ".join(printable(unit.name) for unit in units)
    if listed:
        yield f"{what}: {listed}"


def _unobserved(units: Iterable[UnitFigures]) -> Iterator[str]:
    for unit in units:
        cause = f"{unit.cause.english}; {remedy(unit.cause)}" if unit.cause else "cause unknown"
        yield f"not observable: {printable(unit.name)} [{unit.key}]: {cause}"
