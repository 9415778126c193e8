"""Templates: where they are, what they may use, and what a broken one says.

All wording stands in `templates/` (in an installed package: `auditor/templates/`). An office may keep its own versions
in a folder; a template it does not have there is taken from ours. Templates are run in a sandbox: whoever may edit a
sentence may not run a program.
"""

from __future__ import annotations

import difflib
import re
import traceback
from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

import auditor
from auditor.errors import InputError
from auditor.report import view, wording
from auditor.style import Numbers, Style
from auditor.text import clean

FILTERS = {
    "number": wording.number,
    "count": wording.count,
    "two_digits": wording.count,
    "day": wording.day,
    "names": wording.names,
    "ranking": wording.ranking,
    "month_name": wording.month_name,
    "month_before": wording.month_before,
    "title_of": wording.title_of,
    "shorten": wording.shorten,
    "check_name": wording.check_name,
    "check_detail": wording.check_detail,
    "of_communes": view.of_communes,
    "communes": view.communes,
    "portal_side": view.portal_side,
    "own_side": view.own_side,
}
_FAILURES = (
    jinja2.TemplateError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
)
_OF_2019 = {"count": wording.number, "ranking": partial(wording.ranking, written=wording.number)}
"""Where `style` in the context asks for the numbers of that year."""


def builtin_templates() -> Path:
    """The folder of our own templates: inside an installed package, beside it in a checkout."""
    package = Path(auditor.__file__).parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def render(name: str, context: Mapping[str, object], *, folder: Path | None = None) -> str:
    """Renders the template `name` (`*.html.j2` with HTML escaping) with every text cleaned of what nobody can see.

    Raises:
        InputError: `folder` is not one, or the template is missing, malformed, or asks for what there is not; with
            name and line.
    """
    style = context.get("style")
    environment = _environment(folder, of_2019=isinstance(style, Style) and style.numbers is Numbers.OF_2019)
    try:
        return environment.get_template(name).render(context)
    except jinja2.TemplateNotFound as error:
        raise InputError(f"template {error.name} is not in {folder or builtin_templates()}: restore it") from error
    except jinja2.TemplateSyntaxError as error:
        told = _hinted(error.message or "it is malformed", environment)
        raise InputError(f"{_place(error.filename or name, error.lineno)}: {told}: correct it") from error
    except (UnicodeDecodeError, OSError) as error:
        raise InputError(f"template {name} cannot be read ({error}): save it as UTF-8 text, readable to you") from error
    except _FAILURES as error:
        place = _place_of_failure(error)
        if place is None:
            raise
        raise InputError(f"{place}: {_hinted(str(error), environment)}: correct it") from error


def _hinted(message: str, environment: jinja2.Environment) -> str:
    """The message; of a filter that there is not, with the nearest there is."""
    wanted = re.search(r"No filter named '(.+?)'", message)
    near = difflib.get_close_matches(wanted[1], environment.filters, 1) if wanted else []
    return message.rstrip(".") + (f"; did you mean '{near[0]}'" if near else "")


def _environment(folder: Path | None, *, of_2019: bool) -> jinja2.Environment:
    if folder is None:
        return _compiled((builtin_templates(),), frozenset(), of_2019=of_2019)
    try:
        own = frozenset(folder.absolute().iterdir())
    except OSError as error:
        raise InputError(
            f"{folder} is not a folder of templates ({error.strerror}): name one, or leave the option out"
        ) from error
    return _compiled((folder.absolute(), builtin_templates()), own, of_2019=of_2019)


@lru_cache(maxsize=4)
def _compiled(folders: tuple[Path, ...], _own: frozenset[Path], *, of_2019: bool) -> jinja2.Environment:
    """Keeps its templates compiled, which takes longer than filling them in: a province is written 124 letters.

    A template that was edited is read anew; one that was added to the office's own is seen because `_own` differs.
    """
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=jinja2.select_autoescape(enabled_extensions=("html.j2",)),
        undefined=_Missing,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    environment.filters.update(FILTERS)
    environment.filters.update(_OF_2019 if of_2019 else {})
    return environment


class _Missing(jinja2.StrictUndefined):
    """What a template asks for and there is not: its error names what comes nearest."""

    @property
    def _undefined_message(self) -> str:
        wanted, owner = str(self._undefined_name), self._undefined_obj
        if owner is jinja2.utils.missing:
            return f"there is no '{wanted}': docs/templates.md lists the fields"
        known = list(owner) if isinstance(owner, Mapping) else [name for name in dir(owner) if name[0] != "_"]
        near = difflib.get_close_matches(wanted, map(str, known), 1)
        hint = f"; did you mean '{near[0]}'" if near else ""
        return f"there is no '{wanted}' in a {type(owner).__name__}{hint}"


def _harmless(value: object) -> object:
    """Plain text becomes one printable line, so that no title can start a block of its own; markup is left alone.

    A space at its ends stays: a template may join words with " - ".
    """
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    said = clean(value)
    return f"{' ' * value.startswith(' ')}{said}{' ' * (bool(said) and value.endswith(' '))}"


def _place(file: str, line: int) -> str:
    return f"template {Path(file).name}, line {line}"


def _place_of_failure(error: Exception) -> str | None:
    """The innermost template line an error came through; None where it came from elsewhere."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
    return _place(frames[-1].filename, frames[-1].lineno or 0) if frames else None
