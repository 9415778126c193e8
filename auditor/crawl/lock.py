"""One holder at a time across processes, and who that is.

The lock is the operating system's (flock): a dead holder keeps nothing. Its name stands in a file of its own, because
the lock file is emptied by whoever takes the lock.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from auditor.errors import InputError
from auditor.files import write_atomic
from auditor.text import printable

_PATIENCE = 1.0  # seconds: `holder` takes a free lock for an instant, which must not turn a starting crawl away


class BusyError(InputError):
    """Somebody else holds the lock."""


@dataclass(frozen=True)
class Holder:
    """Who holds a lock.

    Attributes:
        pid: its process.
        since: ISO instant.
        work: what it does: "crawl so-noi-vu", "schedule".
    """

    pid: int
    since: str
    work: str

    def __str__(self) -> str:
        return f"'{printable(self.work, 80)}' has been running since {printable(self.since, 40)} (process {self.pid})"


@contextmanager
def hold(path: Path, work: str, since: datetime) -> Iterator[None]:
    """Holds the lock `path` (its folder is made) for the body of the `with`.

    Raises:
        BusyError: another process, or another thread of this one, holds it; says who.
        InputError: the lock cannot be made there.
    """
    lock = FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=_PATIENCE)
    except Timeout:
        raise BusyError(_busy(path)) from None
    except OSError as error:
        raise InputError(f"cannot write to {path.parent} ({error.strerror}): choose another --data folder") from error
    try:
        write_atomic(_card(path), json.dumps(asdict(Holder(os.getpid(), since.isoformat(timespec="seconds"), work))))
        yield
    finally:
        _card(path).unlink(missing_ok=True)
        lock.release()


def holder(path: Path) -> Holder | None:
    """Who holds the lock `path`; None where it is free, or where its holder has not yet said who it is."""
    if not path.exists():
        return None
    try:
        with FileLock(path).acquire(timeout=0):
            return None
    except Timeout:
        return _named(path)
    except OSError:  # not ours to open: then its card is all there is to know
        return _named(path)


def _busy(path: Path) -> str:
    who = _named(path) or f"another process holds {path}"
    return f"{who}: wait for it to end, or stop it, and try again"


def _named(path: Path) -> Holder | None:
    try:
        return Holder(**json.loads(_card(path).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _card(path: Path) -> Path:
    return path.with_suffix(".holder.json")
