"""What the system tells of processes (Linux: /proc); nothing where it does not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_MOST: Final = 500
"""Processes looked at: a crawl's browser has a dozen or two."""


def family(pid: int) -> list[int]:
    """A process and its descendants; those that ended meanwhile are left out."""
    found = [pid]
    for each in found:
        for task in _PROC.glob(f"{each}/task/*/children"):
            found += map(int, _read(task).split())
        if len(found) > _MOST:
            break
    return found


def resident(pid: int) -> int:
    """The bytes of memory a process holds; 0 where it has ended, or where the system does not tell."""
    pages = _read(_PROC / str(pid) / "statm").split()[1:2]
    return int(pages[0]) * os.sysconf("SC_PAGE_SIZE") if pages else 0


def _read(file: Path) -> str:
    try:
        return file.read_text("ascii")
    except OSError:  # it has just ended
        return ""
