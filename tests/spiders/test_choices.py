"""Parts of a section that are chosen on its page, on real servers: a box that posts back, link buttons, loaded tabs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from auditor.observation import Observation
from auditor.outcomes import Cause, Outcome
from tests.spiders.lab import FIRST_DAY, Answer, Portal, Site, crawl, serving

Visits = tuple[dict[str, Observation], dict[str, Site]]
STATE = "/wEP"


@dataclass(frozen=True)
class Chosen(Portal):
    """A portal whose parts share the section's address.

    Attributes:
        controls: how a part is chosen: "box", "plain-box" (a form that is got), "buttons", "tabs" (fragments loaded),
            "secret" (nothing tells how), "all" (the box shows all at first), "none" (nothing at
            first), "here" (all parts stand in the page).
        deaf: whatever is chosen, the first part is answered.
    """

    posts: int = 8
    controls: str = "box"
    deaf: bool = False

    def answer(self, path: str) -> Answer:
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/manh/":
            return Answer(self.list(query["muc"], 1))
        if parts.path.strip("/") == "tiep-cong-dan":
            first = self.controls if self.controls in {"all", "none"} else "lich"
            return Answer(self.section(query.get("muc", first), 1))
        return super().answer(path) if "bai-" in path or path in {"/", "/robots.txt"} else Answer("", 404)

    def posted(self, path: str, body: str, headers: Mapping[str, str]) -> Answer:  # noqa: ARG002
        fields = dict(parse_qsl(body, keep_blank_values=True))
        if fields["__EVENTTARGET"] == "ctl00$menu":
            return Answer("", 302, {"Location": "/tiep-cong-dan/"})
        part, page = fields["__VIEWSTATE"].removeprefix(STATE).split(".")
        if "X-MicrosoftAjax" in headers or "btnSearch" in fields:
            return Answer("Invalid postback or callback argument.", 500)
        target, argument = fields["__EVENTTARGET"], fields["__EVENTARGUMENT"]
        if target == "ctl00$grid":
            return Answer(self.section(part, int(argument.removeprefix("Page$"))))
        part = fields["ctl00$ddl"] if target == "ctl00$ddl" else target.removeprefix("ctl00$")
        return Answer(self.section("lich" if self.deaf else part, int(page) if self.deaf else 1))

    def section(self, part: str, page: int) -> str:
        shown = self.PARTS if self.controls in {"all", "here"} and part in {"all", "lich"} else [part]
        shown = [] if part == "none" else shown
        lists = "".join(f'<div id="{each}">{self.list(each, page)}</div>' for each in shown)
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{value}">'
            for name, value in {
                "__EVENTTARGET": "",
                "__EVENTARGUMENT": "",
                "__VIEWSTATE": f"{STATE}{part}.{page}",
            }.items()
        )
        action = "/tiep-cong-dan/"
        if self.controls == "plain-box":
            return self.page("Tiếp công dân", f'<form action="{action}">{self.control(part)}</form>{lists}')
        form = f'<form method="post" action="{action}">{hidden}<input type="submit" name="btnSearch" value="Tìm">'
        return self.page("Tiếp công dân", f"{form}{self.control(part)}{lists}</form>")

    def list(self, part: str, page: int) -> str:
        rows = "".join(self.row(part, number) for number in self.rows(page))
        grid = f"javascript:__doPostBack('ctl00$grid','Page${page + 1}')"
        more = (
            f'<span>{page}</span> <a href="{grid}">{page + 1}</a>'
            if page < self.last() and self.controls == "box"
            else ""
        )
        return f"<ul>{rows}</ul><div>{more}</div>"

    def control(self, part: str) -> str:
        names = self.PARTS.items()
        if self.controls in {"buttons", "tabs", "here"}:
            return "".join(self.button(each, name) for each, name in names)
        handler = {
            "box": r"javascript:setTimeout('__doPostBack(\'ctl00$ddl\',\'\')', 0)",
            "all": r"__doPostBack('ctl00$ddl','')",
            "none": r"javascript:setTimeout('__doPostBack(\'ctl00$ddl\',\'\')', 0)",
            "secret": "secret(this)",
            "plain-box": "this.form.submit()",
        }[self.controls]
        every = '<option value="all">-- Tất cả chuyên mục --</option>' if self.controls == "all" else ""
        every = '<option value="">-- Chọn chuyên mục --</option>' if self.controls == "none" else every
        options = "".join(
            f'<option value="{each}"{" selected" if each == part else ""}>{name}</option>' for each, name in names
        )
        name = "muc" if self.controls == "plain-box" else "ctl00$ddl"
        return f'Chuyên mục: <select name="{name}" onchange="{handler}">{every}{options}</select>'

    def button(self, part: str, name: str) -> str:
        if self.controls == "here":
            return f'<a href="#{part}" onclick="return false">{name}</a>'
        if self.controls == "buttons":
            return f"<a href=\"javascript:__doPostBack('ctl00${part}','')\">{name}</a>"
        load = f"$.get('/manh/', {{muc: '{part}'}}, function(h){{ $('#lich').html(h); }}); return false;"
        return f'<a href="#" onclick="{load}">{name}</a>'


@dataclass(frozen=True)
class Menu(Chosen):
    """The same, and the menu that leads to the section is made of buttons."""

    def answer(self, path: str) -> Answer:
        answer = super().answer(path)
        assert isinstance(answer.body, str)
        if path != "/":
            return replace(answer, body=answer.body.replace('<li><a href="/tiep-cong-dan/">Tiếp công dân</a></li>', ""))
        button = "<a href=\"javascript:__doPostBack('ctl00$menu','tcd')\">Tiếp công dân</a>"
        body = answer.body.replace('<a href="/tiep-cong-dan/">Tiếp công dân</a>', button)
        form = '<form method="post" action="/"><input type="hidden" name="__VIEWSTATE" value="/wEP.0">'
        return replace(answer, body=body.replace("<body>", f"<body>{form}").replace("</body>", "</form></body>"))


PORTALS: dict[str, Portal] = {
    "menu": Menu(posts=4, controls="buttons"),
    "box": Chosen(posts=14, step=4),
    "plain-box": Chosen(posts=4, controls="plain-box"),
    "buttons": Chosen(posts=4, controls="buttons"),
    "tabs": Chosen(posts=4, controls="tabs"),
    "all": Chosen(posts=4, controls="all"),
    "none": Chosen(posts=4, controls="none"),
    "here": Chosen(posts=4, controls="here"),
    "secret": Chosen(posts=4, controls="secret"),
    "deaf": Chosen(posts=4, deaf=True),
}


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Visits:
    with serving(PORTALS) as sites:
        return crawl(tmp_path_factory.mktemp("visits"), {name: site.url for name, site in sites.items()}), sites


@pytest.mark.parametrize("name", ["box", "menu", "plain-box", "buttons", "tabs", "all", "none", "here"])
def test_every_post_of_every_part_is_seen(name: str, visits: Visits) -> None:
    seen, portal = visits[0][name], PORTALS[name]
    assert seen.outcome is Outcome.COMPLETE, seen.detail
    wanted = {
        (portal.title(part, number), str(portal.day(number)))
        for part in portal.PARTS
        for number in range(portal.posts)
        if portal.day(number) >= FIRST_DAY
    }
    assert wanted <= {(item.title, (item.published or "")[:10]) for item in seen.items}


@pytest.mark.parametrize("name", ["box", "plain-box", "buttons", "tabs", "none"])
def test_each_part_is_placed_under_its_name(name: str, visits: Visits) -> None:
    seen, portal = visits[0][name], PORTALS[name]
    placed = {(place.label, item.title) for item in seen.items for place in item.placements}
    assert {(portal.PARTS[part], portal.title(part, 0)) for part in portal.PARTS} <= placed


@pytest.mark.parametrize("name", ["secret", "deaf"])
def test_a_part_that_cannot_be_chosen_is_told(name: str, visits: Visits) -> None:
    seen = visits[0][name]
    assert (seen.outcome, seen.cause) == (Outcome.PARTIAL, Cause.LISTING_LOST)
    assert not all(each.complete for each in seen.listings if each.label == "Giải quyết đơn thư")


@pytest.mark.parametrize("name", ["all", "here"])
def test_nothing_is_asked_for_that_the_page_shows(name: str, visits: Visits) -> None:
    assert [path for path in visits[1][name].hits if path.startswith("POST")] == []
