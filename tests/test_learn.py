"""`auditor learn`: what people decided is learnt from, shown, adopted, used everywhere, and taken back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest
from click.testing import Result

from auditor import adopted, ngrams, teaching
from auditor.categories import Category
from auditor.classify import VERSION, judge
from auditor.errors import InputError
from auditor.evaluating import Case
from auditor.learning.examples import by_people, labelled
from auditor.learning.overruling import Lesson, overruled
from auditor.learning.training import Example, train
from auditor.scoring import Verdict, score
from auditor.store.database import Database
from auditor.store.models import ItemRow
from tests.installation import THE_DAY_AFTER
from tests.test_cli import PROJECT
from tests.test_correcting import DATABASE, SIGNED, _no_trace_of_the_commands, call, items, of, see, url

__all__ = ["_no_trace_of_the_commands", "call"]  # fixtures

PLACES = ("Long Sơn", "Đắk Hòa", "Nam Dong", "Thuận An", "Đức An", "Nghĩa Phú")
STRANGER = "Kết quả buổi tiếp công dân ngày 07/11/2019 của Chủ tịch UBND xã Đắk Sắk"
BY = ("--by", "Lê An")
SHORT = ("learn", "--month", "2019-11", "--parts", "2", "--format", "json")


def result_of(place: str) -> str:
    return f"Kết quả buổi tiếp công dân ngày 05/11/2019 của Chủ tịch UBND xã {place}"


@pytest.fixture
def decided(call: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Where people have decided six times that a session's result is a report, and nobody has of a seventh."""
    for number, place in enumerate(PLACES, 10):
        see("good-a", number, title=result_of(place))
    see("good-b", 30, title=STRANGER)
    decide = call(
        "items", "set", *(url("good-a", 10 + number) for number in range(6)), "--category", "reports", *SIGNED
    )
    assert decide.exit_code == 0, decide.output
    monkeypatch.setattr("auditor.learning.measuring.train", lambda examples: roughly_trained(tuple(examples)))
    monkeypatch.setattr("auditor.teaching.overruled", partial(overruled, rounds=12))
    return call


@cache
def roughly_trained(examples: tuple[Example, ...]) -> ngrams.Model:
    """What comes with the program, without a part of the titles: the same for every test, and quickly."""
    return train(examples, rounds=2)


def classified(call: Callable[..., Result], title: str = STRANGER) -> str | None:
    Path("posts.jsonl").write_text(json.dumps({"title": title}), "utf-8")
    result = call("classify", "posts.jsonl")
    assert result.exit_code == 0, result.output
    category: str | None = json.loads(result.stdout)["category"]
    return category


def versions() -> set[str]:
    with Database.open(DATABASE) as database, database.session() as session:
        return {row.classifier for row in session.query(ItemRow)}


# --- what is shown --------------------------------------------------------------------------------------------------


def test_the_effect_is_shown_and_nothing_is_adopted(decided: Callable[..., Result]) -> None:
    result = decided(*SHORT)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["decisions"], found["file"], found["taught"], found["adopted"]) == (6, 0, 6, None)
    assert found["before"]["decisions_right"] == 0
    assert found["after"]["decisions_right"] > 3
    assert found["before"]["cases"] == found["after"]["cases"] == len(by_people()) + 6
    assert found["after"]["macro_f1"] > found["before"]["macro_f1"]
    assert (found["changes"]["count"], found["changes"]["of"]) == (1, 10), "what people decided is no change"
    [change] = found["changes"]["listed"]
    assert (change["url"], change["before"], change["after"]) == (url("good-b", 30), "reception", "reports")
    assert not Path("data/judge").exists()
    assert classified(decided) == "reception"


def test_the_text_says_the_same(decided: Callable[..., Result]) -> None:
    adopted.adopt(Path("data/judge"), ngrams.FILE.read_bytes(), "Trần Bình", THE_DAY_AFTER, {})
    told = decided("learn", "--month", "2019-11", "--parts", "2").stdout
    for line in (
        "in use: what Trần Bình adopted on 2019-11-18T18:30:00+00:00",
        "learnt from 6 items decided by people, 0 titles of a file: 6 different titles that say something",
        "2019-11: 1 of 10 items would be decided otherwise than now",
        "reception -> reports",
        "recall: Giải quyết đơn thư",
        "nothing was adopted: `auditor learn --adopt --by NAME` does it",
    ):
        assert line in told


def test_a_labelled_file_teaches_as_well(decided: Callable[..., Result]) -> None:
    rows = [{"title": result_of("Ea Pô"), "category": "reports"}, {"title": "Thông báo", "category": "rules"}]
    Path("t.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    found = json.loads(decided(*SHORT, "--file", "t.jsonl").stdout)
    assert (found["decisions"], found["file"], found["taught"]) == (6, 2, 7), (
        "a title that says nothing teaches nothing"
    )


def test_too_few_decisions_are_told_and_nothing_is_adopted(call: Callable[..., Result]) -> None:
    call("items", "set", url("good-a", 1), url("good-a", 2), "--not-counted", *SIGNED)
    result = call("learn", "--adopt", *BY)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "people have decided 2 items" in result.stderr
    assert "among them are 1 different ones that say something, and 5 are needed" in result.stderr
    assert not Path("data/judge").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--adopt",), "Missing option '--by'"),
        (("--revert",), "Missing option '--by'"),
        (("--adopt", "--revert", *BY), "exclude each other"),
        (("--revert", *BY), "there is nothing to go back from"),
        (("--adopt", "--by", "…"), "--by must say something"),
        (("--month", "2999-01"), "2999-01 has not begun"),
        (("--parts", "1"), "1 is not in the range"),
    ],
)
def test_a_wrong_wish_is_told(decided: Callable[..., Result], words: tuple[str, ...], told: str) -> None:
    result = decided("learn", "--parts", "2", *words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert not Path("data/judge").exists()


def test_what_judges_worse_is_not_adopted_unless_somebody_insists(
    decided: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teaching.Effect, "worse", property(lambda _: True))
    result = decided(*SHORT, "--adopt", *BY)
    assert result.exit_code == 2
    assert "nothing was adopted: macro-F1 fell" in result.stderr
    assert not Path("data/judge").exists()
    assert decided(*SHORT, "--adopt", *BY, "--anyway").exit_code == 0
    assert classified(decided) == "reports"


def test_a_loss_of_more_than_a_hundredth_is_worse() -> None:
    good, bad = Verdict(Category.RULES, Category.RULES, 1), Verdict(Category.RULES, None, 1)
    whole, less = score([good] * 100), score([good] * 98 + [bad] * 2)
    effect = teaching.Effect(0, 0, 0, whole, less, (0, 0), teaching.Month(2019, 11), 0, (), b"")
    assert effect.worse
    assert not teaching.Effect(0, 0, 0, less, whole, (0, 0), teaching.Month(2019, 11), 0, (), b"").worse


# --- adopted --------------------------------------------------------------------------------------------------------


def test_what_was_adopted_judges_everywhere_until_it_is_taken_back(decided: Callable[..., Result]) -> None:
    note = json.loads(decided(*SHORT, "--adopt", *BY).stdout)["adopted"]
    kept = json.loads(Path("data/judge/adopted.json").read_text("utf-8"))
    assert (note["by"], kept["by"], kept["weights"], kept["beside"]) == ("Lê An", "Lê An", note["weights"], VERSION)
    assert kept["measured"]["after"]["decisions_right"] > 3
    assert versions() == {adopted.judge_in(Path("data/judge")).version} != {VERSION}
    assert of(items(decided), 30)["category"] == "reports"
    assert classified(decided) == "reports"
    assert json.loads(decided("evaluate", "--format", "json").stdout)["accuracy"] == 1
    see("good-b", 30, title=STRANGER)  # a visit stored by the program's own judge
    assert of(items(decided), 30)["category"] == "reports", "decided again by the judge that holds"
    assert decided("learn", "--revert", *BY).exit_code == 0
    assert (versions(), classified(decided)) == ({VERSION}, "reception")
    assert of(items(decided), 30)["category"] == "reception"
    assert of(items(decided), 10)["category"] == "reports", "corrections stay"
    told = [json.loads(line) for line in Path("data/judge/history.jsonl").read_text("utf-8").splitlines()]
    assert [(line["what"], line["by"]) for line in told] == [("adopted", "Lê An"), ("reverted", "Lê An")]


def test_learning_twice_gives_the_same_weights(decided: Callable[..., Result]) -> None:
    first = json.loads(decided(*SHORT, "--adopt", *BY).stdout)
    again = json.loads(decided(*SHORT, "--adopt", *BY).stdout)
    assert first["adopted"]["weights"] == again["adopted"]["weights"]
    assert again["changes"]["count"] == 0, "the judge in use decides so already"
    assert Path("data/judge/previous.json").exists()


@pytest.mark.parametrize(
    "damage",
    [
        ("ngrams-*.json", '{"lịch":'),
        ("ngrams-*.json", None),
        ("adopted.json", "{"),
        ("adopted.json", "[]"),
        ("adopted.json", '{"by": 1, "made": "", "weights": "", "digest": ""}'),
    ],
    ids=["weights cut short", "weights lost", "note cut short", "another note", "a note of something else"],
)
def test_what_is_damaged_is_told_with_the_remedy_and_can_be_taken_back(
    call: Callable[..., Result], damage: tuple[str, str | None]
) -> None:
    folder = Path("data/judge")
    adopted.adopt(folder, ngrams.written({"lịch": [1] * 6}), "Lê An", THE_DAY_AFTER, {})
    [file] = folder.glob(damage[0])
    file.unlink()
    if damage[1] is not None:
        file.write_text(damage[1], "utf-8")
    Path("posts.jsonl").write_text('{"title": "Lịch"}', "utf-8")
    for words in (
        ("classify", "posts.jsonl"),
        ("items", "--month", "2019-11"),
        ("evaluate", "--labelled", "posts.jsonl"),
    ):
        result = call(*words)
        assert (result.exit_code, result.stdout) == (2, ""), words
        assert "`auditor learn --revert --by NAME` goes back" in result.stderr
    assert call("learn", "--revert", *BY).exit_code == 0
    assert classified(call) == "reception"


def test_a_note_beside_an_older_program_says_so(tmp_path: Path) -> None:
    note = adopted.adopt(tmp_path, ngrams.FILE.read_bytes(), "Lê An", THE_DAY_AFTER, {})
    assert adopted.adoption_in(tmp_path) == note
    assert not note.outdated
    assert adopted.Adoption("x", "", "", "", beside="000000000000").outdated


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "judge").write_text("", "utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        adopted.adopt(tmp_path / "judge", b"{}", "Lê An", THE_DAY_AFTER, {})


def test_a_real_installation_learns_adopts_and_goes_back(call: Callable[..., Result]) -> None:
    rows = [{"title": result_of(place), "category": "reports"} for place in PLACES]
    Path("t.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    assert call("items", "--month", "2019-11").exit_code == 0
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}

    def auditor(*words: str) -> subprocess.CompletedProcess[bytes]:
        line = json.dumps({"title": STRANGER}).encode()
        return subprocess.run(
            [sys.executable, "-m", "auditor", *words], input=line, env=environment, capture_output=True, check=False
        )

    def category() -> object:
        return json.loads(auditor("classify").stdout)["category"]

    assert category() == "reception"
    learnt = auditor("learn", "--parts", "2", "--file", "t.jsonl", "--adopt", *BY)
    assert learnt.returncode == 0, learnt.stderr.decode()
    assert b"adopted by" in learnt.stdout
    assert category() == "reports"
    listed = auditor("items", "--month", "2019-11", "--format", "json")
    assert (listed.returncode, len(json.loads(listed.stdout))) == (0, 3)
    assert auditor("learn", "--revert", *BY).returncode == 0
    assert category() == "reception"


# --- how weights are moved ------------------------------------------------------------------------------------------


def test_what_is_judged_right_already_moves_nothing() -> None:
    right = [example for example in by_people()[:60] if judge().classify(example.title).confidence > 0.995]
    lessons = [Lesson(each, judge().scores(each.title)) for each in right]
    assert len(lessons) > 5
    moved = overruled(ngrams.load(), judge(), lessons, [])
    differ = [name for name, row in moved.weights.items() if list(row) != list(ngrams.load().weights.get(name, ()))]
    assert len(differ) < 0.1 * len(moved.weights)


def test_a_decision_that_the_section_carries_teaches_the_title_little() -> None:
    example = Example("Tin số 7 của lãnh đạo", "schedule", 3)
    alone = overruled(ngrams.load(), judge(), [Lesson(example, judge().scores(example.title))], [])
    carried = overruled(
        ngrams.load(), judge(), [Lesson(example, judge().scores(example.title, "Lịch tiếp công dân"))], []
    )

    def moved(model: ngrams.Model) -> int:
        base = ngrams.load().weights
        rows = ((row, base.get(name, [0] * 6)) for name, row in model.weights.items())
        return sum(abs(new - old) for row, was in rows for new, old in zip(row, was, strict=True))

    assert moved(carried) < moved(alone)


def test_labelled_titles_are_judged_as_well_as_before() -> None:
    held = list(labelled())
    lessons = [Example(result_of(place), "reports", 3) for place in PLACES]
    model = overruled(ngrams.load(), judge(), [Lesson(each, judge().scores(each.title)) for each in lessons], held)
    file = ngrams.Model.read(ngrams.written(model.weights))
    taught = teaching.Judge(teaching.vocabulary.load(), file)
    people = [Case(teaching.LABELS[each.label], each.title) for each in by_people()]
    assert sum(case.judged(taught).said is case.truth for case in people) >= sum(
        case.judged(judge()).said is case.truth for case in people
    )
    assert {taught.classify(each.title).category for each in lessons} == {Category.REPORTS}
