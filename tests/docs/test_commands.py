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

PAGES = [PROJECT / "README.md", *sorted(DOCS.glob("*.md"))]
_CODE = re.compile(r"^```.*?^```$|^ {4,}\S.*$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"(?:^ *(?:\$ )?|`|bin/)auditor ((?:--)?[a-z][^`\n#|\\;)]*)", re.MULTILINE)


def named(page: Path) -> Iterator[str]:
    """Commands with their arguments, as the code of a page has them."""
    for code in _CODE.findall(page.read_text("utf-8")):
        yield from (said.strip() for said in _COMMAND.findall(code))


def mistakes(said: str) -> Iterator[str]:
    """What of a command line there is not."""
    command: click.Command = cli
    words = iter(_words(said))
    for word in words:
        if word.startswith("--"):
            option = options(command).get(word.partition("=")[0])
            if option is None:
                yield f"auditor {said}: it has no {word}"
            elif option.nargs and not option.is_flag and "=" not in word:
                next(words, None)
        elif isinstance(command, click.Group) and (below := command.get_command(click.Context(command), word)):
            command = below
        elif command is cli:
            yield f"auditor {said}: there is no command {word}"
            return
        elif not any(isinstance(param, click.Argument) for param in command.params):
            yield f"auditor {said}: it takes no {word}"


def options(command: click.Command) -> dict[str, click.Option]:
    """By name, the global ones among them."""
    told = [param for one in (cli, command) for param in one.params if isinstance(param, click.Option)]
    help_and_version = click.Option(["--help", "--version"], is_flag=True)
    named = {name: param for param in told for name in (*param.opts, *param.secondary_opts)}
    return {"--help": help_and_version, "--version": help_and_version, **named}


def _words(said: str) -> list[str]:
    try:
        return shlex.split(said)
    except ValueError:  # an example that is cut in the midst of a quotation
        return said.split()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page: Path) -> None:
    assert [wrong for said in named(page) for wrong in mistakes(said)] == []


_TELLS = re.compile(r"[`'(\": ]auditor ((?!['\"])[^`'\"\n;,()]+)")
_PROSE = re.compile(r"takes no (\w+\.?|{asked})$")  # the sentence goes on behind the command; options in a variable
SOURCES = sorted({*(PROJECT / "auditor").rglob("*.py"), *(PROJECT / "templates").iterdir()})


def test_what_the_program_tells_people_to_type_can_be_typed() -> None:
    told = [line for file in SOURCES for line in _TELLS.findall(file.read_text("utf-8"))]
    commands = [line.strip() for line in told if line.split()[0] in SUMMARIES]
    assert len(commands) > 30
    wrong = [wrong for said in commands for wrong in mistakes(said) if not _PROSE.search(wrong)]
    assert wrong == []


def test_such_mistakes_would_be_seen() -> None:
    assert list(mistakes("items set 1 --by A --because B")) == [
        "auditor items set 1 --by A --because B: it has no --because"
    ]
    assert list(mistakes("restate 2019-11")) == ["auditor restate 2019-11: it takes no 2019-11"]
    assert list(mistakes("itmes")) == ["auditor itmes: there is no command itmes"]
    assert sum(len(list(named(page))) for page in PAGES) > 100


def test_the_readme_names_every_command() -> None:
    [table] = re.findall(r"^## The commands\n(.*?)^## ", PAGES[0].read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert {name for name in SUMMARIES if not re.search(rf"[ `]{name}[` ]", table)} == set()
