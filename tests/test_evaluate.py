"""`auditor evaluate`: the judge against people."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from auditor import ngrams
from auditor.categories import DEFAULT_LABELS, Category
from auditor.learning.examples import by_people
from auditor.learning.training import Example
from auditor.ngrams import Model
from auditor.report.confusion import score_picture
from auditor.scoring import LABELS, Verdict, score
from tests.test_correcting import SIGNED, _no_trace_of_the_commands, call, url

__all__ = ["_no_trace_of_the_commands", "call"]  # fixtures

S, R = Category.SCHEDULE, Category.RECEPTION
VERDICT = st.builds(Verdict, st.sampled_from(LABELS), st.sampled_from(LABELS), st.floats(0, 1), st.text(max_size=5))
VERDICTS = st.lists(VERDICT, min_size=1)


def test_the_figures_are_those_worked_out_by_hand() -> None:
    found = score(
        [Verdict(S, S, 0.95), Verdict(S, S, 1.0), Verdict(S, R, 0.55), Verdict(R, R, 0.7), Verdict(None, S, 0.2)]
    )
    assert found.accuracy == pytest.approx(3 / 5)
    assert (found.labels[S].precision, found.labels[S].recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert (found.labels[R].precision, found.labels[R].recall) == (0.5, 1.0)
    assert (found.labels[None].precision, found.labels[None].recall, found.labels[None].f1) == (None, 0.0, 0.0)
    assert found.macro_f1 == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)
    assert [(one.low, one.cases, one.right) for one in found.calibration] == [
        (0, 1, 0),
        (0.5, 1, 0),
        (0.7, 1, 1),
        (0.9, 2, 1),
    ]


@given(VERDICTS)
def test_every_case_stands_once_in_the_matrix_and_in_the_calibration(verdicts: list[Verdict]) -> None:
    found = score(verdicts)
    assert sum(found.confusion.values()) == sum(one.cases for one in found.calibration) == found.cases == len(verdicts)
    assert (found.macro_f1 == 1) == (found.accuracy == 1) == (not found.wrong)


@given(VERDICTS, st.text("<&>\"'a", max_size=9))
def test_the_picture_is_xml_whatever_the_labels_are(verdicts: list[Verdict], label: str) -> None:
    picture = ET.fromstring(str(score_picture(score(verdicts), {**DEFAULT_LABELS, S: label})))  # noqa: S314 - our own
    assert picture.find("{http://www.w3.org/2000/svg}desc") is not None


def test_corrections_are_scored(call: Callable[..., Result]) -> None:
    call("items", "set", url("good-a", 1), "--category", "reception", *SIGNED)
    call("review", "accept", url("good-a", 2), *SIGNED)
    found = json.loads(call("evaluate", "--format", "json").stdout)
    assert (found["cases"], found["accuracy"]) == (2, 0.5)
    assert found["confusion"]["reception"]["schedule"] == found["confusion"]["schedule"]["schedule"] == 1
    assert call("evaluate", "--month", "2019-10").exit_code == 2


def test_a_labelled_file_is_scored_and_drawn(call: Callable[..., Result]) -> None:
    rows = [
        ("Lịch tiếp công dân tháng 11", "schedule"),
        ("Nội quy tiếp công dân", "rules"),
        ("Hội nghị tập huấn", None),
    ]
    lines = [json.dumps({"title": title, "category": category}) for title, category in rows]
    Path("t.jsonl").write_text("\n".join(lines), "utf-8")
    result = call("evaluate", "--labelled", "t.jsonl", "--picture", "t.svg")
    assert result.exit_code == 0, result.output
    assert "cases 3  accuracy 1.000  macro-F1 1.000" in result.stdout
    assert "Không thuộc năm mục tin" in Path("t.svg").read_text("utf-8")


def test_titles_nobody_is_sure_of_may_be_left_out(call: Callable[..., Result]) -> None:
    rows: list[dict[str, object]] = [
        {"title": "Nội quy tiếp công dân", "category": "rules", "sure": True},
        {"title": "Lịch tiếp công dân tháng 11", "category": "schedule"},
        {"title": "Chủ tịch UBND tỉnh tiếp công dân", "category": None, "sure": False},
    ]
    Path("t.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    command = ("evaluate", "--labelled", "t.jsonl", "--format", "json")
    assert json.loads(call(*command).stdout)["cases"] == 3
    assert json.loads(call(*command, "--sure").stdout)["cases"] == 2


def test_the_programs_titles_are_scored_by_weights_that_have_not_learnt_them(
    call: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt: list[set[str]] = []

    def fit(examples: Iterable[Example]) -> Model:
        learnt.append({example.title for example in examples})
        return ngrams.load()

    monkeypatch.setattr("auditor.learning.measuring.train", fit)
    found = json.loads(call("evaluate", "--folds", "--sure", "--format", "json").stdout)
    people = {example.title for example in by_people()}
    assert found["cases"] == len(people)
    assert [len(people - titles) > 40 for titles in learnt] == [True] * 5
    assert set.union(*(people - titles for titles in learnt)) == people, "each title is a stranger once"
    assert json.loads(call("evaluate", "--folds", "--format", "json").stdout)["cases"] == len(by_people(sure=False))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "t.jsonl:2: "),
        ('{"category": "rules"}', "not an object with a title"),
        ('{"title": "x"}', "no category"),
        ('{"title": "x", "category": "news"}', "'news' is no category"),
        ('{"title": "x", "category": null, "sure": "no"}', "sure is neither true nor false"),
        ('{"title": "x", "category": null, "body": 1}', "body is neither text nor null"),
        ('{"title": "x", "category": null, "published": "hôm qua"}', "t.jsonl:2: "),
    ],
)
def test_a_wrong_line_is_told_by_its_number(call: Callable[..., Result], line: str, told: str) -> None:
    Path("t.jsonl").write_text('{"title": "Nội quy", "category": "rules"}\n' + line, "utf-8")
    result = call("evaluate", "--labelled", "t.jsonl")
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_nothing_to_score_is_told(call: Callable[..., Result]) -> None:
    result = call("evaluate")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nobody has decided a category yet" in result.stderr
