"""What makes a category worth a look: the judge says itself how sure it is, and who came second."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from auditor.audit.doubts import LOW, NEAR, Doubt, Evidence, doubts
from auditor.audit.month import CorrectionFacts, CountedItem
from auditor.categories import Category
from auditor.classify import Decision

S, R = Category.SCHEDULE, Category.RECEPTION
ITEM = CountedItem(
    unit="so-noi-vu", url="http://u/1", title="Tiếp công dân", published="2019-11-03", published_from="listing",
    category=S, confidence=0.99, why=(), counted=True, reason=None, commune=None, first_seen="2019-11-04T01:00:00Z",
)  # fmt: skip
SEEN = date(2019, 11, 18)
DECIDED = CorrectionFacts(
    "Lê An", "2019-11-05T01:00:00Z", "đã đọc", "schedule", None, accepted=False, machine_category="schedule"
)


def kinds(confidence: float, runner_up: Category | None, item: CountedItem = ITEM) -> dict[Doubt, str]:
    decision = Decision(S, confidence, (), runner_up)
    evidence = Evidence(
        decision, decision, None, text_changed=False, last_seen=date(2019, 11, 18), page_days=frozenset()
    )
    return dict(doubts(replace(item, confidence=confidence), evidence))


@pytest.mark.parametrize(
    ("confidence", "runner_up", "doubt"),
    [
        (LOW - 0.01, R, {Doubt.UNSURE: "0.59, next reception"}),
        (LOW - 0.01, None, {Doubt.UNSURE: "0.59"}),
        (LOW, R, {Doubt.RIVAL: "0.60, next reception"}),
        (NEAR - 0.01, R, {Doubt.RIVAL: "0.79, next reception"}),
        (NEAR - 0.01, None, {}),
        (NEAR, R, {}),
    ],
)
def test_low_confidence_or_a_near_runner_up(confidence: float, runner_up: Category | None, doubt: object) -> None:
    assert kinds(confidence, runner_up) == doubt


def test_a_person_settles_it() -> None:
    assert kinds(0.3, R, replace(ITEM, correction=DECIDED)) == {}
    dated = replace(DECIDED, category=None, published="2019-11-03")
    assert list(kinds(0.3, R, replace(ITEM, correction=dated))) == [Doubt.UNSURE], "only the date was decided"


def test_a_runner_up_that_holds_already_is_no_rival() -> None:
    assert kinds(0.7, R, replace(ITEM, category=R)) == {}
