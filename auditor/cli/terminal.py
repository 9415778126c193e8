"""What goes to the terminal: lines, and while something goes on, one status line below them."""

from __future__ import annotations

import logging
import shutil
import sys
from typing import TYPE_CHECKING

import click

from auditor.text import harmless

if TYPE_CHECKING:
    from auditor.cli.options import Options

_WIPE = "\r\x1b[K"


class Terminal:
    """Standard output and standard error; the status line shows only where standard error is a terminal."""

    def __init__(self) -> None:
        self._status = ""

    def say(self, text: str, *, err: bool = False) -> None:
        """A line; the status line moves down."""
        self._draw(_WIPE if self._status else "")
        click.echo(text, err=err)
        self._draw(self._status)

    def status(self, text: str) -> None:
        """Replaces the status line; "" removes it. What a narrow terminal would wrap, it could not wipe."""
        text = text[: shutil.get_terminal_size().columns - 1]
        if sys.stderr.isatty() and text != self._status:
            self._draw(_WIPE + text)
            self._status = text

    @staticmethod
    def _draw(text: str) -> None:
        if text:
            click.echo(text, nl=False, err=True)


class _Handler(logging.Handler):
    def __init__(self, options: Options) -> None:
        super().__init__()
        self._options = options

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR or not self._options.quiet:
            self._options.terminal.say(harmless(self.format(record)), err=True)


def log_to_terminal(options: Options, level: int = logging.WARNING, form: str = "%(levelname)s: %(message)s") -> None:
    """Shows what the program's own loggers say; with --quiet, errors only."""
    handler = _Handler(options)
    handler.setFormatter(logging.Formatter(form))
    handler.setLevel(level)
    logger = logging.getLogger("auditor")
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    logging.getLogger("apscheduler").handlers[:] = [logging.NullHandler()]  # its events are told in our words
