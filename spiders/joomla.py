"""Joomla: number and slug are the post; the path before them only tells below which menu entry it was listed.

Taught by portals of Joomla 2.5 and 3: /index.php/tiep-cong-dan/lich/45-lich-thang-11, the same below another entry, and
index.php?option=com_content&view=article&id=45:lich-thang-11&catid=9&Itemid=113 where no rewriting is set up.
"""

from __future__ import annotations

import re

from auditor.reading.addresses import host_of
from spiders.platform import Platform


class Joomla(Platform):
    """Number and slug name a post; either alone does not: an alias may begin with a year, or be used twice."""

    name = "joomla"
    marks = re.compile(r"joomla|/media/jui/|/components/com_content/", re.IGNORECASE)
    _written = re.compile(r"/(\d{1,7})-([a-z0-9][a-z0-9-]*)(?:\.html)?/?(?:[?#]|$)", re.IGNORECASE)
    _asked = re.compile(
        r"(?=.*\boption=com_content\b)(?=.*\bview=article\b).*[?&]id=(\d{1,7})(?::|%3A)([a-z0-9-]+)", re.IGNORECASE
    )

    def key(self, url: str) -> str:
        """Both, however the address carries them."""
        address = url[:2000]
        match = self._asked.search(address) or self._written.search(address)
        if match is None or "start=" in address:  # a blog's further page, not a post
            return super().key(url)
        return f"{host_of(url).removeprefix('www.')}/com_content/{match[1]}-{match[2].lower()}"
