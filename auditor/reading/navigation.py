"""Where the citizen-reception section and its sub-sections are, with the reasons.

Names vary: "Tiếp công dân", "TIẾP CÔNG DÂN - KNTC", "Tiếp dân - Giải quyết KNTC", "Công khai tiếp công dân"; so do
places: a menu, a mega-menu, a side bar, a banner. The parts of this question have modules of their own:

    entries     what a page offers to click on, under the names people see
    menus       what stands below what
    candidates  the section, each link that may lead to it with a score and reasons
    headed      boxes and menus whose heading names the section and leads nowhere
    parts       sub-sections and commune branches
    communes    which commune a branch is of
    mapped      candidates from addresses alone: a site map for robots, the portal's own name
    detours     pages to look on when the home page names no section
"""

from __future__ import annotations

from auditor.reading.candidates import MINIMUM, Candidate, may_be_post, sections
from auditor.reading.detours import ways_round
from auditor.reading.mapped import from_addresses, headed_so, whole_portal
from auditor.reading.menus import menu_addresses, posts_among
from auditor.reading.names import names_reception
from auditor.reading.parts import parts

__all__ = [
    "MINIMUM",
    "Candidate",
    "from_addresses",
    "headed_so",
    "may_be_post",
    "menu_addresses",
    "names_reception",
    "parts",
    "posts_among",
    "sections",
    "ways_round",
    "whole_portal",
]
