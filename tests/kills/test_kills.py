"""A few kills of the laboratory (`make kills` has two hundred, of real crawls)."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from scrapy import Request
from scrapy.http import HtmlResponse

from auditor.categories import Category
from auditor.crawl.evidence.files import SUFFIX
from auditor.crawl.evidence.recorder import Recorder
from auditor.observation import Observation, Placement, SeenItem
from auditor.outcomes import Outcome
from tests.kills.killing import ready, written

KILLS = 6
URLS = {"mot": "http://mot.example.gov.vn/", "hai": "http://hai.example.gov.vn/"}


def prepared(folder: Path) -> Path:
    """What visits of the units saw, and their evidence."""
    folder.mkdir()
    start = datetime(2019, 11, 19, tzinfo=UTC)
    for key, url in URLS.items():
        recorder = Recorder(folder / f"{key}{SUFFIX}", key)
        pages = [f"{url}tin/{number}" for number in range(6)]
        for page in pages:
            recorder.answered(Request(page), HtmlResponse(page, body=page.encode() * 50))
        recorder.finish({"unit": key})
        items = tuple(
            SeenItem(
                url=page,
                title=f"Lịch tiếp công dân số {number}",
                published=f"2019-11-{number + 1:02}",
                pages=(page,),
                placements=(Placement(page, f"{url}lich", "Lịch tiếp công dân", Category.SCHEDULE),),
            )
            for number, page in enumerate(pages)
        )
        seen = Observation(key, start, start, date(2019, 7, 19), Outcome.COMPLETE, section=f"{url}lich", items=items)
        seen.write(folder / f"{key}.json")
    return folder


def test_commands_that_were_killed_lose_nothing(tmp_path: Path) -> None:
    shift = (date(2019, 11, 19) - datetime.now(UTC).date()).days  # near the month, there are few others to look at
    copying, seen = Path(__file__).with_name("copying.py"), prepared(tmp_path / "seen")
    worker = (sys.executable, "-IS", str(copying), str(seen), str(shift))
    with ready(tmp_path, written(tmp_path, URLS), worker, 7, shift) as killer:
        assert len(killer.items) == 12
        faults, ways = killer.chain("chain", KILLS)
    assert faults == []
    assert ways.total() == KILLS
