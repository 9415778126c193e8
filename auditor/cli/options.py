"""The options every command takes, before its name or after it, and how a command is declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

import auditor
from auditor.cli.terminal import Terminal
from auditor.errors import InputError
from auditor.portals import Jurisdiction, load
from auditor.window import Month, Span

F = TypeVar("F", bound=Callable[..., Any])

NOT_OBSERVED = 3
"""The exit status of a command that did its work, but could not observe some unit."""


@dataclass
class Options:
    """What the global options say; the defaults hold until one is met."""

    portals: Path = Path("portals.yaml")
    database: str = ""
    data: Path = Path("data")
    quiet: bool = False
    terminal: Terminal = field(default_factory=Terminal)

    @property
    def database_url(self) -> str:
        """The database's address."""
        return self.database or f"sqlite:///{self.data / 'auditor.db'}"

    def jurisdiction(self) -> Jurisdiction:
        """What portals.yaml says.

        Raises:
            InputError: it is missing or wrong.
        """
        if not self.portals.exists():
            raise InputError(
                f"{self.portals}: there is no such file: copy {_example()} there and edit it, or name another with "
                "--portals FILE; 'auditor demo' needs none"
            )
        return load(self.portals)

    @staticmethod
    def now() -> datetime:
        """The clock."""
        return datetime.now(UTC)


def _example() -> Path:
    """The portals.yaml that comes with the program: beside the package's modules, or in the project's folder."""
    package = Path(auditor.__file__).parent
    packed = package / "portals.example.yaml"
    return packed if packed.exists() else package.parent / "portals.yaml"


def _remember(ctx: click.Context, param: click.Parameter, value: object) -> None:
    """An option that is given replaces what was known; so one after the command's name beats one before it."""
    if value is not None and param.name:
        setattr(ctx.ensure_object(Options), param.name, value)


def global_params(*, hidden: bool) -> list[click.Parameter]:
    """The global options: shown and read from the environment as the program's own, `hidden` after a command's name."""

    def option(name: str, text: str, metavar: str | None = None) -> click.Option:
        return click.Option(
            [f"--{name}"],
            help=text,
            metavar=metavar,
            is_flag=metavar is None,
            default=None,
            type=click.Path(path_type=Path) if metavar in {"FILE", "DIR"} else None,
            hidden=hidden,
            expose_value=False,
            callback=_remember,
            envvar=f"AUDITOR_{name.upper()}" if metavar and not hidden else None,
            show_envvar=True,
        )

    return [
        option("portals", "The units to audit.  [default: portals.yaml]", "FILE"),
        option("database", "The store.  [default: sqlite:///data/auditor.db, in the --data folder]", "URL"),
        option("data", "Folder for observations, reports and logs.  [default: data]", "DIR"),
        option("quiet", "No progress, no warnings: results and errors only."),
    ]


def declare(*examples: str) -> Callable[[Callable[..., int | None]], click.Command]:
    """Declares a command; the number it answers is the exit status. `examples` close its help."""

    def wrap(function: Callable[..., int | None]) -> click.Command:
        make = click.command(epilog=epilog(examples), params=global_params(hidden=True))
        return make(click.pass_obj(function))

    return wrap


def epilog(examples: tuple[str, ...]) -> str:
    """The end of a command's help."""
    lines = "\n".join(f"  auditor {example}" for example in examples)
    return f"\b\nExamples:\n{lines}\n\nThe global options (auditor --help) may stand here too."


class MonthType(click.ParamType[Month]):
    """`YYYY-MM`."""

    name = "YYYY-MM"

    def convert(self, value: str | Month, param: click.Parameter | None, ctx: click.Context | None) -> Month:
        """The month, or a usage error."""
        if isinstance(value, Month):
            return value
        try:
            return Month.parse(value)
        except InputError as error:
            self.fail(str(error), param, ctx)


class SpanType(click.ParamType[Span]):
    """`2019-Q3`, `2019-H1`, `2019-9M`, `2019`."""

    name = "PERIOD"

    def convert(self, value: str | Span, param: click.Parameter | None, ctx: click.Context | None) -> Span:
        """The period, or a usage error."""
        if isinstance(value, Span):
            return value
        try:
            return Span.parse(value)
        except InputError as error:
            self.fail(str(error), param, ctx)


platforms_option = click.option(
    "--platforms/--no-platforms",
    default=True,
    help="Use what is known of a portal's family of systems; without it every portal is read like a stranger.",
)


def month_option(*, required: bool = False, default: str = "the open one") -> Callable[[F], F]:
    """`--month`; `default`: what stands for it where it is left out, "" where nothing does."""
    told = f"  [default: {default}]" if default and not required else ""
    return click.option("--month", type=MonthType(), required=required, help=f"The report's month.{told}")
