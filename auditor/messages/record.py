"""What was told before, through which channel: one file."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from auditor.files import write_atomic
from auditor.messages.digest import Told
from auditor.text import json_text

log = logging.getLogger(__name__)

Record = Mapping[str, Mapping[str, Told]]
"""By channel ("operator mail"), then by the key of the matter."""


def load_record(folder: Path) -> Record:
    """What was told before; nothing, where nobody was told anything yet.

    A damaged file is put aside: hearing once more of what goes on is better than never hearing anything again.
    """
    file = _file(folder)
    try:
        said = json.loads(file.read_text("utf-8"))
        return {channel: {key: Told(**told) for key, told in each.items()} for channel, each in said.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError):
        aside = file.replace(file.with_name("told.damaged.json"))
        log.warning("%s was damaged and put aside as %s: what goes on is told once more", file, aside.name)
        return {}


def save_record(folder: Path, record: Record) -> None:
    """Keeps what was told.

    Raises:
        OSError: it cannot be written.
    """
    said = {channel: {key: asdict(told) for key, told in each.items()} for channel, each in record.items()}
    write_atomic(_file(folder), json_text(said, indent=1))


def _file(folder: Path) -> Path:
    return folder / "told.json"
