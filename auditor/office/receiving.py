"""What units report of themselves: noted one by one or from a file, and compared with ours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from auditor.audit.closing import printed_items, printed_month
from auditor.audit.reconciling import Reconciled, reconcile
from auditor.context import Context, open_decided
from auditor.errors import InputError
from auditor.office.tables_in import Faults, Line, day_of, month_of, read_table, unit_named
from auditor.store.database import Database
from auditor.store.received import Received, ReportedItem, keep_received, received_of
from auditor.text import clean
from auditor.window import Month, Window

COLUMNS = {
    "unit": ("đơn vị",),
    "month": ("tháng",),
    "date": ("ngày", "ngày văn bản"),
    "number": ("số", "số ký hiệu"),
    "count": ("số lượt",),
    "title": ("tiêu đề",),
    "url": ("đường dẫn", "link"),
}
_LONGEST = 200


def receive(context: Context, received: Received) -> None:
    """Notes one document.

    Raises:
        InputError: no such unit, no number, a day that has not come.
    """
    _check(context, received, context.window(Month.parse(received.month)))
    with Database.open(context.database) as database, database.transaction() as session:
        keep_received(session, received, context.now())


def receive_file(context: Context, file: Path) -> int:
    """Notes the documents of a file, all or none; rows of one unit, month and number are one document.

    Returns:
        How many documents.

    Raises:
        InputError: wrong rows.
    """
    faults, window = Faults(file), cache(context.window)
    documents: dict[tuple[str, str, str], Received] = {}
    for line in read_table(file, COLUMNS, ("unit", "month", "date", "number")):
        try:
            read = _document(context, line)
            _check(context, read, window(Month.parse(read.month)))
        except (InputError, ValueError) as error:
            faults.add(line, str(error))
            continue
        known = documents.get((read.unit, read.month, read.number))
        documents[read.unit, read.month, read.number] = _together(known, read) if known else read
    faults.raise_if_any()
    with Database.open(context.database) as database, database.transaction() as session:
        for document in documents.values():
            keep_received(session, document, context.now())
    return len(documents)


def reconciliation(context: Context, month: Month) -> Sequence[Reconciled]:
    """Every unit of the month: what it sent, and how that compares with what was counted.

    Raises:
        InputError: the database cannot be used.
    """
    with open_decided(context) as database, database.session() as session:
        figures = printed_month(session, context.jurisdiction, month, today=context.today)
        items = printed_items(session, context.jurisdiction, month, everything=True, today=context.today)
        sent = received_of(session, str(month))
    return [
        reconcile(unit, sent.get(unit.key), [item for item in items if item.unit == unit.key]) for unit in figures.units
    ]


def _document(context: Context, line: Line) -> Received:
    count = line["count"]
    if count and not re.fullmatch(r"[0-9]{1,6}", count):
        raise InputError(f"'{count[:40]}' is no count: write a whole number, or leave it empty")
    listed = (ReportedItem(line["title"], line["url"]),) if line["title"] or line["url"] else ()
    month, day = month_of(line["month"]), day_of(line["date"])
    unit = unit_named(context.jurisdiction, line["unit"])
    return Received(unit, str(month), day, line["number"], int(count) if count else None, listed)


def _together(known: Received, more: Received) -> Received:
    count = known.count if more.count is None else more.count
    return Received(known.unit, known.month, known.day, known.number, count, (*known.items, *more.items))


def _check(context: Context, received: Received, window: Window) -> None:
    if window.first > context.today:
        raise InputError(f"{received.month} has not begun: write the month the document reports on")
    if not context.jurisdiction.unit(received.unit).valid_in(window):
        raise InputError(f"{received.unit} is no unit of {received.month}: see valid_from and valid_to in portals.yaml")
    if not clean(received.number) or len(received.number) > _LONGEST:
        told = f"the document's number has 1 to {_LONGEST} characters"
        raise InputError(f"{told}: write it as it stands, for example 12/BC-SNV")
    if received.day > context.today:
        raise InputError(f"{received.day} has not come yet: write the document's own date")
