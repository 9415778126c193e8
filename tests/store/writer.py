"""A second process that writes: started by test_crash.py with a database, a mode and a unit's key.

Modes: "hold" stops inside a transaction, "keep" stops after it, "many" writes one visit per line it is given.
"""

from __future__ import annotations

import sys

from store_world import CLASSIFIER, JURISDICTION, post, visit

from auditor.store.database import Database
from auditor.store.ingest import ingest


def say(word: str) -> None:
    print(word, flush=True)  # noqa: T201
    sys.stdin.readline()


def main(url: str, mode: str, unit: str) -> None:
    with Database.open(url) as database:
        say("open")
        for night in range(1, 21 if mode == "many" else 2):
            with database.transaction() as session:
                observation = visit(f"2019-11-{night:02d} 02:00", post(night), post(night + 1), unit=unit)
                ingest(session, JURISDICTION, observation, classifier=CLASSIFIER)
                if mode == "hold":
                    session.flush()
                    say("written")
            if mode == "keep":
                say("written")


main(*sys.argv[1:])
