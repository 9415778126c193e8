"""A month as it is printed: computed while it is open, the frozen one from its closing on. And the closing itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from auditor.audit.afterwards import Accepted, Closed, Restatement
from auditor.audit.figures import month_figures, month_items
from auditor.audit.frozen import Frozen, freeze, frozen_month
from auditor.audit.month import CountedItem, MonthFigures, UnitFigures
from auditor.audit.past import with_past
from auditor.audit.restating import restate
from auditor.audit.telling import untold
from auditor.errors import InputError
from auditor.portals import Jurisdiction
from auditor.store.closings import keep_closing
from auditor.text import printable
from auditor.window import Month


def printed_month(session: Session, jurisdiction: Jurisdiction, month: Month, *, today: date) -> MonthFigures:
    """The closed month as it was frozen; an open one computed, with what was learnt of the closed ones before it.

    Raises:
        InputError: the closed month was altered in the database.
    """
    frozen = frozen_month(session, month)
    if frozen:
        return frozen.figures
    figures = month_figures(session, jurisdiction, month, today=today)
    return replace(
        with_past(session, jurisdiction, figures), restated=untold(session, jurisdiction, month, today=today)
    )


def printed_items(
    session: Session,
    jurisdiction: Jurisdiction,
    month: Month,
    *,
    unit: str | None = None,
    everything: bool = False,
    today: date,
) -> tuple[CountedItem, ...]:
    """The month's items, as `auditor.audit.figures.month_items` has them; of a closed month, those that were frozen.

    Raises:
        InputError: as `printed_month`; there is no such unit.
    """
    frozen = frozen_month(session, month)
    if frozen is None:
        return month_items(session, jurisdiction, month, unit=unit, everything=everything, today=today)
    if unit is not None and unit not in {one.key for one in frozen.figures.units}:
        jurisdiction.unit(unit)
    wanted = (item for item in frozen.items if unit in (None, item.unit))
    return tuple(item for item in wanted if everything or item.counted)


@dataclass(frozen=True)
class Signing:
    """Who closes a month, when, with which program, and which units are not waited for.

    Attributes:
        made: aware. accepted: units that were not seen in full, each with the reason.
        worded: writes the report's lines, which are kept: wording that changes later does not change what was signed.
    """

    by: str
    made: datetime
    version: str
    accepted: tuple[Accepted, ...] = ()
    worded: Callable[[MonthFigures], tuple[tuple[str, str], ...]] = lambda _: ()


def close(session: Session, jurisdiction: Jurisdiction, month: Month, signing: Signing, *, today: date) -> MonthFigures:
    """Freezes a month.

    Returns:
        The closed month, as it prints from now on.

    Raises:
        InputError: it is open still, closed already, a check fails, or a unit was not seen in full and not accepted.
    """
    figures = printed_month(session, jurisdiction, month, today=today)
    _refuse_closing(figures, signing, today)
    signed = Closed(signing.made, signing.by, signing.version, signing.accepted)
    lines = signing.worded(replace(figures, closed=signed))
    closed = replace(figures, closed=replace(signed, text=lines))
    items = month_items(session, jurisdiction, month, everything=True, today=today)
    digest = keep_closing(session, str(month), signing.made, signing.by, freeze(Frozen(closed, items), jurisdiction))
    assert closed.closed is not None  # noqa: S101 - set above
    return replace(closed, closed=replace(closed.closed, digest=digest))


def _refuse_closing(figures: MonthFigures, signing: Signing, today: date) -> None:
    month, closed = figures.month, figures.closed
    if closed:
        raise InputError(
            f"{month} was closed by {closed.by} on {figures.local(closed.made):%Y-%m-%d}: "
            f"`auditor restate --month {month}` lists what was learnt since"
        )
    if today <= figures.window.last:
        raise InputError(f"{month} is open until {figures.window.last}: close it after that day")
    failed = [f"{check.check}: {check.detail}" for check in figures.checks if not check.ok]
    if failed:
        raise InputError(f"{month} cannot be closed, its figures contradict each other: {'; '.join(failed)}")
    _refuse_unseen(figures, signing.accepted)


def _refuse_unseen(figures: MonthFigures, accepted: Sequence[Accepted]) -> None:
    keys = {unit.key for unit in figures.units}
    unknown = [one.unit for one in accepted if one.unit not in keys]
    if unknown:
        raise InputError(f"{figures.month} has no unit '{printable(unknown[0], 80)}': see `auditor units`")
    missing = {unit.key: unit for unit in figures.units if not unit.seen_whole}
    needless = [one.unit for one in accepted if one.unit not in missing]
    if needless:
        raise InputError(f"{', '.join(needless)} was seen in full, there is nothing to accept: leave it out")
    left = [unit for key, unit in missing.items() if key not in {one.unit for one in accepted}]
    if left:
        told = "; ".join(f"{unit.key} ({_why(unit)})" for unit in left)
        raise InputError(
            f"{figures.month} cannot be closed, these units were not seen in full: {told}. Crawl again, or close "
            "without them: --accept UNIT for each, with --reason TEXT"
        )


def _why(unit: UnitFigures) -> str:
    return unit.cause.english if unit.cause else "not read in full since the window's end"


def restatement(session: Session, jurisdiction: Jurisdiction, month: Month, *, today: date) -> Restatement:
    """What was learnt of a closed month.

    Raises:
        InputError: it is not closed.
    """
    frozen = frozen_month(session, month)
    if frozen is None:
        raise InputError(
            f"{month} is not closed, its figures are computed anew each time: "
            f"`auditor close --month {month} --by NAME` freezes them"
        )
    return restate(session, jurisdiction, frozen, today=today)
