"""Which days a schedule covers, by its title and the head of its text."""

from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.period import Period, covered
from auditor.text import clean, fold

POSTED = date(2019, 11, 5)


def _days(title: str, body: str = "", published: date | None = POSTED) -> tuple[str, str] | None:
    period = covered(title, body, published)
    return (period.first.isoformat(), period.last.isoformat()) if period else None


@pytest.mark.parametrize(
    ("title", "first", "last"),
    [
        ("Lịch tiếp công dân tháng 11/2019", "2019-11-01", "2019-11-30"),
        ("LỊCH TIẾP CÔNG DÂN THÁNG 11 NĂM 2019", "2019-11-01", "2019-11-30"),
        ("Lich tiep cong dan thang 11 nam 2019", "2019-11-01", "2019-11-30"),
        ("Lịch tiếp dân T11-2019", "2019-11-01", "2019-11-30"),
        ("Lịch tiếp công dân 11/2019", "2019-11-01", "2019-11-30"),
        ("Lịch tiếp công dân tuần 2 tháng 11/2019", "2019-11-01", "2019-11-30"),
        ("Dời lịch tiếp công dân định kỳ kỳ 2 tháng 8/2019", "2019-08-01", "2019-08-31"),
        ("Lịch tiếp công dân quý IV/2019", "2019-10-01", "2019-12-31"),
        ("Lịch tiếp công dân quí 4 năm 2019", "2019-10-01", "2019-12-31"),
        ("Lịch tiếp công dân quý III và quý IV năm 2019", "2019-07-01", "2019-12-31"),
        ("Lịch tiếp công dân Quý I, II năm 2020", "2020-01-01", "2020-06-30"),
        ("Lịch tiếp công dân 6 tháng đầu năm 2020", "2020-01-01", "2020-06-30"),
        ("Lịch tiếp công dân sáu tháng cuối năm 2020", "2020-07-01", "2020-12-31"),
        ("Kết quả tiếp công dân 9 tháng năm 2019", "2019-01-01", "2019-09-30"),
        ("Lịch tiếp dân năm 2020", "2020-01-01", "2020-12-31"),
        ("Lịch tiếp công dân 2020", "2020-01-01", "2020-12-31"),
        ("Lịch tiếp công dân năm 2019 và 2020", "2019-01-01", "2020-12-31"),
        ("Lịch tiếp công dân năm học 2020 - 2021", "2020-09-01", "2021-08-31"),
        ("Lịch tiếp công dân của HĐND khóa X, nhiệm kỳ 2016 - 2021", "2016-01-01", "2021-12-31"),
        ("Lịch tiếp công dân tháng 12/2019 của HĐND nhiệm kỳ 2016-2021", "2019-12-01", "2019-12-31"),
        ("Lịch tiếp công dân tuần 45 năm 2019", "2019-11-04", "2019-11-10"),
        ("Lịch tiếp công dân từ ngày 11/11 đến 15/11/2019", "2019-11-11", "2019-11-15"),
        ("Lịch tiếp công dân tuần 46 (từ ngày 11/11/2019 đến ngày 15/11/2019)", "2019-11-11", "2019-11-15"),
        ("Lịch tiếp dân (11/11 - 15/11/2019)", "2019-11-11", "2019-11-15"),
        ("Lịch từ ngày 11 đến ngày 15 tháng 11 năm 2019", "2019-11-11", "2019-11-15"),
        ("Lịch tiếp công dân từ ngày 30/12 đến 03/01/2020", "2019-12-30", "2020-01-03"),
        ("Lịch tiếp công dân tháng 10, 11 và 12/2019", "2019-10-01", "2019-12-31"),
        ("Lịch tiếp công dân tháng 7 - 12/2019", "2019-07-01", "2019-12-31"),
        ("Lịch tiếp công dân từ tháng 7 đến tháng 12 năm 2019", "2019-07-01", "2019-12-31"),
        ("Lịch tiếp công dân tháng 12 và tháng 01/2020", "2019-12-01", "2020-01-31"),
        ("Lịch tiếp công dân tháng 12/2019 và tháng 01/2020", "2019-12-01", "2020-01-31"),
        ("Bộ trưởng tiếp công dân 4 ngày trong năm 2019", "2019-01-01", "2019-12-31"),
        ("Hoãn buổi tiếp công dân ngày 20/3/2019", "2019-03-20", "2019-03-20"),
        ("Tiếp công dân ngày 15 tháng 11 năm 2019", "2019-11-15", "2019-11-15"),
        ("Thông báo số 05/TB-UBND ngày 05/01/2019 về lịch tiếp công dân năm 2020", "2020-01-01", "2020-12-31"),
        ("Lịch tiếp công dân tháng 11/2019 theo Luật Tiếp công dân năm 2013", "2019-11-01", "2019-11-30"),
        ("Lịch tiếp công dân ngày 31/02/2019, tháng 3/2019", "2019-03-01", "2019-03-31"),
    ],
)
def test_what_a_title_covers(title: str, first: str, last: str) -> None:
    assert _days(title) == (first, last)


@pytest.mark.parametrize(
    "title",
    [
        "Lịch tiếp công dân",
        "Nội quy tiếp công dân theo Luật Tiếp công dân năm 2013",
        "Quyết định 12/2019/QĐ-UBND ban hành nội quy tiếp công dân",
        "Quyết định số 123/QĐ-UBND ngày 05/01/2019 về nội quy tiếp công dân",
        "Tiếp 25 lượt công dân",
        "Lịch tiếp công dân T5",
        "",
    ],
)
def test_what_names_no_period_covers_none(title: str) -> None:
    assert covered(title, "", POSTED) is None


@pytest.mark.parametrize(
    ("title", "published", "first"),
    [
        ("Lịch tiếp công dân tháng 01", date(2019, 12, 30), "2020-01-01"),
        ("Lịch tiếp công dân tháng 12", date(2020, 1, 3), "2019-12-01"),
        ("Lịch tiếp công dân quý I", date(2019, 12, 20), "2020-01-01"),
        ("Lịch tiếp dân từ ngày 30/12 đến ngày 03/01", date(2019, 12, 27), "2019-12-30"),
        ("Lịch tiếp công dân tuần 1", date(2019, 12, 27), "2019-12-30"),
        ("Hoãn tiếp công dân ngày 29/02", date(2020, 2, 20), "2020-02-29"),
    ],
)
def test_a_year_left_out_is_the_nearest_to_publication(title: str, published: date, first: str) -> None:
    period = covered(title, "", published)
    assert period
    assert period.first.isoformat() == first


def test_without_a_publication_date_the_only_year_in_the_text_is_meant() -> None:
    assert _days("Lịch tiếp công dân tháng 11", "Hà Nội, tháng 10 năm 2018", None) == ("2018-11-01", "2018-11-30")
    assert _days("Lịch tiếp công dân tháng 11", "2018 hay 2019", None) is None


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Chủ tịch UBND xã tiếp công dân vào ngày 15 hằng tháng", "hằng tháng"),
        ("Chủ tịch UBND thành phố tiếp dân định kỳ 2 lần/1 tháng", "2 lần/1 tháng"),
        ("Bí thư tiếp công dân tháng hai lần", "tháng hai lần"),
        ("Lịch tiếp công dân thường xuyên", "thường xuyên"),
    ],
)
def test_a_standing_schedule_holds_from_its_publication_on(title: str, words: str) -> None:
    assert covered(title, "", POSTED) == Period(POSTED, date.max, open_ended=True, text=words)
    assert covered(title, "", None) == Period(date.min, date.max, open_ended=True, text=words)


def test_from_a_day_on_holds_without_end() -> None:
    period = covered("Thông báo lịch tiếp công dân kể từ ngày 01/7/2019", "", POSTED)
    assert period == Period(date(2019, 7, 1), date.max, open_ended=True, text="ngày 01/7/2019")


def test_a_year_named_limits_what_is_held_monthly() -> None:
    assert _days("Tiếp công dân ngày 15 hằng tháng năm 2020") == ("2020-01-01", "2020-12-31")


def test_a_title_that_does_not_say_leaves_it_to_the_text() -> None:
    body = "Căn cứ Luật Tiếp công dân năm 2013; UBND huyện thông báo lịch tiếp công dân tháng 11 năm 2019 như sau:"
    assert _days("Lịch tiếp công dân", body) == ("2019-11-01", "2019-11-30")
    assert _days("Lịch tiếp công dân tháng 10/2019", body) == ("2019-10-01", "2019-10-31")


def test_a_period_far_from_the_publication_is_another_documents() -> None:
    assert covered("Lịch tiếp công dân", "Quy chế tiếp công dân ban hành năm 2008", POSTED) is None


MONTHS = st.tuples(st.integers(2000, 2050), st.integers(1, 12))
WRITTEN = st.sampled_from(["tháng {m}/{y}", "tháng {m:02d}/{y}", "tháng {m} năm {y}", "T{m}-{y}", "THÁNG {m}.{y}"])


@given(MONTHS, WRITTEN, st.sampled_from(["Lịch tiếp công dân {}", "{}: lịch tiếp dân của Chủ tịch", "Lịch ({})"]))
def test_a_month_however_written_is_that_month(month: tuple[int, int], written: str, title: str) -> None:
    year, number = month
    last = calendar.monthrange(year, number)[1]
    expected = (date(year, number, 1).isoformat(), date(year, number, last).isoformat())
    assert _days(title.format(written.format(m=number, y=year))) == expected


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(0, 300))
def test_a_range_of_days_is_read_as_written(first: date, length: int) -> None:
    last = date.fromordinal(first.toordinal() + length)
    title = f"Lịch tiếp dân từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y}"
    assert _days(title) == (first.isoformat(), last.isoformat())


@given(MONTHS, WRITTEN)
def test_capitals_and_diacritics_do_not_matter(month: tuple[int, int], written: str) -> None:
    title = "Lịch tiếp công dân " + written.format(m=month[1], y=month[0])
    assert _days(title) == _days(fold(title)) == _days(title.upper())


@given(st.text(max_size=300), st.text(max_size=300), st.none() | st.dates())
def test_any_text_is_read_and_what_is_cited_stands_in_it(title: str, body: str, published: date | None) -> None:
    period = covered(title, body, published)
    if period:
        assert period.first <= period.last
        assert period.text in clean(title) or period.text in clean(body)


@given(st.text(alphabet="0123456789/-., thangqunmviờđế", max_size=200), st.dates())
def test_any_string_of_numbers_is_read(title: str, published: date) -> None:
    period = covered(title, "", published)
    assert period is None or period.first <= period.last


@pytest.mark.parametrize(
    "piece", ["tháng 1, ", "1-", "từ ngày 1 đến ", "tiếp dân ", "quý i, ", "năm 2019, ", "luật " + "a" * 40 + " "]
)
def test_hostile_texts_come_to_an_end(piece: str) -> None:
    period = covered(piece * 20_000, piece * 20_000, POSTED)
    assert period is None or len(period.text) < 500


def test_a_period_covers_a_window_it_shares_a_day_with() -> None:
    period = Period(date(2019, 11, 1), date(2019, 11, 30), open_ended=False, text="")
    assert period.covers(date(2019, 10, 19), date(2019, 11, 1))
    assert not period.covers(date(2019, 12, 1), date(2019, 12, 31))
