"""The selectors that scripts use to find elements: `#list .item`, `a[data-page]`, `ul > li.next`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

_LONGEST = 200
_PART = re.compile(
    r"(?P<tag>\*|[a-zA-Z][\w-]*)?(?P<rest>(?:#[\w-]+|\.[\w-]+|:[\w-]+(?:\([^()]{0,40}\))?|\[[^\]\[]{1,80}\])*)"
)
_TEST = re.compile(
    r"#(?P<id>[\w-]+)|\.(?P<name>[\w-]+)|\[(?P<key>[\w:-]+)(?:\s*(?P<how>[*^$~|]?=)\s*['\"]?(?P<value>[^'\"\]]*)['\"]?)?\]"
)


def select(root: HtmlElement, selector: str) -> Iterator[HtmlElement]:
    """The elements below `root` a selector matches, in document order; none where it is not understood."""
    choices = [_parts(choice) for choice in selector[:_LONGEST].split(",")]
    known = [parts for parts in choices if parts]
    tags = {parts[-1][0] for parts in known}
    wanted = () if "*" in tags or not tags else tuple(tags)
    if not known:
        return
    for element in root.iter(*wanted):
        if isinstance(element.tag, str) and any(_matches(element, parts) for parts in known):
            yield element


_Part = tuple[str, tuple[tuple[str, str, str], ...]]


def _parts(choice: str) -> list[_Part]:
    """A selector's parts from the outermost in; empty where one is not understood. `>` is read as any descent."""
    found: list[_Part] = []
    for word in choice.replace(">", " ").split():
        match = _PART.fullmatch(word)
        if match is None or not word:
            return []
        tests = tuple(_test(test) for test in _TEST.finditer(match["rest"]))
        found.append(((match["tag"] or "*").lower(), tests))
    return found


def _test(match: re.Match[str]) -> tuple[str, str, str]:
    if match["id"]:
        return "id", "=", match["id"]
    if match["name"]:
        return "class", "~=", match["name"]
    return match["key"].lower(), match["how"] or "", match["value"] or ""


def _matches(element: HtmlElement, parts: list[_Part]) -> bool:
    if not _fits(element, parts[-1]):
        return False
    rest = parts[:-1]
    for ancestor in element.iterancestors():
        if not rest:
            break
        if _fits(ancestor, rest[-1]):
            rest = rest[:-1]
    return not rest


def _fits(element: HtmlElement, part: _Part) -> bool:
    tag, tests = part
    return tag in {"*", element.tag} and all(_holds(element.get(key), how, value) for key, how, value in tests)


def _holds(told: str | None, how: str, value: str) -> bool:
    if told is None:
        return False
    if how == "~=":
        return value in told.split()
    if how == "^=":
        return told.startswith(value)
    if how == "$=":
        return told.endswith(value)
    if how == "*=":
        return value in told
    return how != "=" or told == value
