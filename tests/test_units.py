"""Finding out about a unit's portal: `units discover`, and what `status` proposes where the section's address died."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from tests.spiders.lab import serving
from tests.spiders.test_finding import ENTRY, Hidden
from tests.spiders.test_portal import refused_url
from tests.test_endtoend import MONTH, Office


def test_discover_tells_leads_with_scores_and_lines_that_portals_yaml_takes(tmp_path: Path) -> None:
    post = "<div><a href='/don-thu/bai-0.html'>Giải quyết khiếu nại của ông A</a></div>"
    with serving({"so-noi-vu": Hidden(menu=ENTRY, home=post)}) as sites:
        office = Office(tmp_path, {"so-noi-vu": sites["so-noi-vu"].url})
        told = office.run("units", "discover", "so-noi-vu")
        url = sites["so-noi-vu"].url
        found, _, lines = told.partition("# for portals.yaml:\n")
        assert f"'Tiếp công dân' {url}tiep-cong-dan/ (followed)" in found
        assert f"{url}don-thu/bai-0.html (left aside)" in found
        assert "left out: its own page is a post" in found
        assert f"- schedule 'Lịch tiếp công dân' {url}lich/" in found
        file = tmp_path / "portals.yaml"
        record = f"  - key: so-noi-vu\n    name: Sở Nội vụ\n    level: department\n    url: '{url}'\n{lines}"
        file.write_text(file.read_text("utf-8").partition("  - ")[0] + record, "utf-8")
        assert "1 unit (" in office.run("units", "check")
        office.run("crawl", "--month", MONTH)
    assert yaml.safe_load(lines)["section"] == f"{url}tiep-cong-dan/"


def test_status_proposes_the_address_a_dead_section_moved_to(tmp_path: Path) -> None:
    with serving({"so-noi-vu": Hidden(menu=ENTRY)}) as sites:
        url = sites["so-noi-vu"].url
        office = Office(tmp_path, {"so-noi-vu": url})
        file = tmp_path / "portals.yaml"
        named = file.read_text("utf-8").replace(f"url: '{url}'", f"url: '{url}', section: '{url}chuyen-muc-cu/'")
        file.write_text(named, "utf-8")
        office.run("crawl", "--month", MONTH, status=3)
        told = office.run("status", "--quiet", status=3)
        assert f"section: '{url}tiep-cong-dan/'" in told
        assert "proposal for portals.yaml" in told
        assert f"{url}chuyen-muc-cu/: dead" in told
        assert "published" in office.run("audit", "so-noi-vu", "--month", MONTH, "--no-crawl", "--format", "json")


def test_new_proposes_a_record_that_portals_yaml_takes_and_freezes_pages(tmp_path: Path) -> None:
    with serving({"so-noi-vu": Hidden(menu=ENTRY)}) as sites:
        office = Office(tmp_path, {"so-khac": "http://so-khac.example.vn/"})
        url = sites["so-noi-vu"].url
        told = office.run("units", "new", url, "--delay", "0")
        file = tmp_path / "portals.yaml"
        file.write_text(file.read_text("utf-8") + told, "utf-8")
        assert "2 units" in office.run("units", "check")
    (unit,) = yaml.safe_load(told)
    assert unit["url"] == url
    assert unit["section"] == f"{url}tiep-cong-dan/"
    assert set(unit["sections"]) == {"schedule", "petitions"}
    frozen = tmp_path / "data" / "new" / unit["key"]
    cases = {place.name.removeprefix(f"{unit['key']}-"): place for place in frozen.iterdir()}
    assert {"home", "listing-1", "listing-2"} <= cases.keys()
    case = json.loads((cases["home"] / "expected.json").read_text("utf-8"))
    assert (case["url"], case["read"], "facts" in case) == (url, "home", False)
    assert b"<title>" in (cases["home"] / "page.html").read_bytes()


def test_new_says_why_where_there_is_nothing_to_propose(tmp_path: Path) -> None:
    office = Office(tmp_path, {"so-khac": "http://so-khac.example.vn/"})
    told = office.run("units", "new", refused_url(), "--delay", "0", status=3)
    assert "connection refused" in told or "refused" in told
    process = office.start("units", "new", "so-noi-vu")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "does not begin with http:// or https://" in err
