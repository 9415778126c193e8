"""Bytes become text: what is declared wrongly, not at all, or half; and the fonts of old."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.reading.decoding import decode
from auditor.reading.page import Page, opening, parse
from auditor.text import clean
from tests.encodings import cp1258, misread, tcvn3, vni

URL = "http://so.example.gov.vn/"
TEXT = "Thông báo lịch tiếp công dân của Giám đốc Sở Nội vụ tháng 11 năm 2019, quý IV và kết quả giải quyết đơn thư"
HTML = f"<html><head><title>Sở Nội vụ</title></head><body><p>{TEXT}</p><a href='/a' title='Nội quy'>Nội quy</a>"


def _shown(body: bytes, content_type: str = "") -> str:
    return clean(opening(parse(body, URL, content_type).root.find(".//p")))


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (HTML.encode(), "text/html; charset=ISO-8859-1"),
        (HTML.encode().replace(b"<head>", b"<head><meta charset=windows-1252>"), ""),
        (codecs.BOM_UTF8 + HTML.encode(), "text/html"),
        (codecs.BOM_UTF16_LE + HTML.encode("utf-16-le"), "text/html; charset=utf-8"),
        (codecs.BOM_UTF16_BE + HTML.encode("utf-16-be"), ""),
        (HTML.encode("utf-16-le"), "text/html"),
        (HTML.encode("utf-16-be"), ""),
        (cp1258(HTML), "text/html; charset=windows-1258"),
        (cp1258(HTML), ""),
        (cp1258(HTML), "text/html; charset=iso-8859-1"),
        (cp1258(HTML).replace(b"<head>", b"<head><meta charset=x-sjis>"), ""),
        (cp1258(HTML).replace(b"<head>", b"<head><meta charset=shift_jis>"), ""),
        (cp1258(HTML), "text/html; charset=utf-8"),
        (cp1258(HTML), "text/html; charset=hex"),
        (tcvn3(HTML).encode("latin-1"), ""),
        (tcvn3(HTML).encode("latin-1"), "text/html; charset=windows-1258"),
        (tcvn3(HTML).encode("latin-1"), "text/html; charset=utf-8"),
        (tcvn3(HTML).encode("latin-1"), "text/html; charset=x-user-defined"),
        (tcvn3(HTML).encode(), "text/html; charset=utf-8"),
        (vni(HTML).encode("latin-1"), "text/html; charset=iso-8859-1"),
        (vni(HTML).encode("latin-1"), "text/html; charset=x-sjis"),
        (vni(HTML).encode(), ""),
        (misread(HTML).encode(), "text/html; charset=utf-8"),
        (misread(misread(HTML)).encode(), ""),
        (HTML.encode("ascii", "xmlcharrefreplace"), ""),
        (HTML.encode("ascii", "xmlcharrefreplace").replace(b"&", b"&amp;"), ""),
        (tcvn3(HTML).encode("ascii", "xmlcharrefreplace"), "text/html; charset=us-ascii"),
    ],
)
def test_text_is_read_whatever_its_charset(body: bytes, content_type: str) -> None:
    page = parse(body, URL, content_type)
    assert _shown(body, content_type) == TEXT
    assert page.title == "Sở Nội vụ"
    assert page.links[0].text == "Nội quy"
    assert clean(page.root.find(".//a").get("title")) == "Nội quy"


@pytest.mark.parametrize("wrong", [b"\xff", b"\xe1", b"\x90", b"\xe1\xbb"])
def test_a_bad_byte_spoils_nothing_but_itself(wrong: bytes) -> None:
    body = HTML.encode().replace(b"2019", b"20" + wrong + b"19", 1)
    assert _shown(body, "text/html; charset=utf-8").replace("\ufffd", "") == TEXT


def test_a_letter_cut_in_two_at_the_end_of_a_title_is_left_out() -> None:
    cut = TEXT.encode()[:-3] + b"..."
    body = f"<p>{TEXT}</p>".encode() + b"<i>" + cut + b"</i><b>" + TEXT.encode()[:-3] + b"</b>"
    page = parse(body, URL)
    assert opening(page.root.find(".//i")) == TEXT[:-2] + "..."
    assert opening(page.root.find(".//b")) == TEXT[:-2]


def test_a_fragment_in_an_old_font_within_a_page_in_unicode() -> None:
    body = HTML.encode() + b"<div>" + tcvn3(TEXT).encode("latin-1") + b"</div><i>" + vni(TEXT).encode() + b"</i>"
    page = parse(body, URL, "text/html; charset=utf-8")
    assert _shown(body) == opening(page.root.find(".//div")) == opening(page.root.find(".//i")) == TEXT


def test_a_fragment_in_unicode_within_a_page_in_an_old_font() -> None:
    body = tcvn3(TEXT * 5).encode("latin-1") + f"<p>{TEXT}</p>".encode()
    assert _shown(body) == TEXT


def _styled(style: str, text: str) -> Page:
    return parse(f"<style>{style}</style><p class=t>{text}</p><b>d©n</b>".encode(), URL)


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<font face='.VnTime'>B¸o</font>", "Báo"),
        ("<font face='.VnTimeH'>B¸o c¸o th¸ng</font>", "BÁO CÁO THÁNG"),
        ("<font face='.VnTimeH'><b>N¨m</b> 2019 cña ban</font>", "NĂM 2019 CỦA BAN"),
        ("<span style='FONT-FAMILY: .VnArial; color:red'>B¸o</span>", "Báo"),
        ("<span style=\"font: 14pt '.VnArial'\">B¸o</span>", "Báo"),
        ("<font face='VNI-Times'>Baùo</font>", "Báo"),
        ("<font face='VNI-Times'>Bá<b>o</b></font>", "Báo"),
        ("<font face='.VnTime'>Báo cáo, Thông tư, Tố tụng</font>", "Báo cáo, Thông tư, Tố tụng"),
        ("<font face='.VnTimeH'>Báo cáo</font>", "Báo cáo"),
        ("<font face='.VnTime'>ti</font><font face='.VnTime'>Õ</font><font face='.VnTime'>p</font>", "tiếp"),
        ("<font face='.VnTime'><span style='font-family:Arial'>Loïc</span></font>", "Loïc"),
        ("<font face=Arial>Loïc</font>", "Loïc"),
        ("b¸o", "b¸o"),
        ("tiÕp d©n</p><p>b¸o", "tiếp dân"),
    ],
)
def test_a_font_says_how_its_text_is_meant(html: str, shown: str) -> None:
    assert _shown(f"<body><p>{html}</p></body>".encode()).replace(" ", "") == shown.replace(" ", "")


@pytest.mark.parametrize(
    "style",
    [
        "p {font-family: .VnTime}",
        ".t { font: 13pt .VnTime, serif }",
        "body { color: red } div, td p.t { font-family: '.VnTime' }",
        "@media screen { .t { font-family: .VnTime } }",
        "body { font-family: .VnTime } b { font-family: Arial }",
    ],
)
def test_a_style_sheet_names_the_font(style: str) -> None:
    page = _styled(style, "B¸o")
    assert opening(page.root.find(".//p")) == "Báo"
    assert opening(page.root.find(".//b")) == "d©n"


def test_one_word_follows_the_rest_of_its_page() -> None:
    page = parse(f"<ul><li>{tcvn3(TEXT)}</li><li>B¸o</li><li>Nội quy</li><li>Thông báo</li></ul>".encode(), URL)
    assert [opening(item) for item in page.root.iter("li")] == [TEXT, "Báo", "Nội quy", "Thông báo"]


@given(st.binary(max_size=300), st.sampled_from(["", "utf-8", "windows-1258", "shift_jis", "utf-16", "utf-7", "idna"]))
def test_any_bytes_become_text(body: bytes, charset: str) -> None:
    text = decode(body, f"text/html; charset={charset}")
    assert text == text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass")
    parse(b"<font face=.VnTimeH>" + body, URL, f"text/html; charset={charset}")
