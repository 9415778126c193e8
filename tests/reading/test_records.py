"""Posts in JSON answers, as systems of many kinds write them; what they promise; what is not to be believed."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.reading.patterns import Pattern, patterns_in
from auditor.reading.promises import Promise
from auditor.reading.records import read_records, rows_of_records
from auditor.reading.rows import Row

BASE = "http://so.example.gov.vn/tiep-cong-dan/lich"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2019, 11, 20, 10, 0, tzinfo=ZONE)
ONE = "Lịch tiếp công dân tháng 11 năm 2019"
TWO = "Lịch tiếp công dân tháng 10 năm 2019"
HOME = "http://so.example.gov.vn"

SYSTEMS: dict[str, tuple[Any, list[tuple[str, str, str | None]]]] = {
    "WordPress REST": (
        [
            {
                "id": 11,
                "date": "2019-11-04T08:00:00",
                "date_gmt": "2019-11-04T01:00:00",
                "slug": "lich-11",
                "link": f"{HOME}/lich-11/",
                "title": {"rendered": "L&#7883;ch tiếp công dân tháng 11 năm 2019"},
                "excerpt": {"rendered": "<p>Căn cứ Luật</p>"},
            }
        ],
        [(ONE, "/lich-11/", "2019-11-04T08:00:00+07:00")],
    ),
    "ASP.NET service": (
        {
            "d": json.dumps(
                [
                    {
                        "NewsID": 5,
                        "TieuDe": ONE,
                        "DuongDan": "~/chi-tiet.aspx?id=5",
                        "NgayDang": "/Date(1572843600000)/",
                    },
                    {
                        "NewsID": 4,
                        "TieuDe": TWO,
                        "DuongDan": "~/chi-tiet.aspx?id=4",
                        "NgayDang": "/Date(-62135596800000)/",
                    },
                ]
            )
        },
        [(ONE, "/chi-tiet.aspx?id=5", "2019-11-04T12:00:00+07:00"), (TWO, "/chi-tiet.aspx?id=4", None)],
    ),
    "SharePoint": (
        {"d": {"results": [{"Title": ONE, "Url": "/tin/5.aspx", "PublishDate": "2019-11-03T17:00:00Z"}]}},
        [(ONE, "/tin/5.aspx", "2019-11-04T00:00:00+07:00")],
    ),
    "JSON:API": (
        {
            "data": [
                {
                    "type": "node",
                    "attributes": {"title": ONE, "path": "/node/5", "created": "2019-11-04T08:00:00+07:00"},
                }
            ]
        },
        [(ONE, "/node/5", "2019-11-04T08:00:00+07:00")],
    ),
    "Elasticsearch": (
        {
            "hits": {
                "total": {"value": 57},
                "hits": [{"_id": "5", "_source": {"title": ONE, "url": "/tin/5.html", "publish_time": 1572843600}}],
            }
        },
        [(ONE, "/tin/5.html", "2019-11-04T12:00:00+07:00")],
    ),
    "a Vietnamese date": (
        {"items": [{"tieu_de": ONE, "link": "/tin/5.html", "ngay_dang": "04/11/2019 08:00"}]},
        [(ONE, "/tin/5.html", "2019-11-04T08:00:00+07:00")],
    ),
    "month first": (
        {
            "items": [
                {"title": ONE, "url": "/tin/5.html", "CreatedDate": "11/4/2019 8:00:00 AM"},
                {"title": TWO, "url": "/tin/4.html", "CreatedDate": "10/25/2019 8:00:00 AM"},
            ]
        },
        [(ONE, "/tin/5.html", "2019-11-04T08:00:00+07:00"), (TWO, "/tin/4.html", "2019-10-25T08:00:00+07:00")],
    ),
    "month or day first, not to be told": (
        {"items": [{"title": ONE, "url": "/tin/5.html", "CreatedDate": "11/4/2019 8:00:00 AM"}]},
        [(ONE, "/tin/5.html", None)],
    ),
    "a link in the title": (
        {"rows": [{"name": f"<a href='/tin/5.html'><b>{ONE}</b></a>", "ngay": "04/11/2019"}]},
        [(ONE, "/tin/5.html", "2019-11-04")],
    ),
    "the last change is not the publication": (
        [{"title": ONE, "url": "/tin/5.html", "updated_at": "2019-11-04 08:00:00"}],
        [(ONE, "/tin/5.html", None)],
    ),
    "a list of PHP with gaps": (
        {"data": {"3": {"title": ONE, "link": "/5.html"}, "7": {"title": TWO, "link": "/4.html"}}},
        [(ONE, "/5.html", None), (TWO, "/4.html", None)],
    ),
    "posts beside categories": (
        {
            "categories": [{"name": f"Mục {number}", "url": f"/muc-{number}/"} for number in range(12)],
            "posts": [
                {"title": ONE, "url": "/5.html", "date": "2019-11-04"},
                {"title": TWO, "url": "/4.html", "date": "2019-10-04"},
            ],
        },
        [(ONE, "/5.html", "2019-11-04"), (TWO, "/4.html", "2019-10-04")],
    ),
    "only numbers": ({"items": [{"id": 5, "title": ONE}]}, []),
    "a picture is no address": ({"items": [{"id": 5, "title": ONE, "url": "/anh/5.jpg"}]}, []),
}


def told(rows: tuple[Row, ...]) -> list[tuple[str, str, str | None]]:
    return [(row.title, row.url.removeprefix(HOME), row.stamp.iso(ZONE) if row.stamp else None) for row in rows]


@pytest.mark.parametrize("name", SYSTEMS)
def test_rows_of_a_system(name: str) -> None:
    answer, expected = SYSTEMS[name]
    assert told(rows_of_records(json.dumps(answer), BASE, NOW)) == expected


@pytest.mark.parametrize(
    "wrapped",
    [
        "\ufeff%s",
        "callback(%s);",
        ")]}',\n%s",
        '<?xml version="1.0"?>\n<string xmlns="http://tempuri.org/">%s</string>',
    ],
)
def test_wrapping(wrapped: str) -> None:
    answer = json.dumps([{"title": ONE, "url": "/5.html"}])
    assert told(rows_of_records(wrapped % answer, BASE)) == [(ONE, "/5.html", None)]


PROMISES: dict[str, tuple[dict[str, Any], Promise]] = {
    "total": ({"total": 57}, Promise(total=57)),
    "DataTables": ({"recordsTotal": "57"}, Promise(total=57)),
    "jqGrid": ({"page": 1, "total": 6, "records": 57}, Promise(total=57, pages=6)),
    "Laravel": ({"meta": {"pagination": {"total": 57, "last_page": 6}}}, Promise(total=57, pages=6)),
    "no more": ({"hasMore": False}, Promise(more=False)),
    "not the end": ({"isEnd": False}, Promise(more=True)),
    "fewer than are listed": ({"total": 0}, Promise()),
}


@pytest.mark.parametrize("name", PROMISES)
def test_promise(name: str) -> None:
    beside, promise = PROMISES[name]
    records = read_records(json.dumps({"rows": [{"title": ONE, "url": "/5.html"}], **beside}), BASE)
    assert records is not None
    assert records.promise == promise


def test_next_address_is_promised() -> None:
    records = read_records(json.dumps({"data": [], "next_page_url": f"{HOME}/api?page=2"}), BASE)
    assert records is not None
    assert records.promise.next_url == f"{HOME}/api?page=2"


def test_html_in_an_answer() -> None:
    answer = {"success": True, "data": {"html": "<li><a href='/5.html'>Tin</a></li>", "count": 1}}
    records = read_records(json.dumps(answer), BASE)
    assert records is not None
    assert records.html == "<li><a href='/5.html'>Tin</a></li>"


def test_cells_become_a_table() -> None:
    answer = {"draw": 1, "recordsTotal": 1, "data": [["1", f"<a href='/5.html'>{ONE}</a>", "04/11/2019"]]}
    records = read_records(json.dumps(answer), BASE)
    assert records is not None
    assert records.html == f"<table><tr><td>1</td><td><a href='/5.html'>{ONE}</a></td><td>04/11/2019</td></tr></table>"


def test_an_empty_list_is_told_apart_from_nothing() -> None:
    empty, nothing = read_records('{"items": [], "total": 0}', BASE), read_records('{"error": "no"}', BASE)
    assert empty is not None
    assert nothing is not None
    assert (empty.empty, nothing.empty) == (True, False)
    assert read_records("0", BASE) is None


@pytest.mark.parametrize(
    "script",
    [
        """html += '<a href="/tin/' + item.Slug + '-' + item.Id + '.html">' + item.Title + '</a>';""",
        'html += `<li><a href="/tin/${item.slug}-${item.id}.html">${item.title}</a>`;',
        "location.href = '/tin/' + encodeURIComponent(data[i].slug) + '-' + data[i].id + '.html';",
        '<a href="/tin/{{slug}}-{{id}}.html">{{title}}</a>',
    ],
)
def test_pattern_in_a_script(script: str) -> None:
    assert patterns_in([script]) == (Pattern((("/tin/", "slug"), ("-", "id"), (".html", ""))),)
    answer = json.dumps([{"Id": 5, "Slug": "lich", "Title": ONE}])
    records = read_records(answer, BASE, patterns=patterns_in([script]))
    assert records is not None
    assert told(records.rows) == [(ONE, "/tin/lich-5.html", None)]


def test_pattern_learnt_from_known_posts() -> None:
    known = [Row(f"{HOME}/tin/5/lich-11", ONE), Row(f"{HOME}/tin/4/lich-10", TWO)]
    answer = [
        {"id": 5, "slug": "lich-11", "title": ONE},
        {"id": 4, "slug": "lich-10", "title": TWO},
        {"id": 3, "slug": "lich-9", "title": "Lịch tiếp công dân tháng 9"},
    ]
    records = read_records(json.dumps(answer), BASE, known=known)
    assert records is not None
    assert [row.url for row in records.rows] == [
        f"{HOME}/tin/5/lich-11",
        f"{HOME}/tin/4/lich-10",
        f"{HOME}/tin/3/lich-9",
    ]


def test_pattern_of_one_post_is_no_pattern() -> None:
    known = [Row(f"{HOME}/tin/5", ONE), Row(f"{HOME}/bai/4", TWO)]
    records = read_records(json.dumps([{"id": 5, "title": ONE}, {"id": 4, "title": TWO}]), BASE, known=known)
    assert records is not None
    assert (records.rows, records.unaddressed) == ((), (ONE, TWO))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["title", "url", "date", "items", "total", "d"]) | st.text(), inner)
    ),
    max_leaves=30,
)


@given(JSON)
def test_no_answer_is_too_odd(answer: Any) -> None:
    records = read_records(json.dumps(answer), BASE, NOW)
    if records is not None:
        assert all(row.url.startswith("http") and row.title for row in records.rows)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 5_000, "9" * 10_000, "[" + "9" * 10_000 + "]", '{"title": "\\ud800"}', ""]
)
def test_hostile_answers(text: str) -> None:
    assert rows_of_records(text, BASE, NOW) == ()


@pytest.mark.parametrize(
    ("place", "address"),
    [
        ("/thanhtra/Lists/LichTiepDan/12_.000", "/thanhtra/Lists/LichTiepDan/DispForm.aspx?ID=12"),
        ("/tiepdan/Pages/lich-thang-11.aspx", "/tiepdan/Pages/lich-thang-11.aspx"),
    ],
)
def test_items_of_a_sharepoint_list_are_addressed(place: str, address: str) -> None:
    row = {"ID": "12", "Title": "Lịch tiếp công dân định kỳ tháng 11 năm 2019", "FileRef": place}
    records = read_records(json.dumps({"Row": [row]}), "http://so.example.gov.vn/thanhtra/")
    assert records is not None
    assert [each.url for each in records.rows] == [f"http://so.example.gov.vn{address}"]
