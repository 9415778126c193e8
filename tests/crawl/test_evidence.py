"""What portals answer is kept as WARC, and a visit read again from it is the same visit, byte for byte."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from OpenSSL import SSL
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, IgnoreRequest
from scrapy.http import HtmlResponse, Response
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from auditor.crawl.evidence import faults
from auditor.crawl.evidence.entries import Kind
from auditor.crawl.evidence.extract import LARGEST, extract
from auditor.crawl.evidence.files import LostError, Shelf, facts_of, files_in, index_of, records
from auditor.crawl.evidence.manifest import complete, digests, sha256_of
from auditor.crawl.evidence.recorder import Recorder
from auditor.crawl.evidence.replay import Replay
from auditor.crawl.evidence.verify import faults_of
from auditor.errors import InputError
from auditor.observation import Observation
from auditor.outcomes import Cause, Outcome
from spiders.fetching import cause_of
from tests.spiders.lab import FIRST_DAY, Answer, Portal, serving
from tests.spiders.test_portal import at, refused_url

ROOT = Path(__file__).parents[2]
FACTS = {
    "unit": "x",
    "started": datetime(2019, 11, 20, 1, tzinfo=UTC).isoformat(),
    "finished": datetime(2019, 11, 20, 2, tzinfo=UTC).isoformat(),
    "first_day": "2019-09-19",
}
PAGE = "http://x.gov.vn/tin?a=1"


def answer(body: bytes, url: str = PAGE, **headers: str) -> Response:
    return Response(url, headers={"Content-Type": "text/html", **headers}, body=body)


def keep(file: Path, *exchanges: tuple[Request, Response | Exception], largest: int = 1 << 30) -> Path:
    file.parent.mkdir(exist_ok=True)
    recorder = Recorder(file, "x", file.parent, largest=largest)
    for request, came in exchanges:
        if isinstance(came, Response):
            recorder.answered(request, came)
        else:
            recorder.failed(request, came)
    recorder.finish(FACTS)
    return file


@pytest.mark.parametrize("name", ["2019-11-20-080000.warc.gz"])
def test_what_was_kept_is_a_warc_that_others_can_read(tmp_path: Path, name: str) -> None:
    file = keep(tmp_path / name, (Request(PAGE), answer(b"<p>Xin ch\xc3\xa0o</p>")), (Request(PAGE), answer(b"")))
    with file.open("rb") as opened:
        found = [(record.rec_type, record.rec_headers.protocol) for record in ArchiveIterator(opened)]
    assert found == [
        ("warcinfo", "WARC/1.1"),
        *[("response", "WARC/1.1"), ("request", "WARC/1.1")] * 2,
        ("metadata", "WARC/1.1"),
    ]
    checker = Checker(type("Options", (), {"inputs": [str(file)], "verbose": False})())
    checker.process_all()
    assert checker.exit_value == 0
    assert all(record.is_whole for record in records(file))
    assert not list(tmp_path.glob(".*"))


@given(body=st.binary(max_size=200), posted=st.binary(max_size=20), status=st.sampled_from([200, 404, 503, 799]))
def test_any_answer_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, posted: bytes, status: int
) -> None:
    folder = tmp_path_factory.mktemp("kept")
    request = Request(PAGE, method="POST" if posted else "GET", body=posted)
    given = Response(PAGE, status, {"Content-Type": "text/html", "Set-Cookie": ["a=1", "b=2"]}, body)
    for name in ("2019-11-20-080000", "2019-11-21-080000"):
        file = keep(folder / f"{name}.warc.gz", (request, given))
        back = Replay(file).answer(request.copy())
        assert (back.status, back.body, back.headers) == (status, body, given.headers)
        assert type(back) is HtmlResponse


def test_a_second_night_keeps_what_differs(tmp_path: Path) -> None:
    first, second = b"<html>" + os.urandom(4000), b"<html>" + os.urandom(4000)
    one = keep(tmp_path / "2019-11-20-080000.warc.gz", (Request(PAGE), answer(first, Date="today")))
    two = keep(
        tmp_path / "2019-11-21-080000.warc.gz",
        (Request(PAGE), answer(first, Date="tomorrow")),
        (Request(PAGE, cookies={"s": "1"}), answer(first, Server="other")),
        (Request(PAGE), answer(second)),
    )
    assert [entry.kind for entry in index_of(two)] == [Kind.REVISIT, Kind.REVISIT, Kind.RESPONSE]
    replay, shelf = Replay(two), Shelf(tmp_path)
    assert [replay.answer(Request(PAGE)).body for _ in range(4)] == [first, first, second, second]
    assert [replay.answer(Request(PAGE)).headers.get("Server") for _ in range(1)] == [None]
    assert shelf.whole(two, index_of(two)[1])[0].count(b"Server: other") == 1
    assert shelf.holder(two, index_of(two)[0]) == one
    one.unlink()
    with pytest.raises(LostError, match="in none of the unit's files"):
        Shelf(tmp_path).whole(two, index_of(two)[0])


def test_nothing_is_asked_for_twice_differently(tmp_path: Path) -> None:
    def post(text: str) -> Request:
        return Request(PAGE, method="POST", body=text)

    file = keep(tmp_path / "a.warc.gz", (post("page=2"), answer(b"two")), (post("page=3"), answer(b"three")))
    replay = Replay(file)
    assert [replay.answer(post(f"page={number}")).body for number in (3, 2)] == [b"three", b"two"]
    with pytest.raises(IgnoreRequest, match="not in the evidence"):
        replay.answer(Request(PAGE))
    assert replay.unkept == [f"GET {PAGE}"]


def _tls() -> Exception:
    fault = DownloadFailedError("[<Failure>]")
    fault.__cause__ = SSL.Error([("SSL routines", "", "certificate verify failed")])
    return fault


@pytest.mark.parametrize(
    "fault", [CannotResolveHostError("no such host 'ờ'"), _tls(), OSError(104, "reset"), ValueError("odd")]
)
def test_a_fault_comes_back_as_it_was(tmp_path: Path, fault: Exception) -> None:
    file = keep(tmp_path / "a.warc.gz", (Request(PAGE), fault))
    with pytest.raises(Exception) as raised:  # noqa: PT011 - which one is what is asked
        Replay(file).answer(Request(PAGE))
    assert str(raised.value) == str(fault)
    assert isinstance(raised.value, type(fault))
    assert cause_of(raised.value) is cause_of(fault)


def test_a_fault_of_an_unknown_kind_is_a_failed_download() -> None:
    assert isinstance(faults.again({"kinds": ["x.Strange"], "text": "?", "from": []}), DownloadFailedError)


def test_what_a_full_file_leaves_out_is_never_taken_for_an_answer(tmp_path: Path) -> None:
    file = keep(tmp_path / "a.warc.gz", (Request(PAGE), answer(b"x" * 5000)), largest=2000)
    assert [entry.kind for entry in index_of(file)] == [Kind.LEFT]
    replay = Replay(file)
    with pytest.raises(IgnoreRequest):
        replay.answer(Request(PAGE))
    assert replay.unkept


def test_a_disk_that_fails_ends_the_keeping_and_not_the_visit(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "gone" / "a.warc.gz", "x")
    recorder.answered(Request(PAGE), answer(b"x"))
    recorder.finish(FACTS)
    assert list(tmp_path.iterdir()) == []


@given(cut=st.integers(0, 3000), flip=st.integers(0, 3000))
def test_a_damaged_file_is_told_and_never_misread(
    tmp_path_factory: pytest.TempPathFactory, cut: int, flip: int
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    file = keep(folder / "a.warc.gz", (Request(PAGE), answer(os.urandom(900))), (Request(PAGE), answer(b"two")))
    kept = file.read_bytes()
    broken = bytearray(kept[: max(1, len(kept) - cut)])
    broken[flip % len(broken)] ^= 0x55
    file.write_bytes(bytes(broken))
    try:
        whole = all(record.is_whole for record in records(file)) and facts_of(file) == FACTS
    except LostError:
        return
    # What gzip does not check are its own header's time and system.
    assert not whole or len(list(records(file))) == 6


HOSTILE = [
    "http://x.gov.vn/../../etc/passwd",
    "http://x.gov.vn/" + "a" * 5000,
    "http://x.gov.vn/%00%2e%2e%2f~.desktop?=",
    "http://x.gov.vn/CON",
]


def test_extracted_files_have_names_of_our_own_and_bodies_as_they_were(tmp_path: Path) -> None:
    packed = gzip.compress(b"<p>plain</p>")
    bomb = gzip.compress(b"0" * (LARGEST + 1))
    exchanges = [(Request(url), answer(b"text", url)) for url in HOSTILE]
    exchanges += [
        (Request(PAGE), answer(packed, **{"Content-Encoding": "gzip"})),
        (Request(PAGE), answer(bomb, **{"Content-Encoding": "gzip", "Content-Type": "text/x-\u202efdp"})),
    ]
    file = keep(tmp_path / "unit" / "a.warc.gz", *exchanges)
    found = extract(tmp_path / "out", [(file, entry) for entry in index_of(file)], Shelf(file.parent))
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"index.json", "index.html", *(each.name for each in found)}
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert page.count('target="view"') == len(found)
    assert not [sign for sign in ("\u202e", "<script", "\x1b") if sign in page]
    assert len(names) == len(exchanges) + 2
    assert all(re.fullmatch(r"[0-9]{4}-[a-z0-9-]{1,60}\.(html|bin)", each.name) for each in found)
    bodies = [(tmp_path / "out" / each.name).read_bytes() for each in found]
    assert bodies == [b"text"] * len(HOSTILE) + [b"<p>plain</p>", bomb]
    with pytest.raises(InputError, match="is not empty"):
        extract(tmp_path / "out", [], Shelf(file.parent))


def test_a_manifest_goes_on_after_a_crash_and_first_lines_stand(tmp_path: Path) -> None:
    file = keep(tmp_path / "unit" / "2019-11-20-080000.warc.gz", (Request(PAGE), answer(b"one")))
    manifest = tmp_path / "2019-12.sha256"
    manifest.write_text("0123  unit/2019-11-19-08")
    assert complete(tmp_path, lambda _day: "2019-12") == 1
    assert complete(tmp_path, lambda _day: "2019-12") == 0
    told = manifest.read_text().splitlines()
    assert told == [f"{sha256_of(file)}  unit/{file.name}"], "the half line names nothing"
    with manifest.open("a") as more:
        more.write(f"{'0' * 64}  unit/{file.name}\n")
    assert digests(tmp_path)[f"unit/{file.name}"] == sha256_of(file)
    assert faults_of(file, Shelf(file.parent), digests(tmp_path)) == []


# --- the real worker


class Nights:
    """The real worker over portals, night after night, as the parent would run it."""

    def __init__(self, folder: Path, urls: dict[str, str]) -> None:
        self.folder = folder
        self.keys = list(urls)
        units = "".join(
            f"  - {{key: {key}, name: Đơn vị, level: department, url: '{url}', crawl: {{delay: 0, timeout: 2}}}}\n"
            for key, url in urls.items()
        )
        (folder / "portals.yaml").write_text(
            f"jurisdiction: {{name: tỉnh Thử, office: Văn phòng}}\nperiod: {{cutoff_day: 18}}\nunits:\n{units}", "utf-8"
        )

    def run(self, name: str, **options: object) -> dict[str, bytes]:
        """One night's observations, as files."""
        job = self.folder / f"{name}.job"
        record = {"portals": str(self.folder / "portals.yaml"), "units": self.keys, "first_day": str(FIRST_DAY)}
        job.write_text(json.dumps({**record, "output": str(self.folder / name), **options}))
        done = subprocess.run(
            [sys.executable, "-m", "auditor.crawl.worker", str(job)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return {file.stem: file.read_bytes() for file in (self.folder / name).glob("*.json")}

    def evidence(self, name: str) -> dict[str, str]:
        return {key: str(self.folder / name / f"{key}.warc.gz") for key in self.keys}


PORTALS: dict[str, Callable[[], Portal]] = {
    "well": Portal,
    "undated": lambda: Portal(dated=False),
    "page-lost": lambda: Portal(newest=date(2019, 12, 1), play=at("/lich/page-2/", Answer("error", 500))),
    "breaks-off": lambda: Portal(play=at("/tiep-cong-dan/", Answer(drop=True))),
    "later": lambda: Portal(
        play=lambda path, nth: Answer("", 503, {"Retry-After": "1"}) if path == "/" and not nth else None
    ),
}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Nights, dict[str, bytes]]:
    with serving({key: make() for key, make in PORTALS.items()}) as sites:
        urls = {**{key: site.url for key, site in sites.items()}, "refuses": refused_url()}
        nights = Nights(tmp_path_factory.mktemp("nights"), urls)
        missing = {"well": [[f"{urls['well']}lich-cu/1.html", "Lịch tiếp công dân cũ"]]}
        seen = nights.run("first", evidence=str(nights.folder / "none"), missing=missing)
    assert [check["presence"] for check in json.loads(seen["well"])["checks"]] == ["gone"]
    return nights, seen


def test_a_visit_read_again_from_its_evidence_is_the_same_byte_for_byte(
    night: tuple[Nights, dict[str, bytes]],
) -> None:
    nights, seen = night
    again = nights.run("again", replay=nights.evidence("first"))
    for key, kept in seen.items():
        assert again[key] == kept, key
        assert not (nights.folder / "again" / f"{key}.unkept").exists()
    outcomes = {key: Observation.from_json(kept.decode()).outcome for key, kept in seen.items()}
    assert outcomes["well"] is outcomes["later"] is Outcome.COMPLETE
    assert outcomes["page-lost"] is Outcome.PARTIAL
    assert outcomes["refuses"] is Outcome.UNREACHABLE


def test_a_visit_without_any_answer_leaves_its_cause(night: tuple[Nights, dict[str, bytes]]) -> None:
    nights, _ = night
    file = Path(nights.evidence("first")["refuses"])
    assert {entry.kind for entry in index_of(file)} == {Kind.FAULT}
    assert facts_of(file)["cause"] == Cause.REFUSED


def test_what_the_evidence_lacks_is_listed(night: tuple[Nights, dict[str, bytes]]) -> None:
    nights, _ = night
    poor = nights.folder / "poor.warc.gz"
    keep(poor)
    nights.run("lacking", replay={"well": str(poor)}, units=["well"])
    asked = (nights.folder / "lacking" / "well.unkept").read_text()
    assert asked.startswith("GET http://127.0.0.1:")


def test_every_answer_of_a_visit_is_in_its_evidence(night: tuple[Nights, dict[str, bytes]]) -> None:
    nights, seen = night
    for key, file in nights.evidence("first").items():
        assert len(index_of(Path(file))) == Observation.from_json(seen[key].decode()).requests, key
        assert facts_of(Path(file))["unit"] == key
    assert files_in(nights.folder / "first")
    assert BytesIO(Path(file).read_bytes()).read(2) == b"\x1f\x8b"
