"""Dates on real servers: month first, last changes only, clocks, and documents with a date of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pytest

from auditor.observation import Observation
from auditor.outcomes import Outcome
from tests.spiders.lab import FIRST_DAY, Portal, Site, crawl, serving


def american(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year} 2:42:00 PM"


@dataclass(frozen=True)
class American(Portal):
    """An ASP.NET portal whose server speaks en-US; on the home page and on each post stands its clock."""

    dated: bool = False
    listed: bool = True

    def row(self, part: str, number: int) -> str:
        plain = super().row(part, number)
        return plain.replace("</h4>", f"</h4><span>{american(self.day(number))}</span>") if self.listed else plain

    def _post(self, part: str, number: int) -> str:
        body = "Căn cứ Luật Tiếp công dân, đơn vị thông báo để công dân được biết và liên hệ. " * 5
        stamp = "" if self.listed else f"<span>{american(self.day(number))}</span>"
        return self.page(self.title(part, number), f"{stamp}<div>{body}</div>")


@dataclass(frozen=True)
class Changed(Portal):
    """A portal whose lists show the last change alone; posts tell when they were published, and of their document."""

    dated: bool = False

    def _listing(self, part: str, page: int) -> str:
        rows = "".join(
            f'<tr><td><a href="/{part}/bai-{n}.html">{self.title(part, n)}</a></td><td>Quản trị</td>'
            f"<td>{self.day(n):%d/%m/%Y} 09:00</td></tr>"
            for n in self.rows(page)
        )
        head = "<tr><th>Tiêu đề</th><th>Người tạo</th><th>Sửa đổi lần cuối</th></tr>"
        return self.page(self.PARTS[part], f"<table>{head}{rows}</table><div>{self.pager(part, page)}</div>")

    def _post(self, part: str, number: int) -> str:
        body = "Căn cứ Luật Tiếp công dân, đơn vị thông báo để công dân được biết và liên hệ. " * 5
        told = (
            f"<p>Đắk Nông, ngày 05 tháng 3 năm 2018</p><div>{body}</div><p>Ngày đăng: {self.day(number):%d/%m/%Y}</p>"
        )
        return self.page(self.title(part, number), told)


@dataclass(frozen=True)
class Several(Portal):
    """A portal one part of which is a single page that holds several notices, each with its own day."""

    def _listing(self, part: str, page: int) -> str:
        if part != "don-thu":
            return super()._listing(part, page)
        notices = "".join(
            f"<p><b>{self.title(part, n)}</b> <i>(Ngày đăng: {self.day(n):%d/%m/%Y})</i></p>"
            "<p>Đơn vị thông báo kết quả giải quyết đơn theo quy định để công dân được biết và đến nhận kết quả.</p>"
            for n in range(4)
        )
        return self.page(self.PARTS[part], notices)


PORTALS: Mapping[str, Portal] = {
    "american": American(),
    "in-doubt": American(listed=False, posts=3, newest=date(2019, 11, 9), step=31),
    "changed": Changed(),
    "several": Several(),
}


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, Observation], dict[str, Site]]]:
    with serving(PORTALS) as sites:
        yield crawl(tmp_path_factory.mktemp("dates"), {name: site.url for name, site in sites.items()}), sites


def test_month_first_where_the_listing_proves_it(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    portal, seen = PORTALS["american"], visits[0]["american"]
    recent = {item.title: item.published and item.published[:10] for item in seen.items}
    wanted = {
        portal.title(part, n): portal.day(n).isoformat()
        for part in portal.PARTS
        for n in range(portal.posts)
        if portal.day(n) >= FIRST_DAY
    }
    assert recent.items() >= wanted.items()


def test_what_nothing_proves_is_no_date(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    assert {item.published for item in visits[0]["in-doubt"].items} == {None}


def test_lists_of_last_changes_are_walked_by_them_and_old_posts_stay_unopened(
    visits: tuple[dict[str, Observation], dict[str, Site]],
) -> None:
    portal, seen, site = PORTALS["changed"], visits[0]["changed"], visits[1]["changed"]
    assert seen.outcome is Outcome.COMPLETE
    for part in portal.PARTS:
        for number in range(portal.posts):
            opened = site.hits[f"/{part}/bai-{number}.html"]
            assert opened == (portal.day(number) >= FIRST_DAY)
    recent = [item for item in seen.items if item.published]
    assert recent
    assert {item.document_date for item in recent} == {"2018-03-05"}
    assert all(item.published and item.published >= FIRST_DAY.isoformat() for item in recent)
    assert all(item.modified and item.modified < FIRST_DAY.isoformat() for item in seen.items if not item.published)


def test_a_page_of_several_notices_is_told_as_unread_never_as_one_notice(
    visits: tuple[dict[str, Observation], dict[str, Site]],
) -> None:
    seen = visits[0]["several"]
    assert seen.outcome is Outcome.PARTIAL
    assert "/don-thu/" in seen.detail
    assert not any("/don-thu/" in item.url for item in seen.items)
