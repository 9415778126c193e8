"""JSON and CSV for scripts: the shapes the contract promises, keys in its order."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from auditor.audit.afterwards import Closed, Restatement
from auditor.audit.law.finding import Standing
from auditor.audit.month import Check, Citation, CountedItem, MonthFigures, Tally, UnitFigures
from auditor.audit.plain import Plain, to_plain
from auditor.errors import InputError
from auditor.outcomes import Verdict
from auditor.text import clean, json_text

# What makes a spreadsheet take a text for a formula; the full-width forms do in East Asian versions.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_CSV_COLUMNS = (
    "unit",
    "published",
    "category",
    "title",
    "url",
    "counted",
    "reason",
    "confidence",
    "commune",
    "published_from",
    "why",
    "first_seen",
    "also_at",
    "attachments",
    "id",
    "corrected_by",
    "evidence",
)


def month_json(figures: MonthFigures) -> str:
    """The month's report: UTF-8 text with a line break at its end."""
    record = {
        "month": str(figures.month),
        "window": _window(figures),
        "total": _tally(figures.total),
        "groups": [{"key": str(group.key), **_tally(group.tally)} for group in figures.groups],
        "published": {"units": len(figures.with_verdict(Verdict.PUBLISHED)), "of": len(figures.units)},
        "not_published": [unit.key for unit in figures.with_verdict(Verdict.NOT_PUBLISHED)],
        "not_observable": [
            {"unit": unit.key, **_why_not(unit)} for unit in figures.with_verdict(Verdict.NOT_OBSERVABLE)
        ],
        "units": [_unit(unit) for unit in figures.units],
        "checks": [_check(check) for check in figures.checks],
        "corrections": [_correction(item) for item in figures.corrected],
        "closed": _closed(figures.closed),
        "restated": [_restatement(one) for one in figures.restated],
        "unit_changes": [to_plain(change) for change in figures.unit_changes],
        "previous_from": figures.previous_from,
        "received": list(figures.received),
    }
    return _dump(record)


def unit_json(figures: MonthFigures, unit_key: str) -> str:
    """One unit's record with the month, the window and its items; outcome and cause where it is not observable.

    Raises:
        InputError: the month has no such unit.
    """
    unit = find_unit(figures, unit_key)
    record = {
        **_unit(unit),
        "month": str(figures.month),
        "window": _window(figures),
        "items": [_item(item) for item in unit.items],
        **(_why_not(unit) if unit.verdict == Verdict.NOT_OBSERVABLE else {}),
    }
    return _dump(record)


def restatement_json(restatement: Restatement) -> str:
    """What was learnt of a closed month."""
    return _dump(_restatement(restatement))


def items_json(items: Sequence[CountedItem]) -> str:
    """An array of items."""
    return _dump([_item(item) for item in items])


def items_csv(items: Sequence[CountedItem]) -> str:
    """A table that spreadsheets open as UTF-8 (byte order mark) and in which no text can become a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(_CSV_COLUMNS)
    for item in items:
        record = _item(item)
        record["corrected_by"] = item.correction.by if item.correction else ""
        record["attachments"] = [attachment.url for attachment in item.attachments]
        writer.writerow([_csv_cell(record[column]) for column in _CSV_COLUMNS])
    return "\ufeff" + buffer.getvalue()


def find_unit(figures: MonthFigures, key: str) -> UnitFigures:
    """The month's unit with this key.

    Raises:
        InputError: there is none.
    """
    for unit in figures.units:
        if unit.key == key:
            return unit
    raise InputError(f"{figures.month} has no unit '{key}': `auditor units` lists the keys of portals.yaml")


def _dump(record: object) -> str:
    return json_text(record, indent=2) + "\n"


def _window(figures: MonthFigures) -> dict[str, str]:
    return {"from": figures.window.first.isoformat(), "to": figures.window.last.isoformat()}


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "count": tally.count,
        "previous": tally.previous,
        "change": tally.change,
        "comparable": tally.comparable,
    }


def _why_not(unit: UnitFigures) -> dict[str, str | None]:
    return {
        "outcome": str(unit.outcome) if unit.outcome else None,
        "cause": str(unit.cause) if unit.cause else None,
        "cause_label": unit.cause.label if unit.cause else None,
        "detail": unit.detail,
    }


def _unit(unit: UnitFigures) -> dict[str, Any]:
    tally = _tally(unit.tally)
    comparable = tally.pop("comparable")
    return {
        "key": unit.key,
        "level": str(unit.level),
        **tally,
        "verdict": str(unit.verdict),
        "categories": {
            str(category): {
                "count": figure.tally.count,
                "verdict": str(figure.verdict),
                "present": str(figure.standing.present),
                "in_force": _in_force(figure.standing),
            }
            for category, figure in unit.categories.items()
        },
        "sections": {str(category): url for category, url in unit.sections.items()},
        "name": unit.name,
        "comparable": comparable,
        "findings": [{**asdict(finding), "verdict": str(finding.verdict)} for finding in unit.findings],
        "nights": {"observed": unit.nights[0], "tried": unit.nights[1]},
        "observations": [_citation(citation) for citation in unit.cited],
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "started": citation.started.isoformat(),
        "outcome": str(citation.outcome),
        "cause": str(citation.cause) if citation.cause else None,
        "first_day": citation.first_day.isoformat(),
        "roles": [str(role) for role in citation.roles],
    }


def _in_force(standing: Standing) -> dict[str, Any]:
    """The posts that show a category is there, and the days they cover; null where they name none."""
    return {
        "items": list(standing.items),
        "from": standing.first.isoformat() if standing.first else None,
        "to": standing.last.isoformat() if standing.last else None,
    }


def _check(check: Check) -> dict[str, Any]:
    return {"check": check.check, "ok": check.ok, **({"detail": check.detail} if check.detail else {})}


def _closed(closed: Closed | None) -> Plain:
    """How the month was closed; null while its figures may still change."""
    return to_plain(closed) if closed else None


def _restatement(restatement: Restatement) -> dict[str, Any]:
    return {
        "month": str(restatement.month),
        "counted": restatement.counted,
        "effect": restatement.effect,
        "later": [to_plain(later) for later in restatement.later],
        "not_compared": list(restatement.not_compared),
    }


def _correction(item: CountedItem) -> dict[str, Any]:
    decided = asdict(item.correction) if item.correction else {}
    return {"id": item.id, "unit": item.unit, "url": item.url, "title": item.title, "counted": item.counted, **decided}


def _item(item: CountedItem) -> dict[str, Any]:
    record = asdict(item)
    record["category"] = str(item.category) if item.category else None
    return record


def _csv_cell(value: object) -> object:
    """Texts on one line, lists joined; a text that could be taken for a formula gets an apostrophe before it."""
    if isinstance(value, (list, tuple)):
        return _csv_cell(" | ".join(value))
    if not isinstance(value, str):
        return value
    text = clean(value)
    return f"'{text}" if value.lstrip(" ").startswith(_FORMULA_STARTS) or text.startswith(_FORMULA_STARTS) else text
