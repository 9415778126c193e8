"""Office files (zip packages) with the same bytes for the same content."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

from auditor.window import Month

_EPOCH = (1980, 1, 1, 0, 0, 0)


def written_on(month: Month) -> datetime:
    """The instant an office file of this month's report claims as its own: noon, UTC, of the month's first day."""
    return datetime(month.year, month.number, 1, 12, tzinfo=UTC)


def reproducible(package: bytes) -> bytes:
    """The same package with every entry dated 1 January 1980, in the same order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(zipfile.ZipInfo(entry.filename, _EPOCH), source.read(entry), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
