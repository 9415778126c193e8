import json
import logging
from pathlib import Path

import pytest

from auditor import logs
from auditor.errors import InputError


@pytest.fixture
def logger() -> logging.Logger:
    made = logging.Logger("auditor.test")  # noqa: LOG001 - of this test alone
    made.setLevel(logging.INFO)
    return made


def test_a_line_is_one_object_whatever_a_portal_wrote(tmp_path: Path, logger: logging.Logger) -> None:
    file = tmp_path / "logs" / "schedule.log"
    with logs.to_file(file, logger), logs.of_run(7):
        logger.info("crawled %s", "Sở Nội vụ\n{}\x1b[31m\u202e")
        logger.debug("also what no terminal shows")
    logger.warning("after")
    line, _ = file.read_bytes().splitlines()
    assert line.decode().isprintable(), "no control sequence, no change of direction"
    assert "Sở Nội vụ" in line.decode(), "a person reads it too"
    record = json.loads(line)
    assert record["message"] == "crawled Sở Nội vụ\n{}\x1b[31m\u202e"
    assert (record["run"], record["level"], record["logger"]) == (7, "INFO", "auditor.test")
    assert record["time"].endswith("+00:00")
    assert logger.level == logging.INFO


def test_the_file_is_rotated(tmp_path: Path, logger: logging.Logger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_LARGEST", 500)
    with logs.to_file(tmp_path / "schedule.log", logger):
        for number in range(40):
            logger.info("night %d", number)
    files = sorted(tmp_path.iterdir())
    assert len(files) == 10
    assert all(file.stat().st_size <= 500 for file in files)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, logger: logging.Logger) -> None:
    (tmp_path / "logs").touch()
    with pytest.raises(InputError, match="choose another --data folder"), logs.to_file(tmp_path / "logs" / "x", logger):
        pass
