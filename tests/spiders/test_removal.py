"""A visit asks after posts that no listing shows any more; a real worker, real local portals, faults included."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from auditor.observation import Missing, Observation, Presence
from auditor.outcomes import Outcome
from spiders.removal import nobodys
from tests.spiders.lab import Answer, Portal, changed, crawl, serving
from tests.spiders.test_portal import CHALLENGE, at

PATH = "/lich/bai-999.html"
TITLE = "Thông báo lịch tiếp công dân số 999 của lãnh đạo đơn vị"
LOST = Portal().page("Không tìm thấy", "<h1>Không tìm thấy trang bạn yêu cầu</h1>")
HOME = Answer("", 302, {"Location": "/"})


def everywhere(answer: Answer) -> Portal:
    """A portal that answers so for the post, and for every address that leads nowhere."""
    return Portal(play=lambda path, _: answer if "999" in path or "khong-co" in path else None)


ANSWERS: Mapping[str, tuple[Portal, Presence]] = {
    "not-found": (Portal(play=at(PATH, Answer("", 404))), Presence.GONE),
    "gone": (Portal(play=at(PATH, Answer("", 410))), Presence.GONE),
    "says-so": (Portal(play=at(PATH, Answer(LOST))), Presence.GONE),
    "home": (everywhere(HOME), Presence.GONE),
    "same-page": (
        Portal(play=lambda path, nth: Answer(Portal().page("Tin", f"<p>Lượt {nth}</p>")) if "9" in path else None),
        Presence.GONE,
    ),
    "there": (Portal(play=at(PATH, Answer(Portal().page(TITLE, "<p>Nội dung</p>")))), Presence.THERE),
    "home-only-for-it": (Portal(play=at(PATH, HOME)), Presence.UNCLEAR),
    "another-page": (Portal(play=at(PATH, Answer(Portal().page("Tin", "<p>Khác</p>")))), Presence.UNCLEAR),
    "server-error": (Portal(play=at(PATH, Answer("", 500))), Presence.UNCLEAR),
    "forbidden": (Portal(play=at(PATH, Answer("", 403))), Presence.UNCLEAR),
    "challenge-404": (Portal(play=at(PATH, Answer(CHALLENGE, 404))), Presence.UNCLEAR),
    "drops": (Portal(play=at(PATH, Answer(drop=True))), Presence.UNCLEAR),
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Observation]:
    portals = {key: portal for key, (portal, _) in ANSWERS.items()}
    portals["partial"] = changed(ANSWERS["not-found"][0], play=at("/lich/page-2/", Answer("", 500)))
    with serving(portals) as sites:
        urls = {key: site.url for key, site in sites.items()}
        missing = {key: [Missing(f"{url.rstrip('/')}{PATH}", TITLE)] for key, url in urls.items()}
        missing["there"].append(Missing(f"{urls['there']}lich/bai-0.html", "đã thấy trong danh sách"))
        missing["there"].append(Missing("http://example.org/lich/bai-1.html", "máy chủ khác"))
        return crawl(tmp_path_factory.mktemp("removal"), urls, missing=missing)


@pytest.mark.parametrize("key", ANSWERS)
def test_what_an_address_answers_is_told(seen: Mapping[str, Observation], key: str) -> None:
    observation = seen[key]
    assert observation.outcome is Outcome.COMPLETE, "a post that is gone takes nothing from the visit"
    assert [check.presence for check in observation.checks] == [ANSWERS[key][1]]


def test_a_partial_visit_asks_after_nothing(seen: Mapping[str, Observation]) -> None:
    assert seen["partial"].outcome is Outcome.PARTIAL
    assert seen["partial"].checks == ()


def test_an_observation_without_checks_is_written_as_ever_and_read(seen: Mapping[str, Observation]) -> None:
    assert "checks" not in json.loads(seen["partial"].to_json())
    gone = seen["gone"]
    assert Observation.from_json(gone.to_json()) == gone


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.gov.vn/tin/", "http://a.gov.vn/khong-co-987654321/"),
        ("http://a.gov.vn/?p=5", "http://a.gov.vn/?p=987654321"),
        ("http://a.gov.vn/Pages/chi-tiet.aspx?ItemID=12&l=Tin", "http://a.gov.vn/Pages/chi-tiet.aspx?ItemID=987654321&l=Tin"),
    ],
)  # fmt: skip
def test_an_address_nobody_has_is_of_the_same_kind(url: str, expected: str) -> None:
    assert nobodys(url) == expected
