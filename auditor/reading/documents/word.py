"""Word before 2007, and RTF.

No well-kept library reads the text of DOC files. The format, though, keeps it in few places ([MS-DOC] 2.4.1): the
stream WordDocument holds it in pieces, a table of pieces stands in another stream. Both are found by xlrd, which must
find a workbook's stream in the same container.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from io import StringIO

from xlrd.compdoc import CompDoc, CompDocError

from auditor.reading.documents.telling import ENOUGH, Told, UnreadableError

_WORD_97 = 193
_FIELD_CODE = re.compile("\x13[^\x13-\x15]{0,2000}(?:\x14|(?=\x15))")
_RTF_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6}) ?(?:\?|\\'[0-9a-fA-F]{2})?|\\([a-zA-Z]{1,32})(?:-?\d{1,10})? ?"
    rb"|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_RTF_CODE_PAGE = re.compile(rb"\\ansicpg(125\d)")
_RTF_SILENT = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata colorschememapping latentstyles datastore xmlnstbl"
    b" listtable listoverridetable rsidtbl generator header footer headerf footerf fldinst".split()
)
_RTF_BREAKS = {**dict.fromkeys((b"par", b"line", b"cell", b"row", b"sect", b"page"), "\n"), b"tab": "\t"}
_RTF_SIGNS = {b"~": "\u00a0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}"}
_RTF_LARGEST = 4_000_000


def read_doc(body: bytes) -> Told:
    """The paragraphs of the main text's beginning; table cells count as paragraphs.

    Raises:
        UnreadableError: encrypted, damaged, or no text of Word.
    """
    try:
        container = CompDoc(body, logfile=StringIO())
        main = _stream(container, "WordDocument")
        flags = struct.unpack_from("<H", main, 0x0A)[0]
        if flags & 0x0100:
            raise UnreadableError("encrypted: a password is needed")
        if struct.unpack_from("<H", main, 2)[0] < _WORD_97:
            start, end = struct.unpack_from("<II", main, 0x18)
            text = main[start : min(end, start + ENOUGH)].decode("cp1252", "replace")
        else:
            table = _stream(container, "1Table" if flags & 0x0200 else "0Table")
            text = "".join(_pieces(main, table))
    except (CompDocError, struct.error, AssertionError, IndexError) as error:
        raise UnreadableError(f"damaged ({type(error).__name__})") from error
    return Told(re.split("[\r\x07\x0b\x0c]", _FIELD_CODE.sub("", text)))


def _stream(container: CompDoc, name: str) -> bytes:
    found = container.get_named_stream(name)
    if found is None:
        raise UnreadableError(f"no document of Word: it has no stream {name}")
    return bytes(found)


def _pieces(main: bytes, table: bytes) -> Iterator[str]:
    """The text's pieces in order: each stands somewhere in the stream, in UTF-16 or in one byte a letter."""
    clx, size = struct.unpack_from("<II", main, 0x01A2)
    length = struct.unpack_from("<I", main, 0x004C)[0]
    plc = _piece_table(table[clx : clx + size])
    count = (len(plc) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", plc)
    for number in range(count):
        letters = min(ends[number + 1], length, ENOUGH) - ends[number]
        if letters <= 0:
            return
        place = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)[0]
        if place & 0x4000_0000:
            start = (place & 0x3FFF_FFFF) // 2
            yield main[start : start + letters].decode("cp1252", "replace")
        else:
            yield main[place : place + 2 * letters].decode("utf-16-le", "replace")


def _piece_table(clx: bytes) -> bytes:
    """The table within its wrapping ([MS-DOC] 2.9.38): after any number of property lists, each with its length."""
    at = 0
    while clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if clx[at] != 2:  # noqa: PLR2004  (the mark of the table)
        raise UnreadableError("damaged (no table of pieces)")
    return clx[at + 5 : at + 5 + struct.unpack_from("<I", clx, at + 1)[0]]


def read_rtf(body: bytes) -> Told:
    """The paragraphs of an RTF file; fonts, styles, pictures and fields' instructions left out."""
    named = _RTF_CODE_PAGE.search(body[:1000])
    page = f"cp{named[1].decode()}" if named else "cp1252"
    told: list[str] = []
    depth = silent = size = 0
    for match in _RTF_TOKEN.finditer(body[:_RTF_LARGEST]):
        _, _, word, symbol, brace, _ = match.groups()
        if brace:
            depth += 1 if brace == b"{" else -1
            silent = silent if depth >= silent else 0
        elif not silent and (word in _RTF_SILENT or symbol == b"*"):
            silent = depth
        elif not silent:
            told.append(_rtf_shown(match, page))
            size += len(told[-1])
        if size > ENOUGH:
            break
    return Told("".join(told).split("\n"))


def _rtf_shown(token: re.Match[bytes], page: str) -> str:
    """What one token shows: a byte of the code page, a letter of Unicode, a break, a sign, or plain text."""
    code, unicode, word, symbol, _, plain = token.groups()
    if code:
        return bytes([int(code, 16)]).decode(page, "replace")
    if unicode:
        return chr(int(unicode) % 0x10000)
    if word:
        return _RTF_BREAKS.get(word, "")
    if symbol:
        return _RTF_SIGNS.get(symbol, "")
    return (plain or b"").decode(page, "replace")
