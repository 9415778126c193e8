"""What the commands that run something share: their context, their progress, their signals."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

import click

from auditor.cli.options import Options
from auditor.cli.terminal import Terminal
from auditor.context import Context, InterruptedCrawlError, Progress, Visited
from auditor.crawl.folders import DataFolder
from auditor.crawl.supervise import WORKER
from auditor.outcomes import Outcome
from auditor.text import printable

_ENDED_BY_SIGNAL = 128  # plus the signal's number: what a shell says of a program that a signal ended


def context(options: Options, progress: Progress | None = None) -> Context:
    """The context the options describe.

    Raises:
        InputError: portals.yaml is missing or wrong.
    """
    return Context(
        portals=options.portals,
        jurisdiction=options.jurisdiction(),
        database=options.database_url,
        data=DataFolder(options.data),
        now=options.now,
        progress=progress or Progress(),
        worker=WORKER,
    )


class Lines(Progress):
    """A line per visited unit, as it ends, and a status line that counts them."""

    def __init__(self, terminal: Terminal, *, err: bool, silent: bool, counting: bool) -> None:
        self._terminal = terminal
        self._err = err
        self._silent = silent
        self._counting = counting
        self._done = self._total = 0

    @classmethod
    def as_result(cls, options: Options) -> Lines:
        """Lines that are what the command was asked for."""
        return cls(options.terminal, err=False, silent=False, counting=not options.quiet)

    @classmethod
    def as_progress(cls, options: Options) -> Lines:
        """Lines on the way to another result."""
        return cls(options.terminal, err=True, silent=options.quiet, counting=not options.quiet)

    def begin(self, total: int) -> None:
        """Shows how many there are."""
        self._done, self._total = 0, total
        self._count()

    def visited(self, visited: Visited) -> None:
        """Shows what came of the visit."""
        self._done += 1
        if not self._silent:
            self._terminal.say(visit_line(visited), err=self._err)
        self._count()

    def advanced(self) -> None:
        """Counts the visit."""
        self._done += 1
        self._count()

    def end(self) -> None:
        """Removes the status line."""
        self._terminal.status("")

    def _count(self) -> None:
        if self._counting:
            self._terminal.status(f"{bar(self._done, self._total)} {self._done} of {self._total} units visited ...")


def bar(done: int, total: int, width: int = 26) -> str:
    """How far something has got, as a picture any terminal can show.

    >>> bar(1, 2, 10)
    '[#####.....]'
    """
    filled = width * done // max(1, total)
    return f"[{'#' * filled}{'.' * (width - filled)}]"


def visit_line(visited: Visited) -> str:
    """One visit on one line."""
    return f"{visited.unit.key:<24} {visited.outcome:<17} {'; '.join(_found(visited))}"


def _found(visited: Visited) -> Iterator[str]:
    detail = printable(visited.detail, 200)
    if visited.cause and visited.cause.english not in detail:
        yield visited.cause.english
    if detail:
        yield detail
    if visited.items or visited.outcome is Outcome.COMPLETE:
        yield f"{visited.items} items, {visited.new} new"


@contextmanager
def interruptible(stop: Event) -> Iterator[None]:
    """SIGINT and SIGTERM set `stop`; a second one ends the program at once.

    A crawl that was stopped ends the command as the signal would have, after it has put away what was finished.
    """
    received: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        received.append(number)
        signal.signal(number, signal.SIG_DFL)
        stop.set()

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except InterruptedCrawlError as interrupted:
        click.echo(f"stopped: {interrupted}", err=True)
        click.get_current_context().exit(_ENDED_BY_SIGNAL + received[0])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
