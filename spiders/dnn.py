"""DNN (DotNetNuke): one post stands under the friendly and the plain form of its module's address.

Taught by portals of DNN 5 to 7: /tiep-cong-dan/tabid/124/ctl/Details/mid/444/ItemID/311/Default.aspx and
/Default.aspx?tabid=124&ctl=Details&mid=444&ItemID=311 show the same; `language` and the page's name in front vary.
"""

from __future__ import annotations

import re

from auditor.reading.addresses import host_of
from spiders.platform import Platform


class Dnn(Platform):
    """Page, module and the post's number, in whichever order the address has them."""

    name = "dnn"
    marks = re.compile(r"dotnetnuke|dnncore|/desktopmodules/|\bdnn\b", re.IGNORECASE)
    _pairs = re.compile(r"[/?&](tabid|mid|itemid|articleid|newsid|newsviews)[/=](\d{1,9})(?=[/?&#]|$)", re.IGNORECASE)

    def key(self, url: str) -> str:
        """The numbers by their names; an address without a post's number is compared as it is."""
        numbers = {name.lower(): number for name, number in self._pairs.findall(url[:2000])}
        if not numbers.keys() - {"tabid", "mid"}:
            return super().key(url)
        told = "&".join(f"{name}={number}" for name, number in sorted(numbers.items()))
        return f"{host_of(url).removeprefix('www.')}/{told}"
