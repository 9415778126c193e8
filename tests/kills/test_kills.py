"""A few kills of the laboratory (`make kills` has two hundred)."""

from pathlib import Path

from tests.kills.killing import Killer


def test_crawls_that_were_killed_lose_nothing(tmp_path: Path) -> None:
    with Killer.ready(tmp_path, 7) as killer:
        assert len(killer.whole) == 20
        faults, ways = killer.chain("chain", 3)
    assert faults == []
    assert ways.total() == 3
