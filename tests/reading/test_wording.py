"""What tells an overwritten page from one whose counter went on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.observation import Attachment
from auditor.reading.wording import fingerprint, may_be_one

TITLE = "Lịch tiếp công dân"
BODY = "Chủ tịch UBND huyện tiếp công dân ngày 05/11/2019, từ 7:30 đến 11:30 tại trụ sở."


def same(body: str, other: str, title: str = TITLE, other_title: str = TITLE) -> bool:
    return fingerprint(title, body, ()) == fingerprint(other_title, other, ())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Lượt xem: 87", "Lượt xem: 1.204"),
        ("Số lượt truy cập: 5", "Số lượt truy cập: 6"),
        ("87 lượt xem", "88 lượt xem"),
        ("(Đã xem 12)", "(Đã xem 13)"),
        ("cms-view-count: 1692", "cms-view-count: 1693"),
        ("18/11/2019 10:22:33", "19/11/2019 07:01:02"),
        ("Hôm nay: Thứ ba, ngày 19/11/2019", "Hôm nay: Thứ tư, ngày 20/11/2019"),
        ("Bình luận (0)", "Bình luận (2)"),
    ],
)
def test_counters_and_clocks_are_no_new_text(before: str, after: str) -> None:
    assert same(f"{BODY} {before}", f"{BODY} {after}")


@pytest.mark.parametrize(
    "after",
    [
        BODY.replace("05/11/2019", "05/12/2019"),
        BODY.replace("05/11", "10/11"),
        BODY.replace("7:30", "8:00"),
        BODY.replace("Chủ tịch", "Phó Chủ tịch"),
        BODY + " Ngày 20/11/2019: Bí thư Huyện ủy.",
    ],
)
def test_another_day_hour_or_person_is_a_new_text(after: str) -> None:
    assert not same(BODY, after)


def test_the_year_of_the_title_alone_makes_a_new_text() -> None:
    assert not same(BODY, BODY, f"{TITLE} năm 2019", f"{TITLE} năm 2020")


def test_another_file_is_a_new_text_and_its_session_is_not() -> None:
    old, session, new = (
        fingerprint(TITLE, "", (Attachment(f"http://so.example/{name}"),))
        for name in ("lich-2019.pdf", "lich-2019.pdf?PHPSESSID=9f", "lich-2020.pdf")
    )
    assert old == session != new


@given(st.text(alphabet=" \n\t\u00a0.,;:-–", min_size=1, max_size=5), st.booleans())
def test_white_space_points_capitals_and_tone_places_say_nothing(between: str, capitals: bool) -> None:  # noqa: FBT001
    body = "Ủy ban nhân dân tỉnh Hoà Bình tiếp công dân"
    other = between.join(body.replace("Ủy", "Uỷ").replace("Hoà", "Hòa").split())
    assert same(body, other.upper() if capitals else other)


@pytest.mark.parametrize(
    ("other_title", "other_body", "one"),
    [
        (TITLE, BODY + " Tin liên quan Hội nghị tổng kết Lượt xem 12", True),
        (TITLE, BODY.replace("2019", "2020"), False),
        (f"{TITLE} năm 2020", BODY, False),
        (TITLE, "Nội quy tiếp công dân tại trụ sở cơ quan gồm các điều sau đây", False),
    ],
)
def test_what_another_reader_may_have_read(other_title: str, other_body: str, one: bool) -> None:  # noqa: FBT001
    assert may_be_one(TITLE, BODY, other_title, other_body) is one
