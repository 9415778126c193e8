"""NukeViet: every post has a view to save and a view to print beside its own address.

Taught by a captured portal of its e-government edition: /savefile/lich-tiep-cong-dan/….html and
/print/lich-tiep-cong-dan/….html show /lich-tiep-cong-dan/….html.
"""

from __future__ import annotations

import re

from spiders.platform import Platform


class NukeViet(Platform):
    """A post's views are the post."""

    name = "nukeviet"
    marks = re.compile(r"nukeviet|/assets/js/language/vi|/nv_", re.IGNORECASE)
    _view = re.compile(r"/(?:savefile|print)/(?=.+\.html)")

    def key(self, url: str) -> str:
        """The identity of the address without the name of the view."""
        return super().key(self._view.sub("/", url, count=1))
