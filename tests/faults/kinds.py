"""The faults that portals were seen to have: what the server sends, and the words an honest visit may find for each."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.crawl.settings import LARGEST_PAGE
from auditor.outcomes import Cause
from tests.spiders.lab import Answer

_HTML = "<html><head><title>{0}</title></head><body><h1>{0}</h1><p>{1}</p></body></html>"
_LONG = "Căn cứ quy định của pháp luật, đơn vị thông báo để tổ chức và công dân được biết. " * 40
_ELSEWHERE = "http://localhost:9/"


@dataclass(frozen=True)
class Kind:
    """One fault.

    Attributes:
        answer: what the server sends.
        causes: the words that name it rightly where it stands in for the front page or the section.
        passes: whether asking again at once may help: then once is nothing.
        missing: it says that there is nothing at the address, which of a post is no fault of the portal.
    """

    answer: Answer
    causes: frozenset[Cause]
    passes: bool = False
    missing: bool = False


def _page(title: str, text: str, status: int = 200) -> Answer:
    return Answer(_HTML.format(title, text), status)


def _of(*causes: Cause, answer: Answer, passes: bool = False, missing: bool = False) -> Kind:
    return Kind(answer, frozenset(causes), passes, missing)


def _packed(body: bytes) -> Answer:
    return Answer(body, headers={"Content-Encoding": "gzip"})


def _to(location: str) -> Answer:
    return Answer("", 302, {"Location": location})


_NOWHERE = (Cause.NO_SECTION, Cause.SECTION_GONE, Cause.UNREADABLE)
_REFUSED = (*_NOWHERE, Cause.SERVER_ERROR)
"""A front page with a client error is the server's error; a section with one is gone."""
_BROKEN = (Cause.RESET, Cause.TIMEOUT, Cause.UNREADABLE)

KINDS: Mapping[str, Kind] = {
    # connections
    "drop": _of(Cause.RESET, Cause.TIMEOUT, answer=Answer(drop=True), passes=True),
    "no answer": _of(Cause.TIMEOUT, answer=Answer(mute=True), passes=True),
    "not http": _of(*_BROKEN, answer=Answer(raw=b"SSH-2.0-OpenSSH_8.9\r\n"), passes=True),
    "half a header": _of(*_BROKEN, answer=Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Ty"), passes=True),
    "shorter than told": _of(
        *_BROKEN, answer=Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n<html><title>Tin"), passes=True
    ),
    "broken chunks": _of(
        *_BROKEN, answer=Answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<html>"), passes=True
    ),
    # status codes
    "400": _of(*_REFUSED, answer=_page("Bad Request", "Bad Request", 400), missing=True),
    "401": _of(Cause.LOGIN, answer=_page("Unauthorized", "Unauthorized", 401)),
    "402": _of(*_REFUSED, Cause.FORBIDDEN, answer=_page("Payment Required", "Payment Required", 402)),
    "403": _of(Cause.FORBIDDEN, answer=_page("Forbidden", "Forbidden", 403)),
    "404": _of(*_REFUSED, answer=_page("Not Found", "Not Found", 404), missing=True),
    "404 in Vietnamese": _of(
        *_REFUSED, answer=_page("Không tìm thấy trang", "Trang này không tồn tại", 404), missing=True
    ),
    "405": _of(*_REFUSED, Cause.FORBIDDEN, answer=_page("Method Not Allowed", "Method Not Allowed", 405)),
    "406": _of(*_REFUSED, Cause.FORBIDDEN, Cause.CHALLENGE, answer=_page("Not Acceptable", "Mod_Security", 406)),
    "410": _of(*_REFUSED, answer=_page("Gone", "Gone", 410), missing=True),
    "418": _of(*_REFUSED, Cause.FORBIDDEN, answer=_page("Teapot", "Teapot", 418)),
    "429": _of(Cause.RATE_LIMITED, answer=_page("Too Many Requests", "Too Many Requests", 429)),
    "429 for a second": _of(Cause.RATE_LIMITED, answer=Answer("slow down", 429, {"Retry-After": "1"}), passes=True),
    "429 for an hour": _of(Cause.RATE_LIMITED, answer=Answer("slow down", 429, {"Retry-After": "3600"})),
    "451": _of(Cause.FORBIDDEN, answer=_page("Unavailable", "Unavailable For Legal Reasons", 451)),
    "500": _of(Cause.SERVER_ERROR, answer=_page("Server Error", "Runtime Error", 500), passes=True),
    "500 in a page": _of(Cause.SERVER_ERROR, answer=_page("Server Error in '/' Application.", _LONG, 500), passes=True),
    "501": _of(Cause.SERVER_ERROR, answer=_page("Not Implemented", "Not Implemented", 501)),
    "502": _of(Cause.SERVER_ERROR, answer=_page("502 Bad Gateway", "nginx", 502), passes=True),
    "503": _of(Cause.SERVER_ERROR, answer=_page("Service Unavailable", "HTTP Error 503", 503)),
    "503 for a second": _of(Cause.SERVER_ERROR, answer=Answer("busy", 503, {"Retry-After": "1"}), passes=True),
    "504": _of(Cause.SERVER_ERROR, answer=_page("Gateway Time-out", "nginx", 504), passes=True),
    "521": _of(Cause.SERVER_ERROR, answer=_page("Web server is down", "Cloudflare", 521), passes=True),
    # pages in the place of the page, with 200
    "challenge": _of(Cause.CHALLENGE, answer=_page("Just a moment...", "Checking your browser before accessing")),
    "challenge by script": _of(
        Cause.CHALLENGE,
        answer=Answer(
            "<html><head><script>document.cookie='a=1';location.reload()</script></head><body></body></html>"
        ),
    ),
    "challenge 503": _of(Cause.CHALLENGE, answer=_page("Just a moment...", "Enable JavaScript and cookies", 503)),
    "flood guard": _of(Cause.CHALLENGE, answer=_page("Hãy đợi...", "Bạn truy cập quá nhanh")),
    "captcha": _of(Cause.CHALLENGE, answer=_page("Xác nhận", "Vui lòng nhập mã xác nhận để tiếp tục")),
    "firewall": _of(Cause.CHALLENGE, answer=_page("Request Rejected", "The requested URL was rejected. Support ID: 1")),
    "firewall in Vietnamese": _of(Cause.CHALLENGE, answer=_page("Thông báo", "Truy cập của bạn đã bị chặn")),
    "suspended": _of(Cause.SUSPENDED, answer=_page("Account Suspended", "This Account has been suspended.")),
    "suspended in Vietnamese": _of(
        Cause.SUSPENDED, answer=_page("Thông báo", "Website tạm ngừng hoạt động do hết hạn dịch vụ")
    ),
    "domain for sale": _of(Cause.SUSPENDED, answer=_page("so.vn", "This domain is for sale")),
    "repairs": _of(Cause.MAINTENANCE, answer=_page("Bảo trì", "Hệ thống đang bảo trì, vui lòng quay lại sau")),
    "repairs 503": _of(Cause.MAINTENANCE, answer=_page("Under maintenance", "We will be right back", 503)),
    "upgrade": _of(Cause.MAINTENANCE, answer=_page("Thông báo", "Trang thông tin điện tử đang nâng cấp")),
    "login": _of(
        Cause.LOGIN,
        answer=Answer("<html><title>Đăng nhập</title><body><form>Đăng nhập <input type=password></form></body></html>"),
    ),
    "login elsewhere": _of(Cause.REDIRECTED, *_NOWHERE, answer=_to("http://localhost:9/login")),
    "soft 404": _of(
        *_NOWHERE, answer=_page("404 - Không tìm thấy trang", "Trang bạn yêu cầu không tồn tại"), missing=True
    ),
    "soft 404 in English": _of(*_NOWHERE, answer=_page("Page not found", "The page could not be found."), missing=True),
    "empty": _of(*_NOWHERE, answer=Answer("")),
    "blanks": _of(*_NOWHERE, answer=Answer(" \n\t \n")),
    "empty frame": _of(*_NOWHERE, answer=Answer("<html><head></head><body></body></html>")),
    "shell": _of(*_NOWHERE, answer=Answer("<html><body><div id=app></div><script src=/app.js></script></body></html>")),
    "new server": _of(*_NOWHERE, answer=_page("Welcome to nginx!", "If you see this page, the server works.")),
    "directory": _of(*_NOWHERE, answer=_page("Index of /", "Parent Directory")),
    "database error": _of(
        *_NOWHERE, Cause.SERVER_ERROR, answer=_page("Database Error", "Error establishing a database connection")
    ),
    "error page": _of(*_NOWHERE, Cause.SERVER_ERROR, answer=_page("Runtime Error", "An application error occurred")),
    "half a page": _of(*_NOWHERE, answer=Answer("<html><head><title>Tin</title></head><body><div><ul><li><a hr")),
    # redirects
    "to the front page": _of(*_NOWHERE, Cause.REDIRECTED, answer=_to("/"), missing=True),
    "to another host": _of(Cause.REDIRECTED, answer=_to(_ELSEWHERE)),
    "to an internal address": _of(Cause.REDIRECTED, answer=_to("http://169.254.169.254/latest/meta-data/")),
    "to a file": _of(Cause.REDIRECTED, Cause.UNREADABLE, *_NOWHERE, answer=_to("file:///etc/passwd")),
    "in a circle": _of(Cause.REDIRECTED, answer=_to("?again")),
    # content
    "bomb": _of(Cause.UNREADABLE, answer=_packed(gzip.compress(b"<p>" * (LARGEST_PAGE // 3 + 1)))),
    "cut gzip": _of(*_BROKEN, *_NOWHERE, answer=_packed(gzip.compress(b"<p>Tin")[:-9])),
    "not brotli": _of(*_BROKEN, answer=Answer("<p>Tin", headers={"Content-Encoding": "br"})),
    "binary": _of(*_NOWHERE, answer=Answer(bytes(range(256)) * 20)),
    "a document": _of(*_NOWHERE, answer=Answer(b"%PDF-1.4 %%EOF", headers={"Content-Type": "application/pdf"})),
    "an image": _of(*_NOWHERE, answer=Answer(b"\x89PNG\r\n\x1a\n", headers={"Content-Type": "image/png"})),
    "json": _of(*_NOWHERE, answer=Answer('{"error": "no"}', headers={"Content-Type": "application/json"})),
    "too large": _of(Cause.UNREADABLE, answer=Answer(b"<p>tin</p>" * (LARGEST_PAGE // 10 + 1))),
}
