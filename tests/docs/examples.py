"""The examples of docs/: every `console` block is run, in the order of its page, and what it shows is compared.

A line `$ auditor …` is a command, `$ export NAME=value …` sets the environment, `$ cat FILE` shows a file that the page
supposes and that is written here, `> FILE` and `>> FILE` take the output; the lines below a command are what it says on
both streams. `...` stands for any text, alone in a line for any lines. Days from 2020 on, times of day, digests, sizes
and numbers of files are those of the run, not of the page; ids are the run's own from where they are first shown.
"""

import os
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor.cli import cli

DOCS = Path(__file__).parents[2] / "docs"
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ID = r"\b(?:[0-9a-f]{8}|g[0-9a-f]{7})\b"
_VARIES = (
    (re.compile(_ID), None),
    (re.compile(r"\b[0-9a-f]{16,64}\b"), r"[0-9a-f]{16,64}"),
    (re.compile(r"20[2-9]\d-\d\d-\d\d(-\d{6})?"), r"\d{4}-\d\d-\d\d(?:-\d{6})?"),
    (re.compile(r"\d\d/\d\d/20[2-9]\d"), r"\d\d/\d\d/\d{4}"),
    (re.compile(r"(?<!\d)\d\d:\d\d(:\d\d)?\b"), r"\d\d:\d\d(?::\d\d)?"),
    (re.compile(r"\b[\d.,]+ (MB|bytes|files)"), r"[\d.,]+ (?:MB|bytes|files)"),
)


@dataclass(frozen=True)
class Example:
    """One command of a page and what the page says comes of it."""

    line: int
    command: str
    shown: tuple[str, ...]


def examples(page: Path) -> Iterator[Example]:
    """The commands of a page's `console` blocks, in order."""
    text = page.read_text("utf-8")
    for block in _BLOCK.finditer(text):
        first = text.count("\n", 0, block.start(1)) + 1
        lines = block[1].splitlines()
        starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            yield Example(first + start, lines[start][2:], tuple(lines[start + 1 : end]))


@dataclass
class Terminal:
    """Runs a page's commands in the current folder.

    Attributes:
        instead: answers of commands that are not run here, such as the demo that all tests share.
        told: address as the page has it → address of this run.
    """

    instead: Mapping[str, Callable[[], str]]
    told: Mapping[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def run(self, example: Example) -> str | None:
        """What differs from what the page says; None where nothing does."""
        if example.command.startswith("cat "):
            Path(example.command.split()[1]).write_text("\n".join(example.shown) + "\n", "utf-8")
            return None
        said = self._said(example.command)
        for page, here in self.told.items():
            said = said.replace(here, page)
        pattern, ids = _pattern(example.shown, self.ids)
        found = pattern.fullmatch(said.rstrip("\n") + "\n" if said else "")
        if not found or ("Error: " in said) != any("Error: " in line for line in example.shown):  # never below "..."
            return f"line {example.line}: $ {example.command}\nsays\n{said}"
        self.ids |= {shown: found[group] for group, shown in ids.items()}
        return None

    def _said(self, command: str) -> str:
        if command in self.instead:
            return self.instead[command]()
        words = shlex.split(command)
        if words[0] == "export":
            self.environment |= dict(word.split("=", 1) for word in words[1:])
            return ""
        if words[0] != "auditor":
            raise ValueError(f"examples run 'auditor', 'export' and 'cat' only, not '{command}'")
        place = next((number for number, word in enumerate(words) if word in {">", ">>"}), len(words))
        result = CliRunner().invoke(cli, [self._here(word) for word in words[1:place]], env=self.environment)
        if place == len(words):
            return result.output
        with Path(words[place + 1]).open("a" if words[place] == ">>" else "w", encoding="utf-8") as file:
            file.write(result.stdout)
        return result.stderr

    def _here(self, word: str) -> str:
        for page, here in self.told.items():
            word = word.replace(page, here)
        return self.ids.get(word, word)


def _pattern(shown: tuple[str, ...], known: Mapping[str, str]) -> tuple[re.Pattern[str], dict[str, str]]:
    """What the lines allow, and which group of it takes which id that is shown for the first time."""
    ids: dict[str, str] = {}
    lines = ["(?:.*\n)*?" if line.strip() == "..." else _line(line, known, ids) + "\n" for line in shown]
    return re.compile("".join(lines)), ids


def _line(line: str, known: Mapping[str, str], ids: dict[str, str]) -> str:
    parts = "|".join(f"(?P<v{number}>{find.pattern})" for number, (find, _) in enumerate(_VARIES))
    allowed, end = "", 0
    for found in re.finditer(rf"{parts}|\.\.\.", line):
        allowed += re.escape(line[end : found.start()]) + _allowed(found, known, ids)
        end = found.end()
    return allowed + re.escape(line[end:].rstrip()) + " *"


def _allowed(found: re.Match[str], known: Mapping[str, str], ids: dict[str, str]) -> str:
    if found[0] == "...":
        return ".*"
    number = int((found.lastgroup or "v0")[1:])
    if allowed := _VARIES[number][1]:
        return allowed
    if found[0] in known:
        return re.escape(known[found[0]])
    if group := next((group for group, shown in ids.items() if shown == found[0]), None):
        return f"(?P={group})"
    ids[f"id{len(ids)}"] = found[0]
    return f"(?P<id{len(ids) - 1}>{_ID})"


def clear_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what the machine says of an installation does not reach the examples."""
    for name in [name for name in os.environ if name.startswith("AUDITOR_")]:
        monkeypatch.delenv(name)
