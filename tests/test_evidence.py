"""Evidence by commands: shown, verified, extracted, pruned; and read by today's program, with the portals gone."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from click.testing import CliRunner
from scrapy import Request
from sqlalchemy import select

from auditor import pruning
from auditor.cli import cli
from auditor.cli.options import Options
from auditor.cli.running import context
from auditor.crawl.evidence.files import records
from auditor.store.database import Database
from auditor.store.models import ItemRow, ObservationRow
from tests.crawl.test_evidence import PAGE, answer, keep
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

    # What is taken over after the closing counts as learnt since; the closed figures stay as they are.
    office.run("close", "--month", MONTH, "--by", "Lê An")
    closed = reports(office, "closed")
    configure(office, "so-noi-vu", sections={"schedule": f"{url}lich/", "petitions": f"{url}don-thu/"})
    assert rechecked(office, "so-noi-vu", "--adopt")["differing"] == 1
    assert reports(office, "after") == closed
    assert office.run("restate", "--month", MONTH) != ""


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


def answers(office: Desk) -> list[Path]:
    return sorted((office.folder / "data" / "evidence" / "so-noi-vu").glob("*.warc.gz"))


def this_month(office: Desk) -> str:
    """The month whose window holds the day of the crawl."""
    [file, *_] = reversed(answers(office))
    manifests = (office.folder / "data" / "evidence").glob("*.sha256")
    return next(manifest.stem for manifest in manifests if file.name in manifest.read_text("utf-8"))


def test_every_item_has_the_pages_it_was_read_from(office: Desk) -> None:
    for item in office.items():
        told = office.run("evidence", item["id"], "--verify")
        assert item["title"] in told
        pages = [line for line in told.splitlines() if "  GET http" in line]
        opened = item["unit"] == "so-y-te"  # its listings show no dates
        assert len(pages) == 1 + opened, told
        assert (f"GET {item['url']}" in told) == opened
    extracted = office.folder / "pages"
    item = office.items()[0]
    office.run("evidence", item["id"], "--extract", str(extracted))
    index = json.loads((extracted / "index.json").read_text("utf-8"))
    assert urlsplit(item["url"]).path in (extracted / index[0]["name"]).read_text("utf-8")
    page = (extracted / "index.html").read_text("utf-8")
    assert f'<a href="{index[0]["name"]}" target="view">' in page
    assert 'sandbox=""' in page, "nothing of a portal's page runs in it"
    assert index[0]["digest"] in page
    office.run("evidence", item["id"], "--extract", str(extracted), status=2)


def test_what_was_changed_or_lost_is_found(office: Desk) -> None:
    month = this_month(office)
    for each in (month, MONTH):  # when the visits were made, and what they read down to
        told = office.run("evidence", "--month", each, "--verify")
        assert f"{each}: 0.0" in told
        assert " in 2 files" in told
        assert "!" not in told
    posts = len(office.items())
    assert f"{MONTH}: {posts} of {posts} counted posts have the pages they were read from, verified" in told
    [file] = answers(office)
    kept = file.read_bytes()
    # A whole record less: still a good file of its kind, but not the one that was written.
    last = [record.offset for record in records(file)][-1]
    file.write_bytes(kept[:last])
    assert "its SHA-256 is another" in office.run("evidence", "so-noi-vu", "--month", MONTH, "--verify", status=3)
    file.unlink()
    for each in (month, MONTH):
        told = office.run("evidence", "--month", each, "--verify", status=3)
        assert f"! so-noi-vu/{file.name} stands in the manifest, and is not there" in told
    others = sum(item["unit"] != "so-noi-vu" for item in office.items())
    assert f"{others} of {posts} counted posts have" in told
    file.write_bytes(kept)
    office.run("evidence", "so-noi-vu", "--month", MONTH, "--verify")


def test_pruning_drops_what_proves_nothing_and_nothing_else_needs(office: Desk) -> None:
    [cited] = answers(office)
    folder = cited.parent
    body = os.urandom(500)
    for name, kept in (("2018-01-01-010101", body), ("2018-01-02-010101", b"x" * 500)):
        keep(folder / f"{name}.warc.gz", (Request(PAGE), answer(kept)))
    lately = f"{date.today() - timedelta(days=3)}-010101"  # noqa: DTZ011 - far from any border
    keep(folder / f"{lately}.warc.gz", (Request(PAGE), answer(body)))
    office.run("evidence", "so-noi-vu", "--prune-older", "400", status=2)
    assert office.run("evidence", "--prune-older", "400").split() == ["so-noi-vu/2018-01-02-010101.warc.gz"]
    assert [file.name[:10] for file in answers(office)] == ["2018-01-01", lately[:10], cited.name[:10]]
    dropped = json.loads((folder.parent / "pruned.jsonl").read_text("utf-8"))
    assert dropped["file"] == "so-noi-vu/2018-01-02-010101.warc.gz"
    assert office.run("evidence", "--prune-to", "1").split() == [], "it fits"
    left = office.run("evidence", "--prune-to", "0").split()
    assert left == ["so-noi-vu/2018-01-01-010101.warc.gz", f"so-noi-vu/{lately}.warc.gz"]
    assert answers(office) == [cited]
    assert "!" not in office.run("evidence", "--month", "2018-01", "--verify"), "what was dropped is not lost"
    office.run("evidence", "--month", this_month(office), "--verify")


def test_limits_of_portals_yaml_are_kept_to_each_night(office: Desk) -> None:
    [cited] = answers(office)
    old = cited.with_name("2018-01-01-010101.warc.gz")
    lately = cited.with_name(f"{date.today() - timedelta(days=3)}-010101.warc.gz")  # noqa: DTZ011 - far from any border
    for file in (old, lately):
        keep(file, (Request(PAGE), answer(file.name.encode())))
    record = yaml.safe_load((office.folder / "portals.yaml").read_text("utf-8"))

    def limited(**limits: int) -> pruning.Pruned | None:
        (office.folder / "portals.yaml").write_text(yaml.safe_dump({**record, "service": limits}), "utf-8")
        return pruning.keep_limits(
            context(Options(portals=office.folder / "portals.yaml", data=office.folder / "data"))
        )

    assert limited() is None
    gone = limited(evidence_days=400)
    assert gone is not None
    assert gone.files == [f"so-noi-vu/{old.name}"]
    gone = limited(evidence_days=400, evidence_mb=1)
    assert gone is not None
    assert not gone.files, "all that is left fits"
    lately.write_bytes(lately.read_bytes() + gzip.compress(os.urandom(1_500_000)))
    gone = limited(evidence_mb=1)
    assert gone is not None
    assert gone.files == [f"so-noi-vu/{lately.name}"]
    assert answers(office) == [cited]
    told = office.run("status")
    assert "at most 1 MB" in told
    assert "2 files were dropped" in told


def test_what_a_closed_month_rests_on_stays_whatever_becomes_of_its_items(office: Desk) -> None:
    [cited] = answers(office)
    office.run("close", "--month", MONTH, "--by", "Lê An")
    place = f"sqlite:///{office.folder / 'data' / 'auditor.db'}"
    with Database.open(place) as database, database.transaction() as session:
        for item in session.scalars(select(ItemRow).where(ItemRow.unit == "so-noi-vu")):
            session.delete(item)
        for visit in session.scalars(select(ObservationRow).where(ObservationRow.unit == "so-noi-vu")):
            visit.first_day = date(2030, 1, 1)  # it would prove nothing
    office.run("evidence", "--prune-to", "0")
    assert cited.exists()
