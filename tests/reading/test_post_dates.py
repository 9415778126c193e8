"""The dates of a post's own page: what it shows, what it tells machines, and what stands around it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.reading.article import Article, read_article
from auditor.reading.page import parse
from auditor.reading.stamps import document_head, fixtures
from tests.reading.frozen import NOW
from tests.reading.test_dates import DAY_FORMS, MOMENT_FORMS, TIMES, WEEKDAYS

URL = "http://so.example.gov.vn/lich/bai-1.html"
TITLE = "Thông báo lịch tiếp công dân của lãnh đạo Sở"
TEXT = "<p>" + "Căn cứ Luật Tiếp công dân, đơn vị thông báo để công dân được biết. " * 5 + "</p>"
MENU = "<ul><li><a href='/'>Trang chủ</a></li><li><a href='/lien-he/'>Liên hệ</a></li></ul>"


def page(content: str, *, head: str = "", above: str = "", below: str = "") -> str:
    return (
        f"<html><head><title>{TITLE}</title>{head}</head><body>{MENU}<div class=top>{above}</div><div class=main>"
        f"<h1>{TITLE}</h1>{content}{TEXT}</div><div class=foot>{below}</div></body></html>"
    )


def read(text: str, **facts: Any) -> Article:
    return read_article(parse(text.encode(), URL), expected=TITLE, now=NOW, **facts)


def days(article: Article) -> tuple[date | None, date | None, date | None]:
    return tuple(  # type: ignore[return-value]
        stamp and stamp.day for stamp in (article.stamp, article.modified, article.document_date)
    )


HEAD = "<p>ỦY BAN NHÂN DÂN TỈNH</p><p>Số: 125/TB-UBND</p><p>Đắk Nông, ngày 05 tháng 3 năm 2019</p>"


@pytest.mark.parametrize(
    ("content", "head", "expected"),
    [
        ("<p>Ngày đăng: 12/03/2019</p>" + HEAD, "", (date(2019, 3, 12), None, date(2019, 3, 5))),
        (HEAD, "", (None, None, date(2019, 3, 5))),
        ("<p>Số: 125/TB-UBND Đắk Nông, ngày 05 tháng 3 năm 2019</p>", "", (None, None, date(2019, 3, 5))),
        ("<p>Đắk Nông, ngày ….. tháng 12 năm 2021</p>", "", (None, None, None)),
        ("<p>Tại Đắk Nông, ngày 05 tháng 3 năm 2019, Chủ tịch tiếp công dân.</p>", "", (None, None, None)),
        ("<p>Căn cứ Quyết định số 12/QĐ-UBND ngày 01/02/2014;</p>", "", (None, None, None)),
        ("<p>Cập nhật lần cuối: 12/11/2019</p>", "", (None, date(2019, 11, 12), None)),
        ("<p>12/11/2019</p>", "<meta name=DC.date.issued content=2019-11-01>", (date(2019, 11, 12), None, None)),
        ("", "<meta name=DC.date.issued content=2019-11-01>", (date(2019, 11, 1), None, None)),
        ("", "<meta name=DC.date.modified content=2019-11-01>", (None, date(2019, 11, 1), None)),
        ("", "<meta name=DCTERMS.created content=2019-11-01T08:00:00+07:00>", (date(2019, 11, 1), None, None)),
        ("", "<meta property=article:modified_time content=2019-11-01>", (None, date(2019, 11, 1), None)),
        ("", "<meta name=DC.date.valid_range content='2019/11/01 - '>", (None, None, None)),
        ("<span itemprop=datePublished content=2019-11-01>x</span>", "", (date(2019, 11, 1), None, None)),
        ("<span itemprop=dateModified content=2019-11-01>x</span>", "", (None, date(2019, 11, 1), None)),
        ("<time class=published datetime=2019-11-01></time><time class=updated datetime=2019-11-09></time>", "",
         (date(2019, 11, 1), None, None)),
        ("<time datetime=2019-11-01></time><time datetime=2019-11-09></time>", "", (None, None, None)),
        ("", ('<script type=application/ld+json>{"@graph": [{"@type": "NewsArticle", "datePublished": "2019-11-01"}]}'
         "</script>"), (date(2019, 11, 1), None, None)),
        ("", ('<script type=application/ld+json>{"url": "http://so.example.gov.vn/khac", "datePublished": "2019-11-01"}'
         "</script>"), (None, None, None)),
        ("", '<script type=application/ld+json>{"itemListElement": [{"datePublished": "2019-11-01"}]}</script>',
         (None, None, None)),
        ("", ('<script type=application/ld+json>[{"datePublished": "2019-11-01"}, {"datePublished": "2019-11-05"}]'
         "</script>"), (None, None, None)),
        ("", "<meta property=article:published_time content='2019-09-28+0707:49:00'>", (None, None, None)),
        ("", "<meta property=article:published_time content='0001-01-01T00:00:00'>", (None, None, None)),
    ],
)  # fmt: skip
def test_dates_of_a_post(content: str, head: str, expected: tuple[date | None, ...]) -> None:
    assert days(read(page(content, head=head))) == expected


@pytest.mark.parametrize("line", ["Đắk Nông, ngày 05 tháng 3 năm 2019", "TP. Hồ Chí Minh, ngày 5 tháng 3 năm 2019."])
def test_heads_of_documents(line: str) -> None:
    stamp = document_head(line)
    assert stamp is not None
    assert stamp.day == date(2019, 3, 5)


@pytest.mark.parametrize(
    "clock",
    [
        "Thứ Tư, 20/11/2019",
        "Wednesday, 20/11/2019 - 09:40|",
        "Hôm nay: Ngày 20 tháng 11 năm 2019",
        "Bây giờ là 10:00 20/11/2019",
        "20/11/2019 09:59:58",
        "18:29 +07 Thứ tư, 20/11/2019",
    ],
)
def test_a_page_with_a_clock_and_no_date_has_none(clock: str) -> None:
    assert read(page("", above=clock)).stamp is None
    assert read(page("", above=f"<b>{clock}</b>")).stamp is None


def test_a_clock_that_goes_wrong_is_known_from_the_home_page() -> None:
    clock = "<span>Thứ ba, 19/03/2013</span>"
    home = fixtures(parse(page("", above=clock, below="<p>Cập nhật lần cuối: 02/01/2015</p>").encode(), URL))
    post = page("", above=clock, below="<p>Cập nhật lần cuối: 02/01/2015</p>")
    assert days(read(post)) == (date(2013, 3, 19), date(2015, 1, 2), None)
    assert days(read(post, standing=home)) == (None, None, None)
    told = page("<p>Ngày đăng: 12/11/2019</p>", above=clock)
    assert days(read(told, standing=home))[0] == date(2019, 11, 12)


def test_a_meta_that_every_page_has_is_no_date_of_a_post() -> None:
    meta = "<meta name=DC.date.created content=2012-05-05>"
    standing = fixtures(parse(page("", head=meta).encode(), URL))
    assert read(page("", head=meta), standing=standing).stamp is None
    assert read(page("", head="<meta name=DC.date.created content=2019-05-05>"), standing=standing).stamp is not None


CLOCKS = (
    lambda moment: f"{WEEKDAYS[moment.weekday()]}, {moment:%d/%m/%Y}",
    lambda moment: f"{moment:%H:%M:%S} {moment:%d/%m/%Y}",
    lambda moment: f"Hôm nay: Ngày {moment.day} tháng {moment.month} năm {moment.year}",
    lambda moment: f"{moment:%H:%M} EST {WEEKDAYS[moment.weekday()]}, {moment:%d/%m/%Y}",
)
NOISE = ("", "<span>Lượt xem: 197</span>", "<p>Tác giả: Quản trị viên</p>", "<p>Cỡ chữ A- A A+</p>", "<span>197</span>")
PAST = st.dates(date(1998, 1, 1), date(2019, 11, 18))


@given(
    PAST,
    TIMES,
    st.sampled_from(DAY_FORMS) | st.sampled_from(MOMENT_FORMS[:-1]),  # the last one is for machines
    st.datetimes(datetime(2019, 11, 20), datetime(2019, 11, 21)),  # noqa: DTZ001 - a wall clock
    st.sampled_from(CLOCKS),
    st.sampled_from(NOISE),
    st.sampled_from(NOISE),
)
def test_any_date_amid_any_noise_is_read_and_the_clock_never(
    day: date, clock: Any, form: Any, moment: datetime, shown: Any, before: str, after: str
) -> None:
    text = form(day) if form in DAY_FORMS else form(day, clock)
    stamp = read(page(f"{before}<div>{text}</div>{after}", above=shown(moment))).stamp
    assert stamp is not None
    assert stamp.day == day
    without = read(page(f"{before}{after}", above=shown(NOW))).stamp
    assert without is None
