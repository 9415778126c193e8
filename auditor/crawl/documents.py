"""Reads the files that posts attach, each in a child process of its own, one at a time.

The child: `python -m auditor.crawl.documents SECONDS MEMORY`, the file on its standard input, what it says as JSON on
its standard output.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict

from auditor.crawl.capped import Caps, obey, run
from auditor.reading.documents import DocumentText, read_document


class DocumentReader:
    """Reads files for all the visits of a worker, within `caps` each."""

    def __init__(self, caps: Caps | None = None) -> None:
        self._caps = caps or Caps()
        self._turn = asyncio.Lock()

    async def __call__(self, body: bytes) -> DocumentText:
        """What a file says; a file that costs more than the caps allow says nothing."""
        async with self._turn:
            answer = await run("auditor.crawl.documents", body, self._caps)
        if answer is None:
            return DocumentText(
                "", why_not=f"reading it takes more than {self._caps.seconds:.0f} s, or too much memory"
            )
        return DocumentText(**json.loads(answer))


def main(arguments: list[str]) -> None:
    """The child."""
    obey(float(arguments[0]), int(arguments[1]))
    told = read_document(sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(asdict(told)))


if __name__ == "__main__":
    main(sys.argv[1:])
