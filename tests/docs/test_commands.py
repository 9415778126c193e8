"""Every command and option that the pages and the README name is one."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from auditor.cli import SUMMARIES, cli
from tests.demonstration import PROJECT
from tests.docs.examples import DOCS

PAGES = [PROJECT / "README.md", PROJECT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]
_CODE = re.compile(r"^```.*?^```$|^ {4,}\S.*$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"(?:^ *(?:\$ )?|`|bin/)auditor ((?:--)?[a-z][^`\n#|;)]*)", re.MULTILINE)


def named(page: Path) -> Iterator[str]:
    """Commands with their arguments, as the code of a page has them."""
    for code in _CODE.findall(page.read_text("utf-8")):
        yield from (said.strip() for said in _COMMAND.findall(code))


def mistakes(said: str) -> Iterator[str]:
    """What of a command line there is not."""
    command: click.Command = cli
    known = options(cli)
    for word in _words(said):
        if word.startswith("--"):
            if word.partition("=")[0] not in known:
                yield f"auditor {said}: {command.name} has no {word}"
        elif isinstance(command, click.Group) and (below := command.get_command(click.Context(command), word)):
            command, known = below, known | options(below)
        elif command is cli:
            yield f"auditor {said}: there is no command {word}"


def options(command: click.Command) -> set[str]:
    return {name for param in command.params for name in (*param.opts, *param.secondary_opts)} | {"--help", "--version"}


def _words(said: str) -> list[str]:
    try:
        return shlex.split(said)
    except ValueError:  # an example that is cut in the midst of a quotation
        return said.split()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page: Path) -> None:
    assert [wrong for said in named(page) for wrong in mistakes(said)] == []


def test_such_mistakes_would_be_seen() -> None:
    assert list(mistakes("items set 1 --by A --because B")) == [
        "auditor items set 1 --by A --because B: set has no --because"
    ]
    assert list(mistakes("itmes")) == ["auditor itmes: there is no command itmes"]
    assert sum(len(list(named(page))) for page in PAGES) > 100


def test_the_readme_names_every_command() -> None:
    [table] = re.findall(r"^## The commands\n(.*?)^## ", PAGES[0].read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert {name for name in SUMMARIES if not re.search(rf"[ `]{name}[` ]", table)} == set()
