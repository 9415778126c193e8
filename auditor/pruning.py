"""What may go of the evidence, and what may not: nothing that the figures of any month rest on."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from sqlalchemy.orm import Session

from auditor.audit.closing import printed_month
from auditor.audit.month import CountedItem
from auditor.audit.windows import window_of
from auditor.context import Context
from auditor.crawl import lock
from auditor.crawl.evidence.entries import Kind
from auditor.crawl.evidence.files import REMEMBERED, LostError, Shelf
from auditor.crawl.evidence.manifest import all_files, complete, day_of, digests, name_of
from auditor.files import write_atomic
from auditor.store.database import Database
from auditor.store.rebuild import StoredVisit, stored_visits
from auditor.window import Month

PRUNED = "pruned.jsonl"
"""In the evidence folder: which files were dropped, when, and what their SHA-256 was."""
MEGABYTE = 1_000_000

Cited = set[tuple[str, datetime]]
"""Visits, by unit and start."""


def cited(session: Session, context: Context) -> Cited:
    """The visits that figures rest on, in every month since the first visit; of a closed month, as it was closed.

    Of each unit and month: the visit that proves its verdict, or where there is none the last one, whose cause the
    report names; the visits it cites; the first visit that saw each counted item, and those that prove what is noted of
    it.
    """
    jurisdiction, found = context.jurisdiction, Cited()
    visits = stored_visits(session)
    if not visits:
        return found
    zone = jurisdiction.timezone
    of_unit: defaultdict[str, list[StoredVisit]] = defaultdict(list)
    for visit in visits:
        of_unit[visit.unit].append(visit)
    month = Month.containing(min(visit.first_day for visit in visits), jurisdiction.cutoff_day)
    while window_of(session, jurisdiction, month).first <= context.today:
        figures = printed_month(session, jurisdiction, month, today=context.today)
        window = figures.window
        for unit in figures.units:
            found.update((unit.key, instant) for item in unit.items for instant in _proving(item))
            found.update((unit.key, citation.started) for citation in unit.cited)
            deep = [
                visit.started
                for visit in of_unit[unit.key]
                if visit.first_day <= window.first and visit.started.astimezone(zone).date() >= window.first
            ]
            found.update((unit.key, each) for each in [unit.proof or max(deep, default=None)] if each)
        month = month.following()
    return found


def _proving(item: CountedItem) -> Iterator[datetime]:
    """The visits that an item, and what is noted of it, rest on."""
    late, gone = item.backdated, item.removed
    instants = [item.first_seen, *([late.absent] if late else []), *((*gone.absent, gone.checked) if gone else ())]
    yield from map(datetime.fromisoformat, instants)


@dataclass(frozen=True)
class Pruned:
    """What was dropped: files, and their bytes; and the bytes that stay."""

    files: Sequence[str]
    bytes: int
    left: int


def prune(context: Context, *, older_than: int | None, at_most: int | None) -> Pruned:
    """Drops evidence files that no figure rests on and no kept file refers to, oldest first.

    Args:
        context: where.
        older_than: days; younger files stay. None: no limit of age.
        at_most: bytes of all evidence; nothing more is dropped once it fits. None: whatever is old enough goes.

    Raises:
        InputError: the database cannot be used; a crawl is going on.
    """
    context.data.make()
    before = context.today - timedelta(days=older_than or 0)
    total = total_size(context)
    fits = at_most is not None and total <= at_most
    if fits or not any(day_of(file) < before for file in all_files(context.data.evidence)):
        return Pruned([], 0, total)
    with lock.hold(context.data.lock, "evidence", context.now()):
        with Database.open(context.database) as database, database.session() as session:
            wanted = cited(session, context)
            visits = [visit for visit in stored_visits(session) if (visit.unit, visit.started) in wanted]
        keep = {context.data.evidence_of(visit.source, visit.unit) for visit in visits}
        complete(context.data.evidence, context.month_of)
        return _drop(context, keep, older_than, at_most)


def keep_limits(context: Context) -> Pruned | None:
    """Drops what portals.yaml's `service` says need not be kept; None where it sets no limit, or nothing is over it.

    Raises:
        InputError: as `prune`.
    """
    limits = context.jurisdiction.service
    days, room = limits.evidence_days, limits.evidence_mb
    if days is None and room is None:
        return None
    gone = [prune(context, older_than=days, at_most=None)] if days is not None else []
    if room is not None and total_size(context) > room * MEGABYTE:
        gone.append(prune(context, older_than=None, at_most=room * MEGABYTE))
    return Pruned([name for each in gone for name in each.files], sum(each.bytes for each in gone), total_size(context))


def total_size(context: Context) -> int:
    """Bytes of all evidence."""
    return sum(file.stat().st_size for file in all_files(context.data.evidence))


def dropped_files(context: Context) -> list[dict[str, str]]:
    """What was ever dropped, in order: `file`, `sha256`, `dropped` (ISO instant)."""
    found = []
    for line in _lines(context.data.evidence / PRUNED):
        with suppress(ValueError):  # a line cut short
            found.append(json.loads(line))
    return [each for each in found if isinstance(each, dict) and "file" in each]


def _drop(context: Context, keep: set[Path], older_than: int | None, at_most: int | None) -> Pruned:
    files = all_files(context.data.evidence)
    sizes = {file: file.stat().st_size for file in files}
    total = sum(sizes.values())
    before = context.today - timedelta(days=older_than or 0)
    old = {file for file in files if file not in keep and day_of(file) < before}
    needed = _needed(files, old)
    dropped: list[Path] = []
    for file in sorted(old - needed, key=lambda file: (day_of(file), file)):
        if at_most is not None and total <= at_most:
            break
        dropped.append(file)
        total -= sizes[file]
    needed = _needed(files, set(dropped))
    dropped = [file for file in dropped if file not in needed]
    _note_dropped(context, dropped)
    for file in dropped:
        file.unlink()
    gone = sum(sizes[file] for file in dropped)
    return Pruned([name_of(file) for file in dropped], gone, sum(sizes.values()) - gone)


def _needed(files: Sequence[Path], going: set[Path]) -> set[Path]:
    """Of the files that are to go, those that hold what one that stays refers to.

    A file refers to no earlier one than `REMEMBERED` before it, so that years of nights are not read each night. A file
    that cannot be read needs all of its unit's, to be safe.
    """
    needed: set[Path] = set()
    for folder, of_unit in groupby(files, key=lambda file: file.parent):
        unit = list(of_unit)
        last = max((place for place, file in enumerate(unit) if file in going), default=None)
        if last is None:
            continue
        first = next(place for place, file in enumerate(unit) if file in going)
        shelf = Shelf(folder)
        for file in unit[first : last + REMEMBERED + 1]:
            if file not in going:
                needed |= _referred(shelf, file) & going
    return needed


def _referred(shelf: Shelf, file: Path) -> set[Path]:
    try:
        return {shelf.holder(file, entry) for entry in shelf.index_of(file) if entry.kind is Kind.REVISIT}
    except LostError:
        return set(file.parent.glob("*"))


def _note_dropped(context: Context, files: Sequence[Path]) -> None:
    """Writes down what is about to go."""
    place = context.data.evidence / PRUNED
    known = digests(context.data.evidence)
    when = context.now().isoformat(timespec="seconds")
    lines = [json.dumps({"file": name_of(file), "sha256": known[name_of(file)], "dropped": when}) for file in files]
    if lines:
        write_atomic(place, "".join(f"{line}\n" for line in (*_lines(place), *lines)))


def _lines(file: Path) -> list[str]:
    return file.read_text("utf-8", "replace").splitlines() if file.exists() else []
