"""The judge of an installation: the one that comes with the program, or one that learnt here and was adopted.

judge/adopted.json            the note: which weights hold, who adopted them, when, what was measured then
judge/ngrams-<version>.json   the weights
judge/previous.json           the note before it, whether it was replaced or taken back
judge/history.jsonl           who adopted or took back what, and when; a line each

The note names its weights, so replacing it changes both at once: a command cut short leaves the old judge or the new.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from auditor import ngrams
from auditor.classify import VERSION, Judge, judge
from auditor.errors import InputError
from auditor.files import write_atomic

_NOTE: Final = "adopted.json"
_PREVIOUS: Final = "previous.json"
_HISTORY: Final = "history.jsonl"
_REMEDY: Final = "`auditor learn --revert --by NAME` goes back to the judge that came with the program"


@dataclass(frozen=True)
class Adoption:
    """A note.

    Attributes:
        by, made: who adopted the weights, and when: an ISO instant.
        weights: the name of their file. digest: its SHA-256, in hexadecimal.
        beside: the version of the shipped judge that they were learnt beside.
        measured: the effect as it was shown before they were adopted.
    """

    by: str
    made: str
    weights: str
    digest: str
    beside: str = VERSION
    measured: Mapping[str, Any] = field(default_factory=dict)

    @property
    def outdated(self) -> bool:
        """Whether the program has come to know more since: learning again would start from that."""
        return self.beside != VERSION


def judge_in(folder: Path) -> Judge:
    """The judge that holds in an installation whose notes lie in `folder`.

    Raises:
        InputError: something there is damaged; says how to go on.
    """
    return judge(weights_in(folder))


def weights_in(folder: Path) -> Path:
    """The file of the weights that hold; looked up anew each time, as another command may adopt others.

    Raises:
        InputError: as `judge_in`.
    """
    note = adoption_in(folder)
    if note is None:
        return ngrams.FILE
    file = folder / note.weights
    try:
        same = hashlib.sha256(file.read_bytes()).hexdigest() == note.digest
    except OSError as error:
        raise InputError(f"{file}, the judge's weights, cannot be read ({error.strerror}): {_REMEDY}") from error
    if not same:
        raise InputError(f"{file}, the judge's weights, is not as it was adopted: restore it, or {_REMEDY}")
    return file


def adoption_in(folder: Path) -> Adoption | None:
    """The note that holds; None where the shipped judge does.

    Raises:
        InputError: it is damaged.
    """
    file = folder / _NOTE
    try:
        note = Adoption(**json.loads(file.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise InputError(f"{file}, the note about the judge in use, cannot be read ({error}): {_REMEDY}") from error
    if not all(isinstance(text, str) for text in (note.by, note.made, note.weights, note.digest, note.beside)):
        raise InputError(f"{file}, the note about the judge in use, is damaged: {_REMEDY}")
    return note


def adopt(folder: Path, weights: bytes, by: str, made: datetime, measured: Mapping[str, Any]) -> Adoption:
    """Lets these weights hold from now on; those that held before stay in the folder.

    Raises:
        InputError: the folder cannot be written.
    """
    digest = hashlib.sha256(weights).hexdigest()
    name = f"ngrams-{digest[:12]}.json"
    note = Adoption(by, _instant(made), name, digest, measured=measured)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomic(folder / name, weights)
        _keep_previous(folder)
        write_atomic(folder / _NOTE, json.dumps(asdict(note), ensure_ascii=False, indent=2) + "\n")
        _remember(folder, "adopted", note.by, note.made, name)
    except OSError as error:
        raise _unwritable(folder, error) from error
    return note


def revert(folder: Path, by: str, made: datetime) -> None:
    """Lets the shipped judge hold again; works whatever is damaged.

    Raises:
        InputError: nothing was adopted; the folder cannot be written.
    """
    if not (folder / _NOTE).exists():
        raise InputError("there is nothing to go back from: the judge in use is the one that came with the program")
    try:
        (folder / _NOTE).replace(folder / _PREVIOUS)
        _remember(folder, "reverted", by, _instant(made), "")
    except OSError as error:
        raise _unwritable(folder, error) from error


def _keep_previous(folder: Path) -> None:
    note = folder / _NOTE
    if note.exists():
        write_atomic(folder / _PREVIOUS, note.read_bytes())


def _remember(folder: Path, what: str, by: str, made: str, weights: str) -> None:
    line = json.dumps({"made": made, "by": by, "what": what, "weights": weights}, ensure_ascii=False)
    with (folder / _HISTORY).open("a", encoding="utf-8") as history:
        history.write(f"{line}\n")


def _instant(made: datetime) -> str:
    return made.isoformat(timespec="seconds")


def _unwritable(folder: Path, error: OSError) -> InputError:
    return InputError(f"{folder} cannot be written ({error.strerror}): make room or see to its permissions")
