"""Plone: a post is shown at its address, and again with the name of a view behind it.

Taught by portals of Plone 4 and 5: listings link files and pictures at …/view, feeds and bookmarks at the bare address;
/folder/@@listing_view and /folder/listing_view are the folder.
"""

from __future__ import annotations

import re

from spiders.platform import Platform


class Plone(Platform):
    """The address without its view."""

    name = "plone"
    marks = re.compile(r"\bplone\b|\+\+plone\+\+|portal_css", re.IGNORECASE)
    _view = re.compile(
        r"/(?:@@)?(?:view|document_view|newsitem_view|file_view|listing_view|summary_view|full_view)/?(?=[?#]|$)"
    )

    def key(self, url: str) -> str:
        """The identity of what is shown."""
        return super().key(self._view.sub("", url[:2000], count=1))
