"""Dates as portals print them: publication stamps, clocks, dates of documents; each with the words it was read from.

Day before month, unless the figures leave no doubt (11/25/2019); `auditor.reading.orders` settles what 11/5/2019 is on
a portal that writes so. Nothing here looks at a clock: relative forms ("3 ngày trước") are read only where `now` is
given. What is not certain is not a date: a month alone, a day without its year, a document's number.

Sources: the forms printed by NukeViet, Liferay, SharePoint, DNN, Joomla, WordPress and the portals built by VNPT;
ISO 8601, RFC 5322 (feeds), and the epochs some systems put into addresses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from zoneinfo import ZoneInfo

from auditor.reading import _date_forms as forms
from auditor.text import clean

_LONGEST_TEXT = 20_000
_LONGEST_STAMP = 200
_LONGEST_ADDRESS = 2_000
_WINDOW = 72
_FIRST_WEB_DAY = date(1997, 1, 1)
# "Đắk Nông, ngày 05 tháng 3 năm 2020": the head of a document names its place.
_PLACE = re.compile(r"(\w)[\w'’.]*, ?$")
_WORD = re.compile(r"[^\W_]")
_NUMBER = re.compile(r"[0-9]+")
_LONGEST_UNKNOWN = 40


class StampKind(StrEnum):
    """What the words beside a date say it is; the nearer to a publication, the earlier."""

    PUBLISHED = "published"
    """Ngày đăng, Đăng lúc, cms-publish-date, Posted on."""
    UPDATED_OR_PUBLISHED = "updated_or_published"
    """Cập nhật: on Vietnamese portals usually the publication."""
    PLAIN = "plain"
    """No label."""
    MODIFIED = "modified"
    """Cập nhật lần cuối, Ngày sửa, Last modified."""
    DOCUMENT = "document"
    """Ngày ban hành, Số 125/TB-UBND ngày …, Đắk Nông, ngày …: the date of a document."""
    CLOCK = "clock"
    """Hôm nay, Bây giờ là: the page's own clock."""


class Order(StrEnum):
    """What a date's figures say of the order of day and month."""

    UNTOLD = ""
    """Nothing: the month is named or told by its place, or both figures are the same."""
    DAY = "day"
    """25/11/2019: the day stands first."""
    MONTH = "month"
    """11/25/2019: the month stands first."""
    EITHER = "either"
    """11/5/2019: both can be."""


@dataclass(frozen=True)
class Stamp:
    """One date in a text.

    Attributes:
        day: as printed. Where an `offset` is printed, `iso` may give the day after or before.
        time: as printed, None where none is.
        offset: minutes east of UTC, where the text says so; only with a time.
        text: the matched words as printed, label included, cleaned.
        kind: what the label says.
        start, end: where the words stand in `auditor.text.clean(text)`.
        order: what the figures say of day and month; read day first where they say nothing.
    """

    day: date
    time: time | None
    offset: int | None
    text: str
    kind: StampKind
    start: int
    end: int
    order: Order = Order.UNTOLD

    def swapped(self) -> Stamp:
        """The stamp with day and month exchanged, where its figures allow it."""
        if self.order is not Order.EITHER:
            return self
        return replace(self, day=self.day.replace(month=self.day.day, day=self.day.month), order=Order.MONTH)

    def iso(self, tz: ZoneInfo) -> str:
        """`2019-11-03T14:45:00+07:00` in the zone `tz` where a time is printed, `2019-11-03` where only a day is."""
        if self.time is None:
            return self.day.isoformat()
        if self.offset is None:
            return datetime.combine(self.day, self.time, tz).isoformat()
        printed = timezone(timedelta(minutes=self.offset))
        return datetime.combine(self.day, self.time, printed).astimezone(tz).isoformat()


def find_stamps(text: str, *, now: datetime | None = None) -> tuple[Stamp, ...]:
    """Every date in a piece of text, left to right; at most the first 20,000 characters are read.

    Args:
        text: any text, a line or a whole body.
        now: the moment relative forms ("hôm qua", "2 giờ trước") count from; without it they are not read.
    """
    cleaned = clean(text[:_LONGEST_TEXT])
    return tuple(_stamps(cleaned, now)) if _may_hold_date(cleaned, now) else ()


def _may_hold_date(cleaned: str, now: datetime | None) -> bool:
    """A quick look that spares most texts the grammar."""
    return bool(forms.MAY_HOLD_DAY.search(cleaned) or (now and forms.MAY_BE_RELATIVE.search(cleaned)))


def _stamps(cleaned: str, now: datetime | None) -> list[Stamp]:
    plain = forms.bare(cleaned)
    found: list[Stamp] = []
    for match in forms.DAY.finditer(plain):
        day = forms.day_of(match)
        if day and not (match.lastgroup == "spaced" and not _after_weekday(plain, match.start())):
            stamp = _stamp(cleaned, plain, match.span(), day, found[-1].end if found else 0)
            found.append(replace(stamp, order=Order(forms.order_of(match))))
    return found if now is None else _with_relative(cleaned, plain, found, now)


def _with_relative(cleaned: str, plain: str, found: list[Stamp], now: datetime) -> list[Stamp]:
    """The stamps found, and between them the relative forms: "hôm nay" before a date is that date's label."""
    for match in forms.RELATIVE_DAY.finditer(plain):
        if all(match.end() <= stamp.start or stamp.end <= match.start() for stamp in found):
            free_from = max((stamp.end for stamp in found if stamp.end <= match.start()), default=0)
            found.append(_stamp(cleaned, plain, match.span(), forms.relative_day(match.group(), now), free_from))
    return sorted(found, key=lambda stamp: stamp.start)


def _after_weekday(plain: str, start: int) -> bool:
    """Whether a date written with spaces only, "01 04 2021", follows a weekday; else it is a row of numbers."""
    before = forms.BEFORE.search(plain, max(0, start - _WINDOW), start)
    return before is not None and before["weekday"] is not None


def _stamp(cleaned: str, plain: str, span: tuple[int, int], day: date, free_from: int) -> Stamp:
    """The stamp around a day found at `span`, with what is printed beside it and belongs to no stamp before."""
    start, end = span
    before = forms.BEFORE.search(plain, max(free_from, start - _WINDOW), start)
    timed = before is not None and before["time"] is not None
    after = (forms.AFTER_TIMED if timed else forms.AFTER).match(plain, end)
    beside = {name: text for match in (after, before) if match for name, text in match.groupdict().items() if text}
    zone = beside.get("zone") or beside.get("iso_zone")
    start, end = before.start() if before else start, after.end() if after else end
    return Stamp(
        day=day,
        time=forms.time_of(beside["time"]) if "time" in beside else None,
        offset=forms.offset_of(zone) if zone and "time" in beside else None,
        text=cleaned[start:end],
        kind=_kind(before, cleaned[:start], plain[start:end]),
        start=start,
        end=end,
    )


def _kind(before: re.Match[str] | None, ahead: str, printed: str) -> StampKind:
    """What the words before a day say it is; of several labels the nearest counts."""
    if before is None:
        return StampKind.PLAIN
    if before["server_zone"]:
        return StampKind.CLOCK
    labels = [kind for kind in forms.LABELS if before[kind] is not None]
    if labels:
        return StampKind(max(labels, key=before.start))
    if before["posted_by"]:
        return StampKind.PUBLISHED
    place = _PLACE.search(ahead[-_WINDOW:]) if printed.startswith("ngay ") else None
    return StampKind.DOCUMENT if place and place[1].isupper() else StampKind.PLAIN


def read_stamp(text: str, *, now: datetime | None = None) -> Stamp | None:
    """The stamp a short text is, such as a cell of a listing or the line under a heading.

    Beside dates only what usually accompanies a stamp may stand in it: labels, weekdays, view counters, zones, an
    author. Of several stamps the one that speaks of publication is returned.

    Returns:
        None for prose or a title that merely contains a date, and for several dates that no label tells apart.
    """
    if len(text) > _LONGEST_TEXT:
        return None
    cleaned = clean(text)
    if len(cleaned) > _LONGEST_STAMP or not _may_hold_date(cleaned, now):
        return None
    stamps = _stamps(cleaned, now)
    if not stamps:
        return _read_unknown_form(cleaned)
    if not _nothing_else(forms.bare(cleaned), stamps):
        return None
    best = next(kind for kind in StampKind if any(stamp.kind is kind for stamp in stamps))
    candidates = [stamp for stamp in stamps if stamp.kind is best]
    return candidates[0] if len({stamp.day for stamp in candidates}) == 1 else None


def _nothing_else(plain: str, stamps: list[Stamp]) -> bool:
    """Whether nothing stands around the stamps that makes the text a sentence or a title."""
    ahead = forms.NOISE.sub("", plain[: stamps[0].start])
    if _WORD.search(ahead):
        return False
    starts = (*(stamp.start for stamp in stamps[1:]), len(plain))
    rests = (forms.NOISE.sub("", plain[stamp.end : start]) for stamp, start in zip(stamps, starts, strict=True))
    return not any(_WORD.search(forms.LONE_COUNT.sub("", rest)) for rest in rests)


def _read_unknown_form(cleaned: str) -> Stamp | None:
    """A date in a form this grammar lacks ("2019 November 18"), as dateparser reads it.

    It is believed only where day and year are printed as it says: it completes what is missing from today's date.
    """
    if len(cleaned) > _LONGEST_UNKNOWN or not forms.UNKNOWN_FORM.fullmatch(forms.bare(cleaned)):
        return None
    from dateparser import parse  # noqa: PLC0415 - takes long to import, and few portals need it

    try:
        moment = parse(cleaned, languages=["vi", "en"], settings={"DATE_ORDER": "DMY", "STRICT_PARSING": True})
    except (ValueError, OverflowError):
        return None
    printed = {int(number) for number in _NUMBER.findall(cleaned)}
    if moment is None or not {moment.day, moment.year} <= printed or moment.date() < _FIRST_WEB_DAY:
        return None
    clock = moment.time() if ":" in cleaned else None
    return Stamp(moment.date(), clock, None, cleaned, StampKind.PLAIN, 0, len(cleaned))


def read_machine(text: str) -> Stamp | None:
    """The moment an attribute, a meta element or a feed names: ISO 8601, RFC 5322, `20191118`, an epoch.

    An epoch is given in UTC (offset 0). Malformed values and null markers (`0001-01-01`, `1970-01-01`) give None;
    NukeViet prints `2019-09-28+0707:49:00`, .NET the first day of year one.
    """
    cleaned = clean(text[:_LONGEST_STAMP])
    if match := forms.EPOCH.fullmatch(cleaned):
        return _at_epoch(match)
    match = forms.ISO.fullmatch(cleaned) or forms.COMPACT.fullmatch(cleaned) or forms.RFC_5322.fullmatch(cleaned)
    return _from_parts(match) if match else None


def date_in_address(url: str) -> Stamp | None:
    """The publication date some systems write into the address of a post; read from the path alone.

    Read are the segments `/2019/11/18/` and `/2019-11-18/`, a number `20191204` (also with the time behind it), and an
    epoch as the path's last number (`…-1636942232.html`, `/1/2345/1575417600000`). Not read is `ngay-18-11-2019`: it is
    the title's, the day of an event.
    """
    path = re.split(r"[?#]", clean(url[:_LONGEST_ADDRESS]), maxsplit=1)[0]
    if match := forms.SEGMENTS.search(path) or forms.NUMBER_IN_PATH.search(path):
        return _from_parts(match)
    epoch = forms.EPOCH_IN_PATH.search(path)
    return _at_epoch(epoch) if epoch else None


def _from_parts(match: re.Match[str]) -> Stamp | None:
    """The stamp of a match with the groups year, month, day, and perhaps hour, minute, second, zone."""
    parts = {name: text for name, text in match.groupdict().items() if text}
    month = forms.MONTH_NUMBERS.get(parts["month"].lower()) or int(parts["month"])
    try:
        day = date(int(parts["year"]), month, int(parts["day"]))
        hour, minute, second = (int(parts.get(name, 0)) for name in ("hour", "minute", "second"))
        clock = time(hour, minute, second) if "hour" in parts else None
    except ValueError:
        return None
    offset = forms.offset_of(parts["zone"].lower()) if "zone" in parts else None
    if day < _FIRST_WEB_DAY or ("zone" in parts and offset is None):
        return None
    return Stamp(day, clock, offset, match.group(), StampKind.PLAIN, match.start(), match.end())


def _at_epoch(match: re.Match[str]) -> Stamp:
    """The stamp of an epoch in seconds (10 digits) or milliseconds (13)."""
    moment = datetime.fromtimestamp(int(match["epoch"][:10]), UTC)
    return Stamp(moment.date(), moment.time(), 0, match.group(), StampKind.PLAIN, match.start(), match.end())


def plausible(day: date, *, today: date) -> bool:
    """Whether a post can have been published on `day`: on the web (1997 in Viet Nam), and not after tomorrow.

    Tomorrow is allowed for servers whose clock runs ahead.
    """
    return _FIRST_WEB_DAY <= day <= today + timedelta(days=1)
