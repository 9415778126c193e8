"""Where scripts call a server, or name it in the settings of a widget, and with which arguments: see `endpoints`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from auditor.reading.js_scope import DEFAULT_SIZE, Scope
from auditor.reading.js_values import Hole, Value, text_of

_CALL = re.compile(
    r"(?<![\w$])((?:[\w$]+|\)|\])(?:\??\.[\w$]+){0,4}\.)?"
    r"(get|post|getJSON|ajax|request|load|fetch|\$fetch|useFetch|useAsyncData|useSWR|useQuery|axios|\$http|http|open|"
    r"\$get|\$post|getData|loadData|callApi|callAPI|ajaxGet|ajaxPost|doAjax|getList|query|jsonp|send|Request)"
    r"\s*(?:<[\w\[\]<>, ]{1,60}>)?\(\s*"
)
_SETTING = re.compile(
    r"(?<![\w$])[\"']?(url|ajax|sAjaxSource|read|dataUrl|ajaxUrl|ajaxSource|dataSource|endpoint|apiUrl|listUrl|urlList|"
    r"loadUrl|load_url|ajax_url|serviceUrl|href)[\"']?\s*:\s*(?=[\"'`\w$(/{])"
)
_WRAPPED = re.compile(
    r"(?<![\w$.])[\w$]+\s*\(\s*(?=[\"'`][^\"'`\s]{0,100}(?:/api/|\.ashx|\.asmx/|\.svc/|/ajax|_api/|/rest/))"
)
_SIZE = DEFAULT_SIZE
_WIDGETS: tuple[tuple[str, dict[str, Value]], ...] = (
    ("sAjaxSource", {"sEcho": 1, "iDisplayStart": 0, "iDisplayLength": _SIZE}),
    ("erverSide", {"draw": 1, "start": 0, "length": _SIZE}),
    ("colModel", {"_search": "false", "rows": _SIZE, "page": 1, "sidx": "", "sord": "desc"}),
    ("odata", {"$top": _SIZE, "$skip": 0, "$format": "json"}),
    ("transport", {"take": _SIZE, "skip": 0, "page": 1, "pageSize": _SIZE}),
    ("datagrid", {"page": 1, "rows": _SIZE}),
    ("bootstrapTable", {"limit": _SIZE, "offset": 0}),
)
"""What widgets add, told by a word in their settings."""
_AROUND = 600
_FAR = 2_000
_BEFORE = 60
_BEHIND = 140
_LIKE_ADDRESS = re.compile(r"url|api|path|link|href|endpoint|src", re.IGNORECASE)


@dataclass(frozen=True)
class Raw:
    """A call as a script writes it, evaluated."""

    url: Value
    method: str = "get"
    query: Value = None
    body: Value = None
    as_json: bool = False
    headers: Value = None
    around: str = ""


def places_in(texts: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Where scripts call or name a server: the script, the place of the first argument or value, and what it is."""
    for script, text in enumerate(texts):
        for match in _CALL.finditer(text):
            yield script, match.end(), match[2]
        for match in _SETTING.finditer(text):
            yield script, match.end(), f"setting {match[1]}"
        for match in _WRAPPED.finditer(text):
            yield script, match.end(), "call"


def raw_of(scope: Scope, script: int, place: int, kind: str) -> Raw | None:
    """What is called at a place that `places_in` gives; None where it is no call of a server."""
    if kind.startswith("setting"):
        return _setting(scope, script, place, kind.removeprefix("setting "))
    text = scope.scripts[script]
    around = text[max(0, place - _BEFORE) : place + _BEHIND]
    arguments = scope.arguments(script, place)
    if kind == "open":
        return _opened(scope, script, place, arguments)
    if not arguments or (isinstance(arguments[0], Hole) and not _LIKE_ADDRESS.search(arguments[0].name)):
        return None
    first = arguments[0]
    if isinstance(first, dict):
        return _of_options(first, around) if "url" in first else None
    return _of_arguments(arguments, kind, text[max(0, place - _BEFORE) : place], around)


def _opened(scope: Scope, script: int, place: int, arguments: list[Value]) -> Raw | None:
    """An XMLHttpRequest: `open("GET", url)`."""
    method = (text_of(arguments[0]) or "").upper() if arguments else ""
    if len(arguments) < 2 or method not in {"GET", "POST"}:  # noqa: PLR2004
        return None
    sent = _sent_after(scope, script, place) if method == "POST" else None
    return Raw(arguments[1], method.lower(), body=sent, around=scope.scripts[script][place : place + _BEHIND])


def _of_arguments(arguments: list[Value], kind: str, before: str, around: str) -> Raw:
    """A call with an address and perhaps data or options behind it."""
    url = arguments[0]
    more = arguments[1] if len(arguments) > 1 else None
    if kind in {"post", "$post", "ajaxPost"}:
        query = arguments[2].get("params") if len(arguments) > 2 and isinstance(arguments[2], dict) else None  # noqa: PLR2004
        jquery = re.search(r"(\$|jQuery)\.post\s*\(\s*$", before) is not None or kind == "ajaxPost"
        return Raw(url, "post", query, more, as_json=not jquery, around=around)
    if kind == "load" and isinstance(url, str):
        url = url.split(" ")[0]
    if isinstance(more, dict) and ({"method", "body", "headers", "params", "type", "data", "query"} & more.keys()):
        return replace(_of_options({**more, "url": url}, around))
    return Raw(url, "get", more if isinstance(more, dict) else None, around=around)


def _of_options(options: Mapping[str, Value], around: str) -> Raw:
    """The options of $.ajax, axios, $http or fetch."""
    method = (text_of(options.get("method") or options.get("type")) or "get").lower()
    data, body = options.get("data"), options.get("body")
    content = json.dumps(options.get("headers"), default=str) + (text_of(options.get("contentType")) or "")
    query = options.get("params") or options.get("query")
    if method == "get" and data is not None and query is None:
        query = data
    sent = body if body is not None else data
    as_json = "json" in content.lower() or (isinstance(sent, str) and sent.lstrip().startswith("{"))
    return Raw(options.get("url"), method, query, sent, as_json, options.get("headers"), around)


def _setting(scope: Scope, script: int, place: int, name: str) -> Raw | None:
    """An address in the settings of a widget, with what stands beside it and what the widget adds by itself."""
    text = scope.scripts[script]
    around, more = text[max(0, place - _BEFORE) : place + _BEHIND], text[max(0, place - _AROUND) : place + _AROUND]
    start = _object_around(text, place)
    if start is None or _ends_in_call(text, start):
        return None  # the call itself is read
    options = scope.value(script, start)
    options = options if isinstance(options, dict) and name in options else {name: scope.value(script, place)}
    inner = options[name]
    if isinstance(inner, dict):
        if "url" not in inner:
            return None
        options, name = inner, "url"
    told = _of_options({**options, "url": options[name]}, around)
    extra = _added_by_widget(more)
    if not extra and name in {"href", "endpoint", "apiUrl", "read"} and not _is_api(told.url):
        return None
    if told.method == "post":
        return replace(told, body={**_plain(told.body), **extra})
    return replace(told, query={**_plain(told.query), **extra} or None)


def _plain(value: Value) -> dict[str, Value]:
    return dict(value) if isinstance(value, dict) else {}


def _is_api(value: Value) -> bool:
    return isinstance(value, str) and bool(
        re.search(r"api|json|ajax|\.ashx|\.svc|\.asmx|/rest|list|\?", value, re.IGNORECASE)
    )


def _added_by_widget(more: str) -> dict[str, Value]:
    """The parameters that DataTables, jqGrid, Kendo, easyui and bootstrap-table add to what they ask."""
    marks = {"sAjaxSource"} if "sAjaxSource" in more and "erverSide" not in more else set()
    return next((dict(added) for mark, added in _WIDGETS if mark in more and mark not in marks), {})


def _object_around(text: str, place: int) -> int | None:
    """Where the object begins that a place stands in; None where none opens within 2,000 characters."""
    level = 0
    for position in range(place - 1, max(-1, place - _FAR), -1):
        sign = text[position]
        if sign in ")]}":
            level += 1
        elif sign in "([{":
            if not level:
                return position if sign == "{" else None
            level -= 1
    return None


def _ends_in_call(text: str, start: int) -> bool:
    """Whether the object that begins here is the first argument of a call that is read by itself."""
    before = text[max(0, start - 120) : start]
    return any(match.end() == len(before) for match in _CALL.finditer(before))


def _sent_after(scope: Scope, script: int, place: int) -> Value:
    """What an XMLHttpRequest sends: the argument of the `send` that follows."""
    match = re.compile(r"\.send\s*\(\s*").search(scope.scripts[script], place, place + 2_000)
    arguments = scope.arguments(script, match.end()) if match else []
    return arguments[0] if arguments else None
