"""Menus that scripts build."""

from __future__ import annotations

import json

import pytest

from auditor.reading import navigation
from auditor.reading.page import parse
from auditor.reading.patterns import patterns_in
from auditor.reading.script_menus import menu_page

HOME = "http://so.example.gov.vn"
HOSTS = frozenset({"so.example.gov.vn"})
SHELL = parse(b"<html><head><title>S</title></head><body><div id=app></div></body></html>", f"{HOME}/")
TREE = [
    {"title": "Giới thiệu", "url": "/gioi-thieu", "children": []},
    {
        "title": "Tiếp công dân",
        "url": "/tiep-cong-dan",
        "children": [
            {"title": "Lịch tiếp công dân", "url": "/tiep-cong-dan/lich"},
            {"title": "Giải quyết đơn thư", "url": "/tiep-cong-dan/don-thu"},
        ],
    },
]
PATHS = ["/tiep-cong-dan/lich", "/tiep-cong-dan/don-thu"]


def found(values: list[object], scripts: list[str]) -> tuple[str, list[str]]:
    page = menu_page(SHELL, values, scripts, patterns_in(scripts))
    sections = navigation.sections(page, HOSTS)
    top = sections[0]
    return top.url.removeprefix(HOME), [part.url.removeprefix(HOME) for part in top.walk()][1:]


def test_tree_of_records() -> None:
    assert found([{"data": {"menus": TREE}}], []) == ("/tiep-cong-dan", PATHS)


def test_tree_with_names_of_another_house() -> None:
    text = (
        json.dumps(TREE).replace('"title"', '"TenMenu"').replace('"url"', '"DuongDan"').replace("children", "MenuCon")
    )
    assert found([json.loads(text)], [])[0] == "/tiep-cong-dan"


def test_slugs_with_the_pattern_of_a_script() -> None:
    script = "html += '<a href=\"/chuyen-muc/' + item.slug + '\">' + item.name + '</a>'"
    assert found([[{"name": "Tiếp công dân", "slug": "tiep-cong-dan"}]], [script]) == ("/chuyen-muc/tiep-cong-dan", [])


def test_slug_alone_is_no_address() -> None:
    assert menu_page(SHELL, [[{"name": "Tiếp công dân", "slug": "tiep-cong-dan"}]], []).links == ()


@pytest.mark.parametrize(
    "script",
    [
        "d = new dTree('d'); d.add(1, 0, 'Giới thiệu', 'gt.htm'); d.add(2, 0, 'Tiếp công dân', 'tcd.htm');",
        'Menu1 = new Array("Giới thiệu", "gt.htm", "", 0); Menu2 = new Array("Tiếp công dân", "tcd.htm", "", 0);',
        "stm_aix('p0i1', 'p0i0', [0, 'Tiếp công dân', '', '', -1, -1, 0, '/tcd.htm']);",
    ],
)
def test_menu_scripts_of_old_portals(script: str) -> None:
    assert found([], [script])[0] == "/tcd.htm"


def test_hostile_values() -> None:
    deep: list[object] = []
    for _ in range(500):
        deep = [deep, {"title": "<b>x", "url": "javascript:alert(1)"}]
    assert menu_page(SHELL, [deep, "[" * 10_000], ["('a a'," * 50_000]).links == ()
