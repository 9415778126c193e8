"""Listings that scripts carry on, on real servers: buttons that load more, numbers whose address a script builds.

Each portal shows its first posts in the page, and the others only to who asks as its script does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from auditor.observation import Observation
from auditor.outcomes import Cause, Outcome
from tests.spiders.lab import FIRST_DAY, ROWS, Answer, Portal, Site, crawl, serving

JSON = {"Content-Type": "application/json"}
SCRIPT = {"Content-Type": "application/javascript"}


@dataclass(frozen=True)
class Loading(Portal):
    """A portal whose listing goes on by what `button` asks for.

    Attributes:
        button: markup and scripts below the posts; `PART` stands for the part's name.
        form: what the endpoint answers: "html", "json", "ids" (records without an address), "wrapped".
        faulty: "" | "same" (always the first page) | "500" | "endless" | "shield" (from page 3).
        script: what the portal answers for /theme.js.
    """

    posts: int = 20
    step: int = 4
    button: str = ""
    form: str = "html"
    faulty: str = ""
    script: str = ""

    def pager(self, part: str, page: int) -> str:
        return self.button.replace("PART", part).replace("HERE", str(page)).replace("LAST", str(self.last()))

    def answer(self, path: str) -> Answer:
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/theme.js":
            return Answer(self.script, headers=SCRIPT)
        if parts.path == "/load":
            return self.loaded(query)
        if parts.path.strip("/") in self.PARTS and "trang" in query:
            return super().answer(f"{parts.path.rstrip('/')}/page-{query['trang']}/")
        return super().answer(path)

    def posted(self, path: str, body: str, headers: Mapping[str, str]) -> Answer:
        fields = json.loads(body) if "json" in headers.get("Content-Type", "") else dict(parse_qsl(body))
        if "trang" in fields:
            return super().answer(f"{path.rstrip('/')}/page-{fields['trang']}/")
        return self.loaded({name: str(value) for name, value in fields.items()})

    def loaded(self, asked: Mapping[str, str]) -> Answer:
        """What the endpoint answers."""
        if self.faulty == "500" or asked.get("part") not in self.PARTS or asked.get("action", "more") != "more":
            return Answer("0", 500 if self.faulty == "500" else 400)
        page = int(asked["page"]) if "page" in asked else int(asked["offset"]) // ROWS + 1
        shown = list(self.rows(1 if self.faulty == "same" else page))
        if self.faulty == "endless":
            shown = list(range((page - 1) * ROWS, page * ROWS))
        return self.written(asked["part"], shown, page)

    def written(self, part: str, shown: list[int], page: int) -> Answer:
        """The posts in the form in which the endpoint writes them."""
        html = "".join(self.row(part, number) for number in shown)
        if self.faulty == "shield" and page > 2:
            return Answer("<p>Request Rejected</p>")
        if self.form == "html":
            return Answer(html)
        if self.form == "wrapped":
            return Answer(json.dumps({"success": True, "data": {"html": html}}), headers=JSON)
        records = [
            {"id": number, "title": self.title(part, number), "publishedAt": f"{self.day(number)}T08:00:00"}
            | ({} if self.form == "ids" else {"url": f"/{part}/bai-{number}.html"})
            for number in shown
        ]
        return Answer(json.dumps({"items": records, "hasMore": page < self.last()}), headers=JSON)


BUTTON = '<button id="more">Xem thêm</button>'
POST_HTML = (
    BUTTON
    + "<script>var page = 1; $(document).ready(function(){ $('#more').on('click', function(e){ e.preventDefault();"
    " page++; $.ajax({url: '/load', type: 'POST', data: {page: page, part: 'PART'}, success: function(html){"
    " $('#list').append(html); }}); }); });</script>"
)
FETCH_JSON = (
    BUTTON + "<script>let page = 2; const more = document.querySelector('#more');"
    " more.addEventListener('click', async () => { const r = await fetch(`/load?part=PART&page=${page}`);"
    " const d = await r.json(); d.items.forEach(i => add(i)); if (!d.hasMore) { more.remove(); } else { page += 1; }"
    " });</script>"
)
OFFSET = (
    '<a href="#" class="more" data-offset="4">Tải thêm</a><script>$(document).on("click", ".more", function(){'
    " var b = $(this); $.get('/load', {part: 'PART', offset: b.data('offset')}, function(h){ $('ul').append(h);"
    " b.data('offset', b.data('offset') + 4); }); });</script>"
)
XHR = (
    '<input type="button" value="Xem thêm" onclick="more()"><script>var skip = 0; function more(){ skip = skip + 4;'
    " var x = new XMLHttpRequest(); x.open('GET', '/load?part=PART&offset=' + skip);"
    " x.onload = function(){ }; x.send(); }"
    "</script>"
)
WORDPRESS = (
    BUTTON
    + '<script>var more_params = {"ajaxurl":"/load","part":"PART","page":1};</script><script src="/theme.js"></script>'
)
WORDPRESS_SCRIPT = (
    "jQuery(function($){ $('#more').click(function(){ var data = {'action': 'more', 'part': more_params.part,"
    " 'page': more_params.page + 1}; $.ajax({url: more_params.ajaxurl, data: data, type: 'POST', success: function(d){"
    " if (d) { more_params.page++; } else { $('#more').remove(); } } }); }); });"
)
JSON_POST = (
    BUTTON
    + "<script>var p = 1; document.getElementById('more').onclick = function(){ p++; fetch('/load', {method: 'POST',"
    " headers: {'Content-Type': 'application/json'}, "
    " body: JSON.stringify({part: 'PART', page: p})}).then(r => r.text()); };"
    "</script>"
)
IDS = (
    BUTTON + "<script>var page = 1; $('#more').click(function(){ page++; $.getJSON('/load', {part: 'PART', page: page},"
    " function(d){ $.each(d.items, function(i, item){ $('ul').append(LINK); }); }); });</script>"
)
LINK = """'<li><a href="/PART/bai-' + item.id + '.html">' + item.title + '</a></li>'"""
GO_PAGE = (
    "<script>function goPage(n, size){ if (n < 1) return;"
    " window.location.href = '/PART/?trang=' + n + '&size=' + size; }</script>"
    "<b>HERE</b> " + "".join(f'<a href="javascript:void(0)" onclick="goPage({n}, 4)">{n}</a> ' for n in range(1, 6))
)
GO_FORM = (
    '<form name="frm" method="post" action="/PART/"><input type="hidden" name="trang" value="1"></form>'
    "<script>function goPage(n){ document.frm.trang.value = n; document.frm.submit(); }</script>"
    "<b>HERE</b> " + "".join(f'<a href="javascript:goPage({n})">{n}</a> ' for n in range(1, 6))
)
LOADED_PAGES = (
    "<script>function show(n){ $.get('/load', {part: 'PART', page: n}, function(h){ $('ul').html(h); }); }</script>"
    + "".join(f'<a href="#" onclick="show({n}); return false">{n}</a> ' for n in range(1, 6))
)
SELECT = (
    'Trang <select name="page" onchange="location.href=\'/PART/?trang=\' + this.value">'
    + "".join(f"<option SEL{n}>{n}</option>" for n in range(1, 6))
    + "</select>"
)
PLUGIN = (
    '<ul id="pages"></ul><script>$("#pages").twbsPagination({totalPages: LAST, startPage: HERE,'
    " onPageClick: function (event, page) { if (page != HERE) window.location = '/PART/?trang=' + page; }});</script>"
)
SCROLL = (
    "<script>var page = 1, busy = false; $(window).scroll(function(){ if (busy) return; if ($(window).scrollTop() >"
    " $(document).height() - 900) { page++;"
    " $.get('/load', {part: 'PART', page: page}, function(h){ $('ul').append(h); }); } });</script>"
)


class Worded(Loading):
    """Posts whose titles use a shield's words."""

    def title(self, part: str, number: int) -> str:
        return f"Thông báo thay đổi {self.PARTS[part].lower()} số {number} của lãnh đạo đơn vị"


class Boxed(Loading):
    """A select box, whose chosen option is the page shown."""

    def pager(self, part: str, page: int) -> str:
        return super().pager(part, page).replace(f"SEL{page}>", "selected>")


PORTALS: dict[str, Portal] = {
    "post-html": Loading(posts=40, button=POST_HTML),
    "words-of-a-shield": Worded(button=POST_HTML),
    "shield": Loading(button=POST_HTML, faulty="shield"),
    "wrapped-html": Loading(button=POST_HTML, form="wrapped"),
    "fetch-json": Loading(button=FETCH_JSON, form="json"),
    "offset": Loading(button=OFFSET),
    "xhr": Loading(button=XHR),
    "attributes": Loading(button='<button data-url="/load?part=PART" data-page="2">Xem thêm</button>'),
    "wordpress": Loading(button=WORDPRESS, script=WORDPRESS_SCRIPT),
    "json-post": Loading(button=JSON_POST, form="json"),
    "ids-and-pattern": Loading(button=IDS.replace("LINK", LINK), form="ids"),
    "select": Boxed(button=SELECT),
    "go-page": Loading(button=GO_PAGE),
    "go-form": Loading(button=GO_FORM),
    "loaded-pages": Loading(button=LOADED_PAGES),
    "plugin": Loading(button=PLUGIN),
    "scroll": Loading(button=SCROLL),
    "nothing-more": Loading(posts=4, button=POST_HTML),
    "same-again": Loading(button=POST_HTML, faulty="same"),
    "fails": Loading(button=POST_HTML, faulty="500"),
    "endless": Loading(button=FETCH_JSON.replace("!d.hasMore", "false"), form="html", faulty="endless", step=0),
    "ids-only": Loading(button=IDS.replace("LINK", "item.title"), form="ids"),
    "wrong-parameter": Loading(posts=4, button=POST_HTML.replace("part:", "phan:")),
    "promises-more": Loading(posts=4, button="<p>Tổng số: 57 tin</p>"),
    "promise-kept": Loading(posts=4, button="<p>Tổng số: 4 tin</p>"),
    "unknown-address": Loading(button=BUTTON + "<script>$('#more').click(function(){ load(secret()); });</script>"),
}
WELL = [
    "post-html",
    "words-of-a-shield",
    "wrapped-html",
    "fetch-json",
    "offset",
    "xhr",
    "attributes",
    "wordpress",
    "json-post",
    "ids-and-pattern",
    "select",
    "go-page",
    "go-form",
    "loaded-pages",
    "plugin",
    "scroll",
    "nothing-more",
    "promise-kept",
]
TOLD = {
    "same-again": Cause.LISTING_LOST,
    "fails": Cause.LISTING_LOST,
    "shield": Cause.LISTING_LOST,
    "endless": Cause.PAGE_LIMIT,
    "ids-only": Cause.LISTING_LOST,
    "wrong-parameter": Cause.LISTING_LOST,
    "promises-more": Cause.LISTING_LOST,
    "unknown-address": Cause.LISTING_LOST,
}


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Observation], dict[str, Site]]:
    with serving(PORTALS) as sites:
        return crawl(tmp_path_factory.mktemp("visits"), {name: site.url for name, site in sites.items()}), sites


@pytest.mark.parametrize("name", WELL)
def test_every_post_of_the_period_is_seen(name: str, visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    seen, portal = visits[0][name], PORTALS[name]
    assert seen.outcome is Outcome.COMPLETE, seen.detail
    wanted = {
        (portal.title(part, number), str(portal.day(number)))
        for part in Portal.PARTS
        for number in range(portal.posts)
        if portal.day(number) >= FIRST_DAY
    }
    assert wanted <= {(item.title, (item.published or "")[:10]) for item in seen.items}


@pytest.mark.parametrize("name", TOLD)
def test_what_cannot_be_followed_is_told(name: str, visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    seen = visits[0][name]
    assert (seen.outcome, seen.cause) == (Outcome.PARTIAL, TOLD[name]), seen.detail
    assert len(seen.items) >= 2 * min(ROWS, PORTALS[name].posts)


def test_loading_ends_below_the_first_day(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    """The first page and four loads hold the period's posts; a fifth load brings older ones alone."""
    hits = visits[1]["post-html"].hits
    assert PORTALS["post-html"].day(5 * ROWS) < FIRST_DAY <= PORTALS["post-html"].day(5 * ROWS - 4)
    assert hits["POST /load"] == 2 * 5
    assert not [path for path in hits if "/bai-" in path]
