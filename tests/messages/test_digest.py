from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from auditor.messages.digest import Audience, Matter, Told, digest

NIGHT = date(2019, 11, 19)
DOWN = Matter(Audience.OPERATOR, "unit a", "a cannot be read: dns", "ask its host", over="a is read again")
REPORT = Matter(Audience.CLERK, "report 2019-11", "báo cáo đã lập", once=True)


def test_what_is_new_is_told_once() -> None:
    first, told = digest({}, Audience.OPERATOR, [DOWN, REPORT], NIGHT)
    assert (first.news, first.ended, first.going_on) == ((DOWN,), (), 0)
    second, told = digest(told, Audience.OPERATOR, [DOWN], NIGHT + timedelta(1))
    assert not second
    assert second.going_on == 1
    assert told == {"unit a": Told(DOWN.text, "2019-11-19", DOWN.over)}


def test_another_cause_is_told_and_the_end_too() -> None:
    _, told = digest({}, Audience.OPERATOR, [DOWN], NIGHT)
    changed = Matter(Audience.OPERATOR, "unit a", "a cannot be read: time-out", over="a is read again")
    second, told = digest(told, Audience.OPERATOR, [changed], NIGHT)
    assert second.news == (changed,)
    third, told = digest(told, Audience.OPERATOR, [], NIGHT)
    assert (third.news, third.ended) == ((), ("a is read again",))
    assert told == {}


def test_an_event_is_told_once_though_it_is_gone_and_comes_again() -> None:
    _, told = digest({}, Audience.CLERK, [REPORT], NIGHT)
    for matters in ([], [REPORT]):
        again, told = digest(told, Audience.CLERK, matters, NIGHT)
        assert not again


NIGHTS = st.lists(st.sets(st.tuples(st.integers(0, 3), st.sampled_from(["dns", "time-out"])), max_size=4), max_size=12)


@given(NIGHTS)
def test_nobody_hears_the_same_words_twice_while_they_hold(nights: list[set[tuple[int, str]]]) -> None:
    told: dict[str, Told] = {}
    holds: dict[str, str] = {}
    for night in nights:
        tonight = {
            f"unit {unit}": Matter(Audience.OPERATOR, f"unit {unit}", cause, over=f"{unit}") for unit, cause in night
        }
        found, after = digest(told, Audience.OPERATOR, tonight.values(), NIGHT)
        told = dict(after)
        assert {each.key for each in found.news} == {
            key for key, each in tonight.items() if holds.get(key) != each.text
        }
        assert len(found.ended) == len(holds.keys() - tonight.keys())
        holds = {key: each.text for key, each in tonight.items()}
        assert told.keys() == holds.keys()
