"""The section is found by the real worker wherever a portal hides it, and its absence is told for what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from auditor.categories import Category
from auditor.observation import Observation
from auditor.outcomes import Cause, Outcome
from tests.spiders.lab import FIRST_DAY, Answer, Portal, Site, crawl, serving

NEWS = "".join(
    f"<div class=news><h3><a href='/tin/{n}.html'>{title}</a></h3><span>{20 - n}/11/2019</span></div>"
    for n, title in enumerate(
        (
            "Đẩy mạnh xúc tiến đầu tư vào nông nghiệp công nghệ cao trên địa bàn",
            "Khai mạc hội thi tìm hiểu cải cách hành chính của khối cơ quan",
            "Kiểm tra công tác phòng chống dịch tả lợn châu Phi tại các xã",
            "Hội nghị triển khai nhiệm vụ quý IV của ngành nông nghiệp và phát triển",
        )
    )
)
MENU = (
    "<div id=menu><ul><li><a href='/'>Trang chủ</a></li><li><a href='/gioi-thieu/'>Giới thiệu</a></li>"
    "<li><a href='/tin-tuc/'>Tin tức</a></li>{}<li><a href='/lien-he/'>Liên hệ</a></li></ul></div>"
)
ENTRY = "<li><a href='/tiep-cong-dan/'>Tiếp công dân</a></li>"
PARTS = "<ul><li><a href='/lich/'>Lịch</a></li><li><a href='/don-thu/'>Đơn thư, khiếu nại</a></li></ul>"
BOXES = "".join(
    f"<div class=b><div><h2>{Portal.PARTS[part]}</h2></div><ul>"
    + "".join(f"<li>{Portal().row(part, number)}</li>" for number in range(2))
    + f"</ul><div><a href='/{part}/'>thêm</a></div></div>"
    for part in Portal.PARTS
)
MISSING = "<p>Không tìm thấy trang bạn yêu cầu. Vui lòng quay về trang chủ.</p>"


@dataclass(frozen=True)
class Hidden(Portal):
    """A portal whose home page and menu are the test's own.

    Attributes:
        menu: entries of the menu of every page. home: what the home page shows besides news. name: its title.
        at: where the section stands; pages: further pages, by their path.
    """

    menu: str = ""
    home: str = ""
    name: str = "Trang thông tin điện tử"
    at: str = "/tiep-cong-dan/"
    pages: tuple[tuple[str, str], ...] = ()

    def answer(self, path: str) -> Answer:
        further = dict(self.pages)
        if path == "/":
            return Answer(self.dressed(self.name, self.home + NEWS))
        if path.endswith(".xml") and path in further:
            return Answer(further[path], headers={"Content-Type": "text/xml"})
        if path in further:
            return Answer(self.dressed("Trang", further[path]))
        if path == "/tiep-cong-dan/" and self.at != path:
            return Answer(self.dressed("Lỗi", MISSING), status=404)
        shown = Portal().answer("/tiep-cong-dan/" if path == self.at else path)
        body = re.sub(r"(?s)<nav>.*?</nav>", MENU.format(self.menu), str(shown.body))
        return Answer(body, shown.status, shown.headers)

    def dressed(self, title: str, content: str) -> str:
        return re.sub(r"(?s)<nav>.*?</nav>", lambda _: MENU.format(self.menu), self.page(title, content))


def mapped(*paths: str) -> str:
    """A site map for robots; the lab does not know its own address, so that it gives paths alone."""
    return f"<urlset>{''.join(f'<url><loc>{path}</loc></url>' for path in paths)}</urlset>"


FOUND: dict[str, Hidden] = {
    "menu": Hidden(menu=ENTRY),
    "heading-without-address": Hidden(menu=f"<li><a href='#'>Tiếp công dân</a>{PARTS}</li>"),
    "column-of-a-mega-menu": Hidden(home=f"<div class=col><div><strong>TIẾP CÔNG DÂN</strong></div>{PARTS}</div>"),
    "cell-with-onclick": Hidden(
        home="<table><tr><td onclick=\"window.location='/tiep-cong-dan/'\">Tiếp công dân</td>"
        "<td>Công báo</td></tr></table>"
    ),
    "box-to-choose": Hidden(
        home="<select onchange='location=this.value'><option value=''>Liên kết</option>"
        "<option value='/tiep-cong-dan/'>Tiếp công dân</option></select>"
    ),
    "menu-in-data": Hidden(
        home='<script>var menu = [{"title": "Gi\\u1edbi thi\\u1ec7u", "url": "/gioi-thieu/", "children": []}, '
        '{"title": "Ti\\u1ebfp c\\u00f4ng d\\u00e2n", "url": "\\/tiep-cong-dan\\/", "children": []}];</script>'
    ),
    "image-map": Hidden(
        home="<img src='/a.jpg' usemap='#m'><map name=m><area shape=rect coords='0,0,9,9' href='/tiep-cong-dan/' "
        "alt='Tiếp công dân'><area shape=rect coords='9,0,18,9' href='/cong-bao/' alt='Công báo'></map>"
    ),
    "banner-file-name": Hidden(
        at="/chuyen-trang/12/",
        home="<div id=banners><a href='/dvc/'><img src='/i/dvc.png' alt='banner'></a>"
        "<a href='/chuyen-trang/12/'><img src='/i/banner-tiep-cong-dan.png' alt='banner'></a></div>",
    ),
    "box-with-more": Hidden(
        at="/chuyen-muc/7/",
        home="<div class=box><h3>Tiếp công dân</h3><p><a href='/lich/bai-0.html'>"
        "Thông báo lịch tiếp công dân số 0 của lãnh đạo đơn vị</a> 25/11/2019</p>"
        "<a href='/chuyen-muc/7/'>Xem thêm</a></div>",
    ),
    "under-thanh-tra": Hidden(
        menu="<li><a href='/thanh-tra/'>Thanh tra - Pháp chế</a></li>",
        pages=(
            ("/thanh-tra/", f"<ul><li><a href='/thanh-tra/ket-luan/'>Kết luận thanh tra</a></li>{ENTRY}</ul>{NEWS}"),
        ),
    ),
    "site-map-page": Hidden(
        home="<p><a href='/so-do/'>Sơ đồ site</a></p>",
        pages=(("/so-do/", f"<ul><li><a href='/van-ban/'>Văn bản</a></li>{ENTRY}</ul>"),),
    ),
    "site-map-for-robots": Hidden(
        at="/ti-p-c-ng-d-n/", pages=(("/sitemap.xml", mapped("/", "/gioi-thieu/", "/ti-p-c-ng-d-n/", "/tin/1.html")),)
    ),
    "posts-in-a-site-map": Hidden(
        pages=(("/sitemap.xml", mapped("/", "/tiep-cong-dan/bai-cu-1.html", "/tiep-cong-dan/bai-cu-2.html")),)
    ),
    "address-alone": Hidden(at="/TiepCongDan.aspx", menu="<li><a href='/TiepCongDan.aspx'>Tiếp dân</a></li>"),
    "nothing-but-the-section": Hidden(name="Chuyên trang tiếp công dân, giải quyết khiếu nại, tố cáo", home=PARTS),
    "parts-behind-boxes": Hidden(
        at="/cong-dan/",
        menu="<li><a href='/cong-dan/'>Tiếp công dân</a></li>",
        pages=(("/cong-dan/", BOXES),),
    ),
    "parts-without-anchors": Hidden(
        menu=ENTRY,
        pages=(
            (
                "/tiep-cong-dan/",
                (
                    "<div onclick=\"location.href='/lich/'\">Lịch tiếp công dân</div>"
                    "<div><a href='javascript:void(0)' data-href='/don-thu/'>Giải quyết đơn thư</a></div>"
                ),
            ),
        ),
    ),
    "named-by-its-own-page": Hidden(
        at="/muc/8/",
        home="<p><a href='/muc/8/'>Công dân với chính quyền</a></p>",
    ),
    "heading-amid-a-menu": Hidden(
        home="<table><tr><td><a href='/gioi-thieu/'>Giới thiệu</a></td></tr><tr><td><b>TIẾP CÔNG DÂN</b></td></tr>"
        "<tr><td><a href='/lich/'>Lịch</a></td></tr><tr><td><a href='/don-thu/'>Đơn thư, khiếu nại</a></td></tr>"
        "<tr><td><a href='/lien-he/'>Liên hệ</a></td></tr></table>",
    ),
    "short-petition-post": Hidden(
        menu=ENTRY,
        home="<div><a href='/don-thu/bai-0.html'>Giải quyết khiếu nại của ông A</a></div>",
    ),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Observation], dict[str, Site]]:
    """One visit to each portal."""
    with serving(FOUND) as sites:
        return crawl(tmp_path_factory.mktemp("found"), {name: site.url for name, site in sites.items()}), sites


@pytest.mark.parametrize("name", FOUND)
def test_section_is_found_and_every_post_read(name: str, found: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    seen, plain = found[0][name], Portal()
    assert seen.outcome is Outcome.COMPLETE, (seen.cause, seen.detail, seen.listings)
    titles = {item.title for item in seen.items if (item.published or "") >= str(FIRST_DAY)}
    wanted = {
        plain.title(part, number) for part in Portal.PARTS for number in range(18) if plain.day(number) >= FIRST_DAY
    }
    assert titles == wanted
    assert set(seen.sections) == {Category.SCHEDULE, Category.PETITIONS}
    assert all(listing.reasons for listing in seen.listings)


REPORT = "Báo cáo kết quả công tác tiếp công dân, giải quyết khiếu nại, tố cáo tháng {} năm 2019"
MISNAMED = (
    "<ul>"
    + "".join(
        f"<li><a href='/cong-khai-lich/bc-{n}.html'>{REPORT.format(n)}</a> <span>{n}/11/2019</span></li>"
        for n in range(11, 4, -1)
    )
    + "</ul>"
)
RECENT = "<div class=r><h3>Góc thông tin</h3><ul>" + "".join(
    f"<li><a href='/moi/{n}.html'>{title}</a> <span>{20 - n}/11/2019</span></li>"
    for n, title in enumerate(
        (
            "Khánh thành công trình nước sạch chào mừng ngày thành lập ngành",
            "Giải bóng chuyền nam nữ khối cơ quan lần thứ năm khai mạc",
            "Tập huấn sử dụng phần mềm quản lý văn bản và điều hành đợt hai",
        )
    )
) + "</ul></div>"  # fmt: skip
ODD: dict[str, tuple[Hidden, dict[str, str]]] = {
    "misnamed": (
        Hidden(
            menu="<li><a href='/tiep-cong-dan/'>Tiếp công dân</a><ul>"
            "<li><a href='/cong-khai-lich/'>Công khai lịch tiếp công dân</a></li>"
            "<li><a href='/don-thu/'>Đơn thư, khiếu nại</a></li></ul></li>",
            pages=(("/cong-khai-lich/", f"<h1>Công khai lịch tiếp công dân</h1>{MISNAMED}"),),
        ),
        {},
    ),
    "only-a-petition-post": (
        Hidden(home="<div><a href='/don-thu/bai-0.html'>Giải quyết khiếu nại của ông A</a></div>"),
        {},
    ),
    "configured-404": (
        Hidden(menu="<li><a href='/tcd-moi/'>Tiếp công dân</a></li>", at="/tcd-moi/"),
        {"section": "tiep-cong-dan/"},
    ),
    "configured-leads-home": (
        Hidden(menu=ENTRY, play=lambda path, _: Answer("", 302, {"Location": "/"}) if path == "/cu/" else None),
        {"section": "cu/"},
    ),
    "configured-soft-404": (
        Hidden(menu=ENTRY, pages=(("/cu/", f"<h2>Không tìm thấy trang</h2>{MISSING}{NEWS}"),)),
        {"section": "cu/"},
    ),
    "configured-listing-404": (Hidden(menu=ENTRY), {"sections": "{schedule: URLlich-cu/, petitions: URLdon-thu/}"}),
    "linked-404": (
        Hidden(
            menu="<li><a href='/cu/'>Tiếp công dân</a></li>",
            home="<p><a href='/so-do/'>Sơ đồ trang</a></p>",
            pages=(("/so-do/", f"<ul><li><a href='/van-ban/'>Văn bản</a></li>{ENTRY}</ul>"),),
        ),
        {},
    ),
    "configured-500": (
        Hidden(menu=ENTRY, play=lambda path, _: Answer("error", 500) if path == "/cu/" else None),
        {"section": "cu/"},
    ),
    "both": (Hidden(), {"section": "tiep-cong-dan/", "sections": "{reports: URLbao-cao/}"}),
    "recent-posts": (Hidden(menu=ENTRY, play=lambda path, _: beside(path)), {}),
    "recent-posts-beside-nothing": (
        Hidden(menu=ENTRY, play=lambda path, _: beside(path, without_posts=path == "/lich/")),
        {},
    ),
}


def beside(path: str, *, without_posts: bool = False) -> Answer | None:
    """A page of the portal with a box of recent posts at its side, as every inner page has."""
    if path in {"/", "/robots.txt"}:
        return None
    shown = Hidden(menu=ENTRY).answer(path)
    body = str(shown.body).replace("<footer>", f"{RECENT}<footer>")
    if without_posts:
        body = re.sub(r"(?s)<h1>.*(?=<div class=r>)", "<h1>Lịch tiếp công dân</h1>", body)
    return Answer(body, shown.status)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Observation], dict[str, Site]]:
    """One visit to each portal."""
    with serving({name: portal for name, (portal, _) in ODD.items()}) as sites:
        urls = {name: site.url for name, site in sites.items()}
        options = {
            name: {
                key: value.replace("URL", urls[name]) if "URL" in value else urls[name] + value
                for key, value in named.items()
            }
            for name, (_, named) in ODD.items()
        }
        return crawl(tmp_path_factory.mktemp("odd"), urls, **options), sites


Visits = tuple[dict[str, Observation], dict[str, Site]]


def test_listing_is_for_what_it_holds(odd: Visits) -> None:
    seen = odd[0]["misnamed"]
    assert seen.outcome is Outcome.COMPLETE, seen.detail
    (listing,) = [each for each in seen.listings if each.listing.endswith("/cong-khai-lich/")]
    assert listing.category is Category.REPORTS
    assert "7 of 7 titles are of 'reports', though the name says 'schedule'" in listing.reasons[-1]
    placed = {each.category for item in seen.items for each in item.placements if each.listing == listing.listing}
    assert placed == {Category.REPORTS}
    assert seen.sections[Category.REPORTS] == listing.listing
    assert listing.listing != seen.sections[Category.SCHEDULE]


def test_petition_post_is_no_section(odd: Visits) -> None:
    seen = odd[0]["only-a-petition-post"]
    assert (seen.outcome, seen.cause) == (Outcome.SECTION_NOT_FOUND, Cause.NO_SECTION)
    assert seen.items == ()


@pytest.mark.parametrize(
    "name",
    ["configured-404", "configured-leads-home", "configured-soft-404", "linked-404", "configured-listing-404"],
)
def test_dead_section_is_found_anew_and_told(name: str, odd: Visits) -> None:
    seen = odd[0][name]
    assert (seen.outcome, seen.cause) == (Outcome.PARTIAL, Cause.SECTION_MOVED), seen.detail
    titles = {item.title for item in seen.items}
    assert {Portal().title(part, 0) for part in Portal.PARTS} <= titles
    assert "was found instead" in seen.detail
    new = "/tcd-moi/" if name == "configured-404" else "/tiep-cong-dan/"
    assert seen.section is not None
    assert seen.section.endswith(new)
    assert any(each.lost for each in seen.listings)


def test_fault_of_the_server_moves_no_section(odd: Visits) -> None:
    seen = odd[0]["configured-500"]
    assert (seen.outcome, seen.cause) == (Outcome.UNREACHABLE, Cause.SERVER_ERROR)


def test_section_and_sections_are_both_read(odd: Visits) -> None:
    seen, sites = odd
    asked = sites["both"].hits
    assert asked["/tiep-cong-dan/"] == asked["/bao-cao/"] == 1
    assert set(seen["both"].sections) == {Category.SCHEDULE, Category.PETITIONS}
    assert seen["both"].section == f"{sites['both'].url}tiep-cong-dan/"


@pytest.mark.parametrize("name", ["recent-posts", "recent-posts-beside-nothing"])
def test_box_of_recent_posts_adds_none(name: str, odd: Visits) -> None:
    assert [item.url for item in odd[0][name].items if "/moi/" in item.url] == []


def test_box_of_recent_posts_proves_no_listing_read(odd: Visits) -> None:
    seen = odd[0]["recent-posts-beside-nothing"]
    (listing,) = [each for each in seen.listings if each.listing.endswith("/lich/")]
    assert (listing.rows, listing.complete, seen.outcome) == (0, False, Outcome.PARTIAL)
    assert odd[0]["recent-posts"].outcome is Outcome.COMPLETE
