"""`auditor status --follow`: a crawl that another process does, as it gets on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from time import sleep

from auditor.context import Context
from auditor.crawl import lock
from auditor.store.database import Database
from auditor.store.queries import Visit, visits_of_runs_since
from auditor.text import printable

_POLL = 0.5  # seconds between two looks


def follow(run: Context, say: Callable[[str], None]) -> bool:
    """Says each visit when it has ended, those before it was asked included, until the crawl ends or `stop` is set.

    Returns:
        Whether anybody was crawling.

    Raises:
        InputError: the database cannot be used.
    """
    working = lock.holder(run.data.lock)
    if working is None:
        return False
    say(f"{working}; to end it: kill {working.pid}")
    told: set[int] = set()
    since = datetime.fromisoformat(working.since)
    while True:
        ended = lock.holder(run.data.lock) != working  # asked before looking: so the last visit is not missed
        for visit in _new(run, since, told):
            say(_line(visit))
        if ended:
            say("the crawl has ended")
        if ended or run.stop.is_set():
            return True
        sleep(_POLL)


def _new(run: Context, since: datetime, told: set[int]) -> Iterator[Visit]:
    with Database.open(run.database) as database, database.session() as session:
        visits = visits_of_runs_since(session, since)
    for visit in visits:
        if visit.id not in told:
            told.add(visit.id)
            yield visit


def _line(visit: Visit) -> str:
    why = visit.detail or (visit.cause.english if visit.cause else f"{visit.items} items")
    return f"{visit.unit:<24} {visit.outcome:<17} {printable(why, 200)}"
