"""A grey drawing's PNG, in one byte a dot instead of four.

Our drawings are grey, and what draws them knows red, green, blue and opacity alone: LibreOffice takes a quarter of a
large document's printing to part the opacity from the colours again. A row of a PNG is filtered channel by channel
(PNG, third edition, §9.2: the byte to the left is that of the same channel), so that one channel of a filtered row is
a filtered row of that channel: no dot is decoded.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER = struct.Struct(">IIBBBBB")  # width, height, depth, colour type, compression, filters, interlacing
_CHANNELS = 4
_COLOURS = (8, 6, 0, 0, 0)
"""Eight bits of red, green, blue and opacity each, not interlaced: of a PNG's header."""
_GREY = (8, 0, 0, 0, 0)


def grey(png: bytes) -> bytes:
    """The first channel of an opaque drawing whose red, green and blue are the same, as a PNG of grey dots.

    Raises:
        ValueError: it is no PNG of eight bits of red, green, blue and opacity.
    """
    chunks = list(_chunks(png))
    width, height, *form = _HEADER.unpack(dict(chunks)[b"IHDR"])
    if tuple(form) != _COLOURS:
        raise ValueError(f"a PNG of another form: {form}")
    rows = zlib.decompress(b"".join(content for name, content in chunks if name == b"IDAT"))
    length = 1 + _CHANNELS * width
    starts = range(0, length * height, length)
    kept = b"".join(rows[start : start + 1] + rows[start + 1 : start + length : _CHANNELS] for start in starts)
    header = _HEADER.pack(width, height, *_GREY)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(kept)) + _chunk(b"IEND", b"")


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each part, in their order."""
    if not png.startswith(_SIGNATURE):
        raise ValueError("no PNG")
    place = len(_SIGNATURE)
    while place < len(png):
        length, name = struct.unpack_from(">I4s", png, place)
        yield name, png[place + 8 : place + 8 + length]
        place += 12 + length


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
