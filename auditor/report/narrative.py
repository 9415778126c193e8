"""The report's sentences, written once as blocks that every format lays out in its own way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from auditor.audit.month import MonthFigures
from auditor.categories import Category
from auditor.errors import InputError
from auditor.outcomes import Verdict
from auditor.report import view
from auditor.report.rendering import render
from auditor.text import clean


class Kind(StrEnum):
    """What a block is; the value is the mark its line begins with in the template."""

    TITLE = "="
    SUBJECT = "=="
    HEADING = "#"
    SUBHEADING = "##"
    BULLET = "-"
    SUB_BULLET = "+"
    WARNING = "!"
    SIGNATORY = "~"
    SIGNER = "~~"
    RECIPIENT = ">"
    ADDRESSEE = "@"
    LETTERHEAD = "^"
    PARAGRAPH = ""


_FRAME = {Kind.LETTERHEAD, Kind.SIGNATORY, Kind.SIGNER, Kind.RECIPIENT}
_MARKS = {str(kind): kind for kind in Kind if kind is not Kind.PARAGRAPH}


@dataclass(frozen=True)
class Block:
    """A heading, paragraph or list entry: plain text, one line, not escaped."""

    kind: Kind
    text: str


def narrative(figures: MonthFigures, templates: Path | None = None) -> tuple[Block, ...]:
    """The report's text from `report.txt.j2`; of a closed month, the text it was signed with.

    Raises:
        InputError: the template is broken.
    """
    if figures.closed and figures.closed.text:
        return tuple(Block(Kind(mark), text) for mark, text in figures.closed.text)
    return written("report.txt.j2", _context(figures), templates)


def written(template: str, context: Mapping[str, object], templates: Path | None = None) -> tuple[Block, ...]:
    """The text of any of our papers.

    Raises:
        InputError: the template is broken.
    """
    lines = render(template, context, folder=templates).splitlines()
    blocks = tuple(_block(said) for line in lines if (said := clean(line)))
    if all(block.kind in _FRAME for block in blocks):
        raise InputError(f"template {template} gives a paper without a text: correct it, or delete it to have ours")
    return blocks


def _block(line: str) -> Block:
    mark, _, text = line.partition(" ")
    return Block(_MARKS[mark], text.strip()) if mark in _MARKS else Block(Kind.PARAGRAPH, line)


def _context(figures: MonthFigures) -> dict[str, object]:
    everything = view.Part(figures.units)
    return {
        "figures": figures,
        "style": figures.style,
        "everything": everything,
        "levels": view.by_level(figures.units),
        "groups": view.by_group(figures),
        "comparison": view.comparison(figures, figures.total, figures.units),
        "senders": [unit for unit in figures.units if unit.key in figures.received],
        "corrected": [item for item in figures.corrected if item.correction and item.correction.changed],
        "failed": [check for check in figures.checks if not check.ok],
        "category_counts": [
            (figures.labels.get(category, category.label), everything.known_in(category)) for category in Category
        ],
        "all_categories": [
            unit
            for unit in figures.units
            if unit.categories and all(part.verdict == Verdict.PUBLISHED for part in unit.categories.values())
        ],
    }
