"""When two addresses are one post's: in general, and in the families that differ."""

from __future__ import annotations

import pytest

from auditor.reading.page import parse
from spiders.dnn import Dnn
from spiders.joomla import Joomla
from spiders.liferay import Liferay
from spiders.nukeviet import NukeViet
from spiders.platform import Platform, detected, named
from spiders.plone import Plone
from tests.reading.frozen import PAGES

LIFERAY = "http://daknong.example/bao-cao/-/view_content/76301973-bao-cao-thang-2.html?_101_idStr=1,2"
JOOMLA = "http://so.example/index.php/tiep-cong-dan/lich/45-lich-tiep-cong-dan-11"
DNN = "http://so.example/tiep-cong-dan/tabid/124/ctl/Details/mid/444/ItemID/311/Default.aspx"
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
        (Joomla(), JOOMLA, "http://so.example/index.php/tin-moi/45-lich-tiep-cong-dan-11.html"),
        (
            Joomla(),
            JOOMLA,
            "http://so.example/index.php?option=com_content&view=article&id=45:lich-tiep-cong-dan-11&catid=9&Itemid=1",
        ),
        (Dnn(), DNN, "http://so.example/Default.aspx?tabid=124&ctl=Details&mid=444&ItemID=311&language=vi-VN"),
        (Plone(), "http://so.example/lich/thang-11.pdf/view", "http://so.example/lich/thang-11.pdf"),
        (Plone(), "http://so.example/lich/@@listing_view", "http://so.example/lich/"),
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
        (Joomla(), JOOMLA, JOOMLA.replace("45-", "46-")),
        (Joomla(), "http://so.example/lich/2019-quy-4", "http://so.example/lich/2019-quy-3"),
        (Joomla(), "http://so.example/index.php/9-lich", "http://so.example/index.php/9-lich?start=10"),
        (Joomla(), "http://so.example/index.php/lich", "http://so.example/index.php/noi-quy"),
        (Dnn(), DNN, DNN.replace("311", "312")),
        (Dnn(), "http://so.example/lich/tabid/124/Default.aspx", "http://so.example/noi-quy/tabid/125/Default.aspx"),
        (Plone(), "http://so.example/lich/view", "http://so.example/noi-quy/view"),
    ],
)
def test_addresses_of_two_posts(platform: Platform, one: str, other: str) -> None:
    assert platform.key(one) != platform.key(other)


@pytest.mark.parametrize(
    ("head", "family"),
    [
        ('<meta name="generator" content="NukeViet v4.5">', NukeViet),
        ('<script src="/html/js/aui/aui-min.js"></script>', Liferay),
        ('<meta name="generator" content="Joomla! - Open Source Content Management">', Joomla),
        ('<meta id="MetaGenerator" name="GENERATOR" content="DotNetNuke ">', Dnn),
        ('<meta name="generator" content="Plone - http://plone.com">', Plone),
        ('<meta name="generator" content="WordPress 6.1">', Platform),
        ("", Platform),
    ],
)
def test_family_is_detected(head: str, family: type[Platform]) -> None:
    page = parse(f"<html><head>{head}</head><body><p>Chào mừng</p></body></html>".encode(), "http://a.example/")
    assert type(detected(page)) is family


def test_family_is_named() -> None:
    assert isinstance(named("liferay-6"), Liferay)
    assert type(named("drupal")) is Platform
    assert named(None) is None


@pytest.mark.parametrize(
    ("case", "family"),
    [
        ("joomla/article", Joomla),
        ("joomla/category-table", Joomla),
        ("dnn/easynews-list", Dnn),
        ("plone/listing-view", Plone),
        ("nukeviet/list-undated", NukeViet),
        ("wordpress/newspaper-category", Platform),
        ("sharepoint/list-view", Platform),
        ("modern/rows-with-authors", Platform),
    ],
)
def test_frozen_pages_show_their_family(case: str, family: type[Platform]) -> None:
    page = parse((PAGES / case / "page.html").read_bytes(), "http://a.example/")
    assert type(detected(page)) is family
