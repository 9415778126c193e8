from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.text import clean, fold, printable

# Surrogates too: JSON feeds can hold half a pair.
ANY_TEXT = st.text(st.characters())
# Letters, marks, spaces and invisible characters in every order, where joining goes wrong.
HARD_TEXT = st.text(
    st.sampled_from("aoAĐđÐðeEˆ\u0302\u0301\u0300\u0323\u031b \t\n\x0b\x85\x00\x1b\u00a0\u200b\u202e\ufeff’“–")
)
EITHER = ANY_TEXT | HARD_TEXT


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  Lịch\u00a0tiếp \n\t công   dân ", "Lịch tiếp công dân"),
        (unicodedata.normalize("NFD", "Lịch tiếp công dân"), "Lịch tiếp công dân"),
        ("Ðắk Nông, ðơn thư", "Đắk Nông, đơn thư"),
        ("Lịch\u200b tiếp\ufeff công\u00ad dân\u2060", "Lịch tiếp công dân"),
        ("a\u202egnp.exe\u202c", "agnp.exe"),
        ("\u2067Lịch\u2069", "Lịch"),
        ("\x1b[31mĐỏ\x1b[0m\x07", "[31mĐỏ[0m"),
        ("dòng một\x0bdòng hai\x0cdòng ba\x85dòng bốn\u2028dòng năm", "dòng một dòng hai dòng ba dòng bốn dòng năm"),
        ("a \x00 b", "a b"),
        ("e\u200b\u0302\u0301", "ế"),
        ("nửa \ud800 cặp", "nửa cặp"),
        ("Điều 5\u3000khoản\u20092", "Điều 5 khoản 2"),
        ("\u200b \u202f", ""),
        ("hoà", "hoà"),
    ],
)
def test_clean_gives_one_printable_line(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@pytest.mark.parametrize(
    "spellings",
    [
        ("Hoà Bình", "Hòa Bình", "HOÀ BÌNH", "hoa binh"),
        ("thuỷ lợi", "thủy lợi", "THUỶ LỢI"),
        ("Đắk Nông", "Ðắk Nông", "đắk nông", "ĐẮK NÔNG", "Dak Nong"),
        ("Đắk R'lấp", "Đắk R’lấp", "Đắk R‘lấp", "Đắk R`lấp", "Đắk Rʼlấp"),
        ("Tháng 10 – 11", "tháng 10 - 11", "THÁNG 10 — 11", "tháng 10 − 11"),
        ("“Nội quy” tiếp công dân", '"Nội quy" tiếp công dân', "«Nội quy» tiếp công dân", "„Nội quy” tiếp  công dân"),
        ("Sở Kế hoạch và Đầu tư", unicodedata.normalize("NFD", "sở kế hoạch và đầu tư")),
        ("khiếu nại", "khiếu\u200b nại", "khiếu\u00a0nại", "khiếu\x0bnại"),
    ],
)
def test_spellings_of_the_same_words_fold_alike(spellings: tuple[str, ...]) -> None:
    assert {fold(spelling) for spelling in spellings} == {fold(spellings[0])}


@pytest.mark.parametrize(
    ("one", "other"), [("tố cáo", "tố tụng"), ("tháng 1", "tháng 11"), ("dân", "dần dần"), ("R'lấp", "Rlấp")]
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_folded_text_is_plain() -> None:
    assert fold("Ủy ban  HOÀ Bình – Quý IV") == "uy ban hoa binh - quy iv"
    assert fold("ĂÂÊÔƠƯ ăâêôơư Ỵỹ") == "aaeoou aaeoou yy"


@given(EITHER)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(EITHER)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(EITHER)
def test_cleaned_text_is_one_harmless_line(text: str) -> None:
    cleaned = clean(text)
    assert not {letter for letter in cleaned if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"}}
    assert not {
        letter
        for letter in cleaned
        if unicodedata.bidirectional(letter) in {"RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI"}
    }
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert "Ð" not in cleaned


@given(EITHER)
def test_what_cleaning_or_normalising_changes_folding_does_not_see(text: str) -> None:
    assert fold(clean(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(EITHER, st.integers(1, 40))
def test_printable_keeps_its_limit(text: str, limit: int) -> None:
    line = printable(text, limit)
    assert len(line) <= limit
    assert line == clean(text) or (line.endswith("…") and clean(text).startswith(line[:-1]))


def test_printable_disarms_a_terminal() -> None:
    assert printable("xoá\x1b]0;tiêu đề\x07\r\nmàn hình\x9b2J") == "xoá]0;tiêu đề màn hình2J"
