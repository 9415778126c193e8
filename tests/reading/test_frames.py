"""Which frames may hold a page's content, and which are furniture."""

from __future__ import annotations

import pytest

from auditor.reading.frames import foreign_frames, frames_of, is_frameset
from auditor.reading.page import parse

URL = "http://xa.example.gov.vn/trang/tiep-dan.html"
HOSTS = frozenset({"xa.example.gov.vn"})


def urls(body: str) -> list[str]:
    page = parse(f"<html><head><title>Tiếp dân</title></head>{body}</html>".encode(), URL)
    return [frame.url.removeprefix("http://xa.example.gov.vn") for frame in frames_of(page, HOSTS)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<body><iframe src='ds.aspx?id=5'></iframe></body>", ["/trang/ds.aspx?id=5"]),
        ("<body><iframe data-src='/ds.aspx'></iframe></body>", ["/ds.aspx"]),
        ("<base href='/x/'><body><iframe src='ds.aspx'></iframe></body>", ["/x/ds.aspx"]),
        ("<body><iframe src='//xa.example.gov.vn/ds'></iframe></body>", ["/ds"]),
        ("<body><iframe src='https://www.youtube.com/embed/x'></iframe></body>", []),
        ("<body><iframe src='/quang-cao.html'></iframe><iframe src='/counter.php'></iframe></body>", []),
        ("<body><iframe src='/ds.aspx' style='display: none'></iframe></body>", []),
        ("<body><iframe src='/ds.aspx' width=1 height=1></iframe></body>", []),
        ("<body><iframe src='/files/noi-quy.pdf'></iframe></body>", []),
        ("<body><iframe src='about:blank'></iframe><iframe></iframe></body>", []),
        ("<body><iframe src='tiep-dan.html#x'></iframe></body>", []),
        (
            "<frameset><frame src='tren.htm'><frameset><frame src='trai.htm'><frame name=noidung src='a.htm'>",
            ["/trang/a.htm", "/trang/tren.htm", "/trang/trai.htm"],
        ),
        ("<body><script>window.location.href = '/portal/';</script></body>", ["/portal/"]),
        ("<body onload=\"location.replace('/portal/')\"></body>", ["/portal/"]),
        ("<body><script>if (top != self) top.location = '/portal/';</script></body>", []),
        ("<body><script>function go() { location = '/portal/' }</script></body>", []),
        ("<body><script>location = 'https://elsewhere.example/'</script></body>", []),
        (f"<body><script>location = '/portal/'</script>{'Nội quy tiếp công dân. ' * 20}</body>", []),
    ],
)
def test_frames_of_a_page(body: str, expected: list[str]) -> None:
    assert urls(body) == expected


def test_frameset_is_told() -> None:
    assert is_frameset(parse(b"<frameset><frame src=a.htm></frameset>", URL))
    assert not is_frameset(parse(b"<body><iframe src=a.htm></iframe></body>", URL))


def test_foreign_frame_that_is_no_plugin_is_told() -> None:
    body = b"<iframe src='https://tin.tinh.gov.vn/ds'></iframe><iframe src='https://www.facebook.com/plugins/page'></iframe>"
    assert foreign_frames(parse(body, URL), HOSTS) == ("tin.tinh.gov.vn",)


def test_frames_are_bounded() -> None:
    assert len(urls("<body>" + "".join(f"<iframe src='/ds-{n}'></iframe>" for n in range(500)))) == 8
