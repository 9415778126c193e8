"""Files replaced whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

PART = ".part"
"""How the name of a file ends that is not yet whole; one that stays was left by a process that was killed."""


def write_atomic(path: Path, content: bytes | str) -> Path:
    """Writes `content` (text as UTF-8) beside `path`, flushes it to the disk, then renames it over `path`.

    A reader sees the old file or the new one, never half of one; a full disk leaves the old one. Once this has
    returned, the new one outlives a power cut.

    Raises:
        OSError: the folder is missing or read-only, or the disk is full.
    """
    raw = content.encode() if isinstance(content, str) else content
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is None:  # a full disk does not say which
            error.filename = str(path)
        raise
    settle(path.parent)
    return path


def move(file: Path, place: Path) -> None:
    """Moves a file within a disk, whole or not at all; the folder it goes to is made. It outlives a power cut.

    Raises:
        OSError: the folder cannot be made or written.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    file.replace(place)
    settle(place.parent)


def settle(folder: Path) -> None:
    """Flushes a folder to the disk: a name that was given in it stays. Where the system cannot, it does nothing."""
    with suppress(OSError):  # some network disks, and Windows, open no folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
