"""What the demo province publishes: 26 invented portals, read from the data files beside this module.

`province.yaml` lists the units and the figures an audit must find; `units/<key>.yaml` holds one portal: its CMS family,
where its citizen-reception section stands, and its posts, each with the category a person who knows the field would
give it. The names of units and communes are real, every post is invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from itertools import count
from typing import Any, Literal
from zoneinfo import ZoneInfo

from auditor import own_yaml
from auditor.categories import Category
from auditor.text import fold
from auditor.window import Month

TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CUTOFF_DAY = 18
MONTH = Month(2019, 11)

Kind = Literal["listing", "blocks", "links", "standing"]

_SLUG_LENGTH = 90


@dataclass(frozen=True)
class Post:
    """One published post.

    Attributes:
        number: its number in the CMS; grows with time.
        slug: its title as addresses spell it, unique within the portal.
        title: as printed, oddities of spacing, capitals and Unicode form included.
        published: with the province's time zone.
        category: what an expert would call it; None for what must not be counted.
        author: the head or body that speaks in it ("Giám đốc Sở Nội vụ").
        commune: the commune branch it stands in, as the menu prints it ("Xã Đắk Lao").
        files: kinds of its attachments, "pdf" or "docx".
        repeated: the same post was published before, under another address: it must not be counted again.
        bare: its text is in the attachment only.
    """

    number: int
    slug: str
    title: str
    published: datetime
    category: Category | None
    author: str
    commune: str | None = None
    files: tuple[str, ...] = ()
    repeated: bool = False
    bare: bool = False

    @property
    def month(self) -> Month:
        """The month whose report counts it."""
        return Month.containing(self.published.date(), CUTOFF_DAY)

    @property
    def counted(self) -> bool:
        """Whether it adds to its month's figure."""
        return self.category is not None and not self.repeated


@dataclass(frozen=True)
class Section:
    """One entry of a portal's menu.

    Attributes:
        kind: "listing" shows its posts, page by page; "blocks" the newest of each child; "links" only the children's
            names; "standing" is itself the notice.
        category: the category it was made for.
        posts: newest first.
    """

    number: int
    slug: str
    name: str
    kind: Kind
    posts: tuple[Post, ...] = ()
    children: tuple[Section, ...] = ()
    category: Category | None = None

    def walk(self) -> Iterator[Section]:
        """The section and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Portal:
    """One unit's portal.

    Attributes:
        family: a key of families.yaml.
        menu: the main menu; aside: entries that stand in a side bar only.
        menu_depth: how many levels of the reception section the menu itself shows.
        reception: the citizen-reception section, wherever in the menu it stands.
    """

    key: str
    name: str
    short_name: str
    level: str
    family: str
    head: str
    menu: tuple[Section, ...]
    aside: tuple[Section, ...]
    menu_depth: int
    reception: Section

    def sections(self) -> Iterator[Section]:
        """Every section of the portal."""
        for entry in (*self.menu, *self.aside):
            yield from entry.walk()

    def posts(self) -> list[Post]:
        """The posts of the reception section, each once, newest first."""
        found = {post.number: post for section in self.reception.walk() for post in section.posts}
        return _newest(found.values())

    def counted(self, month: Month) -> list[Post]:
        """The posts that a month's report must count."""
        return [post for post in self.posts() if post.counted and post.month == month]


@dataclass(frozen=True)
class Facts:
    """What an audit of the province must find.

    Attributes:
        units: unit key → month → count; groups: "provincial", "district" → month → count; total: month → count.
        not_published: keys of the units that published nothing in November 2019.
        five_sections: keys of the departments that have a sub-section for each of the five categories.
    """

    units: Mapping[str, Mapping[Month, int]]
    groups: Mapping[str, Mapping[Month, int]]
    total: Mapping[Month, int]
    not_published: tuple[str, ...]
    five_sections: tuple[str, ...]


@cache
def facts() -> Facts:
    """The figures, as province.yaml states them (not as the posts add up to them: a test compares the two)."""
    record = data("province.yaml")
    return Facts(
        units={unit["key"]: _months(unit["counts"]) for unit in record["units"]},
        groups={group: _months(counts) for group, counts in record["groups"].items()},
        total=_months(record["total"]),
        not_published=tuple(record["not_published"]),
        five_sections=tuple(record["five_sections"]),
    )


@cache
def portals() -> tuple[Portal, ...]:
    """The 26 portals, in the order of the province's own reports."""
    return tuple(_portal(place, unit) for place, unit in enumerate(data("province.yaml")["units"]))


@cache
def data(name: str) -> Any:  # noqa: ANN401 - whatever the YAML file holds
    """A data file of this package."""
    return own_yaml.read(resources.files(__package__).joinpath(name).read_text("utf-8"))


def slugify(text: str) -> str:
    """A title as addresses spell it.

    >>> slugify("Nội quy tiếp công dân (sửa đổi)")
    'noi-quy-tiep-cong-dan-sua-doi'
    """
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:_SLUG_LENGTH].rstrip("-")


def _months(counts: Mapping[str, int]) -> dict[Month, int]:
    return {Month.parse(month): count for month, count in counts.items()}


def _newest(posts: Iterable[Post]) -> list[Post]:
    return sorted(posts, key=lambda post: post.published, reverse=True)


def _portal(place: int, unit: Mapping[str, Any]) -> Portal:
    record = data(f"units/{unit['key']}.yaml")
    builder = _Builder(place, unit, record)
    reception = builder.reception()
    menu, aside = builder.around(reception)
    return Portal(
        unit["key"],
        unit["name"],
        unit["short_name"],
        unit["level"],
        record["family"],
        record["head"],
        menu,
        aside,
        record.get("menu_depth", 2),
        reception,
    )


class _Builder:
    """Builds one portal's sections from its record; numbers sections and posts as a CMS does."""

    def __init__(self, place: int, unit: Mapping[str, Any], record: Mapping[str, Any]) -> None:
        self._place = place
        self._unit = unit
        self._record = record
        self._sections = 100 * (place + 1)
        self._stock = count(90_000)
        self._posts = self._write_posts()

    def reception(self) -> Section:
        """The citizen-reception section with everything below it."""
        entry = self._record["reception"]
        children = [self._subsection(key, part) for key, part in self._record["sections"].items()]
        if "communes" in self._record:
            children.append(self._communes(self._record["communes"]))
        kind = entry.get("front", "blocks")
        posts = {post.number: post for child in children for post in child.posts} if kind == "listing" else {}
        return self._section(entry["name"], kind, _newest(posts.values()), children)

    def around(self, reception: Section) -> tuple[tuple[Section, ...], tuple[Section, ...]]:
        """The main menu and the side bar, with the reception section where the record places it."""
        place = self._record["reception"].get("place", "menu")
        menu = [self._ordinary(entry, reception, place) for entry in data("ordinary.yaml")["menu"]]
        if place == "menu":
            menu.insert(-1, reception)
        return tuple(menu), (reception,) if place == "aside" else ()

    def _ordinary(self, entry: Mapping[str, Any], reception: Section, place: str) -> Section:
        children = [self._section(name, "standing") for name in entry.get("pages", ())]
        if entry["name"] == place:
            children.append(reception)
        kind: Kind = "listing" if "posts" in entry else "links" if children else "standing"
        return self._section(entry["name"], kind, self._ordinary_posts(entry.get("posts", ())), children)

    def _ordinary_posts(self, rows: list[Mapping[str, Any]]) -> list[Post]:
        """A portal's share of the common stock: every third row, from a place of its own."""
        share = rows[self._place % 3 :: 3]
        return _newest(self._post(next(self._stock), row, None, None) for row in share)

    def _subsection(self, key: str, part: Mapping[str, Any]) -> Section:
        category = Category(key) if key in set(Category) else None
        kind: Kind = "standing" if part.get("standing") else "listing"
        return self._section(part["name"], kind, self._posts[key], category=category)

    def _communes(self, record: Mapping[str, Any]) -> Section:
        branches = [self._section(name, "listing", self._posts[name]) for name in record["posts"]]
        return self._section(record["name"], "links", children=branches)

    def _section(
        self,
        name: str,
        kind: Kind,
        posts: Iterable[Post] = (),
        children: Iterable[Section] = (),
        category: Category | None = None,
    ) -> Section:
        self._sections += 1
        return Section(self._sections, slugify(name), name, kind, tuple(posts), tuple(children), category)

    def _write_posts(self) -> dict[str, list[Post]]:
        """The posts per section key or commune; numbered by time, so that numbers grow as those of a CMS do."""
        rows = sorted(self._rows(), key=lambda placed: str(placed[1]["at"]))
        found: dict[str, list[Post]] = {where: [] for where in self._places()}
        slugs: set[str] = set()
        for order, (where, row, commune) in enumerate(rows):
            post = self._post(1000 * (self._place + 1) + 7 * order, row, _category(where, row), commune)
            if post.slug in slugs:
                post = _renamed(post)
            slugs.add(post.slug)
            for section in (where, *row.get("also", ())):
                found[section].insert(0, post)
        return found

    def _places(self) -> list[str]:
        return [*self._record["sections"], *self._record.get("communes", {}).get("posts", ())]

    def _rows(self) -> Iterator[tuple[str, Mapping[str, Any], str | None]]:
        for key, part in self._record["sections"].items():
            yield from ((key, row, None) for row in _with_repeats(part.get("posts", ())))
        for commune, rows in self._record.get("communes", {}).get("posts", {}).items():
            yield from ((commune, row, commune) for row in rows)

    def _post(self, number: int, row: Mapping[str, Any], category: Category | None, commune: str | None) -> Post:
        head = self._record["head"]
        return Post(
            number,
            slugify(row["title"]),
            row["title"],
            datetime.fromisoformat(row["at"]).replace(tzinfo=TIMEZONE),
            category,
            f"Chủ tịch UBND {commune[0].lower()}{commune[1:]}" if commune else head,
            commune,
            tuple(row.get("files", ())),
            row.get("repeated", False),
            row.get("bare", False),
        )


def _category(where: str, row: Mapping[str, Any]) -> Category | None:
    """The row's own label (`is`, null for what is not counted), or that of the sub-section it stands in."""
    label = row.get("is", where)
    return Category(label) if label in set(Category) else None


def _with_repeats(rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The rows, and once more those posted again so many minutes later."""
    for row in rows:
        yield row
        if minutes := row.get("again_after"):
            later = datetime.fromisoformat(row["at"]) + timedelta(minutes=minutes)
            yield {**row, "at": f"{later:%Y-%m-%d %H:%M}", "repeated": True, "also": ()}


def _renamed(post: Post) -> Post:
    return replace(post, slug=f"{post.slug}-2")
