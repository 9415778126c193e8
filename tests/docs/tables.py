"""The parts of docs/ that are written from the code; `python -m tests.docs.tables` writes them anew."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from auditor.outcomes import Cause
from auditor.report.remedies import remedy

DOCS = Path(__file__).parents[2] / "docs"


def causes() -> Iterator[str]:
    """Every cause with its outcome, what it means in both languages, and what to do."""
    yield "| cause | outcome | meaning | trong báo cáo | remedy |"
    yield "|---|---|---|---|---|"
    for cause in Cause:
        outcome = f"`{cause.outcome}`" if cause.outcome else ""
        yield f"| `{cause}` | {outcome} | {cause.english} | {cause.label} | {remedy(cause)} |"


TABLES: dict[str, tuple[str, Callable[[], Iterator[str]]]] = {"causes": ("bad-night.md", causes)}


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


if __name__ == "__main__":
    for name in TABLES:
        page, text = with_table(name)
        page.write_text(text, "utf-8")
