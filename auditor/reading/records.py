"""Posts in the records a server answers with (JSON), instead of in a page; with what it promises beside them.

Taught by the answers of WordPress (REST, admin-ajax), Drupal JSON:API, Strapi, Laravel, SharePoint (OData), ASP.NET web
services (`{"d": …}`, `/Date(…)/`), DataTables, jqGrid, and of portals whose keys are Vietnamese (TieuDe, NgayDang).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape

from lxml import etree, html

from auditor.reading.addresses import resolve
from auditor.reading.json_values import load, plain_key, walk
from auditor.reading.patterns import Pattern, learnt
from auditor.reading.promises import Promise, promise_in
from auditor.reading.record_dates import DateKeys, date_keys, stamp_of
from auditor.reading.rows import Row
from auditor.repair import restore
from auditor.text import clean, fold

_TITLE = re.compile(
    r"(post|news|article|item|bai(viet)?|tin(tuc)?|content|entry|page|document)?(title|tieude|headline|subject)(vn|vi)?"
)
_NAME = re.compile(
    r"(ten|name)(baiviet|bai|tin(tuc|bai)?|news|article|vanban)?|tentin|trichyeu|caption|heading|label|text"
)
_ADDRESS = re.compile(
    r"(post|news|article|item|detail|full|absolute|seo|friendly|view|page|self|web|alias)?"
    r"(url|link|href|permalink|uri|duongdan|lienket)(vn|vi|detail|chitiet|full|path|seo|view)?|path|duongdanchitiet"
)
_TEASER = re.compile(
    r"(short|meta)?(description|desc)|summary|sapo|tomtat|mota|excerpt|introtext|intro|trichdan|lead|brief"
)
_WRAPPERS = frozenset({"attributes", "source", "node", "fields", "item", "post", "news", "article", "entity"})
_SPOKEN = ("rendered", "vi", "vn", "value", "text", "raw", "#text")
_PICTURE = re.compile(r"\.(jpe?g|png|gif|svg|webp|bmp|ico|css|js|mp4)$", re.IGNORECASE)
_LINK = re.compile(r"<a\s[^<>]{0,1000}href\s*=", re.IGNORECASE)
_MOST_RECORDS = 2_000
_LONGEST_TITLE = 2_000
_TEASER_LENGTH = 500
_MOSTLY = 0.6
_TITLE_WORDS = 4
_ENOUGH = 10


@dataclass(frozen=True)
class Records:
    """What a server's answer lists.

    Attributes:
        rows: the posts whose address is known, in the order of the answer.
        unaddressed: titles of further posts, whose address neither the answer nor a pattern tells.
        promise: how many there should be in all.
        html: the fragment of a page the answer carries in place of records; "" where there is none.
        empty: whether the answer has a list, and nothing is in it.
    """

    rows: tuple[Row, ...] = ()
    unaddressed: tuple[str, ...] = ()
    promise: Promise = field(default_factory=Promise)
    html: str = ""
    empty: bool = False


def rows_of_records(text: str, base: str, now: datetime | None = None) -> tuple[Row, ...]:
    """The posts a JSON answer lists; empty where it is no JSON, or lists none with an address."""
    records = read_records(text, base, now)
    return records.rows if records else ()


def read_records(
    text: str,
    base: str,
    now: datetime | None = None,
    *,
    patterns: Sequence[Pattern] = (),
    known: Sequence[Row] = (),
) -> Records | None:
    """Reads a JSON answer; None where the text is no JSON.

    Args:
        text: the answer as text, wrapped as `json_values.load` knows.
        base: the address that relative ones start from: the page that shows the posts.
        now: for relative dates.
        patterns: how addresses are built from records, tried in turn where a record holds none.
        known: posts already known, to learn such a pattern from.
    """
    value = load(text)
    return None if value is None else read_value(value, base, now, patterns=patterns, known=known)


def read_value(
    value: object,
    base: str,
    now: datetime | None = None,
    *,
    patterns: Sequence[Pattern] = (),
    known: Sequence[Row] = (),
) -> Records:
    """Reads a value of lists, dicts and plain values, as JSON gives it: see `read_records`."""
    best = max(_lists(value), key=_worth, default=[])
    if not best:
        return Records(promise=promise_in(value, 0), html=_fragment(value), empty=_has_empty_list(value))
    pattern = learnt(_met(best, known))
    ways = [*([pattern] if pattern else []), *patterns]
    dates = date_keys(best)
    rows, nameless = [], []
    for record in best:
        title = _title_of(record)
        url = _address_of(record, base) or next((url for way in ways if (url := way.address(base, record))), None)
        if title and url:
            rows.append(_row(record, title, url, dates, now))
        elif title:
            nameless.append(title)
    return Records(tuple(rows), tuple(nameless), promise_in(value, len(best)))


def _lists(value: object) -> Iterator[list[dict[str, object]]]:
    """Every list of records in which most have a title; PHP writes lists with gaps as objects with numbers for keys."""
    for _, inner in walk(value):
        if isinstance(inner, dict) and inner and all(str(key).isdecimal() for key in inner):
            elements: Iterable[object] = inner.values()
        elif isinstance(inner, list):
            elements = inner
        else:
            continue
        records = [_flat(each) for each in elements if isinstance(each, dict)][:_MOST_RECORDS]
        if records and sum(1 for record in records if _title_of(record)) >= _MOSTLY * len(records):
            yield records


def _worth(records: list[dict[str, object]]) -> float:
    """How much a list looks like posts rather than menus or categories: how many, dated, titled at length."""
    words = sum(len(_title_of(record).split()) for record in records) / len(records)
    dated = 1 if date_keys(records).published else 0
    return math.sqrt(min(len(records), _ENOUGH)) * (1 + 2 * dated + (1 if words > _TITLE_WORDS else 0))


def _flat(record: dict[str, object]) -> dict[str, object]:
    """A record by plain keys; what stands in a mere wrapper is lifted out, and a text told in several forms is one."""
    flat: dict[str, object] = {}
    for key, value in record.items():
        name = plain_key(str(key))
        if isinstance(value, dict):
            if name in _WRAPPERS:
                flat = {**_flat(value), **flat}
                continue
            spoken = (value[form] for form in _SPOKEN if isinstance(value.get(form), str))
            flat.setdefault(name, next(spoken, None))
        elif not isinstance(value, list):
            flat.setdefault(name, value)
    return flat


def _title_of(record: Mapping[str, object]) -> str:
    for pattern in (_TITLE, _NAME):
        for key, value in record.items():
            if pattern.fullmatch(key) and isinstance(value, str) and (title := plain(value[:_LONGEST_TITLE])):
                return title
    return ""


def plain(markup: str) -> str:
    """A text that may hold tags and entities, as one line."""
    if "<" not in markup and "&" not in markup:
        return clean(restore(markup))
    try:
        return clean(restore(html.fragment_fromstring(markup, create_parent="div").text_content()))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""


def _address_of(record: Mapping[str, object], base: str) -> str | None:
    for key, value in record.items():
        if _ADDRESS.fullmatch(key) and isinstance(value, str) and (url := _resolved(base, value)):
            return url
    if url := _of_sharepoint(base, record):
        return url
    linked = (value for value in record.values() if isinstance(value, str) and _LINK.search(value[:_LONGEST_TITLE]))
    return next((url for value in linked if (url := _first_link(base, value[:_LONGEST_TITLE]))), None)


def _of_sharepoint(base: str, record: Mapping[str, object]) -> str | None:
    """The address of an item of a SharePoint list: its page or file, else the form that shows the item.

    `FileRef` names the file; that of an item without one ends in `12_.000` (MS-WSSFO3, list items).
    """
    place, number = record.get("fileref"), record.get("id")
    if not isinstance(place, str) or not place.startswith("/"):
        return None
    if not place.endswith("_.000"):
        return resolve(base, place)
    return resolve(base, f"{place.rpartition('/')[0]}/DispForm.aspx?ID={number}") if number else None


def _resolved(base: str, value: str) -> str | None:
    """An address as a record holds it; a bare word is a slug and no address."""
    text = value.strip().removeprefix("~")
    if _PICTURE.search(text.partition("?")[0]) or not re.search(r"[/?.]", text):
        return None
    return resolve(base, text)


def _first_link(base: str, markup: str) -> str | None:
    try:
        root = html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return next((url for anchor in root.iter("a") if (url := resolve(base, anchor.get("href", "")))), None)


def _met(records: Iterable[Mapping[str, object]], known: Sequence[Row]) -> Iterator[tuple[Mapping[str, object], str]]:
    """The records of posts already known, told by their titles, with the addresses of those."""
    urls = {fold(row.title): row.url for row in known}
    return ((record, url) for record in records if (url := urls.get(fold(_title_of(record)))))


def _row(record: Mapping[str, object], title: str, url: str, dates: DateKeys, now: datetime | None) -> Row:
    teaser = next((value for key, value in record.items() if _TEASER.fullmatch(key) and isinstance(value, str)), "")
    return Row(
        url,
        title,
        stamp_of(record, dates.published, dates, now),
        stamp_of(record, dates.modified, dates, now),
        plain(teaser[: 4 * _TEASER_LENGTH])[:_TEASER_LENGTH],
    )


def _fragment(value: object) -> str:
    """The HTML in an answer: its longest text with links; else the cells of DataTables and jqGrid as a table."""
    rows = [cells for _, inner in walk(value) if (cells := _cells(inner))]
    if rows:
        return f"<table>{''.join(f'<tr>{cells}</tr>' for cells in rows)}</table>"
    pieces = [inner for _, inner in walk(value) if isinstance(inner, str) and _LINK.search(inner)]
    return _joined(pieces) if pieces else ""


def _joined(pieces: list[str]) -> str:
    """Several fragments: one row each, or the list and lesser blocks beside it."""
    longest = max(pieces, key=len)
    return longest if len(longest) > sum(map(len, pieces)) / 2 else "".join(f"<div>{piece}</div>" for piece in pieces)


def _cells(value: object) -> str:
    """A row of a table, where a value is one: a list of plain values, one of which holds a link."""
    if not isinstance(value, list) or len(value) < 2 or not all(_is_plain(cell) for cell in value):  # noqa: PLR2004
        return ""
    linked = any(isinstance(cell, str) and _LINK.search(cell) for cell in value)
    return "".join(f"<td>{_cell(cell)}</td>" for cell in value) if linked else ""


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    return cell if isinstance(cell, str) and "<" in cell else escape(str(cell))


def _has_empty_list(value: object) -> bool:
    """Whether an answer's list is there and empty, and nothing else is listed: `{"items": [], "total": 0}`."""
    lists = [inner for _, inner in walk(value) if isinstance(inner, list)]
    return bool(lists) and not any(lists)
