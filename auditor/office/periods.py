"""The report of a quarter, a half, nine months or a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.audit.cumulating import span_figures
from auditor.audit.spans import SpanFigures
from auditor.context import Context, open_decided
from auditor.errors import InputError
from auditor.report.as_span import span_makers
from auditor.report.files import with_pdf, write_files
from auditor.window import Span


@dataclass(frozen=True)
class PeriodReport:
    """A period's figures and the files they were written to."""

    figures: SpanFigures
    files: Sequence[Path]


def report(context: Context, span: Span, output: Path, formats: Sequence[str]) -> PeriodReport:
    """Writes the report of a period as `<output>/<period>.<format>`.

    Raises:
        InputError: the period has not begun, or nothing is known of it; a place that cannot be written.
    """
    first = span.window(context.jurisdiction.cutoff_day).first
    if first > context.today:
        raise InputError(f"{span} has not begun: it counts from {first}")
    with open_decided(context) as database, database.session() as session:
        found = span_figures(session, context.jurisdiction, span, today=context.today)
    if found.now.cumulative is None:
        raise InputError(
            f"nothing is known of any month of {span}: `auditor import-history` takes figures of the time before"
        )
    makers = with_pdf(span_makers(found, context.templates), span.months()[-1])
    return PeriodReport(found, tuple(write_files(output, str(span), makers, formats)))
