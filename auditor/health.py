"""How the installation does, as one object: for `auditor status --format json`, and over HTTP for watchers of machines.

    GET /health     200 where nothing needs a person, else 503; JSON either way
    GET /metrics    the same as Prometheus reads it (text exposition format 0.0.4)

Nothing in it is text of a portal, but the units' keys and addresses of portals.yaml and our own words.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from auditor.context import Context
from auditor.crawl import lock
from auditor.errors import InputError
from auditor.messages.digest import Audience
from auditor.messages.matters import matters
from auditor.operations import LastSeen, last_seen, latest_run, recent_runs
from auditor.outcomes import Cause
from auditor.report.remedies import remedy
from auditor.store.runs import Run
from auditor.text import json_text

log = logging.getLogger(__name__)

_NEVER = "never_visited"
_RUNS = 10
_PATIENCE = 10.0  # seconds for one request to be told


@dataclass(frozen=True)
class Problem:
    """What needs a person: one line of cause, one of remedy."""

    about: str
    cause: str
    remedy: str


@dataclass(frozen=True)
class LastVisit:
    """How a unit was last visited; `cause` and `remedy` are None where it was read in full."""

    unit: str
    started: str | None
    outcome: str
    cause: str | None
    remedy: str | None
    items: int


@dataclass(frozen=True)
class LastRun:
    """One of the last runs: "crawl", "audit", "another-attempt", "report", "monthly-report".

    Attributes:
        heartbeat: its last sign of life.
        outcome: "done", "stopped", "failed"; None while it goes on, or where it was killed. detail: why it failed.
    """

    kind: str
    month: str | None
    started: str
    finished: str | None
    heartbeat: str | None
    outcome: str | None
    detail: str


@dataclass(frozen=True)
class Upcoming:
    """When the scheduler is going to work: the next crawl, the next report, and of which month."""

    crawl: str
    report: str
    report_of: str


@dataclass(frozen=True)
class Health:
    """How the installation does at one moment; instants are ISO, UTC.

    Attributes:
        crawl_started, crawl_finished: of the last crawl of all units; `crawl_finished` is None where it was cut off, or
            is going on.
        working: what holds the crawl's lock: "'crawl' has been running since …"; None where nothing does.
        scheduler: the same of the scheduler's lock. upcoming: what it is going to do; None where there is none.
        units: how many units' last visit had each outcome ("never_visited" among them).
        last_complete: per unit, when it was last read in full; None for never.
        oldest_complete: the oldest of those; None where some unit never was.
        visits: per unit. runs: the last ones, newest first.
        disk_free: bytes free where the data folder lies.
        problems: what needs a person, as the operator is told.
    """

    time: str
    crawl_started: str | None
    crawl_finished: str | None
    working: str | None
    scheduler: str | None
    upcoming: Upcoming | None
    units: Mapping[str, int]
    last_complete: Mapping[str, str | None]
    oldest_complete: str | None
    visits: tuple[LastVisit, ...]
    runs: tuple[LastRun, ...]
    disk_free: int
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing needs a person."""
        return not self.problems


def health(context: Context, upcoming: Upcoming | None = None) -> Health:
    """How the installation does now; `upcoming` is what its scheduler says.

    Raises:
        InputError: the database cannot be used.
    """
    seen, run = last_seen(context), latest_run(context, "crawl")
    complete = {one.unit.key: _iso(one.complete.started) if one.complete else None for one in seen}
    told = (each for each in matters(context) if each.audience is Audience.OPERATOR)
    return Health(
        time=_iso(context.now()),
        crawl_started=_iso(run.started) if run else None,
        crawl_finished=_iso(run.finished) if run and run.finished else None,
        working=_holder(context.data.lock),
        scheduler=_holder(context.data.schedule_lock),
        upcoming=upcoming,
        units=dict(Counter(_outcome(unit) for unit in seen)),
        last_complete=complete,
        oldest_complete=None if None in complete.values() else min(filter(None, complete.values()), default=None),
        visits=tuple(map(_visit, seen)),
        runs=tuple(map(_run, recent_runs(context, _RUNS))),
        disk_free=shutil.disk_usage(context.data.root).free,
        problems=tuple(Problem(each.key, each.text, each.remedy) for each in told),
    )


def _holder(place: Path) -> str | None:
    who = lock.holder(place)
    return str(who) if who else None


def _visit(seen: LastSeen) -> LastVisit:
    visit = seen.visit
    cause = visit.cause if visit else Cause.NEVER_VISITED
    return LastVisit(
        seen.unit.key,
        _iso(visit.started) if visit else None,
        _outcome(seen),
        cause.english if cause else None,
        remedy(cause) if cause else None,
        visit.items if visit else 0,
    )


def _run(run: Run) -> LastRun:
    return LastRun(
        run.kind,
        str(run.month) if run.month else None,
        _iso(run.started),
        _iso(run.finished) if run.finished else None,
        _iso(run.heartbeat) if run.heartbeat else None,
        run.outcome.value if run.outcome else None,
        run.detail,
    )


def as_json(found: Health) -> str:
    """The object, as text."""
    return json_text({"ok": found.ok, **asdict(found)}, indent=1)


def as_metrics(found: Health) -> bytes:
    """The same for Prometheus; times as Unix seconds, 0 for never."""
    registry = CollectorRegistry()
    registry.register(_Once(_metrics(found)))
    return generate_latest(registry)


class _Once(Collector):
    """What Prometheus' library asks for its metrics."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = list(metrics)

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _metrics(found: Health) -> Iterator[Metric]:
    yield _gauge("auditor_problems", "What needs a person.", len(found.problems))
    yield _gauge("auditor_crawl_running", "Whether a crawl is going on.", int(found.working is not None))
    yield _gauge("auditor_scheduler_running", "Whether a scheduler runs.", int(found.scheduler is not None))
    beats = [run.heartbeat for run in found.runs if run.heartbeat]
    yield _gauge("auditor_heartbeat_seconds", "The last sign of life of a run.", _seconds(max(beats, default=None)))
    yield _gauge("auditor_crawl_finished_seconds", "When the last crawl ended.", _seconds(found.crawl_finished))
    yield _gauge("auditor_disk_free_bytes", "Free where the data folder lies.", found.disk_free)
    units = GaugeMetricFamily("auditor_units", "Units by the outcome of their last visit.", labels=["outcome"])
    for outcome, count in sorted(found.units.items()):
        units.add_metric([outcome], count)
    yield units
    complete = GaugeMetricFamily("auditor_unit_complete_seconds", "When it was last read in full.", labels=["unit"])
    for unit, instant in sorted(found.last_complete.items()):
        complete.add_metric([unit], _seconds(instant))
    yield complete


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _outcome(seen: LastSeen) -> str:
    return str(seen.visit.outcome) if seen.visit else _NEVER


def _iso(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")


def _seconds(instant: str | None) -> float:
    return datetime.fromisoformat(instant).timestamp() if instant else 0.0


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _PATIENCE

    def do_GET(self) -> None:
        try:
            found = self.server.ask()
        except InputError as error:
            self._fault(str(error))
            return
        except Exception as error:  # noqa: BLE001 - a watcher gets an answer, whatever it is
            log.error("cannot tell how it does: %s: %s", type(error).__name__, error)  # noqa: TRY400 - in one line
            self._fault(f"internal error ({type(error).__name__}): see logs/schedule.log in the data folder")
            return
        if self.path == "/health":
            status = HTTPStatus.OK if found.ok else HTTPStatus.SERVICE_UNAVAILABLE
            self._answer(status, as_json(found).encode())
        elif self.path == "/metrics":
            self._answer(HTTPStatus.OK, as_metrics(found), "text/plain; version=0.0.4; charset=utf-8")
        else:
            self._answer(HTTPStatus.NOT_FOUND, b'{"error": "ask for /health or /metrics"}')

    def _fault(self, told: str) -> None:
        self._answer(HTTPStatus.SERVICE_UNAVAILABLE, json_text({"ok": False, "error": told}).encode())

    def _answer(self, status: HTTPStatus, body: bytes, kind: str = "application/json; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named so by the base class
        """Says nothing: whoever watches asks every few seconds."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, place: tuple[str, int], ask: Callable[[], Health]) -> None:
        super().__init__(place, _Handler)
        self.ask = ask


@contextmanager
def serving(host: str, port: int, ask: Callable[[], Health]) -> Iterator[int]:
    """Answers over HTTP for the body of the `with`; gives the port (a free one where `port` is 0).

    Raises:
        InputError: the place is taken, or not this machine's.
    """
    try:
        server = _Server((host, port), ask)
    except OSError as error:
        raise InputError(f"cannot answer at {host}:{port} ({error.strerror}): choose another --health place") from error
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
