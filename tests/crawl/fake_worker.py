"""A worker that does what the keys of its units say: the supervisor is tried on it.

Obeys the worker's protocol: a job file as last argument, an observation file per unit, standard input as life line.
A unit's key begins with what happens at it: good, crash, garbage, stranger, baddate, hang, deaf, silent,
greedy, flaky, environ (good, and its environment is written down).
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from auditor.observation import Observation, SeenItem
from auditor.outcomes import Outcome

HOUR = 3600
GREED = 200_000_000


def main() -> None:
    job = json.loads(Path(sys.argv[-1]).read_text("utf-8"))
    output = Path(job["output"])
    if os.environ.get("AUDITOR_WATCH_STDIN") == "1":
        threading.Thread(target=end_with_parent, daemon=True).start()
    for key in job["units"]:
        sys.stderr.write(f"reading {key}\n")
        if key.startswith("environ"):
            sys.stderr.write(f"{dict(os.environ)}\n")
        sys.stderr.flush()
        visit(key, output, date.fromisoformat(job["first_day"]), len(job["units"]), job.get("ahead") or 0)


def end_with_parent() -> None:
    os.read(0, 1)  # not sys.stdin: its lock, held here, would abort the interpreter at its end
    os.kill(os.getpid(), signal.SIGKILL)


def visit(key: str, output: Path, first_day: date, company: int, ahead: float) -> None:
    match key.partition("-")[0]:
        case "good" | "environ":
            observation(key, first_day, ahead).write(output / f"{key}.json")
        case "stranger":
            observation("somebody-else", first_day, ahead).write(output / f"{key}.json")
        case "baddate":
            items = (SeenItem(url="http://a.example.gov.vn/1", title="Lịch tiếp công dân", published="hôm qua"),)
            replace(observation(key, first_day, ahead), items=items).write(output / f"{key}.json")
        case "garbage":
            (output / f"{key}.json").write_text('{"format": 1, "unit"', "utf-8")
        case "crash":
            sys.stderr.write("Segmentation \x1b[31mfault\n")
            sys.stderr.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        case "flaky" if company > 1:
            sys.exit(7)
        case "flaky":
            observation(key, first_day, ahead).write(output / f"{key}.json")
        case "hang" | "greedy" as how:
            offspring(output, key)
            held = bytearray(GREED if how == "greedy" else 0)
            time.sleep(HOUR + len(held))
        case "deaf":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            offspring(output, key)
            time.sleep(HOUR)
        case _:
            pass


def offspring(output: Path, key: str) -> None:
    """Starts a process of its own, as a browser would be, and leaves both process numbers in the logs folder."""
    child = subprocess.Popen(["sleep", str(HOUR)], stdin=subprocess.DEVNULL)
    place = output.parents[2] / f"{key}.pids"
    partial = place.with_suffix(".part")
    partial.write_text(f"{os.getpid()} {child.pid}", "utf-8")
    partial.replace(place)


def observation(key: str, first_day: date, ahead: float) -> Observation:
    now = datetime.now(UTC) + timedelta(seconds=ahead)
    return Observation(unit=key, started=now, finished=now, first_day=first_day, outcome=Outcome.COMPLETE)


if __name__ == "__main__":
    main()
