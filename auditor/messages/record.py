"""What was told before, through which channel: one file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from auditor.errors import InputError
from auditor.files import write_atomic
from auditor.messages.digest import Told

Record = Mapping[str, Mapping[str, Told]]
"""By channel ("operator mail"), then by the key of the matter."""


def load_record(folder: Path) -> Record:
    """What was told before; nothing, where nobody was told anything yet.

    Raises:
        InputError: the file is damaged.
    """
    file = _file(folder)
    try:
        said = json.loads(file.read_text("utf-8"))
        return {channel: {key: Told(**told) for key, told in each.items()} for channel, each in said.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{file} cannot be read: delete it, and what goes on is told once more") from error


def save_record(folder: Path, record: Record) -> None:
    """Keeps what was told.

    Raises:
        OSError: it cannot be written.
    """
    said = {channel: {key: asdict(told) for key, told in each.items()} for channel, each in record.items()}
    write_atomic(_file(folder), json.dumps(said, ensure_ascii=False, indent=1))


def _file(folder: Path) -> Path:
    return folder / "told.json"
