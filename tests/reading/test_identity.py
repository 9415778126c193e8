"""When two addresses are one page's, whatever the system: noise never parts them, what identifies always does."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.reading.addresses import identity, lasting

POST = "http://so.example/tin/lich-tiep-cong-dan-123.html"
LIFERAY = "http://so.example/tin/-/view_content/76301973-lich.html"

ONE = [
    (POST, "https://www.so.example:443/tin/lich-tiep-cong-dan-123.html"),
    (POST, "http://so.example:443/tin/lich-tiep-cong-dan-123.html/"),
    (POST, "http://so.example/index.php/tin/lich-tiep-cong-dan-123.html"),
    (POST, "http://so.example/savefile/tin/lich-tiep-cong-dan-123.html"),
    (POST, "http://so.example/print/tin/lich-tiep-cong-dan-123.html"),
    (POST, POST + ";jsessionid=0A1B2C3D4E5F"),
    (POST, "http://so.example/(S(lit3py55t21z5v55vlm25s55))/tin/lich-tiep-cong-dan-123.html"),
    (POST, "http://so.example//tin//lich-tiep-cong-dan-123.html"),
    ("http://so.example/vi/news/Tin/lich-12.html", "http://so.example/vi/news/savefile/Tin/lich-12.html"),
    ("http://so.example/2019/11/05/lich/", "http://so.example/2019/11/05/lich/amp/"),
    ("http://so.example/node/12", "http://so.example/node/12/print"),
    ("http://so.example/portal/index.php/tin/5", "http://so.example/portal/tin/5"),
    ("http://so.example/Pages/Lich.aspx?ItemID=7", "http://so.example/pages/lich.aspx?itemid=7&IsDlg=1"),
    ("http://so.example/Pages/a.aspx?ID=7", "http://so.example/Pages/a.aspx?ID=7&Source=http%3A%2F%2Fso.example%2F"),
    ("http://so.example/Default.aspx?tabid=9", "http://so.example/?tabid=9"),
    ("http://so.example/tin/5", "http://so.example/tin/5?tmpl=component&print=1&layout=default&page="),
    (LIFERAY, LIFERAY + "?_101_redirect=%2Ftin&p_auth=x1Yz&p_p_lifecycle=0&p_p_state=normal&p_p_mode=view"),
    (LIFERAY, LIFERAY.replace("/tin/", "/web/guest/tin/")),
    ("http://so.example/?a=1&b=2", "http://so.example/?b=2&amp;a=1"),
    ("http://so.example/Lịch", "http://so.example/" + quote(unicodedata.normalize("NFD", "Lịch"))),
    ("http://so.example/t%c3%aan", "http://so.example/t%C3%AAn"),
]
TWO = [
    ("http://so.example/tin.php?id=1", "http://so.example/tin.php?id=2"),
    ("http://so.example/modules.php?name=News&sid=123", "http://so.example/modules.php?name=News&sid=124"),
    ("http://so.example/Default.aspx?tabid=9&id=1", "http://so.example/Default.aspx?tabid=8&id=1"),
    ("http://so.example/?tabid=9&NewsViews=1", "http://so.example/?tabid=9&NewsViews=2"),
    ("http://so.example/a.aspx?ItemID=1", "http://so.example/a.aspx?ItemID=2"),
    ("http://so.example/a?v=1", "http://so.example/a?v=2"),
    ("http://so.example/a?ref=12", "http://so.example/a?ref=13"),
    ("http://so.example/index.php?r=lich/view&id=1", "http://so.example/index.php?r=noiquy/view&id=1"),
    ("http://so.example/index.php?q=lich", "http://so.example/index.php?q=noi-quy"),
    ("http://so.example/Lich", "http://so.example/lich"),
    ("http://so.example/%C1%E1", "http://so.example/%C1%E2"),
    ("http://so.example:81/tin/1", "http://so.example/tin/1"),
    ("http://so.example/tin?page=2", "http://so.example/tin?page=3"),
    ("http://so.example/tin?start=10", "http://so.example/tin"),
    ("http://so.example/print-lich.html", "http://so.example/lich.html"),
    ("http://so.example/viewer.html?src=/a.pdf", "http://so.example/viewer.html?src=/b.pdf"),
]


@pytest.mark.parametrize(("one", "other"), ONE)
def test_addresses_of_one_page(one: str, other: str) -> None:
    assert identity(one) == identity(other)


@pytest.mark.parametrize(("one", "other"), TWO)
def test_addresses_of_two_pages(one: str, other: str) -> None:
    assert identity(one) != identity(other)


NUMBERS = st.integers(1, 10**7)
IDENTIFYING = st.sampled_from(
    [
        "id",
        "ID",
        "ItemID",
        "newsid",
        "NewsViews",
        "tabid",
        "sid",
        "p",
        "cid",
        "idtin",
        "iThuTuc",
        "tc",
        "p_p_id",
        "t",
        "v",
    ]
)
NOISE = st.sampled_from(
    [
        "utm_source=facebook",
        "utm_medium=zalo",
        "fbclid=IwAR0x9",
        "PHPSESSID=9f86d081884c7d65",
        "jsessionid=0A1B2C",
        "sid=9f86d081884c7d659a2feaa0c55ad015",
        "p_auth=Qx7",
        "_101_redirect=%2Flich",
        "_101_INSTANCE_aB3_redirect=http%3A%2F%2Fso.example%2F",
        "redirect=/lich",
        "print=1",
        "tmpl=component",
        "Source=%2FLists%2Ftin",
        "_=1573635600000",
        "ref=home",
        "zarsrc=30",
    ]
)
PATHS = st.sampled_from(
    ["/", "/tin", "/tin/lich-12.html", "/index.php", "/Default.aspx", "/Pages/Tin.aspx", "/vi/a/b/"]
)


@given(PATHS, IDENTIFYING, NUMBERS, st.lists(NOISE, max_size=4), st.randoms(use_true_random=False))
def test_noise_never_changes_the_identity(path: str, name: str, number: int, noise: list[str], dice: object) -> None:
    pairs = [f"{name}={number}", *noise]
    dice.shuffle(pairs)  # type: ignore[attr-defined]
    plain = f"http://so.example{path}?{name}={number}"
    assert identity(f"https://www.so.example{path}?{'&'.join(pairs)}") == identity(plain)


@given(PATHS, IDENTIFYING, NUMBERS, NUMBERS, st.lists(NOISE, max_size=3))
def test_another_number_is_another_post(path: str, name: str, one: int, other: int, noise: list[str]) -> None:
    first, second = (identity(f"http://so.example{path}?{'&'.join([f'{name}={n}', *noise])}") for n in (one, other))
    assert (first == second) == (one == other)


@given(st.text(max_size=40))
def test_any_text_has_an_identity(text: str) -> None:
    url = f"http://so.example/{text}"
    assert identity(url).encode()
    assert identity(lasting(url)) == identity(url)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        (POST + "?utm_source=x&id=7&PHPSESSID=9f", POST + "?id=7"),
        (POST + ";jsessionid=0A1B?fbclid=1", POST),
        ("http://so.example/(S(abc123))/Tin.aspx?ItemID=7", "http://so.example/Tin.aspx?ItemID=7"),
        (LIFERAY + "?p_auth=9&p_p_state=maximized", LIFERAY + "?p_p_state=maximized"),
        ("http://so.example/?q=%E1%BB%8B+b", "http://so.example/?q=%E1%BB%8B+b"),
    ],
)
def test_an_address_that_lasts_keeps_what_the_server_needs(url: str, kept: str) -> None:
    assert lasting(url) == kept
