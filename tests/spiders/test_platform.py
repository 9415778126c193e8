"""When two addresses are one post's: in general, and in the families that differ."""

from __future__ import annotations

import pytest

from auditor.reading.page import parse
from spiders.liferay import Liferay
from spiders.nukeviet import NukeViet
from spiders.platform import Platform, detected, named

LIFERAY = "http://daknong.example/bao-cao/-/view_content/76301973-bao-cao-thang-2.html?_101_idStr=1,2"
NUKEVIET = "http://so.example/lich-tiep-cong-dan/thong-bao-11.html"


@pytest.mark.parametrize(
    ("platform", "one", "other"),
    [
        (Platform(), "http://a.example/tin/1", "https://www.a.example/tin/1/?utm_source=x"),
        (Liferay(), LIFERAY, "http://www.daknong.example/web/guest/thong-bao/-/view_content/76301973-bao-cao"),
        (
            Liferay(),
            "http://a.example/tin/-/asset_publisher/x/content/id/4711",
            "http://a.example/w/content/id/4711?p=1",
        ),
        (NukeViet(), NUKEVIET, "http://so.example/savefile/lich-tiep-cong-dan/thong-bao-11.html"),
        (NukeViet(), NUKEVIET, "http://so.example/print/lich-tiep-cong-dan/thong-bao-11.html"),
    ],
)
def test_addresses_of_one_post(platform: Platform, one: str, other: str) -> None:
    assert platform.key(one) == platform.key(other)


@pytest.mark.parametrize(
    ("platform", "one", "other"),
    [
        (Liferay(), LIFERAY, LIFERAY.replace("76301973", "76301974")),
        (Liferay(), "http://a.example/lich-tiep", "http://a.example/noi-quy"),
        (NukeViet(), NUKEVIET, "http://so.example/noi-quy/thong-bao-11.html"),
        (Platform(), LIFERAY, LIFERAY.replace("/bao-cao/", "/thong-bao/")),
    ],
)
def test_addresses_of_two_posts(platform: Platform, one: str, other: str) -> None:
    assert platform.key(one) != platform.key(other)


@pytest.mark.parametrize(
    ("head", "family"),
    [
        ('<meta name="generator" content="NukeViet v4.5">', NukeViet),
        ('<script src="/html/js/aui/aui-min.js"></script>', Liferay),
        ('<meta name="generator" content="WordPress 6.1">', Platform),
        ("", Platform),
    ],
)
def test_family_is_detected(head: str, family: type[Platform]) -> None:
    page = parse(f"<html><head>{head}</head><body><p>Chào mừng</p></body></html>".encode(), "http://a.example/")
    assert type(detected(page)) is family


def test_family_is_named() -> None:
    assert isinstance(named("liferay-6"), Liferay)
    assert type(named("joomla")) is Platform
    assert named(None) is None
