"""`auditor evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from auditor import evaluating, exchange
from auditor.adopted import judge_in
from auditor.categories import DEFAULT_LABELS
from auditor.cli.options import Options, declare, month_option
from auditor.cli.running import context
from auditor.crawl.folders import DataFolder
from auditor.errors import InputError
from auditor.report.confusion import score_picture, score_record, score_text
from auditor.scoring import score
from auditor.text import json_text
from auditor.window import Month


@declare(
    "evaluate --labelled titles.jsonl --picture confusion.svg",
    "evaluate --corrections --format json",
    "evaluate --folds",
)
@click.option("--labelled", type=click.File("rb"), help="JSON lines with title and category (null: none of the five).")
@click.option("--corrections", is_flag=True, help="On what people have decided; the default without the others.")
@click.option("--folds", is_flag=True, help="On the program's own labelled titles, none learnt from; half a minute.")
@click.option("--sure", is_flag=True, help='Without the labelled titles that say "sure": false.')
@month_option()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--picture", type=click.Path(path_type=Path), metavar="FILE.svg", help="The confusion matrix, drawn.")
def command(  # noqa: PLR0913 - one parameter an option
    options: Options,
    labelled: Any,  # noqa: ANN401 - click's open file
    month: Month | None,
    form: str,
    picture: Path | None,
    *,
    corrections: bool,
    folds: bool,
    sure: bool,
) -> None:
    """Scores the judge against people: accuracy, macro-F1, each category, the confusion matrix, the calibration.

    Corrections are no fair sample: people look where they expect mistakes, and a judge that has learnt from them knows
    them. --month takes the corrections of one month. --folds measures the program's judge on titles it has not learnt
    from: its labelled titles in five parts, grouped by text, each judged by weights fitted to the other four.
    """
    judge = judge_in(DataFolder(options.data).judge)
    labels = DEFAULT_LABELS
    verdicts = evaluating.strangers(sure=sure) if folds else []
    if labelled is not None:
        cases = evaluating.labelled(labelled.read(), str(labelled.name))
        verdicts += evaluating.judged((case for case in cases if case.sure or not sure), judge)
    if corrections or not (labelled or folds):
        run = context(options)
        labels = dict(run.jurisdiction.labels)
        verdicts += evaluating.judged(evaluating.corrected(run, month), judge)
    if not verdicts:
        raise InputError("nothing to score: nobody has decided a category yet; name a file with --labelled FILE")
    scored = score(verdicts)
    if picture:
        exchange.write(picture, str(score_picture(scored, labels)))
    text = score_text(scored, labels) if form == "text" else _json(score_record(scored))
    click.echo(text, nl=False)


def _json(record: dict[str, Any]) -> str:
    return json_text(record, indent=2) + "\n"
