"""Portals that only a script builds, read through a real Chromium by the real worker."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from auditor.crawl import browser
from auditor.outcomes import Cause, Outcome
from tests.spiders.lab import Answer, Portal, crawl, serving, started

needs_browser = pytest.mark.skipif(bool(browser.missing()), reason=browser.missing() or "all there")
RENDER = {"render": "true"}

# Nothing in the page's source tells where the posts come from: they are scrambled, and put in by a timer.
_SCRAMBLED = """
<div id="app">Đang tải dữ liệu...</div><script>
const bytes = Uint8Array.from(atob("{data}").split("").reverse().join(""), (letter) => letter.charCodeAt(0));
const posts = JSON.parse(new TextDecoder().decode(bytes));
const SIZE = {size}; let page = 0;
const item = (post) => `<li><h4><a href="${{post.url}}">${{post.title}}</a></h4><span>${{post.day}}</span></li>`;
function draw() {{
  const shown = posts.slice(page * SIZE, page * SIZE + SIZE).map(item).join("");
  document.getElementById("app").innerHTML = `<ul>${{shown}}</ul>{pager}`;
  {wire}
}}
setTimeout(draw, 150);
</script>"""
_NEXT = (
    '<p class="pages"><span>${page + 1}</span> / ${Math.ceil(posts.length / SIZE)} '
    '<a href="#" id="on" ${(page + 1) * SIZE >= posts.length ? "hidden" : ""}>Tiếp</a></p>'
)
_WIRE_NEXT = 'document.getElementById("on").onclick = (e) => { e.preventDefault(); page++; setTimeout(draw, 120); };'
_MORE = '<button id="more" ${SIZE >= posts.length ? "hidden" : ""}>Xem thêm</button>'
_WIRE_MORE = """
  let drawn = SIZE; const more = document.getElementById("more");
  more.onclick = () => setTimeout(() => {
    const rows = posts.slice(drawn, drawn + SIZE).map(item).join("");
    document.querySelector("#app ul").insertAdjacentHTML("beforeend", rows);
    drawn += SIZE; more.hidden = drawn >= posts.length;
  }, 120);"""


@dataclass(frozen=True)
class Scripted(Portal):
    """A portal whose lists are put together by a script, from data that cannot be read without running it."""

    size: int = 100
    steps: str = ""
    wire: str = ""

    def _listing(self, part: str, page: int) -> str:  # noqa: ARG002  (every page is the first)
        posts = [
            {"url": f"/{part}/bai-{n}.html", "title": self.title(part, n), "day": f"{self.day(n):%d/%m/%Y}"}
            for n in range(self.posts)
        ]
        data = base64.b64encode(json.dumps(posts).encode()[::-1]).decode()
        content = _SCRAMBLED.format(data=data, size=self.size, pager=self.steps, wire=self.wire)
        return self.page(self.PARTS[part], content)


@needs_browser
@pytest.mark.parametrize(
    "portal",
    [
        pytest.param(Scripted(), id="all at once"),
        pytest.param(Scripted(size=4, steps=_NEXT, wire=_WIRE_NEXT), id="next without an address"),
        pytest.param(Scripted(size=4, steps=_MORE, wire=_WIRE_MORE), id="load more"),
    ],
)
def test_a_list_built_by_a_script_is_read_whole(portal: Scripted, tmp_path: Path) -> None:
    with serving({"built": portal}) as sites:
        seen = crawl(tmp_path, {"built": sites["built"].url}, built=RENDER)["built"]
    assert (seen.outcome, seen.cause) == (Outcome.COMPLETE, None), seen.detail
    wanted = {
        (portal.title(part, number), portal.day(number).isoformat())
        for part in portal.PARTS
        for number in range(portal.posts)
    }
    assert {(item.title, item.published) for item in seen.items} == wanted


@needs_browser
def test_without_a_browser_the_same_portal_is_told_as_unread_never_as_empty(tmp_path: Path) -> None:
    with serving({"built": Scripted()}) as sites:
        seen = crawl(tmp_path, {"built": sites["built"].url})["built"]
    assert seen.outcome is not Outcome.COMPLETE
    assert not any(listing.empty for listing in seen.listings if listing.category)


def test_a_machine_without_a_browser_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_CHROMIUM", str(tmp_path / "none"))
    with serving({"built": Scripted(), "plain": Portal()}) as sites:
        seen = crawl(tmp_path, {name: site.url for name, site in sites.items()}, built=RENDER)
    assert (seen["built"].outcome, seen["built"].cause) == (Outcome.FAILED, Cause.NO_BROWSER)
    assert "chromium" in seen["built"].detail.lower() or "extra" in seen["built"].detail
    assert seen["plain"].outcome is Outcome.COMPLETE


def _wandering(elsewhere: str) -> Portal:
    """A portal whose scripts and redirects call on a neighbour."""
    call = (
        f'<script>fetch("{elsewhere}secret");new WebSocket("{elsewhere.replace("http", "ws")}socket");'
        f'navigator.sendBeacon("{elsewhere}beacon");var i=new Image();i.src="{elsewhere}pixel.png";</script>'
        f'<iframe src="{elsewhere}frame"></iframe>'
    )

    def play(path: str, _nth: int) -> Answer | None:
        if path == "/don-thu/":
            return Answer(status=302, headers={"Location": f"{elsewhere}moved"})
        if path == "/lich/":
            answer = Portal().answer(path)
            return Answer(str(answer.body).replace("</body>", f"{call}</body>"))
        return None

    return Portal(play=play)


@needs_browser
def test_no_script_and_no_redirect_leads_to_another_host(tmp_path: Path) -> None:
    with serving({"neighbour": Portal()}) as other:
        elsewhere = other["neighbour"].url.replace("127.0.0.1", "localhost")
        with serving({"guest": _wandering(elsewhere)}) as sites:
            seen = crawl(tmp_path, {"guest": sites["guest"].url}, guest=RENDER)["guest"]
        assert not other["neighbour"].hits
    assert seen.outcome is Outcome.PARTIAL
    assert any(item.url.endswith("/lich/bai-0.html") for item in seen.items)


def _stuck(path: str, _nth: int) -> Answer | None:
    if path == "/lich/":
        return Answer(str(Portal().answer(path).body).replace("</body>", "<script>for (;;) {}</script></body>"))
    return None


@needs_browser
def test_a_script_that_never_ends_loses_its_page_only(tmp_path: Path) -> None:
    with serving({"stuck": Portal(play=_stuck)}) as sites:
        seen = crawl(tmp_path, {"stuck": sites["stuck"].url}, stuck=RENDER)["stuck"]
    assert (seen.outcome, seen.cause) == (Outcome.PARTIAL, Cause.LISTING_LOST), seen.detail
    assert any("/don-thu/" in item.url for item in seen.items)


@needs_browser
def test_no_browser_outlives_a_worker_that_is_killed(tmp_path: Path) -> None:
    asked = threading.Event()

    def play(path: str, _nth: int) -> Answer | None:
        if path == "/lich/":
            asked.set()
        return _stuck(path, 0)

    with serving({"stuck": Portal(play=play)}) as sites:
        with started(tmp_path, {"stuck": sites["stuck"].url}, stuck=RENDER) as worker:
            assert asked.wait(60)
            family = _descendants(worker.pid)
            os.killpg(worker.pid, signal.SIGKILL)
        assert any("chrom" in name for name in family.values())
        _wait_until_gone(set(family))


def _processes() -> Iterator[tuple[int, int, str, str]]:
    """Process, parent, state and name of all that run."""
    told = subprocess.run(["ps", "-eo", "pid=,ppid=,stat=,comm="], capture_output=True, text=True, check=True).stdout
    for line in told.splitlines():
        pid, parent, state, name = line.split(None, 3)
        yield int(pid), int(parent), state, name


def _descendants(root: int) -> dict[int, str]:
    family = {root: ""}
    table = sorted(_processes())
    for _ in range(8):  # generations: a worker, its driver, the browser, its zygotes, their pages
        family |= {pid: name for pid, parent, _, name in table if parent in family}
    return family


def _wait_until_gone(pids: set[int]) -> None:
    """Returns when none of the processes runs; the time-out of the test ends a wait in vain."""
    while any(pid in pids for pid, _, state, _ in _processes() if not state.startswith("Z")):
        threading.Event().wait(0.1)
