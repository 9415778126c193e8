"""`auditor recheck`: what was answered then, read by today's program and configuration, with the portals gone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from auditor.cli import cli
from tests.spiders.lab import Portal, serving
from tests.test_endtoend import MONTH, Office


class Desk(Office):
    """An installation whose commands run in this process; its crawls have children of their own all the same."""

    def run(self, *arguments: str, status: int = 0) -> str:
        places = ["--portals", str(self.folder / "portals.yaml"), "--data", str(self.folder / "data")]
        done = CliRunner().invoke(cli, [*places, *arguments])
        assert done.exit_code == status, f"{arguments}: {done.exit_code}\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}"
        return done.stdout


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Two portals, crawled; then both are gone."""
    tmp_path = tmp_path_factory.mktemp("crawled")
    with serving({"so-noi-vu": Portal(), "so-y-te": Portal(posts=6, dated=False)}) as sites:
        office = Desk(tmp_path, {key: site.url for key, site in sites.items()})
        office.run("crawl", "--month", MONTH)
    return office


@pytest.fixture
def office(crawled: Desk, tmp_path: Path) -> Desk:
    """The same, the test's own."""
    copy = Desk(tmp_path, {})
    shutil.copytree(crawled.folder, tmp_path, dirs_exist_ok=True)
    return copy


def configure(office: Desk, key: str, **options: object) -> None:
    file = office.folder / "portals.yaml"
    record = yaml.safe_load(file.read_text("utf-8"))
    for unit in record["units"]:
        if unit["key"] == key:
            unit.update(options)
    file.write_text(yaml.safe_dump(record, allow_unicode=True), "utf-8")


def rechecked(office: Desk, *arguments: str, status: int = 0) -> dict[str, object]:
    found: dict[str, object] = json.loads(
        office.run("recheck", "--month", MONTH, "--format", "json", *arguments, status=status)
    )
    return found


def reports(office: Desk, name: str) -> dict[str, bytes]:
    formats = ("report", "--month", MONTH, "--formats", "json,html", "--output", str(office.folder / name))
    office.run(*formats)
    return {file.name: file.read_bytes() for file in (office.folder / name).iterdir()}


def test_nothing_changes_and_then_what_configuration_changes(office: Desk) -> None:
    before = office.items()
    report = reports(office, "before")
    found = rechecked(office, "--output", str(office.folder / "again"))
    assert (found["visits"], found["differing"], found["changes"], found["unread"]) == (2, 0, [], [])
    assert (office.folder / "again" / f"{MONTH}.json").read_bytes() == report[f"{MONTH}.json"]

    # The section's second part alone: a listing that the evidence holds, as every page of it was read.
    url = yaml.safe_load((office.folder / "portals.yaml").read_text("utf-8"))["units"][0]["url"]
    gone = next(item for item in before if item["unit"] == "so-noi-vu" and "/lich/" in item["url"])
    office.run("items", "set", gone["id"], "--category", "reports", "--by", "Lê An", "--reason", "thử")
    decided = office.items()
    configure(office, "so-noi-vu", sections={"petitions": f"{url}don-thu/"})
    found = rechecked(office, "so-noi-vu")
    changes = found["changes"]
    assert isinstance(changes, list)
    assert found["differing"] == 1
    assert {"verdict", "count"} <= {change["what"] for change in changes if change["of"] == "schedule"}
    lost = {change["of"] for change in changes if change["what"] == "item" and not change["after"]}
    wanted = {item["url"] for item in before if item["unit"] == "so-noi-vu" and "/lich/" in item["url"]}
    assert lost == wanted - {gone["url"]}
    assert office.items() == decided, "nothing was stored"

    assert rechecked(office, "so-noi-vu", "--adopt")["adopted"] is True
    now = office.items()
    assert {item["url"] for item in decided} - {item["url"] for item in now} == lost
    assert next(item for item in now if item["id"] == gone["id"])["correction"]
    assert rechecked(office)["changes"] == []
    assert len(list((office.folder / "data" / "observations").glob("*/*.r1.json"))) == 1


def test_silence_of_the_evidence_is_no_silence_of_the_portal(office: Desk) -> None:
    before = office.items()
    url = yaml.safe_load((office.folder / "portals.yaml").read_text("utf-8"))["units"][0]["url"]
    configure(office, "so-noi-vu", sections={"petitions": f"{url}tin-khac/"})
    for file in (office.folder / "data" / "evidence" / "so-y-te").glob("*"):
        file.unlink()
    found = rechecked(office, "--adopt", status=3)
    assert (found["visits"], found["differing"], found["changes"]) == (0, 0, [])
    why = [each["why"] for each in found["unread"]]  # type: ignore[attr-defined]
    assert sum("it left no evidence" in each for each in why) == 1
    assert sum("its evidence does not hold GET http" in each for each in why) == 1
    assert office.items() == before


def test_a_damaged_file_is_told_and_the_others_are_read(office: Desk) -> None:
    damaged = max((office.folder / "data" / "evidence" / "so-noi-vu").iterdir())
    damaged.write_bytes(damaged.read_bytes()[:-600])
    found = rechecked(office, status=3)
    assert (found["visits"], found["differing"]) == (1, 0)
    assert "reading it failed" in found["unread"][0]["why"]  # type: ignore[index]
    office.run("recheck", "nobody", "--month", MONTH, status=2)
    office.run("recheck", "--month", "2099-01", status=2)
