"""What an evidence file says of each request: read from its records, kept nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urldefrag


class Kind(StrEnum):
    """What came of a request: an answer, an answer whose body stands elsewhere, none.

    `LEFT`: there was an answer, which was not kept, because the visit's evidence was full.
    """

    RESPONSE = "response"
    REVISIT = "revisit"
    FAULT = "fault"
    LEFT = "left"


@dataclass(frozen=True)
class Entry:
    """One request and what came of it.

    Attributes:
        url: without its fragment. method: GET or POST. sent: digest of what was posted, "" for nothing.
        time: ISO instant, UTC. status: 0 where there was no answer.
        digest: of the body as it came, "sha256:…" in base 32; "" where there was none.
        size: bytes of the body, where it stands here.
        offset: where the record begins.
        refers: when the body that stands elsewhere came; "" where it stands here.
        head: digest of what else was answered, but for the server's clock; "" where a revisit repeats it all.
        request: digest of the request's head; "" where it is that of the record referred to.
    """

    kind: Kind
    url: str
    method: str
    sent: str
    time: str
    status: int
    digest: str
    size: int
    offset: int
    refers: str = ""
    head: str = ""
    request: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What a request is matched by."""
        return self.method, self.url, self.sent

    @property
    def instant(self) -> datetime:
        """When the answer came."""
        return datetime.fromisoformat(self.time)


def bare(url: str) -> str:
    """An address as servers are asked for it."""
    return urldefrag(url).url
