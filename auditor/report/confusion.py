"""A comparison of the judge with people, as text for a terminal, as a record, and as a picture."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from auditor.categories import Category
from auditor.report import wording
from auditor.scoring import LABELS, Label, LabelScore, Score
from auditor.text import printable

_NONE = "Không thuộc năm mục tin"
_WIDTH = 42
_CELL, _LEFT, _TOP = 64, 330, 70


def label_of(label: Label, labels: Mapping[Category, str]) -> str:
    """The label's Vietnamese name."""
    return labels.get(label, label.label) if label else _NONE


def score_text(score: Score, labels: Mapping[Category, str]) -> str:
    """Figures, confusion matrix (rows: people, columns: the judge), calibration, and what was decided wrongly."""
    lines = [
        f"cases {score.cases}  accuracy {score.accuracy:.3f}  macro-F1 {score.macro_f1:.3f}",
        "",
        f"{'':<{_WIDTH}} cases  precision  recall     F1",
        *(_figures(label_of(label, labels), one) for label, one in score.labels.items()),
        "",
        "Confusion matrix (rows: people, columns: the judge)",
        *_matrix(score, labels),
        "",
        "confidence   cases  average  right",
        *(
            f"{one.low:.1f} to {one.high:.1f}   {one.cases:>5}    {one.confidence:.3f}  {one.right:.3f}"
            for one in score.calibration
        ),
        *_mistakes(score),
    ]
    return "\n".join(lines) + "\n"


def _figures(name: str, one: LabelScore) -> str:
    return f"{_padded(name)} {one.support:>5}  {_share(one.precision):>9}  {_share(one.recall):>6}  {one.f1:.3f}"


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.3f}"


def _padded(name: str) -> str:
    """The name in a column of its own, whether its letters are composed or not."""
    return f"{unicodedata.normalize('NFC', printable(name, _WIDTH)):<{_WIDTH}}"


def _matrix(score: Score, labels: Mapping[Category, str]) -> Iterator[str]:
    shown = list(score.labels)
    yield " " * _WIDTH + "".join(f"{f'({number})':>7}" for number in range(1, len(shown) + 1))
    for number, truth in enumerate(shown, 1):
        counts = "".join(f"{score.confusion.get((truth, said), 0) or '.':>7}" for said in shown)
        yield _padded(f"({number}) {label_of(truth, labels)}") + counts


def _mistakes(score: Score) -> Iterator[str]:
    if score.wrong:
        yield ""
        yield "decided otherwise than by people:"
    for one in sorted(score.wrong, key=lambda verdict: -verdict.confidence):
        pair = f"{one.truth or 'none':<9} said {one.said or 'none':<9}"
        yield f"  {pair} {one.confidence:.2f}  {printable(one.title, 160)}"


def score_record(score: Score) -> dict[str, Any]:
    """The same for scripts; labels are keys, "none" for none of the five."""
    return {
        "cases": score.cases,
        "accuracy": round(score.accuracy, 4),
        "macro_f1": round(score.macro_f1, 4),
        "labels": {
            str(label or "none"): {
                "cases": one.support,
                "precision": one.precision,
                "recall": one.recall,
                "f1": one.f1,
            }
            for label, one in score.labels.items()
        },
        "confusion": {
            str(truth or "none"): {
                str(said or "none"): score.confusion.get((truth, said), 0) for said in LABELS if said in score.labels
            }
            for truth in score.labels
        },
        "calibration": [
            {"from": one.low, "to": one.high, "cases": one.cases, "confidence": one.confidence, "right": one.right}
            for one in score.calibration
        ],
        "wrong": [
            {
                "title": one.title,
                "category": str(one.truth or "none"),
                "said": str(one.said or "none"),
                "confidence": one.confidence,
            }
            for one in score.wrong
        ],
    }


def score_picture(score: Score, labels: Mapping[Category, str]) -> Markup:
    """The confusion matrix as one `svg` element: darker is more, the count stands in every cell, words tell it all."""
    shown = list(score.labels)
    names = [label_of(label, labels) for label in shown]
    told = "; ".join(_told(score, labels, truth) for truth in shown)
    rows = Markup("").join(_row(score, shown, number, name) for number, name in enumerate(names))
    heads = Markup("").join(
        Markup('<text x="{}" y="{}" text-anchor="middle">({})</text>').format(
            _LEFT + number * _CELL + _CELL // 2, _TOP - 10, number + 1
        )
        for number in range(len(shown))
    )
    return Markup(
        '<svg role="img" viewBox="0 0 {} {}" xmlns="http://www.w3.org/2000/svg" font-family="serif" font-size="15">'
        "<title>Ma trận nhầm lẫn: hàng theo người duyệt, cột theo máy</title><desc>{}</desc>"
        '<rect width="100%" height="100%" fill="#fff"/>'
        '<text x="10" y="24">Hàng: người duyệt; cột: máy. {} tin, đúng {}%, macro-F1 {}</text>{}{}</svg>\n'
    ).format(
        _LEFT + len(shown) * _CELL + 20,
        _TOP + len(shown) * _CELL + 20,
        told,
        score.cases,
        f"{100 * score.accuracy:.1f}".replace(".", ","),
        f"{score.macro_f1:.3f}".replace(".", ","),
        heads,
        rows,
    )


def _told(score: Score, labels: Mapping[Category, str], truth: Label) -> str:
    """A row of the matrix in words."""
    counts = (f"{label_of(said, labels)} {score.confusion.get((truth, said), 0)}" for said in score.labels)
    return f"{label_of(truth, labels)}: {', '.join(counts)}"


def _row(score: Score, shown: list[Label], number: int, name: str) -> Markup:
    top = _TOP + number * _CELL
    text = Markup('<text x="{}" y="{}" text-anchor="end">({}) {}</text>').format(
        _LEFT - 10, top + _CELL // 2 + 5, number + 1, wording.shorten(name, 40)
    )
    whole = max(1, score.labels[shown[number]].support)
    cells = (
        _cell(_LEFT + place * _CELL, top, score.confusion.get((shown[number], said), 0), whole)
        for place, said in enumerate(shown)
    )
    return text + Markup("").join(cells)


def _cell(left: int, top: int, count: int, whole: int) -> Markup:
    grey = 255 - round(215 * count / whole)
    return Markup(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="rgb({},{},{})" stroke="#555"/>'
        '<text x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>'
    ).format(
        left, top, _CELL, _CELL, grey, grey, grey,
        left + _CELL // 2, top + _CELL // 2 + 5, "#fff" if grey < 128 else "#000", count,  # noqa: PLR2004 - mid grey
    )  # fmt: skip
