"""`python -m tests.kills.worker ARMED JOB`: the real worker; the first to find the file ARMED takes it and obeys it.

The file holds at which of its own writing calls the worker kills itself; "0": it counts them, and tells in ARMED.count.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.kills.forking import Steps

if __name__ == "__main__":
    armed, last = Path(sys.argv[1]), None
    if armed.exists():
        last = int(armed.read_text())
        armed.unlink()
    from auditor.crawl.worker import main

    steps = Steps(last or 0) if last is not None else None
    status = main(sys.argv[2:])
    sys.setprofile(None)
    if steps is not None:
        armed.with_suffix(".count").write_text(str(steps.count))
    sys.exit(status)
