"""The month computed from the store: nothing here is stored, the same database gives the same figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from auditor.audit.backdating import with_backdating
from auditor.audit.checks import checks
from auditor.audit.compliance import Compliance
from auditor.audit.counting import NIGHT, Post, dated_by_sight, recognise
from auditor.audit.month import CategoryFigure, CountedItem, GroupFigures, MonthFigures, Tally, UnitFigures
from auditor.audit.verdicts import Reading, Vantage
from auditor.categories import Category
from auditor.outcomes import Verdict
from auditor.portals import Group, Jurisdiction, Unit
from auditor.store.queries import Visit, items_of_days, latest_sections, visits_since
from auditor.window import Month, Window

_DAY = timedelta(days=1)


def month_figures(session: Session, jurisdiction: Jurisdiction, month: Month, *, today: date) -> MonthFigures:
    """One month's figures: the window, the one before to compare with, totals, verdicts, and their checks.

    Args:
        session: of `Database.session`.
        jurisdiction: names the units and the cut-off.
        month: the report's month.
        today: the day in the jurisdiction's time zone; a window ends after its last day.
    """
    window, previous = month.window(jurisdiction.cutoff_day), month.preceding().window(jurisdiction.cutoff_day)
    desk = _Desk.load(session, jurisdiction, (previous, window), today)
    law = Compliance.load(session, month, window, today)
    units = tuple(
        law.judged(unit, desk.figures(unit, window, previous), desk.reading(unit, window))
        for unit in jurisdiction.units_valid_in(window)
    )
    gone = [unit for unit in jurisdiction.units_valid_in(previous) if not unit.valid_in(window)]
    groups = _groups(units, {jurisdiction.group_of(unit) for unit in gone})
    figures = MonthFigures(
        month=month,
        window=window,
        previous_window=previous,
        jurisdiction=jurisdiction.name,
        office=jurisdiction.office,
        labels=jurisdiction.labels,
        total=_sum([group.tally for group in groups], like_for_like=not gone),
        groups=groups,
        units=units,
        checks=(),
        corrected=tuple(desk.corrected(window)),
    )
    return replace(figures, checks=checks(figures))


def month_items(
    session: Session,
    jurisdiction: Jurisdiction,
    month: Month,
    *,
    unit: str | None = None,
    everything: bool = False,
    today: date,
) -> tuple[CountedItem, ...]:
    """The month's counted items, by day of publication and address.

    Args:
        session: of `Database.session`.
        jurisdiction: names the units and the cut-off.
        month: the report's month.
        unit: only this unit's.
        everything: adds what concerns the month and is not counted, each with its reason; undated items at the end.
        today: the day in the jurisdiction's time zone.

    Raises:
        InputError: there is no such unit.
    """
    window = month.window(jurisdiction.cutoff_day)
    desk = _Desk.load(session, jurisdiction, (window,), today, unit)
    units = jurisdiction.units_valid_in(window) if unit is None else (jurisdiction.unit(unit),)
    readings = [desk.reading(one, window) for one in units if one.valid_in(window)]
    posts = [post for reading in readings for post in (reading.posts if everything else reading.counted())]
    records = [post.record() for post in posts]
    return tuple(sorted(records, key=lambda item: (item.published or "9999", item.url, item.unit)))


@dataclass(frozen=True)
class _Desk:
    """What the store knows of some windows, per unit."""

    jurisdiction: Jurisdiction
    today: date
    posts: Mapping[str, Sequence[Post]]
    visits: Mapping[str, Sequence[Visit]]
    sections: Mapping[str, Mapping[Category, str]]

    @classmethod
    def load(
        cls,
        session: Session,
        jurisdiction: Jurisdiction,
        windows: Sequence[Window],
        today: date,
        unit: str | None = None,
    ) -> _Desk:
        """Reads what concerns the windows, given in order; a day more at each end, for posts entered twice."""
        first, last = windows[0].first, windows[-1].last
        since = datetime.combine(first, time(), jurisdiction.timezone)
        items = items_of_days(session, first - _DAY, last + _DAY, undated_since=since, unit=unit)
        visits = visits_since(session, since - NIGHT)
        zone = jurisdiction.timezone
        posts = {
            key: recognise(dated_by_sight(item, visits.get(key, ()), zone) for item in found)
            for key, found in items.items()
        }
        return cls(
            jurisdiction,
            today,
            posts=with_backdating(session, posts, visits, zone),
            visits=visits,
            sections=latest_sections(session),
        )

    def reading(self, unit: Unit, window: Window) -> Reading:
        """What is known of the unit for the window."""
        vantage = Vantage(window, self.today, self.jurisdiction.timezone)
        return Reading.of(vantage, self.posts.get(unit.key, ()), self.visits.get(unit.key, ()))

    def corrected(self, window: Window) -> Iterator[CountedItem]:
        """The posts of the window that people decided upon."""
        for unit in self.jurisdiction.units_valid_in(window):
            posts = (post for post in self.reading(unit, window).posts if post.item.correction)
            yield from (post.record() for post in posts)

    def figures(self, unit: Unit, window: Window, previous: Window) -> UnitFigures:
        """The unit's line of the report."""
        now = self.reading(unit, window)
        before = self.reading(unit, previous) if unit.valid_in(previous) else None
        verdict = now.verdict()
        unseen = verdict is Verdict.NOT_OBSERVABLE
        outcome, cause, detail = now.obstacle() if unseen else (None, None, "")
        return UnitFigures(
            key=unit.key,
            name=unit.name,
            short_name=unit.short_name or unit.name,
            level=unit.level,
            group=self.jurisdiction.group_of(unit),
            url=unit.url,
            tally=_tally(now, before),
            verdict=verdict,
            outcome=outcome,
            cause=cause,
            detail=detail,
            categories={one: CategoryFigure(_tally(now, before, one), now.verdict(one)) for one in Category},
            sections=self.sections.get(unit.key, {}),
            items=tuple(post.record() for post in now.counted()),
            nights=now.nights(),
            proof=now.proof.started if now.proof else None,
            cited=now.cited(),
        )


def _tally(now: Reading, before: Reading | None, category: Category | None = None) -> Tally:
    """A unit's count against the window before; comparable only where both were seen whole."""
    return Tally(
        count=len(now.counted(category)),
        previous=before.known_count(category) if before else None,
        comparable=before is not None and now.is_whole(category) and before.is_whole(category),
    )


def _groups(units: Sequence[UnitFigures], changed: set[Group]) -> tuple[GroupFigures, ...]:
    """The groups that have units, in the order of the report; `changed`: those that lost a unit since last month."""
    members = {group: [unit for unit in units if unit.group is group] for group in Group}
    return tuple(
        GroupFigures(
            key=group,
            tally=_sum([unit.tally for unit in of_group], like_for_like=group not in changed),
            units=len(of_group),
            published=sum(unit.verdict is Verdict.PUBLISHED for unit in of_group),
        )
        for group, of_group in members.items()
        if of_group
    )


def _sum(tallies: Sequence[Tally], *, like_for_like: bool) -> Tally:
    """The parts' counts, and the previous ones as far as they are known."""
    known = [tally.previous for tally in tallies if tally.previous is not None]
    return Tally(
        count=sum(tally.count for tally in tallies),
        previous=sum(known) if known else None,
        comparable=like_for_like and all(tally.comparable for tally in tallies),
    )
