"""What names in a page's scripts stand for, found where it is asked for, never by running anything.

Constants, parameters as their callers give them, what the page's own address and elements say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from urllib.parse import urlsplit

from auditor.reading.js_functions import called
from auditor.reading.js_page import of_address, of_element
from auditor.reading.js_text import brackets_of
from auditor.reading.js_values import Hole, Reader, Value, text_of
from auditor.reading.page import Page

LONGEST_SCRIPT = 2_000_000
"""Characters of one script that are looked at."""
DEFAULT_SIZE = 20
"""Posts asked for where a script leaves their number to a variable that is not told."""
_DEEPEST = 8
_MOST_PLACES = 20
_MOST_LOOKUPS = 3_000
_MOST_HEADS = 3_000
_ONE_LINE = 1_000
_PAGE = re.compile(
    r"p|pg|page|trang|paged|(current|curr|cur|active|this)_?(page|trang)|page_?(index|no|num|nr|number|current|id|i)?|"
    r"(trang_?(so|hientai)|so_?trang)|draw|next_?page|offset_?page",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    r"offset|skip|start(_?(index|row|at|from))?|begin|from_?(row|index)?|first(_?row)?|displaystart|idisplaystart",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"size|limit|take|rows?(_?(num|count|page))?|length|per_?page|(page|item|row|display)s?_?(size|limit|length|count)|"
    r"(num|number|count|max)(_?of)?_?(items?|rows?|records?|per_?page|results?)?|top|rp|pagesize|idisplaylength|so_?(tin|luong|dong)",
    re.IGNORECASE,
)
_ASKED_FREELY = re.compile(
    r"key_?words?|tu_?khoa|search_?(text|key|term|value)?|q|query|filter|text|from_?date|to_?date|tu_?ngay|den_?ngay|"
    r"sort(_?(by|order))?|order(_?by)?|dir|token|csrf_?token|_|ts|t|time|timestamp|lang(uage)?|random|rnd|callback",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"(?:function\s*\*?\s*([\w$]*)|([\w$]+)\s*[:=]\s*(?:async\s+)?function\s*[\w$]*|([\w$]+)\s*[:=]\s*(?:async\s*)?(?=\([^()]{0,300}\)\s*=>)|"
    r"([\w$]+)\s*[:=]\s*(?:async\s+)?(?=[\w$]+\s*=>)|(?<=[\s,{;}])(?!if\b|for\b|while\b|switch\b|catch\b|function\b|return\b)([\w$]+)\s*(?=\([^()]{0,300}\)\s*\{))"
    r"\s*(?:\(([^()]{0,300})\)|([\w$]+)(?=\s*=>))"
)
_BODY = re.compile(r"\s*(?:=>)?\s*")


def is_page(name: str) -> bool:
    """Whether a name is that of a page's number."""
    return bool(_PAGE.fullmatch(name))


def is_offset(name: str) -> bool:
    """Whether a name is that of the number of posts to pass over."""
    return bool(_OFFSET.fullmatch(name))


def is_size(name: str) -> bool:
    """Whether a name is that of the number of posts on a page."""
    return bool(_SIZE.fullmatch(name))


def may_be_empty(name: str) -> bool:
    """Whether a parameter may be left empty: what to search for, how to sort, what keeps caches away."""
    return bool(_ASKED_FREELY.fullmatch(name))


@dataclass
class Scope:
    """The names of a page and its scripts.

    Attributes:
        page: the page that runs the scripts.
        scripts: their texts, the page's own first.
        turn: 0 for what is asked first, 1 for the page after it: numbers of pages, and offsets, are that much higher.
    """

    page: Page
    scripts: Sequence[str]
    turn: int = 0
    _depth: int = 0
    _asked: int = 0

    def value(self, script: int, position: int) -> Value:
        """The value of the expression at a position of a script."""
        return self.reader(script, position).expression(position)[0]

    def arguments(self, script: int, position: int) -> list[Value]:
        """The arguments of the call whose bracket opens right before a position."""
        return self.reader(script, position).arguments(position)

    def reader(self, script: int, position: int) -> Reader:
        """A reader of one script, which looks names up as they are seen from a position."""
        return Reader(self.scripts[script], lambda path: self.lookup(path, script, position), self._call)

    def lookup(self, path: str, script: int, position: int) -> Value:
        """What a path stands for; a `Hole` where nothing tells."""
        self._asked += 1
        if self._depth >= _DEEPEST or self._asked > _MOST_LOOKUPS:
            return Hole(path)
        self._depth += 1
        try:
            known = self._of_browser(path)
            if known is None:
                known = self._defined(path, script, position)
            return self._turned(path.rpartition(".")[2], known)
        finally:
            self._depth -= 1

    def _turned(self, name: str, known: Value) -> Value:
        """A value as it is on this turn: numbers of pages grow, and what nothing tells begins as is the habit."""
        number = known if isinstance(known, int) and not isinstance(known, bool) else None
        if is_page(name) and (isinstance(known, Hole) or number is not None):
            return (1 if number is None else number) + self.turn
        if is_offset(name) and (isinstance(known, Hole) or number is not None):
            return (number or 0) + self.turn * DEFAULT_SIZE
        if is_size(name) and isinstance(known, Hole):
            return DEFAULT_SIZE
        return known

    def _of_browser(self, path: str) -> Value:
        """The page's address and what belongs to it; None for other names."""
        parts = path.removeprefix("window.").removeprefix("document.").removeprefix("self.").split(".")
        if parts[0] == "location" and len(parts) > 1:
            here = urlsplit(self.page.url)
            return {
                "origin": f"{here.scheme}://{here.netloc}",
                "href": self.page.url,
                "pathname": here.path,
                "search": f"?{here.query}" if here.query else "",
                "host": here.netloc,
                "hostname": here.hostname or "",
                "protocol": f"{here.scheme}:",
                "hash": "",
            }.get(parts[1])
        if parts[-2:-1] in (
            ["params"],
            ["query"],
            ["routeParams"],
            ["$routeParams"],
            ["$stateParams"],
            ["stateParams"],
        ):
            return of_address(self.page, parts[-1])
        if path.startswith("$(") or ".$(" in path:
            return of_element(self.page, path)
        return None

    def _defined(self, path: str, script: int, position: int) -> Value:
        """What scripts set a name to: where it is seen from first, then anywhere."""
        head, _, rest = path.partition(".")
        if head in {"this", "window", "self", "that", "vm", "_this", "$scope", "state"} and rest:
            return self._defined_as_key(rest, script, position)
        if rest:
            whole = (
                self.lookup(head, script, position) if head not in {"item", "data", "res", "response"} else Hole(head)
            )
            for key in rest.split("."):
                whole = whole.get(key, Hole(path)) if isinstance(whole, dict) else Hole(path)
            return self._defined_as_key(rest, script, position) if isinstance(whole, Hole) else whole
        given = self._given(head, script, position)
        if not isinstance(given, Hole):
            return given
        return self._first_known(self._assignments(head, script, position), path)

    def _defined_as_key(self, rest: str, script: int, position: int) -> Value:
        """A property by its own name (`this.api = …`, `api: …`), whatever object it belongs to."""
        key = rest.rpartition(".")[2]
        plain = self._first_known(self._assignments(key, script, position, member=True), rest)
        return plain if text_of(plain) is not None or isinstance(plain, dict | list) else Hole(rest)

    def _first_known(self, places: Iterator[tuple[int, int]], path: str) -> Value:
        for script, position in islice(places, _MOST_PLACES):
            value = self.reader(script, position).expression(position)[0]
            if not isinstance(value, Hole) and value is not None:
                return value
        return Hole(path)

    def _assignments(self, name: str, script: int, position: int, *, member: bool = False) -> Iterator[tuple[int, int]]:
        """The places of the values a name is set to: the nearest before a position, then elsewhere in turn."""
        quoted = re.escape(name)
        before = r"(?<![\w$])" if member else r"(?<![\w$.])"
        pattern = re.compile(rf"{before}[\"']?{quoted}[\"']?\s*{'[:=]' if member else '='}(?![=>])\s*")
        places = [match.end() for match in islice(pattern.finditer(self.scripts[script]), 10 * _MOST_PLACES)]
        yield from ((script, place) for place in reversed([place for place in places if place <= position]))
        yield from ((script, place) for place in places if place > position)
        for other, text in enumerate(self.scripts):
            if other != script:
                yield from ((other, match.end()) for match in islice(pattern.finditer(text), _MOST_PLACES))

    def _given(self, name: str, script: int, position: int) -> Value:
        """A parameter's value as callers give it, or by default."""
        for function, names, start, end in self._functions(script):
            if not start <= position < end:
                continue
            plain = [each.partition("=")[0].strip().lstrip(".") for each in names]
            if name not in plain:
                continue
            index = plain.index(name)
            own = (script, start, end)
            if function and not isinstance(value := self._from_callers(function, index, own), Hole):
                return value
            default = names[index].partition("=")[2].strip()
            return Reader(default).expression(0)[0] if default else Hole(name)
        return Hole(name)

    def _from_callers(self, function: str, index: int, own: tuple[int, int, int]) -> Value:
        """What the first caller that is known gives; calls in the function's `own` body are further ones."""
        pattern = re.compile(rf"(?<![\w$])(?<!function )(?<!function)({re.escape(function)})\s*\(")
        for script, text in enumerate(self.scripts):
            for match in islice(pattern.finditer(text), _MOST_PLACES):
                inside = script == own[0] and own[1] <= match.start() < own[2]
                if inside or any(head <= match.start() < start for _, _, start, _, head in self._heads(script)):
                    continue
                arguments = self.arguments(script, match.end())
                if index < len(arguments) and not isinstance(arguments[index], Hole):
                    return arguments[index]
        return Hole(function)

    def _functions(self, script: int) -> list[tuple[str, list[str], int, int]]:
        """The functions of a script, the innermost first: name, parameters, where the body begins and ends."""
        return [each[:4] for each in sorted(self._heads(script), key=lambda each: each[2], reverse=True)]

    def _heads(self, script: int) -> list[tuple[str, list[str], int, int, int]]:
        return self._all_heads[script]

    @cached_property
    def _all_heads(self) -> list[list[tuple[str, list[str], int, int, int]]]:
        return [list(islice(_heads_of(text), _MOST_HEADS)) for text in self.scripts]

    def _call(self, target: Value, name: str, arguments: list[Value]) -> Value:
        return called(self.page, self._anywhere, target, name, arguments)

    def _anywhere(self, path: str) -> Value:
        return self.lookup(path, 0, 0)


def _heads_of(text: str) -> Iterator[tuple[str, list[str], int, int, int]]:
    """The functions of a script: name, parameters, where the body begins and ends, where the head begins."""
    closing = brackets_of(text)
    for match in _HEAD.finditer(text):
        name = next((each for each in match.groups()[:5] if each), "")
        names = [each.strip() for each in (match[6] or match[7] or "").split(",") if each.strip()]
        body = _BODY.match(text, match.end())
        start = body.end() if body else match.end()
        end = closing.get(start, start + _ONE_LINE)
        yield name, names, start, end, match.start()
