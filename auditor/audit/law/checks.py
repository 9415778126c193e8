"""The checks that rules.yaml names: pure, each says what it saw of a case; one that lacks something says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from auditor.audit.law import personal, schedules
from auditor.audit.law.answers import NOT_READ, STILL_OPEN, Answer, beside, ok, unknown, violated
from auditor.audit.law.facts import Case, LawPost
from auditor.audit.law.rules import Rule
from auditor.categories import Category
from auditor.letters import LETTERS
from auditor.outcomes import Outcome, Verdict
from auditor.text import clean

_FEW_VISITS: Final = 5
"""Fewer visits say nothing of how well a portal can be reached."""

Check = Callable[[Case, Rule], Answer]


def _folded(text: str) -> str:
    return clean(text).translate(LETTERS)


# --- What is there for good -----------------------------------------------------------------------------------------


def rules_present(case: Case, _rule: Rule) -> Answer:
    """R09: rules of any age will do."""
    return _there(case, list(case.of(Category.RULES)), "có nội quy, quy chế")


_PROCEDURE: Final = re.compile(r"\b(?:quy trinh|huong dan|trinh tu|thu tuc)\b")


def procedure_present(case: Case, _rule: Rule) -> Answer:
    """R10: a procedure or guidance of any age; it may stand inside the rules, which a title does not tell."""
    posts = [post for post in case.posts if _PROCEDURE.search(_folded(post.title))]
    if not posts and case.of(Category.RULES):
        return unknown("có nội quy, quy chế; chưa rõ có hướng dẫn quy trình hay không", case.of(Category.RULES))
    return _there(case, posts, "có quy trình, hướng dẫn")


def _there(case: Case, posts: list[LawPost], seen: str) -> Answer:
    if posts:
        return ok(seen, posts)
    if Category.RULES in case.read_whole and not case.is_open:
        return violated("đã đọc hết chuyên mục, không thấy")
    return unknown(NOT_READ)


def five_sections(case: Case, _rule: Rule) -> Answer:
    """R13: five listings, each with something in it, of whatever age."""
    lacking = [category.label for category in Category if category not in case.sections]
    if lacking:
        said = f"chưa thấy mục: {'; '.join(lacking)}"
        return violated(said) if case.seen_whole else unknown(f"{said} (chưa đọc đầy đủ)")
    empty = [category for category in Category if not case.held.get(category)]
    if not empty:
        return ok("đủ 5 mục, mục nào cũng có tin")
    said = f"mục chưa thấy tin: {'; '.join(category.label for category in empty)}"
    return violated(said) if case.read_whole.issuperset(empty) else unknown(f"{said} (chưa đọc hết)")


# --- What was posted in the window ----------------------------------------------------------------------------------


def session_news(case: Case, _rule: Rule) -> Answer:
    """R11: anything about a session, "nobody came" included."""
    return _posted(case, case.verdicts.get(Category.RECEPTION), case.in_window(Category.RECEPTION))


def report_posted(case: Case, _rule: Rule) -> Answer:
    """R12: any report or statistics."""
    return _posted(case, case.verdicts.get(Category.REPORTS), case.in_window(Category.REPORTS))


def anything_posted(case: Case, _rule: Rule) -> Answer:
    """R14: anything at all that counts."""
    return _posted(case, case.overall, ())


def _posted(case: Case, verdict: Verdict | None, posts: Iterable[LawPost]) -> Answer:
    if verdict is Verdict.PUBLISHED:
        return ok("có tin trong kỳ", posts)
    if case.is_open:
        return unknown(STILL_OPEN)
    if verdict is Verdict.NOT_PUBLISHED:
        return violated("đã đọc đầy đủ, không có tin trong kỳ")
    return unknown("chưa đọc đầy đủ các tin trong kỳ")


def reachable(case: Case, rule: Rule) -> Answer:
    """R16: the share of visits that got an answer; our own failures are no visits."""
    tried = [outcome for outcome in case.outcomes if outcome is not Outcome.FAILED]
    answered = sum(outcome is not Outcome.UNREACHABLE for outcome in tried)
    seen = f"truy cập được {answered}/{len(tried)} lần kiểm tra"
    if len(tried) < _FEW_VISITS:
        return unknown(f"{seen}; cần ít nhất {_FEW_VISITS:02d} lần")
    return (ok if 100 * answered >= rule.minimum(case.first).days * len(tried) else violated)(seen)


def certificate_valid(case: Case, _rule: Rule) -> Answer:
    """R21: whether citizens' browsers warn them of the portal; one of plain http has no certificate to look at."""
    if case.certificate is not None:
        return violated(case.certificate.label)
    if not case.https:
        return beside("cổng không dùng https")
    answered = any(outcome not in {Outcome.FAILED, Outcome.UNREACHABLE} for outcome in case.outcomes)
    return ok("chứng thư số hợp lệ") if answered else unknown("chưa truy cập được cổng")


def communes_post(case: Case, _rule: Rule) -> Answer:
    """R17: which communes a district has, no page tells for certain."""
    communes = {post.commune for post in case.posts if post.commune}
    return unknown(f"thấy tin của {len(communes):02d} xã; chương trình không có danh sách các xã để đối chiếu")


def attachments_open(case: Case, _rule: Rule) -> Answer:
    """R18: every file of the window's posts could be opened. What was not tried is not known."""
    posts = [post for category in Category for post in case.in_window(category) if post.files]
    if not posts:
        if case.seen_whole and not case.is_open:
            return beside("các tin trong kỳ không có tệp đính kèm")
        return unknown("chưa đọc đầy đủ các tin trong kỳ")
    untried = [post for post in posts if None in post.files]
    if untried:
        return unknown(f"còn {len(untried):02d} tin có tệp chưa mở thử", untried)
    return ok("các tệp đính kèm đều mở được", posts)


def nothing_personal(case: Case, _rule: Rule) -> Answer:
    """R19: signs of personal data in the window's posts on petitions; what they are, never the data themselves."""
    posts = case.in_window(Category.PETITIONS)
    found = {post: personal.signs(f"{post.title}. {post.text}") for post in posts}
    signed = [post for post in posts if found[post]]
    if signed:
        kinds = "; ".join(sorted({str(sign) for post in signed for sign in found[post]}))
        certain = any(found[post] - {personal.Sign.DENOUNCER} for post in signed)
        return (violated if certain else unknown)(f"có dấu hiệu nêu {kinds}; cần cán bộ xem lại", signed)
    if not (case.seen_whole and all(post.whole for post in posts)) or case.is_open:
        return unknown("chưa đọc toàn văn các tin về đơn thư trong kỳ", posts)
    return ok("chưa thấy dấu hiệu", posts) if posts else beside("không có tin về đơn thư trong kỳ")


CHECKS: Final[Mapping[str, Check]] = {
    check.__name__: check
    for check in (
        schedules.schedule_in_force, schedules.posted_ahead, schedules.schedule_says_all,
        schedules.days_enough, schedules.postponed_with_reason, schedules.names_current,
        rules_present, procedure_present, five_sections,
        session_news, report_posted, anything_posted, reachable, certificate_valid, communes_post,
        attachments_open, nothing_personal,
    )
}  # fmt: skip
"""By the name rules.yaml calls them."""
