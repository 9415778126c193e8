"""The service's log as a file: one JSON object a line, for people and for machines; rotated; with the run's id.

Vietnamese stands in it as it is written. Whatever else a portal may have put into a message is escaped: no line break,
control sequence or change of direction of its takes effect, in a terminal either.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from auditor.errors import InputError

_RUN: ContextVar[int | None] = ContextVar("run", default=None)
_LARGEST = 5_000_000
_KEPT = 9
"""Bytes of a file, and files kept besides the one being written: about five years of quiet nights."""


@contextmanager
def of_run(number: int | None) -> Iterator[None]:
    """What is logged in the body of the `with` belongs to this run of the database."""
    token = _RUN.set(number)
    try:
        yield
    finally:
        _RUN.reset(token)


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, run, logger, message."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds"),
            "level": record.levelname,
            "run": _RUN.get(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        return "".join(map(_harmless, json.dumps(line, ensure_ascii=False)))


def _harmless(letter: str) -> str:
    """The letter, or its escape where nobody would see it; JSON's readers take both for the same."""
    return letter if letter.isprintable() else json.dumps(letter)[1:-1]


@contextmanager
def to_file(file: Path, logger: logging.Logger) -> Iterator[None]:
    """Everything `logger` says, each visit included, goes into the file as well, for the body of the `with`.

    Raises:
        InputError: the file cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(file, maxBytes=_LARGEST, backupCount=_KEPT, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write {file} ({error.strerror}): choose another --data folder") from error
    handler.setFormatter(JsonLines())
    before = logger.level
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.setLevel(before)
        logger.removeHandler(handler)
        handler.close()
