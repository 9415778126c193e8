"""`python copying.py SEEN DAYS JOB`: a worker that visits nobody: it hands over what was seen before, as if seen now.

Its clock is moved by so many days. What it reads again from evidence it sees with titles in capitals.
"""

import json
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any


def now(days: int) -> str:
    """The clock."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def again(evidence: Path) -> dict[str, Any]:
    """The observation that stands where its evidence says, seen otherwise."""
    day, visit = evidence.name[:10], evidence.name[10:].partition(".")[0]
    file = evidence.parents[2] / "observations" / day / f"{evidence.parent.name}{visit}.json"
    observation: dict[str, Any] = json.loads(file.read_text("utf-8"))
    items = [{**item, "title": item["title"].upper()} for item in observation["items"]]
    return {**observation, "items": items}


def main(seen: Path, days: int, job: dict[str, Any]) -> None:
    """Hands over an observation and its evidence per unit."""
    for key in job["units"]:
        place = Path(job["output"]) / f"{key}.json"
        if key in job.get("replay", {}):
            observation = again(Path(job["replay"][key]))
        else:
            shutil.copyfile(seen / f"{key}.warc.gz", place.with_suffix(".warc.gz"))
            whole = json.loads((seen / f"{key}.json").read_text("utf-8"))
            observation = {**whole, "started": now(days), "finished": now(days)}
        part = place.with_name(f".{key}.json.part")
        part.write_text(json.dumps(observation, ensure_ascii=False), "utf-8")
        part.replace(place)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), json.loads(Path(sys.argv[3]).read_text("utf-8")))
