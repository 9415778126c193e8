import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.reading.titles import fuller, same_title, tidy

TITLE = "Lịch tiếp công dân tháng 11/2019 của Chủ tịch UBND huyện"


@pytest.mark.parametrize(
    "printed",
    [
        f"null {TITLE}",
        f"Insert title here {TITLE}",
        f"Skip Ribbon Commands Skip to main content Turn on more accessible mode {TITLE}",
        f"{TITLE} cms-publish-date 04/12/2019 | 02:42 | cms-view-count: 1692",
        f"cms-publish-date 04/12/2019 | 02:42 | {TITLE}",
        f"Deprecated: Function ereg() is deprecated in /home/www/a.php on line 12 {TITLE}",
        f"Thứ ba, 19/11/2019 10:22 {TITLE}",
        f"19/11/2019 - 10:22:07 - {TITLE}",
        f"{TITLE} - Lượt xem: 1.204",
        f"{TITLE} (Đã xem 87)",
        f"{TITLE} (05/11/2019 16:35)",
        f"{TITLE} Views: 12",
        f"  {TITLE}  ",
    ],
)
def test_what_systems_print_around_a_title_is_taken_off(printed: str) -> None:
    assert tidy(printed) == TITLE


@pytest.mark.parametrize(
    "title",
    [
        TITLE,
        TITLE.upper(),
        "Lịch tiếp công dân (07/03/2018)",
        "19/11/2019: Thông báo tiếp công dân",
        "Thứ năm, 05/11/2019, Chủ tịch tiếp công dân",
        "Nội quy tiếp công dân - Ban hành theo Quyết định 12/2019/QĐ-UBND",
        "Tiếp công dân: 15 lượt, 20 người",
        "Nullity",
    ],
)
def test_a_title_stays_as_printed(title: str) -> None:
    assert tidy(title) == title


@pytest.mark.parametrize("junk", ["null", " NULL ", "Insert title here"])
def test_a_title_of_junk_is_none(junk: str) -> None:
    assert tidy(junk) == ""


@given(st.text(max_size=80))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    ("listed", "own", "kept"),
    [
        ("Lịch tiếp công dân tháng…", TITLE, TITLE),
        ("Lịch tiếp công dân tháng 11/2019 của Ch", TITLE, TITLE),
        ("Lịch tiếp công dân tháng...", "Cổng thông tin điện tử huyện Đắk Mil", "Lịch tiếp công dân tháng..."),
        (TITLE, "Cổng thông tin điện tử", TITLE),
        (TITLE.upper(), TITLE, TITLE.upper()),
        ("", TITLE, TITLE),
        (TITLE, "", TITLE),
    ],
)
def test_which_title_is_kept(listed: str, own: str, kept: str) -> None:
    assert fuller(listed, own) == kept


def test_one_title_printed_in_two_ways() -> None:
    assert same_title(TITLE, TITLE.upper().replace("HUYỆN", "HUYỆN"))
    assert same_title(TITLE, TITLE[:30] + "…")
    assert not same_title(TITLE, TITLE[:30])
    assert not same_title(TITLE, TITLE.replace("11/2019", "12/2019"))
