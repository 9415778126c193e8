"""A unit's evidence files, and how a body is found in them.

A file `2019-11-20-010203.warc.gz` holds one visit. Of an answer that a file of the unit holds already, the same body to
the same request, it has a revisit record only, which says what differs: the time, and whatever else does.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from auditor.crawl.evidence.entries import Entry, Kind, bare
from auditor.crawl.evidence.warc import DAMAGE, Reader, Record, digest_of, head_key
from auditor.errors import InputError
from auditor.observation import EVIDENCE_SUFFIX

SUFFIX = EVIDENCE_SUFFIX
VISIT = "urn:auditor:visit:"
"""Begins the address of the record that tells of the visit as a whole; the unit's key follows."""
OF_ALL = "urn:"
"""Begins the addresses of records that are of no request."""
REMEMBERED = 62
"""Earlier files of a unit, two months of nights, whose bodies are not written again."""
_QUARTER = timedelta(minutes=15)


class LostError(InputError):
    """A body, or a file, that should be in the evidence and is not there, or not as it was written."""


def stem(file: Path) -> str:
    """The name of a file within its unit's folder."""
    return file.name.removesuffix(SUFFIX)


def files_in(folder: Path) -> list[Path]:
    """The evidence files of a unit's folder, oldest first."""
    return sorted(folder.glob(f"[!.]*{SUFFIX}"))


def bodies_of(folder: Path) -> dict[tuple[str, str], Entry]:
    """The answers with a body that a unit's latest files hold, by address and digest; unreadable files are left out."""
    known: dict[tuple[str, str], Entry] = {}
    for file in files_in(folder)[-REMEMBERED:]:
        try:
            entries = index_of(file)
        except LostError:
            continue
        for entry in entries:
            if entry.kind is Kind.RESPONSE and entry.size:
                known[entry.url, entry.digest] = entry
    return known


def records(file: Path) -> Iterator[Record]:
    """Every record of a file.

    Raises:
        LostError: it is missing, or damaged from some record on.
    """
    try:
        with file.open("rb") as opened:
            yield from Reader(opened)
    except DAMAGE as error:
        raise LostError(f"{file} cannot be read ({error}): put a good copy in its place") from error


def record_at(file: Path, offset: int) -> Record:
    """The record that begins at `offset`.

    Raises:
        LostError: there is none.
    """
    try:
        with file.open("rb") as opened:
            opened.seek(offset)
            return next(Reader(opened))
    except (*DAMAGE, StopIteration) as error:
        raise LostError(f"{file} has no record at {offset} ({error}): put a good copy in its place") from error


def index_of(file: Path) -> tuple[Entry, ...]:
    """What a file says of each request, in order.

    Raises:
        LostError: it is missing or damaged.
    """
    try:
        return tuple(_entries(file))
    except (ValueError, KeyError) as error:
        raise LostError(f"{file} is damaged ({error!r}): put a good copy in its place") from error


def _entries(file: Path) -> Iterator[Entry]:
    """An answer, then what was asked, in turn; the request of a revisit may be that of the record it refers to."""
    answer: Record | None = None
    for record in records(file):
        if record.kind == "request" and answer is not None:
            yield _entry(answer, record)
            answer = None
        elif record.kind in {"response", "revisit", "metadata"} and not record.url.startswith(OF_ALL):
            if answer is not None:
                yield _entry(answer, None)
            answer = record
    if answer is not None:
        yield _entry(answer, None)


def _entry(answer: Record, request: Record | None) -> Entry:
    fields, http = answer.fields, answer.kind in {"response", "revisit"}
    with_head = http and bool(answer.block)
    return Entry(
        kind=Kind(answer.kind) if http else _kind(answer),
        url=bare(answer.url),
        method=request.head.split(b" ", 1)[0].decode("latin-1") if request else "GET",
        sent=digest_of(request.body) if request and request.body else "",
        time=fields["WARC-Date"],
        status=int(answer.head.split(b" ", 2)[1]) if with_head else 0,
        digest=fields["WARC-Payload-Digest"] if http else "",
        size=len(answer.body) if answer.kind == "response" else 0,
        offset=answer.offset,
        refers=fields.get("WARC-Refers-To-Date", ""),
        head=head_key(answer.head) if with_head else "",
        request=digest_of(request.head) if request else "",
    )


def _kind(answer: Record) -> Kind:
    return Kind.FAULT if "fault" in json.loads(answer.block) else Kind.LEFT


def facts_of(file: Path) -> dict[str, Any]:
    """What the file says of the visit as a whole: its last record.

    Raises:
        LostError: it says nothing.
    """
    for record in records(file):
        if record.url.startswith(VISIT):
            try:
                facts = json.loads(record.block)
            except ValueError as error:
                raise LostError(f"{file} is damaged ({error}): put a good copy in its place") from error
            if isinstance(facts, dict):
                return facts
    raise LostError(f"{file} does not say what visit it is of: put a good copy in its place")


class Shelf:
    """The evidence files of one unit, to look up bodies in; what was read of them is remembered."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.index_of = cache(index_of)
        self._files = files_in(folder)

    def whole(self, file: Path, entry: Entry) -> tuple[bytes, bytes]:
        """The head and the body of an answer, from wherever they stand.

        Raises:
            LostError: they are not there, or are others.
        """
        own = record_at(file, entry.offset)
        if entry.kind is Kind.RESPONSE:
            head, body = own.head, own.body
        else:
            holder, original = self._original(file, entry)
            first = record_at(holder, original.offset)
            head, body = own.head if own.block else first.head, first.body
        if digest_of(body) != entry.digest:
            raise LostError(f"{file}: the body of {entry.url} is not the one that was kept")
        return head, body

    def status(self, file: Path, entry: Entry) -> int:
        """The status of an answer; 0 where there was none.

        Raises:
            LostError: it is that of another record, which is not there.
        """
        return entry.status or (self._original(file, entry)[1].status if entry.kind is Kind.REVISIT else 0)

    def holder(self, file: Path, entry: Entry) -> Path:
        """The file that holds the body of an answer.

        Raises:
            LostError: none does.
        """
        return file if entry.kind is not Kind.REVISIT else self._original(file, entry)[0]

    def _original(self, file: Path, entry: Entry) -> tuple[Path, Entry]:
        for other in self._nearest(file, entry):
            try:
                entries = self.index_of(other)
            except LostError:
                continue
            for each in entries:
                if each.kind is Kind.RESPONSE and (each.time, each.digest) == (entry.refers, entry.digest):
                    return other, each
        raise LostError(f"{file}: the body of {entry.url}, kept at {entry.refers}, is in none of the unit's files")

    def _nearest(self, file: Path, entry: Entry) -> list[Path]:
        """The unit's files, first that of the visit which the instant is of, as far as names tell."""
        told, named = entry.instant.replace(tzinfo=None), _named(file)
        if named is None:
            return self._files
        zone = round((named - told) / _QUARTER) * _QUARTER
        wanted = datetime.fromisoformat(entry.refers).replace(tzinfo=None) + zone + timedelta(seconds=1)
        place = bisect_right([stem(each) for each in self._files], f"{wanted:%Y-%m-%d-%H%M%S}~")
        return [*reversed(self._files[:place]), *self._files[place:]]


def _named(file: Path) -> datetime | None:
    """When the visit of a file began, as its name says it: the jurisdiction's time."""
    try:
        return datetime.strptime(stem(file)[:17], "%Y-%m-%d-%H%M%S")  # noqa: DTZ007 - the zone is what is looked for
    except ValueError:
        return None
