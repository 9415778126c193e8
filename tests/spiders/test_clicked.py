"""Portals without plain ways: rows opened by scripts, boxes that only a "more" leads beyond, a vague footer link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from auditor.observation import Observation
from auditor.outcomes import Outcome
from tests.spiders.lab import Answer, Portal, crawl, serving


@dataclass(frozen=True)
class Clicked(Portal):
    """Parts, rows and pages are opened by `onclick` or carry `data-href`; no anchor leads to them."""

    def answer(self, path: str) -> Answer:
        if path != "/tiep-cong-dan/":
            return super().answer(path)
        parts = "".join(
            f"<div class=c onclick=\"location.href='/{part}/'\">{label}</div>" for part, label in self.PARTS.items()
        )
        return Answer(self.page("Tiếp công dân", parts))

    def row(self, part: str, number: int) -> str:
        address, title = f"/{part}/bai-{number}.html", self.title(part, number)
        day = f"<span>{self.day(number):%d/%m/%Y}</span>"
        if part == "lich":
            return f"<div onclick=\"window.location.href='{address}'\"><b>{title}</b> {day}</div>"
        return f'<div><a href="javascript:void(0)" data-href="{address}">{title}</a> {day}</div>'

    def pager(self, part: str, page: int) -> str:
        return "".join(
            f'<span onclick="window.location=\'/{part}/page-{number}/\'" class="{"on" if number == page else ""}">'
            f"{number}</span>"
            for number in range(1, self.last() + 1)
        )


@dataclass(frozen=True)
class Boxes(Portal):
    """The section shows two posts of each part in a box; only "Xem tiếp" leads beyond. Every step claims rel=next."""

    def answer(self, path: str) -> Answer:
        if path != "/tiep-cong-dan/":
            return super().answer(path)
        boxes = "".join(
            f"<div class=box><div>{label}</div>{self.row(part, 0)}{self.row(part, 1)}"
            f'<div><a href="/{part}/">Xem tiếp &gt;&gt;</a></div></div>'
            for part, label in self.PARTS.items()
        )
        return Answer(self.page("Tiếp công dân", boxes))

    def pager(self, part: str, page: int) -> str:
        steps = [(str(number), number) for number in range(1, self.last() + 1) if number != page]
        steps += [("&gt;", page + 1)] if page < self.last() else []
        return f"<strong>{page}</strong>" + "".join(
            f'<a rel="next" href="/{part}/page-{number}/">{label}</a>' for label, number in steps
        )


@dataclass(frozen=True)
class FooterOnly(Boxes):
    """Only "Công dân với chính quyền" in the footer leads to the section; its heading tells what it is."""

    def page(self, title: str, content: str) -> str:
        page = super().page(title, content).replace('<li><a href="/tiep-cong-dan/">Tiếp công dân</a></li>', "")
        return page.replace("</footer>", '<a href="/tiep-cong-dan/">Công dân với chính quyền</a></footer>')


PORTALS = {"clicked": Clicked(), "boxes": Boxes(), "footer": FooterOnly()}
TITLES = {
    (portal.title(part, number), str(portal.day(number)))
    for portal in [Portal()]
    for part in portal.PARTS
    for number in range(portal.posts)
    if portal.day(number) >= date(2019, 9, 19)
}


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Observation]:
    with serving(PORTALS) as sites:
        return crawl(tmp_path_factory.mktemp("visits"), {name: site.url for name, site in sites.items()})


@pytest.mark.parametrize("name", PORTALS)
def test_all_posts_are_found_and_nothing_is_told_as_lost(visits: dict[str, Observation], name: str) -> None:
    seen = visits[name]
    assert seen.outcome is Outcome.COMPLETE
    assert {(item.title, (item.published or "")[:10]) for item in seen.items} >= TITLES
