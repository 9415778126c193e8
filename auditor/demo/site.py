"""A portal as its web server answers: every address of it, and the page behind each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property, partial
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from auditor.demo import writing
from auditor.demo.content import TIMEZONE, Portal, Post, Section, data

HTML = "text/html"
_WEEKDAYS = ("hai", "ba", "tư", "năm", "sáu", "bảy")
_BLOCK = 4
_RELATED = 5
_PAGER_REACH = 2

Query = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What the server sends back. `location` goes with a redirect."""

    body: bytes
    content_type: str
    status: int = 200
    location: str | None = None


@dataclass(frozen=True)
class Family:
    """How one CMS family spells addresses; the fields are explained in families.yaml."""

    name: str
    section: str
    page: str
    post: str
    file: str
    rows: int
    links: str
    missing: str
    content_type: str
    server: str
    placed: bool = False

    @classmethod
    @cache
    def named(cls, name: str) -> Family:
        """The family of that name in families.yaml."""
        return cls(name, **data("families.yaml")[name])


@dataclass(frozen=True)
class Pager:
    """The pages of a listing: where we are, and the numbers to print (None where the CMS prints "…")."""

    current: int
    last: int

    @property
    def numbers(self) -> list[int | None]:
        """1, the last, and those around the current one."""
        shown = [
            number
            for number in range(1, self.last + 1)
            if number in (1, self.last) or abs(number - self.current) <= _PAGER_REACH
        ]
        numbers: list[int | None] = []
        for before, number in zip([0, *shown], shown, strict=False):
            numbers += [number] if number == before + 1 else [None, number]
        return numbers


class Site:
    """The pages of one portal at one origin, `http://127.0.0.1:22019`; each is rendered once, when first asked for."""

    def __init__(self, portal: Portal, origin: str) -> None:
        self.portal = portal
        self.origin = origin
        self.family = Family.named(portal.family)
        self._routes: dict[str, list[tuple[Query, Callable[[], Answer]]]] = defaultdict(list)
        self._rendered: dict[Callable[[], Answer], Answer] = {}
        self._add_routes()

    def answer(self, target: str) -> Answer:
        """The answer to a request for `target` (path and query); parameters the page does not know are ignored."""
        path, query = _address(target)
        known = [(wanted, render) for wanted, render in self._routes.get(path, ()) if wanted <= query]
        if not known:
            return self._missing
        render = max(known, key=lambda route: len(route[0]))[1]
        if render not in self._rendered:
            self._rendered[render] = render()
        return self._rendered[render]

    def section_path(self, section: Section, page: int = 1) -> str:
        """The address of a listing's page, from the root of the site."""
        pattern = self.family.section if page == 1 else self.family.page
        return pattern.format(slug=section.slug, number=section.number, page=page)

    def post_path(self, post: Post, listed_in: Section | None = None) -> str:
        """The address of a post, as the listing `listed_in` links to it."""
        section = listed_in if listed_in and self.family.placed else self._homes[post.number]
        if section.kind == "standing":
            return self.section_path(section)
        return self.family.post.format(slug=section.slug, number=section.number, name=post.slug, id=post.number)

    def file_path(self, post: Post, order: int) -> str:
        """The address of a post's attachment."""
        home = self._homes[post.number]
        return self.family.file.format(
            slug=home.slug,
            number=home.number,
            name=post.slug[:40].rstrip("-"),
            id=post.number,
            at=post.published,
            order=order,
            kind=post.files[order],
        )

    def href(self, path: str) -> str:
        """`path` as this family prints links."""
        if self.family.links == "relative":
            return path.removeprefix("/") or "./"
        return self.origin + path if self.family.links == "absolute" else path

    @cached_property
    def _homes(self) -> dict[int, Section]:
        """The section a post belongs to: of those that list it, the first one that is not a parent's overview."""
        homes: dict[int, Section] = {}
        for section in self.portal.sections():
            if not section.children:
                for post in section.posts:
                    homes.setdefault(post.number, section)
        return homes

    def _add_routes(self) -> None:
        self._route("/", partial(self._page, "front", "Trang chủ"))
        self._route("/robots.txt", partial(Answer, b"User-agent: *\nAllow: /\nDisallow: /admin/\n", "text/plain"))
        for parents, section in _lineage((*self.portal.menu, *self.portal.aside)):
            self._add_section(section, (*parents, section))

    def _add_section(self, section: Section, trail: tuple[Section, ...]) -> None:
        pager = partial(Pager, last=max(1, -(-len(section.posts) // self.family.rows)))
        for number in range(1, pager(1).last + 1):
            render = partial(self._section, section, trail, pager(number))
            self._route(self.section_path(section, number), render)
        if section.kind == "standing":
            return
        for post in section.posts:
            if self.family.placed or self._homes[post.number] is section:
                self._route(self.post_path(post, section), partial(self._post, post, trail))
            if self._homes[post.number] is section:
                for order, kind in enumerate(post.files):
                    self._route(self.file_path(post, order), partial(_attachment, kind, post))

    def _route(self, address: str, render: Callable[[], Answer]) -> None:
        path, query = _address(address)
        # Liferay's parameter repeats what the path says; the post answers without it.
        self._routes[path].append((frozenset(pair for pair in query if pair[0] != "_101_idStr"), render))

    def _section(self, section: Section, trail: tuple[Section, ...], pager: Pager) -> Answer:
        if section.kind == "standing":
            return self._standing(section, trail)
        rows = section.posts[self.family.rows * (pager.current - 1) :][: self.family.rows]
        return self._page(section.kind, section.name, section=section, trail=trail, rows=rows, pager=pager)

    def _standing(self, section: Section, trail: tuple[Section, ...]) -> Answer:
        if section.posts:
            return self._post(section.posts[0], trail)
        return self._page("standing", section.name, section=section, trail=trail)

    def _post(self, post: Post, trail: tuple[Section, ...]) -> Answer:
        section = trail[-1]
        related = [other for other in section.posts if other is not post][:_RELATED]
        return self._page("post", post.title, section=section, trail=trail, post=post, related=related)

    @cached_property
    def _missing(self) -> Answer:
        if self.family.missing == "home":
            return Answer(b"", HTML, 301, f"{self.origin}/")
        page = self._page("missing", "Không tìm thấy trang")
        return Answer(page.body, page.content_type, 404)

    def _page(self, kind: str, title: str, **facts: Any) -> Answer:  # noqa: ANN401 - what the template of the kind reads
        template = _environment().get_template(f"{self.family.name}.html")
        context = {"section": None, "trail": (), "rows": (), "pager": Pager(1, 1), "post": None, "related": ()}
        html = template.render(
            **{**context, **facts},
            kind=kind,
            title=title,
            portal=self.portal,
            site=self,
            now=datetime.now(TIMEZONE),
            stock=data("ordinary.yaml"),
            latest=self._latest,
            block=_BLOCK,
        )
        return Answer(html.encode(), self.family.content_type)

    @cached_property
    def _latest(self) -> list[tuple[Section, Post]]:
        """The newest ordinary posts, each with its section, for the front page and the side bars."""
        inside = {section.number for section in self.portal.reception.walk()}
        ordinary = [section for section in self.portal.sections() if section.number not in inside]
        placed = [(section, post) for section in ordinary for post in section.posts]
        return sorted(placed, key=lambda entry: entry[1].published, reverse=True)[: _BLOCK + _RELATED]


def _attachment(kind: str, post: Post) -> Answer:
    body, content_type = writing.file(kind, post)
    return Answer(body, content_type)


def _address(target: str) -> tuple[str, Query]:
    parts = urlsplit(target)
    path = unquote(parts.path) or "/"
    return path, frozenset(parse_qsl(parts.query, keep_blank_values=True))


def _lineage(
    sections: tuple[Section, ...], parents: tuple[Section, ...] = ()
) -> list[tuple[tuple[Section, ...], Section]]:
    """Every section with its ancestors, outermost first."""
    found = []
    for section in sections:
        found.append((parents, section))
        found += _lineage(section.children, (*parents, section))
    return found


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("auditor.demo"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        weekday=weekday,
        paragraphs=writing.paragraphs,
        teaser=writing.teaser,
        twelve=lambda moment: moment.strftime("%I:%M"),
        hours=lambda hours: timedelta(hours=hours),
        views=views,
        raw=Markup,
    )
    return environment


def weekday(moment: datetime) -> str:
    """The day's name in lower case: "thứ hai", "chủ nhật"."""
    day = moment.weekday()
    return f"thứ {_WEEKDAYS[day]}" if day < len(_WEEKDAYS) else "chủ nhật"


def views(post: Post) -> int:
    """How often a post was read, as the counter claims: the same on every page."""
    return 40 + post.number * 37 % 1900
