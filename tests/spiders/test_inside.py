"""Nothing a portal says leads the crawler to another host, another port, another scheme, or inside the office."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.observation import Observation
from auditor.outcomes import Outcome
from tests.spiders.lab import Answer, Portal, Site, crawl, serving, started

# Every name leads to this machine, as the one does of whoever wants to be asked inside.
REBOUND = """
import socket, sys
socket.gethostbyname = lambda name: "127.0.0.1"
from auditor.crawl.worker import main
sys.exit(main())
"""
SECRET = Answer("<html><title>Lịch tiếp công dân</title><h1>Lịch tiếp công dân</h1>bí mật</html>")


def visited_by_name(folder: Path, site: Site, name: str) -> Observation:
    """What the worker saw of a site by a name that leads to this machine."""
    url = site.url.replace("127.0.0.1", name)
    with started(folder, {"a": url}, code=REBOUND) as worker:
        said = worker.communicate(timeout=60)[1]
    (folder / "worker.log").write_text(said, "utf-8")
    assert worker.returncode == 0, said[-2000:]
    return Observation.read(folder / "seen" / "a.json")


def test_a_twin_that_leads_inside_is_not_asked_and_the_named_host_is(tmp_path: Path) -> None:
    asked: list[str] = []

    def play(path: str, _nth: int) -> Answer | None:
        asked.append(path)
        return Answer(status=302, headers={"Location": inside}) if path == "/don-thu/" else None

    with serving({"a": Portal(play=play)}) as sites:
        inside = sites["a"].url.replace("127.0.0.1", "www.portal.test") + "noi-bo"
        seen = visited_by_name(tmp_path, sites["a"], "portal.test")
    assert "/tiep-cong-dan/" in asked, "the host that portals.yaml names is asked, whatever its address"
    assert "/noi-bo" not in asked
    assert seen.outcome is Outcome.PARTIAL
    assert "www.portal.test" in (tmp_path / "worker.log").read_text("utf-8")
    assert any("leads to the internal address 127.0.0.1" in lost for each in seen.listings for lost in each.lost) or (
        "leads to the internal address 127.0.0.1" in seen.detail
    ), seen


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Observation], Site, list[str]]:
    """Portals that redirect one of their listings elsewhere; what came of it, and what the other server was asked."""
    asked: list[str] = []

    def note(path: str, _nth: int) -> Answer:
        asked.append(path)
        return SECRET

    def leading(target: str) -> Portal:
        moved = Answer(status=302, headers={"Location": target})
        return Portal(play=lambda path, _nth: moved if path == "/don-thu/" else None)

    def framing(target: str) -> Portal:
        framed = Portal().page(
            "Giải quyết đơn thư",
            f'<iframe src="{target}"></iframe><script src="{target}"></script><a href="{target}">Lịch tiếp công dân</a>'
            f'<link rel="alternate" type="application/rss+xml" href="{target}"><form action="{target}"><input name="q">'
            f'</form><script>fetch("{target}").then(show)</script>',
        )
        return Portal(play=lambda path, _nth: Answer(framed) if path == "/don-thu/" else None)

    def mapped(target: str) -> Portal:
        robots = Answer(f"User-agent: *\nSitemap: {target}\n", headers={"Content-Type": "text/plain"})
        moved = Answer(status=301, headers={"Location": target})
        said = {"/robots.txt": robots, "/sitemap.xml": moved, "/rss": moved}
        return Portal(dated=False, play=lambda path, _nth: said.get(path))

    def ruled(target: str) -> Portal:
        moved = Answer(status=302, headers={"Location": target})
        return Portal(play=lambda path, _nth: moved if path == "/robots.txt" else None)

    folder = tmp_path_factory.mktemp("attacked")
    with serving({"inside": Portal(play=note)}) as others:
        inside = others["inside"].url
        port = inside.rpartition(":")[2].strip("/")
        targets = {
            "port": inside,
            "decimal": f"http://2130706433:{port}/",
            "hex": f"http://0x7f000001:{port}/",
            "short": f"http://127.1:{port}/",
            "octal": f"http://0177.0.0.1:{port}/",
            "zero": f"http://0.0.0.0:{port}/",
            "loop": f"http://[::1]:{port}/",
            "six": f"http://[::ffff:127.0.0.1]:{port}/",
            "name": f"http://localhost:{port}/",
            "user": f"http://www.example.vn@127.0.0.1:{port}/",
            "file": "file:///etc/passwd",
            "ftp": f"ftp://127.0.0.1:{port}/",
            "gopher": f"gopher://127.0.0.1:{port}/",
            "metadata": "http://169.254.169.254/latest/meta-data/",
        }
        portals = {name: leading(target) for name, target in targets.items()}
        portals |= {f"{name}-framed": framing(targets[name]) for name in ("port", "decimal", "name", "user", "file")}
        portals |= {"mapped-framed": mapped(inside), "ruled-framed": ruled(inside)}
        with serving(portals) as sites:
            seen = crawl(folder, {name: site.url for name, site in sites.items()})
    return seen, others["inside"], asked


def test_no_redirect_frame_script_feed_or_form_reaches_another_server(
    attacked: tuple[dict[str, Observation], Site, list[str]],
) -> None:
    seen, _, asked = attacked
    assert asked == []
    assert len(seen) == 21
    for observation in seen.values():
        assert "root:" not in observation.to_json()
        assert observation.outcome is not Outcome.FAILED


def test_a_listing_that_leads_elsewhere_is_lost_and_not_empty(
    attacked: tuple[dict[str, Observation], Site, list[str]],
) -> None:
    redirected = {name: each for name, each in attacked[0].items() if not name.endswith("-framed")}
    assert {name: each.outcome for name, each in redirected.items()} == dict.fromkeys(redirected, Outcome.PARTIAL)
    assert [
        (name, each)
        for name, seen in redirected.items()
        for each in seen.listings
        if "don-thu" in each.listing and each.empty
    ] == []
