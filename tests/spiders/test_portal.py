"""The spider against a real server: what a visit says of portals that are well, and of those that are not."""

from __future__ import annotations

import gzip
import socket
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from auditor.categories import Category
from auditor.crawl.settings import LARGEST_PAGE
from auditor.observation import Observation
from auditor.outcomes import Cause, Outcome
from tests.spiders.lab import FIRST_DAY, ROWS, Answer, Play, Portal, Site, crawl, serving

CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body>Checking your browser before accessing.</body></html>"
)
SUSPENDED = "<html><head><title>Account Suspended</title></head><body>This Account has been suspended.</body></html>"
FILLED_BY_SCRIPT = (
    Portal(posts=0)
    .answer("/don-thu/")
    .body.replace(  # type: ignore[union-attr, arg-type]
        "<p>Chưa có bài viết nào trong chuyên mục này.</p>",
        "<div id=list></div><p>Cơ quan chủ quản: Ủy ban nhân dân tỉnh.</p><script>fetch('/list').then(show)</script>"
        + "<p>Chịu trách nhiệm: Giám đốc. Ghi rõ nguồn khi phát hành lại.</p>" * 5,
    )
)
LOGIN = "<html><title>Đăng nhập</title><body><form>Đăng nhập <input type=password></form></body></html>"
REPAIRS = "<html><title>Bảo trì</title><body>Hệ thống đang bảo trì, vui lòng quay lại sau.</body></html>"
NOTHING = "<html><title>Lịch tiếp công dân</title><body><h1>Lịch tiếp công dân</h1><p>Địa chỉ: số 1</p></body></html>"
BOMB = gzip.compress(b"<p>" * (LARGEST_PAGE // 3 + 1))
SCRIPT_PAGER = (
    "<html><title>Lịch tiếp công dân</title><body><h1>Lịch tiếp công dân</h1>"
    '<p><a href="/lich/bai-0.html">Lịch tiếp công dân tháng 11</a> 25/11/2019</p>'
    '<p><a href="/lich/bai-1.html">Lịch tiếp công dân tháng 10</a> 16/11/2019</p>'
    "<p>1 <a href=\"javascript:__doPostBack('list','Page$2')\">2</a></p></body></html>"
)

BEYOND = "<p><br></p>" * 20_000
"""More elements than are read of one page."""

NEWS = (
    "<h2>Tin mới</h2><p><a href='/don-thu/bai-0.html'>Thông báo kết quả giải quyết đơn khiếu nại số…</a> "
    "<a href='/tac-gia/'>admin</a></p></body>"
)


def at(path: str, answer: Answer, *, times: int = 10**9) -> Play:
    """An answer of its own for every address that begins so, the first `times` times."""
    return lambda asked, nth: answer if asked.startswith(path) and nth < times else None


def exactly(path: str, answer: Answer) -> Play:
    return lambda asked, _nth: answer if asked == path else None


def on_one_page(portal: Portal) -> Portal:
    """The portal, with all posts of a part on one page."""

    def play(path: str, _nth: int) -> Answer | None:
        part = path.strip("/")
        if part not in portal.PARTS:
            return None
        rows = "".join(portal.row(part, number) for number in range(portal.posts))
        return Answer(portal.page(portal.PARTS[part], f"<ul>{rows}</ul>"))

    return replace(portal, play=play)


PORTALS: dict[str, Portal] = {
    "well": Portal(),
    "one-long-page": on_one_page(Portal(dated=False, posts=30)),
    "without-dates": Portal(dated=False),
    "one-post": Portal(posts=1),
    "empty": Portal(posts=0),
    "old-posts-only": Portal(newest=FIRST_DAY - timedelta(days=100)),
    "passing-fault": Portal(play=at("/lich/", Answer("busy", 500), times=1)),
    "asks-to-wait": Portal(play=at("/lich/page-2/", Answer("slow down", 429, {"Retry-After": "1"}), times=1)),
    "waits-in-odd-digits": Portal(play=at("/lich/page-2/", Answer("slow down", 429, {"Retry-After": "²"}), times=1)),
    "page-2-is-a-bomb": Portal(play=at("/lich/page-2/", Answer(BOMB, headers={"Content-Encoding": "gzip"}))),
    "section-is-a-bomb": Portal(play=at("/tiep-cong-dan/", Answer(BOMB, headers={"Content-Encoding": "gzip"}))),
    "page-2-is-cut-off": Portal(
        play=at("/lich/page-2/", Answer(gzip.compress(b"<p>Tin")[:-9], headers={"Content-Encoding": "gzip"}))
    ),
    "page-2-is-not-brotli": Portal(play=at("/lich/page-2/", Answer("<p>Tin", headers={"Content-Encoding": "br"}))),
    "cookie": Portal(play=exactly("/", Answer(Portal().answer("/").body, headers={"Set-Cookie": "a=1; Path=/"}))),
    "answers-500": Portal(play=at("/", Answer("Internal Server Error", 500))),
    "drops": Portal(play=at("/", Answer(drop=True))),
    "challenge": Portal(play=at("/", Answer(CHALLENGE))),
    "challenge-503": Portal(play=at("/", Answer(CHALLENGE, 503))),
    "suspended": Portal(play=at("/", Answer(SUSPENDED))),
    "login": Portal(play=at("/", Answer(LOGIN))),
    "repairs": Portal(play=at("/", Answer(REPAIRS, 503))),
    "forbidden": Portal(play=at("/", Answer("Forbidden", 403))),
    "rate-limited": Portal(play=at("/", Answer("Too many requests", 429))),
    "robots": Portal(play=exactly("/robots.txt", Answer("User-agent: *\nDisallow: /\n"))),
    "pages-answer-500": Portal(play=exactly("/", Answer("Internal Server Error", 500))),
    "robots-500": Portal(play=exactly("/robots.txt", Answer("Internal Server Error", 500))),
    "robots-challenge": Portal(play=exactly("/robots.txt", Answer(CHALLENGE, 503))),
    "robots-drops": Portal(play=exactly("/robots.txt", Answer(drop=True))),
    "robots-500-once": Portal(play=at("/robots.txt", Answer("Internal Server Error", 500), times=1)),
    "robots-404": Portal(play=exactly("/robots.txt", Answer("User-agent: *\nDisallow: /\n", 404))),
    "elsewhere": Portal(play=exactly("/", Answer("", 302, {"Location": "http://localhost:9/"}))),
    "no-section": Portal(play=exactly("/", Answer("<html><title>Đơn vị</title><body>" + "<p>Tin tức</p>" * 50))),
    "section-404": Portal(play=at("/tiep-cong-dan/", Answer("<h1>Không có trang này</h1>", 404))),
    "section-leads-home": Portal(play=at("/tiep-cong-dan/", Answer("", 301, {"Location": "/"}))),
    "section-500": Portal(play=at("/tiep-cong-dan/", Answer("Internal Server Error", 500))),
    "part-goes-on-beyond": Portal(
        play=exactly("/lich/", Answer(str(Portal(posts=1).answer("/lich/").body).replace("</ul>", f"</ul>{BEYOND}")))
    ),
    "empty-part-goes-on-beyond": Portal(
        play=exactly(
            "/lich/", Answer(str(Portal(posts=0).answer("/lich/").body).replace("</footer>", f"</footer>{BEYOND}"))
        )
    ),
    "part-500": Portal(play=at("/don-thu/", Answer("Internal Server Error", 500))),
    "page-2-500": Portal(play=at("/lich/page-2/", Answer("Internal Server Error", 500))),
    "page-2-challenge": Portal(play=at("/lich/page-2/", Answer(CHALLENGE))),
    "page-2-leads-home": Portal(play=at("/lich/page-2/", Answer("", 302, {"Location": "/"}))),
    "page-2-shows-nothing": Portal(play=at("/lich/page-2/", Answer(NOTHING))),
    "page-2-is-page-1": Portal(play=at("/lich/page-", Answer("", 301, {"Location": "/lich/"}))),
    "script-pager": Portal(play=at("/lich/", Answer(SCRIPT_PAGER))),
    "post-500": Portal(dated=False, play=at("/lich/bai-1.html", Answer("Internal Server Error", 500))),
    "post-leads-to-a-file": Portal(
        dated=False, play=at("/lich/bai-1.html", Answer("", 302, {"Location": "file:///etc/passwd"}))
    ),
    "post-500-not-needed": Portal(play=at("/lich/bai-", Answer("Internal Server Error", 500))),
    "post-on-the-home-page": Portal(play=exactly("/", Answer(str(Portal().answer("/").body).replace("</body>", NEWS)))),
    "side-bar-only": Portal(
        play=lambda path, _nth: Answer(Portal().answer("/lich/").body) if path == "/don-thu/" else None
    ),
    "shell-beside-a-listing": Portal(
        play=at(
            "/don-thu/", Answer("<html><title>Giải quyết đơn thư</title><body><div id=app></div><script>run()</script>")
        )
    ),
    "filled-by-script": Portal(
        play=lambda path, _nth: Answer(FILLED_BY_SCRIPT) if path in {"/don-thu/", "/lich/"} else None
    ),
    "shell": Portal(
        play=at(
            "/lich/", Answer("<html><title>Lịch</title><body><div id=app></div><script>run()</script></body></html>")
        )
    ),
}

EXPECTED: dict[str, tuple[Outcome, Cause | None]] = {
    "well": (Outcome.COMPLETE, None),
    "without-dates": (Outcome.COMPLETE, None),
    "one-long-page": (Outcome.COMPLETE, None),
    "one-post": (Outcome.COMPLETE, None),
    "empty": (Outcome.COMPLETE, None),
    "old-posts-only": (Outcome.COMPLETE, None),
    "passing-fault": (Outcome.COMPLETE, None),
    "asks-to-wait": (Outcome.COMPLETE, None),
    "waits-in-odd-digits": (Outcome.PARTIAL, Cause.LISTING_LOST),
    "page-2-is-a-bomb": (Outcome.PARTIAL, Cause.LISTING_LOST),
    "page-2-is-cut-off": (Outcome.PARTIAL, Cause.LISTING_LOST),
    "page-2-is-not-brotli": (Outcome.PARTIAL, Cause.LISTING_LOST),
    "section-is-a-bomb": (Outcome.LAYOUT_CHANGED, Cause.UNREADABLE),
    "cookie": (Outcome.COMPLETE, None),
    "refuses": (Outcome.UNREACHABLE, Cause.REFUSED),
    "answers-500": (Outcome.UNREACHABLE, Cause.ROBOTS_LOST),
    "pages-answer-500": (Outcome.UNREACHABLE, Cause.SERVER_ERROR),
    "robots-500": (Outcome.UNREACHABLE, Cause.ROBOTS_LOST),
    "robots-challenge": (Outcome.BLOCKED, Cause.CHALLENGE),
    "robots-drops": (Outcome.UNREACHABLE, Cause.RESET),
    "robots-500-once": (Outcome.COMPLETE, None),
    "robots-404": (Outcome.COMPLETE, None),
    "drops": (Outcome.UNREACHABLE, Cause.RESET),
    "challenge": (Outcome.BLOCKED, Cause.CHALLENGE),
    "challenge-503": (Outcome.BLOCKED, Cause.CHALLENGE),
    "suspended": (Outcome.BLOCKED, Cause.SUSPENDED),
    "login": (Outcome.BLOCKED, Cause.LOGIN),
    "repairs": (Outcome.UNREACHABLE, Cause.MAINTENANCE),
    "forbidden": (Outcome.BLOCKED, Cause.FORBIDDEN),
    "rate-limited": (Outcome.BLOCKED, Cause.RATE_LIMITED),
    "robots": (Outcome.DISALLOWED, Cause.ROBOTS),
    "elsewhere": (Outcome.UNREACHABLE, Cause.REDIRECTED),
    "no-section": (Outcome.SECTION_NOT_FOUND, Cause.NO_SECTION),
    "section-404": (Outcome.SECTION_NOT_FOUND, Cause.SECTION_GONE),
    "section-leads-home": (Outcome.SECTION_NOT_FOUND, Cause.SECTION_GONE),
    "section-500": (Outcome.UNREACHABLE, Cause.SERVER_ERROR),
    "part-goes-on-beyond": (Outcome.PARTIAL, Cause.LISTING_LOST),
    "empty-part-goes-on-beyond": (Outcome.PARTIAL, Cause.LISTING_LOST),
    "part-500": (Outcome.PARTIAL, Cause.LISTING_LOST),
    "page-2-500": (Outcome.PARTIAL, Cause.LISTING_LOST),
    "page-2-challenge": (Outcome.PARTIAL, Cause.LISTING_LOST),
    "page-2-leads-home": (Outcome.PARTIAL, Cause.LISTING_LOST),
    "page-2-shows-nothing": (Outcome.PARTIAL, Cause.LISTING_LOST),
    "page-2-is-page-1": (Outcome.PARTIAL, Cause.LISTING_LOST),
    "script-pager": (Outcome.PARTIAL, Cause.LISTING_LOST),
    "post-500": (Outcome.PARTIAL, Cause.POST_LOST),
    "post-leads-to-a-file": (Outcome.PARTIAL, Cause.POST_LOST),
    "post-500-not-needed": (Outcome.COMPLETE, None),
    "post-on-the-home-page": (Outcome.COMPLETE, None),
    "side-bar-only": (Outcome.PARTIAL, Cause.LISTING_LOST),
    "shell-beside-a-listing": (Outcome.PARTIAL, Cause.LISTING_LOST),
    "filled-by-script": (Outcome.LAYOUT_CHANGED, Cause.UNREADABLE),
    "shell": (Outcome.PARTIAL, Cause.LISTING_LOST),
}


def refused_url() -> str:
    """An address on this machine where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/"


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Observation], dict[str, Site]]:
    """One visit to each portal, by the real worker in a process of its own."""
    with serving(PORTALS) as sites:
        urls = {name: site.url for name, site in sites.items()} | {"refuses": refused_url()}
        return crawl(tmp_path_factory.mktemp("visits"), urls), sites


@pytest.mark.parametrize("name", EXPECTED)
def test_outcome_and_cause(name: str, visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    seen = visits[0][name]
    assert (seen.outcome, seen.cause) == EXPECTED[name], seen.detail
    assert seen.detail or seen.outcome is Outcome.COMPLETE


@pytest.mark.parametrize(
    "name",
    [
        "well",
        "without-dates",
        "one-long-page",
        "passing-fault",
        "asks-to-wait",
        "post-500-not-needed",
        "post-on-the-home-page",
    ],
)
def test_every_post_of_the_period_is_seen_with_its_day(
    name: str, visits: tuple[dict[str, Observation], dict[str, Site]]
) -> None:
    portal = PORTALS[name]
    seen = {(item.title, (item.published or "")[:10]) for item in visits[0][name].items}
    for part in Portal.PARTS:
        for number in range(portal.posts):
            if portal.day(number) >= FIRST_DAY:
                assert (portal.title(part, number), str(portal.day(number))) in seen


def test_sections_are_named_with_their_categories(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    seen, sites = visits
    assert seen["well"].section == sites["well"].url + "tiep-cong-dan/"
    assert seen["well"].sections == {
        Category.SCHEDULE: sites["well"].url + "lich/",
        Category.PETITIONS: sites["well"].url + "don-thu/",
    }


def test_listing_with_dates_opens_no_post(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    hits = visits[1]["well"].hits
    assert not [path for path in hits if "/bai-" in path]
    assert max(hits.values()) == 1


def test_walk_ends_below_the_first_day(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    well = PORTALS["well"]
    assert well.day(2 * ROWS - 1) >= FIRST_DAY > well.day(2 * ROWS)
    assert visits[1]["well"].hits["/lich/page-3/"] == 1
    assert visits[1]["well"].hits["/lich/page-4/"] == 0


def test_posts_far_below_the_first_day_are_not_opened(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    hits = visits[1]["one-long-page"].hits
    assert [hits[f"/lich/bai-{number}.html"] for number in (7, 8, 15, 16, 29)] == [1, 1, 1, 0, 0]


def test_post_that_reads_like_a_section_is_left_to_its_listing(
    visits: tuple[dict[str, Observation], dict[str, Site]],
) -> None:
    seen = visits[0]["post-on-the-home-page"]
    assert {each.label for each in seen.listings} == {each.label for each in visits[0]["well"].listings}
    (post,) = [item for item in seen.items if item.url.endswith("/don-thu/bai-0.html")]
    assert not post.standing
    assert [each.label for each in post.placements] == ["Giải quyết đơn thư"]


def test_empty_listing_is_proven(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    listings = {each.label: each for each in visits[0]["empty"].listings}
    assert all(listings[label].empty and listings[label].complete for label in Portal.PARTS.values())


def test_lost_page_is_named(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    (lost,) = [each for each in visits[0]["page-2-500"].listings if each.lost]
    assert not lost.complete
    assert "/lich/page-2/" in lost.lost[0]


def test_partial_visit_keeps_what_it_saw(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    assert len(visits[0]["page-2-500"].items) >= 4
    assert len(visits[0]["part-500"].items) >= 4


def test_foreign_host_is_not_asked(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    assert visits[0]["elsewhere"].items == ()
    assert "localhost" in visits[0]["elsewhere"].detail


def test_polite_address_and_name(tmp_path: Path) -> None:
    names: list[str] = []

    def note(path: str, _nth: int) -> None:
        names.append(path)

    with serving({"well": Portal(play=note)}) as sites:
        crawl(tmp_path, {"well": sites["well"].url})
    assert names[0] == "/robots.txt"
    assert names.count("/robots.txt") == 1


def test_nobody_but_the_portals_is_asked(tmp_path: Path) -> None:
    """A cookie makes Scrapy look up which domains are public; the list of them is not to be fetched."""
    with serving({"cookie": PORTALS["cookie"]}) as sites:
        crawl(tmp_path, {"cookie": sites["cookie"].url})
    said = (tmp_path / "worker.log").read_text("utf-8")
    assert "publicsuffix" not in said
    assert "listening on" not in said, "Scrapy's own servers run the code they are sent"
    assert "Enabled extensions: ['scrapy.extensions.corestats.CoreStats', " in said
