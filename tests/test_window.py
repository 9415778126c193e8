from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import InputError
from auditor.window import CutoffDay, Month, Span, Window

CUTOFFS: st.SearchStrategy[CutoffDay] = st.integers(1, 31) | st.just("end")
MONTHS = st.builds(Month, st.integers(1990, 2100), st.integers(1, 12))
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("month", "cutoff", "first", "last"),
    [
        ("2019-11", 18, "2019-10-19", "2019-11-18"),
        ("2020-01", 18, "2019-12-19", "2020-01-18"),
        ("2019-11", "end", "2019-11-01", "2019-11-30"),
        ("2020-02", "end", "2020-02-01", "2020-02-29"),
        ("2019-02", 31, "2019-02-01", "2019-02-28"),
        ("2019-03", 31, "2019-03-01", "2019-03-31"),
        ("2019-03", 30, "2019-03-01", "2019-03-30"),
        ("2019-04", 30, "2019-03-31", "2019-04-30"),
        ("2019-11", 1, "2019-10-02", "2019-11-01"),
    ],
)
def test_window_of_a_month(month: str, cutoff: CutoffDay, first: str, last: str) -> None:
    assert Month.parse(month).window(cutoff) == Window(date.fromisoformat(first), date.fromisoformat(last))


@given(MONTHS, CUTOFFS)
def test_no_day_falls_between_two_windows_or_into_both(month: Month, cutoff: CutoffDay) -> None:
    assert month.window(cutoff).last + timedelta(days=1) == month.following().window(cutoff).first


@given(DAYS, CUTOFFS)
def test_every_day_belongs_to_the_window_of_its_month(day: date, cutoff: CutoffDay) -> None:
    month = Month.containing(day, cutoff)
    assert day in month.window(cutoff)
    assert day not in month.preceding().window(cutoff)
    assert day not in month.following().window(cutoff)


@given(MONTHS, CUTOFFS)
def test_a_window_lists_the_days_it_contains(month: Month, cutoff: CutoffDay) -> None:
    window = month.window(cutoff)
    days = list(window.days())
    assert (days[0], days[-1]) == (window.first, window.last)
    assert days == sorted(set(days))
    assert all(day in window for day in days)
    assert window.first - timedelta(days=1) not in window
    assert window.last + timedelta(days=1) not in window


@given(MONTHS)
def test_months_are_read_as_they_are_written(month: Month) -> None:
    assert Month.parse(str(month)) == month
    assert month.following().preceding() == month
    assert month.preceding() < month < month.following()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2019",
        "2019-13",
        "2019-00",
        "11-2019",
        "2019-1",
        "2019-11-01",
        "2019/11",
        "0000-01",
        "thang 11",
        "-2019-11",
        "٢٠١٩-١١",
    ],
)
def test_what_is_no_month_is_refused_with_the_form_that_is(text: str) -> None:
    with pytest.raises(InputError, match=r"is not a month: write it as YYYY-MM, for example 2019-11"):
        Month.parse(text)


@pytest.mark.parametrize("text", ["0001-01", "9999-12"])
def test_a_month_whose_window_leaves_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is not a month"):
        Month.parse(text)


def test_spaces_around_a_month_do_not_matter() -> None:
    assert Month.parse(" 2019-11\n") == Month(2019, 11)


SPANS = st.builds(
    Span.parse,
    st.builds("{:04d}{}".format, st.integers(3, 9998), st.sampled_from(["", "-Q1", "-Q4", "-H1", "-H2", "-9M", "-1M"])),
)


@given(SPANS)
def test_a_period_reads_back_as_it_is_written_and_has_the_months_between(span: Span) -> None:
    assert Span.parse(str(span)) == span
    months = span.months()
    assert [month.following() for month in months[:-1]] == list(months[1:])
    assert {month.year for month in months} == {span.year}
    assert [month.number for month in span.year_before().months()] == [month.number for month in months]


@given(SPANS, st.sampled_from([1, 14, 18, 31, "end"]))
def test_a_period_counts_the_days_of_its_months_each_once(span: Span, cutoff: CutoffDay) -> None:
    days = [day for month in span.months() for day in month.window(cutoff).days()]
    assert days == list(span.window(cutoff).days())


@pytest.mark.parametrize(
    ("text", "written", "name"),
    [
        ("2019-q3", "2019-Q3", "quý III năm 2019"),
        ("2019-3M", "2019-Q1", "quý I năm 2019"),
        ("2019-H1", "2019-H1", "6 tháng đầu năm 2019"),
        ("2019-6M", "2019-H1", "6 tháng đầu năm 2019"),
        ("2019-H2", "2019-H2", "6 tháng cuối năm 2019"),
        ("2019-09M", "2019-9M", "9 tháng đầu năm 2019"),
        ("2019-12M", "2019", "năm 2019"),
        (" 2019 ", "2019", "năm 2019"),
    ],
)
def test_periods_have_one_name_each(text: str, written: str, name: str) -> None:
    span = Span.parse(text)
    assert (str(span), span.name) == (written, name)


@pytest.mark.parametrize("text", ["2019-Q5", "2019-13M", "2019-0M", "19-Q1", "2019-11", "0001", "9999-Q1", "", "2019-"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is not a period"):
        Span.parse(text)
