"""The child process: crawls a batch of units side by side and writes one observation file for each.

Called as `python -m auditor.crawl.worker JOB.json`; the job is a JSON object:

    {"portals": "portals.yaml", "units": ["so-noi-vu"], "first_day": "2019-09-19", "output": "data/work"}

With `"unguided": true` the sections that portals.yaml names are left aside, and found anew; with `"platforms": false`
what is known of the portals' families. `"weights"` is the file of the judge in
use. `"missing": {"so-noi-vu": [["url", "title"]]}` names posts to ask
after, if no listing shows them any more. `"keep": "folder"` keeps the pages there, as they were answered. `"evidence":
"folder"` writes a visit's evidence beside its observation, without the bodies that this folder holds already.
`"replay": {"so-noi-vu": "file.warc.gz"}` asks nobody: the units' visits are read again from evidence, and what was
asked for in vain is listed in `UNIT.unkept`. `"ahead": seconds` is how far the caller's clock is ahead of the
machine's.
It never touches the database. SIGTERM ends it; a visit that has not ended by then leaves no file. With
AUDITOR_WATCH_STDIN=1 it also ends when its standard input closes, so that it does not outlive its parent.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler

from auditor import ngrams
from auditor.categories import Category
from auditor.classify import judge
from auditor.crawl import browser
from auditor.crawl.certificates import CERTIFICATES, Certificates
from auditor.crawl.documents import DocumentReader
from auditor.crawl.evidence.files import SUFFIX
from auditor.crawl.evidence.handlers import RECORDER, REPLAY
from auditor.crawl.evidence.recorder import Recorder
from auditor.crawl.evidence.replay import Replay
from auditor.crawl.kept import PageKeeper
from auditor.crawl.resolving import named_hosts
from auditor.crawl.settings import guarded, replayed, settings_for
from auditor.errors import InputError
from auditor.files import write_atomic
from auditor.observation import Landmark, Missing, Observation
from auditor.outcomes import Cause, Outcome
from auditor.portals import Jurisdiction, Unit, load
from auditor.reading.addresses import host_of
from auditor.text import harmless, printable
from spiders.clock import Clock
from spiders.landmarks import compared
from spiders.portal import PortalSpider

logger = logging.getLogger(__name__)

SECONDS_PER_UNIT = 1200.0
"""The longest visit to one unit."""
_GRACE = 10.0
_LONGEST_LINE = 2000


@dataclass(frozen=True)
class Job:
    """What one worker is to do."""

    jurisdiction: Jurisdiction
    units: tuple[Unit, ...]
    first_day: date
    output: Path
    weights: Path = ngrams.FILE
    keep: Path | None = None
    evidence: Path | None = None
    replay: Mapping[str, Path] = field(default_factory=dict)
    missing: Mapping[str, tuple[Missing, ...]] = field(default_factory=dict)
    landmarks: Mapping[str, tuple[Landmark, ...]] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)

    @classmethod
    def read(cls, path: Path) -> Job:
        """Reads a job file.

        Raises:
            InputError: it is damaged, or names a unit that portals.yaml does not have.
        """
        try:
            record = json.loads(path.read_text("utf-8"))
            jurisdiction = load(Path(record["portals"]))
            units = tuple(jurisdiction.unit(key) for key in record["units"])
            if record.get("unguided"):
                units = tuple(replace(unit, section=None, sections={}) for unit in units)
            if not record.get("platforms", True):
                units = tuple(replace(unit, platform="generic") for unit in units)
            return cls(
                jurisdiction,
                units,
                date.fromisoformat(record["first_day"]),
                Path(record["output"]),
                weights=Path(record.get("weights") or ngrams.FILE),
                keep=Path(record["keep"]) if record.get("keep") else None,
                evidence=Path(record["evidence"]) if record.get("evidence") else None,
                replay={key: Path(file) for key, file in (record.get("replay") or {}).items()},
                missing={key: _missing(posts) for key, posts in (record.get("missing") or {}).items()},
                landmarks={key: landmarks_of(parts) for key, parts in (record.get("landmarks") or {}).items()},
                clock=Clock(timedelta(seconds=record.get("ahead") or 0)),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path} is not a job for a worker: {error!r}") from error


def _missing(posts: Sequence[Sequence[str]]) -> tuple[Missing, ...]:
    return tuple(Missing(url, title) for url, title in posts)


def landmarks_of(parts: Sequence[Mapping[str, Any]]) -> tuple[Landmark, ...]:
    """Parts of a section as a job, or evidence, tells of them."""
    return tuple(
        Landmark(
            str(each["listing"]),
            str(each["label"]),
            Category(each["category"]) if each["category"] else None,
            int(each["rows"]),
        )
        for each in parts
    )


def run(job: Job) -> int:
    """Crawls the job's units; returns how many observations could not be written."""
    job.output.mkdir(parents=True, exist_ok=True)
    process = AsyncCrawlerProcess(guarded(job.jurisdiction), install_root_handler=False)
    chains: dict[str, list[Unit]] = defaultdict(list)
    for unit in job.units:
        chains[host_of(unit.url)].append(unit)  # one request at a time per host, whoever its tenants are
    missing = list(job.units)
    read_document = DocumentReader()
    for chain in chains.values():
        _start_chain(process, job, chain, missing, read_document)
    process.start(install_signal_handlers=True)
    return len(missing)


def _start_chain(
    process: AsyncCrawlerProcess, job: Job, chain: Sequence[Unit], missing: list[Unit], read_document: DocumentReader
) -> None:
    """Starts the first unit of a host; each following one starts when the one before it has ended."""
    unit, *others = chain
    lacking = _lacking(job, unit)
    if lacking is not None:
        lacking.write(job.output / f"{unit.key}.json")
        missing.remove(unit)
        if others:
            _start_chain(process, job, others, missing, read_document)
        return
    crawler = process.create_crawler(PortalSpider)
    answers = _Answers.of(job, unit)
    crawler.settings.update(answers.settings, priority="cmdline")
    task = process.crawl(
        crawler,
        unit=unit,
        zone=job.jurisdiction.timezone,
        first_day=answers.first_day,
        seconds=SECONDS_PER_UNIT,
        read_document=read_document,
        decide=lambda title: judge(job.weights).classify(title),
        keep=PageKeeper(job.keep) if job.keep else None,
        clock=answers.clock,
        missing=answers.missing,
    )

    def finished(done: asyncio.Task[None]) -> None:
        if not done.cancelled() and done.exception() is not None:
            logger.error("%s: the visit broke off", unit.key, exc_info=done.exception())
        elif _write(crawler, answers, job.output / f"{unit.key}.json"):
            missing.remove(unit)
        if others:
            _start_chain(process, job, others, missing, read_document)

    task.add_done_callback(finished)


@dataclass(frozen=True)
class _Answers:
    """Where a visit's answers come from, and where they are kept."""

    settings: Mapping[str, Any]
    first_day: date
    clock: Clock
    certificates: Certificates
    recorder: Recorder | None = None
    replay: Replay | None = None
    missing: tuple[Missing, ...] = ()
    landmarks: tuple[Landmark, ...] = ()

    @classmethod
    def of(cls, job: Job, unit: Unit) -> _Answers:
        """Raises: LostError: the evidence to be read is missing or damaged."""
        if unit.key in job.replay:
            replay = Replay(job.replay[unit.key])
            settings = {**replayed(unit, job.jurisdiction), REPLAY: replay}
            return cls(
                settings,
                replay.first_day,
                replay.clock,
                replay=replay,
                certificates=replay.certificates,
                missing=_missing(replay.missing),
                landmarks=landmarks_of(replay.landmarks),
            )
        recorder = None
        if job.evidence:
            place = job.output / f"{unit.key}{SUFFIX}"
            recorder = Recorder(place, unit.key, job.evidence / unit.key, job.clock.now)
        certificates = Certificates(named_hosts([unit]))
        settings = {**settings_for(unit, job.jurisdiction), RECORDER: recorder, CERTIFICATES: certificates}
        return cls(
            settings,
            job.first_day,
            job.clock,
            certificates,
            recorder,
            missing=job.missing.get(unit.key, ()),
            landmarks=job.landmarks.get(unit.key, ()),
        )

    @property
    def certificate(self) -> Cause | None:
        """What is wrong with the certificate of a portal that is read all the same."""
        return self.certificates.fault

    def close(self, observation: Observation, path: Path) -> None:
        """Puts the evidence in its place, before the observation that it supports."""
        if self.recorder is not None:
            missing = [[post.url, post.title] for post in self.missing]
            landmarks = [asdict(part) for part in self.landmarks]
            asked = {"missing": missing, "landmarks": landmarks}
            self.recorder.finish({**_told(observation), **{name: told for name, told in asked.items() if told}})
        if self.replay is not None and self.replay.unkept:
            write_atomic(path.with_suffix(".unkept"), "".join(f"{each}\n" for each in self.replay.unkept))


def _told(observation: Observation) -> dict[str, object]:
    """What the evidence says of its visit as a whole."""
    names = ("unit", "started", "finished", "first_day", "outcome", "cause", "detail", "requests", "certificate")
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name in names
        if (value := getattr(observation, name)) is not None
    }


def _lacking(job: Job, unit: Unit) -> Observation | None:
    """The observation of a unit that this machine cannot read: our fault, not the unit's. None of any other."""
    lacking = browser.missing() if unit.render and unit.key not in job.replay else ""
    if not lacking:
        return None
    now = job.clock.now()
    return Observation(unit.key, now, now, job.first_day, Outcome.FAILED, Cause.NO_BROWSER, f"{unit.url}: {lacking}")


def _write(crawler: Crawler, answers: _Answers, path: Path) -> bool:
    spider = crawler.spider
    if not isinstance(spider, PortalSpider) or not spider.ended:
        return False
    observation = replace(compared(spider.observation, answers.landmarks), certificate=answers.certificate)
    try:
        answers.close(observation, path)
        observation.write(path)
    except OSError as error:  # a full disk: the parent tells, the other units go on
        logger.error("%s: the visit cannot be written down: %s", spider.unit.key, error)  # noqa: TRY400
        return False
    logger.info("%s: %s", spider.unit.key, observation.outcome)
    return True


def _end_with_parent() -> None:
    """Ends this process when its standard input closes: the parent is gone."""

    def watch() -> None:
        while os.read(0, 1024):  # not sys.stdin: a thread that waits in it holds its lock while the interpreter ends
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_GRACE)
        os._exit(1)  # the reactor is stuck

    threading.Thread(target=watch, daemon=True).start()


class _Harmless(logging.Formatter):
    """What a portal put into a message starts no line of its own, and no terminal obeys it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - named so by the base class
        """The line, of which a traceback is no part."""
        record.message = printable(record.message, _LONGEST_LINE)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: ANN401, N802 - as above
        """A traceback, indented: no line of it looks like one of ours."""
        lines = super().formatException(ei).splitlines()
        return "\n".join("    " + harmless(line) for line in lines)


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Harmless("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one job; the exit status is 0 when every unit's observation was written."""
    arguments = sys.argv[1:] if arguments is None else arguments
    _log_to_stderr()
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m auditor.crawl.worker JOB.json\n")
        return 2
    if os.environ.get("AUDITOR_WATCH_STDIN") == "1":
        _end_with_parent()
    os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""  # a cookie would fetch the list; its own copy serves as well
    try:
        return 1 if run(Job.read(Path(arguments[0]))) else 0
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
