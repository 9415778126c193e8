"""The evidence for whoever asks: behind an item, of a unit, of a month; whether it is whole, and what may go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from auditor import operations
from auditor.audit.month import CountedItem
from auditor.audit.windows import window_of
from auditor.context import Context
from auditor.crawl.evidence.entries import Entry, Kind, bare
from auditor.crawl.evidence.files import LostError, Shelf
from auditor.crawl.evidence.manifest import all_files, day_of, digests, name_of
from auditor.crawl.evidence.verify import fault_of, faults_of
from auditor.errors import InputError
from auditor.observation import Observation
from auditor.pruning import dropped_files
from auditor.store.corrections import find_items
from auditor.store.database import Database
from auditor.store.rebuild import StoredVisit, stored_visits
from auditor.window import Month, Window


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
        visits = _seeing(session, context, window_of(session, context.jurisdiction, month), [unit.key])
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
        _held(
            context,
            visit,
            manifest,
            shelf,
            _pages(Observation.read(context.data.root / visit.source), urls),
            verify=verify,
        )
        for visit in visits
    ]


def _seeing(session: Session, context: Context, window: Window, keys: Sequence[str] | None = None) -> list[StoredVisit]:
    """The visits that may have seen something of a window."""
    zone = context.jurisdiction.timezone
    visits = stored_visits(session, keys)
    return [one for one in visits if _day(one, zone) >= window.first and one.first_day <= window.last]


def _day(visit: StoredVisit, zone: ZoneInfo) -> date:
    return visit.started.astimezone(zone).date()


def _pages(seen: Observation, urls: set[str]) -> set[str]:
    """The answers a visit read an item from."""
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
    """What each unit's evidence of a month takes; with `verify`, what is wrong with it.

    A month's evidence is that of the visits made in its window, and of later ones that read down into it: all that its
    figures may rest on. So a visit may serve two months.
    """
    window, serving = _serving(context, month)
    files: defaultdict[str, list[Path]] = defaultdict(list)
    for file in all_files(context.data.evidence):
        if file in serving or day_of(file) in window:
            files[file.parent.name].append(file)
    manifest = digests(context.data.evidence)
    return [_share(unit, found, manifest, verify=verify) for unit, found in files.items()]


def _serving(context: Context, month: Month) -> tuple[Window, set[Path]]:
    """The month's window, and the evidence files of the visits that may have seen something of it."""
    with Database.open(context.database) as database, database.session() as session:
        window = window_of(session, context.jurisdiction, month)
        visits = _seeing(session, context, window)
    return window, {context.data.evidence_of(each.source, each.unit) for each in visits}


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
    """The files of a month that a manifest names and that are neither there nor were dropped."""
    root = context.data.evidence
    window, files = _serving(context, month)
    serving = {name_of(file) for file in files}
    of_month = [name for name in digests(root) if name in serving or day_of(Path(name)) in window]
    dropped = {each["file"] for each in dropped_files(context)}
    return [name for name in of_month if name not in dropped and not (root / name).exists()]


@dataclass(frozen=True)
class Proven:
    """How many counted posts of a month were looked at; `faults`: of those without the answers they were read from."""

    posts: int
    faults: tuple[str, ...]


def posts_proven(context: Context, month: Month) -> Proven:
    """Whether each counted post of a month has the answers that showed it first, whole, in the evidence."""
    items = operations.items(context, month)
    with Database.open(context.database) as database, database.session() as session:
        sources = {(each.unit, each.started): each for each in stored_visits(session)}
    look = _Look(context)
    faults = []
    for item in items:
        visit = sources.get((item.unit, datetime.fromisoformat(item.first_seen)))
        why = look.fault(item, visit) if visit else "the visit that saw it first is not known any more"
        if why:
            faults.append(f"{item.unit} {item.url}: {why}")
    return Proven(len(items), tuple(faults))


class _Look:
    """Looks at the answers behind posts; what was read once is remembered."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._shelf = cache(lambda unit: Shelf(context.data.evidence / unit))
        self._fault = cache(fault_of)
        self._seen = cache(Observation.read)

    def fault(self, item: CountedItem, visit: StoredVisit) -> str:
        """What is wrong with the answers that a visit read a post from; "" for nothing."""
        file = self._context.data.evidence_of(visit.source, visit.unit)
        shelf = self._shelf(visit.unit)
        try:
            pages = _pages(self._seen(self._context.data.root / visit.source), {item.url, *item.also_at})
            answers = [entry for entry in shelf.index_of(file) if entry.url in pages]
        except InputError as error:
            return str(error)
        if not answers:
            return f"{file} does not hold the page it was read from"
        return next(filter(None, (self._fault(file, entry, shelf) for entry in answers)), "")
