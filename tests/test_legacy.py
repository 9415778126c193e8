"""Old fonts, text decoded twice, entities escaped twice: undone where certain, and nothing else is touched."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import legacy, mojibake
from auditor.legacy import Encoding, detect, from_tcvn3
from auditor.repair import restore
from auditor.syllables import is_syllable
from auditor.text import fold
from tests.encodings import misread, tcvn3, vni

TITLES = [
    json.loads(line)["title"]
    for line in (Path(__file__).parent / "classify" / "corpus.jsonl").read_text("utf-8").splitlines()
]
MARKED = [title for title in TITLES if len({word for word in title.split() if not word.isascii()}) > 2]
FOREIGN = [
    "À la fois été et hiver, le café de la préfecture où l'on reçoit les élèves français à Noël, Loïc et Anaïs",
    "Le président de la République a reçu à l'Élysée les maires des communes concernées par la sécheresse",
    "Le thé, la santé, l'été : là où c'était prévu, il a été décidé de naître à Citroën, maïs et haïr",
    "Die Bürger können über Änderungen für die öffentliche Prüfung größere Gebühren zahlen; Straße, Fußgänger",
    "El año próximo el niño comió mañana en España según la información de la administración pública",
    "Não são ações nem informações; à noite o avô e a avó estão lá, três mães, órgãos, coração",
    "Så är det på svenska: öppettider för ärenden, en ö och en å, räksmörgås",
    "Naïve façade, résumé, coördinate, Zoë Brontë, 25 °C ± 2, 5 µm, © 2019 ®, £10, ½ l, « quoted » text·more",
    "Příliš žluťoučký kůň úpěl ďábelské ódy; Zażółć gęślą jaźń; İstanbul'da güneşli bir gün, çok güzel",
    "Công ty TNHH Nestlé, Bà Hélène, ông José: 30 m², 15º, «Nội quy», Trang chủ»Tin tức»Tiếp công dân",
    "UBND XÃ\u00a0ĐẮK WER, “DANH HIỆU VĂN HÓA XÃ”, Nhà máy X‘ĂNG DẦU’, HÀ… ĐÃ– RỒI",
    "Số 12/2019/NĐ-CP; 02:42; http://snv.example.gov.vn/?a=1&copy=2&reg=3; A&B; Q&amp;A",
]


@pytest.mark.parametrize("title", MARKED)
def test_every_title_comes_back_from_the_old_encodings(title: str) -> None:
    title = unicodedata.normalize("NFC", title).replace("Ð", "Đ")
    assert detect(tcvn3(title)) is Encoding.TCVN3
    assert from_tcvn3(tcvn3(title)).lower() == title.lower()
    if vni(title) != title:
        assert restore(vni(title)) == title
    assert restore(misread(title)) == restore(misread(misread(title))) == title


@pytest.mark.parametrize("text", [*TITLES, *FOREIGN])
def test_no_true_text_is_changed(text: str) -> None:
    for form in ("NFC", "NFD"):
        for shown in (text, text.upper(), text.lower()):
            given_text = unicodedata.normalize(form, shown)  # type: ignore[arg-type]
            assert detect(given_text) is None
            assert mojibake.repair(given_text) == given_text


@given(st.lists(st.sampled_from(sorted({word for title in TITLES for word in title.split()})), max_size=12))
def test_no_sentence_of_true_words_is_changed(words: list[str]) -> None:
    sentence = " ".join(words)
    assert restore(sentence) == mojibake.unescape(sentence)


@given(st.text(st.characters(max_codepoint=0x2FF)))
def test_any_text_is_looked_at(text: str) -> None:
    assert isinstance(restore(text), str)
    assert all(isinstance(convert(text), str) for convert in legacy.CONVERT.values())


@pytest.mark.parametrize(
    ("damaged", "meant"),
    [
        ("TiÕp c«ng d©n", "Tiếp công dân"),
        ("LÞCH TIÕP C¤NG D¢N TH¸NG 11/2019", "LỊCH TIẾP CÔNG DÂN THÁNG 11/2019"),
        ("§iÒu 5. Tr\u00adëng ban; n¬i nhËn: «ng NguyÔn V¨n ¸nh", "Điều 5. Trưởng ban; nơi nhận: ông Nguyễn Văn ánh"),
        ("Tieáp coâng daân", "Tiếp công dân"),
        ("LÒCH TIEÁP COÂNG DAÂN", "LỊCH TIẾP CÔNG DÂN"),
        ("UÛy ban nhaân daân huyeän Ñaék Song, ngöôøi daân", "Ủy ban nhân dân huyện Đắk Song, người dân"),
        ("Lá»‹ch tiáº¿p cÃ´ng dÃ¢n", "Lịch tiếp công dân"),
        ("Lá»\u008bch tiáº¿p dÃ¢n lÃ\u00a0 gÃ¬", "Lịch tiếp dân là gì"),
        ("tiáº¿p cÃ´ng dÃ¢n - Sở Nội vụ", "tiếp công dân - Sở Nội vụ"),
        ("â€œNá»™i quyâ€\u009d sá»‘ 12/TB-UBND", "“Nội quy” số 12/TB-UBND"),
        ("Ti&#7871;p c&ocirc;ng d&acirc;n", "Tiếp công dân"),
        ("Ti&amp;#7871;p d&acirc;n &amp; A&B &lt;b&gt;", "Tiếp dân & A&B &lt;b&gt;"),
    ],
)
def test_damage_is_undone(damaged: str, meant: str) -> None:
    assert restore(damaged) == meant


def test_one_word_needs_a_font_that_says_so() -> None:
    assert detect("b¸o") is None
    assert detect("b¸o", expected=Encoding.TCVN3) is Encoding.TCVN3
    assert detect("báo", expected=Encoding.TCVN3) is None
    assert detect("báo cáo thông tin", expected=Encoding.VNI) is None


@pytest.mark.parametrize("word", "Tiếp uỷ ủy HOÀ hòa nghiêng Đắk quý quí giờ giếng gì yêu khuỷu thoả Ý".split())  # noqa: SIM905
def test_syllables(word: str) -> None:
    assert is_syllable(word)
    assert is_syllable(unicodedata.normalize("NFD", word))


@pytest.mark.parametrize("word", ["tiÕp", "été", "için", "thiếtp", "bàc", "tiếế", "für", "", "a" * 50, "ngưò̉i"])
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize(
    "spellings",
    [
        ("Nội quy tiếp công dân", "Nội qui tiếp công dân", "NỘI QUI TIẾP CÔNG DÂN"),
        ("quý IV", "quí IV", "Quí  IV"),
        ("định kỳ, xử lý", "định kì, xử lí"),
        ("tỷ lệ", "tỉ lệ"),
        ("Thuý, uỷ, hoà", "Thúy, ủy, hòa"),
        ("người được", "ngƣời đƣợc"),
    ],
)
def test_both_spellings_compare_equal(spellings: tuple[str, ...]) -> None:
    assert len({fold(each) for each in spellings}) == 1
