"""What reports tell of a closed month, one after the other: together they say what is held today, and nothing twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from auditor.audit.afterwards import Later, LaterKind, Restatement
from auditor.audit.telling import still_to_tell
from auditor.window import Month

KINDS = [kind for kind in LaterKind if kind is not LaterKind.WITHDRAWN]
THINGS = st.sampled_from([("a", "1"), ("a", "2"), ("b", "1"), ("b", "")])
LEARNT = st.dictionaries(
    st.tuples(THINGS, st.sampled_from(KINDS)), st.tuples(st.sampled_from(["x", "y"]), st.sampled_from([-1, 0, 1]))
)


def learnt(entries: dict[tuple[tuple[str, str], LaterKind], tuple[str, int]]) -> Restatement:
    later = [
        Later(kind, unit, unit, "before", now, effect, item) for ((unit, item), kind), (now, effect) in entries.items()
    ]
    return Restatement(Month(2019, 11), 10, tuple(later))


@given(st.lists(LEARNT.map(learnt), min_size=1, max_size=5))
def test_the_effects_told_sum_up_to_what_is_held_and_nothing_is_told_twice(nights: list[Restatement]) -> None:
    told: list[Restatement] = []
    for found in nights:
        told.append(still_to_tell(found, told))
        assert sum(one.effect for one in told) == found.effect
        assert still_to_tell(found, told).later == ()


def test_what_takes_the_place_of_something_told_is_told_with_the_difference() -> None:
    late = learnt({(("a", "1"), LaterKind.LATE): ("x", 1)})
    other = learnt({(("a", "1"), LaterKind.BACK_DATED): ("x", 1)})
    assert [(one.kind, one.effect) for one in still_to_tell(other, [late]).later] == [
        (LaterKind.WITHDRAWN, 0),
        (LaterKind.BACK_DATED, 0),
    ]


def test_nothing_is_taken_back_of_a_unit_the_file_no_longer_has() -> None:
    late = learnt({(("a", "1"), LaterKind.LATE): ("x", 1)})
    assert still_to_tell(Restatement(Month(2019, 11), 10, (), ("a",)), [late]).later == ()


def test_a_post_that_is_proven_gone_was_truly_missed() -> None:
    missed = learnt({(("a", "1"), LaterKind.MISSED): ("x", 0)})
    removed = learnt({(("a", "1"), LaterKind.REMOVED): ("y", 0)})
    dropped = learnt({(("a", "1"), LaterKind.CORRECTED): ("z", -1)})
    assert [one.kind for one in still_to_tell(removed, [missed]).later] == [LaterKind.REMOVED]
    assert [one.kind for one in still_to_tell(dropped, [missed, still_to_tell(removed, [missed])]).later] == [
        LaterKind.CORRECTED
    ]
    seen_again = still_to_tell(learnt({}), [missed])
    assert [(one.kind, one.effect) for one in seen_again.later] == [(LaterKind.WITHDRAWN, 0)]
