"""A real local server that plays portals: one port each, every page a function of its path, faults included."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

from auditor.observation import Missing, Observation

FIRST_DAY = date(2019, 9, 19)
ALONE = {"https_proxy": "http://127.0.0.1:9"}
"""The environment of a machine from which nothing but the lab, which speaks plain http, can be reached."""
QUICK = {"crawl": "{delay: 0, timeout: 4}"}
ROWS = 4
_MUTE = 10.0  # seconds: longer than the crawler of the lab waits


@dataclass(frozen=True)
class Answer:
    """What the server sends; `drop` closes the connection instead, `raw` is sent as it is, `mute` sends nothing."""

    body: str | bytes = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    raw: bytes = b""
    mute: bool = False


Play = Callable[[str, int], Answer | None]
"""From a path and how often it was asked for before, to an answer; None for the portal's own."""


@dataclass(frozen=True)
class Portal:
    """A small portal: a home page, a section with two parts, posts dated backwards from `newest`.

    Attributes:
        posts: how many per part. step: days between two posts. dated: whether the listing shows dates.
        play: answers of the test's own.
    """

    posts: int = 18
    newest: date = date(2019, 11, 25)
    step: int = 9
    dated: bool = True
    play: Play = lambda _path, _nth: None

    PARTS: ClassVar = {"lich": "Lịch tiếp công dân", "don-thu": "Giải quyết đơn thư"}

    def posted(self, path: str, body: str, headers: Mapping[str, str]) -> Answer:
        """The answer to what is posted: a portal of links takes nothing."""
        return Answer(f"{path}: {len(body)} bytes, {len(headers)} headers", status=405)

    def answer(self, path: str) -> Answer:
        """The portal's own answer."""
        name, _, rest = path.strip("/").partition("/")
        if path == "/robots.txt":
            return Answer("User-agent: *\nDisallow:\n", headers={"Content-Type": "text/plain"})
        if path == "/":
            return Answer(self.page("Trang chủ", "<p>Chào mừng quý công dân đến với trang thông tin của đơn vị.</p>"))
        if name == "tiep-cong-dan":
            links = "".join(f'<h3><a href="/{part}/">{label}</a></h3>' for part, label in self.PARTS.items())
            return Answer(self.page("Tiếp công dân", links))
        if name in self.PARTS and (not rest or rest.startswith("page-")):
            return Answer(self._listing(name, int(rest.strip("/").removeprefix("page-") or 1)))
        if name in self.PARTS and rest.startswith("bai-"):
            number = int(rest.partition("?")[0].removeprefix("bai-").removesuffix(".html"))
            return Answer(self._post(name, number))
        return Answer(self.page("Không tìm thấy", "<p>404</p>"), status=404)

    def title(self, part: str, number: int) -> str:
        """The title of a post."""
        if part == "lich":
            return f"Thông báo lịch tiếp công dân số {number} của lãnh đạo đơn vị"
        return f"Thông báo kết quả giải quyết đơn khiếu nại số {number} của công dân"

    def day(self, number: int) -> date:
        """The day of a post; number 0 is the newest."""
        return self.newest - timedelta(days=self.step * number)

    def last(self) -> int:
        """How many pages a part has."""
        return max(1, -(-self.posts // ROWS))

    def rows(self, page: int) -> range:
        """The posts on a page."""
        return range((page - 1) * ROWS, min(page * ROWS, self.posts))

    def row(self, part: str, number: int) -> str:
        """One post as the listing shows it."""
        day = f"<span>{self.day(number):%d/%m/%Y}</span>" if self.dated else ""
        return f'<li><h4><a href="/{part}/bai-{number}.html">{self.title(part, number)}</a></h4>{day}</li>'

    def pager(self, part: str, page: int) -> str:
        """How a listing page leads on."""
        if self.last() == 1:
            return ""
        return "".join(
            f"<span>{number}</span>" if number == page else f'<a href="/{part}/page-{number}/">{number}</a>'
            for number in range(1, self.last() + 1)
        )

    def _listing(self, part: str, page: int) -> str:
        rows = "".join(self.row(part, number) for number in self.rows(page))
        content = f"<ul>{rows}</ul>" if rows else "<p>Chưa có bài viết nào trong chuyên mục này.</p>"
        return self.page(self.PARTS[part], f"{content}<div>{self.pager(part, page)}</div>")

    def _post(self, part: str, number: int) -> str:
        body = "Căn cứ Luật Tiếp công dân, đơn vị thông báo để công dân được biết và liên hệ. " * 5
        return self.page(
            self.title(part, number), f"<p>Ngày đăng: {self.day(number):%d/%m/%Y} 08:30</p><div>{body}</div>"
        )

    def page(self, title: str, content: str) -> str:
        """A page with the portal's menu and footer."""
        menu = "".join(
            f'<li><a href="{path}">{label}</a></li>'
            for path, label in (
                ("/", "Trang chủ"),
                ("/gioi-thieu/", "Giới thiệu"),
                ("/tin-tuc/", "Tin tức"),
                ("/tiep-cong-dan/", "Tiếp công dân"),
                ("/lien-he/", "Liên hệ"),
            )
        )
        return (
            f"<html><head><title>{title} - Đơn vị thử nghiệm</title></head><body><nav><ul>{menu}</ul></nav>"
            f"<h1>{title}</h1>{content}<footer><p>Trang thông tin điện tử của đơn vị thử nghiệm. Địa chỉ: số 1, "
            "đường Hai Tháng Tư. Điện thoại: 0261 000 000.</p></footer></body></html>"
        )


class Site(ThreadingHTTPServer):
    """Serves one portal on a port of its own."""

    daemon_threads = True

    def __init__(self, portal: Portal) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.portal = portal
        self.hits: Counter[str] = Counter()
        self.closing = threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """A crawler that has seen enough hangs up: that is no error of the server's."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def url(self) -> str:
        """The home page."""
        return f"http://127.0.0.1:{self.server_address[1]}/"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        site = self.server
        nth = site.hits[self.path]
        site.hits[self.path] += 1
        self._send(site.portal.play(self.path, nth) or site.portal.answer(self.path))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.server.hits[f"POST {self.path}"] += 1
        self._send(self.server.portal.posted(self.path, body, self.headers))

    def _send(self, answer: Answer) -> None:
        if answer.mute:
            self.server.closing.wait(_MUTE)
        if answer.raw:
            self.wfile.write(answer.raw)
        if answer.drop or answer.raw or answer.mute:
            self.close_connection = True
            return
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        self.send_response(answer.status)
        for key, value in {"Content-Type": "text/html; charset=utf-8", **answer.headers}.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named so by the base class
        """Says nothing."""


@contextmanager
def serving(portals: Mapping[str, Portal]) -> Iterator[dict[str, Site]]:
    """Serves portals side by side, by name."""
    sites = {name: Site(portal) for name, portal in portals.items()}
    try:
        yield sites
    finally:
        for site in sites.values():
            site.closing.set()
            site.shutdown()
            site.server_close()


def crawl(
    folder: Path,
    urls: Mapping[str, str],
    missing: Mapping[str, Sequence[Missing]] | None = None,
    timeout: float = 120,
    **options: Mapping[str, str],
) -> dict[str, Observation]:
    """Runs the real worker over portals, by name; `options` are lines added to a unit's record.

    `missing`: per unit, the posts to ask after.
    """
    with started(folder, urls, missing, **options) as worker:
        try:
            said = worker.communicate(timeout=timeout)[1]
        finally:
            worker.kill()
    assert worker.returncode == 0, said[-2000:]
    (folder / "worker.log").write_text(said, "utf-8")
    return {name: Observation.read(folder / "seen" / f"{name}.json") for name in urls}


def started(
    folder: Path,
    urls: Mapping[str, str],
    missing: Mapping[str, Sequence[Missing]] | None = None,
    code: str = "",
    **options: Mapping[str, str],
) -> subprocess.Popen[str]:
    """The real worker over portals by name, just started at the head of a process group of its own.

    `code`, where given, is run in its place, and calls it.
    """
    units = "".join(
        f"  - {{key: {name}, name: Đơn vị {name}, level: department, url: '{url}'"
        + "".join(f", {key}: {value}" for key, value in {**QUICK, **options.get(name, {})}.items())
        + "}\n"
        for name, url in urls.items()
    )
    portals = folder / "portals.yaml"
    portals.write_text(
        f"jurisdiction: {{name: tỉnh Thử, office: Văn phòng}}\nperiod: {{cutoff_day: 18}}\nunits:\n{units}", "utf-8"
    )
    job = folder / "job.json"
    job.write_text(
        json.dumps(
            {
                "portals": str(portals),
                "units": list(urls),
                "first_day": str(FIRST_DAY),
                "output": str(folder / "seen"),
                "missing": {key: [[post.url, post.title] for post in posts] for key, posts in (missing or {}).items()},
            }
        )
    )
    return subprocess.Popen(
        [sys.executable, *(("-c", code) if code else ("-m", "auditor.crawl.worker")), str(job)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **ALONE, "TLDEXTRACT_CACHE": str(folder)},
    )


def changed(portal: Portal, **changes: object) -> Portal:
    """The same portal, otherwise."""
    return replace(portal, **changes)  # type: ignore[arg-type]
