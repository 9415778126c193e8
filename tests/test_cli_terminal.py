import logging
from collections.abc import Iterator

import pytest

from auditor.cli.options import Options
from auditor.cli.running import Lines, visit_line
from auditor.cli.terminal import Terminal, log_to_terminal
from auditor.context import Visited
from auditor.outcomes import Cause, Outcome
from auditor.portals import Level, Unit

UNIT = Unit(key="so-noi-vu", name="Sở Nội vụ", level=Level.DEPARTMENT, url="http://snv.example.gov.vn/")
SEEN = Visited(UNIT, Outcome.COMPLETE, None, "", 12, 3)
Captured = pytest.CaptureFixture[str]


def pretend_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Called by the test, not by a fixture: between the two, pytest changes the streams."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)


def crawl(lines: Lines) -> None:
    lines.begin(2)
    lines.visited(SEEN)
    lines.end()


def test_lines_push_the_status_line_down(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    pretend_terminal(monkeypatch)
    crawl(Lines.as_result(Options()))
    out, err = capsys.readouterr()
    assert out == f"{visit_line(SEEN)}\n"
    wipe = "\r\x1b[K"
    none, one = f"[{26 * '.'}] 0 of 2 units visited ...", f"[{13 * '#'}{13 * '.'}] 1 of 2 units visited ..."
    assert err == f"{wipe}{none}{wipe}{none}{wipe}{one}{wipe}"


def test_a_narrow_terminal_gets_a_status_line_it_can_wipe(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    pretend_terminal(monkeypatch)
    monkeypatch.setenv("COLUMNS", "20")
    Terminal().status("0 of 26 units visited ...")
    assert capsys.readouterr().err == "\r\x1b[K0 of 26 units visit"


def test_a_pipe_gets_plain_lines(capsys: Captured) -> None:
    crawl(Lines.as_progress(Options()))
    assert capsys.readouterr() == ("", f"{visit_line(SEEN)}\n")


def test_quiet_leaves_results_only(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    pretend_terminal(monkeypatch)
    crawl(Lines.as_result(Options(quiet=True)))
    crawl(Lines.as_progress(Options(quiet=True)))
    assert capsys.readouterr() == (f"{visit_line(SEEN)}\n", "")


@pytest.mark.parametrize(
    ("visited", "line"),
    [
        (SEEN, "complete          12 items, 3 new"),
        (Visited(UNIT, Outcome.COMPLETE, None, "", 0, 0), "complete          0 items, 0 new"),
        (
            Visited(UNIT, Outcome.PARTIAL, Cause.LISTING_LOST, "http://a/\x1b[2J?page=2: 500\n", 4, 0),
            "partial           a listing page could not be read; http://a/[2J?page=2: 500; 4 items, 0 new",
        ),
        (
            Visited(UNIT, Outcome.UNREACHABLE, Cause.DNS, "a: the host name does not resolve", 0, 0),
            "unreachable       a: the host name does not resolve",
        ),
    ],
)
def test_a_visit_is_one_harmless_line(visited: Visited, line: str) -> None:
    assert visit_line(visited) == f"{'so-noi-vu':<24} {line}"


@pytest.fixture
def _logger_put_back() -> Iterator[None]:
    logger = logging.getLogger("auditor")
    before = list(logger.handlers), logger.level
    yield
    logger.handlers[:], level = before
    logger.setLevel(level)


@pytest.mark.usefixtures("_logger_put_back")
@pytest.mark.parametrize(("quiet", "shown"), [(False, "WARNING: slow\nERROR: lost\n"), (True, "ERROR: lost\n")])
def test_warnings_are_shown_unless_quiet(capsys: Captured, quiet: bool, shown: str) -> None:  # noqa: FBT001
    log_to_terminal(Options(terminal=Terminal(), quiet=quiet))
    logger = logging.getLogger("auditor.crawl.anything")
    logger.info("read")
    logger.warning("slow")
    logger.error("lost")
    assert capsys.readouterr().err == shown
