"""Feeds and site maps on real servers: dates that pages hide, posts of lost pages, and nothing more than that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from auditor.observation import Observation
from auditor.outcomes import Outcome
from tests.spiders.lab import FIRST_DAY, Answer, Portal, Site, crawl, serving

XML = {"Content-Type": "application/xml; charset=utf-8"}
WORDPRESS = "<generator>https://wordpress.org/?v=5.2.4</generator>"
EACH = 5


@dataclass(frozen=True)
class Fed(Portal):
    """A portal that shows no date anywhere; its parts declare a feed of `size` posts, WordPress's goes on.

    Attributes:
        feeds: whether there are any. mapped: whether a site map tells of last changes. lost: whether page 2 is.
    """

    dated: bool = False
    feeds: bool = True
    wordpress: bool = False
    mapped: bool = False
    lost: bool = False
    own: bool = False

    def answer(self, path: str) -> Answer:
        part, _, rest = urlsplit(path).path.strip("/").partition("/")
        if rest == "feed" and self.feeds:
            page = int(parse_qs(urlsplit(path).query).get("paged", ["1"])[0])
            return Answer(self._feed(part, page), headers=XML)
        if path == "/sitemap.xml" and self.mapped:
            return Answer(self._map(), headers=XML)
        if self.lost and rest.startswith("page-2"):
            return Answer("lỗi", status=500)
        answer = super().answer(path)
        if part in self.PARTS and not rest and self.feeds and isinstance(answer.body, str):
            link = f'<link rel="alternate" type="application/rss+xml" href="/{part}/feed"></head>'
            return Answer(answer.body.replace("</head>", link))
        return answer

    def _post(self, part: str, number: int) -> str:
        body = "Căn cứ Luật Tiếp công dân, đơn vị thông báo để công dân được biết và liên hệ. " * 5
        day = f"<p>Ngày đăng: {self.day(number):%d/%m/%Y}</p>" if self.own else ""
        return self.page(self.title(part, number), f"{day}<div>{body}</div>")

    def _feed(self, part: str, page: int) -> str:
        shown = range((page - 1) * EACH, min(page * EACH, self.posts)) if self.wordpress else range(EACH)
        items = "".join(
            f"<item><title>{self.title(part, n)}</title><link>/{part}/bai-{n}.html</link>"
            f"<pubDate>{format_datetime(datetime.combine(self.day(n), time(1), UTC))}</pubDate></item>"
            for n in shown
        )
        return f"<rss><channel>{WORDPRESS if self.wordpress else ''}{items}</channel></rss>"

    def _map(self) -> str:
        entries = "".join(
            f"<url><loc>/{part}/bai-{n}.html</loc><lastmod>{self.day(n)}</lastmod></url>"
            for part in self.PARTS
            for n in range(self.posts)
        )
        return f"<urlset>{entries}</urlset>"


PORTALS: Mapping[str, Fed] = {
    "fed": Fed(),
    "wordpress": Fed(wordpress=True),
    "unfed": Fed(feeds=False),
    "mapped": Fed(mapped=True),
    "dated": Fed(dated=True),
    "lost": Fed(dated=True, lost=True),
}


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, Observation], dict[str, Site]]]:
    with serving(PORTALS) as sites:
        yield crawl(tmp_path_factory.mktemp("feeds"), {name: site.url for name, site in sites.items()}), sites


def dates(seen: Observation) -> dict[str, str | None]:
    return {item.url.partition("//")[2].partition("/")[2]: item.published for item in seen.items}


def test_a_feed_dates_the_posts_it_shows_and_no_others(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    portal, told = PORTALS["fed"], dates(visits[0]["fed"])
    for part in portal.PARTS:
        for n in range(portal.posts):
            wanted = f"{portal.day(n).isoformat()}T08:00:00+07:00" if n < EACH else None
            assert told[f"{part}/bai-{n}.html"] == wanted
    sources = {item.published_from and item.published_from.partition(":")[0] for item in visits[0]["fed"].items}
    assert sources == {"feed", None}


def test_a_feed_that_goes_on_is_followed_to_its_end(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    assert None not in dates(visits[0]["wordpress"]).values()


def test_a_portal_without_dates_and_feeds_stays_undated(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    assert set(dates(visits[0]["unfed"]).values()) == {None}


def test_a_site_map_tells_of_changes_never_of_publications(
    visits: tuple[dict[str, Observation], dict[str, Site]],
) -> None:
    seen = visits[0]["mapped"]
    undated = [item for item in seen.items if item.published is None]
    assert len(undated) == 2 * (PORTALS["mapped"].posts - EACH)
    assert all(item.modified is not None for item in undated)


def test_where_the_pages_leave_nothing_open_no_feed_is_asked(
    visits: tuple[dict[str, Observation], dict[str, Site]],
) -> None:
    assert not [path for path in visits[1]["dated"].hits if "feed" in path or "sitemap" in path]


def test_posts_of_a_lost_page_are_known_from_the_feed_and_the_listing_stays_incomplete(
    visits: tuple[dict[str, Observation], dict[str, Site]],
) -> None:
    portal, seen = PORTALS["lost"], visits[0]["lost"]
    hidden = {f"{part}/bai-{EACH - 1}.html" for part in portal.PARTS}  # the first of the lost page
    assert hidden <= dates(seen).keys()
    assert portal.day(EACH - 1) > FIRST_DAY
    assert seen.outcome is Outcome.PARTIAL
    assert not any(each.complete for each in seen.listings if each.category)
