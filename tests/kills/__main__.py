"""`python -m tests.kills [KILLS [SEED]]`: commands killed again and again; afterwards nothing may be missing."""

import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import monotonic

from tests.kills.killing import real

CHAIN = 20
"""Kills in the life of one data folder."""


def say(line: str) -> None:
    """Tells at once, whoever reads."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    kills, seed = (int(word) for word in (*sys.argv[1:], *("200", "1")[len(sys.argv) - 1 :]))
    began = monotonic()
    with tempfile.TemporaryDirectory() as folder, real(Path(folder), seed) as killer:
        say(f"undisturbed: {len(killer.items)} items, {sum(killer.seconds.values()):.1f} s, steps {killer.steps}")
        told: Counter[str] = Counter()
        faulty = 0
        for number in range(-(-kills // CHAIN)):
            faults, kinds = killer.chain(f"chain-{number}", CHAIN)
            told.update(kinds)
            faulty += bool(faults)
            say(f"chain {number}: {'; '.join(faults) or 'nothing is missing'}")
    for kind, count in sorted(told.items()):
        say(f"{count:>4}  {kind}")
    late = sum(count for kind, count in told.items() if "too late" in kind)
    say(
        f"{told.total() - late} kills ({late} came too late), {faulty} chains with a fault, {monotonic() - began:.0f} s"
    )
    sys.exit(1 if faulty else 0)
