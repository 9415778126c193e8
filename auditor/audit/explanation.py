"""Why a unit's number is what it is: its nights, the visit that decides, what that visit read, what it missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from auditor.audit.closing import printed_items
from auditor.audit.month import MonthFigures, Role, UnitFigures
from auditor.portals import Jurisdiction
from auditor.store.coverage import ListingRead, VisitDetail, last_complete_before, visits_in_detail

_REPETITION = "trùng với tin "


@dataclass(frozen=True)
class Explanation:
    """All that is known of one unit's number for one month.

    Attributes:
        nights: the visits since the window's first day, until the proof or until today; oldest first.
        decisive: the visit that the verdict rests on: the proof, else the one that says why there is none.
        good: the last complete visit before the decisive one, or that one itself where it is complete.
        missing: listings with posts on the last complete visit before the decisive one that it did not show again.
        not_counted: the posts of the window that do not count, by reason in the clerk's words.
        answers: how many requests of the decisive visit had which answer ("200", "404", "fault"); empty where no
            evidence tells. evidence: the evidence file's place in the data folder.
    """

    figures: MonthFigures
    unit: UnitFigures
    zone: ZoneInfo
    nights: tuple[VisitDetail, ...]
    decisive: VisitDetail | None
    good: VisitDetail | None
    missing: tuple[ListingRead, ...]
    not_counted: tuple[tuple[str, int], ...]
    answers: tuple[tuple[str, int], ...] = ()
    evidence: str | None = None


def explain(
    session: Session, jurisdiction: Jurisdiction, figures: MonthFigures, unit: UnitFigures, *, today: date
) -> Explanation:
    """Gathers what stands behind a unit's line of the month.

    Args:
        session: of `Database.session`.
        jurisdiction: its time zone is that of the days.
        figures: the month as it is printed; `unit` is of it.
        unit: whose number.
        today: the day in the jurisdiction's time zone.
    """
    zone = jurisdiction.timezone
    since = datetime.combine(figures.window.first, time(), zone)
    visits = visits_in_detail(session, unit.key, since)
    decisive = _decisive(unit, visits)
    nights = [visit for visit in visits if visit.started.astimezone(zone).date() <= today]
    if unit.proof and decisive:
        nights = [visit for visit in nights if visit.started <= decisive.started]
    before = last_complete_before(session, unit.key, decisive.started) if decisive else None
    known = {each.key for each in jurisdiction.units}
    items = (
        printed_items(session, jurisdiction, figures.month, unit=unit.key, everything=True, today=today)
        if unit.key in known or figures.closed
        else ()
    )
    reasons = Counter(_reason(item.reason_label or "") for item in items if not item.counted)
    return Explanation(
        figures=figures,
        unit=unit,
        zone=zone,
        nights=tuple(nights),
        decisive=decisive,
        good=decisive if decisive and decisive.outcome == "complete" else before,
        missing=_missing(before, decisive),
        not_counted=tuple(reasons.most_common()),
    )


def _decisive(unit: UnitFigures, visits: Sequence[VisitDetail]) -> VisitDetail | None:
    speaking = {cited.started for cited in unit.cited if {Role.PROOF, Role.OBSTACLE} & set(cited.roles)}
    found = [visit for visit in visits if visit.started in speaking]
    return found[-1] if found else None


def _missing(before: VisitDetail | None, decisive: VisitDetail | None) -> tuple[ListingRead, ...]:
    """The listings that had posts before, and were not read, or showed none."""
    if before is None or decisive is None:
        return ()
    read = {each.listing for each in decisive.listings if each.rows}
    return tuple(each for each in before.listings if each.rows and each.listing not in read)


def _reason(label: str) -> str:
    return f"{_REPETITION}khác" if label.startswith(_REPETITION) else label
