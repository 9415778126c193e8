"""Listings as themes put them together: any row, any frame, any pager, any side bar gives the same posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.reading import navigation
from auditor.reading.article import read_article
from auditor.reading.listing import read_rows
from auditor.reading.page import parse
from auditor.reading.pager import read_pager

HOST = "so.example.gov.vn"
URL = f"http://{HOST}/tiep-cong-dan"
TITLES = (
    "Lịch tiếp công dân tháng {n} năm 2019 của Giám đốc Sở",
    "Thông báo kết quả tiếp công dân định kỳ tháng {n}/2019",
    "Quyết định giải quyết khiếu nại của ông Nguyễn Văn A số {n}",
    "Báo cáo công tác tiếp công dân, xử lý đơn thư tháng {n}",
    "Nội quy, quy chế tiếp công dân lần {n}",
)
NEWS = (
    "Hội nghị tổng kết công tác thi đua khen thưởng năm {n}",
    "Tập huấn sử dụng phần mềm quản lý văn bản đợt {n}",
    "Giải bóng chuyền nam nữ khối cơ quan lần thứ {n}",
    "Khánh thành công trình chào mừng ngày thành lập lần {n}",
)
TEASER = "Thực hiện kế hoạch công tác năm, đơn vị thông báo để các tổ chức, cá nhân được biết, phối hợp thực hiện."
ROWS = {
    "li": ("<ul>{}</ul>", "<li><a href='{u}'>{t}</a> <span>({d})</span></li>"),
    "li, date first": ("<ul>{}</ul>", "<li><i>{d}</i> <a href='{u}'>{t}</a></li>"),
    "div": ("<div>{}</div>", "<div><h3><a href='{u}'>{t}</a></h3><div>{d}</div><p>{s}</p></div>"),
    "thumb": (
        "<div>{}</div>",
        (
            "<div><a href='{u}'><img src='/a.jpg' alt=''></a><div><a href='{u}' title='{t}'>{t}</a><em>{d}</em>"
            "<p>{s}</p><a href='{u}'>Xem tiếp</a></div></div>"
        ),
    ),
    "card": ("<div>{}</div>", "<a href='{u}'><img src='/a.jpg'><div><h4>{t}</h4><span>{d}</span><p>{s}</p></div></a>"),
    "tr": ("<table>{}</table>", "<tr><td>*</td><td><a href='{u}'>{t}</a></td><td>{d}</td></tr>"),
    "tr with head": (
        "<table><tr><th>STT</th><th>Tiêu đề</th><th>Ngày đăng</th></tr>{}</table>",
        "<tr><td>*</td><td><a href='{u}'>{t}</a></td><td>{d}</td></tr>",
    ),
    "tables": ("<div>{}</div>", "<table><tr><td><a href='{u}'>{t}</a></td></tr><tr><td>{d}</td></tr></table>"),
    "article": ("<section>{}</section>", "<article><header><h2><a href='{u}'>{t}</a></h2>{d}</header>{s}</article>"),
    "dl": ("<dl>{}</dl>", "<dt>{d}</dt><dd><a href='{u}'>{t}</a></dd>"),
    "dl, title first": ("<dl>{}</dl>", "<dt><a href='{u}'>{t}</a></dt><dd>{d}</dd><dd>{s}</dd>"),
    "flat": ("<div>{}</div>", "<h4><a href='{u}'>{t}</a></h4><p>{d}</p><p>{s}</p>"),
    "p": ("<div>{}</div>", "<p><b><a href='{u}'>{t}</a></b><br><small>{d}</small><br>{s}</p>"),
    "font": ("<td>{}</td>", "<font><a href='{u}'>{t}</a></font> <font size=1>({d})</font><br>"),
}
DATES = (
    "{:%d/%m/%Y}",
    "{:%d/%m/%Y %H:%M}",
    "{:%d-%m-%Y}",
    "Ngày đăng: {:%d/%m/%Y}",
    "{:%d.%m.%Y}",
    "{:%H:%M %d/%m/%Y}",
)
PAGERS = {
    "none": ("", None),
    "numbers": ("<div><b>1</b> <a href='{u}?page=2'>2</a> <a href='{u}?page=3'>3</a></div>", "?page=2"),
    "list": (
        "<ul><li><span>1</span></li><li><a href='{u}?p=2'>2</a></li><li><a href='{u}?p=2'>»</a></li></ul>",
        "?p=2",
    ),
    "word": ("<div><a href='{u}?start=10'>Trang sau</a></div>", "?start=10"),
    "path": ("<p><a href='{u}'>1</a> <a href='{u}/page/2'>2</a></p>", "/page/2"),
}
FRAMES = (
    "<div>{menu}</div><div><div>{main}</div><div>{side}</div></div>{foot}",
    "<div>{menu}</div><div><div>{side}</div><div>{main}</div></div>{foot}",
    "<nav>{menu}</nav><main>{main}</main><aside>{side}</aside><footer>{foot}</footer>",
    "<table><tr><td colspan=3>{menu}</td></tr><tr><td>{side}</td><td>{main}</td><td>{foot}</td></tr></table>",
    "{menu}<h1>Tiếp công dân</h1>{main}<hr>{side}{foot}",
)
SIDE_HEADINGS = ("Tin mới", "Tin nổi bật", "Xem nhiều nhất", "Thông báo", "Văn bản", "Sự kiện")
MENU = (
    "<ul>"
    + "".join(
        f"<li><a href='/{slug}'>{label}</a></li>"
        for slug, label in (("", "Trang chủ"), ("gt", "Giới thiệu"), ("tin", "Tin tức - Sự kiện"), ("lh", "Liên hệ"))
    )
    + "</ul>"
)


@dataclass(frozen=True)
class _Theme:
    """How a listing is put together."""

    row: str
    date: str
    pager: str
    frame: str
    side_row: str
    side_heading: str
    headed: bool


THEMES = st.builds(
    _Theme,
    row=st.sampled_from(sorted(ROWS)),
    date=st.sampled_from(DATES),
    pager=st.sampled_from(sorted(PAGERS)),
    frame=st.sampled_from(FRAMES),
    side_row=st.sampled_from(["li", "thumb", "tr", "card", "p"]),
    side_heading=st.sampled_from(SIDE_HEADINGS),
    headed=st.booleans(),
)


def _rows(style: str, posts: list[tuple[str, str, date]], form: str) -> str:
    frame, row = ROWS[style]
    return frame.format("".join(row.format(u=u, t=t, d=form.format(d), s=TEASER) for t, u, d in posts))


def _page(theme: _Theme, posts: list[tuple[str, str, date]], news: list[tuple[str, str, date]]) -> bytes:
    heading = "<h2>Tiếp công dân</h2>" if theme.headed else ""
    main = heading + _rows(theme.row, posts, theme.date) + PAGERS[theme.pager][0].format(u="/tiep-cong-dan")
    side = f"<h3>{theme.side_heading}</h3>" + _rows(theme.side_row, news, "{:%d/%m/%Y}")
    foot = "<p>Giấy phép số 12/GP-TTĐT ngày 05/08/2016</p>"
    body = theme.frame.format(menu=MENU, main=main, side=side, foot=foot)
    return f"<html><head><title>Tiếp công dân</title></head><body>{body}</body></html>".encode()


@given(theme=THEMES, many=st.integers(1, 12), beside=st.integers(2, 6), below=st.booleans())
@settings(max_examples=150)
def test_any_theme_gives_the_same_posts(theme: _Theme, many: int, beside: int, below: bool) -> None:  # noqa: FBT001
    day = date(2019, 11, 18)
    stem = "/tiep-cong-dan/bai" if below else "/bai-viet/so"
    posts = [
        (TITLES[n % len(TITLES)].format(n=n + 1), f"{stem}-{n}.html", day - timedelta(days=5 * n)) for n in range(many)
    ]
    news = [
        (NEWS[n % len(NEWS)].format(n=n + 1), f"/tin/su-kien-{n}.html", day - timedelta(days=n)) for n in range(beside)
    ]
    page = parse(_page(theme, posts, news), URL)
    rows = read_rows(page, known=navigation.menu_addresses(page, frozenset({HOST})))
    told = [(row.title, row.url, row.stamp and row.stamp.day) for row in rows]
    assert told == [(title, f"http://{HOST}{url}", day) for title, url, day in posts]
    following = PAGERS[theme.pager][1]
    assert read_pager(page).next_url == (f"{URL}{following}" if following else None)


STAMPS = {
    "under the heading": "{h}<div>{d}</div>{b}",
    "over the heading": "<div>{d}</div>{h}{b}",
    "beside a counter": "{h}<ul><li>Quản trị</li><li>{d}</li><li>Lượt xem: 1205</li></ul>{b}",
    "in a table": "<table><tr><td>{h}</td></tr><tr><td>{d}</td></tr><tr><td>{b}</td></tr></table>",
    "below the text": "{h}{b}<div>{d} | Lượt xem: 77</div>",
    "with a change": "{h}<p>{d}</p><p>Cập nhật lần cuối: 19/11/2019</p>{b}",
    "after tools": "{h}<div><a href='/in/1'>Bản in</a> <a href='/gui/1'>Gửi bài viết</a> <span>{d}</span></div>{b}",
    "nowhere": "{h}{b}",
}
HEADINGS = ("<h1>{}</h1>", "<h2>{}</h2>", "<div><b>{}</b></div>", "<h3><span>{}</span></h3>", "<p><font>{}</font></p>")
RELATED = ("Tin liên quan", "Các tin khác", "Tin cũ hơn", "Bài viết cùng chuyên mục")
_TIMETABLE = (
    "<table><tr><th>Ngày</th><th>Người tiếp</th></tr><tr><td>15/11/2019</td><td>Giám đốc</td></tr>"
    "<tr><td>29/11/2019</td><td>Phó Giám đốc</td></tr></table>"
)
BODIES = (
    f"<p>Căn cứ Luật Tiếp công dân ngày 25/11/2013, Sở thông báo lịch tiếp công dân.</p><p>{TEASER}</p><p>{TEASER}</p>",
    f"<p>Đắk Nông, ngày 05 tháng 11 năm 2019</p><p>{TEASER}</p><p>{TEASER}</p>",
    f"<p>{TEASER}</p>{_TIMETABLE}<p>{TEASER}</p>",
)


@dataclass(frozen=True)
class _Post:
    """How a post's page is put together."""

    where: str
    heading: str
    date: str
    body: str
    related: str
    related_row: str
    frame: str
    others: int


POSTS = st.builds(
    _Post,
    where=st.sampled_from(sorted(STAMPS)),
    heading=st.sampled_from(HEADINGS),
    date=st.sampled_from(DATES),
    body=st.sampled_from(BODIES),
    related=st.sampled_from(RELATED),
    related_row=st.sampled_from(["li", "li, date first", "tr", "card", "p", "dl"]),
    frame=st.sampled_from(FRAMES),
    others=st.integers(0, 5),
)


def _post_page(look: _Post, title: str, day: date) -> bytes:
    beside = [(NEWS[n % 4].format(n=n + 7), f"/tin/{n}.html", day - timedelta(days=9 + n)) for n in range(4)]
    more = [
        (TITLES[n % 5].format(n=n), f"/tiep-cong-dan/{n}.html", day - timedelta(days=3 * n + 2))
        for n in range(look.others)
    ]
    post = STAMPS[look.where].format(h=look.heading.format(title), d=look.date.format(day), b=look.body)
    related = f"<div><h4>{look.related}</h4>{_rows(look.related_row, more, '{:%d/%m/%Y}')}</div>" if more else ""
    whole = look.frame.format(
        menu=f"<div>Thứ tư, 20/11/2019</div>{MENU}",
        main=f"<div>{post}</div>{related}",
        side="<h3>Tin mới</h3>" + _rows("thumb", beside, "{:%d/%m/%Y}"),
        foot="<p>Giấy phép 12</p>",
    )
    return f"<html><title>{title}</title><body>{whole}</body></html>".encode()


@given(look=POSTS)
@settings(max_examples=150)
def test_any_theme_gives_the_same_title_and_day(look: _Post) -> None:
    title, day = "Lịch tiếp công dân tháng 11 năm 2019 của Giám đốc Sở", date(2019, 11, 4)
    article = read_article(parse(_post_page(look, title, day), f"{URL}/bai.html"), expected=title)
    assert article.title == title
    assert (article.stamp and article.stamp.day) == (None if look.where == "nowhere" else day)
