"""Portals that answer every address alike: what is empty there proves nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from auditor.outcomes import Cause, Outcome
from tests.spiders.lab import Answer, Portal, crawl, serving


@dataclass(frozen=True)
class Soft(Portal):
    """A portal that shows an empty list, under the section's own name, wherever there is nothing."""

    def answer(self, path: str) -> Answer:
        found = super().answer(path)
        empty = "<h2>Danh sách tin</h2><p>Chưa có bài viết nào trong chuyên mục này.</p>"
        return Answer(self.page("Tiếp công dân", empty)) if found.status == 404 else found


def test_an_empty_list_that_every_address_shows_is_no_proof(tmp_path: Path) -> None:
    with serving({"dead": Soft(), "empty": Portal(posts=0), "whole": Soft()}) as sites:
        urls = {key: site.url for key, site in sites.items()}
        seen = crawl(tmp_path, urls, dead={"section": f"'{urls['dead']}chuyen-muc-cu/'"})
        made_up = {key: sum("khong-co" in path for path in site.hits) for key, site in sites.items()}
    assert (seen["dead"].outcome, seen["dead"].cause) == (Outcome.LAYOUT_CHANGED, Cause.UNREADABLE)
    assert "the same for an address nobody has" in seen["dead"].detail
    assert seen["empty"].outcome is Outcome.COMPLETE
    assert all(listing.empty for listing in seen["empty"].listings if listing.label in Portal.PARTS.values())
    assert seen["whole"].outcome is Outcome.COMPLETE
    assert made_up == {"dead": 1, "empty": 1, "whole": 0}, "asked once, and only where something is to be proven"
