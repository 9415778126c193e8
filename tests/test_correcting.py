"""`auditor items set`, `unset`, `history`, `export`, `import`."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from auditor.audit.doubts import likeness
from auditor.categories import Category
from auditor.cli import cli
from auditor.observation import Observation, Placement, SeenItem
from auditor.outcomes import Outcome
from auditor.portals import load
from auditor.store.corrections import short_id
from auditor.store.database import Database
from auditor.store.ingest import ingest
from auditor.store.models import CorrectionRow
from tests.installation import THE_DAY_AFTER, portals
from tests.test_cli import NO_ENVIRONMENT, _no_trace_of_the_commands

__all__ = ["_no_trace_of_the_commands"]  # a fixture every test here uses

DATABASE = "sqlite:///data/auditor.db"
SIGNED = ("--by", "Lê An", "--reason", "đã đọc")
MONTH = ("--month", "2019-11", "--all", "--format", "json")


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Calls a command where two units were seen, with three posts."""
    monkeypatch.chdir(tmp_path)
    portals(tmp_path, "good-a", "good-b")

    def run(*words: str) -> Result:
        return CliRunner(env=NO_ENVIRONMENT).invoke(cli, words)

    Path("data").mkdir()
    see("good-a", 1, 2)
    see("good-b", 3)
    return run


def see(unit: str, *numbers: int, **facts: Any) -> None:
    """A visit of the unit that found posts of these numbers."""
    seen = [{"title": f"Lịch tiếp công dân tháng {number}", "published": "2019-11-03", **facts} for number in numbers]
    found = tuple(SeenItem(url=url(unit, number), **one) for number, one in zip(numbers, seen, strict=True))
    visit = Observation(unit, THE_DAY_AFTER, THE_DAY_AFTER, date(2019, 9, 19), Outcome.COMPLETE, items=found)
    with Database.open(DATABASE) as database, database.transaction() as session:
        ingest(session, load(Path("portals.yaml")), visit)


def url(unit: str, number: int) -> str:
    return f"http://{unit}.example.gov.vn/tin/{number}"


def items(call: Callable[..., Result]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(call("items", *MONTH).stdout)
    return found


def decisions() -> int:
    with Database.open(DATABASE) as database, database.session() as session:
        return session.scalar(select(func.count()).select_from(CorrectionRow)) or 0


def of(found: list[dict[str, object]], number: int) -> dict[str, object]:
    [item] = [item for item in found if str(item["url"]).endswith(f"/{number}")]
    return item


def test_set_decides_and_every_list_shows_it(call: Callable[..., Result]) -> None:
    number = of(items(call), 1)["id"]
    assert number == short_id("good-a", url("good-a", 1))
    result = call("items", "set", str(number), "--category", "reception", *SIGNED)
    assert result.exit_code == 0, result.output
    assert "schedule -> reception" in result.stdout
    item = of(items(call), 1)
    assert (item["category"], item["confidence"], item["counted"]) == ("reception", 1.0, True)
    assert item["why"][0] == "corrected by Lê An: đã đọc"  # type: ignore[index]
    decided = item["correction"]
    assert isinstance(decided, dict)
    assert decided | {"made": ""} == {
        "by": "Lê An",
        "made": "",
        "reason": "đã đọc",
        "category": "reception",
        "published": None,
        "accepted": False,
        "machine_category": "schedule",
    }
    assert "corrected by Lê An: đã đọc" in call("items", "--month", "2019-11").stdout


def test_several_at_once_by_id_or_address(call: Callable[..., Result]) -> None:
    result = call("items", "set", url("good-a", 1), short_id("good-b", url("good-b", 3)), "--not-counted", *SIGNED)
    assert result.exit_code == 0, result.output
    assert {item["url"]: item["counted"] for item in items(call)} == {
        url("good-a", 1): False,
        url("good-a", 2): True,
        url("good-b", 3): False,
    }


def test_a_time_is_of_the_provinces_clock(call: Callable[..., Result]) -> None:
    assert call("items", "set", url("good-a", 1), "--published", "2019-11-07T08:30", *SIGNED).exit_code == 0
    assert of(items(call), 1)["published"] == "2019-11-07T08:30:00+07:00"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("ffffffff", "--category", "rules", *SIGNED), "there is no item 'ffffffff'"),
        (("ITEM", *SIGNED), "nothing to set"),
        (("ITEM", "--category", "rules", "--by", " ", "--reason", "x"), "--by must say something"),
        (("ITEM", "--category", "rules", "--by", "x", "--reason", "…"), "--reason must say something"),
        (("ITEM", "--category", "rules", "--by", "x"), "Missing option '--reason'"),
        (("ITEM", "--category", "rules", "--reason", "x"), "Missing option '--by'"),
        (("ITEM", "--category", "rules", "--not-counted", *SIGNED), "exclude each other"),
        (("ITEM", "--category", "news", *SIGNED), "'news' is not one of"),
        (("ITEM", "--published", "2019-02-30", *SIGNED), "'2019-02-30' is no date"),
        (("ITEM", "--published", "03/11/2019", *SIGNED), "'03/11/2019' is no date"),
        (("ITEM", "--published", "20191103", *SIGNED), "'20191103' is no date"),
        (("ITEM", "--published", "2019-11-03 08:00", *SIGNED), "is no date"),
        (("ITEM", "--published", "2999-01-01", *SIGNED), "has not come yet"),
        (("--category", "rules", *SIGNED), "Missing argument 'IDS...'"),
    ],
)
def test_a_wrong_wish_is_told_and_nothing_is_stored(
    call: Callable[..., Result], words: tuple[str, ...], told: str
) -> None:
    result = call("items", "set", *(url("good-a", 1) if word == "ITEM" else word for word in words))
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert decisions() == 0


def test_one_unknown_item_among_several_stores_nothing(call: Callable[..., Result]) -> None:
    assert call("items", "set", url("good-a", 1), "ffffffff", "--not-counted", *SIGNED).exit_code == 2
    assert decisions() == 0


def test_unset_lets_the_program_decide_again_and_the_history_stays(call: Callable[..., Result]) -> None:
    item = url("good-a", 1)
    call("items", "set", item, "--category", "reception", *SIGNED)
    result = call("items", "unset", item, "--by", "Trần Bình", "--reason", "nhầm tin")
    assert "reception -> schedule" in result.stdout
    assert (of(items(call), 1)["category"], of(items(call), 1)["correction"]) == ("schedule", None)
    told = call("items", "history", item).stdout
    assert [word in told for word in ("Lê An: đã đọc", "Trần Bình: nhầm tin", "withdraw")] == [True] * 3
    result = call("items", "unset", item, *SIGNED)
    assert (result.exit_code, decisions()) == (2, 2)
    assert "nothing to withdraw" in result.stderr


def test_an_export_imported_elsewhere_gives_the_same_items_however_often(call: Callable[..., Result]) -> None:
    call("items", "set", url("good-a", 1), "--category", "reception", "--published", "2019-11-05", *SIGNED)
    call("items", "set", url("good-b", 3), "--not-counted", *SIGNED)
    call("items", "unset", url("good-b", 3), *SIGNED)
    before = items(call)
    assert call("items", "export", "kept.jsonl").exit_code == 0
    Path("data/auditor.db").unlink()
    see("good-b", 3)
    see("good-a", 2, 1)
    assert decisions() == 0
    first = call("items", "import", "kept.jsonl")
    assert first.stdout == "3 decisions added, 0 known already, 0 of unknown items\n", first.output
    assert items(call) == before
    again = call("items", "import", "kept.jsonl")
    assert again.stdout == "0 decisions added, 3 known already, 0 of unknown items\n"
    assert call("items", "export", "-").stdout == Path("kept.jsonl").read_text("utf-8")


def test_an_item_is_found_by_any_of_its_addresses(call: Callable[..., Result]) -> None:
    call("items", "set", url("good-a", 1), "--not-counted", *SIGNED)
    line = json.loads(call("items", "export", "-").stdout)
    call("items", "set", url("good-a", 1), "--category", "rules", *SIGNED)
    line |= {"url": "http://good-a.example.gov.vn/moi", "also_at": [url("good-a", 2)]}
    Path("moved.jsonl").write_text(json.dumps(line), "utf-8")
    assert call("items", "import", "moved.jsonl").exit_code == 0
    assert of(items(call), 2)["counted"] is False


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"url": "http://good-a.example.gov.vn/99"}, "good-a has no item at http://good-a.example.gov.vn/99"),
        ({"category": "news"}, "'news' is no category"),
        ({"by": ""}, "by must say something"),
        ({"made": "gần đây"}, "no correction"),
        ({"made": "2019-11-03T08:00:00"}, "made has no time zone"),
        ({"published": "2999-01-01"}, "has not come yet"),
        ({"kind": "erase", "machine_confidence": "high"}, "machine_confidence, kind missing or wrong"),
        ({"also_at": "x"}, "also_at missing or wrong"),
    ],
)
def test_a_wrong_line_is_told_by_its_number_and_nothing_is_stored(
    call: Callable[..., Result], change: dict[str, object], told: str
) -> None:
    call("items", "set", url("good-a", 1), "--not-counted", *SIGNED)
    line = json.loads(call("items", "export", "-").stdout)
    good = json.dumps(line | {"reason": "một lý do khác"})
    Path("bad.jsonl").write_text(f"{good}\n\n{json.dumps(line | change)}\n", "utf-8")
    result = call("items", "import", "bad.jsonl")
    assert (result.exit_code, result.stdout, decisions()) == (2, "", 1)
    assert "bad.jsonl:3: " in result.stderr
    assert told in result.stderr


@pytest.mark.parametrize("text", ["[]", "{", '"x"', "\xff", "[" * 100_000])
def test_a_line_that_is_no_record_is_told(call: Callable[..., Result], text: str) -> None:
    Path("bad.jsonl").write_text(text, "latin-1")
    result = call("items", "import", "bad.jsonl")
    assert (result.exit_code, decisions()) == (2, 0)
    assert "bad.jsonl:1: no correction" in result.stderr


def test_unknown_items_may_be_left_out(call: Callable[..., Result]) -> None:
    call("items", "set", url("good-a", 1), "--not-counted", *SIGNED)
    call("items", "export", "kept.jsonl")
    Path("data/auditor.db").unlink()
    see("good-b", 3)
    assert "1 of unknown items" in call("items", "import", "kept.jsonl", "--skip-unknown").stdout


def test_the_report_lists_what_people_decided(call: Callable[..., Result]) -> None:
    call("items", "set", url("good-a", 1), "--not-counted", *SIGNED)
    assert call("report", "--month", "2019-11", "--formats", "json,xlsx", "--output", ".").exit_code in {0, 3}
    [entry] = json.loads(Path("2019-11.json").read_text("utf-8"))["corrections"]
    assert (entry["url"], entry["by"], entry["category"], entry["counted"]) == (
        url("good-a", 1),
        "Lê An",
        "none",
        False,
    )
    sheet = openpyxl.load_workbook("2019-11.xlsx")["Duyệt, sửa"]
    assert [cell.value for cell in sheet[3]][3:8] == [
        "Lịch tiếp công dân",
        "không thuộc năm mục tin",
        "–",
        "không",
        "Lê An",
    ]


# --- review ---------------------------------------------------------------------------------------------------------


def listed(call: Callable[..., Result], *words: str) -> dict[str, list[str]]:
    """Per address, the doubts about it, in the order of the list."""
    result = call("review", "--month", "2019-11", "--format", "json", *words)
    assert result.exit_code == 0, result.output
    groups = json.loads(result.stdout)
    return {item["url"]: [doubt["doubt"] for doubt in item["doubts"]] for group in groups for item in group["items"]}


def test_review_lists_the_undated_and_not_what_is_plain(call: Callable[..., Result]) -> None:
    assert listed(call) == {}
    see("good-a", 4, published=None)
    assert listed(call) == {url("good-a", 4): ["undated"]}
    assert "no publication date" in call("review", "--month", "2019-11").stdout
    assert listed(call, "--unit", "good-b") == {}


def test_a_date_or_an_acceptance_settles_it(call: Callable[..., Result]) -> None:
    see("good-a", 4, 5, published=None)
    call("items", "set", url("good-a", 4), "--published", "2019-11-03", *SIGNED)
    assert listed(call) == {url("good-a", 5): ["undated"]}
    call("items", "set", url("good-a", 5), "--category", "schedule", *SIGNED)
    assert listed(call) == {url("good-a", 5): ["undated"]}
    call("review", "accept", url("good-a", 5), *SIGNED)
    assert listed(call) == {}


def test_a_group_is_accepted_at_once_and_offered_again_when_its_text_changes(call: Callable[..., Result]) -> None:
    see("good-a", 4, 5, published=None)
    see("good-b", 6, published=None)
    [group] = json.loads(call("review", "--month", "2019-11", "--format", "json").stdout)
    assert len(group["items"]) == 3
    result = call("review", "accept", group["group"], "--month", "2019-11", *SIGNED)
    assert (result.exit_code, decisions()) == (0, 3), result.output
    assert listed(call) == {}
    see("good-b", 6, published=None, title="Thông báo thay đổi lịch tiếp công dân", opened=True)
    assert listed(call) == {url("good-b", 6): ["changed"]}


def test_a_day_after_it_was_seen_is_offered_whatever_its_month(call: Callable[..., Result]) -> None:
    see("good-a", 4, published="2099-11-03")
    assert listed(call) == {url("good-a", 4): ["future"]}


def test_section_and_title_that_disagree_are_offered(call: Callable[..., Result]) -> None:
    place = Placement(url("good-a", 4), "http://good-a.example.gov.vn/bc", "Báo cáo", Category.REPORTS)
    see("good-a", 4, placements=(place,))
    assert "section" in listed(call)[url("good-a", 4)]
    call("items", "set", url("good-a", 4), "--category", "schedule", *SIGNED)
    assert listed(call) == {}


def test_a_document_signed_long_before_or_afterwards_is_offered(call: Callable[..., Result]) -> None:
    see("good-a", 4, 5, 6, document_date="2019-10-30")
    assert listed(call) == {}, "an office publishes what it signed within weeks"
    see("good-a", 4, document_date="2019-08-30")
    see("good-a", 5, document_date="2019-11-04")
    assert listed(call) == {url("good-a", 4): ["document"], url("good-a", 5): ["document"]}
    assert "2019-08-30" in call("review", "--month", "2019-11").stdout
    call("items", "set", url("good-a", 4), "--published", "2019-11-03", *SIGNED)
    assert listed(call) == {url("good-a", 5): ["document"]}


def test_a_page_that_prints_another_day_than_the_listing_is_offered(call: Callable[..., Result]) -> None:
    see("good-a", 4, opened=True, body="Thời gian: 8 giờ", published_from="listing: 03/11/2019")
    assert listed(call) == {}
    see("good-a", 4, published="2019-11-05", published_from="listing: 05/11/2019")
    assert listed(call) == {url("good-a", 4): ["page"]}
    assert "page 2019-11-03" in call("review", "--month", "2019-11").stdout


def test_an_unknown_group_is_told(call: Callable[..., Result]) -> None:
    result = call("review", "accept", "g0000000", "--month", "2019-11", *SIGNED)
    assert (result.exit_code, decisions()) == (2, 0)
    assert "2019-11 has no group 'g0000000'" in result.stderr


@given(
    words=st.lists(st.sampled_from(["Lịch", "tiếp", "công", "dân", "tháng"]), min_size=1, max_size=6),
    day=st.dates(),
    other=st.dates(),
)
def test_titles_that_differ_in_figures_alone_are_alike(words: list[str], day: date, other: date) -> None:
    title = " ".join(words)
    assert likeness(f"{title} {day:%d/%m/%Y}") == likeness(f"{title} {other:%d-%m-%Y}")
    assert likeness(f"{title} {day:%d/%m/%Y}") != likeness(f"Hoãn {title} {other:%d/%m/%Y}")
