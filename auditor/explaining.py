"""What stands behind a unit's number, evidence included: for `auditor explain`."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace

from auditor import operations
from auditor.audit.explanation import Explanation, explain
from auditor.context import Context
from auditor.crawl.evidence.files import LostError, Shelf
from auditor.errors import InputError
from auditor.report.as_json import find_unit
from auditor.store.database import Database
from auditor.window import Month


def explained(context: Context, key: str, month: Month) -> Explanation:
    """A unit's line of the month, with what stands behind it.

    Raises:
        InputError: no such unit in the month; as `operations.figures`.
    """
    figures = operations.figures(context, month)
    unit = find_unit(figures, key)
    with Database.open(context.database) as database, database.session() as session:
        told = explain(session, context.jurisdiction, figures, unit, today=context.today)
    return _with_evidence(context, told)


def _with_evidence(context: Context, told: Explanation) -> Explanation:
    """What the decisive visit was answered, where its evidence is kept and can be read."""
    if told.decisive is None or not told.decisive.source:
        return told
    file = context.data.evidence_of(told.decisive.source, told.unit.key)
    if not file.exists():
        return told
    answers: Counter[str] = Counter()
    with suppress(LostError, InputError, OSError):
        shelf = Shelf(file.parent)
        for entry in shelf.index_of(file):
            answers[str(shelf.status(file, entry) or entry.kind)] += 1
    return replace(told, evidence=str(file), answers=tuple(sorted(answers.items())))
