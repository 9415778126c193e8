"""How the address of a post is built from its record, where the record holds a number or a slug instead of an address.

Nothing is guessed: the pattern stands in a script of the page that builds the links, or is that of posts known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from auditor.reading.addresses import resolve
from auditor.reading.json_values import plain_key

_LONGEST_SCRIPT = 300_000
_HREF = re.compile(r"(?:href\s*=\s*\\?[\"']|(?:location(?:\.href)?|\.href|[uU]rl|[lL]ink)\s*[=:]\s*[\"'`])")
_LITERAL = re.compile(r"(?:(?!#[=:])[^\"'`\\<>\s${}+]){0,300}")
_JOIN = re.compile(
    r"\\?[\"'`]\s*\+\s*(?:encodeURI(?:Component)?\(\s*)?[\w$]{1,40}(?:\.[\w$]{1,40}|\[[\w$]{1,20}\]){0,3}?\.(?P<key>[\w$]{1,40})"
    r"\s*\)?\s*\+?\s*[\"'`]?|\$\{\s*(?:encodeURI(?:Component)?\(\s*)?(?:[\w$]{1,40}\.){1,4}(?P<inner>[\w$]{1,40})\s*\)?\s*\}|"
    r"\{\{\s*:?(?:[\w$]{1,40}\.){0,3}(?P<mustache>[\w$]{1,40})\s*\}\}|"
    r"#[=:]\s*(?:[\w$]{1,40}\.){0,3}(?P<kendo>[\w$]{1,40})\s*#"
)
_NAMES = re.compile(r"id|slug|alias|^ma|code|key|number")
_MOST_KEYS = 20
_MOST_PIECES = 6
_FEWEST_ALIKE = 2


@dataclass(frozen=True)
class Pattern:
    """The pieces of an address in turn: a literal, then the plain key whose value follows it ("" for none)."""

    pieces: tuple[tuple[str, str], ...]

    def address(self, base: str, record: Mapping[str, object]) -> str | None:
        """A record's address; None where the record lacks a piece."""
        told = []
        for literal, key in self.pieces:
            value = record.get(key, "") if key else ""
            if key and (isinstance(value, bool) or not isinstance(value, str | int) or value == ""):
                return None
            told.append(literal + quote(str(value), safe="/:@,;=~-._%"))
        return resolve(base, "".join(told))


def patterns_in(scripts: Iterable[str]) -> tuple[Pattern, ...]:
    """The patterns of links that scripts build: `'<a href="/tin/' + item.slug + '-' + item.id + '.html">'`."""
    found = [
        pattern
        for script in scripts
        for match in _HREF.finditer(script[:_LONGEST_SCRIPT])
        if (pattern := _pattern_at(script, match.end()))
    ]
    return tuple(dict.fromkeys(found))


def _pattern_at(script: str, position: int) -> Pattern | None:
    pieces: list[tuple[str, str]] = []
    for _ in range(_MOST_PIECES):
        literal = _LITERAL.match(script, position)
        position = literal.end() if literal else position
        join = _JOIN.match(script, position)
        key = plain_key(join["key"] or join["inner"] or join["mustache"] or join["kendo"]) if join else ""
        pieces.append((literal[0] if literal else "", key))
        if join is None:
            break
        position = join.end()
    return Pattern(tuple(pieces)) if len(pieces) > 1 and any(literal for literal, _ in pieces) else None


def learnt(pairs: Iterable[tuple[Mapping[str, object], str]]) -> Pattern | None:
    """The pattern of posts whose record and address are both known; None unless two or more show one and the same."""
    found = [_pattern_of(url, record) for record, url in pairs]
    return found[0] if len(found) >= _FEWEST_ALIKE and len(set(found)) == 1 else None


def _pattern_of(url: str, record: Mapping[str, object]) -> Pattern | None:
    """The places of an address in which the record's numbers and slugs stand."""
    keys = {str(value): key for key, value in record.items() if _NAMES.search(key) and isinstance(value, str | int)}
    known = sorted((re.escape(value) for value in keys if value), key=len, reverse=True)[:_MOST_KEYS]
    pieces, position = [], 0
    figures = re.compile(rf"(?<![a-z0-9])(?:{'|'.join(known)})(?![a-z0-9])")
    path = url.find("/", url.find("//") + 2)  # a host that is a number holds figures as well
    for match in figures.finditer(url, max(path, 0)) if known else ():
        pieces.append((url[position : match.start()], keys[match[0]]))
        position = match.end()
    return Pattern((*pieces, (url[position:], ""))) if pieces and len(pieces) < _MOST_PIECES else None
