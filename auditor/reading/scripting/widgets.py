"""What plugins that show tables ask a server for, told by their settings: DataTables, jqGrid, Kendo, easyui, others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from auditor.reading.parameters import DEFAULT_SIZE
from auditor.reading.scripting.browser import Call
from auditor.reading.scripting.run import Runner
from auditor.reading.scripting.values import Function, Unknown, as_text

_SIZE = float(DEFAULT_SIZE)
_ADDED: dict[str, dict[str, object]] = {
    "sAjaxSource": {"sEcho": 1.0, "iDisplayStart": 0.0, "iDisplayLength": _SIZE},
    "ajax": {"draw": 1.0, "start": 0.0, "length": _SIZE},
    "colModel": {"_search": "false", "rows": _SIZE, "page": 1.0, "sidx": "", "sord": "desc"},
    "odata": {"$top": _SIZE, "$skip": 0.0, "$format": "json"},
    "transport": {"take": _SIZE, "skip": 0.0, "page": 1.0, "pageSize": _SIZE},
    "datagrid": {"page": 1.0, "rows": _SIZE},
    "bootstrapTable": {"limit": _SIZE, "offset": 0.0},
    "ajaxURL": {"page": 1.0, "size": _SIZE},
}
"""What plugins add to what they ask."""
_SETTING = re.compile(r"(data|ajax|api|list|load|service|source|feed)_?(url|source|path)|url_?(list|data|api)|endpoint")
_API = re.compile(r"api|json|ajax|\.ashx|\.svc|\.asmx|/rest|list|\?", re.IGNORECASE)


def requests_of(name: str, options: Mapping[str, object], runner: Runner) -> Iterator[Call]:
    """The requests that settings tell: `name` is the plugin's, "" where it is not known."""
    if isinstance(options.get("sAjaxSource"), str):
        yield _call(options["sAjaxSource"], options, _ADDED["sAjaxSource"] if _on_server(options) else {}, runner)
    elif "ajax" in options:
        yield from _of_tables(options, runner)
    elif isinstance(options.get("transport"), dict):
        yield from _of_transport(options, runner)
    elif isinstance(options.get("ajaxURL"), str):
        yield _of_tabulator(options, runner)
    elif isinstance(options.get("dataSource"), str) and "pagination" in name:
        yield _of_pagination(options)
    elif isinstance(options.get("url"), str) and "colModel" in options:
        yield _call(options["url"], options, _ADDED["colModel"], runner)
    elif isinstance(options.get("url"), str) and name in _ADDED:
        yield _call(options["url"], options, _ADDED[name], runner)
    elif not name:
        told = ((key, value) for key, value in options.items() if isinstance(value, str))
        yield from (Call("GET", value) for key, value in told if _SETTING.fullmatch(key.lower()) and _API.search(value))


def _on_server(options: Mapping[str, object]) -> bool:
    return bool(options.get("serverSide") or options.get("bServerSide"))


def _of_tables(options: Mapping[str, object], runner: Runner) -> Iterator[Call]:
    """DataTables: `ajax: "…"`, `ajax: {url, data}`."""
    ajax = options["ajax"]
    inner = ajax if isinstance(ajax, dict) else {"url": ajax}
    if isinstance(inner.get("url"), str):
        yield _call(inner["url"], inner, _ADDED["ajax"] if _on_server(options) else {}, runner)


def _of_transport(options: Mapping[str, object], runner: Runner) -> Iterator[Call]:
    """Kendo: `transport: {read: {url, data}}`."""
    transport = options["transport"]
    read = transport.get("read") if isinstance(transport, dict) else None
    inner = read if isinstance(read, dict) else {"url": read}
    if isinstance(inner.get("url"), str):
        yield _call(inner["url"], inner, _ADDED["odata" if options.get("type") == "odata" else "transport"], runner)


def _of_tabulator(options: Mapping[str, object], runner: Runner) -> Call:
    """Tabulator: `ajaxURL`, `ajaxParams`, `ajaxConfig`; pages are asked for where pagination is "remote"."""
    remote = "remote" in {options.get("pagination"), options.get("paginationMode")}
    config = options.get("ajaxConfig")
    told = {**(config if isinstance(config, dict) else {"method": config or ""}), "data": options.get("ajaxParams")}
    return _call(options["ajaxURL"], told, _ADDED["ajaxURL"] if remote else {}, runner)


def _of_pagination(options: Mapping[str, object]) -> Call:
    """pagination.js: `dataSource: "…"`, `alias: {pageNumber, pageSize}`, `ajax: {type}`."""
    alias, ajax = options.get("alias"), options.get("ajax")
    names = alias if isinstance(alias, dict) else {}
    data: dict[str, object] = {as_text(names.get("pageNumber")) or "pageNumber": 1.0}
    data[as_text(names.get("pageSize")) or "pageSize"] = options.get("pageSize") or _SIZE
    method = as_text(ajax.get("type")) if isinstance(ajax, dict) else ""
    return Call("POST" if method.upper() == "POST" else "GET", as_text(options["dataSource"]), data)


def _call(url: object, options: Mapping[str, object], added: Mapping[str, object], runner: Runner) -> Call:
    method = as_text(next((options[key] for key in ("type", "method", "mtype", "sServerMethod") if key in options), ""))
    own = options.get("data", options.get("postData", options.get("queryParams")))
    data = _data(own, added, runner)
    sends_json = "json" in as_text(options.get("contentType", ""))
    return Call("POST" if method.upper() == "POST" else "GET", as_text(url), data or None, sends_json)


def _data(own: object, added: Mapping[str, object], runner: Runner) -> object:
    """What is sent: a function returns it, or changes what it is given; unknown where that cannot be told."""
    if isinstance(own, Unknown):
        return own
    sent = dict(added)
    given = runner.call(own, [sent]) if isinstance(own, Function) else own
    if isinstance(given, Unknown):
        return given
    return {**(given if isinstance(given, dict) else {}), **sent}
