"""Lists of last changes that tell little or nothing: a bound of the publication, never the publication itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pytest

from auditor.observation import Observation, SeenItem
from auditor.outcomes import Outcome
from tests.spiders.lab import FIRST_DAY, Portal, Site, crawl, serving

EDITED = 9
"""A post of the third page, older than the first day asked for."""


@dataclass(frozen=True)
class Changed(Portal):
    """Lists with a column "Sửa lần cuối".

    Attributes:
        own: whether the posts' pages say when they were published.
        edited: whether post `EDITED` was changed only now.
        empty: what the system prints where nothing was ever changed; None where everything was.
    """

    own: bool = True
    edited: bool = False
    empty: date | None = None

    def changed(self, number: int) -> date:
        """When the listing says a post was last changed."""
        return self.empty or (self.newest if self.edited and number == EDITED else self.day(number))

    def _listing(self, part: str, page: int) -> str:
        rows = "".join(
            f'<tr><td><a href="/{part}/bai-{n}.html">{self.title(part, n)}</a></td>'
            f"<td>{self.changed(n):%d/%m/%Y}</td></tr>"
            for n in self.rows(page)
        )
        table = f"<table><tr><th>Tiêu đề</th><th>Sửa lần cuối</th></tr>{rows}</table>"
        return self.page(self.PARTS[part], f"{table}<div>{self.pager(part, page)}</div>")

    def _post(self, part: str, number: int) -> str:
        day = f"<p>Ngày đăng: {self.day(number):%d/%m/%Y}</p>" if self.own else ""
        body = "Căn cứ Luật Tiếp công dân, đơn vị thông báo để công dân được biết và liên hệ. " * 5
        return self.page(self.title(part, number), f"{day}<div>{body}</div>")


Visits = tuple[dict[str, Observation], dict[str, Site]]
PORTALS: Mapping[str, Changed] = {
    "undated": Changed(own=False),
    "edited": Changed(edited=True),
    "epoch": Changed(empty=date(1970, 1, 1)),
    "future": Changed(empty=date(2049, 12, 31)),
}


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    with serving(PORTALS) as sites:
        yield crawl(tmp_path_factory.mktemp("changed"), {name: site.url for name, site in sites.items()}), sites


def items(visit: Observation) -> dict[int, SeenItem]:
    """The posts of the part `lich`, by number."""
    return {
        int(item.url.rpartition("-")[2].removesuffix(".html")): item for item in visit.items if "/lich/" in item.url
    }


def test_posts_without_any_date_are_bounded_by_their_last_change(visits: Visits) -> None:
    portal, visit, site = PORTALS["undated"], visits[0]["undated"], visits[1]["undated"]
    assert visit.outcome is Outcome.COMPLETE
    shown = items(visit)
    assert shown.keys() >= {n for n in range(portal.posts) if portal.day(n) >= FIRST_DAY}
    for number, item in shown.items():
        recent = portal.day(number) >= FIRST_DAY
        assert (item.opened, item.published, item.modified) == (recent, None, portal.day(number).isoformat())
    assert not site.hits[f"/lich/page-{portal.last()}/"]


def test_an_old_post_changed_lately_is_opened_and_keeps_its_own_day(visits: Visits) -> None:
    portal, item = PORTALS["edited"], items(visits[0]["edited"])[EDITED]
    assert portal.day(EDITED) < FIRST_DAY
    assert item.opened
    assert (item.published, item.modified) == (portal.day(EDITED).isoformat(), portal.newest.isoformat())


@pytest.mark.parametrize("name", ["epoch", "future"])
def test_an_impossible_moment_is_no_last_change(name: str, visits: Visits) -> None:
    portal, visit = PORTALS[name], visits[0][name]
    assert visit.outcome is Outcome.COMPLETE
    shown = items(visit)
    for number in (n for n in range(portal.posts) if portal.day(n) >= FIRST_DAY):
        item = shown[number]
        assert (item.opened, item.published, item.modified) == (True, portal.day(number).isoformat(), None)
