from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.categories import Category
from auditor.errors import InputError
from auditor.observation import Attachment, Coverage, Observation, Placement, SeenItem
from auditor.outcomes import Cause, Outcome

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
CATEGORIES = st.none() | st.sampled_from(Category)
INSTANTS = st.builds(
    datetime.fromtimestamp, st.integers(0, 4 * 10**9), st.sampled_from([UTC, timezone(timedelta(hours=7))])
)


def maybe(values: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.none() | values


ITEMS = st.builds(
    SeenItem,
    url=TEXT,
    title=TEXT,
    published=maybe(TEXT),
    published_from=maybe(TEXT),
    modified=maybe(TEXT),
    body=TEXT,
    opened=st.booleans(),
    standing=st.booleans(),
    commune=maybe(TEXT),
    placements=st.lists(st.builds(Placement, TEXT, TEXT, TEXT, CATEGORIES), max_size=2).map(tuple),
    also_at=st.lists(TEXT, max_size=2).map(tuple),
    attachments=st.lists(st.builds(Attachment, TEXT, TEXT, st.none() | st.booleans()), max_size=2).map(tuple),
    document=TEXT,
)
LISTINGS = st.builds(
    Coverage,
    listing=TEXT,
    label=TEXT,
    category=CATEGORIES,
    pages=st.integers(0, 99),
    promised=st.none() | st.integers(0, 99),
    rows=st.integers(0, 999),
    complete=st.booleans(),
    empty=st.booleans(),
    lost=st.lists(TEXT, max_size=2).map(tuple),
)
OBSERVATIONS = st.builds(
    Observation,
    unit=TEXT,
    started=INSTANTS,
    finished=INSTANTS,
    first_day=st.dates(),
    outcome=st.sampled_from(Outcome),
    cause=st.none() | st.sampled_from(Cause),
    detail=TEXT,
    section=maybe(TEXT),
    sections=st.dictionaries(st.sampled_from(Category), TEXT),
    listings=st.lists(LISTINGS, max_size=2).map(tuple),
    items=st.lists(ITEMS, max_size=2).map(tuple),
    requests=st.integers(0, 9999),
)
VISIT = Observation(
    unit="so-noi-vu",
    started=datetime(2019, 11, 18, 17, 0, tzinfo=UTC),
    finished=datetime(2019, 11, 18, 17, 2, tzinfo=UTC),
    first_day=date(2019, 10, 19),
    outcome=Outcome.COMPLETE,
    sections={Category.RULES: "http://snv.example.vn/nq", Category.SCHEDULE: "http://snv.example.vn/lich"},
    items=(SeenItem(url="http://snv.example.vn/1.html", title="Lịch tiếp công dân tháng 11", published="2019-11-01"),),
)


@given(OBSERVATIONS)
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, visit: Observation) -> None:
    path = tmp_path_factory.getbasetemp() / "visit.json"
    assert Observation.read(visit.write(path)) == visit


def test_half_a_surrogate_pair_is_read_as_what_a_database_can_hold(tmp_path: Path) -> None:
    visit = replace(VISIT, detail="một \ud800 nửa \udfff, một \U0001f600 trọn")
    assert Observation.read(visit.write(tmp_path / "visit.json")).detail == "một ? nửa ?, một \U0001f600 trọn"


def test_the_file_is_json_a_person_can_read() -> None:
    text = VISIT.to_json()
    record = json.loads(text)
    assert "Lịch tiếp công dân tháng 11" in text
    assert record["format"] == 1
    assert record["started"] == "2019-11-18T17:00:00+00:00"
    assert record["first_day"] == "2019-10-19"
    assert list(record["sections"]) == ["rules", "schedule"]
    assert record["items"][0]["published"] == "2019-11-01"


def test_a_file_written_before_documents_were_read_is_read() -> None:
    record = json.loads(VISIT.to_json())
    del record["items"][0]["document"]
    assert Observation.from_json(json.dumps(record)) == VISIT


def test_instants_are_utc_whatever_the_clock_said() -> None:
    seven = datetime(2019, 11, 19, 0, 0, tzinfo=timezone(timedelta(hours=7)))
    visit = Observation("a", seven, seven, date(2019, 11, 1), Outcome.COMPLETE)
    assert '"started": "2019-11-18T17:00:00+00:00"' in visit.to_json()


def changed(**fields: object) -> str:
    return json.dumps({**json.loads(VISIT.to_json()), **fields})


DAMAGED = {
    "empty": "",
    "half a file": VISIT.to_json()[:200],
    "not an object": "[]",
    "a format of the future": changed(format=2),
    "no format": "{}",
    "an unknown outcome": changed(outcome="fine"),
    "an unknown cause": changed(cause="bad luck"),
    "an unknown category": changed(sections={"other": "http://a"}),
    "an instant without zone": changed(started="2019-11-18T17:00:00"),
    "a day that is none": changed(first_day="2019-02-30"),
    "an unknown field": changed(mood="good"),
    "items that are none": changed(items=["x"]),
    "an item without placements": changed(items=[{"url": "a", "title": "b"}]),
    "items of a wrong kind": changed(items=5),
    "brackets without end": "[" * 100_000,
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_refused_with_its_name_and_a_remedy(tmp_path: Path, text: str) -> None:
    path = tmp_path / "visit.json"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"visit\.json is not a readable observation .*: move it away and crawl again"):
        Observation.read(path)


def test_a_missing_file_and_bytes_that_are_no_text_are_refused_too(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "missing.json", broken):
        with pytest.raises(InputError, match="is not a readable observation"):
            Observation.read(path)
