"""The units of a jurisdiction, as portals.yaml names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from auditor.categories import Category
from auditor.window import CutoffDay


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
    """One audited body and its portal."""

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


@dataclass(frozen=True)
class Jurisdiction:
    """A province, the office that signs its report, its period, and its units in the order of the file."""

    name: str
    office: str
    timezone: ZoneInfo
    cutoff_day: CutoffDay
    units: tuple[Unit, ...]
    labels: Mapping[Category, str]
