"""`auditor learn`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from auditor import adopted, evaluating, teaching
from auditor.adopted import Adoption
from auditor.cli.options import Options, declare, month_option
from auditor.cli.running import bar, context
from auditor.context import Context
from auditor.correcting import said
from auditor.learning.measuring import FOLDS
from auditor.report.confusion import label_of
from auditor.scoring import Label, Score
from auditor.teaching import Effect
from auditor.text import json_text, printable
from auditor.window import Month

_LISTED = 20
_WIDTH = 42


@declare(
    "learn",
    "learn --file labelled.jsonl --month 2019-11 --format json",
    'learn --adopt --by "Lê An"',
    'learn --revert --by "Lê An"',
)
@click.option("--file", type=click.File("rb"), help="Further labelled titles, as for `evaluate --labelled`.")
@click.option("--adopt", is_flag=True, help="Let what was learnt judge from now on.")
@click.option("--revert", is_flag=True, help="Let the judge that came with the program judge again.")
@click.option("--by", metavar="NAME", help="Who adopts or takes back; kept for good.")
@click.option("--anyway", is_flag=True, help="Adopt what judges worse, too.")
@click.option("--parts", type=click.IntRange(2, 20), default=FOLDS, show_default=True, help="Parts to measure by.")
@month_option()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(  # noqa: PLR0913 - one parameter an option
    options: Options,
    file: Any,  # noqa: ANN401 - click's open file
    by: str | None,
    parts: int,
    month: Month | None,
    form: str,
    *,
    adopt: bool,
    revert: bool,
    anyway: bool,
) -> None:
    """Learns from every category people decided or accepted here, beside what comes with the program.

    Shows first what comes of it: how titles are judged that were not learnt from, before and after, how many of the
    decisions are judged as people did, and which stored items of --month would change. Takes less than a minute.
    Nothing is adopted without --adopt; then every stored item is judged anew, and corrections stay as they are.
    """
    if adopt and revert:
        raise click.UsageError("--adopt and --revert exclude each other.")
    if (adopt or revert) and by is None:
        raise click.UsageError("Missing option '--by': who adopts or takes back is kept.")
    name = said("--by", by) if by is not None else ""
    run = context(options)
    if revert:
        teaching.revert(run, name)
        click.echo("the judge that came with the program judges again")
        return
    cases = list(evaluating.labelled(file.read(), str(file.name))) if file else []
    effect = teaching.learn(run, cases, month, parts, _Ticks(options))
    record = _record(effect)
    if form == "text":
        for line in _lines(run, effect, parts):
            click.echo(line)
    note = teaching.adopt(run, effect, name, record, anyway=anyway) if adopt else None
    if form == "json":
        click.echo(_json(record | {"changes": _changes(effect), "adopted": _note(note)}))
    else:
        click.echo(_closing(note))


class _Ticks:
    """How many of the fits are done, below whatever the terminal shows."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def __call__(self, done: int, total: int) -> None:
        if not self._options.quiet:
            told = f"{bar(done, total)} {done} of {total} fits done ..."
            self._options.terminal.status(told if done < total else "")


def _lines(run: Context, effect: Effect, parts: int) -> Iterator[str]:
    held = adopted.adoption_in(run.data.judge)
    if held:
        old = ", beside an older version of the program" if held.outdated else ""
        yield f"in use: what {printable(held.by)} adopted on {printable(held.made)}{old}"
    told = f"{effect.decisions} items decided by people, {effect.file} titles of a file"
    yield f"learnt from {told}: {effect.taught} different titles that say something"
    yield f"measured on {effect.before.cases} titles, grouped by text in {parts} parts, none learnt from when judged:"
    yield ""
    yield f"{'':<{_WIDTH}} before   after"
    yield from (f"{name:<{_WIDTH}}  {before:>5}   {after:>5}" for name, before, after in _figures(run, effect))
    yield ""
    yield f"{effect.month}: {len(effect.changes)} of {effect.items} items would be decided otherwise than now"
    for change in effect.changes[:_LISTED]:
        what = f"{change.before or 'none'} -> {change.after or 'none'}"
        yield f"  {change.id}  {change.unit:<24} {what:<22}  {printable(change.title, 160)}"
    if len(effect.changes) > _LISTED:
        yield f"  and {len(effect.changes) - _LISTED} more"


def _figures(run: Context, effect: Effect) -> Iterator[tuple[str, str, str]]:
    before, after = effect.before, effect.after
    own = effect.decisions + effect.file
    yield "macro-F1", f"{before.macro_f1:.3f}", f"{after.macro_f1:.3f}"
    yield "accuracy", f"{before.accuracy:.3f}", f"{after.accuracy:.3f}"
    for label in before.labels:
        name = printable(label_of(label, run.jurisdiction.labels), _WIDTH - len("recall: "))
        yield f"recall: {name}", _recall(before, label), _recall(after, label)
    yield f"judged as people decided here, of {own}", str(effect.right[0]), str(effect.right[1])


def _recall(score: Score, label: Label) -> str:
    recall = score.labels[label].recall if label in score.labels else None
    return "-" if recall is None else f"{recall:.3f}"


def _closing(note: Adoption | None) -> str:
    if note is None:
        return "\nnothing was adopted: `auditor learn --adopt --by NAME` does it"
    return f"\nadopted by {note.by}: {note.weights} judges from now on; `auditor learn --revert --by NAME` goes back"


def _record(effect: Effect) -> dict[str, Any]:
    return {
        "decisions": effect.decisions,
        "file": effect.file,
        "taught": effect.taught,
        "before": _scored(effect.before, effect.right[0]),
        "after": _scored(effect.after, effect.right[1]),
        "worse": effect.worse,
    }


def _scored(score: Score, right: int) -> dict[str, Any]:
    return {
        "cases": score.cases,
        "macro_f1": round(score.macro_f1, 4),
        "accuracy": round(score.accuracy, 4),
        "recall": {str(label or "none"): one.recall for label, one in score.labels.items()},
        "decisions_right": right,
    }


def _changes(effect: Effect) -> dict[str, Any]:
    listed = [
        {
            "id": change.id,
            "unit": change.unit,
            "url": change.url,
            "title": change.title,
            "before": str(change.before or "none"),
            "after": str(change.after or "none"),
        }
        for change in effect.changes[:_LISTED]
    ]
    return {"month": str(effect.month), "count": len(effect.changes), "of": effect.items, "listed": listed}


def _note(note: Adoption | None) -> dict[str, str] | None:
    return None if note is None else {"by": note.by, "made": note.made, "weights": note.weights, "digest": note.digest}


def _json(record: dict[str, Any]) -> str:
    return json_text(record, indent=2)
