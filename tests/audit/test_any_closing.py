"""Whatever is seen, decided and closed: the closed month stays, and what was learnt since sums up to the difference."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from audit_world import DAK_MIL, NOI_VU, NOVEMBER, Audit, at, post, visit
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.audit.afterwards import Accepted
from auditor.audit.closing import Signing, close, printed_items, printed_month, restatement
from auditor.audit.month import MonthFigures
from auditor.categories import Category
from auditor.errors import InputError
from auditor.observation import Coverage, Observation, Placement
from auditor.outcomes import Cause, Outcome
from auditor.portals import Unit
from auditor.store.corrections import Decided, find_items, record
from auditor.store.database import Database

CLOSED = at("2019-11-20 09:00")
TODAY = date(2019, 12, 5)
UNITS = (NOI_VU, DAK_MIL)
TITLES = (
    "Lịch tiếp công dân tháng 11",
    "Thông báo kết luận tiếp công dân",
    "Báo cáo kết quả tiếp công dân",
    "Tập huấn nghiệp vụ",
)
DAYS = (None, "2019-10-18", "2019-10-19", "2019-11-05", "2019-11-05T08:30:00+07:00", "2019-11-18", "2019-11-19")

a_post = st.tuples(st.integers(1, 6), st.sampled_from(DAYS), st.sampled_from(TITLES), st.booleans())
a_visit = st.tuples(
    st.sampled_from(UNITS),
    st.lists(a_post, max_size=6, unique_by=lambda one: one[0]),
    st.sampled_from([Outcome.COMPLETE, Outcome.COMPLETE, Outcome.PARTIAL, Outcome.UNREACHABLE]),
)
a_wish = st.sampled_from(
    [
        {"sets_category": True, "category": None},
        {"sets_category": True, "category": Category.PETITIONS},
        {"published": "2019-11-21"},
        {"published": "2019-11-06"},
    ]
)
a_decision = st.tuples(st.sampled_from(UNITS), st.integers(1, 6), a_wish)
nights = st.lists(a_visit | a_decision, max_size=7)


def seen(unit: Unit, posts: list[Any], outcome: Outcome, started: datetime) -> Observation:
    listing = f"{unit.url}lich"
    items = []
    for number, day, title, twice in posts if outcome is not Outcome.UNREACHABLE else []:
        made = post(number, day, title, own_title=not twice)
        url = f"{unit.url}tin/{number:03d}"
        items.append(replace(made, url=url, placements=(Placement(url, listing, "Lịch"),)))
    return visit(
        f"{started:%Y-%m-%d %H:%M}",
        *items,
        unit=unit.key,
        first_day=date(2019, 9, 1),
        outcome=outcome,
        cause=None if outcome is Outcome.COMPLETE else Cause.TIMEOUT,
        listings=(Coverage(listing, "Lịch", pages=1, rows=len(items), complete=outcome is Outcome.COMPLETE),),
    )


def live(audit: Audit, events: list[Any], first: datetime) -> None:
    """One event a night: a visit, or a decision."""
    for nights_later, event in enumerate(events):
        night = first + timedelta(days=nights_later)
        match event:
            case unit, [*posts], Outcome() as outcome:
                audit.saw(seen(unit, posts, outcome, night))
            case unit, int() as number, wish:
                with suppress(InputError), audit.database.transaction() as session:  # it was not seen yet
                    [row] = find_items(session, [f"{unit.url}tin/{number:03d}"])
                    record(row, Decided("Trần Bình", "đã đọc", night, **wish))


def signed(audit: Audit) -> MonthFigures:
    with audit.database.transaction() as session:
        open_ = printed_month(session, audit.jurisdiction, NOVEMBER, today=CLOSED.date())
        accepted = tuple(Accepted(unit.key, "cổng ngừng") for unit in open_.units if not unit.seen_whole)
        return close(
            session, audit.jurisdiction, NOVEMBER, Signing("Lê An", CLOSED, "1.0", accepted), today=CLOSED.date()
        )


@settings(max_examples=20)
@given(nights, nights)
def test_the_closed_month_stays_and_the_restatement_sums_up(before: list[Any], after: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder, Database.open(f"sqlite:///{Path(folder) / 'a.db'}") as database:
        audit = Audit(database)
        live(audit, before, at("2019-11-12 02:00"))
        closed = signed(audit)
        with database.session() as session:
            items = printed_items(session, audit.jurisdiction, NOVEMBER, everything=True, today=TODAY)
        live(audit, after, at("2019-11-21 02:00"))
        with database.session() as session:
            assert printed_month(session, audit.jurisdiction, NOVEMBER, today=TODAY) == closed
            assert printed_items(session, audit.jurisdiction, NOVEMBER, everything=True, today=TODAY) == items
            found = restatement(session, audit.jurisdiction, NOVEMBER, today=TODAY)
            december = printed_month(session, audit.jurisdiction, NOVEMBER.following(), today=TODAY)
        today = audit.figures(today=TODAY)
        assert found.counted + found.effect == today.total.count
        for unit, now in zip(closed.units, today.units, strict=True):
            learnt = [one for one in found.later if one.unit == unit.key]
            assert unit.tally.count + sum(one.effect for one in learnt) == now.tally.count
            assert len({(one.kind, one.url) for one in learnt}) == len(learnt)
            assert any(one.kind == "verdict" for one in learnt) == (unit.verdict is not now.verdict)
        assert december.total.previous == closed.known()
