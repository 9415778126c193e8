"""Records of WARC 1.1 (ISO 28500:2017), as our crawl writes them.

Heads are kept as our client tells them, bodies byte for byte as they came (still packed, no longer chunked); digests
are SHA-256. A body that an earlier record of the unit has is not written again: a revisit record names that one by its
address, date and digest.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import BinaryIO, cast
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

Fields = Mapping[str, str]
_SAFE = ":/?[]@!$&'()*+,;=%~"

DAMAGE = (ArchiveLoadFailed, StatusAndHeadersParserException, OSError, EOFError, ValueError, AttributeError, KeyError)
"""What reading a damaged file may raise, warcio's own slips included."""


def digest_of(body: bytes) -> str:
    """A body's digest in the standard's form: "sha256:" and base 32."""
    return f"sha256:{base64.b32encode(hashlib.sha256(body).digest()).decode()}"


def head_key(head: bytes) -> str:
    """Tells heads of responses apart, but not by the server's clock."""
    return digest_of(b"\n".join(line for line in head.split(b"\r\n") if not line.lower().startswith(b"date:")))


def headers_of(head: bytes) -> dict[str, str]:
    """The headers of a response's head by their names in lower case; of several alike the last."""
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:] if line)
    return {name.decode("latin-1").lower(): value.decode("latin-1").strip() for name, _, value in lines}


class _Head(StatusAndHeaders):  # type: ignore[misc]  # without types of its own
    """The head of an HTTP message as it is given; warcio would write its bytes in another way."""

    def __init__(self, raw: bytes) -> None:
        super().__init__("", [])
        self._raw = raw

    def __bool__(self) -> bool:
        return True

    def compute_headers_buffer(self, header_filter: object = None) -> None:  # noqa: ARG002 - as named by warcio
        self.headers_buff = self._raw


class Writer(WARCWriter):  # type: ignore[misc]  # without types of its own
    """Writes records into an open file; each method answers where its first record begins."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file, gzip=True, warc_version="1.1")
        self._file = file

    def ensure_digest(self, record: ArcWarcRecord, *, block: bool = True, payload: bool = True) -> None:
        """Adds the digests that a record lacks; a revisit has at most a head, which gzip checks."""
        super().ensure_digest(record, block=block and record.rec_type != "revisit", payload=payload)

    @staticmethod
    def _create_digester() -> Digester:
        return Digester("sha256")

    def begin(self, facts: Fields) -> int:
        """Writes the file's own description."""
        return self._write(self.create_warcinfo_record("", dict(facts)))

    def answer(self, url: str, head: bytes, body: bytes, fields: Fields) -> int:
        """Writes an answer."""
        return self._http("response", url, head, body, fields)

    def repeated(self, url: str, head: bytes, digest: str, refers: str, fields: Fields) -> int:
        """Writes an answer whose body came from the same address at `refers`; no head: it is that one's as well."""
        record = self.create_revisit_record(
            url, digest, url, refers, http_headers=_Head(head) if head else None, warc_headers_dict=dict(fields)
        )
        record.content_type = record.content_type if head else None
        return self._write(record)

    def request(self, url: str, head: bytes, body: bytes, fields: Fields) -> int:
        """Writes what was asked."""
        return self._http("request", url, head, body, fields)

    def metadata(self, url: str, content: bytes, fields: Fields, media: str = "application/json") -> int:
        """Writes what else is known."""
        record = self.create_warc_record(
            url, "metadata", payload=BytesIO(content), length=len(content),
            warc_content_type=media, warc_headers_dict=dict(fields),
        )  # fmt: skip
        return self._write(record)

    def _http(self, kind: str, url: str, head: bytes, body: bytes, fields: Fields) -> int:
        record = self.create_warc_record(
            url, kind, payload=BytesIO(body), length=len(body),
            warc_headers_dict=dict(fields), http_headers=_Head(head),
        )  # fmt: skip
        return self._write(record)

    def _write(self, record: ArcWarcRecord) -> int:
        """Writes one record; its name says what it is of and when, which packs better than a random one."""
        fields = record.rec_headers
        url, date = fields.get_header("WARC-Target-URI"), fields.get_header("WARC-Date")
        if url:
            fields.replace_header("WARC-Record-ID", f"<{quote(url, safe=_SAFE)}#{record.rec_type}:{date}>")
        offset = self._file.tell()
        self.write_record(record)
        return offset


@dataclass(frozen=True)
class Record:
    """A record as it was read: its kind, where it begins, its fields, its block."""

    kind: str
    offset: int
    fields: Fields
    block: bytes

    @property
    def url(self) -> str:
        """The address it is of; "" for none."""
        return self.fields.get("WARC-Target-URI", "")

    @property
    def head(self) -> bytes:
        """The head of the HTTP message in the block, with its empty line."""
        return self.block[: self._border]

    @property
    def body(self) -> bytes:
        """The body of the HTTP message in the block."""
        return self.block[self._border :]

    @property
    def _border(self) -> int:
        return self.block.index(b"\r\n\r\n") + 4

    @property
    def is_whole(self) -> bool:
        """Whether the block, and the body in it, are those that were written.

        A revisit's payload stands elsewhere, and is compared there.
        """
        if self.fields.get("WARC-Block-Digest", "") != ("" if self.kind == "revisit" else digest_of(self.block)):
            return False
        of_http = self.kind in {"response", "request"}
        return not of_http or self.fields.get("WARC-Payload-Digest") == digest_of(self.body)


class Reader:
    """Reads the records of an open file, from its position on.

    Raises:
        DAMAGE: from its iteration, where the file is not what was written.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._records = ArchiveIterator(file, no_record_parse=True)

    def __iter__(self) -> Reader:
        return self

    def __next__(self) -> Record:
        record = next(self._records)
        fields: dict[str, str] = dict(record.rec_headers.headers)
        block = cast("bytes", record.raw_stream.read())
        if len(block) != int(fields["Content-Length"]):
            raise ValueError("a record is cut short")
        return Record(record.rec_type, self._records.get_record_offset(), fields, block)


def stamp(instant: datetime) -> str:
    """An instant as WARC writes it, with microseconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
