"""The month as one object: everything a report prints, computed once, read by every format.

No format computes a number of its own; so no two of them can disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from auditor.audit.afterwards import Closed, PastMonth, Restatement, UnitChange
from auditor.audit.law.finding import UNKNOWN_STANDING, Finding, Standing
from auditor.categories import Category
from auditor.observation import Attachment
from auditor.outcomes import Cause, Outcome, Verdict
from auditor.portals import DEFAULT_ZONE, Group, Level
from auditor.style import Style
from auditor.window import Month, Window


@dataclass(frozen=True)
class Tally:
    """A count and its change against the window before.

    Attributes:
        count: counted items of the window.
        previous: those of the window before; None where nothing is known of it.
        comparable: False where a unit could not be fully observed in either window, so that the change may be due to
            what was not seen.
    """

    count: int
    previous: int | None = None
    comparable: bool = True

    @property
    def change(self) -> int | None:
        """Count less previous; None without a previous."""
        return None if self.previous is None else self.count - self.previous


@dataclass(frozen=True)
class EditionFacts:
    """One text of an item's page: what it printed, and between which visits (ISO instants, UTC) it was put up.

    Attributes:
        after: the last visit that found another text before it; None for the first text known.
        first_seen: the first visit that found it.
    """

    title: str
    published: str | None
    modified: str | None
    after: str | None
    first_seen: str


@dataclass(frozen=True)
class CorrectionFacts:
    """What a person decided of an item; the item's own fields hold it already.

    Attributes:
        made: ISO instant, UTC. category: a key, or "none" for none of the five; None where it was left as it was.
        published: ISO; None where it was left as it was. accepted: the program's decision was looked at and let stand.
        machine_category: a key, or "none": what the program held then.
    """

    by: str
    made: str
    reason: str
    category: str | None
    published: str | None
    accepted: bool
    machine_category: str

    @property
    def changed(self) -> bool:
        """Whether the person decided otherwise than the program."""
        return self.published is not None or self.category not in (None, self.machine_category)


@dataclass(frozen=True)
class Backdated:
    """An item that was not where its printed date says it should have been; it counts all the same.

    A date may lie before the post for honest reasons (written first, approved later; moved from another section), so
    this is two proofs side by side, never a judgement.

    Attributes:
        printed: ISO day the post shows.
        absent: ISO instant (UTC) of the last complete visit after that day which had not found it.
        listing: the listing of the post, which that visit read down past the day.
        seen: ISO instant (UTC) of the visit that saw it first.
        note: the same in the clerk's words.
    """

    printed: str
    absent: str
    listing: str
    seen: str
    note: str


@dataclass(frozen=True)
class Removed:
    """An item that is proven to be gone from the portal; it counts for the month it was published in all the same.

    Attributes:
        last_seen: ISO instant (UTC) of the last visit that saw it.
        absent: ISO instants of the complete visits that should have shown it and did not, oldest first.
        checked: ISO instant of the visit that asked for its own address.
        url: that address; status: what was answered (200 for a page that says that there is none).
        note: the same in the clerk's words.
    """

    last_seen: str
    absent: tuple[str, ...]
    checked: str
    url: str
    status: int
    note: str


class Role(StrEnum):
    """What a visit has to say in a verdict."""

    PROOF = "proof"
    SAW = "saw"
    OBSTACLE = "obstacle"
    LAST_COMPLETE = "last_complete"


@dataclass(frozen=True)
class Citation:
    """A visit that a verdict rests on; a unit's visits are named by when they began.

    Attributes:
        started: UTC. first_day: it set out to read down to this day.
        roles: it proves what was not there; it was the first to see a counted item; it is why more cannot be said;
            it is the last complete one, where none is a proof.
    """

    started: datetime
    outcome: Outcome
    cause: Cause | None
    first_day: date
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Night:
    """A night in which a unit was visited: complete if one of the visits was, else the best of them."""

    day: date
    outcome: Outcome


@dataclass(frozen=True)
class CountedItem:
    """One item as the report and `auditor items` print it; see the contract's items JSON.

    Attributes:
        published: ISO day or date-time with offset, as the page shows it; None where it shows none.
        category: None for what is in none of the five.
        why: the reasons of the classification, each with the place and the text it matched.
        counted: whether it adds to the window's count; reason: why not, where it does not; reason_label: the same in
            the clerk's words.
        first_seen: ISO instant, UTC.
        document_date: ISO day of the document it reproduces, which is not when it was published.
        editions: where its page was overwritten in place, the texts it had, oldest first; empty for all others.
        id: names the item in commands; eight hexadecimal digits. correction: what a person decided of it.
        backdated, removed: findings about it, each with its proofs; None where there is nothing to tell.
        evidence: the file, in the data folder, with the answers of the visit that saw it first; `auditor evidence ID`
            opens it. "" where that visit is not known any more.
    """

    unit: str
    url: str
    title: str
    published: str | None
    published_from: str | None
    category: Category | None
    confidence: float
    why: tuple[str, ...]
    counted: bool
    reason: str | None
    commune: str | None
    first_seen: str
    also_at: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    reason_label: str | None = None
    editions: tuple[EditionFacts, ...] = ()
    document_date: str | None = None
    id: str = ""
    correction: CorrectionFacts | None = None
    backdated: Backdated | None = None
    removed: Removed | None = None
    evidence: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of it, in the clerk's words."""
        return tuple(finding.note for finding in (self.backdated, self.removed) if finding)


@dataclass(frozen=True)
class CategoryFigure:
    """A unit's count in one category, what may be said of it; and apart from that, whether it is present, in force."""

    tally: Tally
    verdict: Verdict
    standing: Standing = UNKNOWN_STANDING

    @property
    def known(self) -> int | None:
        """The count; None where nothing may be said."""
        return None if self.verdict is Verdict.NOT_OBSERVABLE else self.tally.count


@dataclass(frozen=True)
class UnitFigures:
    """What a window says of one unit.

    Attributes:
        verdict: published, not published, or not observable; outcome, cause, detail: filled for the last.
        categories: all five, in order. sections: the listing found per category (the five a unit must have).
        items: the counted ones, oldest first.
        nights: those from the window's first day until the proof, without one until today: (fully observed, tried).
            Several visits in one night are one; it is observed if one of them was complete.
        cited: the visits that the verdicts rest on, oldest first.
        calendar: the nights that `nights` counts, oldest first.
        proof: start (UTC) of the complete visit that stands behind the figures; None: the count is what was seen, and
            there may be more.
        findings: what the law and the office's guidance ask for, against what was seen; never part of the count.
        partial: it was there only for a part of this window or of the one before: the two are not compared.
        ended: the last day of a unit that ends with this window or within it; None for one that goes on.
    """

    key: str
    name: str
    short_name: str
    level: Level
    group: Group
    url: str
    tally: Tally
    verdict: Verdict
    outcome: Outcome | None
    cause: Cause | None
    detail: str
    categories: Mapping[Category, CategoryFigure]
    sections: Mapping[Category, str]
    items: tuple[CountedItem, ...]
    nights: tuple[int, int]
    proof: datetime | None = None
    findings: tuple[Finding, ...] = ()
    cited: tuple[Citation, ...] = ()
    calendar: tuple[Night, ...] = ()
    ended: date | None = None
    partial: bool = False

    @property
    def known(self) -> int | None:
        """The count; None where nothing may be said."""
        return None if self.verdict is Verdict.NOT_OBSERVABLE else self.tally.count

    @property
    def seen_whole(self) -> bool:
        """Whether a complete visit after the window's end stands behind every figure: nothing can be missing."""
        seen = all(figure.verdict is not Verdict.NOT_OBSERVABLE for figure in self.categories.values())
        return self.proof is not None and seen

    @property
    def has_all_sections(self) -> bool:
        """Whether the unit has created the five sections."""
        return len(self.sections) == len(Category)


def known_sum(counts: Iterable[int | None]) -> int | None:
    """The known ones together; None where none is known."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


@dataclass(frozen=True)
class GroupFigures:
    """The totals of a group of levels."""

    key: Group
    tally: Tally
    units: int
    published: int


@dataclass(frozen=True)
class Check:
    """One comparison of printed figures with their parts."""

    check: str
    ok: bool
    detail: str = ""


@dataclass(frozen=True)
class MonthFigures:
    """One month of one jurisdiction.

    Attributes:
        jurisdiction, office: names, as in portals.yaml ("tỉnh Đắk Nông", "Văn phòng UBND tỉnh Đắk Nông").
        labels: the categories' names. groups: only those that have units, in order.
        units: in the order of portals.yaml.
        corrected: the window's items that people decided upon, and those without a date; counted or not.
        closed: how it was closed; None while its figures may still change.
        restated: what was learnt of closed months before it, and not told in a report before.
        unit_changes: the units that came or went since the window before, in the order of the file.
        regular: False where the window and the one before have no cut-off day in common, because it was changed after a
            month was closed: the two are not of like length.
        as_of: the day of the figures, while the window is open; None once it has ended.
        style: how its report is worded. timezone: of the times in it that people read.
        past: the eleven months before, oldest first, with what is known of them.
        received: keys of the units that sent the office their own report of the month, as far as was noted.
        previous_from: where the figures to compare with come from: "closed", "history" or "store" (computed anew).
    """

    month: Month
    window: Window
    previous_window: Window
    jurisdiction: str
    office: str
    labels: Mapping[Category, str]
    total: Tally
    groups: tuple[GroupFigures, ...]
    units: tuple[UnitFigures, ...]
    checks: tuple[Check, ...]
    corrected: tuple[CountedItem, ...] = ()
    closed: Closed | None = None
    restated: tuple[Restatement, ...] = ()
    unit_changes: tuple[UnitChange, ...] = ()
    previous_from: str = "store"
    received: tuple[str, ...] = ()
    past: tuple[PastMonth, ...] = ()
    style: Style = field(default_factory=Style)
    as_of: date | None = None
    regular: bool = True
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo(DEFAULT_ZONE))

    def known(self, group: Group | None = None) -> int | None:
        """The count of a group, or of all; None where nothing may be said of any of its units."""
        return known_sum(unit.known for unit in self.units if group in (None, unit.group))

    def with_verdict(self, verdict: Verdict) -> tuple[UnitFigures, ...]:
        """The units of which this verdict is said, in the order of the file."""
        return tuple(unit for unit in self.units if unit.verdict == verdict)

    def local(self, instant: datetime) -> datetime:
        """An aware instant as the clocks of the province showed it: what people read."""
        return instant.astimezone(self.timezone)
