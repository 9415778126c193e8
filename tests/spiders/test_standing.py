"""What stands for good is looked for a little below the first day asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from auditor.categories import Category
from auditor.observation import Observation
from auditor.outcomes import Outcome
from auditor.reading.dates import Stamp, StampKind
from auditor.reading.rows import Row
from spiders.standing import MOST_PAGES, is_missing, schedule_of
from tests.spiders.lab import ROWS, Answer, Portal, Site, crawl, serving

FIRST_DAY = date(2019, 7, 19)
EVERY_MONTH = "Thông báo số 12/TB-SNV về lịch tiếp công dân hằng tháng của Giám đốc Sở"


def row(title: str, posted: date | None = None) -> Row:
    stamp = Stamp(posted, None, None, str(posted), StampKind.PLAIN, 0, 10) if posted else None
    return Row(f"http://a.gov.vn/{title}", title, stamp)


@pytest.mark.parametrize(
    ("category", "rows", "missing"),
    [
        (Category.RULES, [row("Nội quy tiếp công dân", date(2018, 3, 1))], False),
        (Category.RULES, [row("Tập huấn nghiệp vụ tiếp công dân", date(2019, 11, 1))], True),
        (Category.RULES, [], True),
        (Category.SCHEDULE, [row("Lịch tiếp công dân năm 2019", date(2019, 1, 3))], False),
        (Category.SCHEDULE, [row("Lịch tiếp công dân tháng 11/2019", date(2019, 10, 28))], False),
        (Category.SCHEDULE, [row("Lịch tiếp công dân", date(2019, 10, 28))], False),
        (Category.SCHEDULE, [row("Lịch tiếp công dân tháng 6/2019", date(2019, 5, 28))], True),
        (Category.SCHEDULE, [row("Lịch tiếp công dân", date(2018, 10, 28))], True),
        (Category.REPORTS, [], False),
        (None, [], False),
    ],
)
def test_only_rules_and_schedules_are_looked_for_further(
    category: Category | None, rows: list[Row], *, missing: bool
) -> None:
    assert is_missing(category, "Tiếp công dân", rows, FIRST_DAY) is missing


def test_the_schedule_that_covers_the_day_is_the_one_to_open() -> None:
    rows = [
        row("Lịch tiếp công dân tháng 12/2019", date(2019, 11, 28)),
        row("Kết quả tiếp công dân tháng 11/2019", date(2019, 11, 28)),
        row("Lịch tiếp công dân tháng 11/2019", date(2019, 10, 28)),
    ]
    assert schedule_of(date(2019, 11, 20), "Lịch tiếp công dân", rows) is rows[2]
    assert schedule_of(date(2019, 8, 20), "Lịch tiếp công dân", rows) is None


@dataclass(frozen=True)
class OldSchedules(Portal):
    """Its schedules are all of June, but one of the year, far below."""

    posts: int = 60
    year: int = 16

    def title(self, part: str, number: int) -> str:
        if part != "lich":
            return super().title(part, number)
        return (
            "Lịch tiếp công dân năm 2019" if number == self.year else f"Lịch tiếp công dân tháng 6/2019 (số {number})"
        )


@dataclass(frozen=True)
class EveryMonth(Portal):
    """One of its schedules stands for every month."""

    def title(self, part: str, number: int) -> str:
        return EVERY_MONTH if (part, number) == ("lich", 3) else super().title(part, number)


PORTALS = {
    "found": OldSchedules(year=3 * ROWS),
    "never": OldSchedules(year=1000),
    "opened": EveryMonth(),
    "lost": EveryMonth(play=lambda path, _nth: Answer("", status=500) if path == "/lich/bai-3.html" else None),
}


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Observation], dict[str, Site]]:
    with serving(PORTALS) as sites:
        return crawl(tmp_path_factory.mktemp("visits"), {name: site.url for name, site in sites.items()}), sites


def pages(site: Site, part: str) -> int:
    return max(number for number in range(1, 30) if number == 1 or site.hits[f"/{part}/page-{number}/"])


def test_the_schedule_of_the_year_is_found_below(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    seen, sites = visits
    below = pages(sites["found"], "don-thu")
    assert below < pages(sites["found"], "lich") <= below + MOST_PAGES
    assert "Lịch tiếp công dân năm 2019" in [item.title for item in seen["found"].items]


def test_what_is_not_found_is_not_looked_for_without_end(
    visits: tuple[dict[str, Observation], dict[str, Site]],
) -> None:
    seen, sites = visits
    assert pages(sites["never"], "lich") == pages(sites["never"], "don-thu") + MOST_PAGES
    assert seen["never"].outcome is Outcome.COMPLETE
    assert [each.whole for each in seen["never"].listings if each.category is Category.SCHEDULE] == [False]


@pytest.mark.parametrize(("name", "opened"), [("opened", True), ("lost", False)])
def test_the_schedule_in_force_is_opened_and_may_be_lost(
    visits: tuple[dict[str, Observation], dict[str, Site]], name: str, *, opened: bool
) -> None:
    seen, sites = visits
    [schedule] = [item for item in seen[name].items if item.title == EVERY_MONTH]
    assert schedule.opened is opened
    assert seen[name].outcome is Outcome.COMPLETE
    assert [path for path in sites[name].hits if "/bai-" in path] == ["/lich/bai-3.html"]
