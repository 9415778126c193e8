"""The vocabulary is data a person edits: every slip is refused with its place, every change is visible."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor import classify
from auditor.categories import Category
from auditor.classify import VERSION
from auditor.errors import InputError
from auditor.ngrams import load as weights
from auditor.text import bare as fold
from auditor.vocabulary import FILE, LABELS, load


def _minimal() -> dict[str, Any]:
    return {
        "none_weight": 3,
        "silent_none_weight": 1,
        "session_ahead": 5,
        "session_past": 1,
        "silent": "^(số|tháng)$",
        "spellings": {"quy": ["qui"]},
        "look_alikes": ["hoàn"],
        "names": ["kế hoạch (và )?đầu tư"],
        "words": {"tiếp dân": "tiếp (công )?dân"},
        "title": {"schedule": [{5: "hoãn <3>{tiếp dân}", "unless": "^báo cáo"}], "none": []},
        "section": {},
        "body": {},
    }


def _written(tmp_path: Path, entries: object) -> Path:
    path = tmp_path / "vocabulary.yaml"
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), "utf-8")
    return path


def test_the_vocabulary_speaks_for_every_category_and_for_none() -> None:
    assert {cue.label for cue in load().cues["title"]} == set(LABELS.values())


def test_the_version_changes_with_the_data(tmp_path: Path) -> None:
    first = load(_written(tmp_path, _minimal())).version
    (tmp_path / "other").mkdir()
    assert load(_written(tmp_path / "other", _minimal() | {"none_weight": 4})).version != first
    assert weights().version[:6] == VERSION[6:]
    assert len(VERSION) == 12


def test_the_version_changes_with_what_the_rules_count_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classify, "RUNS_COUNT", 0.6)
    assert classify.version() != VERSION


def test_a_cue_matches_whole_words_over_gaps_and_yields_to_unless(tmp_path: Path) -> None:
    known = load(_written(tmp_path, _minimal()))
    (cue,) = known.cues["title"]
    assert cue.label is Category.SCHEDULE
    words = known.words("Thông báo hoãn lịch, tiếp công dân!")
    (match,) = cue.matches(words.text)
    assert words.printed_between(*match.span()) == "hoãn lịch, tiếp công dân"
    assert not cue.matches(known.words("hoãn một hai ba bốn tiếp dân").text)
    assert not cue.matches(known.words("hoãn tiếp dântrí").text)
    assert not cue.matches(known.words("Báo cáo hoãn tiếp dân").text)
    assert cue.matches(known.words("Về báo cáo hoãn tiếp dân").text)


def test_diacritics_count_where_the_text_has_them(tmp_path: Path) -> None:
    known = load(_written(tmp_path, _minimal()))
    (cue,) = known.cues["title"]
    assert not cue.matches(known.words("hoàn tiếp dân").text)
    assert cue.matches(known.words("hoan tiep dan").text)
    assert cue.matches(known.words("hoãn tiếp cơng dân").text)


def test_names_say_nothing_and_leave_the_words_around_them_in_place(tmp_path: Path) -> None:
    known = load(_written(tmp_path, _minimal()))
    (cue,) = known.cues["title"]
    words = known.words("Sở Kế hoạch và Đầu tư hoãn tiếp công dân")
    assert "hoạch" not in words.text
    assert words.printed_between(*cue.matches(words.text)[0].span()) == "hoãn tiếp công dân"


def test_spellings_are_read_as_what_is_meant(tmp_path: Path) -> None:
    known = load(_written(tmp_path, _minimal()))
    assert known.words("qui chế").text == known.words("quy chế").text


@pytest.mark.parametrize(
    ("place", "entries", "problem"),
    [
        ("title", {"lich": []}, "'lich' is no category"),
        ("title", {"schedule": [{5: "lịch ("}]}, "'lịch (' is not a pattern"),
        ("title", {"schedule": [{5: "{tiếp khách}"}]}, "'{tiếp khách}' stands under `words` neither above nor at all"),
        ("section", {"rules": [{0: "nội quy"}]}, "the weight '0' has to be a number above 0"),
        ("section", {"rules": [{"nhiều": "nội quy"}]}, "the weight 'nhiều' has to be a number above 0"),
        ("body", {"none": [{1: "a", 2: "b"}]}, "has to be `weight: pattern`"),
        ("body", {"none": [{"unless": "a"}]}, "has to be `weight: pattern`"),
        ("title", {"none": [{1: "\\S+"}]}, "without capital escapes"),
        ("title", {"none": [{1: ""}]}, "has to be text"),
        ("title", {"none": [{1: "a", "unless": 7}]}, "'7' has to be text"),
        ("none_weight", True, "the weight 'True' has to be a number above 0"),
        ("surplus", {}, "has to hold exactly"),
    ],
)
def test_a_slip_is_refused_with_file_place_and_remedy(
    tmp_path: Path, place: str, entries: object, problem: str
) -> None:
    with pytest.raises(InputError) as refusal:
        load(_written(tmp_path, _minimal() | {place: entries}))
    assert problem in str(refusal.value)
    assert str(refusal.value).startswith("vocabulary.yaml: ")
    assert str(refusal.value).endswith("correct the file")


@pytest.mark.parametrize("content", [b"", b"- a", b"a: [", b"\xff\xfe\x00"])
def test_what_is_no_vocabulary_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vocabulary.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"vocabulary\.yaml"):
        load(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="restore it"):
        load(tmp_path / "vocabulary.yaml")


def test_every_spelling_leads_to_a_word_some_pattern_uses() -> None:
    entries = yaml.safe_load(FILE.read_text("utf-8"))
    assert set(entries["spellings"]) <= load().distinct


def test_every_listed_spelling_differs_by_more_than_diacritics() -> None:
    entries = yaml.safe_load(FILE.read_text("utf-8"))
    assert not [
        wrong for right, wrongs in entries["spellings"].items() for wrong in wrongs if fold(wrong) == fold(right)
    ]
