"""A YAML file as the person wrote it: every value is the text that stands there, every mistake has its line.

YAML guesses types (`14:05` becomes 845, `on` becomes true, `0261` becomes 177). Here nothing is guessed: the parser's
events are read, never its values, and each field says how its text is to be understood. Mistakes are collected, so
that one run shows them all. Anchors, aliases and tags are refused: a hand-written list needs none, and aliases are how
a small file becomes a huge one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn, TypeVar, cast

import yaml

from auditor.errors import InputError
from auditor.own_yaml import LOADER
from auditor.text import fold, printable

T = TypeVar("T")
D = TypeVar("D")

MAX_BYTES = 4_000_000
"""Two thousand units with every field take 1.2 million."""

_MAX_DEPTH = 8
_MAX_SHOWN = 100
_EMPTY = frozenset({"", "~", "null", "Null", "NULL"})
# What YAML does not allow, and the separators that it counts as line ends while editors do not.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

# The parser's complaint → the remedy. The C and the Python parser word some of them differently.
_SYNTAX = {
    r"mapping values are not allowed": (
        "a second ':' in one value, or a line indented further than its neighbours: "
        "put the value in double quotes, or align the line"
    ),
    r"unknown escape": "a backslash in double quotes means something to YAML: use single quotes",
    r"quoted scalar": "a quotation mark is opened and never closed: close it",
    r"cannot start any token|expected alphabetic or numeric": (
        "a value may not begin with this character: put it in double quotes"
    ),
    r"flow (sequence|mapping)": "a bracket is opened and never closed: close it, or put the value in quotes",
    r"did not find expected|expected <block end>|could not find expected ':'|block (collection|mapping)": (
        "this line does not fit where it stands: align it with its neighbours by spaces, "
        "and write each field as 'name: value'"
    ),
}


class FieldError(ValueError):
    """A value that cannot be what its field asks for. Raised by converters, with fault and remedy in words."""


@dataclass(frozen=True)
class Said:
    """One value of a field; in a message it reads `level 'departement'`."""

    field: str
    text: str

    def __str__(self) -> str:
        return f"{self.field} '{printable(self.text, 80)}'"


@dataclass(frozen=True)
class _Scalar:
    line: int
    text: str
    plain: bool

    @property
    def is_empty(self) -> bool:
        return self.plain and self.text in _EMPTY

    def __str__(self) -> str:
        return f"the text '{printable(self.text, 80)}'"


@dataclass(frozen=True)
class _Sequence:
    line: int
    entries: tuple[_Node, ...]

    def __str__(self) -> str:
        return "a list"


@dataclass(frozen=True)
class _Mapping:
    line: int
    entries: tuple[tuple[_Scalar, _Node], ...]

    def __str__(self) -> str:
        return "a group of fields"


_Node = _Scalar | _Sequence | _Mapping


class Mistakes:
    """What is wrong with one file, gathered to be told at once."""

    def __init__(self, file: Path) -> None:
        self._file = printable(str(file))
        self._found: list[tuple[int, str]] = []

    def add(self, line: int, where: str, what: str) -> None:
        """Notes one mistake: `where` is the path of the surrounding field ("" at the top), `what` holds the remedy."""
        self._found.append((line, f"{self._file}:{line}: {where}: {what}" if where else f"{self._file}:{line}: {what}"))

    def stop(self, line: int, where: str, what: str) -> NoReturn:
        """Notes a mistake after which nothing can be read, and ends the reading.

        Raises:
            InputError: always.
        """
        self.add(line, where, what)
        raise InputError(self._report())

    def raise_if_any(self) -> None:
        """Ends the reading if something was noted.

        Raises:
            InputError: one line per mistake, in the order of the file.
        """
        if self._found:
            raise InputError(self._report())

    def _report(self) -> str:
        by_line = sorted(self._found, key=lambda mistake: mistake[0])
        lines = list(dict.fromkeys(text for _, text in by_line))
        if len(lines) > _MAX_SHOWN:
            lines[_MAX_SHOWN:] = [f"{self._file}: and {len(lines) - _MAX_SHOWN} more mistakes"]
        return "\n".join(lines)


class Fields:
    """A group of `name: value` lines; reading a field notes what is wrong with it and goes on with a default."""

    def __init__(self, mistakes: Mistakes, where: str, mapping: _Mapping, named_by: str = "") -> None:
        self._mistakes = mistakes
        self.line = mapping.line
        self._entries: dict[str, tuple[int, _Node]] = {}
        for name, node in mapping.entries:
            self._entries.setdefault(name.text, (name.line, node))
        label = self.text_of(named_by)
        self._where = f"{where} ({printable(label, 60)})" if label else where
        self._refuse_repeated(mapping)

    def line_of(self, name: str) -> int:
        """Where the field stands; the group's first line if it is not given."""
        return self._entries[name][0] if name in self._entries else self.line

    def add_mistake(self, name: str, what: str) -> None:
        """Notes a mistake of a field, or of the group where the field is not given."""
        self._mistakes.add(self.line_of(name), self._where, what)

    def text_of(self, name: str) -> str | None:
        """The field's text as it stands, whether right or wrong; None where there is none."""
        node = self._given(name)
        return node.text if isinstance(node, _Scalar) else None

    def take(self, name: str, convert: Callable[[Said], T], default: D) -> T | D:
        """The field as `convert` understands it; `default` where it is not given, or wrong (then noted)."""
        node = self._given(name)
        return default if node is None else self._converted(name, node, convert, default)

    def require(self, name: str, convert: Callable[[Said], T], example: str) -> T | None:
        """Like `take`; a missing field is a mistake too, whose remedy is `name: example`."""
        if self._given(name) is None:
            self.add_mistake(name, f"{name} is missing: add '{name}: {example}'")
        return self.take(name, convert, None)

    def take_list(self, name: str, convert: Callable[[Said], T]) -> tuple[T, ...]:
        """The field's values, each as `convert` understands it; wrong ones are noted and left out."""
        read = (self._converted(name, node, convert, None) for node in self._nodes(name))
        return tuple(value for value in read if value is not None)

    def take_fields(self, name: str) -> Fields:
        """The group of fields under `name`; an empty one where it is not given, or is something else (then noted)."""
        where = f"{self._where}.{name}" if self._where else name
        line = self.line_of(name)
        node = self._given(name)
        group = None if node is None else self._group(where, node, line)
        return group or Fields(self._mistakes, where, _Mapping(line, ()))

    def require_groups(self, name: str, named_by: str, example: str) -> tuple[Fields, ...]:
        """The groups of fields listed under `name`; what is not one is noted and left out, and so is having none.

        In mistakes each prints its place and its field `named_by`: `units[3] (so-noi-vu)`.
        """
        node = self._given(name)
        if node is None or (isinstance(node, _Sequence) and not node.entries):
            self.add_mistake(name, f"no {name}: add one as {example}")
        nodes = enumerate(self._nodes(name))
        read = (self._group(f"{name}[{index}]", entry, entry.line, named_by) for index, entry in nodes)
        return tuple(group for group in read if group is not None)

    def refuse_others(self, known: Iterable[str], what: str = "field") -> None:
        """Notes every field whose name is not `known`, with the nearest that is."""
        names = list(known)
        for name in self._entries:
            if name not in names:
                self.add_mistake(name, f"unknown {what} '{printable(name, 80)}': {one_of(name, names)}")

    def _refuse_repeated(self, mapping: _Mapping) -> None:
        for name, node in mapping.entries:
            line, kept = self._entries[name.text]
            if node is not kept:
                what = f"'{printable(name.text, 80)}' already stands in line {line}: keep one of the two"
                self._mistakes.add(name.line, self._where, what)

    def _given(self, name: str) -> _Node | None:
        node = self._entries.get(name, (0, None))[1]
        return None if isinstance(node, _Scalar) and node.is_empty else node

    def _nodes(self, name: str) -> tuple[_Node, ...]:
        node = self._given(name)
        if isinstance(node, _Sequence):
            return node.entries
        if node is not None:
            self.add_mistake(name, f"{name} must be a list, not {node}: put '- ' before each entry, or write [a, b]")
        return ()

    def _converted(self, name: str, node: _Node, convert: Callable[[Said], T], default: D) -> T | D:
        if not isinstance(node, _Scalar):
            self.add_mistake(name, f"{name} must be one value, not {node}: write it as '{name}: value'")
            return default
        try:
            return convert(Said(name, node.text))
        except FieldError as error:
            self.add_mistake(name, str(error))
            return default

    def _group(self, where: str, node: _Node, line: int, named_by: str = "") -> Fields | None:
        if isinstance(node, _Mapping):
            return Fields(self._mistakes, where, node, named_by)
        self._mistakes.add(
            line, where, f"fields are expected here, not {node}: write 'name: value', with a space after the colon"
        )
        return None


def one_of(word: str, known: Iterable[str]) -> str:
    """The remedy for a word that is not in a closed list: the list, and the nearest of it."""
    words = list(known)
    return f"use one of {', '.join(words)}{did_you_mean(word, words)}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean 'a' or 'b'?)`, or nothing where no known word resembles it."""
    plain = re.sub(r"[\s_-]+", "-", fold(word[:200]))
    by_form = {re.sub(r"[\s_-]+", "-", fold(name)): name for name in known}
    near = [f"'{by_form[form]}'" for form in get_close_matches(plain, by_form, n=3)]
    return f" (did you mean {' or '.join(near)}?)" if near else ""


def read_fields(path: Path, mistakes: Mistakes) -> Fields:
    """The fields at the top of a file.

    Args:
        path: the file, UTF-8 with or without a byte order mark, at most `MAX_BYTES`.
        mistakes: takes the mistakes that do not keep the rest from being read.

    Raises:
        InputError: the file is missing, not text, not YAML, or holds no fields.
    """
    root = _parse(_read_text(path), mistakes)
    if not isinstance(root, _Mapping):
        mistakes.stop(root.line, "", f"the file must begin with a field, not {root}: begin with 'jurisdiction:'")
    return Fields(mistakes, "", root)


def _read_text(path: Path) -> str:
    name = printable(str(path))
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"{name}: there is no such file: create it, or name another with --portals FILE") from None
    except IsADirectoryError:
        raise InputError(f"{name}: this is a folder: name the file in it with --portals FILE") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{name}: cannot be read ({printable(str(error))}): check the path and its rights") from error
    if len(raw) > MAX_BYTES:
        raise InputError(f"{name}: larger than {MAX_BYTES} bytes: this is hardly a list of units, name another file")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name}:{line}: not UTF-8 text: save the file in the encoding UTF-8") from None


def _parse(text: str, mistakes: Mistakes) -> _Node:
    for number, line in enumerate(text.split("\n"), 1):
        if found := _UNPRINTABLE.search(line):
            mistakes.add(number, "", f"invisible character U+{ord(found[0]):04X}: delete it, or retype the line")
    mistakes.raise_if_any()
    try:
        root = _Builder(mistakes).document(yaml.parse(text, Loader=LOADER))
    except yaml.YAMLError as error:
        mistakes.stop(*_explained(error, text.split("\n")))
    mistakes.raise_if_any()
    if root is None or (isinstance(root, _Scalar) and root.is_empty):
        mistakes.stop(1, "", "the file is empty: begin with 'jurisdiction:'")
    return root


class _Builder:
    """Nodes from the parser's events, no deeper than a list of units can be."""

    def __init__(self, mistakes: Mistakes) -> None:
        self._mistakes = mistakes

    def document(self, events: Iterator[yaml.Event]) -> _Node | None:
        """The only document of a stream; None where there is none."""
        root = None
        for event in events:
            if not isinstance(event, yaml.DocumentStartEvent):
                continue
            if root is not None:
                self._mistakes.stop(_line_of(event), "", "a second document begins here: take out the line '---'")
            root = self._node(next(events), events, 0)
        return root

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> _Node:
        line = _line_of(event)
        if depth > _MAX_DEPTH:
            self._mistakes.stop(line, "", "too many levels inside each other: no field goes that deep, check brackets")
        if isinstance(event, yaml.AliasEvent):
            self._refuse_reference(line, "*")
            return _Scalar(line, "", plain=True)
        if getattr(event, "anchor", None) is not None:
            self._refuse_reference(line, "&")
        if getattr(event, "tag", None) is not None:
            self._refuse_reference(line, "!")
        if isinstance(event, yaml.SequenceStartEvent):
            return _Sequence(line, tuple(self._children(events, depth + 1)))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(line, list(self._children(events, depth + 1)))
        scalar = cast(yaml.ScalarEvent, event)  # the parser's grammar leaves nothing else
        return _Scalar(line, scalar.value, plain=not scalar.style)

    def _children(self, events: Iterator[yaml.Event], depth: int) -> Iterator[_Node]:
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
                return
            yield self._node(event, events, depth)

    def _mapping(self, line: int, children: list[_Node]) -> _Mapping:
        entries = []
        for name, node in zip(children[::2], children[1::2], strict=True):
            if isinstance(name, _Scalar):
                entries.append((name, node))
            else:
                self._mistakes.add(
                    name.line, "", f"{name} stands where a field's name is expected: write 'name: value'"
                )
        return _Mapping(line, tuple(entries))

    def _refuse_reference(self, line: int, sign: str) -> None:
        self._mistakes.add(line, "", f"'{sign}' begins a YAML reference or type, not used here: quote the text")


def _line_of(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _explained(error: yaml.YAMLError, lines: list[str]) -> tuple[int, str, str]:
    """Line, path and wording of a syntax error; the parser itself knows the fault, not what a person should do."""
    problem = str(getattr(error, "problem", None) or error)
    context = str(getattr(error, "context", None) or "")
    mark = getattr(error, "problem_mark", None)
    if re.search(r"quoted scalar|flow (sequence|mapping)", context):
        mark = getattr(error, "context_mark", None) or mark  # where the quote opens, not where the file ends
    number = min(mark.line + 1 if mark else 1, len(lines))
    line = lines[number - 1]
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return number, "", "a tab indents this line: YAML allows spaces only, replace it"
    for pattern, remedy in _SYNTAX.items():
        if re.search(pattern, f"{context} {problem}"):
            return number, "", remedy
    return number, "", f"not YAML ({printable(problem, 120)}): compare the line with its neighbours"
