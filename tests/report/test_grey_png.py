"""Pictures in grey dots: the same dots as those drawn, in whichever way their rows were filtered."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.report.grey_png import grey

OPAQUE = 255


def png_of(rows: Sequence[Sequence[int]], filters: Sequence[int], form: Sequence[int] = (8, 6, 0, 0, 0)) -> bytes:
    """Grey dots as red, green, blue and opacity, each row filtered as asked (PNG, third edition, §9.2)."""
    before, filtered = bytes(4 * len(rows[0])), b""
    for dots, kind in zip(rows, filters, strict=True):
        row = b"".join(bytes((dot, dot, dot, OPAQUE)) for dot in dots)
        filtered += bytes([kind]) + bytes(
            (byte - foretold(row, before, at, kind, 4)) % 256 for at, byte in enumerate(row)
        )
        before = row
    half = len(filtered) // 2  # a picture may be stored in several parts
    packed = zlib.compress(filtered)
    parts = [(b"IDAT", packed[:half]), (b"IDAT", packed[half:]), (b"IEND", b"")]
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), *form)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in [(b"IHDR", header), (b"tEXt", b"Title\0x"), *parts]
    )


def foretold(row: bytes, before: bytes, at: int, kind: int, step: int) -> int:
    """What a filter expects of a byte: of those to the left, above, and above to the left."""
    left, corner = (row[at - step], before[at - step]) if at >= step else (0, 0)
    above = before[at]
    nearest = min((left, above, corner), key=lambda one: abs(left + above - corner - one))
    return (0, left, above, (left + above) // 2, nearest)[kind]


def dots_of(png: bytes) -> list[list[int]]:
    """The dots of a grey PNG, whose every part is checked."""
    place, parts = 8, {}
    while place < len(png):
        length, name = struct.unpack_from(">I4s", png, place)
        content = png[place + 8 : place + 8 + length]
        assert struct.unpack_from(">I", png, place + 8 + length) == (zlib.crc32(name + content),)
        parts[name] = content
        place += 12 + length
    width, height, *form = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    assert (form, list(parts)) == ([8, 0, 0, 0, 0], [b"IHDR", b"IDAT", b"IEND"])
    raw, before, rows = zlib.decompress(parts[b"IDAT"]), bytes(width), []
    assert len(raw) == height * (width + 1)
    for start in range(0, len(raw), width + 1):
        row = bytearray(width)
        for at in range(width):
            row[at] = (raw[start + 1 + at] + foretold(row, before, at, raw[start], 1)) % 256
        before = bytes(row)
        rows.append(list(row))
    return rows


@st.composite
def drawings(draw: st.DrawFn) -> tuple[list[list[int]], list[int]]:
    width, height = draw(st.integers(1, 9)), draw(st.integers(1, 7))
    row = st.lists(st.integers(0, 255), min_size=width, max_size=width)
    filters = st.lists(st.integers(0, 4), min_size=height, max_size=height)
    return draw(st.lists(row, min_size=height, max_size=height)), draw(filters)


@given(drawings())
def test_the_dots_are_those_drawn(drawing: tuple[list[list[int]], list[int]]) -> None:
    rows, filters = drawing
    assert dots_of(grey(png_of(rows, filters))) == rows


@pytest.mark.parametrize(
    ("png", "told"),
    [
        (b"<svg/>", "no PNG"),
        (png_of([[0]], [0], (8, 2, 0, 0, 0)), "form"),
        (png_of([[0]], [0], (8, 6, 0, 0, 1)), "form"),
    ],
)
def test_what_is_drawn_otherwise_is_refused(png: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        grey(png)
