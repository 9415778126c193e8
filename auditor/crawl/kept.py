"""The pages of a visit as they were answered, kept for whoever wants to look at them or to make a test of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOST = 100


@dataclass(frozen=True)
class KeptPage:
    """One page: the address that answered, its content type as sent, and the file of its bytes."""

    url: str
    content_type: str
    file: Path


class PageKeeper:
    """Writes pages into a folder, in the order they came; those beyond the first `MOST` are not kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def __call__(self, url: str, content_type: str, body: bytes) -> None:
        """Keeps one page."""
        if self._count >= MOST:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._folder / f"{self._count:03d}.html"
        file.write_bytes(body)
        file.with_suffix(".json").write_text(json.dumps({"url": url, "content_type": content_type}), "utf-8")
        self._count += 1


def kept_pages(folder: Path) -> Iterator[KeptPage]:
    """The pages kept in a folder, in the order they came."""
    for facts in sorted(folder.glob("*.json")):
        yield KeptPage(**json.loads(facts.read_text("utf-8")), file=facts.with_suffix(".html"))
