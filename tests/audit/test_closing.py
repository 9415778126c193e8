"""A closed month stays as it was; what is learnt afterwards is listed, and sums up to the difference."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from audit_world import DAK_MIL, NOI_VU, NOVEMBER, SITE, Audit, at, post, province, visit
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from auditor.audit.afterwards import Accepted, Later, LaterKind, Restatement
from auditor.audit.closing import Signing, close, printed_items, printed_month, restatement
from auditor.audit.frozen import frozen_month
from auditor.audit.month import CountedItem, MonthFigures, Tally
from auditor.audit.plain import Plain, from_plain, to_plain
from auditor.audit.telling import effect_since
from auditor.categories import Category
from auditor.errors import InputError
from auditor.observation import Coverage, Placement
from auditor.outcomes import Cause, Outcome
from auditor.report import write_report
from auditor.report.narrative import narrative
from auditor.store.corrections import Decided, find_items, record
from auditor.window import Month

CLOSED_ON = at("2019-11-20 09:00")
LATER = date(2019, 12, 2)
EARLIER = date(2019, 8, 19)
LISTING = f"{SITE}/lich"
READ: dict[str, Any] = {
    "first_day": EARLIER,
    "listings": (Coverage(LISTING, "Lịch", pages=1, rows=3, complete=True),),
}


def sign(audit: Audit, month: Month = NOVEMBER, today: date = date(2019, 11, 20), **facts: Any) -> MonthFigures:
    signing = Signing("Lê An", CLOSED_ON, "1.0", **facts)
    with audit.database.transaction() as session:
        return close(session, audit.jurisdiction, month, signing, today=today)


def printed(audit: Audit, month: Month = NOVEMBER, today: date = LATER) -> MonthFigures:
    with audit.database.session() as session:
        return printed_month(session, audit.jurisdiction, month, today=today)


def learnt(audit: Audit, today: date = LATER) -> Restatement:
    with audit.database.session() as session:
        return restatement(session, audit.jurisdiction, NOVEMBER, today=today)


def files(figures: MonthFigures, folder: Path) -> Mapping[str, bytes]:
    return {file.name: file.read_bytes() for file in write_report(figures, folder)}


def decide(audit: Audit, number: int, **wish: Any) -> None:
    with audit.database.transaction() as session:
        [row] = find_items(session, [f"{SITE}/tin/{number:03d}"])
        record(row, Decided("Trần Bình", "đã đọc", at("2019-11-25 10:00"), **wish))


@pytest.fixture
def seen(audit: Audit) -> Audit:
    """One unit with four posts, read in full the night after the window's end."""
    audit.jurisdiction = province(NOI_VU)
    audit.saw(visit("2019-11-19 02:00", *(post(number) for number in (1, 2, 3, 4)), **READ))
    return audit


def test_a_closed_month_stays_byte_identical_and_the_restatement_names_each_change(seen: Audit, tmp_path: Path) -> None:
    closed = sign(seen)
    before = files(closed, tmp_path / "before")
    with seen.database.session() as session:
        items = printed_items(session, seen.jurisdiction, NOVEMBER, everything=True, today=LATER)
    decide(seen, 1, sets_category=True, category=None)
    decide(seen, 2, sets_category=True, category=Category.REPORTS)
    decide(seen, 3, published="2019-11-21")
    # Post 4 is gone, post 5 has come, with a day of the closed window.
    left = [post(number) for number in (1, 2, 3)]
    came = post(5)
    came = replace(came, placements=(Placement(came.url, LISTING, "Lịch"),))
    seen.saw(visit("2019-11-26 02:00", *left, came, **READ))
    assert files(printed(seen), tmp_path / "after") == before
    with seen.database.session() as session:
        assert printed_items(session, seen.jurisdiction, NOVEMBER, everything=True, today=LATER) == items
        assert len(printed_items(session, seen.jurisdiction, NOVEMBER, unit="so-noi-vu", today=LATER)) == 4
    found = learnt(seen)
    assert {(one.url[-3:], one.kind, one.effect) for one in found.later} == {
        ("001", LaterKind.CORRECTED, -1),
        ("002", LaterKind.CORRECTED, 0),
        ("003", LaterKind.CORRECTED, -1),
        ("004", LaterKind.MISSED, 0),
        ("005", LaterKind.BACK_DATED, 1),
    }
    assert (found.counted, found.effect) == (4, -1)
    assert seen.figures(today=LATER).total.count == 3


def test_the_next_report_tells_it_once_and_compares_with_the_closed_figure(seen: Audit) -> None:
    sign(seen)
    decide(seen, 1, sets_category=True, category=None)
    december = Month(2019, 12)
    seen.saw(visit("2019-12-19 02:00", *(post(number) for number in (1, 2, 3, 4)), first_day=EARLIER))
    open_one = printed(seen, december, date(2019, 12, 20))
    assert open_one.total.previous == 4
    assert open_one.previous_from == "closed"
    assert [(one.month, one.effect) for one in open_one.restated] == [(NOVEMBER, -1)]
    told = "\n".join(block.text for block in narrative(open_one))
    assert "Tháng 11/2019 (đã chốt 04 lượt): 01 nội dung, làm số lũy kế giảm 1 lượt:" in told
    assert " - cán bộ điều chỉnh (có tính → không thuộc năm mục tin)" in told
    sign(seen, december, date(2019, 12, 20))
    assert printed(seen, december.following(), date(2020, 1, 2)).restated == ()
    assert learnt(seen).effect == -1


def test_what_was_told_and_does_not_hold_any_more_is_taken_back_in_the_next_report(seen: Audit) -> None:
    sign(seen)
    december, january = Month(2019, 12), Month(2020, 1)
    seen.saw(visit("2019-12-19 02:00", *(post(number) for number in (1, 2, 3, 4, 5)), **READ))
    [told] = sign(seen, december, date(2019, 12, 20)).restated
    assert [(one.kind, one.effect) for one in told.later] == [(LaterKind.LATE, 1)]
    seen.saw(visit("2020-01-19 02:00", *(post(number) for number in (1, 2, 3, 4, 5)), **READ))
    decide(seen, 5, sets_category=True, category=None)
    assert learnt(seen, date(2020, 1, 20)).effect == 0
    report = printed(seen, january, date(2020, 1, 20))
    assert [(one.kind, one.effect) for before in report.restated for one in before.later] == [(LaterKind.WITHDRAWN, -1)]
    told = "\n".join(block.text for block in narrative(report))
    assert "nội dung đã bổ sung không còn đúng (phát hiện sau khi chốt số liệu: Lịch tiếp công dân" in told
    sign(seen, january, date(2020, 1, 20))
    assert printed(seen, january.following(), date(2020, 2, 20)).restated == ()


def test_what_a_later_month_s_report_has_told_is_not_told_by_one_closed_after_it(seen: Audit) -> None:
    sign(seen)
    seen.saw(visit("2020-01-19 02:00", *(post(number) for number in (1, 2, 3, 4, 5)), **READ))
    [told] = sign(seen, Month(2020, 1), date(2020, 1, 20)).restated
    assert [one.kind for one in told.later] == [LaterKind.LATE]
    assert printed(seen, Month(2019, 12), date(2020, 1, 20)).restated == ()


def test_what_reports_told_of_a_unit_holds_when_the_file_no_longer_has_it(seen: Audit) -> None:
    seen.jurisdiction = province(NOI_VU, DAK_MIL)
    seen.saw(visit("2019-11-19 03:00", unit="dak-mil", **READ))
    sign(seen)
    seen.saw(visit("2019-12-19 02:00", *(post(number) for number in (1, 2, 3, 4, 5)), **READ))
    seen.saw(visit("2019-12-19 02:00", unit="dak-mil", **READ))
    sign(seen, Month(2019, 12), date(2019, 12, 20))
    seen.jurisdiction = province(DAK_MIL)
    with seen.database.session() as session:
        frozen = frozen_month(session, NOVEMBER)
        assert frozen is not None
        assert effect_since(session, seen.jurisdiction, frozen, today=date(2019, 12, 21)) == 1
    assert learnt(seen, date(2019, 12, 21)).not_compared == ("so-noi-vu",)


def test_a_unit_dated_otherwise_after_the_closing_loses_no_post_of_the_closed_month(seen: Audit) -> None:
    sign(seen)
    ended = replace(seen.jurisdiction.units[0], valid_to=date(2019, 11, 1))
    seen.jurisdiction = province(ended, *seen.jurisdiction.units[1:])
    assert learnt(seen).later == ()


def test_a_post_no_longer_seen_is_told_once_and_a_shallow_visit_hides_nothing(seen: Audit) -> None:
    sign(seen)
    december, left = NOVEMBER.following(), [post(number) for number in (1, 2, 3)]
    seen.saw(visit("2019-12-19 02:00", *left, **READ))
    assert [(one.kind, one.item != "") for one in learnt(seen, date(2019, 12, 20)).later] == [(LaterKind.MISSED, True)]
    sign(seen, december, date(2019, 12, 20))
    seen.saw(visit("2020-01-19 02:00", *left, **READ))
    assert printed(seen, december.following(), date(2020, 1, 20)).restated == (), "told in December's"
    seen.saw(visit("2020-01-20 02:00", **{**READ, "first_day": date(2020, 1, 1)}))
    assert [one.kind for one in learnt(seen, date(2020, 1, 21)).later] == [LaterKind.MISSED]


def test_a_post_found_later_of_a_unit_that_had_not_been_seen_is_late_and_the_verdict_changes(audit: Audit) -> None:
    audit.jurisdiction = province(NOI_VU)
    audit.saw(visit("2019-11-19 02:00", outcome=Outcome.UNREACHABLE, cause=Cause.TIMEOUT))
    sign(audit, accepted=(Accepted("so-noi-vu", "cổng ngừng hoạt động"),))
    audit.saw(visit("2019-11-26 02:00", post(7)))
    found = learnt(audit)
    assert [(one.kind, one.effect) for one in found.later] == [(LaterKind.VERDICT, 0), (LaterKind.LATE, 1)]
    assert (found.later[0].before, found.later[0].now) == ("chưa kết luận được", "đã đăng tải")


def test_a_judge_that_changes_its_mind_is_told(seen: Audit) -> None:
    sign(seen)
    renamed = replace(post(1), title="Tập huấn nghiệp vụ")
    seen.saw(visit("2019-11-26 02:00", renamed, *(post(number) for number in (2, 3, 4)), first_day=EARLIER))
    assert [(one.kind, one.effect) for one in learnt(seen).later] == [(LaterKind.RECLASSIFIED, -1)]


def test_an_undated_post_that_gets_its_date_is_told(audit: Audit) -> None:
    audit.jurisdiction = province(NOI_VU)
    audit.saw(visit("2019-11-19 02:00", post(1), post(2, None)))
    sign(audit)
    audit.saw(visit("2019-11-26 02:00", post(1), post(2, "2019-11-04")))
    assert [(one.kind, one.before, one.effect) for one in learnt(audit).later] == [
        (LaterKind.CHANGED, "không ghi ngày đăng", 1)
    ]


@pytest.mark.parametrize(
    ("today", "facts", "told"),
    [
        (date(2019, 11, 18), {}, "2019-11 is open until 2019-11-18"),
        (date(2019, 11, 20), {"accepted": (Accepted("so-x", "?"),)}, "has no unit 'so-x'"),
        (date(2019, 11, 20), {"accepted": (Accepted("so-noi-vu", "?"),)}, "nothing to accept"),
    ],
)
def test_a_closing_that_cannot_be_is_refused(seen: Audit, today: date, facts: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told):
        sign(seen, today=today, **facts)
    with pytest.raises(InputError, match="is not closed"):
        learnt(seen)


def test_a_unit_that_was_not_seen_is_waited_for_unless_accepted(audit: Audit) -> None:
    audit.saw(visit("2019-11-19 02:00", post(1)))
    with pytest.raises(InputError, match=r"not seen in full: dak-mil \(never visited for this window\)"):
        sign(audit)
    closed = sign(audit, accepted=(Accepted("dak-mil", "cổng đang nâng cấp"),))
    assert closed.closed is not None
    assert closed.closed.accepted == (Accepted("dak-mil", "cổng đang nâng cấp"),)


def test_a_failed_check_blocks_the_closing(seen: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = printed(seen)
    wrong = replace(whole, checks=(replace(whole.checks[0], ok=False, detail="161 against 133"),))
    monkeypatch.setattr("auditor.audit.closing.printed_month", lambda *_, **__: wrong)
    with pytest.raises(InputError, match="contradict each other: total equals the sum of the groups: 161 against 133"):
        sign(seen)


def test_a_month_is_closed_once(seen: Audit) -> None:
    sign(seen)
    with pytest.raises(InputError, match="was closed by Lê An on 2019-11-20"):
        sign(seen)


@pytest.mark.parametrize("content", ["''", "X'789C030000000001'", "replace(content, 'a', 'b')", "12"])
def test_a_closed_month_that_was_altered_is_not_printed(seen: Audit, content: str) -> None:
    """By whatever was at hand: the shell of the database makes text of what it touches."""
    sign(seen)
    with seen.database.transaction() as session:
        session.execute(text(f"update closings set content = {content}"))  # noqa: S608 - ours, above
    with pytest.raises(InputError, match="was altered in the database after Lê An closed it"):
        printed(seen)


def test_a_closed_month_needs_nothing_of_today_s_units(seen: Audit, tmp_path: Path) -> None:
    before = files(sign(seen), tmp_path)
    seen.jurisdiction = replace(province(DAK_MIL, cutoff_day=14), name="tỉnh Lâm Đồng")
    assert files(printed(seen), tmp_path) == before
    found = learnt(seen)
    assert (found.later, found.not_compared) == ((), ("so-noi-vu",))


def test_a_month_closed_by_an_older_program_is_read(audit: Audit) -> None:
    """Fields that came later take their defaults."""
    audit.saw(visit("2019-11-19 02:00", post(1)))
    plain = to_plain(audit.figures())
    assert isinstance(plain, dict)
    for name in ("corrected", "closed", "restated", "unit_changes", "previous_from"):
        del plain[name]
    plain["no_longer_known"] = "x"
    assert from_plain(MonthFigures, plain).total == Tally(1, None, comparable=False)


@given(
    st.builds(
        CountedItem,
        published=st.none() | st.dates().map(str),
        category=st.none() | st.sampled_from(Category),
        confidence=st.floats(0, 1),
        why=st.lists(st.text()).map(tuple),
        also_at=st.lists(st.text()).map(tuple),
        attachments=st.just(()),
        editions=st.just(()),
        correction=st.none(),
    )
)
def test_what_is_frozen_comes_back_as_it_was(item: CountedItem) -> None:
    assert from_plain(CountedItem, to_plain(item)) == item


def test_every_part_of_a_month_comes_back_as_it_was(seen: Audit) -> None:
    decide(seen, 1, sets_category=True, category=None)
    figures = replace(
        seen.figures(),
        restated=(Restatement(NOVEMBER, 3, (Later(LaterKind.LATE, "a", "A", "chưa có", "có"),)),),
    )
    assert from_plain(MonthFigures, to_plain(figures)) == figures


@pytest.mark.parametrize("value", [{1, 2}, b"bytes", object(), datetime])
def test_what_would_not_come_back_is_not_frozen(value: object) -> None:
    with pytest.raises(TypeError, match="cannot be frozen"):
        to_plain(value)


@pytest.mark.parametrize(("kind", "plain"), [(Tally, []), (Tally, {"count": "1"}), (Month, {"year": 2019})])
def test_what_is_not_such_an_object_is_refused(kind: type, plain: Plain) -> None:
    with pytest.raises((TypeError, KeyError)):
        from_plain(kind, plain)
