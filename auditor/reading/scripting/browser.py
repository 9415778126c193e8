"""The page that a pager's script sees, and the notes of what the script would do: it is noted instead of done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from lxml.html import HtmlElement

from auditor.reading.page import Page
from auditor.reading.scripting.run import Runner
from auditor.reading.scripting.selectors import select
from auditor.reading.scripting.values import UNKNOWN, Method, Thing, Unknown, is_small, spoken

MOST_ELEMENTS = 500
_AT_A_STEP = 4
"""Elements looked at in the time of a step."""
_MOST_NOTES = 50


@dataclass(frozen=True)
class Call:
    """A request a script would send by itself.

    Attributes:
        method: "GET" or "POST". url: as written. data: a record, a text; None for nothing.
        json: whether the data are sent as JSON. by_jquery: jQuery says so in a header.
        headers: what the script itself sends besides.
    """

    method: str
    url: str
    data: object = None
    json: bool = False
    by_jquery: bool = False
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Sent:
    """A form that a script submits, with the fields it has set before."""

    form: HtmlElement
    changes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Posted:
    """An ASP.NET postback."""

    target: str
    argument: str


Effect = str | Call | Sent | Posted
"""What a script does in the end: goes to an address, or one of the above."""


@dataclass(frozen=True)
class Binding:
    """A function bound to an event of elements, of whatever matches a selector by then, or of the window."""

    event: str
    function: object
    elements: tuple[HtmlElement, ...] = ()
    selector: str = ""
    on_window: bool = False


@dataclass
class Browser:
    """One page in which scripts run.

    Attributes:
        page: the page. runner: runs its scripts. around: the page that a fragment is shown in.
        effects: what scripts did since they were last cleared. bindings: what they bound.
        widgets: the plugins called on elements, each with the name it goes by and its options.
        plugins: what scripts add to jQuery. values: what scripts set, by element and attribute ("value" for a field's).
        doubtful: whether a script did something that cannot be told.
        base: what clients are told to put before addresses.
    """

    page: Page
    around: Page | None = None
    runner: Runner = field(default_factory=lambda: Runner({}))
    effects: list[Effect] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    widgets: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    plugins: dict[str, object] = field(default_factory=dict)
    values: dict[tuple[HtmlElement, str], object] = field(default_factory=dict)
    doubtful: bool = False
    base: str = ""

    def note(self, effect: Effect) -> None:
        """Notes what a script does."""
        if len(self.effects) < _MOST_NOTES:
            self.effects.append(effect)

    def go(self, value: object) -> None:
        """The script leads to another address."""
        address = spoken(value)
        if isinstance(address, str):
            self.note(address)
        else:
            self.doubtful = True

    def ask(self, call: Call, *, then: Iterable[object] = ()) -> Thing:
        """The script asks the server; what it does with the answer is run with an answer unknown."""
        if isinstance(call.url, str) and is_told(call.data):
            self.note(call)
        else:
            self.doubtful = True
        for function in then:
            self.runner.call(function, [UNKNOWN, "success", UNKNOWN])
        return Pending(self)

    def look_through(self) -> None:
        """Counts what it takes to look through all elements of the page."""
        self.runner.spend(self._size // _AT_A_STEP)

    @cached_property
    def _size(self) -> int:
        return sum(1 for page in (self.page, self.around) if page is not None for _ in page.root.iter())

    def select(self, selector: str) -> list[HtmlElement]:
        """The page's elements a selector matches."""
        self.look_through()
        found = list(islice(select(self.page.root, selector), MOST_ELEMENTS))
        if not found and self.around is not None:
            return list(islice(select(self.around.root, selector), MOST_ELEMENTS))
        return found


def is_told(data: object) -> bool:
    """Whether nothing in data is unknown."""
    return is_small(data) and _is_told(data)


def _is_told(data: object) -> bool:
    if isinstance(data, dict | list):
        return all(_is_told(value) for value in (data.values() if isinstance(data, dict) else data))
    return not isinstance(data, Unknown)


@dataclass
class Pending(Thing):
    """An answer not there yet: `.then(…)`, `.done(…)` run at once, with an answer unknown."""

    browser: Browser

    def get(self, name: str) -> object:
        """Whatever is chained to it."""
        if name in {"then", "done", "success", "always", "finally", "complete", "subscribe"}:
            return Method(self._run)
        return Method(lambda _values: self) if name in {"catch", "fail", "error"} else UNKNOWN

    def _run(self, values: Sequence[object]) -> object:
        for function in values[:1]:
            self.browser.runner.call(function, [UNKNOWN])
        return self
