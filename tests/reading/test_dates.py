"""Dates as portals print them. The cases stand in dates.jsonl; a new one needs no code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.reading import _date_forms as forms
from auditor.reading import dates
from auditor.reading.dates import (
    Stamp,
    StampKind,
    date_in_address,
    find_stamps,
    plausible,
    read_machine,
    read_stamp,
)
from auditor.text import clean

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
CASES = [json.loads(line) for line in (Path(__file__).parent / "dates.jsonl").read_text("utf-8").splitlines() if line]
NOW = datetime(2019, 11, 20, 10, 0)  # noqa: DTZ001 - a wall clock, as a page shows it
DAYS = st.dates(date(1997, 1, 1), date(2069, 12, 31))
TIMES = st.times().map(lambda moment: moment.replace(microsecond=0))
NAMED_MONTHS = ["Một", "Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Mười Một", "Mười Hai"]
WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
ENGLISH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
DAY_FORMS = (
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"{day.day}/{day.month}/{day.year}",
    lambda day: f"{day:%d-%m-%Y}",
    lambda day: f"{day:%d.%m.%Y}",
    lambda day: f"{day:%d/%m/%y}",
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"ngày {day:%d} tháng {day.month} năm {day.year}",
    lambda day: f"{WEEKDAYS[day.weekday()]}, {day:%d/%m/%Y}",
    lambda day: f"{WEEKDAYS[day.weekday()]}, {day:%d %m %Y}",
    lambda day: f"Tháng {NAMED_MONTHS[day.month - 1]} {day.day}, {day.year}",
    lambda day: f"{day.day} Tháng {NAMED_MONTHS[day.month - 1]}, {day.year}",
    lambda day: f"Th{day.month} {day.day}, {day.year}",
    lambda day: f"{ENGLISH[day.month - 1]} {day.day}, {day.year}",
    lambda day: f"{day.day} {ENGLISH[day.month - 1][:3]} {day.year}",
    lambda day: f"Ngày đăng: {day:%d/%m/%Y}",
    lambda day: f"{day:%d/%m/%Y}{day:%d/%m/%Y}",
)
MOMENT_FORMS = (
    lambda day, clock: f"{day:%d/%m/%Y} {clock:%H:%M:%S}",
    lambda day, clock: f"{clock:%H:%M:%S} {day:%d/%m/%Y}",
    lambda day, clock: f"{WEEKDAYS[day.weekday()]} - {day:%d/%m/%Y} | {clock:%H:%M:%S}",
    lambda day, clock: f"Cập nhật lúc: {clock:%H:%M:%S}, {WEEKDAYS[day.weekday()]}, {day:%d/%m/%Y} (GMT+7)",
    lambda day, clock: f"{day:%d/%m/%Y} {clock:%I:%M:%S} {'SA' if clock.hour < 12 else 'CH'}",
    lambda day, clock: f"{day:%d/%m/%Y} {clock:%I:%M:%S %p}",
    lambda day, clock: f"{day:%d-%m-%Y} {clock.hour}:{clock.minute}:{clock.second} - Lượt xem: {clock.second}",
    lambda day, clock: f"{day:%Y-%m-%d}T{clock:%H:%M:%S}",
)
HOSTILE = (
    "1" * 10_000,
    "1/" * 5_000,
    "18/11/2019" * 1_000,
    "18/11/2019 " * 900,
    "thứ " * 2_500,
    "ngày đăng: " * 900,
    "ngày 18 tháng " * 700,
    ("đăng bởi on " * 6 + "|x18/11/2019 ") * 110,
    "10:30 " * 1_600,
    "đăng bởi " + "a" * 10_000,
    "(" * 10_000 + "18/11/2019",
    " | - " * 2_500 + "2019",
    "1.000" * 2_000,
    "2019-" * 2_000,
    "t2 " * 3_300 + "18/11/2019",
    "125-a/b" * 1_400 + " ngày 18/11/2019",
)


def call(case: dict[str, Any]) -> Stamp | None:
    """The stamp the case's function reads; `find_stamps` must find one or none."""
    now = {"now": datetime.fromisoformat(case["now"])} if "now" in case else {}
    found = getattr(dates, case["function"])(case["text"], **now)
    if case["function"] != "find_stamps":
        assert found is None or isinstance(found, Stamp)
        return found
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['function']}: {case['text']}"[:80])
def test_case(case: dict[str, Any]) -> None:
    stamp = call(case)
    read = (
        (stamp.day.isoformat(), stamp.time and stamp.time.isoformat(), str(stamp.kind)) if stamp else (None, None, None)
    )
    assert read == (case["day"], case["time"], case["kind"])


def test_cases_cover_every_function_and_kind_and_are_many() -> None:
    assert len(CASES) >= 180
    assert {case["function"] for case in CASES} == {"find_stamps", "read_stamp", "read_machine", "date_in_address"}
    assert {case["kind"] for case in CASES} == {None, *map(str, StampKind)}
    assert len({json.dumps(case) for case in CASES}) == len(CASES)


@given(DAYS, st.sampled_from(DAY_FORMS))
def test_any_day_in_any_form_is_read_back(day: date, form: Any) -> None:
    stamp = read_stamp(form(day))
    assert stamp is not None
    assert (stamp.day, stamp.time) == (day, None)


@given(DAYS, TIMES, st.sampled_from(MOMENT_FORMS))
def test_any_moment_in_any_form_is_read_back(day: date, clock: time, form: Any) -> None:
    stamp = read_stamp(form(day, clock))
    assert stamp is not None
    assert (stamp.day, stamp.time) == (day, clock)


@given(DAYS, st.sampled_from(DAY_FORMS))
def test_a_date_in_a_title_is_found_but_the_title_is_no_stamp(day: date, form: Any) -> None:
    title = f"Kết quả tiếp công dân, {form(day)}: UBND huyện tiếp 12 lượt người"
    assert day in {stamp.day for stamp in find_stamps(title)}
    assert read_stamp(title) is None


@given(st.datetimes(datetime(1997, 1, 2), datetime(2069, 1, 1), timezones=st.just(SAIGON)))  # noqa: DTZ001 - bounds
def test_machine_moments_are_read_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    stamp = read_machine(moment.isoformat())
    assert stamp is not None
    assert stamp.iso(SAIGON) == moment.isoformat()


@given(st.text(max_size=300) | st.text(alphabet="0123456789/-.: thángngày,|TGMC+năm\u200b\u0301", max_size=120))
def test_no_text_raises_and_positions_lead_to_the_words(text: str) -> None:
    read_machine(text)
    date_in_address(text)
    read_stamp(text, now=NOW)
    stamps = find_stamps(text, now=NOW)
    cleaned = clean(text)
    assert all(cleaned[stamp.start : stamp.end] == stamp.text for stamp in stamps)
    assert all(before.end <= after.start for before, after in pairwise(stamps))


@given(
    st.lists(
        st.sampled_from(["18", "11", "2019", "Nov", "Monday", "of", "T2", ",", ".", "14:05", "thứ", "the", "3", "Hà"]),
        max_size=7,
    )
)
def test_unknown_forms_are_believed_only_as_printed(words: list[str]) -> None:
    stamp = read_stamp(" ".join(words))
    assert stamp is None or {str(stamp.day.year), str(stamp.day.day)} <= set(re.findall("[0-9]+", stamp.text))


@given(st.text(max_size=200))
def test_bare_text_keeps_every_position(text: str) -> None:
    assert len(forms.bare(clean(text))) == len(clean(text))


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_hostile_text_gives_bounded_results(text: str) -> None:
    stamps = find_stamps(text, now=NOW)
    assert len(stamps) <= len(text) // 8
    assert all(len(stamp.text) < 250 for stamp in stamps)
    assert read_stamp(text, now=NOW) is None
    assert read_machine(text) is None
    assert date_in_address(text) is None


def test_text_beyond_the_limit_is_not_read() -> None:
    assert find_stamps("x " * 20_000 + "18/11/2019") == ()


def test_dates_are_found_left_to_right_each_with_its_own_time_and_label() -> None:
    stamps = find_stamps("Thứ ba, 19/03/2024 Ngày đăng: 08:00 17/09/2018 - Cập nhật lần cuối: 09:00 18/09/2018 | 12")
    assert [(stamp.day, stamp.time, stamp.kind) for stamp in stamps] == [
        (date(2024, 3, 19), None, StampKind.PLAIN),
        (date(2018, 9, 17), time(8, 0), StampKind.PUBLISHED),
        (date(2018, 9, 18), time(9, 0), StampKind.MODIFIED),
    ]


def test_nukeviets_clock_is_told_from_the_date_of_the_post() -> None:
    clock, post = find_stamps("00:26 EST Thứ tư, 16/01/2019 Trang nhất Thứ hai - 24/11/2014 03:44")
    assert (clock.kind, post.kind) == (StampKind.CLOCK, StampKind.PLAIN)
    assert post.text == "Thứ hai - 24/11/2014 03:44"


def test_the_words_are_kept_as_printed_with_their_label() -> None:
    text = unicodedata.normalize("NFD", "  Tin:\u00a0 Ngày đăng:  21/01/2021\u00a0- Lượt xem: 87 ")
    (stamp,) = find_stamps(text)
    assert stamp.text == "Ngày đăng: 21/01/2021"
    assert clean(text)[stamp.start : stamp.end] == stamp.text


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Thứ bảy - 28/09/2019 07:49", "2019-09-28T07:49:00+07:00"),
        ("28/09/2019", "2019-09-28"),
        ("15:07, 07/06/2022 [GMT+7]", "2022-06-07T15:07:00+07:00"),
        ("Sat, 02 Nov 2019 23:45:00 +0000", "2019-11-03T06:45:00+07:00"),
        ("2019-11-02T23:45:00Z", "2019-11-03T06:45:00+07:00"),
        ("09/11/2019 23:45 GMT", "2019-11-10T06:45:00+07:00"),
        ("Ngày đăng: 09/11/2019 (GMT+7)", "2019-11-09"),
        ("09/11/2019 14:05 GMT+99", "2019-11-09T14:05:00+07:00"),
    ],
)
def test_iso_is_in_the_zone_of_the_jurisdiction(text: str, iso: str) -> None:
    stamp = read_stamp(text)
    assert stamp is not None
    assert stamp.iso(SAIGON) == iso


def test_an_epoch_is_a_moment_in_utc() -> None:
    stamp = date_in_address("http://huongkhe.hatinh.gov.vn/tin/lich-tiep-cong-dan-1636991232.html")
    assert stamp is not None
    assert (stamp.day, stamp.iso(SAIGON)) == (date(2021, 11, 15), "2021-11-15T22:47:12+07:00")
    assert stamp.text == "1636991232"


def test_what_is_plausible() -> None:
    today = date(2019, 11, 20)
    assert plausible(date(1997, 1, 1), today=today)
    assert plausible(today + timedelta(days=1), today=today)
    assert not plausible(date(1996, 12, 31), today=today)
    assert not plausible(today + timedelta(days=2), today=today)


def test_dateparser_is_not_loaded_before_it_is_needed() -> None:
    script = (
        "import sys; from auditor.reading.dates import read_stamp; "
        "read_stamp('Ngày đăng: 21/01/2021'); read_stamp('Báo cáo năm 2019'); print('dateparser' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
