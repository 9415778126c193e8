"""Frozen pages, and how the facts of one are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from auditor.reading import navigation
from auditor.reading.addresses import host_of, identity
from auditor.reading.article import read_article
from auditor.reading.dates import Stamp
from auditor.reading.listing import read_rows, says_empty
from auditor.reading.onward import Onward
from auditor.reading.page import Page
from auditor.reading.pager import read_pager
from auditor.reading.quality import judge

PAGES = Path(__file__).parent.parent / "pages"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2019, 11, 20, 10, 0, tzinfo=ZONE)
CASES = sorted(path.parent for path in PAGES.glob("*/*/page.html"))


def _iso(stamp: Stamp | None) -> str | None:
    return stamp.iso(ZONE) if stamp else None


def _home(page: Page, _: dict[str, Any]) -> dict[str, Any]:
    found = navigation.sections(page, frozenset({host_of(page.url)}))
    return {
        "sections": [[each.label, each.url] for each in found],
        "parts": [[each.label, each.url, each.category, each.commune] for top in found[:1] for each in top.walk()][1:],
    }


def _ways(page: Page, _: dict[str, Any]) -> dict[str, Any]:
    hosts = frozenset({host_of(page.url)})
    return {
        "sections": [each.url for each in navigation.sections(page, hosts)],
        "ways": [way.url for way in navigation.ways_round(page, hosts)],
    }


def _listing(page: Page, case: dict[str, Any]) -> dict[str, Any]:
    known = frozenset(identity(url) for url in case.get("known", []))
    rows = read_rows(page, known=known | navigation.menu_addresses(page, frozenset({host_of(page.url)})), now=NOW)
    pager = read_pager(page)
    return {
        "rows": [[row.title, row.url, _iso(row.stamp), _iso(row.modified)] for row in rows],
        "next": pager.next_url,
        "sends": _sends(pager.next),
        "last": pager.last,
        "stuck": pager.stuck,
        "says_empty": says_empty(page),
    }


def _sends(ask: Onward | None) -> dict[str, Any] | None:
    """What a next page without an address of its own is asked for with, but for the view state."""
    if ask is None or ask.is_address:
        return None
    fields = [[name, value] for name, value in ask.form or () if not name.startswith("__VIEWSTATE")]
    return {"url": ask.url, "form": fields if ask.form is not None else None, "json": ask.json, "kind": ask.kind}


def _article(page: Page, case: dict[str, Any]) -> dict[str, Any]:
    article = read_article(page, expected=case.get("expected", ""), now=NOW)
    return {
        "title": article.title,
        "published": _iso(article.stamp),
        "from": f"{article.place}: {article.stamp.text}" if article.stamp else None,
        "modified": _iso(article.modified),
        "document_date": _iso(article.document_date),
        "body_begins": article.body[:60],
        "body_ends": article.body[-60:],
        "attachments": [[file.url, file.kind] for file in article.attachments],
        "solid": article.solid,
    }


def _quality(page: Page, case: dict[str, Any]) -> dict[str, Any]:
    return {"cause": judge(page, case.get("status", 200))}


READERS: dict[str, Callable[[Page, dict[str, Any]], dict[str, Any]]] = {
    "home": _home,
    "ways": _ways,
    "listing": _listing,
    "article": _article,
    "quality": _quality,
}


def read(page: Page, case: dict[str, Any]) -> dict[str, Any]:
    """The facts of a page, as a case writes them."""
    facts: dict[str, Any] = json.loads(json.dumps(READERS[case["read"]](page, case)))
    return facts


def only_named(facts: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    """The facts that a case names; all of them where it names none."""
    return {name: facts[name] for name in case.get("facts", facts)}
