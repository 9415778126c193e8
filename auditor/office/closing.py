"""What the office does with its months, for whoever asks: closes them, and looks at what was learnt afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from auditor import __version__
from auditor.audit.afterwards import Accepted, Restatement
from auditor.audit.closing import Signing, close, restatement
from auditor.audit.frozen import frozen_month
from auditor.audit.month import MonthFigures
from auditor.context import Context, open_decided
from auditor.errors import InputError
from auditor.report.narrative import narrative
from auditor.text import clean
from auditor.window import Month

_LONGEST = 500
"""Characters of a name or a reason."""


def close_month(
    context: Context, month: Month, by: str, accepted: Sequence[str] = (), reasons: Sequence[str] = ()
) -> MonthFigures:
    """Freezes a month; from then on it prints the same.

    Args:
        context: where and how.
        month: whose window has ended.
        by: who signs.
        accepted: keys of the units that were not seen in full and are not waited for.
        reasons: one for each of them, or one for all.

    Raises:
        InputError: as `auditor.audit.closing.close`; no name; reasons that do not go with the units; a broken template.
    """

    def worded(figures: MonthFigures) -> tuple[tuple[str, str], ...]:
        return tuple((str(block.kind), block.text) for block in narrative(figures, context.templates))

    signing = Signing(_said(by, "--by"), context.now(), __version__, _accepted(accepted, reasons), worded)
    with open_decided(context) as database, database.transaction() as session:
        return close(session, context.jurisdiction, month, signing, today=context.today)


def later_month_disagrees(context: Context, figures: MonthFigures) -> str:
    """What to know where the month after was closed before this one, against another number; "" where it was not."""
    with open_decided(context) as database, database.session() as session:
        after = frozen_month(session, figures.month.following())
    if after is None or after.figures.total.previous == figures.known():
        return ""
    held, now = ("no number" if count is None else count for count in (after.figures.total.previous, figures.known()))
    return (
        f"{after.figures.month} was closed before {figures.month} and compares with {held}, not with {now}; "
        "its report keeps that"
    )


def restate_month(context: Context, month: Month) -> Restatement:
    """What was learnt of a closed month.

    Raises:
        InputError: it is not closed; the database cannot be used.
    """
    with open_decided(context) as database, database.session() as session:
        return restatement(session, context.jurisdiction, month, today=context.today)


def _accepted(units: Sequence[str], reasons: Sequence[str]) -> tuple[Accepted, ...]:
    keys = list(dict.fromkeys(units))
    if not keys and reasons:
        raise InputError("--reason without --accept: name the units that the reason is for, or leave it out")
    if keys and len(reasons) not in (1, len(keys)):
        raise InputError(
            f"{len(keys)} units accepted and {len(reasons)} reasons: give one --reason for all, or one for each"
        )
    said = [_said(reason, "--reason") for reason in reasons]
    return tuple(map(Accepted, keys, said * len(keys) if len(said) == 1 else said))


def _said(text: str, option: str) -> str:
    said = clean(text)
    if not said or len(said) > _LONGEST:
        raise InputError(f"{option} must say something, in at most {_LONGEST} characters")
    return said
