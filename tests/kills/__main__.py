"""`python -m tests.kills [KILLS [SEED]]`: crawls killed again and again; afterwards nothing may be missing."""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.kills.killing import CHAIN, Killer


def say(line: str) -> None:
    """Tells at once, whoever reads."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    kills, seed = (int(word) for word in (*sys.argv[1:], *("200", "1")[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder, Killer.ready(Path(folder), seed) as killer:
        say(f"undisturbed: {len(killer.whole)} items, {killer.seconds:.1f} s, {killer.steps} steps")
        told: Counter[str] = Counter()
        for number in range(-(-kills // CHAIN)):
            faults, kinds = killer.chain(f"chain-{number}", CHAIN)
            told.update(kinds)
            say(f"chain {number}: {', '.join(faults) or 'the same items'}")
            told["chains with a fault"] += bool(faults)
    say(str(dict(told)))
    sys.exit(1 if told["chains with a fault"] else 0)
