"""A PDF's bytes: the same for the same content, and a name for the file that tells whether a person has changed it.

The name (`/ID`, ISO 32000-1, 14.4) is a digest of the file itself: a signature that is added, or a program that saves
it anew, no longer fits it.
"""

from __future__ import annotations

import re
from hashlib import sha256

from auditor.report.packages import written_on
from auditor.window import Month

_DATE = re.compile(rb"/(CreationDate|ModDate)\(D:[^)]{14,24}\)")
_ID = re.compile(rb"/ID \[ <[0-9A-F]{32}>\s+<[0-9A-F]{32}> \]|/DocChecksum /[0-9A-F]{32}")
_HEXADECIMAL = re.compile(rb"[0-9A-F]{32}")
_NAMELESS = b"0" * 32


def reproducible(printed: bytes, month: Month) -> bytes:
    """What LibreOffice printed, of the month's date, and named by its content instead of at random.

    Every replacement is as long as what it replaces: the file names places by their distance from its beginning.
    """
    stamp = f"{written_on(month):%Y%m%d%H%M%S}Z".encode()
    dated = _DATE.sub(lambda found: _padded(b"/" + found[1] + b"(D:" + stamp, len(found[0])), printed)
    return _named(dated, _seal(dated))


def is_as_written(printed: bytes) -> bool:
    """Whether nothing has changed the file since `reproducible` named it."""
    return _ID.search(printed) is not None and _named(printed, _seal(printed)) == printed


def _padded(start: bytes, length: int) -> bytes:
    return start[: length - 1] + b")" + b" " * (length - 1 - len(start))


def _seal(printed: bytes) -> bytes:
    return sha256(_named(printed, _NAMELESS)).hexdigest()[:32].upper().encode()


def _named(printed: bytes, name: bytes) -> bytes:
    return _ID.sub(lambda found: _HEXADECIMAL.sub(name, found[0]), printed)
