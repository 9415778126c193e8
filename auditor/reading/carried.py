"""Data a page carries for its scripts to show: JSON, literals in scripts, attributes; and markup written by scripts.

Taught by pages of Next (`__NEXT_DATA__`), Nuxt and Redux (`window.__INITIAL_STATE__ = …`), Inertia (`data-page`), Vue
(`:items="[…]"`), JSON-LD item lists, hand-made `var data = [{title: '…'}]`, and of old portals that write their lists
with `document.write('<a href=…>')`. Only literals are read; nothing is executed.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from urllib.parse import unquote

from lxml import etree

from auditor.reading.addresses import identity
from auditor.reading.dates import read_stamp
from auditor.reading.endpoints import inline_scripts
from auditor.reading.json_values import load, unpacked, walk
from auditor.reading.names import TOPIC
from auditor.reading.page import Page
from auditor.reading.patterns import Pattern
from auditor.reading.promises import promise_in
from auditor.reading.records import Records, read_value
from auditor.reading.rows import Row
from auditor.reading.scripting.literals import Literals
from auditor.reading.scripting.tokens import unquoted
from auditor.text import fold

_LIST = re.compile(r"\[\s*[{\[]")
_PARSED = re.compile(r"JSON\.parse\(\s*(?:decodeURIComponent\(\s*)?(?=[\"'`])")
_FLIGHT = re.compile(r"__next_f\.push\(\s*\[\s*\d{1,3}\s*,\s*(?=[\"'`])")
_ANCHOR = re.compile(r"<a\s[^<>]{0,500}?href\s*=\s*\\?[\"']?[^\"'\s<>+]{1,500}[^<>]{0,500}>[^<]{3,500}", re.IGNORECASE)
_TEMPLATE = re.compile(r"#[=:].{0,60}#|\{\{|\$\{|<%")
"""A gap that a script has yet to fill: the template of a list is no list."""
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`")
_URL = re.compile(r"(?:https?:/)?/\S{1,500}|[\w./-]{1,200}\.(?:html?|aspx?|php|jsp)(?:\?\S{0,300})?|\?\S{1,300}")
_LARGEST = 8_000_000
_MOST_LISTS = 400
_MOST_LITERALS = 200
_FEWEST_CELLS = 2
_MOSTLY = 0.5
_LONGEST_STAMP = 60
_ENOUGH = 10


@dataclass(frozen=True)
class Carried:
    """A list that a page carries.

    Attributes:
        records: what it lists. root: the whole it was found in, which may hold the promise.
    """

    records: list[object]
    root: object

    @property
    def key(self) -> str:
        """What the same list on another page has in common with it."""
        try:
            return json.dumps(self.records, ensure_ascii=False, sort_keys=True, default=str)
        except (TypeError, ValueError, RecursionError):
            return ""


def carried_lists(page: Page) -> tuple[Carried, ...]:
    """Every list of records that a page carries, menus and pictures among them."""
    found = (Carried(list(inner), root) for root in _roots(page) for inner in _lists(root))
    return tuple(islice(found, _MOST_LISTS))


def read_carried(
    page: Page,
    lists: Iterable[Carried],
    now: datetime | None = None,
    *,
    patterns: Sequence[Pattern] = (),
    known: Sequence[Row] = (),
) -> Records | None:
    """The posts among lists: dated, or about the section, or with addresses below the page's; None where none are.

    `known` are the posts the page shows by itself, from which the pattern of addresses is learnt.
    """
    best: tuple[float, Records] | None = None
    for each in lists:
        records = read_value(each.records, page.url, now, patterns=patterns, known=known)
        worth = _worth(page, records)
        if worth and (best is None or worth > best[0]):
            promise = promise_in(each.root, len(records.rows))
            best = worth, Records(records.rows, records.unaddressed, promise)
    return best[1] if best else None


def with_carried(rows: tuple[Row, ...], carried: Records) -> tuple[Row, ...]:
    """The posts a page shows, with the dates that its data tell of them; those of its data where it shows none of them.

    Where it shows others, its data are of something else.
    """
    told = {identity(row.url): row for row in carried.rows}
    shown = [told.get(identity(row.url)) for row in rows]
    if 2 * sum(1 for each in shown if each) >= len(rows):
        both = ((row, each or row) for row, each in zip(rows, shown, strict=True))
        dated = [
            replace(row, stamp=row.stamp or each.stamp, modified=row.modified or each.modified) for row, each in both
        ]
        own = {identity(row.url) for row in rows}
        return (*dated, *(row for key, row in told.items() if key not in own))
    return rows


def _worth(page: Page, records: Records) -> float:
    """How much records look like a section's posts; 0 for menus, pictures, and what else pages carry."""
    titles = [*(row.title for row in records.rows), *records.unaddressed]
    if not titles:
        return 0.0
    dated = sum(1 for row in records.rows if row.stamp)
    on_topic = sum(1 for title in titles if TOPIC.search(fold(title)))
    own = re.sub(r"(\.\w{2,5})?$", "", identity(page.url).partition("?")[0]) + "/"
    below = sum(1 for row in records.rows if identity(row.url).startswith(own)) if own.count("/") > 1 else 0
    if not dated and on_topic < _MOSTLY * len(titles) and not below:
        return 0.0
    return (1.0 + (2 * dated + 3 * on_topic + below) / len(titles)) * math.sqrt(min(len(titles), _ENOUGH))


def _lists(root: object) -> Iterator[list[object]]:
    for _, inner in walk(root):
        if isinstance(inner, list) and inner and all(isinstance(each, dict) for each in inner):
            yield inner
        elif isinstance(inner, list) and inner and all(_is_row(each) for each in inner):
            yield [_as_record(each) for each in inner if isinstance(each, list)]


def _is_row(value: object) -> bool:
    """Whether a value is a row of plain cells, with a text that is an address among them."""
    if not isinstance(value, list) or len(value) < _FEWEST_CELLS:
        return False
    texts = [each for each in value if isinstance(each, str)]
    return any(_URL.fullmatch(text.strip()) for text in texts) and len(texts) > 1


def _as_record(row: list[object]) -> dict[str, object]:
    """A row of cells as a record: its address, its date, and the longest other text, which is the title."""
    record: dict[str, object] = {}
    rest: list[str] = []
    for cell in (each.strip() for each in row if isinstance(each, str)):
        if "url" not in record and _URL.fullmatch(cell):
            record["url"] = cell
        elif "date" not in record and len(cell) <= _LONGEST_STAMP and read_stamp(cell):
            record["date"] = cell
        else:
            rest.append(cell)
    return {**record, "title": max(rest, key=len, default="")}


def _roots(page: Page) -> Iterator[object]:
    """Everything a page carries, as values."""
    for script in page.root.iter("script"):
        if "json" in script.get("type", "") and script.text:
            value = load(script.text)
            if not (isinstance(value, dict) and value.get("@type") == "BreadcrumbList"):
                yield _without_crumbs(value)
    for text in inline_scripts(page):
        yield from literals_in(text)
    for element in islice(page.root.iter(etree.Element), 20_000):
        for value in element.attrib.values():
            if len(value) > _LONGEST_STAMP and value.lstrip().startswith(("[{", '{"', "{'", "[[")):
                yield from _attribute(str(value))


def _without_crumbs(value: object) -> object:
    """JSON-LD without the way to the page, which is a list as well."""
    if isinstance(value, dict) and isinstance(value.get("@graph"), list):
        return [
            each for each in value["@graph"] if not (isinstance(each, dict) and each.get("@type") == "BreadcrumbList")
        ]
    return value


def _attribute(text: str) -> Iterator[object]:
    value = load(text)
    if value is not None:
        yield value
    else:
        yield from literals_in(text)


def literals_in(script: str) -> Iterator[object]:
    """The lists of records and of rows that stand in a script, each in the outermost literal that can be read."""
    text = script[:_LARGEST]
    for inner in _quoted(_PARSED, text):
        yield unpacked(unquote(inner) if inner.startswith(("%7B", "%5B", "%7b", "%5b")) else inner)
    yield from _outermost("".join(_quoted(_FLIGHT, text)))
    yield from _outermost(text)


def _quoted(before: re.Pattern[str], text: str) -> Iterator[str]:
    """The texts in quotes that stand right behind something."""
    found = (_STRING.match(text, match.end()) for match in islice(before.finditer(text), _MOST_LITERALS))
    return (unquoted(string[0]) for string in found if string)


def _outermost(text: str) -> Iterator[object]:
    """The literals around each list of records, the outermost bracket that encloses it and is a value."""
    literals = Literals(text)
    done = 0
    for match in islice(_LIST.finditer(text), 10 * _MOST_LITERALS):
        if match.start() < done or match.start() not in literals.ends:
            continue
        for start in dict.fromkeys((_literal_around(text, literals.ends, match.start()), match.start())):
            value = literals.value(start)
            if isinstance(value, list | dict):
                done = literals.ends[start]
                yield value
                break


def _literal_around(text: str, ends: Mapping[int, int], place: int) -> int:
    """Where the object begins that holds a list as one of its values: `{"items": [`; the list itself otherwise."""
    before = text[max(0, place - 5_000) : place]
    match = re.search(r"[=(:]\s*(\{[^{}]{0,4000}:\s*)$", before)
    start = place - len(match[1]) if match else place
    return start if start in ends else place


def written_markup(page: Page) -> str:
    """The markup that scripts of the page write, as far as whole anchors stand in their texts; "" where none do."""
    told: list[str] = []
    for script in inline_scripts(page):
        texts = [unquoted(text[0]) for text in _STRING.finditer(script[:_LARGEST]) if "<" in text[0]]
        if any(_ANCHOR.search(text) and not _TEMPLATE.search(text) for text in texts):
            told.extend(texts)
    return "".join(told)
