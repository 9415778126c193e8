"""Office files (zip packages): the same bytes for the same content, and a seal that tells which a person has edited.

The seal is a digest of the parts in the file's own properties (`dc:identifier`): an office program that saves the file
writes other parts.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

from auditor.window import Month

_EPOCH = (1980, 1, 1, 0, 0, 0)
_PROPERTIES = "docProps/core.xml"
_END = b"</cp:coreProperties>"


def written_on(month: Month) -> datetime:
    """The instant an office file of this month's report claims as its own: noon, UTC, of the month's first day."""
    return datetime(month.year, month.number, 1, 12, tzinfo=UTC)


def reproducible(package: bytes) -> bytes:
    """The same package, sealed, with every entry dated 1 January 1980, in the same order."""
    parts = _parts(package)
    parts[_PROPERTIES] = parts[_PROPERTIES].replace(_END, _seal(parts) + _END)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts.items():
            target.writestr(zipfile.ZipInfo(name, _EPOCH), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as source:
        return {entry.filename: source.read(entry) for entry in source.infolist()}


def _seal(parts: Mapping[str, bytes]) -> bytes:
    digest = sha256()
    for name, part in parts.items():
        if name != _PROPERTIES:
            digest.update(f"{name} {len(part)} ".encode() + part)
    return f"<dc:identifier>sha256:{digest.hexdigest()}</dc:identifier>".encode()


def is_as_written(package: bytes) -> bool:
    """Whether no other program has saved the file since `reproducible` sealed it."""
    try:
        parts = _parts(package)
        return _seal(parts) in parts.get(_PROPERTIES, b"")
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, OSError):  # torn, foreign, encrypted
        return False
