"""The demo province as visitors meet it: over HTTP, from the front pages on."""

from __future__ import annotations

import io
import socket
import unicodedata
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from unittest.mock import Mock
from urllib.parse import urldefrag, urljoin, urlsplit

import docx
import pytest
import yaml
from lxml import html

from auditor.demo import server
from auditor.demo.content import MONTH, Portal, Post, Section, portals
from auditor.demo.province import EXPECTED, Province, serve
from auditor.demo.site import Answer, Family, Pager, Site
from auditor.errors import InputError

REPORT_PAGES = 1000
SMALLEST, LARGEST = 5_000, 40_000
FAMILIES = {portal.family: portal for portal in portals()}


@pytest.fixture(scope="module")
def province() -> Iterator[Province]:
    with serve() as running:
        yield running


def get(url: str, method: str = "GET") -> tuple[HTTPResponse, bytes]:
    parts = urlsplit(url)
    assert parts.hostname is not None
    connection = HTTPConnection(parts.hostname, parts.port, timeout=10)
    connection.request(method, parts._replace(scheme="", netloc="").geturl())
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def refused(url: str) -> bool:
    try:
        get(url)
    except ConnectionRefusedError:
        return True
    return False


def links(site: Site, path: str) -> set[str]:
    """Where the page at `path` leads within its site, as paths."""
    answer = site.answer(path)
    if not answer.content_type.startswith("text/html"):
        return set()
    page = site.origin + path
    found = {urldefrag(urljoin(page, href))[0] for href in html.fromstring(answer.body.decode()).xpath("//a/@href")}
    return {url.removeprefix(site.origin) or "/" for url in found if url.startswith(f"{site.origin}/")}


def reachable(site: Site) -> set[str]:
    seen, todo = {"/"}, ["/"]
    while todo:
        fresh = links(site, todo.pop()) - seen
        seen |= fresh
        todo += fresh
    return seen


@pytest.fixture(scope="module")
def sites() -> dict[str, Site]:
    return {portal.key: Site(portal, "http://127.0.0.1:22000") for portal in portals()}


@pytest.fixture(scope="module")
def maps(sites: dict[str, Site]) -> dict[str, set[str]]:
    return {key: reachable(site) for key, site in sites.items()}


def test_every_portal_answers_with_its_name(province: Province) -> None:
    for portal in portals():
        response, body = get(province.urls[portal.key])
        assert response.status == 200
        text = unicodedata.normalize("NFC", html.fromstring(body.decode()).text_content())
        assert portal.name.upper() in text.upper()


def test_portals_yaml_names_the_units_and_nothing_a_crawler_must_find_itself(province: Province) -> None:
    record = yaml.safe_load(province.portals_yaml)
    assert record["jurisdiction"]["name"] == "tỉnh Đắk Nông"
    assert record["period"]["cutoff_day"] == 18
    assert [unit["key"] for unit in record["units"]] == list(EXPECTED.units)
    assert {key for unit in record["units"] for key in unit} == {"key", "name", "short_name", "level", "url", "crawl"}
    assert {unit["key"]: unit["url"] for unit in record["units"]} == province.urls


def test_every_post_can_be_reached_from_the_front_page(sites: dict[str, Site], maps: dict[str, set[str]]) -> None:
    for key, site in sites.items():
        wanted = {site.post_path(post) for post in site.portal.posts()}
        assert {path.split("?_101_")[0] for path in wanted} <= {path.split("?_101_")[0] for path in maps[key]}, key


def test_no_link_is_dead(sites: dict[str, Site], maps: dict[str, set[str]]) -> None:
    dead = [(key, path) for key, site in sites.items() for path in maps[key] if site.answer(path).status != 200]
    assert dead == []


def test_pages_are_as_large_as_real_ones_and_hold_no_path_of_this_machine(
    sites: dict[str, Site], maps: dict[str, set[str]]
) -> None:
    here = str(Path(__file__).parents[2]).encode()
    for key, site in sites.items():
        for answer in (site.answer(path) for path in maps[key]):
            assert here not in answer.body
            if answer.content_type.startswith("text/html"):
                assert SMALLEST <= len(answer.body) <= LARGEST


def test_every_post_shows_its_title_and_day(sites: dict[str, Site]) -> None:
    for site in sites.values():
        for post in site.portal.posts():
            text = html.fromstring(site.answer(site.post_path(post)).body.decode()).text_content()
            assert post.title in text
            assert any(post.published.strftime(form) in text for form in ("%d/%m/%Y", "%d-%m-%Y"))


def test_an_audit_of_both_windows_needs_less_than_a_thousand_pages(sites: dict[str, Site]) -> None:
    first = MONTH.preceding().window(18).first
    needed = 0
    for site in sites.values():
        needed += 2  # the front page and robots.txt
        for section in site.portal.reception.walk():
            recent = [post for post in section.posts if post.published.date() >= first]
            needed += 1 + len(recent) // site.family.rows
        needed += sum(post.published.date() >= first for post in site.portal.posts())
    assert needed < REPORT_PAGES


def test_portals_set_down_refuse_and_come_back_under_the_same_address() -> None:
    with serve(down=["so-y-te"]) as province:
        assert [key for key, url in province.urls.items() if refused(url)] == ["so-y-te"]
        province.set_down(["cu-jut", "thanh-tra"])
        assert [key for key, url in province.urls.items() if refused(url)] == ["thanh-tra", "cu-jut"]
        province.set_down([])
        assert not any(refused(url) for url in province.urls.values())


def test_a_unit_the_province_does_not_have_is_refused_by_name(province: Province) -> None:
    with pytest.raises(InputError, match="so-ngoai-vu"):
        province.set_down(["so-ngoai-vu"])


def test_requests_are_counted_per_unit(province: Province) -> None:
    before = province.hits["so-noi-vu"], province.hits["so-tu-phap"]
    get(province.urls["so-noi-vu"])
    get(f"{province.urls['so-noi-vu']}robots.txt")
    assert (province.hits["so-noi-vu"], province.hits["so-tu-phap"]) == (before[0] + 2, before[1])


def test_nothing_listens_once_the_block_is_left(province: Province) -> None:
    assert not refused(province.urls["cong-tinh"])
    with serve() as other:
        urls = list(other.urls.values())
    assert all(refused(url) for url in urls)


def test_two_provinces_run_side_by_side(province: Province) -> None:
    province.set_down(list(province.urls))
    with serve() as second:
        assert not set(second.urls.values()) & set(province.urls.values())
        assert get(second.urls["dak-rlap"])[0].status == 200
    province.set_down([])
    assert get(province.urls["dak-rlap"])[0].status == 200


def test_other_ports_serve_where_one_of_the_usual_ones_is_taken() -> None:
    respond = Mock(return_value=(Answer(b"x", "text/plain"), "test"))
    with socket.create_server(("127.0.0.1", 0)) as squatter:
        taken = squatter.getsockname()[1]
        (port,) = server.ports(range(taken, taken + 1), {"so-noi-vu": respond}).values()
        assert port.number != taken
        port.abandon()


def test_robots_allow_visitors(province: Province) -> None:
    response, body = get(f"{province.urls['gia-nghia']}robots.txt")
    assert response.getheader("Content-Type") == "text/plain"
    assert b"Allow: /" in body


def test_head_sends_no_body_and_other_methods_are_refused(province: Province) -> None:
    response, body = get(province.urls["cong-tinh"], "HEAD")
    assert (response.status, body) == (200, b"")
    assert int(response.getheader("Content-Length") or 0) > SMALLEST
    assert get(province.urls["cong-tinh"], "POST")[0].status == 405


def test_a_visitor_who_speaks_no_http_does_no_harm(province: Province) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(province.urls["so-gtvt"]).port or 0)) as visitor:
        visitor.sendall(b"\x16\x03\x01")
    assert get(province.urls["so-gtvt"])[0].status == 200


@pytest.mark.parametrize("family", FAMILIES)
def test_an_unknown_address_is_a_404_or_leads_home(family: str, province: Province) -> None:
    home = province.urls[FAMILIES[family].key]
    response, _ = get(f"{home}khong-co-trang-nay")
    if Family.named(family).missing == "home":
        assert (response.status, response.getheader("Location")) == (301, home)
    else:
        assert response.status == 404


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_says_its_encoding_in_the_header_or_in_the_page(family: str, province: Province) -> None:
    response, body = get(province.urls[FAMILIES[family].key])
    declared = (response.getheader("Content-Type") or "") + body[:2000].decode().lower()
    assert "charset=" in declared.lower()


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_attachments_open(kind: str, sites: dict[str, Site]) -> None:
    for site in sites.values():
        for post, order in attached(site.portal, kind):
            answer = site.answer(site.file_path(post, order))
            if kind == "pdf":
                assert answer.body.startswith(b"%PDF-1.4\n")
            else:
                assert docx.Document(io.BytesIO(answer.body)).paragraphs[0].text == post.title


def test_a_post_in_two_sections_has_an_address_in_each_on_the_portal_of_the_province(sites: dict[str, Site]) -> None:
    site = sites["cong-tinh"]
    post = next(post for post in site.portal.posts() if len(homes(site.portal, post)) == 2)
    paths = {site.post_path(post, section) for section in homes(site.portal, post)}
    assert len(paths) == 2
    assert {site.answer(path).status for path in paths} == {200}


def test_parameters_a_page_does_not_know_are_ignored(sites: dict[str, Site]) -> None:
    site = sites["so-nnptnt"]
    path = site.section_path(site.portal.reception.children[0])
    assert site.answer(f"{path}&utm_source=x") == site.answer(path)


@pytest.mark.parametrize(
    ("current", "last", "numbers"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 9, [1, 2, 3, None, 9]),
        (5, 9, [1, None, 3, 4, 5, 6, 7, None, 9]),
        (9, 9, [1, None, 7, 8, 9]),
    ],
)
def test_pager_prints_the_ends_and_the_neighbours(current: int, last: int, numbers: list[int | None]) -> None:
    assert Pager(current, last).numbers == numbers


def attached(portal: Portal, kind: str) -> Iterator[tuple[Post, int]]:
    for post in portal.posts():
        yield from ((post, order) for order, file in enumerate(post.files) if file == kind)


def homes(portal: Portal, post: Post) -> list[Section]:
    return [section for section in portal.reception.walk() if post in section.posts and not section.children]
