"""The requests by which a page's scripts fetch lists: read from the scripts and attributes that show them.

Calls of fetch, axios, jQuery, Angular's and Vue's clients, XMLHttpRequest; the settings of DataTables, jqGrid, Kendo
and bootstrap-table; addresses in attributes. Nothing is executed: an address is put together from what the scripts say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml import etree

from auditor.reading.addresses import host_of, resolve
from auditor.reading.clicks import as_fields
from auditor.reading.names import PETITIONS, RECEPTION
from auditor.reading.onward import Fields, Onward, with_fields
from auditor.reading.page import Page
from auditor.reading.parameters import DEFAULT_SIZE, is_offset, is_page
from auditor.reading.scripting.browser import Call
from auditor.reading.scripting.loading import LONGEST_BUNDLE, Loading
from auditor.reading.scripting.values import as_json
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
_MOST = 40
LONGEST_SCRIPT = LONGEST_BUNDLE
"""Characters of scripts that are looked at, in all."""
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
    return tuple(text[:LONGEST_SCRIPT] for text in (*texts, *handlers[:200], *_settings(page)))


def _settings(page: Page) -> Iterator[str]:
    """What plugins read from attributes of tables, as scripts would tell them: easyui's, bootstrap-table's."""
    for element in islice(page.root.iter("table", "div", "ul"), 20_000):
        told, url = element.get("data-options", ""), element.get("data-url", "")
        if "url" in told and len(told) < _LONGEST_ATTRIBUTE:
            yield f"$('#_').datagrid({{{told}}});"
        elif url and element.get("data-side-pagination") == "server":
            method = element.get("data-method", "get")
            yield f"$('#_').bootstrapTable({{url: {json.dumps(url)}, method: {json.dumps(method)}}});"


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
    loading = Loading(page)
    loading.run(_cut(scripts))
    found: dict[tuple[object, ...], Endpoint] = {}
    for heard in sorted(loading.heard, key=lambda each: not each.at_load):
        ask = _ask(page, heard.call, hosts)
        if ask is not None and not _carries_on(found.values(), ask):
            _keep(found, page, _by_names(ask), at_load=heard.at_load)
    for url in _in_attributes(page):
        ask = _ask(page, Call("GET", url), hosts)
        if ask is not None:
            _keep(found, page, _by_names(ask), at_load=True)
    ranked = sorted(found.values(), key=lambda endpoint: -endpoint.points)
    dark = dict.fromkeys(each.shown for each in loading.dark if not _NO_LIST.search(_named(each.url)))
    return Found(tuple(ranked[:_MOST]), tuple(dark)[:_MOST])


def _cut(scripts: Iterable[str]) -> Iterator[str]:
    """The scripts, as much as is looked at in all."""
    left = LONGEST_SCRIPT
    for text in scripts:
        yield text[:left]
        left = max(0, left - len(text))


def _carries_on(found: Iterable[Endpoint], ask: Onward) -> bool:
    """Whether a request is another page of what one found asks for: a function asks for it that counts on."""
    return any(
        ask.url.partition("?")[0] == each.ask.url.partition("?")[0]
        and all(is_page(name) or is_offset(name) for name, _ in {*_parameters(ask)} ^ {*_parameters(each.ask)})
        for each in found
    )


def _keep(found: dict[tuple[object, ...], Endpoint], page: Page, ask: Onward, *, at_load: bool) -> None:
    points = _points(page, ask) + at_load
    key = (ask.url, ask.form, ask.json)
    if key not in found or found[key].points < points:
        found[key] = Endpoint(ask, points, ask.url)


def _ask(page: Page, call: Call, hosts: frozenset[str]) -> Onward | None:
    """The request a call makes; None where it is none of ours."""
    address = call.url.strip()
    url = resolve(page.base, address) if _ADDRESS.fullmatch(address) else None
    if (
        url is None
        or url == page.url
        or host_of(url) not in hosts
        or _FILE.search(urlsplit(url).path)
        or _NO_LIST.search(_named(url))
    ):
        return None
    names = {name.lower() for name, _ in call.headers}
    headers = (*call.headers, *(pair for pair in JSON_FIRST if pair[0].lower() not in names))
    data = call.data
    if call.method == "GET":
        return Onward(with_fields(url, as_fields(data)) if data else url, headers=headers, kind="data")
    sent = data if isinstance(data, str) else " ".join(data) if isinstance(data, dict) else ""
    if not _READS.search(f"{_path_of(url)} {sent}"):
        return None
    if call.json or sent.lstrip().startswith("{"):
        told = data if isinstance(data, str) else as_json(data or {})
        return Onward(url, json=told, headers=headers, kind="data") if isinstance(told, str) else None
    return Onward(url, form=as_fields(data), headers=headers, kind="data")


def _path_of(url: str) -> str:
    """Path and query to match by, words apart: `GetNewsList` is `Get News List`."""
    parts = urlsplit(url)
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[-_/.?&=]+", " ", f"{parts.path} {parts.query}")


def _named(url: str) -> str:
    """The words that name what is asked: the path's, and those of an action in the query."""
    query = dict(parse_qsl(urlsplit(url).query))
    actions = " ".join(query.get(name, "") for name in ("action", "cmd", "op", "method", "func", "task", "act"))
    return _path_of(f"{url.partition('?')[0]}/{actions}")


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
    after = {name: str(int(value) + (DEFAULT_SIZE if is_offset(name) else 1)) for name, value in first}
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


def _in_attributes(page: Page) -> Iterator[str]:
    """Addresses that elements name for a script to call."""
    for element in islice(page.root.iter(etree.Element), 20_000):
        for name in _ATTRIBUTES:
            value = element.get(name)
            if value and len(value) < _LONGEST_ATTRIBUTE and not value.lstrip().startswith(("{", "[")):
                yield value.strip()


def _points(page: Page, ask: Onward) -> float:
    """How much a request looks like one for this page's posts."""
    sent = " ".join(str(piece) for pair in ask.form or () for piece in pair)
    told = fold(" ".join([_path_of(ask.url), sent, ask.json or ""]))
    here = [word for word in _OWN_WORDS.findall(page.url.lower()) if word.replace("-", " ") in told]
    speaks = RECEPTION.search(told) or PETITIONS.search(told)
    return 1.0 + 2 * bool(_LIST.search(told)) + 2 * bool(ask.growth) + 3 * bool(speaks) + 2 * bool(here)
