"""What families of systems do differently: the generic spider asks its platform, and a module overrides one answer.

A family's module says which pages taught it. A portal whose family has no module is read like any other.
"""

from __future__ import annotations

import re
from typing import ClassVar

from auditor.reading.addresses import identity
from auditor.reading.page import Page


class Platform:
    """A portal of no particular family.

    Attributes:
        name: as portals.yaml names it.
        marks: what tells the family by its `generator` or the addresses of its scripts and pictures; None: nothing.
    """

    name: ClassVar[str] = "generic"
    marks: ClassVar[re.Pattern[str] | None] = None

    def key(self, url: str) -> str:
        """What all addresses of one post have in common."""
        return identity(url)


def named(name: str | None) -> Platform | None:
    """The platform portals.yaml names; the generic one for a family without a module; None for no name."""
    if name is None:
        return None
    return next((family() for family in _families() if name.startswith(family.name)), Platform())


def detected(page: Page) -> Platform:
    """The platform a page shows itself to be of."""
    generators = [
        tag.get("content", "") for tag in page.root.iter("meta") if tag.get("name", "").lower() == "generator"
    ]
    sources = [tag.get("src") or tag.get("href") or "" for tag in page.root.iter("script", "link", "img")]
    shown = " ".join([*generators, *sources[:200]])
    return next((family() for family in _families() if family.marks and family.marks.search(shown)), Platform())


def _families() -> tuple[type[Platform], ...]:
    from spiders.dnn import Dnn  # noqa: PLC0415 - the families build on this module
    from spiders.joomla import Joomla  # noqa: PLC0415
    from spiders.liferay import Liferay  # noqa: PLC0415
    from spiders.nukeviet import NukeViet  # noqa: PLC0415
    from spiders.plone import Plone  # noqa: PLC0415

    return Liferay, NukeViet, Joomla, Dnn, Plone
