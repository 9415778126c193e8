"""What a decision says and why, and what may not change it."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.categories import Category
from auditor.classify import classify
from auditor.text import fold

ROWS = [
    json.loads(line)
    for line in Path(__file__).with_name("corpus.jsonl").read_text("utf-8").splitlines()
    if "section" not in line and "body" not in line and "published" not in line
]
TITLES = [row["title"] for row in ROWS]
COUNTED = [row["title"] for row in ROWS if row["category"]]

SCHEDULE, RULES, RECEPTION, REPORTS, PETITIONS = Category


def _without_cited(title: str) -> str:
    for reason in sorted(classify(title).why, key=len, reverse=True):
        title = title.replace(reason.removeprefix("title: "), " ")
    return title


def test_the_reason_quotes_the_title_as_printed() -> None:
    assert "title: LỊCH  TIẾP DÂN".replace("  ", " ") in classify("LỊCH  TIẾP DÂN của Giám đốc Sở").why


def test_a_title_without_cues_is_not_counted_and_says_so() -> None:
    decision = classify("Xyz")
    assert decision.category is None
    assert decision.why == ("title: (không có từ ngữ thuộc năm mục tin)",)
    assert decision.runner_up is None


def test_what_is_not_counted_has_its_reason() -> None:
    decision = classify("Đại biểu HĐND tỉnh tiếp xúc cử tri")
    assert decision.category is None
    assert "title: tiếp xúc cử tri" in decision.why


@pytest.mark.parametrize("title", TITLES)
def test_every_reason_on_the_title_is_in_the_title(title: str) -> None:
    for reason in classify(title).why:
        place, _, quoted = reason.partition(": ")
        assert place == "title"
        assert quoted in title or quoted.startswith("(")


@pytest.mark.parametrize("title", COUNTED)
def test_without_the_cited_words_the_decision_falls_or_weakens(title: str) -> None:
    before, after = classify(title), classify(_without_cited(title))
    assert (after.category, after.confidence) != (before.category, before.confidence)
    assert after.category is not before.category or after.confidence < before.confidence


@given(st.sampled_from(TITLES))
def test_the_unicode_form_of_a_title_does_not_matter(title: str) -> None:
    assert classify(unicodedata.normalize("NFD", title)) == classify(title)


@given(st.sampled_from(TITLES), st.sampled_from([" ", "\u00a0", "\u200b ", "\n\t"]))
def test_white_space_does_not_matter(title: str, space: str) -> None:
    assert classify(title.replace(" ", space)).category is classify(title).category


@given(st.sampled_from(TITLES))
def test_capitals_do_not_matter(title: str) -> None:
    assert classify(title.upper()).category is classify(title).category


@given(
    st.text(max_size=200), st.none() | st.text(max_size=60), st.none() | st.text(max_size=200), st.none() | st.dates()
)
def test_any_text_gets_a_decision(title: str, section: str | None, body: str | None, published: date | None) -> None:
    decision = classify(title, section, body, published)
    assert 0 < decision.confidence <= 1
    assert decision.why
    assert decision.runner_up is None or decision.runner_up is not decision.category


def test_most_titles_survive_the_loss_of_every_diacritic() -> None:
    kept = [classify(fold(title)).category is classify(title).category for title in TITLES]
    assert sum(kept) / len(kept) > 0.9


@pytest.mark.parametrize(
    ("printed", "category"),
    [
        ("Thông báo hoãn buổi tiếp công dân", SCHEDULE),
        ("Phó Giám đốc Nguyễn Quốc Huy chủ trì buổi tiếp dân", RECEPTION),
        ("Hoàn thành bàn giao nhà cho hộ nghèo", None),
        ("Đón tiếp công dân hoàn thành nghĩa vụ quân sự", None),
    ],
)
def test_look_alikes_are_told_apart_by_their_diacritics(printed: str, category: Category | None) -> None:
    assert classify(printed).category is category


@pytest.mark.parametrize(
    "title",
    ["Quy chế tiếp dân", "Qui chế tiếp dân", "QUY CHẾ TIẾP DÂN", "Quy che tiep dan", "Quy chế tiếp cơng dân"],
)
def test_spellings_of_the_same_words_agree(title: str) -> None:
    assert classify(title).category is RULES


def test_a_misplaced_post_keeps_what_its_title_says() -> None:
    assert classify("Nội quy tiếp công dân", section="Lịch tiếp công dân").category is RULES


def test_a_section_that_agrees_makes_surer_and_one_that_contradicts_less_sure() -> None:
    title = "Chủ tịch UBND huyện tiếp công dân"
    alone = classify(title).confidence
    assert classify(title, section="Thông tin tiếp công dân định kỳ").confidence > alone
    assert classify(title, section="Báo cáo công tác tiếp công dân").confidence < alone


def test_a_title_that_says_nothing_leaves_the_word_to_the_section_but_not_surely() -> None:
    decision = classify("Thông báo số 25/TB-SNV", section="Tiếp công dân > Lịch tiếp công dân")
    assert decision.category is SCHEDULE
    assert decision.why == ("section: Lịch tiếp công dân",)
    assert decision.confidence < 0.75


def test_only_the_last_part_of_a_section_path_speaks() -> None:
    decision = classify("Tháng 11/2019", section="Lịch tiếp công dân > Báo cáo công tác tiếp công dân")
    assert decision.category is REPORTS


@pytest.mark.parametrize(
    ("title", "published", "category"),
    [
        ("Chủ tịch UBND tỉnh tiếp công dân định kỳ ngày 12/11/2019", date(2019, 11, 8), SCHEDULE),
        ("Chủ tịch UBND tỉnh tiếp công dân định kỳ ngày 12/11/2019", date(2019, 11, 12), RECEPTION),
        ("Bí thư Thành ủy tiếp công dân ngày 3 tháng 01", date(2019, 12, 30), SCHEDULE),
        ("Bí thư Thành ủy tiếp công dân ngày 28/12", date(2020, 1, 2), RECEPTION),
        ("Kết quả buổi tiếp công dân ngày 21/08/2019", date(2019, 8, 19), RECEPTION),
        ("Bí thư Thành ủy tiếp công dân ngày 31/02", date(2020, 1, 2), RECEPTION),
        ("Khai mạc giải cầu lông chào mừng ngày 20/10", date(2019, 9, 9), None),
        ("Thông báo không thụ lý giải quyết đơn đề ngày 21/09/2019", date(2019, 9, 1), PETITIONS),
        ("Luật Tiếp công dân có hiệu lực từ ngày 01/7/2014", date(2014, 6, 1), None),
    ],
)
def test_a_session_with_a_day_ahead_is_announced(title: str, published: date, category: Category | None) -> None:
    assert classify(title, published=published).category is category


def test_what_the_body_mentions_in_passing_does_not_outweigh_the_title() -> None:
    body = "Các tin khác: Lịch tiếp công dân tháng 10; Đại biểu tiếp xúc cử tri; Tập huấn nghiệp vụ tiếp công dân."
    assert classify("Nội quy tiếp công dân", body=body).category is RULES
    assert classify("Khai mạc hội diễn văn nghệ", "Tin tức", body, date(2019, 9, 9)).category is None


def test_the_day_that_decided_is_cited() -> None:
    decision = classify("Giám đốc Sở tiếp công dân ngày 5/10", published=date(2019, 10, 1))
    assert "title: ngày 5/10" in decision.why


def test_the_body_tells_a_session_announced_from_one_held() -> None:
    title = "Chủ tịch UBND huyện tiếp công dân định kỳ tháng 11"
    assert classify(title, body="Chủ tịch UBND huyện sẽ tiếp công dân tại Trụ sở.").category is SCHEDULE
    assert classify(title, body="Sáng 15/11, Chủ tịch UBND huyện đã tiếp công dân.").category is RECEPTION


SAYING = {
    "section": "Lịch tiếp công dân",
    "body": "Chủ tịch UBND huyện sẽ tiếp công dân định kỳ tại Trụ sở.",
    "document": "Lịch tiếp công dân của Chủ tịch UBND huyện",
}


@given(
    st.sampled_from([*COUNTED, "Thông báo số 25/TB-SNV"]),
    st.fixed_dictionaries({}, optional={place: st.just(text) for place, text in SAYING.items()}),
)
def test_without_what_is_cited_anywhere_the_decision_falls_or_weakens(title: str, texts: dict[str, str]) -> None:
    before = classify(title, **texts)
    given = {"title": title, **texts}
    left = dict(given)
    for reason in sorted(before.why, key=len, reverse=True):
        place, _, quoted = reason.partition(": ")
        assert quoted in given[place]
        left[place] = left[place].replace(quoted, " ")
    after = classify(**left)
    assert after.category is not before.category or after.confidence < before.confidence


def test_a_file_speaks_where_the_title_says_nothing_and_is_cited() -> None:
    decision = classify("Thông báo số 12/TB-UBND", document="Lịch tiếp công dân định kỳ của Chủ tịch UBND xã")
    assert decision.category is SCHEDULE
    assert any(reason.startswith("document: ") for reason in decision.why)


def test_a_file_does_not_outweigh_a_title_that_is_clear() -> None:
    assert classify("Nội quy tiếp công dân", document="Lịch tiếp công dân tháng 11 năm 2019").category is RULES
