"""The month computed from the store: nothing here is stored, the same database gives the same figures.

Whoever prints a month asks `auditor.audit.closing`, which knows whether it is closed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from auditor.audit.backdating import with_backdating
from auditor.audit.checks import checks
from auditor.audit.compliance import Compliance
from auditor.audit.counting import NIGHT, Post, dated_by_sight, recognise
from auditor.audit.earlier import Earlier, Known, earlier_figures
from auditor.audit.month import CategoryFigure, CountedItem, GroupFigures, MonthFigures, Tally, UnitFigures
from auditor.audit.removal import with_removals
from auditor.audit.units import Succession
from auditor.audit.verdicts import Reading, Vantage
from auditor.audit.windows import window_of
from auditor.categories import Category
from auditor.observation import evidence_name
from auditor.outcomes import Verdict
from auditor.portals import Group, Jurisdiction, Unit
from auditor.store.queries import Visit, items_of_days, latest_sections, visits_since
from auditor.store.received import received_of
from auditor.window import CUTOFF_DAYS, Month, Window

_DAY = timedelta(days=1)


def month_figures(session: Session, jurisdiction: Jurisdiction, month: Month, *, today: date) -> MonthFigures:
    """One month's figures: the window, the one before to compare with, totals, verdicts, and their checks.

    Args:
        session: of `Database.session`.
        jurisdiction: names the units and the cut-off.
        month: the report's month.
        today: the day in the jurisdiction's time zone; a window ends after its last day.
    """
    window, previous = (window_of(session, jurisdiction, one) for one in (month, month.preceding()))
    earlier = earlier_figures(session, month.preceding())
    desk = _Desk.load(session, jurisdiction, (previous, window), today)
    law = Compliance.load(session, month, window, today)
    succession = Succession(jurisdiction, previous, window, earlier.units_listed)
    regular = any(
        (window, previous) == (month.window(cutoff), month.preceding().window(cutoff)) for cutoff in CUTOFF_DAYS
    )
    before = _Before(desk, previous, earlier, succession, regular)
    units = tuple(
        law.judged(unit, desk.figures(unit, window, before), desk.reading(unit, window))
        for unit in jurisdiction.units_valid_in(window)
    )
    groups = _groups(units, before)
    figures = MonthFigures(
        month=month,
        window=window,
        previous_window=previous,
        jurisdiction=jurisdiction.name,
        office=jurisdiction.office,
        labels=jurisdiction.labels,
        total=_sum(groups, before.total(), like_for_like=before.is_like()),
        groups=groups,
        units=units,
        checks=(),
        corrected=tuple(desk.corrected(window)),
        unit_changes=succession.changes(),
        regular=regular,
        previous_from=earlier.source,
        style=jurisdiction.style,
        timezone=jurisdiction.timezone,
        as_of=today if today <= window.last else None,
        received=_senders(session, month, units),
    )
    return replace(figures, checks=checks(figures))


def _senders(session: Session, month: Month, units: Sequence[UnitFigures]) -> tuple[str, ...]:
    sent = received_of(session, str(month))
    return tuple(unit.key for unit in units if unit.key in sent)


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
    window = window_of(session, jurisdiction, month)
    desk = _Desk.load(session, jurisdiction, (window,), today, unit)
    units = jurisdiction.units_valid_in(window) if unit is None else (jurisdiction.unit(unit),)
    readings = [desk.reading(one, window) for one in units if one.valid_in(window)]
    posts = [post for reading in readings for post in (reading.posts if everything else reading.counted())]
    records = [post.record() for post in posts]
    return tuple(sorted(records, key=lambda item: (item.published or "9999", item.url, item.unit)))


def readings(session: Session, jurisdiction: Jurisdiction, window: Window, *, today: date) -> dict[str, Reading]:
    """What is known of each unit of a window, by key."""
    desk = _Desk.load(session, jurisdiction, (window,), today)
    return {unit.key: desk.reading(unit, window) for unit in jurisdiction.units_valid_in(window)}


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
        zone = jurisdiction.timezone
        visits = visits_since(session, since - NIGHT, datetime.combine(today + _DAY, time(), zone))
        posts = {
            key: recognise(dated_by_sight(item, visits.get(key, ()), zone) for item in found)
            for key, found in items.items()
        }
        return cls(
            jurisdiction,
            today,
            posts=_with_evidence(
                with_removals(session, with_backdating(session, posts, visits, zone), visits, zone), visits
            ),
            visits=visits,
            sections=latest_sections(session),
        )

    def reading(self, unit: Unit, window: Window) -> Reading:
        """What is known of the unit for the window."""
        vantage = Vantage(window, self.today, self.jurisdiction.timezone, unit.valid_from, unit.valid_to)
        return Reading.of(vantage, self.posts.get(unit.key, ()), self.visits.get(unit.key, ()))

    def corrected(self, window: Window) -> Iterator[CountedItem]:
        """The posts of the window that people decided upon."""
        for unit in self.jurisdiction.units_valid_in(window):
            posts = (post for post in self.reading(unit, window).posts if post.item.correction)
            yield from (post.record() for post in posts)

    def figures(self, unit: Unit, window: Window, before: _Before) -> UnitFigures:
        """The unit's line of the report."""
        now = self.reading(unit, window)
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
            tally=_tally(now, before.known(unit)),
            verdict=verdict,
            outcome=outcome,
            cause=cause,
            detail=detail,
            categories={
                one: CategoryFigure(_tally(now, before.known(unit, one), one), now.verdict(one)) for one in Category
            },
            sections=self.sections.get(unit.key, {}),
            items=tuple(post.record() for post in now.counted()),
            nights=now.nights(),
            proof=now.proof.started if now.proof else None,
            cited=now.cited(),
            calendar=now.calendar(),
            partial=before.succession.is_partial(unit),
            ended=unit.valid_to if unit.valid_to and unit.valid_to <= window.last else None,
        )


def _with_evidence(
    posts: Mapping[str, Sequence[Post]], visits: Mapping[str, Sequence[Visit]]
) -> Mapping[str, Sequence[Post]]:
    """The posts per unit, each with the place of the answers that showed it first."""
    places = {
        (unit, visit.started): evidence_name(visit.source, unit)
        for unit, found in visits.items()
        for visit in found
        if visit.source
    }
    return {
        unit: tuple(replace(post, evidence=places.get((unit, post.item.first_seen), "")) for post in found)
        for unit, found in posts.items()
    }


@dataclass(frozen=True)
class _Before:
    """What is known of the window before: of a unit and those it took the place of, of a group, of all.

    Attributes:
        regular: as `MonthFigures.regular`.
    """

    desk: _Desk
    window: Window
    earlier: Earlier
    succession: Succession
    regular: bool

    def is_like(self, group: Group | None = None) -> bool:
        """Whether the same bodies were counted, for as long."""
        return self.regular and self.succession.like_for_like(group)

    def known(self, unit: Unit, category: Category | None = None) -> Known | None:
        """The unit's count of the window before, with that of the units it alone succeeds; None: it is new."""
        parts = [self._own(one, category) for one in self.succession.ancestry(unit)]
        if not parts:
            return None
        found = Known.sum(parts)
        return replace(found, whole=found.whole and self.regular and not self.succession.is_partial(unit))

    def group(self, group: Group) -> Known:
        """The group's count of the window before, as it was printed where that is known."""
        printed = self.earlier.group(group)
        if printed is not None:
            return printed
        units = self.desk.jurisdiction.units_valid_in(self.window)
        return Known.sum([self._own(unit) for unit in units if self.desk.jurisdiction.group_of(unit) is group])

    def total(self) -> Known:
        """The count of all units of the window before, as it was printed where that is known."""
        groups = self.desk.jurisdiction.groups_in(self.window)
        return self.earlier.total(groups) or Known.all([self.group(group) for group in groups])

    def _own(self, unit: Unit, category: Category | None = None) -> Known:
        printed = self.earlier.unit(unit.key, category)
        if printed is not None:
            return printed
        reading = self.desk.reading(unit, self.window)
        return Known(reading.known_count(category), whole=reading.is_whole(category))


def _tally(now: Reading, before: Known | None, category: Category | None = None) -> Tally:
    """A unit's count against the window before; comparable only where both were seen whole."""
    return Tally(
        count=len(now.counted(category)),
        previous=before.count if before else None,
        comparable=before is not None and now.is_over and now.is_whole(category) and before.whole,
    )


def _groups(units: Sequence[UnitFigures], before: _Before) -> tuple[GroupFigures, ...]:
    """The groups that have units, in the order of the report."""
    members = {group: [unit for unit in units if unit.group is group] for group in Group}
    return tuple(
        GroupFigures(
            key=group,
            tally=_sum(of_group, before.group(group), like_for_like=before.is_like(group)),
            units=len(of_group),
            published=sum(unit.verdict is Verdict.PUBLISHED for unit in of_group),
        )
        for group, of_group in members.items()
        if of_group
    )


def _sum(parts: Sequence[UnitFigures | GroupFigures], before: Known, *, like_for_like: bool) -> Tally:
    """The parts' counts against those of the window before; of that, as far as it is known."""
    return Tally(
        count=sum(part.tally.count for part in parts),
        previous=before.count,
        comparable=like_for_like and before.whole and all(part.tally.comparable for part in parts),
    )
