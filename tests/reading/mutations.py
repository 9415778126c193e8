"""Frozen pages, mutilated: what a broken cache, a half-sent answer or an enemy makes of a real page. Seeded.

`python -m tests.reading.mutations 10000` reads as many and tells the slowest and the memory used (`make fuzz`); the
tests read a hundred or so.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from auditor.reading.page import parse
from auditor.reading.records import rows_of_records
from tests.reading.floods import DATA, PAGES
from tests.reading.frozen import CASES
from tests.reading.readers import OF_A_PAGE, OF_DATA

_HUGE = 50 * 1024 * 1024
_FETCHED = 16 * 1024 * 1024
"""Bytes of the largest answer that is fetched."""
_ASKS = b"<html><body><div id=list></div><script>fetch('/x')</script></body></html>"
"""A page that asks for data."""


@dataclass(frozen=True)
class Mutant:
    """A mutilated page, or a flood: what was done to which case, its bytes, and what the server says of them."""

    name: str
    body: bytes
    url: str
    content_type: str
    is_data: bool = False


@cache
def _case(folder: Path) -> tuple[bytes, str]:
    return (folder / "page.html").read_bytes(), str(json.loads((folder / "expected.json").read_text("utf-8"))["url"])


def _place(body: bytes, random: Random) -> int:
    return random.randrange(len(body) + 1)


def _truncated(body: bytes, random: Random) -> bytes:
    return body[: _place(body, random)]


def _flipped(body: bytes, random: Random) -> bytes:
    garbled = bytearray(body)
    for _ in range(random.randrange(1, 200)):
        garbled[random.randrange(len(garbled))] = random.randrange(256)
    return bytes(garbled)


def _spliced(body: bytes, random: Random) -> bytes:
    other, _ = _case(random.choice(CASES))
    return body[: _place(body, random)] + other[_place(other, random) :]


def _nested(body: bytes, random: Random) -> bytes:
    place = _place(body, random)
    opening = random.choice(
        [b"<div>", b"<table><tr><td>", b"<ul><li>", b"<b><i>", b"<a href=x>", b"<font face=.VnTime>"]
    )
    return body[:place] + opening * random.choice([300, 3_000, 10_000]) + body[place:]


def _binary(body: bytes, random: Random) -> bytes:
    place = _place(body, random)
    return body[:place] + random.randbytes(random.randrange(1, 20_000)) + body[place:]


def _endless_attribute(body: bytes, random: Random) -> bytes:
    place = _place(body, random)
    start = random.choice(
        [b'<a href="/', b'<input type=hidden name=__VIEWSTATE value="', b"<div onclick='go(", b"<p class="]
    )
    return body[:place] + start + random.choice([b"a", b"1", b"(", b"\xe1\xba\xbf", b"/."]) * 300_000 + body[place:]


def _reencoded(body: bytes, random: Random) -> bytes:
    text = body.decode("utf-8", "replace")
    return text.encode(
        random.choice(["utf-16", "utf-16-le", "utf-32", "cp1258", "latin-1", "utf-7", "ascii"]), "replace"
    )


def _without_tags(body: bytes, random: Random) -> bytes:
    pieces = body.split(b">")
    return b">".join(piece for piece in pieces if random.random() > 0.2)


def _repeated(body: bytes, random: Random) -> bytes:
    first, last = sorted((_place(body, random), _place(body, random)))
    piece = body[first : min(last, first + 5_000)]
    return body[:last] + piece * random.choice([2, 50, 500]) + body[last:]


def _script_bomb(body: bytes, random: Random) -> bytes:
    place = _place(body, random)
    bomb = random.choice(
        [b"[" * 50_000, b'{"a":' * 20_000, b"fetch('/x'+" * 5_000, b"page=1&" * 20_000, b"\\u0041" * 20_000]
    )
    return body[:place] + b"<script>var data = " + bomb + b"</script>" + body[place:]


def _huge(body: bytes, random: Random) -> bytes:
    piece = body[_place(body, random) :][:2_000] or b"<p>tin</p>"
    return body + piece * (_HUGE // len(piece))


MUTATIONS: tuple[Callable[[bytes, Random], bytes], ...] = (
    _truncated, _flipped, _spliced, _nested, _binary, _endless_attribute, _reencoded, _without_tags, _repeated,
    _script_bomb,
)  # fmt: skip
_URL = "http://so.example.gov.vn/tin/"
_CHARSETS = (
    "",
    "text/html",
    "text/html; charset=utf-8",
    "text/html; charset=windows-1258",
    "text/html; charset=x-none",
)
_EVERY_HUGE = 400
"""One page in so many is of 50 MB."""
_EVERY_FLOOD = 20
"""One in so many is a flood; one of twelve of them is of the size that is fetched at most."""


def _flood(number: int, random: Random) -> Mutant:
    kinds = [
        *((name, make, False) for name, make in PAGES.items()),
        *((name, make, True) for name, make in DATA.items()),
    ]
    name, make, is_data = kinds[number % len(kinds)]
    size = random.choice([_FETCHED, *[1_000_000] * 3, *[100_000] * 4, *[10_000] * 4])
    return Mutant(f"flood of {name}, {size} bytes", make(size)[:_FETCHED], _URL, "", is_data)


def mutants(count: int, seed: int, *, floods: bool = True) -> Iterator[Mutant]:
    """Mutilated pages, and floods where they are asked for, the same for the same seed."""
    random = Random(seed)  # noqa: S311
    for number in range(count):
        if floods and number % _EVERY_FLOOD == _EVERY_FLOOD - 1:
            yield _flood(number // _EVERY_FLOOD + seed * 7, random)
            continue
        folder = random.choice(CASES)
        body, url = _case(folder)
        names = []
        for mutate in random.sample(MUTATIONS, random.choice([1, 1, 2, 3])):
            body = mutate(body or b"<", random)
            names.append(mutate.__name__.strip("_"))
        if number % _EVERY_HUGE == _EVERY_HUGE - 1:
            body = _huge(body, random)
            names.append("huge")
        name = f"{folder.parent.name}/{folder.name}: {', '.join(names)}"
        yield Mutant(name, body, url, random.choice(_CHARSETS))


def read_all(mutant: Mutant) -> None:
    """Everything the spiders read of a page, or of data; the facts are bounded, whatever it is."""
    if mutant.is_data:
        asks = parse(_ASKS, mutant.url)
        for read in OF_DATA.values():
            read(mutant.body, asks)
        return
    page = parse(mutant.body, mutant.url, mutant.content_type)
    for look in OF_A_PAGE.values():
        look(page)
    rows_of_records(page.text, mutant.url)


def main() -> None:
    """Reads many and tells the slowest, and the memory used."""
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    logging.disable()  # thousands of pages that could not be decoded whole
    took: list[tuple[float, str]] = []
    for done, mutant in enumerate(mutants(count, seed), 1):
        began = time.process_time()
        read_all(mutant)
        took.append((time.process_time() - began, mutant.name))
        if done % 500 == 0 or done == count:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            slowest, name = max(took)
            told = f"{done}/{count} read; slowest {slowest:.2f} s of the processor ({name}); peak {peak} MB"
            sys.stderr.write(f"{told}\n")


if __name__ == "__main__":
    main()
