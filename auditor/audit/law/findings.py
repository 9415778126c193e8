"""Every rule against one unit and one month."""

from __future__ import annotations

from auditor.audit.law.answers import Answer, beside, unknown
from auditor.audit.law.checks import CHECKS
from auditor.audit.law.facts import Case
from auditor.audit.law.finding import Finding
from auditor.audit.law.rules import Rule, rules


def findings(case: Case) -> tuple[Finding, ...]:
    """One finding per rule, in the order of the rules; the law of the calendar month's first day applies."""
    return tuple(_finding(case, rule) for rule in rules())


def _finding(case: Case, rule: Rule) -> Finding:
    answer = _answer(case, rule)
    return Finding(
        rule=rule.key,
        text=rule.text,
        verdict=answer.verdict,
        expected=rule.expects(case.first),
        seen=answer.seen,
        items=answer.items,
        basis=rule.basis(case.first),
    )


def _answer(case: Case, rule: Rule) -> Answer:
    if not rule.applies(case.level, case.first):
        return beside("không áp dụng cho cấp này hoặc thời gian này")
    if rule.undecidable:
        return unknown(rule.undecidable)
    return CHECKS[rule.check](case, rule)
