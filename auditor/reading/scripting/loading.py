"""What a page's scripts ask servers for by themselves: everything is run once, what nobody calls included.

A page's scripts are run as a browser does when it loads the page; then every function that was made and never called
is called, for it may be what a framework calls (`mounted`, a controller, a module of a bundle). What a script cannot
tell is taken as habit has it: a page's number begins with 1, an offset with 0. Nothing is ever sent.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, unquote, urlsplit

from auditor.reading.json_values import load
from auditor.reading.page import Page
from auditor.reading.parameters import DEFAULT_SIZE, is_offset, is_page, is_size, may_be_empty
from auditor.reading.scripting.asking import Axios
from auditor.reading.scripting.browser import Browser, Call, Pending, is_told
from auditor.reading.scripting.expressions import Tree
from auditor.reading.scripting.run import MOST_STEPS_IN_ALL, OutOfStepsError, Returned, Watcher
from auditor.reading.scripting.syntax import parse_all
from auditor.reading.scripting.values import UNKNOWN, Function, Method, Thing, Unknown, as_json, as_text
from auditor.reading.scripting.widgets import requests_of
from auditor.reading.scripting.world import provide

LONGEST_BUNDLE = 1_000_000
"""Characters of scripts that are looked at, in all; the caller cuts them."""
_MOST_TOKENS = 250_000
"""Words of scripts that are looked at, in all."""
_MOST_MADE = 20_000
_MOST_HEARD = 400
_ASKS = re.compile(r"\$?(get|post|ajax|request|fetch|http|query|load|api|json|call|axios|use[A-Z])", re.IGNORECASE)
_CHANGES = re.compile(r"put|patch|delete|remove", re.IGNORECASE)
_CLIENT = re.compile(r"\$?(axios|http|httpClient|\$http)", re.IGNORECASE)
_LIKE_ADDRESS = re.compile(r"(https?:/)?\.{0,2}/\S+|\S+\.(php|aspx?|ashx|asmx|json|jsp|do|svc)\b\S*|api/\S+")
_API = re.compile(r"/api/|\.ashx|\.asmx/|\.svc/|/ajax|_api/|/rest/")
_PARAMETERS = frozenset({"params", "query", "routeParams", "$routeParams", "$stateParams", "stateParams"})
_PARAMETER = re.compile(r"param|query|url", re.IGNORECASE)
_HABITS: dict[str, Callable[[object], object]] = {
    "ref": lambda value: {"value": value},
    "shallowRef": lambda value: {"value": value},
    "useState": lambda value: [value, UNKNOWN],
    **dict.fromkeys(("getTime", "now", "random", "valueOf"), lambda _value: 1.0),
}
"""What functions of frameworks and of the language give."""
_COMMON = frozenset(
    {"then", "get", "set", "post", "map", "push", "call", "apply", "bind", "on", "init", "create", "extend", "run"}
    | {"request", "ajax", "fetch", "forEach", "each", "filter", "catch", "done", "render", "find", "add", "remove"}
)
"""Names that many have: to call such a method is not to call the one that was seen."""
_FIRST = frozenset(
    {"constructor", "setup", "created", "mounted", "ready", "init", "ngOnInit", "$onInit", "componentDidMount", "run"}
)
_SLUG = re.compile(r"slug|alias|path|route|seo|url|chuyen_?muc|friendly", re.IGNORECASE)
_ID = re.compile(r"id$|^ma|cate?(gory)?$|cat_?id|muc$|loai|code|key$", re.IGNORECASE)


@dataclass(frozen=True)
class Heard:
    """A request of a script; by itself, when the page is loaded, or in a function that nobody was seen to call."""

    call: Call
    at_load: bool


@dataclass(frozen=True)
class Dark:
    """A request of which a part cannot be told: its address, with holes, and how it is shown to the operator."""

    url: str
    shown: str


@dataclass
class Loading(Browser, Watcher):
    """A page while it is loaded.

    Attributes:
        heard: what scripts asked for. dark: those of which a part cannot be told.
        records, functions: all that scripts made. names: what functions are called in their records.
        methods: the functions of records by name, for those who call them by ways that are not followed.
        at_load: whether what runs does so when the page is loaded. scope: Angular's.
    """

    heard: list[Heard] = field(default_factory=list)
    dark: list[Dark] = field(default_factory=list)
    records: list[dict[str, object]] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    methods: dict[str, Function] = field(default_factory=dict)
    at_load: bool = True
    scope: Component = field(init=False)

    def __post_init__(self) -> None:
        provide(self)
        written = Method(lambda values: as_json(_filled(values[0])) if values else UNKNOWN)
        self.runner.top.names["JSON"] = {"stringify": written, "parse": _PARSED}
        self.scope = Component(self, {})
        self.runner.watcher = self
        self.runner.limit(MOST_STEPS_IN_ALL)

    def run(self, scripts: Iterable[str]) -> None:
        """Runs scripts (the caller bounds their length), then what they left uncalled; then reads their settings."""
        for statements in parse_all(scripts, LONGEST_BUNDLE, _MOST_TOKENS):
            self._run_all(statements)
        self.at_load = False
        for function in self._uncalled():
            if self.runner.left < 0:
                break
            with suppress(OutOfStepsError, Returned, RecursionError):
                self.runner.refill()
                self.runner.call(function, [self.unknown(name) for name in function.names], function.this)
        self.at_load = True
        for name, options in [*self.widgets, *(("", record) for record in self.records)]:
            for call in requests_of(name, options, self.runner):
                self.ask(call)

    def _run_all(self, statements: Sequence[Tree]) -> None:
        for statement in statements:
            self.runner.refill()
            try:
                self.runner.run([statement])
            except (OutOfStepsError, RecursionError):
                if self.runner.left < 0:
                    return
            except Returned:
                break

    def _uncalled(self) -> Iterator[Function]:
        """Functions that nobody called: those that begin, then callbacks and modules, then what others should call."""
        queues: tuple[deque[Function], ...] = (deque(), deque(), deque())
        index = 0
        while True:
            for function in self.functions[index:]:
                queues[self._rank(function)].append(function)
            index = len(self.functions)
            queue = next((queue for queue in queues if queue), None)
            if queue is None:
                return
            if not (function := queue.popleft()).called:
                yield function

    def _rank(self, function: Function) -> int:
        name = self.names.get(id(function))
        if name in _FIRST:
            return 0
        return 1 if not function.names or (name is not None and not name.isidentifier()) else 2

    # --- what the browser is told

    def go(self, value: object) -> None:
        """Where a script leads is no matter here."""

    def ask(self, call: Call, *, then: Iterable[object] = ()) -> Thing:
        """Notes a request, with what may be left empty left empty."""
        filled = replace(call, data=_filled(call.data))
        url = call.url or _shown(call.data)
        if len(self.heard) < _MOST_HEARD and is_told(filled.data):
            self.heard.append(Heard(filled, self.at_load))
        elif len(self.dark) < _MOST_HEARD and (self.at_load or "/" in url):
            self.dark.append(Dark(url, f"{call.method} {url} {_shown(call.data) if call.url else ''}".rstrip()))
        for function in then:
            self.runner.call(function, [UNKNOWN, "success", UNKNOWN])
        return Pending(self)

    # --- what the runner tells

    def unknown(self, path: str) -> object:
        """A page's number begins with 1; a parameter of the route stands in the address; the rest stays unknown."""
        owner, _, name = path.rpartition(".")
        names = self.runner.top.names
        if not owner and (name in names or name == "$scope"):
            return self.scope if name == "$scope" else names[name]
        if owner and _CLIENT.fullmatch(name):
            return names["axios"]
        of_route = owner.rpartition(".")[2] in _PARAMETERS or name in {"slug", "alias"}
        told = of_address(self.page, name) if of_route else None
        known = told or _as_habit_has_it(name)
        return Unknown(path[-200:]) if known is None else known

    def called(self, function: Unknown, values: Sequence[object]) -> object:
        """A function that is not known: perhaps it asks a server, perhaps it calls what it is given."""
        name = function.name.rpartition(".")[2]
        first = values[0] if values else None
        for value in values:
            self._call_back(value)
        if name in _HABITS:
            return _HABITS[name](first)
        if name in self.methods and name not in _COMMON:
            method = self.methods[name]
            return self.runner.call(method, values, method.this)
        if name in {"constant", "value"} and isinstance(first, str) and len(values) > 1:
            self.runner.top.names[first] = values[1]
        elif isinstance(first, str) and len(values) == 1 and _PARAMETER.search(name):
            told = of_address(self.page, first)
            return Unknown(first) if told is None else told
        return self._asked(name, values) or Unknown(f"{function.name}()"[-200:])

    def _asked(self, name: str, values: Sequence[object]) -> object:
        """What a client whose making was not followed is told; None where it is none."""
        first = values[0] if values else None
        client = Axios(self)
        if any(isinstance(value, dict) and "baseURL" in value for value in values):
            return client.create(values)
        if _CHANGES.fullmatch(name):
            return None
        if isinstance(first, str) and _LIKE_ADDRESS.fullmatch(first) and (_ASKS.match(name) or _API.search(first)):
            return client.post(values) if "post" in name.lower() else client.call(values)
        if isinstance(first, dict) and isinstance(first.get("url"), str) and _ASKS.match(name):
            return client.call(values)
        self.widgets.extend((name, value) for value in values if isinstance(value, dict))
        return None

    def _call_back(self, value: object) -> None:
        """Calls a function that was handed on; Angular's stand behind the names of what they need."""
        names: list[object] = []
        if isinstance(value, list) and value and isinstance(value[-1], Function):
            *names, value = value
        if isinstance(value, Function) and not value.called:
            given = names if names and all(isinstance(each, str) for each in names) else value.names
            self.runner.call(value, [self.unknown(as_text(name)) for name in given])

    def made(self, value: Function | dict[str, object]) -> None:
        """Remembers functions and records; the functions of a record know it as `this`."""
        if isinstance(value, Function):
            if len(self.functions) < _MOST_MADE:
                self.functions.append(value)
            return
        if len(self.records) < _MOST_MADE:
            self.records.append(value)
        functions = {name: each for name, each in value.items() if isinstance(each, Function)}
        self.names.update((id(each), name) for name, each in functions.items())
        self.methods.update(functions)
        inner = [value[name] for name in ("methods", "computed", "watch") if isinstance(value.get(name), dict)]
        this = Component(self, dict(value))
        for part in (value, *inner):
            if isinstance(part, dict):
                this.names.update(part)
                for each in part.values():
                    if isinstance(each, Function):
                        each.this = this
        data = value.get("data")
        state = self.runner.call(data) if inner and isinstance(data, Function) else data if inner else None
        this.names.update(state if isinstance(state, dict) else {})


@dataclass
class Component(Thing):
    """What `this` is to the functions of a record, and `$scope` to Angular's: what it lacks is unknown."""

    loading: Loading
    names: dict[str, object]

    def get(self, name: str) -> object:
        """A property."""
        value = self.names.get(name)
        return self.loading.unknown(f"this.{name}") if value is None else value

    def put(self, name: str, value: object) -> None:
        """Sets a property."""
        self.names[name] = value


def _as_habit_has_it(name: str) -> object:
    """What a number begins with that is called so; None for other names."""
    if is_page(name):
        return 1.0
    if is_offset(name):
        return 0.0
    return float(DEFAULT_SIZE) if is_size(name) and name != "length" else None


def of_address(page: Page, name: str) -> str | None:
    """A parameter of the page's own address: from its query, else the last word or number of its path."""
    here = urlsplit(page.url)
    query = dict(parse_qsl(here.query))
    if name in query:
        return query[name]
    segments = [segment for segment in unquote(here.path).split("/") if segment]
    last = re.sub(r"\.\w{2,5}$", "", segments[-1]) if segments else ""
    numbers = re.findall(r"\d+", last)
    if _SLUG.search(name) and last:
        return last
    if not _ID.search(name):
        return None
    return numbers[-1] if numbers else last or None


_PARSED = Method(lambda values: load(values[0]) if values and isinstance(values[0], str) else UNKNOWN)


def _filled(data: object) -> object:
    """Data with what is searched for, sorted by, and what keeps caches away left empty where it is not told."""
    if not isinstance(data, dict):
        return data
    free = {key: "" for key, value in data.items() if isinstance(value, Unknown) and may_be_empty(key)}
    return {key: value for key, value in {**data, **free}.items() if not isinstance(value, Function)}


def _shown(data: object) -> str:
    if not isinstance(data, dict):
        return data.name if isinstance(data, Unknown) else ""
    return ", ".join(f"{key}: {{{value.name}}}" for key, value in data.items() if isinstance(value, Unknown))
