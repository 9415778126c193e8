"""What the readers of the formats share: how much is read, and how paragraphs become a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditor import legacy
from auditor.repair import restore
from auditor.text import clean

ENOUGH = 20_000
"""Characters; the first pages of any document."""
FIRST_PAGES = 3


class UnreadableError(Exception):
    """A file that cannot be read, and why, in English."""


@dataclass(frozen=True)
class Told:
    """What a format's reader found: paragraphs in order, as they stand in the file, and how many pages it has."""

    paragraphs: Sequence[str]
    pages: int | None = None


def telling(told: Told) -> str:
    """The paragraphs as one line of Unicode.

    What is undecided in a single paragraph (one word of TCVN3) follows the whole document.
    """
    paragraphs = [paragraph for paragraph in told.paragraphs if paragraph.strip()]
    common = legacy.detect("\n".join(paragraphs)[:ENOUGH])
    return clean(" ".join(_meant(paragraph, common) for paragraph in paragraphs))[:ENOUGH]


def _meant(paragraph: str, common: legacy.Encoding | None) -> str:
    if common is not None and legacy.detect(paragraph, expected=common) is common:
        return legacy.CONVERT[common](paragraph)
    return restore(paragraph)
