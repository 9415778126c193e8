"""Files are read in a child process: what a file does to it costs no more than its caps."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from auditor.crawl import capped
from auditor.crawl.capped import Caps
from auditor.crawl.documents import DocumentReader
from auditor.reading.documents import DocumentText, read_document
from tests.files import docx_of, pdf_of

CHILDREN = {
    "endless": "import time\nwhile True: time.sleep(1)",
    "busy": "while True: pass",
    "greedy": "kept = []\nwhile True: kept.append(bytearray(10_000_000))",
    "crashing": "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)",
    "failing": "raise SystemExit(3)",
    "deaf": "import os\nos.close(0)\nraise SystemExit(1)",
    "writing": "import os\nos.write(os.open('x', os.O_WRONLY | os.O_CREAT), b'x' * 10)",
}
OBEDIENT = "import sys\nfrom auditor.crawl.capped import obey\nobey(float(sys.argv[1]), int(sys.argv[2]))\n"
QUICK = Caps(seconds=3, memory=400_000_000)


@pytest.mark.parametrize("name", CHILDREN)
def test_a_child_that_misbehaves_answers_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "misbehaving_child.py").write_text(OBEDIENT + CHILDREN[name], "utf-8")
    root = Path(capped.__file__).parents[2]
    monkeypatch.setenv("PYTHONPATH", f"{root}:{tmp_path}")
    monkeypatch.chdir(tmp_path)
    assert asyncio.run(capped.run("misbehaving_child", b"x" * 1_000_000, QUICK)) is None
    assert not (tmp_path / "x").exists() or (tmp_path / "x").stat().st_size == 0


def test_what_a_file_says_comes_back_from_the_child() -> None:
    body = docx_of()
    assert asyncio.run(DocumentReader()(body)) == read_document(body)


def test_a_file_that_takes_too_long_says_so() -> None:
    told = asyncio.run(DocumentReader(Caps(seconds=0.01))(pdf_of()))
    assert told == DocumentText("", why_not="reading it takes more than 0 s, or too much memory")


async def _side_by_side(count: int) -> tuple[int, list[DocumentText]]:
    running = most = 0
    run = capped.run

    async def counted(module: str, given: bytes, caps: Caps) -> bytes | None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        answer = await run(module, given, caps)
        running -= 1
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("auditor.crawl.documents.run", counted)
        reader = DocumentReader()
        told = await asyncio.gather(*(reader(pdf_of([f"Lịch tiếp công dân số {n}"])) for n in range(count)))
    return most, told


def test_files_are_read_one_at_a_time() -> None:
    most, told = asyncio.run(_side_by_side(3))
    assert most == 1
    assert [each.text[-1] for each in told] == ["0", "1", "2"]


def test_the_child_is_killed_when_nobody_waits_for_it_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "child_that_says_when.py").write_text(
        "import os, pathlib, time\npathlib.Path('pid').write_text(str(os.getpid()))\ntime.sleep(600)", "utf-8"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    async def cancelled() -> None:
        task = asyncio.create_task(capped.run("child_that_says_when", b"", Caps(seconds=60)))
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text("utf-8"):  # noqa: ASYNC110 - a file is all it can tell
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    pid = int((tmp_path / "pid").read_text("utf-8"))
    if sys.platform == "linux":
        assert not Path(f"/proc/{pid}").exists()
