"""Whether evidence is what was written: every record, every body referred to, and the file as the manifest has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from auditor.crawl.evidence.entries import Entry, Kind
from auditor.crawl.evidence.files import LostError, Shelf, records
from auditor.crawl.evidence.manifest import name_of, sha256_of


def faults_of(file: Path, shelf: Shelf, manifest: Mapping[str, str]) -> list[str]:
    """What is wrong with a file; nothing, where it is whole.

    Args:
        file: the evidence file.
        shelf: of the unit's evidence, with the bodies that the file refers to.
        manifest: what the manifests say.
    """
    try:
        return [*_of_file(file, manifest), *_of_records(file), *_of_bodies(file, shelf)]
    except LostError as error:
        return [str(error)]
    except OSError as error:
        return [f"{file} cannot be read ({error.strerror})"]


def _of_file(file: Path, manifest: Mapping[str, str]) -> Iterator[str]:
    told = manifest.get(name_of(file))
    if told is None:
        yield f"{file} stands in no manifest"
    elif told != sha256_of(file):
        yield f"{file} is not the file that the manifest names: its SHA-256 is another"


def _of_records(file: Path) -> Iterator[str]:
    for record in records(file):
        if not record.is_whole:
            yield f"{file}: the record at {record.offset} is not what its digests say"


def _of_bodies(file: Path, shelf: Shelf) -> Iterator[str]:
    for entry in shelf.index_of(file):
        if fault := fault_of(file, entry, shelf):
            yield fault


def fault_of(file: Path, entry: Entry, shelf: Shelf) -> str:
    """What is wrong with one answer; "" where it is whole, or where there was none."""
    if entry.kind in {Kind.FAULT, Kind.LEFT}:
        return ""
    try:
        shelf.whole(file, entry)
    except LostError as error:
        return str(error)
    return ""
