"""Portals made of frames, read by the real worker: framesets, a menu in a frame, listings and posts in iframes."""

from __future__ import annotations

import unicodedata
from functools import partial
from pathlib import Path

import pytest

from auditor.categories import Category
from auditor.observation import Observation
from auditor.outcomes import Cause, Outcome
from tests.spiders.lab import FIRST_DAY, Answer, Play, Portal, Site, crawl, serving

LABELS = {"/lich/": "Lịch tiếp công dân", "/don-thu/": "Giải quyết đơn thư"}
OLD = "<html><head><title>Xã thử nghiệm</title></head>{}</html>"
FRAMESET = OLD.format(
    "<frameset rows='120,*'><frame name=top src='/banner.htm'>"
    "<frameset cols='200,*'><frame name=menu src='khung/trai.htm'><frame name=noidung src='/trangchu.htm'></frameset>"
    "<noframes>Trình duyệt không hỗ trợ khung.</noframes></frameset>"
)
MENU = OLD.format(
    "<body><p><a href='../trangchu.htm' target=noidung>Trang chủ</a></p>"
    "<p><a href='/lienhe.htm' target=noidung>Liên hệ</a>"
    + "".join(f"<p><a href='..{path}' target=noidung>{label}</a></p>" for path, label in LABELS.items())
    + "</body>"
)
WELCOME = OLD.format("<body><h2>Chào mừng đến với trang thông tin của xã</h2></body>")
MAPS = "<iframe src='https://www.google.com/maps/embed?pb=1'></iframe><iframe src='/quang-cao.html'></iframe>"


def markup_of(path: str, posts: int = 18) -> str:
    body = Portal(posts=posts).answer(path).body
    assert isinstance(body, str)
    return body


def frameset(asked: str, _nth: int) -> Answer | None:
    """An old portal: the home page is a frameset, and its menu stands in the frame on the left."""
    pages = {"/": FRAMESET, "/khung/trai.htm": MENU, "/trangchu.htm": WELCOME, "/banner.htm": OLD.format("<body>.")}
    return Answer(pages[asked]) if asked in pages else None


def in_1258(asked: str, nth: int) -> Answer | None:
    """The same in windows-1258, which only a meta element in each frame says."""
    own = frameset(asked, nth) or Portal().answer(asked)
    if asked == "/robots.txt" or not isinstance(own.body, str):
        return None
    body = own.body.replace("<head>", "<head><meta http-equiv=Content-Type content='text/html; charset=windows-1258'>")
    return Answer(_cp1258(body), own.status, headers={"Content-Type": "text/html"})


def _cp1258(text: str) -> bytes:
    """Vietnamese as windows-1258 writes it: the tone is a letter of its own."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    told = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(part for part in parts if part in tones)
        told.append(unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones)) + tone)
    return "".join(told).encode("cp1258")


def in_iframe(deep: int = 1, host: str = "", status: int = 200) -> Play:
    """A portal whose section pages hold their listing in an iframe, `deep` frames down; the pager is in the frame."""

    def play(asked: str, _nth: int) -> Answer | None:
        if asked in LABELS:
            return Answer(_around(LABELS[asked], f"{host}/khung/1{asked}"))
        if not asked.startswith("/khung/"):
            return None
        level, rest = asked.removeprefix("/khung/").split("/", 1)
        if int(level) < deep:
            return Answer(OLD.format(f"<body><iframe src='/khung/{int(level) + 1}/{rest}'></iframe></body>"))
        listing = markup_of(f"/{rest}")
        bare = listing[listing.index("<ul><li><h4>") : listing.index("<footer>")]
        return Answer(f"<html><body>{bare}</body></html>".replace("/page-", f"/khung/{level}/{rest}page-"), status)

    return play


def _pages_in_frame(asked: str, nth: int, posts: int = 18) -> Answer | None:
    """The listing's further pages stand in the frame, at addresses of the frame's own."""
    if asked in LABELS:
        return Answer(_around(LABELS[asked], f"../danh-sach{asked}"))
    if asked.startswith("/danh-sach/"):
        body = markup_of(asked.removeprefix("/danh-sach"), posts)
        bare = body[body.index("</h1>") + 5 : body.index("<footer>")]
        for part in LABELS:
            bare = bare.replace(f'href="{part}page-', f'href="/danh-sach{part}page-')
        return Answer(f"<html><body>{bare}</body></html>")
    return in_iframe()(asked, nth)


def _around(label: str, source: str) -> str:
    whole = markup_of("/")
    start, end = whole.index("<h1>"), whole.index("<footer>")
    head = whole[:start].replace("Trang chủ - Đơn vị", f"{label} - Đơn vị")
    return f"{head}<h1>{label}</h1>{MAPS}<iframe name=ds src='{source}' width='100%'></iframe>{whole[end:]}"


def _posts_in_iframes(asked: str, _nth: int) -> Answer | None:
    if "/bai-" in asked and "trong" not in asked:
        return Answer(_around("Chi tiết", f"{asked}?trong=1"))
    if asked.endswith("?trong=1"):
        body = markup_of(asked.removesuffix("?trong=1"))
        return Answer("<html><body>" + body[body.index("<h1>") : body.index("<footer>")] + "</body></html>")
    return None


def _loop(asked: str, _nth: int) -> Answer | None:
    if asked in LABELS:
        return Answer(_around(LABELS[asked], f"/vong{asked}a.html"))
    if asked.startswith("/vong/"):
        other = asked.replace("a.html", "b.html") if "a.html" in asked else asked.replace("b.html", "a.html")
        return Answer(OLD.format(f"<body><iframe src='{other}'></iframe></body>"))
    return None


PORTALS: dict[str, Portal] = {
    "frameset": Portal(play=frameset),
    "frameset-1258": Portal(play=in_1258),
    "iframe-with-pager": Portal(play=_pages_in_frame),
    "iframe-three-deep": Portal(posts=4, play=in_iframe(deep=3)),
    "iframe-too-deep": Portal(posts=4, play=in_iframe(deep=5)),
    "iframe-lost": Portal(play=in_iframe(status=500)),
    "iframe-elsewhere": Portal(play=in_iframe(host="http://127.0.0.1:9")),
    "iframes-in-a-loop": Portal(play=_loop),
    "posts-in-iframes": Portal(dated=False, play=_posts_in_iframes),
    "empty-in-iframe": Portal(play=partial(_pages_in_frame, posts=0)),
}
READ = ("frameset", "frameset-1258", "iframe-with-pager", "iframe-three-deep", "posts-in-iframes")
DETAILS = {
    "iframe-too-deep": "frames within frames",
    "iframe-lost": "status 500",
    "iframe-elsewhere": "the frame from 127.0.0.1:9",
    "iframes-in-a-loop": "no listing",
}
Visits = tuple[dict[str, Observation], dict[str, Site]]


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Visits:
    with serving(PORTALS) as sites:
        seen = crawl(tmp_path_factory.mktemp("frames"), {name: site.url for name, site in sites.items()})
        return seen, sites


@pytest.mark.parametrize("name", READ)
def test_every_post_in_a_frame_is_seen_with_its_day(name: str, visits: Visits) -> None:
    seen, portal = visits[0][name], PORTALS[name]
    assert (seen.outcome, seen.cause) == (Outcome.COMPLETE, None), seen.detail
    wanted = {
        (portal.title(part, number), portal.day(number).isoformat())
        for part in portal.PARTS
        for number in range(min(portal.posts, 4) if "deep" in name else portal.posts)
        if portal.day(number) >= FIRST_DAY
    }
    told = {(item.title, (item.published or "")[:10]) for item in seen.items}
    assert wanted <= told
    assert set(seen.sections) == {Category.SCHEDULE, Category.PETITIONS}


@pytest.mark.parametrize("name", READ)
def test_listing_is_the_address_a_person_opens(name: str, visits: Visits) -> None:
    seen, sites = visits
    listings = {place.listing.removeprefix(sites[name].url) for item in seen[name].items for place in item.placements}
    assert listings == {path.lstrip("/") for path in LABELS}


@pytest.mark.parametrize("name", DETAILS)
def test_listing_in_a_frame_not_read_is_never_empty(name: str, visits: Visits) -> None:
    seen = visits[0][name]
    assert seen.outcome is Outcome.LAYOUT_CHANGED
    assert seen.cause is Cause.UNREADABLE
    assert DETAILS[name] in seen.detail
    assert not any(each.empty and each.category for each in seen.listings)


def test_empty_listing_in_a_frame_is_proven(visits: Visits) -> None:
    seen = visits[0]["empty-in-iframe"]
    assert seen.outcome is Outcome.COMPLETE
    assert sum(each.empty for each in seen.listings if each.category) == len(LABELS)


def test_furniture_in_iframes_is_not_asked_for(visits: Visits) -> None:
    assert all("/quang-cao.html" not in site.hits for site in visits[1].values())


def test_frames_cost_few_requests(visits: Visits) -> None:
    seen, sites = visits
    assert seen["frameset"].requests <= 4 + 2 * 4 + 3
    assert max(count for path, count in sites["iframes-in-a-loop"].hits.items() if path.startswith("/vong/")) == 1


def test_home_page_that_only_leads_on_by_script(tmp_path: Path) -> None:
    home = "<html><head><title>Cổng</title></head><body><script>location.href='/trang/chu.html'</script></body></html>"
    pages = {"/": home, "/trang/chu.html": markup_of("/")}
    with serving({"lead": Portal(play=lambda asked, _nth: Answer(pages[asked]) if asked in pages else None)}) as sites:
        seen = crawl(tmp_path, {"lead": sites["lead"].url})["lead"]
    assert seen.outcome is Outcome.COMPLETE, seen.detail
