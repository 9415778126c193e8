"""Which channels did not take their last message, and why: one file, so that a dead mail server does not go unheard."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from auditor.files import write_atomic
from auditor.messages.digest import Audience, Matter
from auditor.text import json_text, printable


def about(channel: str) -> str:
    """The key of the matter about a channel."""
    return f"channel {channel}"


def faulty_channels(folder: Path) -> Iterator[Matter]:
    """What the operator should know of the channels; it reaches them through the others, and `auditor status`."""
    for channel, fault in load_faults(folder).items():
        yield Matter(
            Audience.OPERATOR,
            about(channel),
            f"a message was not taken: {printable(fault, 300)}",
            "see to the server or its address (AUDITOR_SMTP, AUDITOR_WEBHOOK_...), then run 'auditor messages --send'",
            over=f"{printable(channel, 80)} takes messages again",
        )


def load_faults(folder: Path) -> Mapping[str, str]:
    """By channel, why it did not take its last message; nothing where a damaged file tells nothing."""
    try:
        said = json.loads(_file(folder).read_text("utf-8"))
        return {str(channel): str(fault) for channel, fault in said.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def save_faults(folder: Path, faults: Mapping[str, str]) -> None:
    """Keeps what came of all channels on one night.

    Raises:
        OSError: it cannot be written.
    """
    if faults or _file(folder).exists():
        write_atomic(_file(folder), json_text(faults, indent=1))


def _file(folder: Path) -> Path:
    return folder / "faults.json"
