"""What every picture is drawn with: one drawing, in the page as SVG and on paper as PNG.

A picture is read in black and white, has its title and its words for those who cannot see it, and no text in it comes
from anywhere unescaped. One unit of a drawing is `MILLIMETRES` on paper.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import resvg_py
from markupsafe import Markup

from auditor.report.grey_png import grey
from auditor.text import clean

WIDTH = 680
"""Of every drawing, in its units."""
PAPER_WIDTH = 160
"""Millimetres between the margins of an upright A4 page (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""
_DOTS_PER_UNIT = 1.9
"""Of a PNG: about 205 dots an inch on paper."""
_FONT = Path(__file__).with_name("fonts") / "LiberationSerif-Regular.ttf"
_FAMILY = "Times New Roman, Liberation Serif, Tinos, serif"
_LETTER = 0.47
"""Width of a letter of that typeface on average, by its size."""


@dataclass(frozen=True)
class Picture:
    """A drawing.

    Attributes:
        title: what it shows, as its caption says. told: the same in words, for those who cannot see it.
        height: in units of the drawing. content: its elements.
    """

    title: str
    told: str
    height: float
    content: Markup

    @property
    def svg(self) -> Markup:
        """One `svg` element, complete."""
        return Markup(
            '<svg class="picture" role="img" viewBox="0 0 {} {:.0f}" xmlns="http://www.w3.org/2000/svg" '
            'font-family="{}"><title>{}</title><desc>{}</desc>{}</svg>'
        ).format(WIDTH, self.height, _FAMILY, clean(self.title), clean(self.told), self.content)

    def png(self) -> bytes:
        """The drawing in grey dots, on white; the same drawing gives the same bytes on every machine."""
        drawn = resvg_py.svg_to_bytes(
            svg_string=str(self.svg),
            background="#ffffff",
            width=round(WIDTH * _DOTS_PER_UNIT),
            font_files=[str(_FONT)],
            skip_system_fonts=True,
            shape_rendering="crisp_edges",
        )
        return grey(drawn)


def joined(elements: Iterable[Markup]) -> Markup:
    """Elements one after another."""
    return Markup("").join(elements)


def text(x: float, y: float, content: object, *, anchor: str = "start", size: float = 13) -> Markup:
    """A line of text on its base line."""
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}" font-size="{}">{}</text>').format(
        x, y, anchor, size, clean(str(content))
    )


def letters(places: Sequence[float], y: float, content: str, *, size: float) -> Markup:
    """One letter at each place, on one base line: a fifth of the time of as many texts."""
    return Markup('<text x="{}" y="{:.1f}" text-anchor="middle" font-size="{}">{}</text>').format(
        " ".join(f"{x:.1f}" for x in places), y, size, content
    )


def box(x: float, y: float, width: float, height: float, fill: str, stroke: str = "#888888") -> Markup:
    """A rectangle with a thin edge."""
    return Markup(
        '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}" stroke="{}" stroke-width="0.6"/>'
    ).format(x, y, width, height, fill, stroke)


def line(points: Sequence[tuple[float, float]], *, dashes: str = "none", width: float = 0.6) -> Markup:
    """A line through the points; `dashes` as SVG has them: "6 4"."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return Markup(
        '<polyline points="{}" fill="none" stroke="#000000" stroke-width="{}" stroke-dasharray="{}"/>'
    ).format(path, width, dashes)


def fitting(content: str, width: float, size: float = 13) -> str:
    """The text, cut where it would be wider than so many units."""
    return textwrap.shorten(content, max(4, int(width / (size * _LETTER))), placeholder="…")


def wrapped(content: str, width: float, size: float, lines: int) -> list[str]:
    """The text in at most so many lines of a width."""
    letters = max(3, int(width / (size * _LETTER)))
    return textwrap.wrap(content, letters, max_lines=lines, placeholder="…", break_on_hyphens=False)
