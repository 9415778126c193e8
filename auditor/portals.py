"""The units of a jurisdiction, as portals.yaml names them.

The file is checked whole before anything is requested, and every mistake in it is told at once with its line and its
remedy. Source of the fields: the project's contract.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from auditor.categories import DEFAULT_LABELS, Category
from auditor.errors import InputError
from auditor.portals_fields import (
    choice,
    cutoff_day,
    day,
    host_name,
    host_of,
    plain_text,
    platform_name,
    same_place,
    seconds,
    switch,
    time_zone,
    unit_key,
    web_address,
)
from auditor.service import ServiceOptions, read_service
from auditor.style import Style, read_style
from auditor.text import printable
from auditor.window import CutoffDay, Window
from auditor.yaml_file import Fields, Mistakes, Said, did_you_mean, read_fields

DEFAULT_ZONE = "Asia/Ho_Chi_Minh"


class Level(StrEnum):
    """What kind of body a unit is."""

    PORTAL = "portal"
    DEPARTMENT = "department"
    DISTRICT = "district"
    COMMUNE = "commune"


class Group(StrEnum):
    """Levels taken together for totals; the order is the order of the report."""

    PROVINCIAL = "provincial"
    DISTRICT = "district"
    COMMUNE = "commune"

    @property
    def label(self) -> str:
        """The group's name in reports."""
        return _GROUP_LABELS[self]


_GROUP_LABELS = {Group.PROVINCIAL: "Cấp tỉnh", Group.DISTRICT: "Cấp huyện", Group.COMMUNE: "Cấp xã"}


@dataclass(frozen=True)
class CrawlOptions:
    """How a unit's portal is read.

    Attributes:
        delay: seconds between two requests to one host; 0 turns every throttle off.
        timeout: seconds for one response.
        verify_tls: whether a certificate must be valid; False carries a reason.
        reason: why the unit is an exception.
    """

    delay: float = 1.0
    timeout: float = 30.0
    verify_tls: bool = True
    reason: str | None = None


@dataclass(frozen=True)
class Unit:
    """One audited body and its portal.

    Attributes:
        key: stable for ever; names files, rows and arguments.
        url, section, sections: addresses as written in the file.
        hosts: further hosts of the portal, lower case; `own_hosts` has them all.
        valid_from, valid_to: first and last day the unit exists; None where it is open.
        successors: keys of the units that take its place after `valid_to`.
    """

    key: str
    name: str
    level: Level
    url: str
    short_name: str = ""
    section: str | None = None
    sections: Mapping[Category, str] = field(default_factory=dict)
    platform: str | None = None
    parent: str | None = None
    hosts: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    crawl: CrawlOptions = CrawlOptions()
    render: bool = False
    successors: tuple[str, ...] = ()

    @property
    def own_hosts(self) -> frozenset[str]:
        """The hosts the unit's portal is made of: that of its address, its `www.` twin, and `hosts`."""
        host = host_of(self.url)
        twin = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
        return frozenset((host, twin, *self.hosts))

    def valid_in(self, window: Window) -> bool:
        """Whether the unit exists on at least one day of the window."""
        return (self.valid_from or window.first) <= window.last and (self.valid_to or window.last) >= window.first


@dataclass(frozen=True)
class Jurisdiction:
    """A province, the office that signs its report, its period, and its units in the order of the file.

    `contact` is an e-mail address or a web page: portals read it in the crawler's name, and know whom to ask.
    """

    name: str
    office: str
    timezone: ZoneInfo
    cutoff_day: CutoffDay
    units: tuple[Unit, ...]
    labels: Mapping[Category, str]
    contact: str | None = None
    service: ServiceOptions = field(default_factory=ServiceOptions)
    style: Style = field(default_factory=Style)

    @cached_property
    def _by_key(self) -> Mapping[str, Unit]:
        return {unit.key: unit for unit in self.units}

    def unit(self, key: str) -> Unit:
        """The unit of that key.

        Raises:
            InputError: there is none; names the nearest keys.
        """
        if key not in self._by_key:
            near = did_you_mean(key, self._by_key)
            raise InputError(f"there is no unit '{printable(key, 80)}'{near}: 'auditor units' lists the keys")
        return self._by_key[key]

    def group_of(self, unit: Unit) -> Group:
        """The group whose totals the unit adds to."""
        if unit.level in {Level.PORTAL, Level.DEPARTMENT}:
            return Group.PROVINCIAL
        if unit.level is Level.DISTRICT:
            return Group.DISTRICT
        below_district = unit.parent is not None and self.unit(unit.parent).level is Level.DISTRICT
        return Group.DISTRICT if below_district else Group.COMMUNE

    def groups_in(self, window: Window) -> frozenset[Group]:
        """The groups that have units in the window."""
        return frozenset(map(self.group_of, self.units_valid_in(window)))

    def units_valid_in(self, window: Window) -> tuple[Unit, ...]:
        """The units that exist on at least one day of the window."""
        return tuple(unit for unit in self.units if unit.valid_in(window))


_UNIT_FIELDS = ("key", "name", "level", "url", "short_name", "section", "sections", "platform", "parent", "hosts",
                "valid_from", "valid_to", "successors", "crawl", "render")  # fmt: skip
_PARENT_LEVELS = frozenset({Level.PORTAL, Level.DISTRICT})


def load(path: Path) -> Jurisdiction:
    """Reads portals.yaml.

    Raises:
        InputError: one line per mistake: file, line, field, fault, remedy. Nothing of a wrong file is used.
    """
    mistakes = Mistakes(path)
    top = read_fields(path, mistakes)
    top.refuse_others(("jurisdiction", "period", "units", "categories", "report", "service"))
    jurisdiction = _jurisdiction(top)
    mistakes.raise_if_any()
    return jurisdiction


# Where something is wrong, the readers below go on with an empty value, so that one run shows every mistake; `load`
# lets none of those out.


def _jurisdiction(top: Fields) -> Jurisdiction:
    office = top.take_fields("jurisdiction")
    office.refuse_others(("name", "office", "contact", "timezone"))
    period = top.take_fields("period")
    period.refuse_others(("cutoff_day",))
    return Jurisdiction(
        name=office.require("name", plain_text, "tỉnh Đắk Nông") or "",
        office=office.require("office", plain_text, "Văn phòng UBND tỉnh Đắk Nông") or "",
        timezone=office.take("timezone", time_zone, None) or ZoneInfo(DEFAULT_ZONE),
        cutoff_day=period.require("cutoff_day", cutoff_day, "18") or "end",
        units=_units(top),
        service=read_service(top.take_fields("service")),
        style=read_style(top.take_fields("report")),
        contact=office.take("contact", plain_text, None),
        labels=DEFAULT_LABELS | _by_category(top.take_fields("categories"), plain_text),
    )


def _units(top: Fields) -> tuple[Unit, ...]:
    written = top.require_groups("units", named_by="key", example="'- key: so-noi-vu', below it name, level and url")
    read = [(fields, unit) for fields in written if (unit := _unit(fields))]
    _refuse_same_key(written)
    _refuse_same_place(read)
    keys = {fields.text_of("key") for fields in written}
    _check_parents(read, keys)
    _check_successors(read, keys)
    return tuple(unit for _, unit in read)


def _unit(fields: Fields) -> Unit | None:
    """The unit; None where one of the four fields is missing or wrong that everything else is checked against."""
    fields.refuse_others(_UNIT_FIELDS)
    sections = fields.take_fields("sections")
    key = fields.require("key", unit_key, "so-noi-vu") or ""
    name = fields.require("name", plain_text, "Sở Nội vụ") or ""
    level = fields.require("level", choice(Level), "department")
    unit = Unit(
        key=key,
        name=name,
        level=level or Level.DEPARTMENT,
        url=fields.require("url", web_address, "http://snv.daknong.gov.vn/") or "",
        short_name=fields.take("short_name", plain_text, name),
        section=fields.take("section", web_address, None),
        sections=_by_category(sections, web_address),
        platform=fields.take("platform", platform_name, None),
        parent=fields.take("parent", unit_key, None),
        hosts=fields.take_list("hosts", host_name),
        valid_from=fields.take("valid_from", day, None),
        valid_to=fields.take("valid_to", day, None),
        successors=fields.take_list("successors", unit_key),
        crawl=_crawl(fields.take_fields("crawl")),
        render=fields.take("render", switch, default=False),
    )
    if unit.valid_from and unit.valid_to and unit.valid_to < unit.valid_from:
        fields.add_mistake("valid_to", f"valid_to {unit.valid_to} is before valid_from {unit.valid_from}: correct one")
    if unit.url:
        _check_hosts(fields, [("section", unit.section)] if unit.section else [], unit)
        _check_hosts(sections, unit.sections.items(), unit)
    return unit if key and name and level and unit.url else None


def _crawl(fields: Fields) -> CrawlOptions:
    fields.refuse_others(("delay", "timeout", "verify_tls", "reason"))
    usual = CrawlOptions()
    options = CrawlOptions(
        delay=fields.take("delay", seconds(0, 3600), usual.delay),
        timeout=fields.take("timeout", seconds(1, 600), usual.timeout),
        verify_tls=fields.take("verify_tls", switch, usual.verify_tls),
        reason=fields.take("reason", plain_text, None),
    )
    if not options.verify_tls and options.reason is None:
        remedy = "add 'reason: …' for those who come after you"
        fields.add_mistake("reason", f"a certificate not verified without a reason: {remedy}")
    return options


def _by_category(fields: Fields, convert: Callable[[Said], str]) -> dict[Category, str]:
    fields.refuse_others(Category, "category")
    read = {category: fields.take(category, convert, None) for category in Category}
    return {category: text for category, text in read.items() if text is not None}


def _check_hosts(fields: Fields, addresses: Iterable[tuple[str, str]], unit: Unit) -> None:
    for name, url in addresses:
        if host_of(url) not in unit.own_hosts:
            own = host_of(unit.url)
            fields.add_mistake(
                name, f"{Said(name, url)} is not on the unit's host {own}: correct it, or add it to hosts"
            )


def _refuse_same_key(written: Iterable[Fields]) -> None:
    first: dict[str, int] = {}
    for fields in written:
        line = fields.line_of("key")
        key = fields.text_of("key")
        if key and first.setdefault(key, line) != line:
            fields.add_mistake("key", f"{Said('key', key)} already names the unit in line {first[key]}: choose another")


def _refuse_same_place(read: Iterable[tuple[Fields, Unit]]) -> None:
    """Two units that share one address at one time would have the same posts counted twice."""
    standing: dict[tuple[str, ...], list[tuple[Fields, Unit]]] = {}
    for fields, unit in read:
        places = (unit.url, unit.section or "", *unit.sections.values())
        earlier = standing.setdefault(tuple(same_place(url) for url in places), [])
        lifetime = Window(unit.valid_from or date.min, unit.valid_to or date.max)
        for other_fields, other in earlier:
            if other.key != unit.key and other.valid_in(lifetime):
                where = f"'{other.key}' in line {other_fields.line_of('url')}"
                fields.add_mistake("url", f"{Said('url', unit.url)} is also that of {where}: give one its own section")
                break
        else:
            earlier.append((fields, unit))


def _check_parents(read: Sequence[tuple[Fields, Unit]], keys: set[str | None]) -> None:
    """A commune stands under a district or, where there are none, under the portal; no chain, so no circle."""
    units = {unit.key: unit for _, unit in read}
    parents = [key for key, unit in units.items() if unit.level in _PARENT_LEVELS]
    for fields, unit in read:
        if unit.parent is None:
            continue
        parent = Said("parent", unit.parent)
        if unit.level is not Level.COMMUNE:
            fields.add_mistake("parent", f"{parent} is for a commune, this unit is a {unit.level}: take it out")
        elif unit.parent == unit.key:
            fields.add_mistake("parent", f"{parent} is the unit itself: name its district")
        elif unit.parent not in keys:
            fields.add_mistake(
                "parent", f"unknown {parent}: name a unit of this file{did_you_mean(unit.parent, parents)}"
            )
        elif unit.parent in units and unit.parent not in parents:
            fields.add_mistake("parent", f"{parent} is a {units[unit.parent].level}: name the commune's district")


def _check_successors(read: Sequence[tuple[Fields, Unit]], keys: set[str | None]) -> None:
    """Only a unit that ends has any; they are other units of the file."""
    units = {unit.key: unit for _, unit in read}
    for fields, unit in read:
        if unit.successors and unit.valid_to is None:
            fields.add_mistake("successors", "successors of a unit that does not end: add valid_to, its last day")
        for key in unit.successors:
            said = Said("successors", key)
            if key == unit.key:
                fields.add_mistake("successors", f"{said} is the unit itself: name those that take its place")
            elif key not in keys:
                near = did_you_mean(key, units)
                fields.add_mistake("successors", f"unknown {said}: name units of this file{near}")
