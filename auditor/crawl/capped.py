"""Work on what a stranger made, in a child process on a short lead: time and memory are capped, a crash costs nothing.

The child is a module run with `-m`; it calls `obey` first, reads its standard input, and writes its answer to the
standard output. The parent waits without blocking its event loop.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from contextlib import suppress
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Caps:
    """What a child may take: seconds (on the clock, and of the processor), and bytes of memory."""

    seconds: float = 20.0
    memory: int = 1_500_000_000


def obey(seconds: float, memory: int) -> None:
    """Called by the child: lets the system end it at its caps, where the system can (not on Windows)."""
    try:
        import resource  # noqa: PLC0415 - POSIX only
    except ImportError:
        return
    whole = max(1, round(seconds))
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, whole),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),  # it has nothing to write
    ):
        with suppress(ValueError, OSError):  # macOS knows some of them and keeps none
            resource.setrlimit(limit, (most, most))


async def run(module: str, given: bytes, caps: Caps) -> bytes | None:
    """What the child answers; None where it was killed at a cap, or died.

    Cancelled, it kills the child.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, str(caps.seconds), str(caps.memory),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    try:
        answer, _ = await asyncio.wait_for(child.communicate(given), caps.seconds)
    except TimeoutError:
        answer = b""
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if child.returncode:
        log.info("%s ended with status %d", module, child.returncode)
    return answer if child.returncode == 0 else None
