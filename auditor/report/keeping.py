"""Documents that people work on: number, date and sign. What they made of one is never written over."""

from __future__ import annotations

import logging
from itertools import count
from pathlib import Path

from auditor.files import move, write_atomic
from auditor.report import packages, pdf_bytes

_SEALED = {".docx": packages.is_as_written, ".xlsx": packages.is_as_written, ".pdf": pdf_bytes.is_as_written}

log = logging.getLogger(__name__)


def replace_file(file: Path, content: bytes | str) -> Path:
    """Writes a file, whole or not at all; what a person made of an earlier one is kept beside it.

    Raises:
        OSError: the file cannot be written, or the earlier one not be moved.
    """
    _keep_edited(file)
    return write_atomic(file, content)


def remove_file(file: Path) -> None:
    """Removes a file, if there is one; what a person made of it is kept beside it.

    Raises:
        OSError: it cannot be removed.
    """
    _keep_edited(file)
    file.unlink(missing_ok=True)


def _keep_edited(file: Path) -> None:
    """Moves a document that a person has edited to a free name beside it, and says so; leaves any other.

    Raises:
        OSError: it cannot be read or moved.
    """
    is_as_written = _SEALED.get(file.suffix)
    if is_as_written is None or not file.is_file() or is_as_written(file.read_bytes()):
        return
    names = (file.with_name(f"{file.stem}-da-sua-{number}{file.suffix}") for number in count(1))
    kept = next(name for name in names if not name.exists())
    move(file, kept)
    log.warning("%s was edited by hand: kept as %s", file, kept.name)
