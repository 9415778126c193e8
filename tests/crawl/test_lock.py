import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.crawl import lock
from auditor.errors import InputError

SINCE = datetime(2019, 11, 18, 18, 0, tzinfo=UTC)

HOLDER = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from auditor.crawl import lock
with lock.hold(Path(sys.argv[1]), "crawl", datetime(2019, 11, 18, 18, tzinfo=UTC)):
    print("held", flush=True)
    time.sleep(3600)
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "data" / "crawl.lock"


def test_the_second_is_told_who_is_first(place: Path) -> None:
    with lock.hold(place, "crawl so-noi-vu", SINCE):
        expected = (
            rf"'crawl so-noi-vu' has been running since 2019-11-18T18:00:00\+00:00 \(process {os.getpid()}\): wait"
        )
        with pytest.raises(lock.BusyError, match=expected), lock.hold(place, "crawl", SINCE):
            pytest.fail("two held it")
        assert lock.holder(place) == lock.Holder(os.getpid(), "2019-11-18T18:00:00+00:00", "crawl so-noi-vu")


def test_who_ends_leaves_nothing(place: Path) -> None:
    assert lock.holder(place) is None
    with pytest.raises(ZeroDivisionError), lock.hold(place, "crawl", SINCE):
        raise ZeroDivisionError
    assert lock.holder(place) is None
    with lock.hold(place, "schedule", SINCE):
        assert str(lock.holder(place)).startswith("'schedule' has been")


def test_a_killed_holder_keeps_nothing(place: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(place)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        named = lock.holder(place)
        assert named
        assert named.pid == process.pid
        process.send_signal(signal.SIGKILL)
    assert lock.holder(place) is None, "although its card is still there"
    with lock.hold(place, "crawl", SINCE):
        assert str(lock.holder(place)).endswith(f"(process {os.getpid()})")


def test_a_holder_without_a_card_still_holds(place: Path) -> None:
    with lock.hold(place, "crawl", SINCE):
        place.with_suffix(".holder.json").write_text('{"pid":', "utf-8")
        with pytest.raises(lock.BusyError, match="another process holds"), lock.hold(place, "crawl", SINCE):
            pytest.fail("two held it")


def test_a_folder_that_cannot_be_made_is_refused_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = pytest.raises(InputError, match=r"cannot write to .*file \(File exists\): choose another --data folder")
    with refused, lock.hold(tmp_path / "file" / "crawl.lock", "crawl", SINCE):
        pytest.fail("held")
