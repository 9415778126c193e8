"""The requests by which a page's scripts fetch lists: read from the scripts and attributes that show them.

Calls of fetch, axios, jQuery, Angular's and Vue's clients, XMLHttpRequest; the settings of DataTables, jqGrid, Kendo
and bootstrap-table; addresses in attributes. Nothing is executed: an address is put together from what the scripts say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml import etree

from auditor.reading.addresses import host_of, resolve
from auditor.reading.endpoint_calls import Raw, places_in, raw_of
from auditor.reading.js_scope import (
    DEFAULT_SIZE,
    LONGEST_SCRIPT,
    Scope,
    is_offset,
    is_page,
    is_size,
    may_be_empty,
)
from auditor.reading.js_values import Hole, Value, text_of
from auditor.reading.names import PETITIONS, RECEPTION
from auditor.reading.onward import Fields, Onward, with_fields
from auditor.reading.page import Page
from auditor.text import fold

_ADDRESS = re.compile(
    r"(?:https?:)?//[^\s\"<>]+|[./?]?[^\s\"<>:]*[/?][^\s\"<>]*|"
    r"[\w-]+\.(?:php|aspx?|ashx|asmx|json|js|jsp|do|html?|xml)(?:\?\S*)?"
)
_FILE = re.compile(
    r"\.(css|png|jpe?g|gif|svg|ico|woff2?|ttf|mp[34]|pdf|docx?|xlsx?|zip|map|mjs)$|(?<!\.json)\.js$", re.IGNORECASE
)
_NO_LIST = re.compile(
    r"counter|thong ?ke|luot ?(xem|truy)|\bstat(s|istics?)?\b|weather|thoi ?tiet|ty ?gia|gia ?vang|captcha|"
    r"\blog ?(in|out|on|off)\b|dang ?(nhap|xuat|ky)\b|\bvot(e|ing)|rating|binh ?chon|\bpolls?\b|comment|binh ?luan|"
    r"\bchat|suggest|autocomplete|csrf|\btoken|\btrack|analytics|\bcollect\b|\blikes?\b|\bshares?\b|notif|subscri|"
    r"\bcontact|lien ?he|gop ?y|upload|\bsessions?\b|keep ?alive|heartbeat|\bping\b|\bonline|banner|quang ?cao|\bslide|"
    r"videos?\b|gallery|i18n|locale|translat|\bconfigs?\b|\bsettings?\b|permission|\busers?\b|account|profile|"
    r"\b(delete|remove|update|insert|create|save|edit|increase|add|set|send|submit|write|log)\b|\bcount\b|count ?view",
    re.IGNORECASE,
)
"""Words of addresses that bring no list of posts, or might change something."""
_LIST = re.compile(
    r"news|article|post|tin(-?tuc)?\b|bai-?viet|list|danh-?sach|document|van-?ban|content|item|search|paging|page|load-?more|"
    r"getall|get-?by|category|chuyen-?muc|tiep|lich|data|feed|entries|records",
    re.IGNORECASE,
)
_CHANGES = re.compile(r"\b(put|patch|delete)\b", re.IGNORECASE)
_READS = re.compile(
    r"get|list|load|fetch|search|quer|filter|paging|page|read|find|news|article|tin|bai|danh|data|view|ajax|items",
    re.IGNORECASE,
)
_ATTRIBUTES = (
    "data-url", "data-source", "data-ajax", "data-ajax-url", "data-ajax--url", "data-endpoint", "data-api",
    "data-api-url", "data-load", "data-load-url", "data-remote", "data-service", "hx-get", "ic-get-from", "data-get",
    "data-json", "data-feed", "data-list-url", "data-request-url", "data-src-url", "data-content-url",
)  # fmt: skip
_OWN_WORDS = re.compile(r"\d{2,}|[a-z]{3,}-[a-z-]{3,}")
_HANDLERS = ("onload", "ng-init", "x-init", "x-data", "data-ng-init", "onclick")
_MOST_CALLS = 400
_MOST = 40
_AROUND = 600
_LONGEST_ATTRIBUTE = 5_000
JSON_FIRST: Fields = (
    ("Accept", "application/json, text/html;q=0.9, */*;q=0.8"),
    ("X-Requested-With", "XMLHttpRequest"),
)


@dataclass(frozen=True)
class Endpoint:
    """A request that may bring the list.

    Attributes:
        ask: what is asked first, with what it grows by when more is asked for.
        points: how much it looks like a list of posts; endpoints that cannot be one are not told at all.
        shown: the place it was read from, for the operator.
    """

    ask: Onward
    points: float
    shown: str


@dataclass(frozen=True)
class Found:
    """What the scripts of a page show.

    Attributes:
        endpoints: the requests that may bring a list, the likeliest first.
        dark: calls whose address could not be put together, one line each.
    """

    endpoints: tuple[Endpoint, ...] = ()
    dark: tuple[str, ...] = ()


def inline_scripts(page: Page) -> tuple[str, ...]:
    """The scripts that stand in the page, data apart, and what elements do when they are loaded."""
    texts = [
        script.text
        for script in page.root.iter("script")
        if script.text and not script.get("src") and is_script(script.get("type", ""))
    ]
    handlers = [
        value
        for element in islice(page.root.iter(etree.Element), 20_000)
        for name in _HANDLERS
        if (value := element.get(name))
    ]
    return tuple(text[:LONGEST_SCRIPT] for text in (*texts, *handlers[:200]))


def is_script(kind: str) -> bool:
    """Whether a script element of a type runs: data and templates do not."""
    return not re.search(r"json|x-|template|text/html|text/ng", kind, re.IGNORECASE)


def find_endpoints(page: Page, scripts: Sequence[str], hosts: frozenset[str]) -> Found:
    """The requests by which scripts of a page fetch lists.

    Args:
        page: the page that runs them; what elements say of themselves (`data-url`) is looked at as well.
        scripts: texts, those of the page first.
        hosts: the unit's own; nothing is asked of others.
    """
    texts = [text[:LONGEST_SCRIPT] for text in scripts]
    first, second = Scope(page, texts), Scope(page, texts, turn=1)
    base = _base_of(first)
    found: dict[tuple[object, ...], Endpoint] = {}
    dark: list[str] = []
    for script, place, kind in islice(places_in(texts), _MOST_CALLS):
        raw = raw_of(first, script, place, kind)
        if raw is None:
            continue
        ask = _ask(page, raw, base, hosts)
        if ask is None:
            if isinstance(raw.url, Hole) or _has_hole(raw.query) or _has_hole(raw.body):
                dark.append(" ".join(raw.around.split())[:120])
            continue
        later = raw_of(second, script, place, kind)
        after = _ask(page, later, base, hosts) if later else None
        _keep(found, page, _growing(ask, after), raw.around)
    for url, around in _in_attributes(page):
        ask = _ask(page, Raw(url, around=around), "", hosts)
        if ask is not None:
            _keep(found, page, _growing(ask, None), around)
    ranked = sorted(found.values(), key=lambda endpoint: -endpoint.points)
    return Found(tuple(ranked[:_MOST]), tuple(dict.fromkeys(dark))[:_MOST])


def _keep(found: dict[tuple[object, ...], Endpoint], page: Page, ask: Onward, around: str) -> None:
    points = _points(page, ask, around)
    key = (ask.url, ask.form, ask.json)
    if points > 0 and (key not in found or found[key].points < points):
        found[key] = Endpoint(ask, points, ask.url)


def _base_of(scope: Scope) -> str:
    """The `baseURL` that a client puts before its addresses; "" where scripts name none."""
    for script, text in enumerate(scope.scripts):
        for match in islice(re.finditer(r"(?<![\w$])baseURL\s*[:=]\s*", text), 10):
            value = scope.value(script, match.end())
            if isinstance(value, str) and value:
                return value
    return ""


def _ask(page: Page, raw: Raw, base: str, hosts: frozenset[str]) -> Onward | None:
    """The request a call makes; None where a part is not known, or it is none of ours."""
    if not isinstance(raw.url, str) or not _ADDRESS.fullmatch(raw.url.strip()):
        return None
    url = _resolved(page, raw.url.strip(), base)
    if url is None or host_of(url) not in hosts or _FILE.search(urlsplit(url).path) or _NO_LIST.search(_named(url)):
        return None
    query = _fields(raw.query)
    if query is None:
        return None
    if query:
        url = with_fields(url, query)
    headers = _headers(raw.headers)
    if raw.method == "post":
        return _posted(raw, url, headers)
    return None if _CHANGES.search(raw.method) else Onward(url, headers=headers, kind="data")


def _posted(raw: Raw, url: str, headers: Fields) -> Onward | None:
    """A post that asks and changes nothing, as far as its names tell."""
    body = raw.body
    names = f"{_path_of(url)} {body if isinstance(body, str) else ' '.join(body) if isinstance(body, dict) else ''}"
    if not _READS.search(names):
        return None
    if raw.as_json:
        told = body if isinstance(body, str) else _json_of(body)
        return Onward(url, json=told, headers=headers, kind="data") if told is not None else None
    fields = tuple(parse_qsl(body, keep_blank_values=True)) if isinstance(body, str) else _fields(body)
    return Onward(url, form=fields, headers=headers, kind="data") if fields is not None else None


def _json_of(body: Value) -> str | None:
    if body is None or isinstance(body, Hole):
        return "{}" if body is None else None
    if isinstance(body, dict):
        body = {key: "" if isinstance(value, Hole) and may_be_empty(key) else value for key, value in body.items()}
    try:
        return json.dumps(body, ensure_ascii=False)
    except (TypeError, ValueError):
        return None


def _resolved(page: Page, url: str, base: str) -> str | None:
    absolute = url.startswith(("http://", "https://", "//"))
    if base and not absolute and not url.startswith(base):
        return resolve(page.base, f"{base.rstrip('/')}/{url.lstrip('/')}")
    return resolve(page.base, url)


def _path_of(url: str) -> str:
    """Path and query to match by, words apart: `GetNewsList` is `Get News List`."""
    parts = urlsplit(url)
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[-_/.?&=]+", " ", f"{parts.path} {parts.query}")


def _named(url: str) -> str:
    """The words that name what is asked: the path's, and those of an action in the query."""
    query = dict(parse_qsl(urlsplit(url).query))
    actions = " ".join(query.get(name, "") for name in ("action", "cmd", "op", "method", "func", "task", "act"))
    return _path_of(f"{url.partition('?')[0]}/{actions}")


def _fields(value: Value) -> Fields | None:
    """Data as fields; None where one of them is not known and has to be."""
    if value is None or isinstance(value, str):
        return tuple(parse_qsl(value, keep_blank_values=True)) if value else ()
    if not isinstance(value, dict):
        return None
    fields = []
    for key, each in value.items():
        told = "" if each is None or (isinstance(each, Hole) and may_be_empty(key)) else text_of(each)
        if told is None and isinstance(each, Hole) and each.name == "function":
            continue
        if told is None:
            return None
        fields.append((key, told))
    return tuple(fields)


def _has_hole(value: Value) -> bool:
    return isinstance(value, Hole) or (
        isinstance(value, dict) and any(isinstance(each, Hole) for each in value.values())
    )


def _headers(value: Value) -> Fields:
    """What a script sends besides, as far as it is plain and no secret."""
    own = value if isinstance(value, dict) else {}
    plain = [
        (str(key), each)
        for key, each in own.items()
        if isinstance(each, str) and each.isprintable() and re.fullmatch(r"accept|x-[\w-]+", str(key), re.IGNORECASE)
    ]
    names = {key.lower() for key, _ in plain}
    return (*plain, *(pair for pair in JSON_FIRST if pair[0].lower() not in names))


def _growing(ask: Onward, after: Onward | None) -> Onward:
    """The request with what it grows by: as the next turn shows, else as the names of its parameters say."""
    if after is not None and (after.url, after.form, after.json) != (ask.url, ask.form, ask.json):
        grown = ask.growing(after)
        if grown.growth:
            return _by_posts(grown)
    return _by_names(ask)


def _parameters(ask: Onward) -> list[tuple[str, str]]:
    fields = list(ask.form or ())
    if ask.json:
        try:
            told = json.loads(ask.json)
        except ValueError:
            told = None
        fields = [(key, str(value)) for key, value in told.items()] if isinstance(told, dict) else []
    return [*parse_qsl(urlsplit(ask.url).query, keep_blank_values=True), *fields]


def _by_names(ask: Onward) -> Onward:
    """Growth told by names: `page=1` becomes 2, `start=0` grows by the posts received."""
    first = [
        (name, value) for name, value in _parameters(ask) if value.isdecimal() and (is_page(name) or is_offset(name))
    ]
    if not first:
        return ask
    changed = dict(first)
    size = next((int(value) for name, value in _parameters(ask) if is_size(name) and value.isdecimal()), DEFAULT_SIZE)
    after = {name: str(int(value) + (size if is_offset(name) else 1)) for name, value in changed.items()}
    return _by_posts(ask.growing(_with(ask, after)))


def _by_posts(ask: Onward) -> Onward:
    """An offset grows by what was received rather than by what was asked for."""
    return replace(ask, growth=tuple(None if step and step >= DEFAULT_SIZE else step for step in ask.growth))


def _with(ask: Onward, values: Mapping[str, str]) -> Onward:
    parts = urlsplit(ask.url)
    query = [(name, values.get(name, value)) for name, value in parse_qsl(parts.query, keep_blank_values=True)]
    url = parts._replace(query=urlencode(query)).geturl() if query else ask.url
    form = tuple((name, values.get(name, value)) for name, value in ask.form) if ask.form is not None else None
    told = ask.json
    for name, value in values.items():
        told = re.sub(rf'("{re.escape(name)}":\s*"?)\d+', rf"\g<1>{value}", told) if told else told
    return replace(ask, url=url, form=form, json=told)


def _in_attributes(page: Page) -> Iterator[tuple[str, str]]:
    """Addresses that elements name for a script to call."""
    for element in islice(page.root.iter(etree.Element), 20_000):
        for name in _ATTRIBUTES:
            value = element.get(name)
            if value and len(value) < _LONGEST_ATTRIBUTE and not value.lstrip().startswith(("{", "[")):
                yield value.strip(), " ".join([name, element.get("id", ""), element.get("class", "")])


def _points(page: Page, ask: Onward, around: str) -> float:
    """How much a request looks like one for this page's posts."""
    sent = " ".join(str(piece) for pair in ask.form or () for piece in pair)
    told = fold(" ".join([_path_of(ask.url), sent, ask.json or ""]))
    here = [word for word in _OWN_WORDS.findall(page.url.lower()) if word.replace("-", " ") in told]
    speaks = RECEPTION.search(told) or PETITIONS.search(told)
    listed = bool(_LIST.search(told)) + bool(_LIST.search(around)) / 4
    return 1.0 + 2 * listed + 2 * bool(ask.growth) + 3 * bool(speaks) + 2 * bool(here)
