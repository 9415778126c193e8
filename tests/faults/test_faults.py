"""A sample of the fault laboratory; `make faults` plays all of it."""

from pathlib import Path
from random import Random

import pytest

from auditor.observation import Observation
from auditor.outcomes import Cause, Outcome
from tests.faults.kinds import KINDS
from tests.faults.laboratory import Case, Phase, all_cases, audit, nights_of, play_nights, visit, wrong

SAMPLE = 30


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Case, Observation]]:
    slow = [name for name, kind in KINDS.items() if kind.answer.mute or len(kind.answer.body) > 100_000]
    cases = [case for case in all_cases() if case.kind not in slow]
    chosen = Random(2019).sample(cases, SAMPLE)  # noqa: S311
    return list(zip(chosen, visit([case.portal() for case in chosen], tmp_path_factory.mktemp("faults")), strict=True))


def test_there_are_kinds_and_phases_enough() -> None:
    assert len(KINDS) >= 60
    assert len(list(all_cases())) > len(KINDS) * len(Phase)


def test_no_fault_is_hidden_or_taken_for_another(seen: list[tuple[Case, Observation]]) -> None:
    assert {str(case): told for case, each in seen if (told := wrong(case, each))} == {}


def test_random_nights_lose_nothing_and_prove_nothing_false(tmp_path: Path) -> None:
    assert play_nights(7, 12, tmp_path / "nights", length=6) == []


def test_the_laboratory_sees_a_lie(seen: list[tuple[Case, Observation]], tmp_path: Path) -> None:
    case, honest = next((case, each) for case, each in seen if case.phase is Phase.PAGE and not case.once)
    assert honest.outcome is Outcome.PARTIAL
    lie = Observation(honest.unit, honest.started, honest.finished, honest.first_day, Outcome.COMPLETE)
    assert "posts are not in it" in wrong(case, lie)
    nights = nights_of(Random(1), 2)  # noqa: S311
    assert any("not_published" in told for told in audit(nights, [lie, lie], tmp_path))
    misnamed = Observation("a", honest.started, honest.finished, honest.first_day, Outcome.UNREACHABLE, Cause.DNS)
    assert "named dns" in wrong(Case("403", Phase.HOME), misnamed)
