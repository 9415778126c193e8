"""The evidence for whoever asks: behind an item, of a unit, of a month; whether it is whole, and what may go."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from auditor.audit.closing import printed_month
from auditor.audit.month import CountedItem
from auditor.crawl import lock
from auditor.crawl.evidence.entries import Entry, Kind, bare
from auditor.crawl.evidence.files import LostError, Shelf
from auditor.crawl.evidence.manifest import all_files, complete, day_of, digests, name_of
from auditor.crawl.evidence.verify import fault_of, faults_of
from auditor.files import write_atomic
from auditor.observation import Observation
from auditor.operations import Context
from auditor.store.corrections import find_items
from auditor.store.database import Database
from auditor.store.rebuild import StoredVisit, stored_visits
from auditor.window import Month

PRUNED = "pruned.jsonl"
"""In the evidence folder: which files were dropped, when, and what their SHA-256 was."""


@dataclass(frozen=True)
class Held:
    """The evidence of one visit.

    Attributes:
        file: None where the visit left none. sha256: as the manifest has it, "" for none.
        answers: those in question: of the visit, or behind the item. bytes: of the file.
        faults: what is wrong; empty where nothing is, or where nobody asked to verify.
    """

    unit: str
    started: datetime
    file: Path | None
    sha256: str
    bytes: int
    answers: tuple[Entry, ...]
    faults: tuple[str, ...] = ()


def evidence_of_unit(context: Context, month: Month, key: str, *, verify: bool = False) -> list[Held]:
    """The evidence of a unit's visits that may have seen something of the month's window, oldest first.

    Raises:
        InputError: there is no such unit; the database cannot be used.
    """
    unit = context.jurisdiction.unit(key)
    with Database.open(context.database) as database, database.session() as session:
        visits = [visit for visit in stored_visits(session, [unit.key]) if _sees(context, month, visit)]
    manifest, shelf = digests(context.data.evidence), Shelf(context.data.evidence / unit.key)
    return [_held(context, visit, manifest, shelf, None, verify=verify) for visit in visits]


def evidence_of_item(context: Context, name: str, *, verify: bool = False) -> tuple[str, list[Held]]:
    """The title of an item, and the answers behind it: of the first visit that saw it, and of the last.

    Where a visit did not note from which answers it read the item, all of its answers are given.

    Raises:
        InputError: the name means no item, or several; an observation is missing.
    """
    with Database.open(context.database) as database, database.session() as session:
        [row] = find_items(session, [name])
        title, unit, urls = row.title, row.unit, {address.url for address in row.addresses}
        meant = {row.first_observation, row.last_observation}
        visits = [visit for visit in stored_visits(session, [unit]) if visit.id in meant]
    manifest, shelf = digests(context.data.evidence), Shelf(context.data.evidence / unit)
    return title, [
        _held(context, visit, manifest, shelf, _pages(context, visit, urls), verify=verify) for visit in visits
    ]


def _sees(context: Context, month: Month, visit: StoredVisit) -> bool:
    window = month.window(context.jurisdiction.cutoff_day)
    day = visit.started.astimezone(context.jurisdiction.timezone).date()
    return day >= window.first and visit.first_day <= window.last


def _pages(context: Context, visit: StoredVisit, urls: set[str]) -> set[str]:
    """The answers a visit read an item from."""
    seen = Observation.read(context.data.root / visit.source)
    items = (item for item in seen.items if urls.intersection((item.url, *item.also_at)))
    return {bare(page) for item in items for page in item.pages}


def _held(
    context: Context,
    visit: StoredVisit,
    manifest: Mapping[str, str],
    shelf: Shelf,
    pages: set[str] | None,
    *,
    verify: bool,
) -> Held:
    file = context.data.evidence_of(visit.source, visit.unit)
    if not file.exists():
        why = "it was dropped to save room" if name_of(file) in manifest else "the visit left none"
        return Held(visit.unit, visit.started, None, "", 0, (), (why,))
    try:
        entries = shelf.index_of(file)
    except LostError as error:
        return Held(visit.unit, visit.started, file, manifest.get(name_of(file), ""), 0, (), (str(error),))
    answers = tuple(entry for entry in entries if not pages or entry.url in pages)
    faults = _faults(file, shelf, manifest, answers if pages else None) if verify else ()
    size = file.stat().st_size
    return Held(visit.unit, visit.started, file, manifest.get(name_of(file), ""), size, answers, tuple(faults))


def _faults(file: Path, shelf: Shelf, manifest: Mapping[str, str], answers: Sequence[Entry] | None) -> Iterable[str]:
    """What is wrong with a whole file; or with some of its answers, and the files that hold them."""
    if answers is None:
        return faults_of(file, shelf, manifest)
    return filter(None, (fault_of(file, entry, shelf) for entry in answers))


@dataclass(frozen=True)
class Share:
    """What a unit's evidence takes in a month: files, bytes, answers, those of them whose body stands elsewhere."""

    unit: str
    files: int
    bytes: int
    answers: int
    repeated: int
    faults: tuple[str, ...] = ()


def shares(context: Context, month: Month, *, verify: bool = False) -> list[Share]:
    """What each unit's evidence of the visits in the month's window takes; with `verify`, what is wrong with it."""
    window = month.window(context.jurisdiction.cutoff_day)
    files: defaultdict[str, list[Path]] = defaultdict(list)
    for file in all_files(context.data.evidence):
        if day_of(file) in window:
            files[file.parent.name].append(file)
    manifest = digests(context.data.evidence)
    return [_share(unit, found, manifest, verify=verify) for unit, found in files.items()]


def _share(unit: str, files: Sequence[Path], manifest: Mapping[str, str], *, verify: bool) -> Share:
    shelf = Shelf(files[0].parent)
    faults: list[str] = []
    entries: list[Entry] = []
    for file in files:
        try:
            entries += shelf.index_of(file)
            faults += faults_of(file, shelf, manifest) if verify else ()
        except LostError as error:
            faults.append(str(error))
    repeated = sum(entry.kind is Kind.REVISIT for entry in entries)
    size = sum(file.stat().st_size for file in files)
    return Share(unit, len(files), size, len(entries), repeated, tuple(faults))


def lost_files(context: Context, month: Month) -> list[str]:
    """The files of a month's manifest that are neither there nor were dropped."""
    window = month.window(context.jurisdiction.cutoff_day)
    root = context.data.evidence
    gone = [name for name in digests(root) if not (root / name).exists() and day_of(Path(name)) in window]
    dropped = {json.loads(line)["file"] for line in _lines(root / PRUNED)}
    return [name for name in gone if name not in dropped]


def _lines(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines() if file.exists() else []


# --- what may go


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
    month = Month.containing(min(visit.first_day for visit in visits), jurisdiction.cutoff_day)
    while month.window(jurisdiction.cutoff_day).first <= context.today:
        window = month.window(jurisdiction.cutoff_day)
        for unit in printed_month(session, jurisdiction, month, today=context.today).units:
            found.update((unit.key, instant) for item in unit.items for instant in _proving(item))
            found.update((unit.key, citation.started) for citation in unit.cited)
            deep = [
                visit.started
                for visit in visits
                if visit.unit == unit.key
                and visit.first_day <= window.first
                and visit.started.astimezone(zone).date() >= window.first
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
    with lock.hold(context.data.lock, "evidence", context.now()):
        with Database.open(context.database) as database, database.session() as session:
            wanted = cited(session, context)
            visits = [visit for visit in stored_visits(session) if (visit.unit, visit.started) in wanted]
        keep = {context.data.evidence_of(visit.source, visit.unit) for visit in visits}
        complete(context.data.evidence, context.month_of)
        return _drop(context, keep, older_than, at_most)


def _drop(context: Context, keep: set[Path], older_than: int | None, at_most: int | None) -> Pruned:
    files = all_files(context.data.evidence)
    sizes = {file: file.stat().st_size for file in files}
    total = sum(sizes.values())
    before = context.today - timedelta(days=older_than or 0)
    old = [file for file in files if file not in keep and day_of(file) < before]
    needed = _needed(file for file in files if file not in old)
    dropped: list[Path] = []
    for file in sorted((file for file in old if file not in needed), key=day_of):
        if at_most is not None and total <= at_most:
            break
        dropped.append(file)
        total -= sizes[file]
    needed = _needed(file for file in files if file not in dropped)
    dropped = [file for file in dropped if file not in needed]
    _note_dropped(context, dropped)
    for file in dropped:
        file.unlink()
    gone = sum(sizes[file] for file in dropped)
    return Pruned([name_of(file) for file in dropped], gone, sum(sizes.values()) - gone)


def _needed(files: Iterable[Path]) -> set[Path]:
    """The files that hold what these refer to. A file that cannot be read needs all of its unit's, to be safe."""
    needed: set[Path] = set()
    shelves: dict[Path, Shelf] = {}
    for file in files:
        shelf = shelves.setdefault(file.parent, Shelf(file.parent))
        try:
            needed.update(shelf.holder(file, entry) for entry in shelf.index_of(file) if entry.kind is Kind.REVISIT)
        except LostError:
            needed.update(file.parent.glob("*"))
    return needed


def _note_dropped(context: Context, files: Sequence[Path]) -> None:
    """Writes down what is about to go."""
    place = context.data.evidence / PRUNED
    known = digests(context.data.evidence)
    when = context.now().isoformat(timespec="seconds")
    lines = [json.dumps({"file": name_of(file), "sha256": known[name_of(file)], "dropped": when}) for file in files]
    if lines:
        write_atomic(place, "".join(f"{line}\n" for line in (*_lines(place), *lines)))
