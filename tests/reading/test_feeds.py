"""Feeds and site maps: what they tell of posts, and that nothing in them harms."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.reading.feeds import declared_feeds, read_feed
from auditor.reading.page import parse
from auditor.reading.sitemaps import read_sitemap

HERE = "https://so.example.vn/tiep-cong-dan/feed/"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Tiếp công dân</title><link>https://so.example.vn/</link>
<lastBuildDate>Mon, 25 Nov 2019 01:00:00 +0000</lastBuildDate>
<item><title><![CDATA[Lịch tiếp công dân tháng 11/2019]]></title><link>https://so.example.vn/lich-11.html</link>{first}</item>
<item><title>Nội quy &amp;amp; quy chế</title><guid isPermaLink="true">https://so.example.vn/noi-quy.html</guid>{second}</item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Lịch tiếp công dân</title>
<link rel="self" href="/x"/><link href="/lich-11.html"/><published>2019-11-01T18:30:00Z</published>
<updated>2020-01-05T08:00:00+07:00</updated></entry><link rel="next" href="?page=2"/></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/><item><title>Lịch</title><link>/lich-11.html</link>
<dc:date>2019-11-02T07:00:00+07:00</dc:date></item></rdf:RDF>"""


def days(text: str) -> list[tuple[str, str | None, str | None]]:
    """What a feed tells: address, published and modified, as this zone's moments."""
    return [
        (
            entry.url.removeprefix("https://so.example.vn"),
            entry.published and entry.published.iso(ZONE),
            entry.modified and entry.modified.iso(ZONE),
        )
        for entry in read_feed(text.encode(), HERE).entries
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            RSS.format(
                first="<pubDate>Fri, 01 Nov 2019 18:30:00 GMT</pubDate>", second="<dc:date>2018-03-05</dc:date>"
            ),
            [("/lich-11.html", "2019-11-02T01:30:00+07:00", None), ("/noi-quy.html", "2018-03-05", None)],
            id="RSS 2.0, in UTC and with a day alone",
        ),
        pytest.param(
            RSS.format(first="<pubDate>hôm qua</pubDate>", second=""),
            [("/lich-11.html", None, None), ("/noi-quy.html", None, None)],
            id="RSS without a date that can be read",
        ),
        pytest.param(
            ATOM,
            [("/lich-11.html", "2019-11-02T01:30:00+07:00", "2020-01-05T08:00:00+07:00")],
            id="Atom tells publication and change apart",
        ),
        pytest.param(RDF, [("/lich-11.html", "2019-11-02T07:00:00+07:00", None)], id="RSS 1.0"),
        pytest.param(
            RSS.format(first="<pubDate>Fri, 01 Nov 2019 18:30:00 GMT</pubDate>", second="")[:-30],
            [("/lich-11.html", "2019-11-02T01:30:00+07:00", None), ("/noi-quy.html", None, None)],
            id="cut short",
        ),
        pytest.param("<html><body><item><link>/a</link></item></body></html>", [], id="a page is no feed"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_what_a_feed_tells(text: str, told: list[tuple[str, str | None, str | None]]) -> None:
    assert days(text) == told


def test_the_moment_a_feed_was_made_is_no_date_of_its_posts() -> None:
    item = "<item><title>Bài</title><link>/{}</link><pubDate>Mon, 25 Nov 2019 01:00:00 +0000</pubDate></item>"
    made = "<rss><channel>" + "".join(item.format(n) for n in range(3)) + "</channel></rss>"
    assert [published for _, published, _ in days(made)] == [None, None, None]


def test_a_feed_goes_on_where_it_says_so() -> None:
    assert read_feed(ATOM.encode(), HERE).older == HERE + "?page=2"
    made_by = RSS.replace("<title>T", "<generator>https://wordpress.org/?v=5.2</generator><title>T")
    assert read_feed(made_by.encode(), HERE).older == HERE + "?paged=2"
    assert read_feed(made_by.encode(), HERE + "?paged=2").older == HERE + "?paged=3"
    assert read_feed(RSS.encode(), HERE).older is None


def test_feeds_that_a_page_declares() -> None:
    page = parse(
        b"""<html><head><link rel="alternate" type="application/rss+xml" href="/tiep-cong-dan/feed/">
        <link rel="alternate" type="application/json" href="/wp-json/"><link rel="alternate" hreflang="en" href="/en/">
        </head><body><a href="/rss.aspx">RSS</a><a href="/rss/tin-tuc.rss">RSS</a>
        <a href="/phan-hoi-feedback">G\xc3\xb3p \xc3\xbd</a>
        <a href="https://elsewhere.example/feed/">RSS</a></body></html>""",
        "https://so.example.vn/tiep-cong-dan/",
        "text/html; charset=utf-8",
    )
    told = [url.removeprefix("https://so.example.vn") for url in declared_feeds(page)]
    assert told == ["/tiep-cong-dan/feed/", "/rss.aspx", "/rss/tin-tuc.rss"]


def test_no_entity_is_resolved(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("host") / "secret"
    secret.write_text("secret")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha"><!ENTITY f SYSTEM "{secret.as_uri()}">{laughs}]>'
        "<rss><channel><item><title>&f;&l11;</title><link>/a</link></item></channel></rss>"
    )
    assert all(
        len(entry.title) < 100 and "secret" not in entry.title for entry in read_feed(bomb.encode(), HERE).entries
    )


@given(st.binary(max_size=300), st.integers(0, len(RSS)))
def test_no_feed_is_too_broken(noise: bytes, at: int) -> None:
    body = RSS.encode()
    broken = body[:at] + noise + body[at:]
    assert len(read_feed(broken, HERE).entries) <= 400
    assert len(read_sitemap(broken.replace(b"link>", b"loc>"), HERE)) <= 400


def test_what_a_site_map_tells() -> None:
    body = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
    <url><loc>https://so.example.vn/lich-11.html</loc><lastmod>2019-12-01</lastmod>
    <news:news><news:publication_date>2019-11-01</news:publication_date></news:news></url>
    <url><loc>https://so.example.vn/noi-quy.html</loc></url></urlset>"""
    first, second = read_sitemap(body, HERE)
    assert (first.modified and first.modified.day, first.published and first.published.day) == (
        date(2019, 12, 1),
        date(2019, 11, 1),
    )
    assert (second.url, second.modified, second.published) == ("https://so.example.vn/noi-quy.html", None, None)
