"""The parts of docs/ that are written from the code; `python -m tests.docs.tables` writes them anew."""

import inspect
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from auditor import health
from auditor.audit.month import CountedItem, MonthFigures, UnitFigures
from auditor.outcomes import Cause
from auditor.report.remedies import remedy
from auditor.report.rendering import FILTERS
from auditor.report.view import Part

DOCS = Path(__file__).parents[2] / "docs"


def causes() -> Iterator[str]:
    """Every cause with its outcome, what it means in both languages, and what to do."""
    yield "| cause | outcome | meaning | trong báo cáo | remedy |"
    yield "|---|---|---|---|---|"
    for cause in Cause:
        outcome = f"`{cause.outcome}`" if cause.outcome else ""
        yield f"| `{cause}` | {outcome} | {cause.english} | {cause.label} | {remedy(cause)} |"


def metrics() -> Iterator[str]:
    """What /metrics answers, as Prometheus is told of it."""
    yield "| metric | what |"
    yield "|---|---|"
    for name, text in re.findall(r'"(auditor_\w+)", "([^"]+)"', inspect.getsource(health)):
        yield f"| `{name}` | {text} |"


def fields() -> Iterator[str]:
    """What a template may ask of the month, a unit, a post and a part of the units."""
    yield "| object | field | holds |"
    yield "|---|---|---|"
    for name, kind in (("figures", MonthFigures), ("unit", UnitFigures), ("item", CountedItem), ("part", Part)):
        for field in inspect.get_annotations(kind):
            yield f"| `{name}` | `{field}` | {kind.__annotations__[field].replace('|', 'or')} |"
        for field, value in inspect.getmembers(kind, lambda member: isinstance(member, property)):
            yield f"| `{name}` | `{field}` | {_first_line(value)} |"


def filters() -> Iterator[str]:
    """What a template may do with a value."""
    yield "| filter | what it does |"
    yield "|---|---|"
    for name, function in sorted(FILTERS.items()):
        yield f"| `{name}` | {_first_line(function)} |"


def _first_line(documented: object) -> str:
    return (inspect.getdoc(documented) or "").splitlines()[0].replace("|", "or")


TABLES: dict[str, tuple[str, Callable[[], Iterator[str]]]] = {
    "causes": ("bad-night.md", causes),
    "metrics": ("service.md", metrics),
    "fields": ("templates.md", fields),
    "filters": ("templates.md", filters),
}


def with_table(name: str) -> tuple[Path, str]:
    """A page, and its text with the table as the code has it.

    Raises:
        ValueError: the page has no place for it.
    """
    page, rows = TABLES[name]
    pattern = re.compile(rf"(<!-- {name}: .*? -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    table = "\n".join(rows())
    text, places = pattern.subn(lambda found: f"{found[1]}\n{table}\n\n{found[2]}", (DOCS / page).read_text("utf-8"))
    if places != 1:
        raise ValueError(f"{page} has {places} places for the table '{name}', not one")
    return DOCS / page, text


_LINE, _WIDTH = 24, 900


def layers() -> str:
    """The picture of the layers as import-linter enforces them, the commands at the top."""
    settings = tomllib.loads((DOCS.parent / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    [floors] = [contract["layers"] for contract in settings["contracts"] if contract["type"] == "layers"]
    height = _LINE * len(floors) + 16
    rows = "\n".join(_floor(number, floor.replace("auditor.", "")) for number, floor in enumerate(floors))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" '
        'font-size="13" text-anchor="middle" role="img">\n'
        "<title>The layers: each imports only from those below it</title>\n"
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>\n{rows}\n</svg>\n'
    )


def _floor(number: int, names: str) -> str:
    top = 8 + _LINE * number
    box = f'<rect x="8" y="{top}" width="{_WIDTH - 16}" height="{_LINE - 4}" rx="4" fill="#eef3f8" stroke="#5b7a99"/>'
    return f'{box}<text x="{_WIDTH // 2}" y="{top + 15}">{names}</text>'


if __name__ == "__main__":
    (DOCS / "layers.svg").write_text(layers(), "utf-8")
    for name in TABLES:
        page, text = with_table(name)
        page.write_text(text, "utf-8")
