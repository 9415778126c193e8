from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from auditor.categories import Category
from auditor.context import Context
from auditor.errors import InputError
from auditor.messages.digest import Audience, Matter
from auditor.messages.matters import matters, unread_nights
from auditor.messages.telling import preview, tell
from auditor.observation import Coverage, Observation
from auditor.outcomes import Cause, Outcome
from auditor.portals import Unit, load
from auditor.store.database import Database
from auditor.store.ingest import ingest
from auditor.store.queries import Visit
from auditor.store.runs import finish_run, start_run
from tests.installation import context

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST = datetime(2019, 11, 9, 18, 30, tzinfo=UTC)


def visit(night: int, outcome: Outcome, hour: int = 0) -> Visit:
    started = FIRST + timedelta(days=night, hours=hour)
    cause = None if outcome is Outcome.COMPLETE else Cause.DNS
    return Visit(night, "a", started, started, date(2019, 9, 19), outcome, cause, "", 0, 1)


def test_nights_are_counted_since_the_last_full_reading() -> None:
    down, well = Outcome.UNREACHABLE, Outcome.COMPLETE
    assert unread_nights([visit(0, down), visit(1, down)], ZONE) == [visit(0, down), visit(1, down)]
    assert unread_nights([visit(0, down), visit(1, well)], ZONE) == []
    assert unread_nights([visit(0, down), visit(1, well), visit(2, down)], ZONE) == [visit(2, down)]
    assert unread_nights([visit(0, down), visit(0, down, 1)], ZONE) == [visit(0, down, 1)], "two attempts of a night"


def nights(run: Context, count: int, first: datetime) -> Context:
    """The installation after a crawl on each of some nights: units whose key begins with "down" were not reached."""
    run.data.make()
    for night in range(count):
        instant = first + timedelta(days=night)
        run = replace(run, now=partial(_same, instant))
        with Database.open(run.database) as database, database.transaction() as session:
            number = start_run(session, "crawl", run.open_month, instant)
            for unit in run.jurisdiction.units:
                ingest(session, run.jurisdiction, seen(unit, instant), run=number, source="", classifier=run.classifier)
            finish_run(session, number, instant)
    return run


def seen(unit: Unit, instant: datetime) -> Observation:
    down = unit.key.startswith("down")
    outcome, cause = (Outcome.UNREACHABLE, Cause.DNS) if down else (Outcome.COMPLETE, None)
    whole = [
        Coverage(f"http://a/{each}", each.value, each, 1, complete=True, whole=True, empty=True) for each in Category
    ]
    return Observation(
        unit.key,
        instant,
        instant,
        FIRST.date() - timedelta(days=80),
        outcome,
        cause,
        listings=() if down else tuple(whole),
    )


def _same(instant: datetime) -> datetime:
    return instant


def of(found: list[Matter], audience: Audience) -> dict[str, Matter]:
    return {each.key: each for each in found if each.audience is audience}


def test_the_operator_hears_of_a_portal_after_two_nights(tmp_path: Path) -> None:
    run = nights(context(tmp_path, "good-a", "down-b"), 1, FIRST)
    assert "unit down-b" not in of(list(matters(run)), Audience.OPERATOR)
    run = nights(run, 1, FIRST + timedelta(days=1))
    told = of(list(matters(run)), Audience.OPERATOR)
    assert "the host name does not resolve" in told["unit down-b"].text
    assert told["unit down-b"].remedy
    assert "unit good-a" not in told
    assert "night" not in told
    assert "night" in of(list(matters(replace(run, now=lambda: FIRST + timedelta(days=4)))), Audience.OPERATOR)


def test_the_clerk_hears_in_time_who_has_posted_nothing(tmp_path: Path) -> None:
    run = nights(context(tmp_path, "good-a"), 1, FIRST)  # 10 November: the cut-off is on the 18th
    assert of(list(matters(run)), Audience.CLERK) == {}
    run = nights(run, 1, FIRST + timedelta(days=2))
    (matter,) = of(list(matters(run)), Audience.CLERK).values()
    assert matter.key == "empty 2019-11 good-a"
    assert "18/11/2019" in matter.text


def test_the_clerk_hears_of_schedules_that_are_not_up_five_working_days_ahead(tmp_path: Path) -> None:
    run = nights(context(tmp_path, "good-a"), 1, datetime(2019, 11, 24, 18, 30, tzinfo=UTC))  # Monday the 25th
    assert not any(key.startswith("schedule") for key in of(list(matters(run)), Audience.CLERK))
    run = nights(run, 1, datetime(2019, 11, 25, 18, 30, tzinfo=UTC))
    assert "schedule 2019-12 good-a" in of(list(matters(run)), Audience.CLERK)


def test_nobody_is_to_remind_a_unit_that_is_no_more(tmp_path: Path) -> None:
    run = nights(context(tmp_path, "good-a", "good-b"), 1, datetime(2019, 11, 25, 18, 30, tzinfo=UTC))
    run = with_last_day(run, "good-a", date(2019, 11, 30))
    asked = of(list(matters(run)), Audience.CLERK)
    assert {key for key in asked if key.startswith("schedule")} == {"schedule 2019-12 good-b"}
    run = nights(run, 1, datetime(2019, 12, 11, 18, 30, tzinfo=UTC))
    asked = of(list(matters(run)), Audience.CLERK)
    assert {key for key in asked if key.startswith("empty")} == {"empty 2019-12 good-b"}


def with_last_day(run: Context, key: str, day: date) -> Context:
    units = tuple(replace(unit, valid_to=day) if unit.key == key else unit for unit in run.jurisdiction.units)
    return replace(run, jurisdiction=replace(run.jurisdiction, units=units))


def test_a_night_without_news_sends_nothing(tmp_path: Path) -> None:
    run = nights(context(tmp_path, "good-a", "down-b"), 2, FIRST - timedelta(days=3))
    assert [len(each.digest.news) for each in tell(run, {})] == [1, 0]
    (file,) = run.data.messages.glob("*.txt")
    assert file.name == "2019-11-08-operator.txt"
    assert "down-b" in file.read_text("utf-8")
    run = nights(run, 1, FIRST - timedelta(days=1))
    deliveries = tell(run, {})
    assert [(len(each.digest.news), each.digest.going_on) for each in deliveries] == [(0, 1), (0, 0)]
    assert list(run.data.messages.glob("*.txt")) == [file]
    assert len(preview(run)[0].news) == 1, "who asks is shown everything"


def test_what_a_channel_did_not_take_is_told_the_next_time(tmp_path: Path) -> None:
    run = nights(context(tmp_path, "down-b"), 2, FIRST)
    closed = {"AUDITOR_WEBHOOK_OPERATOR": "http://127.0.0.1:9/hook"}
    for _ in range(2):
        file, hook = (each for each in tell(run, closed) if each.channel.startswith("operator"))
        assert (file.fault, bool(hook.fault), len(hook.digest.news)) == ("", True, 1)
    assert [each.key for each in file.digest.news] == ["channel operator webhook"]


def test_a_damaged_record_is_put_aside_and_what_goes_on_is_told_once_more(tmp_path: Path) -> None:
    run = nights(context(tmp_path, "down-b"), 2, FIRST)
    tell(run, {})
    (run.data.messages / "told.json").write_text("[1]")
    assert [len(each.digest.news) for each in tell(run, {})] == [1, 0]
    assert (run.data.messages / "told.damaged.json").read_text() == "[1]"
    assert not any(each.digest for each in tell(run, {}))


def test_a_channel_that_takes_nothing_is_told_through_the_others_and_so_is_its_recovery(tmp_path: Path) -> None:
    run = nights(context(tmp_path, "down-b"), 2, FIRST)
    wrong = {"AUDITOR_WEBHOOK_CLERK": "no address"}
    faults = {each.channel: each.fault for each in tell(run, wrong) if each.fault}
    assert list(faults) == ["clerk webhook"], "told also where there is no news"
    (news,) = tell(run, wrong)[0].digest.news
    assert news.text == f"a message was not taken: {faults['clerk webhook']}"
    assert not any(each.digest for each in tell(run, wrong)), "once"
    tell(run, {})
    assert tell(run, {})[0].digest.ended == ("clerk webhook takes messages again",)


def test_crawls_that_are_cut_off_night_after_night_are_told(tmp_path: Path) -> None:
    run = nights(context(tmp_path, "good-a"), 1, FIRST)
    for night in range(1, 4):
        with Database.open(run.database) as database, database.transaction() as session:
            start_run(session, "crawl", run.open_month, FIRST + timedelta(days=night))
    later = replace(run, now=lambda: FIRST + timedelta(days=3, hours=1))
    assert "2019-11-10" in of(list(matters(later)), Audience.OPERATOR)["night"].text


SERVICE = """service:
  operator: [lan@example]
  clerk: [Lan <lan@example.gov.vn>]
  after_nights: 0
  crawl_at: 25:00
  report_at: 00:30
  extra: 1
"""


def test_mistakes_in_the_file_are_told_with_line_and_remedy(tmp_path: Path) -> None:
    file = context(tmp_path, "good-a").portals
    file.write_text(file.read_text("utf-8") + SERVICE, "utf-8")
    with pytest.raises(InputError) as told:
        load(file)
    for words in (
        "'Lan <lan@example.gov.vn>' is not an e-mail address",
        "after_nights '0' is out of range",
        "crawl_at '25:00' is not a time of day",
        "let report_at be later than crawl_at",
        "messages need a sender",
        "extra",
    ):
        assert words in str(told.value)
