"""Every reading function that the spiders call, as they call it: each takes a page, or data, not to be trusted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from auditor.reading import navigation
from auditor.reading.addresses import host_of
from auditor.reading.article import read_article
from auditor.reading.carried import carried_lists, literals_in, read_carried, with_carried, written_markup
from auditor.reading.choices import choices_of
from auditor.reading.decoding import decode
from auditor.reading.endpoints import find_endpoints, inline_scripts
from auditor.reading.feeds import declared_feeds, read_feed
from auditor.reading.filling import CALLS, empty_boxes, external_scripts, signs, speaks_of, templates_of, waiting_boxes
from auditor.reading.frames import foreign_frames, frames_of, is_frameset
from auditor.reading.json_values import load
from auditor.reading.listing import are_related, read_rows, says_empty
from auditor.reading.naming import site_name
from auditor.reading.page import MAX_LINKS, Page, parse
from auditor.reading.pager import read_pager
from auditor.reading.patterns import patterns_in
from auditor.reading.quality import judge, says_missing
from auditor.reading.records import read_records
from auditor.reading.script_menus import menu_page
from auditor.reading.sitemaps import read_sitemap
from auditor.reading.stamps import fixtures
from auditor.reading.titles import tidy
from auditor.reading.totals import totals_of
from auditor.reading.wording import fingerprint

NOW = datetime(2019, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
LONGEST_TITLE = 1000
LONGEST_BODY = 4000
LONGEST_TEASER = 500
MOST_MAPPED = 50_000


def _hosts(page: Page) -> frozenset[str]:
    return frozenset({host_of(page.url)})


def _navigation(page: Page) -> None:
    hosts = _hosts(page)
    found = navigation.sections(page, hosts)
    list(map(navigation.may_be_post, found))
    for find in (navigation.parts, navigation.ways_round):
        find(page, hosts)
    navigation.posts_among(page, navigation.menu_addresses(page, hosts))


def _frames(page: Page) -> None:
    frames_of(page, _hosts(page))
    foreign_frames(page, _hosts(page))
    is_frameset(page)


def _words(page: Page) -> None:
    judge(page)
    says_empty(page)
    says_missing(page)
    totals_of(page)
    site_name(page)


def _rows(page: Page) -> None:
    known = navigation.menu_addresses(page, _hosts(page))
    rows = read_rows(page, known=known, now=NOW)
    are_related(page, rows)
    assert len(rows) <= MAX_LINKS
    assert all(len(row.title) <= LONGEST_TITLE and len(row.teaser) <= LONGEST_TEASER for row in rows)
    list(map(tidy, (row.title for row in rows)))


def _pager(page: Page) -> None:
    scripts = inline_scripts(page)
    fragment = Page(page.url, page.root)
    for pager in (read_pager(page, asked=1), read_pager(fragment, asked=2, around=page, scripts=scripts)):
        assert pager.last is None or pager.last <= 5000


def _article(page: Page) -> None:
    standing = fixtures(page)
    article = read_article(page, expected="Lịch tiếp công dân tháng 11", now=NOW, standing=standing)
    assert len(article.title) <= LONGEST_TITLE
    assert len(article.body) <= LONGEST_BODY
    fingerprint(article.title, article.body, article.attachments)


def _choices(page: Page) -> None:
    choices_of(page)
    choices_of(page, inline_scripts(page), lists=False)


def _carried(page: Page) -> None:
    lists = carried_lists(page)
    patterns = patterns_in([*inline_scripts(page), *templates_of(page)])
    for each in lists:
        assert isinstance(each.key, str)
    records = read_carried(page, lists, NOW, patterns=patterns)
    if records is not None:
        with_carried((), records)
    if markup := written_markup(page):
        parse(markup.encode("utf-8", "replace"), page.url, "text/html; charset=utf-8")
    menu_page(page, [each.root for each in lists], inline_scripts(page), patterns)


def _scripted(page: Page) -> None:
    scripts = inline_scripts(page)
    find_endpoints(page, scripts, _hosts(page))
    external_scripts(page)
    list(signs(page, ()))
    boxes = waiting_boxes(page, ())
    asking = [text for text in scripts if CALLS.search(text)]
    for box in boxes:
        any(speaks_of(text, box) for text in asking)
    empty_boxes(page)
    declared_feeds(page)


OF_A_PAGE: dict[str, Callable[[Page], None]] = {
    "navigation": _navigation,
    "frames": _frames,
    "words": _words,
    "rows": _rows,
    "pager": _pager,
    "article": _article,
    "choices": _choices,
    "carried": _carried,
    "scripted": _scripted,
}
"""What is read of a page."""


def _feed(body: bytes, page: Page) -> None:
    assert all(len(entry.title) <= LONGEST_TITLE for entry in read_feed(body, page.url).entries)


def _sitemap(body: bytes, page: Page) -> None:
    assert len(read_sitemap(body, page.url)) <= MOST_MAPPED


def _data(body: bytes, page: Page) -> None:
    text = decode(body, "application/json")
    read_records(text, page.url, NOW, patterns=patterns_in([text]))
    load(text)


def _script(body: bytes, page: Page) -> None:
    """A script that a page loads from elsewhere."""
    text = decode(body, "text/javascript")
    find_endpoints(page, [text], _hosts(page))
    patterns_in([text])
    menu_page(page, islice(literals_in(text), 50), [text])
    read_pager(page, asked=1, scripts=[text])


OF_DATA: dict[str, Callable[[bytes, Page], None]] = {
    "feed": _feed,
    "site map": _sitemap,
    "data": _data,
    "script": _script,
}
"""What is read of an answer that is no page; the page is the one that asks for it."""
