"""How scripts ask servers: jQuery, `fetch`, axios, `XMLHttpRequest`, and what they build addresses and data with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode, urlsplit

from auditor.reading.addresses import resolve
from auditor.reading.forms import fields_of
from auditor.reading.scripting.browser import Browser, Call, Pending, is_told
from auditor.reading.scripting.elements import Elements
from auditor.reading.scripting.values import UNKNOWN, Method, Thing, Unknown, as_text, spoken


def sent(browser: Browser, call: Call, url: object, then: Sequence[object] = ()) -> Thing:
    """Notes a request, where its address is told; one that is neither GET nor POST changes something."""
    url = spoken(url)
    plain = call.data.entries if isinstance(call.data, Params) else call.data
    if call.method.upper() not in {"GET", "POST"}:
        return Pending(browser)
    call = replace(call, method=call.method.upper(), url=url if isinstance(url, str) else "", data=plain)
    if not isinstance(url, str):
        browser.doubtful = True
        return browser.ask(replace(call, data=url if isinstance(url, Unknown) else UNKNOWN), then=then)
    return browser.ask(call, then=then)


def ask_by_options(browser: Browser, values: Sequence[object], *, by_jquery: bool = False, base: str = "") -> Thing:
    """`$.ajax({url, type, data, success})`, `axios({url, method, params})`, `fetch(url, {method, body})`."""
    options = merged(values)
    url = values[0] if values and isinstance(values[0], str | Unknown | Address) else options.get("url", UNKNOWN)
    method = as_text(options.get("method", options.get("type"))) or "GET"
    data = options.get("body", options.get("data", options.get("params", options.get("query"))))
    sends_json = "json" in as_text(options.get("contentType", "")) or _has_json_header(options)
    functions = [options[name] for name in ("success", "complete", "done") if name in options]
    call = Call(method, "", data, json=sends_json, by_jquery=by_jquery, headers=_headers(options))
    return sent(browser, call, based(base, url), functions)


def based(base: str, url: object) -> object:
    """An address behind the base of a client, unless it is whole."""
    if not base or not isinstance(url, str) or url.startswith(("http://", "https://", "//", base)):
        return url
    return f"{base.rstrip('/')}/{url.lstrip('/')}"


def _has_json_header(options: dict[str, object]) -> bool:
    return any("json" in value for key, value in _told_headers(options) if "ype" in key)


def _told_headers(options: dict[str, object]) -> list[tuple[str, str]]:
    headers = options.get("headers")
    return [(key, as_text(value)) for key, value in headers.items()] if isinstance(headers, dict) else []


def _headers(options: dict[str, object]) -> tuple[tuple[str, str], ...]:
    """What a script sends besides, as far as it is plain and no secret."""
    plain = re.compile(r"accept|x-[\w-]+", re.IGNORECASE)
    told = _told_headers(options)
    return tuple((key, value) for key, value in told if value and value.isprintable() and plain.fullmatch(key))


def merged(values: Sequence[object]) -> dict[str, object]:
    """`$.extend`: the later records' values over the earlier ones'."""
    whole: dict[str, object] = {}
    for value in values:
        if isinstance(value, dict):
            whole.update(value)
    return whole


def query(data: object) -> object:
    """`$.param`: a record as a query."""
    if not isinstance(data, dict) or not is_told(data):
        return UNKNOWN
    return urlencode([(key, as_text(value)) for key, value in data.items()], errors="replace")


@dataclass
class Axios(Thing):
    """`axios`, and Angular's `$http`, which speaks alike."""

    browser: Browser

    def call(self, values: Sequence[object]) -> object:
        """`axios({…})`."""
        return ask_by_options(self.browser, values, base=self.browser.base)

    def get(self, name: str) -> object:
        """`axios.get(url, {params})`, `axios.post(url, data)`, `axios.create({baseURL})`."""
        if name in {"get", "request", "jsonp"}:
            return Method(self.call)
        if name == "create":
            return Method(self.create)
        if name == "defaults":
            return self
        return Method(self.post) if name == "post" else UNKNOWN

    def put(self, name: str, value: object) -> None:
        """`axios.defaults.baseURL = …`."""
        if name == "baseURL" and isinstance(value, str):
            self.browser.base = value

    def create(self, values: Sequence[object]) -> object:
        """`axios.create({baseURL})`."""
        self.put("baseURL", merged(values).get("baseURL"))
        return self

    def post(self, values: Sequence[object]) -> object:
        """`axios.post(url, data)`."""
        url, data, options, *_ = (*values, None, None, None) if values else (UNKNOWN, None, None)
        params = options.get("params") if isinstance(options, dict) else None
        if isinstance(url, str) and isinstance(asked := query(params), str):
            url = f"{url}{'&' if '?' in url else '?'}{asked}"
        return sent(self.browser, Call("POST", "", data, json=isinstance(data, dict)), based(self.browser.base, url))


@dataclass
class Params(Thing):
    """`URLSearchParams`, `FormData`: fields one after another."""

    entries: dict[str, object] = field(default_factory=dict)

    def get(self, name: str) -> object:
        """A method."""
        if name in {"set", "append"}:
            return Method(self._set)
        if name == "get":
            return Method(lambda values: self.entries.get(as_text(values[0])) if values else None)
        if name == "delete":
            return Method(lambda values: self.entries.pop(as_text(values[0]), None) if values else None)
        return Method(lambda _values: query(self.entries)) if name == "toString" else UNKNOWN

    def _set(self, values: Sequence[object]) -> object:
        if len(values) > 1:
            self.entries[as_text(values[0])] = values[1]
        return None


@dataclass
class Address(Thing):
    """`new URL(…)`."""

    url: str
    params: Params

    def get(self, name: str) -> object:
        """Its pieces."""
        if name == "searchParams":
            return self.params
        asked = query(self.params.entries)
        whole = f"{self.url.partition('?')[0]}?{asked}" if isinstance(asked, str) else UNKNOWN
        if name == "href":
            return whole
        return Method(lambda _values: whole) if name == "toString" else UNKNOWN


def new_params(values: Sequence[object]) -> Params:
    """`new URLSearchParams(…)`."""
    given = values[0] if values else None
    if isinstance(given, dict):
        return Params(dict(given))
    pairs = (pair.partition("=") for pair in as_text(given).removeprefix("?").split("&") if pair)
    return Params({name: value for name, _, value in pairs})


def new_form_data(values: Sequence[object]) -> Params:
    """`new FormData(form)`."""
    form = values[0].first if values and isinstance(values[0], Elements) else None
    return Params(dict(fields_of(form)) if form is not None and form.tag == "form" else {})


def new_address(browser: Browser, values: Sequence[object]) -> object:
    """`new URL(address)`."""
    url = resolve(browser.page.base, as_text(spoken(values[0]))) if values else None
    return Address(url, new_params([urlsplit(url).query])) if url else UNKNOWN


@dataclass
class OldRequest(Thing):
    """`XMLHttpRequest`."""

    browser: Browser
    told: dict[str, object] = field(default_factory=dict)

    def get(self, name: str) -> object:
        """A method."""
        if name == "open":
            return Method(self._open)
        if name == "send":
            return Method(self._send)
        return Method(lambda _values: None) if name == "setRequestHeader" else UNKNOWN

    def put(self, name: str, value: object) -> None:
        """`onload = …`."""
        self.told[name] = value

    def _open(self, values: Sequence[object]) -> object:
        self.told["method"], self.told["url"] = (*values, UNKNOWN, UNKNOWN)[:2]
        return None

    def _send(self, values: Sequence[object]) -> object:
        done = [self.told[name] for name in ("onload", "onreadystatechange") if name in self.told]
        method = as_text(self.told.get("method", "GET"))
        call = Call(method, "", values[0] if values else None)
        return sent(self.browser, call, self.told.get("url", UNKNOWN), done)


@dataclass
class JQuery(Thing):
    """`$`: finds elements, asks servers."""

    browser: Browser

    def call(self, values: Sequence[object]) -> object:
        """`$(selector)`, `$(element)`, `$(function)`."""
        what = values[0] if values else None
        if isinstance(what, str):
            return Elements(self.browser, self.browser.select(what))
        if isinstance(what, Thing):
            return what
        return self.browser.runner.call(what, [self]) if what is not None else UNKNOWN

    def get(self, name: str) -> object:
        """`$.get`, `$.post`, `$.ajax`, and what builds their data."""
        if name == "ajax":
            return Method(lambda values: ask_by_options(self.browser, values, by_jquery=True))
        if name in {"get", "post", "getJSON"}:
            return Method(lambda values: self._short(name, values))
        if name == "extend":
            return Method(merged)
        if name == "fn":
            return self.browser.plugins
        if name == "param":
            return Method(lambda values: query(values[0]) if values else UNKNOWN)
        return Method(lambda values: as_text(values[0]).strip() if values else "") if name == "trim" else UNKNOWN

    def _short(self, name: str, values: Sequence[object]) -> object:
        method = "POST" if name == "post" else "GET"
        if values and isinstance(values[0], dict):
            return ask_by_options(self.browser, [{"type": method, **values[0]}], by_jquery=True)
        url, *rest = values or [UNKNOWN]
        data = next((value for value in rest[:1] if isinstance(value, dict | str | Unknown | Params)), None)
        if isinstance(data, Unknown) and data.name.isidentifier() and len(rest) == 1:
            data = None  # a function that another script has: what to do with the answer
        then = [value for value in rest if value is not data]
        return sent(self.browser, Call(method, "", data, by_jquery=True), url, then)
