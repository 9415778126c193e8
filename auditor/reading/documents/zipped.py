"""DOCX, PPTX and ODT: XML in a zip, read piece by piece, so that a bomb is left as soon as enough is known."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import IO

from lxml import etree

from auditor.reading.documents.telling import ENOUGH, Told, UnreadableError

LARGEST_PART = 40_000_000
"""Bytes, unpacked: a document of a thousand pages has five million."""
_CHUNK = 1 << 16
_FIRST_SLIDES = 3
_SPACE = frozenset({"tab", "br", "cr", "s", "line-break"})
_NOT_SHOWN = frozenset({"instrText", "delText", "delInstrText", "annotation", "tracked-changes", "Fallback"})


def read_zipped(body: bytes) -> Told:
    """The paragraphs of a document's beginning, those in tables and text boxes included.

    Raises:
        UnreadableError: encrypted, or damaged.
    """
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            paragraphs: list[str] = []
            for name in _parts(archive):
                with archive.open(name) as part:
                    paragraphs += _paragraphs(part)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise UnreadableError(f"damaged or encrypted ({type(error).__name__})") from error
    return Told(paragraphs)


def _parts(archive: zipfile.ZipFile) -> list[str]:
    names = set(archive.namelist())
    whole = next((name for name in ("word/document.xml", "content.xml") if name in names), None)
    slides = [name for number in range(1, _FIRST_SLIDES + 1) if (name := f"ppt/slides/slide{number}.xml") in names]
    return [whole] if whole else slides


def _paragraphs(part: IO[bytes]) -> list[str]:
    found: list[str] = []
    size = read = 0
    parser = etree.XMLPullParser(events=("end",), resolve_entities=False, no_network=True, huge_tree=False)
    while size < ENOUGH and len(found) < ENOUGH and (chunk := part.read(_CHUNK)):
        read += len(chunk)
        if read > LARGEST_PART:
            break
        parser.feed(chunk)
        for _, element in parser.read_events():
            if _name(element) in {"p", "h"}:
                found.append("".join(_pieces(element)))
                size += len(found[-1])
                element.clear(keep_tail=True)
    return found


def _pieces(paragraph: etree._Element) -> Iterator[str]:
    """The text of a paragraph: of `t` elements in Office's formats, of any in OpenDocument's."""
    office = "openxmlformats" in str(paragraph.tag) or "openxmlformats" in str(paragraph.nsmap.values())
    walker = etree.iterwalk(paragraph, events=("start", "end"))
    for event, element in walker:
        name = _name(element)
        if event == "start" and name in _NOT_SHOWN:
            walker.skip_subtree()
        elif event == "start":
            if element.text and (not office or name == "t"):
                yield element.text
            if name in _SPACE:
                yield " "
        elif not office and element is not paragraph and element.tail:
            yield element.tail


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
