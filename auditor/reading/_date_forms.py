"""The grammar of printed dates: patterns, and what their matches say. Private to `auditor.reading.dates`.

Every pattern is written for `bare` text: lower case, no diacritics, plain dashes, single spaces, letter for letter as
long as the text it came from. Every repetition is bounded: no text, however hostile, costs more than its length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

_LATIN = (chr(code) for code in range(ord("A"), 0x1F00) if unicodedata.category(chr(code)) in {"Lu", "Ll"})
_BARE = {ord(letter): unicodedata.normalize("NFD", letter)[0].lower() for letter in _LATIN}
_BARE |= {ord("đ"): "d", ord("Đ"): "d", ord("’"): "'", ord("："): ":"} | dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")


# Words that would look like "đăng" (published) without their diacritics: Đảng, đang, dạng, …
_UNLIKE_PUBLISHED = re.compile(r"(?:[đĐ][aA]|[đĐdD][àáảãạâÀÁẢÃẠÂ])[nN][gG](?!\w)")


def bare(text: str) -> str:
    """Cleaned text without capitals and diacritics; unlike `auditor.text.fold` it keeps every position."""
    return _UNLIKE_PUBLISHED.sub("xxxx", text).translate(_BARE)


# Days ---------------------------------------------------------------------------------------------------------------

_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19|20)[0-9]{2}"
_VIETNAMESE = ("mot", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi", "muoi mot", "muoi hai")
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_NUMBERS = {name: number for names in (_VIETNAMESE, _ENGLISH) for number, name in enumerate(names, start=1)}
# "báo cáo 6 tháng năm 2019" speaks of six months of a year, "6 Tháng Năm, 2019" (WordPress) of a day in May.
_VIETNAMESE_NAME = r"(?:muoi\ (?:mot|hai)|mot|hai|ba|tu|nam(?!\ [0-9]{4})|sau|bay|tam|chin|muoi)(?![a-z])"
_ENGLISH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ORDINAL = r"(?:st|nd|rd|th)?"
# Not inside a longer number, an outline number, or a file's name.
_FREE = r"(?<![0-9])(?<![0-9][/.,])"
_NOT_IN_NAME = r"(?<![a-z][-_])"
# "kỳ 2 tháng 11/2019" numbers a session, not a day.
_COUNTERS = ("ky", "tuan", "dot", "lan", "thu", "so", "quy", "phien", "khoa")
_NOT_COUNTED = "".join(rf"(?<!{word}\ )" for word in _COUNTERS)
_END = r"(?![0-9])(?!/[0-9a-z])(?!\.[0-9])"

# Looks first whether a day may begin here at all: four times as fast as trying every form at every letter.
_DAYS = rf"""(?=[0-9]|(?<![a-z])(?:th[a0-9]|{"|".join(_ENGLISH)}))(?:
    {_FREE}{_NOT_IN_NAME}(?P<dmy>(?P<one>{_DAY}(?P<mark>\ ?[/.-]\ ?){_MONTH}(?P=mark){_YEAR})(?P=one)?){_END}
  | {_FREE}{_NOT_IN_NAME}(?P<mdy>{_MONTH}/(?:1[3-9]|2[0-9]|3[01])/{_YEAR}){_END}
  | {_FREE}(?P<ymd>{_YEAR}(?P<dash>[/.-]){_MONTH}(?P=dash){_DAY}){_END}
  | {_FREE}(?<![0-9]-){_NOT_IN_NAME}(?P<dmyy>[0-9]{{2}}(?P<slash>[/-])[0-9]{{2}}(?P=slash)[0-9]{{2}})
        (?![0-9]|[/.-][0-9a-z])
  | {_FREE}{_NOT_COUNTED}(?P<long>{_DAY}\ ?(?:thang\ ?|th){_MONTH}(?:\ ?[,/.-]?\ ?nam\ |\ ?[,/.-]\ ?|\ ){_YEAR}){_END}
  | {_FREE}{_NOT_COUNTED}(?P<named>{_DAY}\ thang\ {_VIETNAMESE_NAME}(?:,?\ nam\ |,?\ ){_YEAR}){_END}
  | {_FREE}(?P<english>{_DAY}{_ORDINAL}(?P<gap>[\ /-])(?:of\ )?{_ENGLISH_NAME},?(?P=gap){_YEAR}){_END}
  | (?<![a-z])(?P<month_first>th(?:ang\ )?{_MONTH}\ {_DAY},\ {_YEAR}){_END}
  | (?<![a-z])(?P<name_first>(?:thang\ {_VIETNAMESE_NAME}|{_ENGLISH_NAME})\ {_DAY}{_ORDINAL},?\ {_YEAR}){_END}
  | {_FREE}(?P<spaced>[0-3][0-9]\ [01][0-9]\ {_YEAR}){_END}
)"""
_RELATIVE = r"""
    (?<![a-z0-9])(?P<ago>(?:cach\ day\ )?(?:[0-9]{1,2}\ (?:ngay|gio|tieng)\ )?
        [0-9]{1,3}\ (?:giay|phut|gio|tieng|ngay|second|minute|hour|day)s?
        \ (?:truoc(?!\ (?:khi|do|ngay|thoi))|ago)(?![a-z]))
  | (?<![a-z])(?P<nearby>hom\ (?:nay|qua|kia)|vua\ xong|just\ now|today|yesterday)(?![a-z])
"""
DAY = re.compile(_DAYS, re.VERBOSE)
RELATIVE_DAY = re.compile(_RELATIVE, re.VERBOSE)
MAY_HOLD_DAY = re.compile(r"(?:19|20)[0-9]{2}|[0-9][/-][0-9]{2}(?![0-9])")
MAY_BE_RELATIVE = re.compile(
    r"[Tt][Rr][ƯưUu][ỚớOo]|[Hh][ÔôOo][Mm]|[Xx][Oo][Nn][Gg]|[Aa][Gg][Oo]|[Dd][Aa][Yy]|[Nn][Oo][Ww]"
)
_ORDERS = {"ymd": (0, 1, 2), "month_first": (2, 0, 1), "mdy": (2, 0, 1)}
_DAY_FIRST = (2, 1, 0)
_MONTH_WORD = re.compile(rf"(?<=thang\ ){_VIETNAMESE_NAME}|{'|'.join(_ENGLISH)}", re.VERBOSE)
_NUMBER = re.compile(r"[0-9]+")
_CENTURY_PIVOT = 70


def day_of(match: re.Match[str]) -> date | None:
    """The day a match of `DAY` names; None for one no calendar has (31/02/2019)."""
    form = match.lastgroup or ""
    text = match["one"] or match[form]
    numbers = [int(number) for number in _NUMBER.findall(text)]
    if word := _MONTH_WORD.search(text):
        numbers.insert(1, MONTH_NUMBERS[word.group()])
    year, month, day = (numbers[place] for place in _ORDERS.get(form, _DAY_FIRST))
    if form == "dmyy":
        year += 2000 if year < _CENTURY_PIVOT else 1900
    try:
        return date(year, month, day)
    except ValueError:
        return None


_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/")
_MONTHS = 12


def order_of(match: re.Match[str]) -> str:
    """What the figures of a match of `DAY` say of day and month: `day` or `month` first, `either`; "" elsewhere."""
    slashed = _SLASHED.match(match.group())
    if match.lastgroup == "mdy" or not slashed:
        return "month" if slashed else ""
    first, second = int(slashed[1]), int(slashed[2])
    return "day" if first > _MONTHS else "either" if first != second else ""


_SPANS = {"giay": "seconds", "phut": "minutes", "gio": "hours", "tieng": "hours", "ngay": "days"}
_DAYS_AGO = {"hom qua": 1, "yesterday": 1, "hom kia": 2}
_SPAN = re.compile(r"([0-9]+) ([a-z]+)")


def relative_day(text: str, now: datetime) -> date:
    """The day of `3 ngay truoc`, `1 gio 20 phut truoc`, `hom qua`, a match of `RELATIVE_DAY`.

    Weeks and months ago name no day, so that the pattern leaves them out.
    """
    span = timedelta(days=_DAYS_AGO.get(text, 0))
    for number, unit in _SPAN.findall(text):
        span += timedelta(**{_SPANS.get(unit) or unit.rstrip("s") + "s": int(number)})
    return (now - span).date()


# Forms left to dateparser: an English month and a year; not "T2", which it takes for the second of the month.
UNKNOWN_FORM = re.compile(
    rf"(?=.*(?:{'|'.join(_ENGLISH)}))(?=.*(?<![0-9]){_YEAR}(?![0-9]))(?!.*(?<![a-z])t[2-7](?![0-9a-z]))[a-z0-9 ,.:/-]+"
)

# What stands around a day ---------------------------------------------------------------------------------------------

_NUMBER_OF_DOCUMENT = r"[0-9]{0,5}(?:(?:/[0-9]{4})?/|-[a-z]{1,5}/)[a-z][a-z0-9]{0,9}(?:-[a-z0-9]{1,9}){0,3}"
LABELS: Mapping[str, tuple[str, ...]] = {
    "document": (
        rf"(?:so\ ?:?\ ?)?{_NUMBER_OF_DOCUMENT},?(?:\ ban\ hanh)?\ ngay",
        r"ngay\ (?:ban\ hanh|phat\ hanh|ky|van\ ban)|ban\ hanh(?:\ ngay)?",
        r"(?:ngay\ )?(?:co\ |het\ )?hieu\ luc(?:\ ke)?(?:\ tu)?",
        r"date\ of\ issue|issued",
    ),
    "modified": (
        r"(?:lan\ )?(?:cap\ nhat|(?:chinh\ )?sua|sua\ doi|thay\ doi)\ (?:lan\ )?(?:cuoi|moi\ nhat)(?:\ cung)?",
        r"ngay\ (?:chinh\ )?sua(?:\ doi)?|(?:chinh\ )?sua\ (?:luc|ngay)",
        r"(?:date\ )?(?:last\ )?(?:modified|edited|changed)|last\ updated?",
    ),
    "updated_or_published": (r"(?:ngay\ |thoi\ gian\ |da\ |duoc\ )?cap\ nhat", r"updated?"),
    "published": (
        r"(?:ngay|thoi\ gian|gio)\ (?:dang|dua\ tin|xuat\ ban|tao|viet|cong\ bo|cong\ khai|dua\ len)",
        r"(?:da\ |duoc\ )?(?:dang(?:\ tai)?|xuat\ ban|dua\ tin|cong\ khai)",
        r"(?:duoc\ |da\ )?(?:tao(?:\ ra)?|viet|gui)\ (?:luc|ngay|vao)",
        r"(?:cms-|date[-\ ])?(?:publish(?:ed)?|posted|created)(?:-date|\ date)?",
    ),
    "clock": (
        r"hom\ nay|(?:bay\ gio|hien\ tai)(?:\ la)?|(?:ngay|thoi\ gian)\ hien\ tai|gio\ (?:he\ thong|may\ chu)",
        r"today(?:\ is)?|current\ (?:date|time)|now",
    ),
}
_LABEL = "|".join(rf"(?P<{kind}>{'|'.join(forms)})" for kind, forms in LABELS.items())
_LABEL_TAIL = r"(?:\ (?:bai\ viet|bai|tin|tai|la|on|at|luc|vao|ngay|date)){0,3}(?![a-z])"
_WEEKDAY = (
    r"(?:thu\ ?(?:hai|ba|tu|nam|sau|bay|[2-7](?![0-9]))|t[2-7](?![0-9])|chu\ ?nhat|cn"
    r"|(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\.?)(?![a-z])"
)
_TIME = r"""(?:(?:[01]?[0-9]|2[0-3])(?:
      :[0-5]?[0-9](?::[0-5]?[0-9](?:[.,][0-9]{1,9})?)?(?!:?[0-9])
    | \ ?(?:gio|h)(?![a-z])(?:\ ?[0-5]?[0-9](?![0-9/:.-])'?(?:\ ?(?:phut|p)(?![a-z]))?)?
    | \ ?g\ ?[0-5][0-9](?![0-9])'?
  )(?:[\ :]{0,2}(?:[ap]\.?m(?![a-z])\.?|(?:sa|ch|sang|chieu|toi)(?![a-z])))?)"""
_ZONE = r"(?:gmt|utc)(?:\ ?[+-]\ ?[0-9]{1,2}(?::?[0-9]{2})?)?(?![0-9a-z])"
_ISO_ZONE = r"(?:z(?![a-z])|\+[0-9]{2}:?[0-9]{2}(?![0-9])|-[0-9]{4}(?![0-9]))"
# NukeViet's clock prints the server's zone between time and weekday: "00:26 EST Thứ tư, 16/01/2019", "18:29 +07 …".
_CLOCK_ZONE = r"(?P<server_zone>[ecmp][sd]t|ict|\+0?7)(?=\ (?:thu|chu))"
_GAP = r"[\ ,;:|()\[\]/.•·-]"
_FILLER = r"(?:ngay|luc|vao\ luc|vao|at|on)(?![a-z])"
_POSTED_BY = r"(?P<posted_by>(?:da\ |duoc\ )?(?:(?:dang|viet|gui)\ boi|(?:posted|written|published)\ by)(?![a-z]))"
BEFORE = re.compile(
    rf"(?<![a-z0-9])(?:{_POSTED_BY}[^0-9|]{{1,40}}?(?<![a-z]))?"
    rf"(?:(?:(?:{_LABEL}){_LABEL_TAIL}|(?P<weekday>{_WEEKDAY})|(?P<time>{_TIME})|\[?(?P<zone>{_ZONE})|{_CLOCK_ZONE}|{_FILLER})"
    rf"{_GAP}{{0,6}}){{0,6}}\Z",
    re.VERBOSE,
)
_ZONE_BEHIND = rf"(?:[\ ,|]{{0,3}}(?P<open>[\[(])?(?P<zone>{_ZONE})(?(open)[\])]))?"
_WEEKDAY_BEHIND = rf"(?:{_GAP}{{0,3}}{_WEEKDAY})?"
AFTER = re.compile(
    rf"{_WEEKDAY_BEHIND}"
    rf"(?:(?:t(?=[0-9])|{_GAP}{{0,6}}(?:(?:vao\ )?luc|vao|gio|at){_GAP}{{1,3}}|{_GAP}{{1,6}})(?P<time>{_TIME})"
    rf"(?:\ ?(?P<iso_zone>{_ISO_ZONE}))?)?{_ZONE_BEHIND}",
    re.VERBOSE,
)
# Behind "08:00 17/09/2018" a second time is the next date's.
AFTER_TIMED = re.compile(rf"{_WEEKDAY_BEHIND}{_ZONE_BEHIND}", re.VERBOSE)
_AFTERNOON = re.compile(r"(?:p\.?m\.?|ch|chieu|toi)$")
_MORNING = re.compile(r"(?:a\.?m\.?|sa|sang)$")
_NOON = 12


def time_of(text: str) -> time:
    """The time a `time` group of `BEFORE` or `AFTER` says: `14:05`, `4:24:pm`, `14 gio 05 phut`, `12:05 sa` (00:05)."""
    hour, minute, second = (*map(int, _NUMBER.findall(text)), 0, 0)[:3]
    if _AFTERNOON.search(text) and hour < _NOON:
        hour += _NOON
    if _MORNING.search(text) and hour == _NOON:
        hour = 0
    return time(hour, minute, second)


_OFFSET = re.compile(r"([+-]) ?([0-9]{1,2}):?([0-9]{2})?")
_FARTHEST = 14 * 60


def offset_of(text: str) -> int | None:
    """Minutes east of UTC: 420 for `gmt+7`, 0 for `gmt` and `z`; None for what no clock on Earth shows."""
    match = _OFFSET.search(text)
    if not match:
        return 0
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    return (minutes if match[1] == "+" else -minutes) if minutes <= _FARTHEST else None


# What may stand beside a stamp without making it a sentence -----------------------------------------------------------

_COUNTED = (
    r"(?:(?:so\ |tong\ )?(?:luot|lan)(?:\ (?:xem|doc|truy\ cap|tai))?(?:\ (?:bai|tin))?|(?:da\ )?(?:xem|doc)"
    r"|(?:cms-)?(?:view|page)(?:[-\ ]?(?:count|view))?s?|hits?|(?:so\ )?(?:phan\ hoi|binh\ luan|y\ kien)"
    r"|comments?|downloads?)"
)
_COUNT = r"[0-9]{1,3}(?:[.,]?[0-9]{3}){0,3}"
_NAMED_BY = (
    r"(?:tac\ gia|nguoi\ (?:dang|viet|gui|dua)(?:\ (?:tin|bai))?|(?:(?:viet|dang|gui|tao)\ )?boi"
    r"|(?:(?:posted|written)\ )?by|author|categori[sz]ed\ as"
    r"|(?:nguon(?:\ tin)?|theo|source|chuyen\ muc|danh\ muc|bien\ tap|phong\ vien)\ ?:)"
)
_ACCOUNT = r"(?:super\ user|admin(?:istrator)?|quan\ ?tri(?:\ vien)?|ban\ bien\ tap|bbt|bien\ tap\ vien)"
_FURNITURE = (
    r"(?:ngay|luc|vao|on|print|in\ (?:an|ra|bai(?:\ viet)?|trang)|ban\ in|e?mail|gui\ (?:e?mail|bai(?:\ viet)?)"
    r"|chia\ se|share|zalo|facebook|co\ chu|nghe|dong\ cua\ so(?:\ nay)?"
    r"|(?:de\ lai|leave\ a|no|khong\ co|chua\ co)\ (?:binh\ luan|comments?|phan\ hoi))"
)
NOISE = re.compile(
    rf"(?<![a-z0-9])(?:{_COUNTED}(?:\ ?[:=(]\ ?(?:{_COUNT})?|\ {_COUNT})|{_COUNT}\ {_COUNTED}"
    rf"|{_NAMED_BY}[^|]{{0,80}}(?=$|\|)|{_ACCOUNT}|{_WEEKDAY}|{_ZONE}|{_FURNITURE})(?![a-z0-9])",
    re.VERBOSE,
)
# "19/02/2020 16:35 197", "28/09/2019 07:49 869 0": counters of views and comments without their words.
LONE_COUNT = re.compile(rf"\A(?:[ |,-]{{0,3}}{_COUNT}(?![0-9a-z/.:-])){{1,2}}")


# What machines print -----------------------------------------------------------------------------------------------

# 10 or 13 digits that begin with 11 to 19: from November 2004 to May 2033.
_EPOCH_DIGITS = r"(?P<epoch>1[1-9][0-9]{8}(?:[0-9]{3})?)"
EPOCH = re.compile(rf"(?P<date>/Date\()?{_EPOCH_DIGITS}(?(date)(?:[+-][0-9]{{4}})?\)/)")
EPOCH_IN_PATH = re.compile(rf"(?<=[/-]){_EPOCH_DIGITS}(?=(?:\.[a-z]{{3,5}})?/?$)")
_MACHINE_ZONE = r"(?P<zone>Z|[+-][0-9]{2}(?::?[0-9]{2})?)"
ISO = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"(?:[T ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?"
    rf" ?{_MACHINE_ZONE}?)?"
)
COMPACT = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
    rf"(?:T?(?P<hour>[0-9]{{2}})(?P<minute>[0-9]{{2}})(?P<second>[0-9]{{2}}){_MACHINE_ZONE}?)?"
)
RFC_5322 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(?P<day>[0-9]{1,2}) "
    rf"(?P<month>{'|'.join(_ENGLISH).title()}) (?P<year>[0-9]{{4}})"
    r" (?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?(?: (?P<zone>[+-][0-9]{4}|GMT|UTC?|Z))?"
)
SEGMENTS = re.compile(
    r"(?<=/)(?P<year>(?:19|20)[0-9]{2})(?P<mark>[/-])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})(?=/|$)"
)
NUMBER_IN_PATH = re.compile(
    r"(?<=[/_-])(?P<year>(?:19|20)[0-9]{2})(?P<month>0[1-9]|1[0-2])(?P<day>[0-2][0-9]|3[01])"
    r"(?:(?P<hour>[01][0-9]|2[0-3])(?P<minute>[0-5][0-9])(?P<second>[0-5][0-9])(?:[0-9]{3})?)?(?=[/_.-]|$)"
)
