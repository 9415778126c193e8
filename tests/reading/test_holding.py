"""What a listing holds, where its titles say otherwise than its name."""

from __future__ import annotations

from auditor.categories import Category
from auditor.classify import Decision
from auditor.reading.holding import category_held

REPORTS = [f"Báo cáo kết quả tiếp công dân tháng {month}/2019" for month in range(1, 7)]


def test_a_listing_is_what_nearly_all_its_titles_are() -> None:
    held = category_held(REPORTS, Category.SCHEDULE)
    assert held is not None
    assert held[0] is Category.REPORTS
    assert "6 of 6" in held[1]


def test_a_name_that_is_right_stands() -> None:
    assert category_held(REPORTS, Category.REPORTS) is None


def test_few_titles_overrule_no_name() -> None:
    assert category_held(REPORTS[:3], Category.SCHEDULE) is None


def test_the_judge_in_use_is_asked() -> None:
    def as_taught(title: str) -> Decision:
        return Decision(Category.SCHEDULE, 0.9, (f"title: {title}",))

    assert category_held(REPORTS, Category.SCHEDULE, as_taught) is None
