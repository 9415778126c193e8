"""The checks of schedules: in force, in time, complete, with enough days, put off with a reason, up to date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from auditor.audit.law import days
from auditor.audit.law.answers import NOT_READ, STILL_OPEN, Answer, beside, ok, unknown, violated
from auditor.audit.law.facts import Case, LawPost
from auditor.audit.law.finding import Present
from auditor.audit.law.rules import Rule
from auditor.audit.law.workdays import calendar
from auditor.categories import Category
from auditor.letters import LETTERS
from auditor.text import clean

_WEEKS: Final = 4
_NO_SCHEDULE: Final = "chưa thấy lịch có hiệu lực trong tháng"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _folded(text: str) -> str:
    return clean(text).translate(LETTERS)


def schedule_in_force(case: Case, _rule: Rule) -> Answer:
    """R01: a schedule whose period holds a day of the month, or that stands without a period."""
    standing = case.standing(Category.SCHEDULE)
    if standing.present is Present.YES:
        return ok("có lịch còn hiệu lực", case.schedules)
    if case.doubtful_schedules:
        return unknown("có lịch nhưng không rõ áp dụng cho thời gian nào", case.doubtful_schedules)
    if standing.present is Present.NO and not case.is_open:
        return violated("đã đọc hết chuyên mục, không có lịch cho tháng này")
    return unknown(NOT_READ if standing.present is not Present.NO else STILL_OPEN)


def posted_ahead(case: Case, rule: Rule) -> Answer:
    """R02: of the schedules in force, one was posted early enough for the month's first reception day."""
    if not case.schedules:
        return unknown(_NO_SCHEDULE)
    ahead = rule.minimum(case.first).days
    said = {post: _posted_ahead(case, post, ahead) for post in case.schedules}
    for wanted, answer in ((True, ok), (None, unknown), (False, violated)):
        posts = [post for post, found in said.items() if found is wanted]
        if posts:
            return answer(_AHEAD[wanted].format(day=_day(posts[0].published) if posts[0].published else "–"), posts)
    return unknown(_NO_SCHEDULE)


_AHEAD = {
    True: "đăng ngày {day}, đủ thời hạn",
    False: "đăng ngày {day}, không đủ 05 ngày làm việc",
    None: "không xác định được ngày đăng hoặc ngày tiếp đầu tiên (ngày đăng: {day})",
}


def _posted_ahead(case: Case, post: LawPost, ahead: int) -> bool | None:
    """Whether a schedule was posted early enough; None where its day, or the reception's, is not known well enough.

    Without the reception's day, one posted in time for the first day it covers is early enough, and one posted too
    late for the last day it covers is late.
    """
    if post.published is None:
        return None
    earliest, latest = case.first, case.last
    if post.period:
        earliest, latest = max(earliest, post.period.first), min(latest, post.period.last)
    named = days.named(post.text, case.month) if post.whole else None
    if named and named.days:
        earliest = latest = min(named.days)
    try:
        if post.published <= calendar().latest_before(earliest, ahead):
            return True
        return False if post.published > calendar().latest_before(latest, ahead) else None
    except LookupError:
        return None


_PARTS: Final[Mapping[str, re.Pattern[str]]] = {
    "nơi tiếp": re.compile(r"\b(?:dia diem|noi tiep|tru so|phong tiep|ban tiep cong dan|hoi truong)\b"),
    "thời gian": re.compile(r"\b(?:thoi gian|buoi|sang|chieu|gio|\d{1,2}\s?(?:h|g)\s?\d{0,2})\b"),
    "người tiếp, chức vụ": re.compile(
        r"\b(?:chu tich|giam doc|chanh|truong ban|truong phong|lanh dao|dong chi|d/c|thu truong|nguoi dung dau)\b"
    ),
    "thành phần": re.compile(r"\b(?:thanh phan|cung tiep|tham du|tham gia)\b"),
    "nội dung": re.compile(r"\bnoi dung\b"),
}


def schedule_says_all(case: Case, _rule: Rule) -> Answer:
    """R03: the schedules of the month, taken together, say where, when, who, with whom, about what."""
    if not case.schedules:
        return unknown(_NO_SCHEDULE)
    text = clean(" ".join(f"{post.title} {post.text}" for post in case.schedules)).translate(LETTERS)
    missing = [part for part, pattern in _PARTS.items() if not pattern.search(text)]
    if not missing:
        return ok("nêu đủ", case.schedules)
    if all(post.whole for post in case.schedules):
        return violated(f"chưa thấy: {', '.join(missing)}", case.schedules)
    return unknown("chưa đọc được toàn văn lịch (tệp đính kèm, ảnh hoặc trang chưa mở)", case.schedules)


_HEAD: Final = re.compile(r"\b(?:chu tich|giam doc|chanh thanh tra|truong ban|thu truong|nguoi dung dau)\b")
_DEPUTY: Final = re.compile(r"\bpho\s(?:chu tich|giam doc|chanh|truong|thu truong)|\blanh dao\b|\bpct\b|\bp\.\s?gd\b")


def days_enough(case: Case, rule: Rule) -> Answer:
    """R04–R07: the days the month's schedules name for the head, against the minimum of the level and the date."""
    if not case.schedules:
        return unknown(_NO_SCHEDULE)
    minimum = rule.minimum(case.first)
    wanted = minimum.days or _WEEKS * minimum.per_week
    texts = [f"{post.title}. {post.text}" for post in case.schedules]
    shared = any(_DEPUTY.search(clean(text).translate(LETTERS)) for text in texts)
    named = _union(days.named(_of_the_head(text) if shared else text, case.month) for text in texts)
    found = f"lịch nêu {len(named.days):02d} ngày trong tháng"
    if len(named.days) >= wanted:
        return ok(found, case.schedules)
    if not all(post.whole for post in case.schedules):
        return unknown("chưa đọc được toàn văn lịch (tệp đính kèm, ảnh hoặc trang chưa mở)", case.schedules)
    if shared or not named.days or not (named.regular or _covers_the_month(case)):
        return unknown("không tách được các ngày tiếp của người đứng đầu trong lịch", case.schedules)
    return violated(found, case.schedules)


def _union(found: Iterable[days.Named]) -> days.Named:
    union = days.Named(frozenset(), regular=False)
    for named in found:
        union |= named
    return union


def _of_the_head(text: str) -> str:
    """The sentences that name the head and no deputy."""
    sentences = re.split(r"[.;\n](?:\s|$)", clean(text))
    folded = [sentence.translate(LETTERS) for sentence in sentences]
    return ". ".join(sentence for sentence in folded if _HEAD.search(sentence) and not _DEPUTY.search(sentence))


def _covers_the_month(case: Case) -> bool:
    periods = [post.period for post in case.schedules if post.period]
    return any(period.first <= case.first and case.last <= period.last for period in periods)


_REASON: Final = re.compile(r"\b(?:lý do|do|vì|nhằm|bận|trùng)\b")
_NEW_DAY: Final = re.compile(
    r"\b(?:chuyển sang|lùi sang|lùi đến|lùi lại|dời sang|dời đến|đổi sang|tổ chức vào|tiếp vào|sẽ tiếp|thông báo sau"
    r"|thời gian (?:mới|dự kiến))\b"
)


def postponed_with_reason(case: Case, _rule: Rule) -> Answer:
    """R08: a notice that puts a session off says why, and until when."""
    notices = [post for post in case.in_window(Category.SCHEDULE) if post.puts_off]
    if not notices:
        if case.seen_whole and not case.is_open:
            return beside("không có thông báo hoãn, lùi trong kỳ")
        return unknown("chưa đọc đầy đủ các tin trong kỳ")
    silent = [post for post in notices if not _gives_reason_and_day(post)]
    if not silent:
        return ok("thông báo nêu lý do và thời gian dự kiến", notices)
    if all(post.whole for post in silent):
        return violated("thông báo không nêu đủ lý do, thời gian dự kiến", silent)
    return unknown("chưa đọc được toàn văn thông báo hoãn, lùi", silent)


def _gives_reason_and_day(post: LawPost) -> bool:
    text = clean(f"{post.title} {post.text}").lower()
    return bool(_REASON.search(text) and _NEW_DAY.search(text))


_OLD_UNIT: Final = re.compile(r"\b(?:ubnd|uy ban nhan dan|chu tich)\s(?:ubnd\s)?(?:huyen|thi xa)\b")
_DISTRICTS_END: Final = date(2025, 7, 1)
"""Luật Tổ chức chính quyền địa phương 72/2025/QH15: two levels from this day."""


def names_current(case: Case, _rule: Rule) -> Answer:
    """R20: no schedule of the month names a district's office that has ceased to be."""
    if not case.schedules:
        return unknown(_NO_SCHEDULE)
    old = [post for post in case.schedules if case.first >= _DISTRICTS_END and _OLD_UNIT.search(_folded(post.title))]
    if old:
        return violated("tiêu đề lịch còn ghi tên UBND cấp huyện", old)
    return unknown("không biết người có tên trong lịch còn giữ chức vụ hay không", case.schedules)
