"""The commands. Each stands in a module of its own, loaded when it is called: `auditor --help` loads none of them."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from auditor import __version__
from auditor.cli.options import Options, global_params
from auditor.cli.terminal import log_to_terminal
from auditor.crawl.folders import DataFolder
from auditor.errors import InputError, place_fault
from auditor.text import harmless

SUMMARIES = {
    "init": "Make a portals.yaml to fill in, and the data folder.",
    "demo": "Serve, crawl and report a built-in province.",
    "crawl": "Visit units' portals and store what was seen.",
    "audit": "Audit one portal on demand.",
    "explain": "Tell why a unit has the number, or the zero, that it has.",
    "report": "Write the monthly report.",
    "evidence": "Show, extract and verify what portals answered.",
    "recheck": "Read visits again from their evidence, and show what would change.",
    "templates": "Copy the wording of reports and letters, for the office to edit.",
    "close": "Freeze a month when its report is issued.",
    "restate": "List what was learnt of a closed month.",
    "import-history": "Store figures of the time before the system.",
    "received": "Note what units report of themselves, and compare it with ours.",
    "remind": "Write letters to units that something is missing of.",
    "items": "List the counted items of a month.",
    "review": "List what deserves a person's look, and accept it.",
    "evaluate": "Score the judge against people's decisions.",
    "learn": "Learn from what people decided, show what comes of it, and adopt it.",
    "classify": "Sort posts, given as JSON lines, into the five categories.",
    "units": "List the units, or check portals.yaml.",
    "schedule": "Run the nightly crawl and the monthly report, for ever.",
    "status": "Show last night per unit, the next runs, and what needs a person.",
    "messages": "Show or send what concerns the operator and the clerk.",
    "backup": "Write the whole installation into one file, checked.",
    "doctor": "Check the installation, and mend what is safe to mend.",
    "restore": "Put a backup in its place.",
}

_INTERRUPTED = 130  # what a shell says of a program ended by SIGINT
_PIPE_CLOSED = 141  # and by SIGPIPE


class Refusal(click.ClickException):
    """Bad input, as the user sees it."""

    exit_code = 2


class Commands(click.Group):
    """The commands by name; what they raise becomes a message and an exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names, in the order of the help."""
        return list(SUMMARIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Loads the command's module."""
        if cmd_name not in SUMMARIES:
            return None
        module = cmd_name.replace("-", "_")
        command: click.Command = import_module(f"auditor.cli.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Lists the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(SUMMARIES.items()))

    def invoke(self, ctx: click.Context) -> None:
        """Runs the command; the number it answers is the exit status."""
        try:
            status = super().invoke(ctx)
            _flush_output()
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except InputError as error:
            raise Refusal(harmless(str(error))) from error
        except KeyboardInterrupt:
            ctx.exit(_INTERRUPTED)
        except BrokenPipeError:
            _forget_output()
            ctx.exit(_PIPE_CLOSED)
        except Exception as error:
            raise _told(error, ctx.ensure_object(Options)) from error
        ctx.exit(status or 0)


def _flush_output() -> None:
    if sys.stdout:  # None where the caller has closed it
        sys.stdout.flush()


def _forget_output() -> None:
    """Nobody reads any more: what is left in the buffer goes nowhere, instead of failing at the interpreter's end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _told(error: Exception, options: Options) -> click.ClickException:
    """What the user sees of an error that no operation foresaw."""
    fault = place_fault(error)
    return Refusal(fault) if fault else click.ClickException(_written_down(error, options))


def _written_down(error: Exception, options: Options) -> str:
    what = f"internal error ({type(error).__name__})"
    try:
        return f"{what}, written to {DataFolder(options.data).keep_traceback(error, options.now())}"
    except OSError as unwritable:
        return f"{what}: {error}; it could not be written down ({unwritable})"


@click.group(
    cls=Commands,
    params=global_params(hidden=False),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="auditor")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Audits government portals for what they must publish about receiving citizens (tiếp công dân).

    Results go to standard output, everything else to standard error. Options beat the environment, which beats the
    defaults; the options below may also stand after the command.

    \b
    Exit status:
      0  done, and every unit was observed
      1  internal error; the message names the file it was written to
      2  bad input: options, portals.yaml, a database or folder that cannot be used, another crawl going on
      3  done, but some unit was not observable
    """  # noqa: D301 - the escape is click's mark for a paragraph that is not to be wrapped
    log_to_terminal(ctx.ensure_object(Options))


def main() -> None:
    """The program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    cli(prog_name="auditor")
