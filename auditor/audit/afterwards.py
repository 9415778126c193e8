"""What a month carries beside its figures: its closing, what was learnt after it, and which units came and went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from auditor.portals import Group
from auditor.window import Month


@dataclass(frozen=True)
class Accepted:
    """A unit that was not seen in full when the month was closed, and why the month was closed all the same."""

    unit: str
    reason: str


@dataclass(frozen=True)
class Closed:
    """How a month was closed; from then on it prints the same.

    Attributes:
        made: UTC. version: of the program that computed it.
        digest: SHA-256 of all that was frozen, hexadecimal.
        text: the report's lines as they were signed, each with the mark of its kind; empty for a month closed without.
    """

    made: datetime
    by: str
    version: str
    accepted: tuple[Accepted, ...] = ()
    digest: str = ""
    text: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PastMonth:
    """What is known of a month before, for a picture of the months.

    Attributes:
        source: "closed", "history", "store" (the month just before, as the report compares with it) or "unknown".
        count: of all units; None where nothing is known.
        groups, units: the same by group and by unit, as far as known; a unit that could not be observed is left out.
    """

    month: Month
    source: str
    count: int | None = None
    groups: Mapping[Group, int] = field(default_factory=dict)
    units: Mapping[str, int] = field(default_factory=dict)


class LaterKind(StrEnum):
    """What was learnt of a closed month's item, or of a unit, after the closing.

    Removed is proven; missed is what the last complete visit did not find where it should stand. Withdrawn is what a
    report told and what does not hold any more.
    """

    LATE = "late"
    BACK_DATED = "back_dated"
    REMOVED = "removed"
    MISSED = "missed"
    CORRECTED = "corrected"
    RECLASSIFIED = "reclassified"
    CHANGED = "changed"
    VERDICT = "verdict"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The kind in the clerk's words."""
        return _LABELS[self]


_LABELS = {
    LaterKind.LATE: "phát hiện sau khi chốt số liệu",
    LaterKind.BACK_DATED: "đăng sau khi chốt số liệu, ghi lùi ngày",
    LaterKind.REMOVED: "đã gỡ khỏi trang",
    LaterKind.MISSED: "không còn thấy trong chuyên mục",
    LaterKind.CORRECTED: "cán bộ điều chỉnh",
    LaterKind.RECLASSIFIED: "chương trình phân loại lại",
    LaterKind.CHANGED: "trang đã thay đổi",
    LaterKind.VERDICT: "kết luận về đơn vị thay đổi",
    LaterKind.WITHDRAWN: "nội dung đã bổ sung không còn đúng",
}


@dataclass(frozen=True)
class Later:
    """One thing learnt of a closed month.

    Attributes:
        item, url, title: of the post; empty where it is about the unit as a whole.
        before, now: what was held at the closing, and what is held now, in the clerk's words.
        effect: what it would add to the month's count: 1, 0 or -1.
    """

    kind: LaterKind
    unit: str
    unit_name: str
    before: str
    now: str
    effect: int = 0
    item: str = ""
    url: str = ""
    title: str = ""

    @property
    def same(self) -> tuple[str, ...]:
        """Tells whether it has been told before."""
        now = "" if self.kind is LaterKind.MISSED else self.now  # which names the last visit
        return self.kind, self.unit, self.item, now


@dataclass(frozen=True)
class Restatement:
    """What was learnt of a month after it was closed.

    Attributes:
        counted: the closed count, which stays. later: what was learnt, by unit in the order of the month.
        not_compared: keys of units that portals.yaml no longer has in this month.
    """

    month: Month
    counted: int
    later: tuple[Later, ...]
    not_compared: tuple[str, ...] = ()

    @property
    def effect(self) -> int:
        """What would be added to the closed count."""
        return sum(one.effect for one in self.later)


class Change(StrEnum):
    """How the list of units differs from the month before's.

    Moved into another group of levels, left out of portals.yaml: against the list a closed month was signed with.
    """

    ADDED = "added"
    RENAMED = "renamed"
    MERGED = "merged"
    SPLIT = "split"
    ABOLISHED = "abolished"
    MOVED = "moved"
    LEFT_OUT = "left_out"

    @property
    def label(self) -> str:
        """The change in the clerk's words."""
        return _CHANGES[self]


_CHANGES = {
    Change.ADDED: "mới theo dõi",
    Change.RENAMED: "đổi tên",
    Change.MERGED: "sáp nhập",
    Change.SPLIT: "chia tách",
    Change.ABOLISHED: "kết thúc hoạt động",
    Change.MOVED: "chuyển sang nhóm khác",
    Change.LEFT_OUT: "không còn trong danh sách theo dõi",
}


@dataclass(frozen=True)
class UnitChange:
    """A unit that came or went between two windows.

    Attributes:
        day: first day (added) or last day (all others) of the unit; None where portals.yaml does not say.
        successors: names of the units that took its place.
        groups: whose lists differ by it.
    """

    change: Change
    unit: str
    name: str
    day: date | None = None
    successors: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()

    def concerns(self, group: Group) -> bool:
        """Whether a group's list differs by it; true of every group in a month closed before this was noted."""
        return not self.groups or group in self.groups
