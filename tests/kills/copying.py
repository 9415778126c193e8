"""`python copying.py SEEN DAYS JOB`: a worker that visits nobody: it hands over what was seen before, as if seen now.

Its clock is moved by so many days.
"""

import json
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

if __name__ == "__main__":
    seen, job = Path(sys.argv[1]), json.loads(Path(sys.argv[3]).read_text("utf-8"))
    output, now = Path(job["output"]), (datetime.now(UTC) + timedelta(days=int(sys.argv[2]))).isoformat()
    for key in job["units"]:
        observation = json.loads((seen / f"{key}.json").read_text("utf-8")) | {"started": now, "finished": now}
        shutil.copyfile(seen / f"{key}.warc.gz", output / f"{key}.warc.gz")
        part = output / f".{key}.json.part"
        part.write_text(json.dumps(observation, ensure_ascii=False), "utf-8")
        part.replace(output / f"{key}.json")
