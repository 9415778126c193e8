"""Pagers that post their page back, on real servers that check what is posted: ASP.NET's view state, plain forms.

The server refuses a view state that it did not just issue, and counts what would have changed something.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import pytest

from auditor.observation import Observation
from auditor.outcomes import Cause, Outcome
from tests.spiders.lab import FIRST_DAY, Answer, Portal, Site, crawl, serving

BLOCK = 3
"""Numbers a pager shows before "..."."""


@dataclass(frozen=True)
class WebForms(Portal):
    """Listings inside one form, as ASP.NET makes them, with a login box, a search box and a poll beside them."""

    posts: int = 40
    step: int = 2
    changes: list[str] = field(default_factory=list)

    def pager(self, part: str, page: int) -> str:
        return self.numbers(part, page)

    def numbers(self, part: str, page: int) -> str:
        """A GridView's pager row: a block of numbers, and "..." on either side."""
        first = (page - 1) // BLOCK * BLOCK + 1
        shown = range(first, min(first + BLOCK, self.last() + 1))
        before = [(first - 1, "...")] if first > 1 else []
        after = [(first + BLOCK, "...")] if first + BLOCK <= self.last() else []
        return (
            "<table><tr>"
            + "".join(
                f"<td><span>{label}</span></td>"
                if number == page
                else f"<td><a href=\"javascript:__doPostBack('grid${part}','Page${number}')\">{label}</a></td>"
                for number, label in [*before, *((number, str(number)) for number in shown), *after]
            )
            + "</tr></table>"
        )

    def answer(self, path: str) -> Answer:
        part = path.strip("/")
        return Answer(self.form(part, 1)) if part in self.PARTS else super().answer(path)

    def form(self, part: str, page: int) -> str:
        """A listing page within its form."""
        rows = "".join(self.row(part, number) for number in self.rows(page))
        return self.page(
            self.PARTS[part],
            f'<form method="post" action="./" id="aspnetForm"><div class="aspNetHidden">'
            f'<input type="hidden" name="__EVENTTARGET" value=""><input type="hidden" name="__EVENTARGUMENT" value="">'
            f'<input type="hidden" name="__VIEWSTATE" value="{self.state(part, page)}">'
            f'<input type="hidden" name="__EVENTVALIDATION" value="v+/={page}"></div>'
            '<script src="/WebResource.axd"></script><script>Sys.WebForms.PageRequestManager._initialize()</script>'
            '<input name="txtUser"><input type="password" name="txtPass">'
            '<input type="submit" name="btnLogin" value="Đăng nhập">'
            '<input name="txtSearch" value="Từ khóa">'
            '<div id="poll"><input type="submit" name="btnVote" value="1">'
            '<input type="submit" name="btnVote" value="2"></div>'
            f'<div id="UpdatePanel1"><ul>{rows}</ul>{self.pager(part, page)}</div></form>',
        )

    def state(self, part: str, page: int) -> str:
        """The view state of a page, which nobody can make up."""
        return f"/wEP+{part}.{page}." + hashlib.sha256(f"secret{part}{page}".encode()).hexdigest() + "=="

    def posted(self, path: str, body: str, headers: Mapping[str, str]) -> Answer:
        fields = dict(parse_qsl(body, keep_blank_values=True))
        part, page = path.strip("/"), int(fields.get("__VIEWSTATE", "..0.").split(".")[1])
        if part not in self.PARTS or fields.get("__VIEWSTATE") != self.state(part, page):
            return Answer("Validation of viewstate MAC failed.", 500)
        if fields.get("__EVENTVALIDATION") != f"v+/={page}" or "X-MicrosoftAjax" in headers:
            return Answer("Invalid postback or callback argument.", 500)
        if {"btnLogin", "btnVote", "txtPass"} & fields.keys() or fields.get("txtSearch") != "Từ khóa":
            self.changes.append(body)
        wanted = self.wanted(fields, page)
        return Answer(self.form(part, wanted)) if 1 <= wanted <= self.last() else Answer("Out of range", 500)

    def wanted(self, fields: Mapping[str, str], page: int) -> int:  # noqa: ARG002 - others go on from it
        """The page that is asked for."""
        return int(fields["__EVENTARGUMENT"].removeprefix("Page$"))


class LinkButtons(WebForms):
    """A repeater of link buttons, all of them linked: the current one is told by its class alone."""

    def pager(self, part: str, page: int) -> str:
        return (
            "<div>"
            + "".join(
                f'<a id="rpt_lnk{number}" class="{"current" if number == page else "num"}" '
                f'href=\'javascript:__doPostBack("rpt$ctl{number:02}$lnkPage","")\'>{number}</a>'
                for number in range(1, self.last() + 1)
            )
            + f"</div><p>{part}</p>"
        )

    def wanted(self, fields: Mapping[str, str], page: int) -> int:  # noqa: ARG002
        return int(fields["__EVENTTARGET"][7:9])


class Unmarked(LinkButtons):
    """The same, but nothing tells which is the current one."""

    def pager(self, part: str, page: int) -> str:
        return super().pager(part, page).replace('class="current"', 'class="num"')


class ImageButtons(WebForms):
    """An image button for the next page, and words that number the pages."""

    def pager(self, part: str, page: int) -> str:
        nothing = "disabled" if page == self.last() else ""
        button = f'<input type="image" name="btnNext" src="/next.gif" alt="Trang sau" {nothing}>'
        return f"<p>{part}: Trang {page}/{self.last()} {button}</p>"

    def wanted(self, fields: Mapping[str, str], page: int) -> int:
        return page + 1 if {"btnNext.x", "btnNext.y"} <= fields.keys() else 0


class Deaf(WebForms):
    """Whatever is posted, the first page is answered."""

    def wanted(self, fields: Mapping[str, str], page: int) -> int:  # noqa: ARG002
        return 1


@dataclass(frozen=True)
class PlainForm(Portal):
    """A form of hidden fields whose buttons page, beside a poll and a contact form."""

    posts: int = 20
    step: int = 4

    def pager(self, part: str, page: int) -> str:
        buttons = "".join(
            f'<button name="trang" value="{number}" {"disabled" if number == page else ""}>{number}</button>'
            for number in range(1, self.last() + 1)
        )
        return (
            f'<form method="post" action="/{part}/"><input type="hidden" name="token" value="t{part}">{buttons}</form>'
            '<form method="post" action="/binh-chon/"><p>Ý kiến?</p><input type="submit" name="diem" value="1">'
            '<input type="submit" name="diem" value="2"><input type="submit" name="diem" value="3"></form>'
            '<form method="post" action="/lien-he/"><textarea name="noi-dung"></textarea><button>Tiếp</button></form>'
        )

    def posted(self, path: str, body: str, headers: Mapping[str, str]) -> Answer:  # noqa: ARG002
        fields, part = dict(parse_qsl(body)), path.strip("/")
        if fields.get("token") != f"t{part}":
            return Answer("Forbidden", 403)
        return Answer(super().answer(f"/{part}/page-{fields['trang']}/").body)


class PollOnly(Portal):
    """One page of posts, and below it a poll whose buttons look like a pager's."""

    def pager(self, part: str, page: int) -> str:
        return (
            f'<form method="post" action="/{part}/binh-chon/"><input type="submit" value="{page}" disabled>'
            '<input type="submit" name="diem" value="2"><input type="submit" name="diem" value="3"></form>'
        )


PORTALS: dict[str, Portal] = {
    "grid": WebForms(),
    "grid-read-to-its-end": WebForms(posts=30, step=1),
    "link-buttons": LinkButtons(posts=20, step=4),
    "unmarked": Unmarked(posts=20, step=4),
    "image-buttons": ImageButtons(posts=20, step=4),
    "plain-form": PlainForm(),
    "deaf": Deaf(),
    "poll-only": PollOnly(posts=4),
}


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Observation], dict[str, Site]]:
    with serving(PORTALS) as sites:
        return crawl(tmp_path_factory.mktemp("visits"), {name: site.url for name, site in sites.items()}), sites


WELL = ["grid", "grid-read-to-its-end", "link-buttons", "unmarked", "image-buttons", "plain-form"]


@pytest.mark.parametrize("name", WELL)
def test_every_post_of_the_period_is_seen(name: str, visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    seen, portal = visits[0][name], PORTALS[name]
    assert seen.outcome is Outcome.COMPLETE, seen.detail
    wanted = {
        (portal.title(part, number), str(portal.day(number)))
        for part in Portal.PARTS
        for number in range(portal.posts)
        if portal.day(number) >= FIRST_DAY
    }
    assert wanted <= {(item.title, item.published) for item in seen.items}


def test_walk_ends_below_the_first_day(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    """The newest 34 of 40 posts are in the period: nine pages, and one more that lies below it."""
    listings = {each.label: each for each in visits[0]["grid"].listings if each.rows}
    assert [listings[label].pages for label in Portal.PARTS.values()] == [10, 10]


def test_an_end_is_found(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    listings = {each.label: each for each in visits[0]["grid-read-to-its-end"].listings if each.rows}
    assert [listings[label].rows for label in Portal.PARTS.values()] == [30, 30]
    assert visits[1]["grid-read-to-its-end"].hits["POST /lich/"] == 7


def test_nothing_is_changed_on_the_portal(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    for portal in PORTALS.values():
        assert not isinstance(portal, WebForms) or portal.changes == []
    hits = [path for site in visits[1].values() for path in site.hits if path.startswith("POST ")]
    assert {path.removeprefix("POST ") for path in hits} <= {f"/{part}/" for part in Portal.PARTS}
    assert not [path for path in visits[1]["poll-only"].hits if path.startswith("POST ")]


def test_an_answer_that_stays_the_same_is_told(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    seen = visits[0]["deaf"]
    assert (seen.outcome, seen.cause) == (Outcome.PARTIAL, Cause.LISTING_LOST)
    assert visits[1]["deaf"].hits["POST /lich/"] == 1


def test_a_view_state_made_up_is_refused(visits: tuple[dict[str, Observation], dict[str, Site]]) -> None:
    assert visits[0]["grid"].outcome is Outcome.COMPLETE
    assert WebForms().posted("/lich/", "__VIEWSTATE=/wEP+lich.1.made-up", {}).status == 500
