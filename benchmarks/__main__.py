"""Crawl speed: our spider against a bare one that fetches the same addresses and only extracts their links.

Both read the demo province in a child process of their own, one after the other, several rounds; what counts is the
ratio of pages per second within a round, for machines are noisy and their speed drifts. Prints one table.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from auditor.demo.province import Province, serve

ROUNDS = 5
_HEADING = " round  pages  ours p/s  bare p/s  ratio  ms/page    MB  bare MB"
FLOOR = 0.6
"""The ratio below which the reader costs too much."""


@dataclass(frozen=True)
class Reading:
    """What one child measured: pages read, wall and processor seconds of the crawl, peak memory in MB."""

    pages: int
    seconds: float
    cpu: float
    memory: float

    @property
    def rate(self) -> float:
        """Pages per second."""
        return self.pages / self.seconds


def main() -> int:
    """Runs the rounds and prints what they measured; 1 where the median ratio is below the floor."""
    rounds: list[tuple[Reading, Reading]] = []
    with serve() as province, tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS + 1):
            pair = _round(province, Path(folder) / str(number))
            if number:  # the first warms up caches on both sides
                rounds.append(pair)
                print(_line(str(number), *pair), flush=True)
            else:
                print(_HEADING)
    ratio = median(ours.rate / bare.rate for ours, bare in rounds)
    cost = median(1000 * ours.cpu / ours.pages for ours, _ in rounds)
    memory = max(ours.memory for ours, _ in rounds)
    print(
        f"median ratio {ratio:.2f} (floor {FLOOR}), processor time per page {cost:.1f} ms, peak memory {memory:.0f} MB"
    )
    return 0 if ratio >= FLOOR else 1


def _round(province: Province, folder: Path) -> tuple[Reading, Reading]:
    folder.mkdir()
    (folder / "portals.yaml").write_text(province.portals_yaml, "utf-8")
    job = {
        "portals": str(folder / "portals.yaml"),
        "units": list(province.urls),
        "first_day": "2019-09-19",
        "output": str(folder),
    }
    (folder / "job.json").write_text(json.dumps(job), "utf-8")
    province.asked.clear()
    ours = _child("ours", folder / "job.json")
    (folder / "asked.json").write_text(json.dumps(province.asked), "utf-8")
    return ours, _child("bare", folder / "asked.json")


def _child(what: str, file: Path) -> Reading:
    command = [sys.executable, "-m", "benchmarks.child", what, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return Reading(**json.loads(done.stdout))


def _line(number: str, ours: Reading, bare: Reading) -> str:
    return (
        f"{number:>6} {ours.pages:>6} {ours.rate:>9.0f} {bare.rate:>9.0f} {ours.rate / bare.rate:>6.2f} "
        f"{1000 * ours.cpu / ours.pages:>8.1f} {ours.memory:>5.0f} {bare.memory:>8.0f}"
    )


if __name__ == "__main__":
    sys.exit(main())
