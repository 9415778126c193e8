"""Liferay 6: one post stands under every page that publishes it, at an address of its own each time.

Taught by the portals of Đắk Nông: /bao-cao-tiep-dan-hang-thang/-/view_content/76301973-….html?_101_idStr=… and
/web/guest/thong-bao/-/view_content/76301973-…; and by /-/asset_publisher/…/content/id/76301973 elsewhere.
"""

from __future__ import annotations

import re

from auditor.reading.addresses import host_of
from spiders.platform import Platform


class Liferay(Platform):
    """The number in the address is the post; the page before it is only where it was listed."""

    name = "liferay"
    marks = re.compile(r"liferay|/combo/\?|/html/js/aui", re.IGNORECASE)
    _number = re.compile(r"/-/(?:view_content|cms-icbt|view-article/\d+)/(\d{3,})|/content/id/(\d{3,})")

    def key(self, url: str) -> str:
        """Host and number, where the address has one."""
        match = self._number.search(url)
        return f"{host_of(url).removeprefix('www.')}/-/{match[1] or match[2]}" if match else super().key(url)
