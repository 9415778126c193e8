"""Portals whose lists, menus or whole pages scripts build, read by the real worker from what the scripts show."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from auditor.categories import Category
from auditor.observation import Observation
from auditor.outcomes import Cause, Outcome
from tests.spiders.lab import FIRST_DAY, Answer, Play, Portal, Site, crawl, serving

LABELS = {"/lich/": "Lịch tiếp công dân", "/don-thu/": "Giải quyết đơn thư"}
NUMBERS = {"lich": 31, "don-thu": 32}
SIZE = 6
JSON = {"Content-Type": "application/json; charset=utf-8"}
SCRIPT = {"Content-Type": "application/javascript"}
PORTAL = Portal()
Content = Callable[[str], str]
"""From a part's name to what its page holds in place of its list."""


def markup_of(path: str, posts: int = 18) -> str:
    body = Portal(posts=posts).answer(path).body
    assert isinstance(body, str)
    return body


def around(part: str, content: str) -> str:
    """A part's page in the portal's dress, with something else in place of its list."""
    whole = markup_of(f"/{part}/")
    return whole[: whole.index("<ul><li><h4>")] + content + whole[whole.index("<footer>") :]


def records(part: str, start: int = 0, count: int = 100, posts: int = 18) -> list[dict[str, object]]:
    return [
        {
            "id": number,
            "title": PORTAL.title(part, number),
            "url": f"/{part}/bai-{number}.html",
            "publishedAt": f"{PORTAL.day(number)}T08:30:00+07:00",
        }
        for number in range(start, min(start + count, posts))
    ]


def endpoint(posts: int = 18, status: int = 200, *, endless: bool = False) -> Play:
    """The portal's API: `/api/tin?muc=31&page=2`, six posts at a time."""

    def play(asked: str, _nth: int) -> Answer | None:
        if not asked.startswith("/api/tin"):
            return None
        query = {key: values[0] for key, values in parse_qs(urlsplit(asked).query).items()}
        part = next((name for name, number in NUMBERS.items() if query.get("muc") in {str(number), name}), "")
        if not part or status != 200:
            return Answer('{"error": "no such section"}', status if status != 200 else 400, JSON)
        page = int(query.get("page", 1))
        listed = records(part, (page - 1) * SIZE, SIZE, posts)
        if endless:
            listed = [
                {**each, "id": page * 100, "url": f"/{part}/bai-{page}.html?x={page}"} for each in records(part, 0, 1)
            ]
        answer = {"data": {"items": listed, "total": 10**6 if endless else posts, "page": page}}
        return Answer(json.dumps(answer, ensure_ascii=False), headers=JSON)

    return play


def portal(content: Content, *plays: Play, files: dict[str, str] | None = None) -> Portal:
    """A portal whose parts hold `content` in place of their lists, with files (scripts) beside."""

    def play(asked: str, nth: int) -> Answer | None:
        if asked in LABELS:
            return Answer(around(asked.strip("/"), content(asked.strip("/"))))
        if files and asked in files:
            return Answer(files[asked], headers=SCRIPT)
        return next((answer for each in plays if (answer := each(asked, nth))), None)

    return Portal(play=play)


def inline(part: str) -> str:
    return (
        f"<div id='ds'></div><script>var muc = {NUMBERS[part]}; var page = 1; function tai() {{"
        "$.getJSON('/api/tin', {muc: muc, page: page}, ve) } tai(); "
        "$('#them').click(function () { page++; tai() })</script>"
    )


def printed(record: Mapping[str, object]) -> str:
    return f"{date.fromisoformat(str(record['publishedAt'])[:10]):%d/%m/%Y}"


def external(part: str) -> str:
    scripts = "<script src='/js/jquery.js'></script><script src='/js/ds.js'></script>"
    return f"<div id='ds' data-muc='{NUMBERS[part]}'></div>{scripts}"


EXTERNAL = {
    "/js/ds.js": "const API = '/api'; async function tai(page) { const muc = document.getElementById('ds').dataset.muc;"
    "const r = await fetch(`${API}/tin?muc=${muc}&page=${page}`); ve(await r.json()) } tai(1);"
}


def carried(part: str) -> str:
    data = {"props": {"pageProps": {"items": records(part)}}, "page": "/[slug]"}
    return f"<div id='__next'></div><script id='__NEXT_DATA__' type='application/json'>{json.dumps(data)}</script>"


def state(part: str, page: int) -> str:
    """A page of a framework's state, which promises further ones, and no step to them."""
    told = {"posts": records(part, (page - 1) * SIZE, SIZE), "pagination": {"page": page, "total": 18, "totalPages": 3}}
    data = json.dumps({"props": {"pageProps": told}, "query": {}})
    return f"<div id='__next'></div><script id='__NEXT_DATA__' type='application/json'>{data}</script>"


def rendered(part: str, page: int) -> str:
    """Posts rendered without their days, which stand in the state: a function whose arguments are what repeats."""
    shown = records(part, (page - 1) * SIZE, SIZE)
    rows = "".join(f'<p><a href="/{part}/bai-{each["id"]}.html">{each["title"]}</a></p>' for each in shown)
    posts = ",".join(
        f'{{id:{each["id"]},title:"{each["title"]}",thumb:a,published_at:"{str(each["publishedAt"])[:10]}"}}'
        for each in shown
    )
    data = f"data:[{{posts:[{posts}],meta:{{total:18,last_page:3}}}}],error:b"
    called = f'(function(a,b){{return {{{data}}}}}("/no.png",null))'
    steps = "".join(f'<li><button type="button">{number}</button></li>' for number in (1, 2, 3))
    search = '<form action="/tim-kiem"><input name="q"></form>'
    return f"{search}{rows}<ul>{steps}<li><button>›</button></li></ul><script>window.__NUXT__={called};</script>"


def list_data(asked: str, _nth: int) -> Answer | None:
    """A list of SharePoint 2013: rows without addresses, and the next page's in `NextHref`."""
    parts = urlsplit(asked)
    part, after = parts.path.strip("/"), parse_qs(parts.query).get("p_ID")
    if part not in PORTAL.PARTS:
        return None
    start = int(after[0]) + 1 if after else 0
    rows = [
        {"ID": str(each["id"]), "Title": each["title"], "FileRef": f"/{part}/{each['id']}_.000", "Ngay": printed(each)}
        for each in records(part, start, SIZE)
    ]
    more = {"NextHref": f"?Paged=TRUE&p_ID={start + SIZE - 1}"} if start + SIZE < 18 else {}
    data = json.dumps({"Row": rows, "FirstRow": start + 1, "LastRow": start + len(rows), **more})
    return Answer(around(part, f"<div id='scriptWPQ2'></div><script>var WPQ2ListData = {data}; Render();</script>"))


def paged(written: Callable[[str, int], str]) -> Play:
    """Pages of a framework, addressed by `?page=2`."""

    def play(asked: str, _nth: int) -> Answer | None:
        parts = urlsplit(asked)
        part, page = parts.path.strip("/"), int(parse_qs(parts.query).get("page", ["1"])[0])
        return Answer(around(part, written(part, page))) if part in PORTAL.PARTS else None

    return play


def literals(part: str) -> str:
    rows = ", ".join(
        f"{{ten: '{each['title']}', link: '{each['url']}', ngay: '{printed(each)}',}}" for each in records(part)
    )
    return f"<table id=bang></table><script>var dsTin = [{rows}]; veBang(dsTin);</script>"


def written(part: str) -> str:
    rows = "".join(
        f'document.write(\'<li><a href="{each["url"]}">{each["title"]}</a> '
        f"({date.fromisoformat(str(each['publishedAt'])[:10]):%d/%m/%Y})</li>');"
        for each in records(part)
    )
    return f"<script>document.write('<ul>');{rows}document.write('</ul>');</script>"


def table(part: str) -> str:
    return (
        "<table id='bang'><thead></thead><tbody></tbody></table><script>$('#bang').DataTable({serverSide: true, "
        f"ajax: '/bang/{part}', columns: [{{data: 'title'}}]}});</script>"
    )


def tables(asked: str, _nth: int) -> Answer | None:
    if not asked.startswith("/bang/"):
        return None
    query = {key: int(values[0]) for key, values in parse_qs(urlsplit(asked).query).items()}
    part = urlsplit(asked).path.removeprefix("/bang/")
    rows = [
        [
            f"<a href='{each['url']}'>{each['title']}</a>",
            f"{date.fromisoformat(str(each['publishedAt'])[:10]):%d/%m/%Y}",
        ]
        for each in records(part, query["start"], query["length"])
    ]
    answer = {"draw": query["draw"], "recordsTotal": 18, "recordsFiltered": 18, "data": rows}
    return Answer(json.dumps(answer), headers=JSON)


def fragment(part: str) -> str:
    return f"<div class='khung' data-url='/phan/{part}?trang=1'></div><script>$('.khung').each(nap)</script>"


def fragments(asked: str, _nth: int) -> Answer | None:
    if not asked.startswith("/phan/"):
        return None
    part, page = urlsplit(asked).path.removeprefix("/phan/"), int(parse_qs(urlsplit(asked).query)["trang"][0])
    rows = "".join(
        f"<li><a href='{each['url']}'>{each['title']}</a> <i>{printed(each)}</i></li>"
        for each in records(part, (page - 1) * SIZE, SIZE)
    )
    return Answer(f"<ul>{rows}</ul>" if rows else "<p>Không có dữ liệu</p>")


def numbered(part: str) -> str:
    """Records without addresses; the script shows how they are built."""
    data = [{key: value for key, value in each.items() if key != "url"} for each in records(part)]
    return (
        f"<div id=ds></div><script>var ds = {json.dumps(data)}; ds.forEach(function (t) {{ $('#ds').append("
        f"'<li><a href=\"/{part}/bai-' + t.id + '.html\">' + t.title + '</a></li>') }})</script>"
    )


SHELL = (
    "<html><head><title>Sở thử nghiệm</title></head><body><noscript>Vui lòng bật JavaScript</noscript>"
    "<div id='app'></div>"
    "<script src='/assets/chunk-vendors.js'></script><script src='/assets/app.js'></script></body></html>"
)
BUNDLE = (
    'const i={baseURL:"/api"},r=axios.create({baseURL:i.baseURL});'
    'function l(e,t){return r.get("/tin?muc=".concat(e,"&page=")'
    '.concat(t))}function m(){return r.get("/menu")}'
    'new Vue({router:new VueRouter({mode:"history",routes:[{path:"/:slug"}]}),'
    "mounted(){m().then(e=>{this.menu=e.data});l(this.$route.params.slug,1).then(e=>{this.items=e.data.data.items})}})"
)
MENU = [
    {"title": "Giới thiệu", "url": "/gioi-thieu"},
    {
        "title": "Tiếp công dân",
        "url": "/tiep-cong-dan",
        "children": [{"title": label, "url": path.rstrip("/")} for path, label in LABELS.items()],
    },
]


def shell(asked: str, nth: int) -> Answer | None:
    """A single-page application: every page is the same shell, and the menu comes from the API as well."""
    if asked == "/assets/app.js":
        return Answer(BUNDLE, headers=SCRIPT)
    if asked == "/api/menu":
        return Answer(json.dumps(MENU), headers=JSON)
    if asked == "/robots.txt":
        return None
    if asked.startswith("/api/tin?muc=tiep-cong-dan"):
        return Answer('{"data": {"items": [], "total": 0}}', headers=JSON)
    return endpoint()(asked, nth) or Answer(SHELL)


def dark(_part: str) -> str:
    return "<div id='ds'></div><script>fetch(bi_mat(x) + '/ds').then(ve)</script>"


def spoken_of(_part: str) -> str:
    return "<div class='danh-sach-tin'></div><script src='/js/chung.js'></script>"


COMMON = {"/js/chung.js": "function ve(u) { $.ajax(u(x)).done(function (r) { $('.danh-sach-tin').html(r) }) }"}
ORDINARY = (
    "<div id='fb-root'></div><div class='zalo-chat-widget'></div><div class='clearfix'></div>"
    "<script src='/js/jquery.min.js'></script><script src='/js/slick.js'></script><script src='/js/chung.js'></script>"
    "<script>$('.anh').slick(); $.post('/thong-ke', {trang: 5}); window.dataLayer = []; dataLayer.push({a: 1})</script>"
)


def ordinary(asked: str, _nth: int) -> Answer | None:
    """One part lists its posts, the other is empty; both have the scripts of any portal."""
    if asked == "/js/chung.js":
        return Answer(
            "$('.menu').hover(function () { $(this).toggleClass('mo') }); $.get('/luot-truy-cap', ve)", headers=SCRIPT
        )
    if asked == "/don-thu/":
        return Answer(around("don-thu", "<h2>Danh sách</h2>").replace("<footer>", f"{ORDINARY}<footer>"))
    own = PORTAL.answer(asked)
    if asked.endswith("/") and isinstance(own.body, str) and own.status == 200:
        return Answer(own.body.replace("<footer>", f"{ORDINARY}<footer>"))
    return None


PORTALS: dict[str, Portal] = {
    "inline-endpoint": portal(inline, endpoint()),
    "external-endpoint": portal(external, endpoint(), files=EXTERNAL),
    "next-data": portal(carried),
    "state-of-pages": Portal(play=paged(state)),
    "rendered-without-days": Portal(play=paged(rendered)),
    "state-of-one-page": Portal(play=paged(lambda part, _page: state(part, 1))),
    "list-data": Portal(play=list_data),
    "literals": portal(literals),
    "document-write": portal(written),
    "datatables": portal(table, tables),
    "fragments": portal(fragment, fragments),
    "numbered": portal(numbered),
    "shell": Portal(play=shell),
    "endpoint-500": portal(inline, endpoint(status=500)),
    "endpoint-in-the-dark": portal(dark),
    "box-in-the-usual-theme": portal(spoken_of, files=COMMON),
    "empty-endpoint": portal(external, endpoint(posts=0), files=EXTERNAL),
    "endless": portal(inline, endpoint(endless=True)),
    "ordinary": Portal(play=ordinary),
}
READ = (
    "inline-endpoint",
    "external-endpoint",
    "next-data",
    "state-of-pages",
    "rendered-without-days",
    "list-data",
    "literals",
    "document-write",
    "datatables",
    "fragments",
    "numbered",
    "shell",
)
NOT_READ = ("endpoint-500", "endpoint-in-the-dark", "box-in-the-usual-theme")
Visits = tuple[dict[str, Observation], dict[str, Site]]


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    with serving(PORTALS) as sites:
        yield crawl(tmp_path_factory.mktemp("scripted"), {name: site.url for name, site in sites.items()}), sites


@pytest.mark.parametrize("name", READ)
def test_every_post_of_the_period_is_seen_with_its_day(name: str, visits: Visits) -> None:
    seen = visits[0][name]
    assert (seen.outcome, seen.cause) == (Outcome.COMPLETE, None), seen.detail
    wanted = {
        (PORTAL.title(part, number), PORTAL.day(number).isoformat())
        for part in PORTAL.PARTS
        for number in range(PORTAL.posts)
        if PORTAL.day(number) >= FIRST_DAY
    }
    assert wanted <= {(item.title, (item.published or "")[:10]) for item in seen.items}
    assert set(seen.sections) == {Category.SCHEDULE, Category.PETITIONS}
    assert all(item.placements for item in seen.items)


@pytest.mark.parametrize("name", READ)
def test_requests_stay_few(name: str, visits: Visits) -> None:
    assert visits[0][name].requests <= 16, visits[1][name].hits


@pytest.mark.parametrize("name", NOT_READ)
def test_what_cannot_be_followed_is_told_and_never_empty(name: str, visits: Visits) -> None:
    seen = visits[0][name]
    assert (seen.outcome, seen.cause) == (Outcome.LAYOUT_CHANGED, Cause.UNREADABLE), seen.detail
    assert "script" in seen.detail
    assert "render: true" in seen.detail
    assert not any(each.empty for each in seen.listings if each.category)


@pytest.mark.parametrize("name", ["empty-endpoint", "ordinary"])
def test_empty_list_is_proven(name: str, visits: Visits) -> None:
    seen = visits[0][name]
    assert (seen.outcome, seen.cause) == (Outcome.COMPLETE, None), seen.detail
    assert any(each.empty for each in seen.listings if each.category is Category.PETITIONS)


def test_scripts_of_an_ordinary_portal_cost_nothing(visits: Visits) -> None:
    asked = visits[1]["ordinary"].hits
    assert not [path for path in asked if path.startswith(("/js/", "/thong-ke", "/luot"))]


def test_a_page_that_the_server_does_not_know_is_told(visits: Visits) -> None:
    seen = visits[0]["state-of-one-page"]
    assert (seen.outcome, seen.cause) == (Outcome.PARTIAL, Cause.LISTING_LOST), seen.detail


def test_endless_endpoint_ends_at_the_limit(visits: Visits) -> None:
    seen = visits[0]["endless"]
    assert (seen.outcome, seen.cause) == (Outcome.PARTIAL, Cause.PAGE_LIMIT), seen.detail


def test_no_script_of_a_portal_that_lists_by_itself_is_fetched(visits: Visits) -> None:
    assert all(count == 1 for path, count in visits[1]["external-endpoint"].hits.items() if path.startswith("/js/"))
    assert "/js/jquery.js" not in visits[1]["external-endpoint"].hits
