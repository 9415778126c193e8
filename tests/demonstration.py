"""One run of `auditor demo`, shared by every test of every test process that asks what it left behind."""

import json
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from filelock import FileLock

PROJECT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Demonstration:
    """What the demo left in `data`, to be read, and what it said."""

    data: str
    returncode: int
    stdout: str
    stderr: str

    @property
    def untouched(self) -> Path:
        """What it left, to be copied: no test opens anything in it."""
        return Path(self.data).parent / "demonstration.untouched"


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Demonstration:
    """A demo where an earlier one was."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base  # each test process has a folder in it
    told = shared / "demonstration.json"
    with FileLock(shared / "demonstration.lock"):
        if not told.exists():
            told.write_text(json.dumps(asdict(_run(shared / "demonstration"))), "utf-8")
    return Demonstration(**json.loads(told.read_text("utf-8")))


def _run(data: Path) -> Demonstration:
    (data / "demo" / "reports").mkdir(parents=True)
    (data / "demo" / "demo.lock").touch()
    (data / "demo" / "reports" / "old.txt").touch()
    command = [sys.executable, "-m", "auditor", "demo", "--data", str(data)]
    process = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    demonstration = Demonstration(str(data), process.returncode, process.stdout, process.stderr)
    shutil.copytree(data / "demo", demonstration.untouched)
    return demonstration
