"""A portal whose every text is an attack, and one that fails with such a text: stored, for tests of what is told."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from pathlib import Path

from auditor.categories import Category
from auditor.context import Context
from auditor.observation import Attachment, Coverage, Observation, Placement, SeenItem
from auditor.outcomes import Cause, Outcome
from auditor.store.database import Database
from auditor.store.ingest import ingest
from tests.installation import THE_DAY_AFTER, context

_SITE = "http://good-a.example.gov.vn"
ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg/onload=alert(1)>' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% for x in ().__class__.__bases__ %}{{ x }}{% endfor %}",
    '=HYPERLINK("http://evil.example/","Lịch")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "＝1+1",
    "\x1b[2J\x1b]0;owned\x07\x1b[31m",
    "\x9b31m\x90q\x9c",
    "một\r\nunits good-b complete\r\nhai",
    "một\u2028hai\u2029ba\x0bbốn\x85năm",
    "\u202egnp.exe\u202c \u2066bidi\u2069 \u200e\u200f\u061c",
    "\ud800 nửa chữ \udfff",
    "../../../../etc/passwd",
    "%s %n {0} $HOME `id` $(id)",
    "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "\\..\\..\\CON:*?|",
)
URLS = (
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    'http://good-a.example.gov.vn/"onmouseover="alert(1)',
    "http://good-a.example.gov.vn/\x1b[2J\r\nSet-Cookie: x",
    "vbscript:msgbox(1)",
    "\\\\evil.example\\share",
)


def hostile_items() -> tuple[SeenItem, ...]:
    """Posts whose every text is an attack, counted in November."""
    found = []
    urls = [*URLS, *(f"{_SITE}/tin/{number}" for number in range(len(ATTACKS) - len(URLS)))]
    for attack, url in zip(ATTACKS, urls, strict=True):
        place = Placement(url, f"{_SITE}/lich", f"Lịch tiếp công dân {attack}", Category.SCHEDULE)
        found.append(
            SeenItem(
                url=url,
                title=f"{attack} Lịch tiếp công dân",
                published="2019-11-05",
                published_from=f"listing: {attack}",
                body=attack,
                commune=attack,
                placements=(place,),
                attachments=(Attachment(url, attack, None),),
                document=attack,
            )
        )
    return tuple(found)


def hostile_province(folder: Path) -> Context:
    """An installation that has stored what a hostile portal, and a failing one, told."""
    run = context(folder, "good-a", "good-b")
    run.data.make()
    start = THE_DAY_AFTER
    everything = " ".join(ATTACKS)
    sections = dict(zip(Category, URLS, strict=False))
    read = Observation(
        unit="good-a",
        started=start,
        finished=start + timedelta(minutes=1),
        first_day=date(2019, 7, 19),
        outcome=Outcome.COMPLETE,
        section=URLS[0],
        sections=sections,
        listings=(Coverage(URLS[0], everything, Category.SCHEDULE, 1, 1, 3, complete=True, reasons=ATTACKS),),
        items=hostile_items(),
    )
    lost = Observation(
        "good-b", start, start, date(2019, 7, 19), Outcome.UNREACHABLE, Cause.DNS, everything, section=URLS[1]
    )
    with Database.open(run.database) as database, database.transaction() as session:
        for number, seen in enumerate((read, lost)):
            # As from a worker's file: what UTF-8 cannot hold comes back as it was written.
            file = seen.write(run.data.work / f"{number}.json")
            ingest(session, run.jurisdiction, Observation.read(file), source=f"{number}.json")
    return run


def harmful(text: str) -> set[str]:
    """The characters that a terminal or a reader's eye obeys; a line break and the mark of UTF-8 are ours."""
    return {hex(ord(each)) for each in text if unicodedata.category(each) in {"Cc", "Cf", "Zl", "Zp", "Cs"}} - {
        hex(ord("\n")),
        hex(0xFEFF),
    }
