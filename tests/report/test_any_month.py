"""Any month: counts, unobservable units, histories, styles; what its sentences and files must keep."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.audit.afterwards import PastMonth
from auditor.audit.checks import checks
from auditor.audit.month import MonthFigures, UnitFigures
from auditor.outcomes import Cause, Verdict
from auditor.portals import Level
from auditor.report import picture_tables
from auditor.report.as_docx import month_docx
from auditor.report.as_xlsx import month_xlsx
from auditor.report.narrative import narrative
from auditor.report.tables import summary
from auditor.style import Numbers, Style
from auditor.window import Month
from tests.report.decree import faults
from tests.report.province import month, unit, unseen

KINDS = ("Sở", "Ban", "UBND huyện", "UBND thị xã", "UBND xã")
CAUSES = (Cause.TIMEOUT, Cause.TLS, Cause.NO_SECTION, Cause.NEVER_VISITED)

one_unit = st.tuples(
    st.sampled_from(KINDS),
    st.sampled_from(list(Level)),
    st.integers(0, 14),
    st.none() | st.integers(0, 30),
    st.booleans(),
    st.sampled_from(CAUSES),
    st.booleans(),
)
styles = st.builds(
    Style,
    numbers=st.sampled_from(list(Numbers)),
    majority=st.integers(50, 100),
    notable_change=st.integers(1, 20),
)


@st.composite
def months(draw: st.DrawFn) -> MonthFigures:
    units = []
    for place, (kind, level, count, previous, hidden, cause, sent) in enumerate(draw(st.lists(one_unit, max_size=14))):
        name, key = f"{kind} N{place:02d}'x", f"u{place}" + ("-sent" if sent else "")
        made = (
            unseen(name, cause, key=key, level=level, previous=previous)
            if hidden and not count
            else unit(name, count, key=key, level=level, previous=previous)
        )
        units.append(made)
    when = Month(draw(st.integers(2001, 2100)), draw(st.integers(1, 12)))
    figures = month(units, when)
    past, before = [], when.preceding()
    for known in draw(st.lists(st.booleans(), min_size=11, max_size=11)):
        counts = {one.key: draw(st.integers(0, 9)) for one in units} if known else {}
        past.append(
            PastMonth(before, "closed" if known else "unknown", sum(counts.values()) if known else None, {}, counts)
        )
        before = before.preceding()
    figures = replace(
        figures,
        past=tuple(reversed(past)),
        style=draw(styles),
        received=tuple(one.key for one in units if one.key.endswith("-sent")),
    )
    return replace(figures, checks=checks(figures))


def names(text: str) -> list[str]:
    return re.findall(r"N\d\d(?='x)", text)


def number(text: str) -> int:
    return int(text.replace(".", ""))


@settings(max_examples=40, deadline=None)
@given(months())
def test_the_rules_of_wording_hold(figures: MonthFigures) -> None:
    said = [block.text for block in narrative(figures)]
    text = "\n".join(said)
    assert not re.search(r"(tăng|giảm) 0|None|\(\)|  | [.,;:)]|\( |\.\.|,,|;;|\{|\}", text)
    assert text.count("(") == text.count(")")
    assert "Số liệu chưa khớp" not in text
    changes = re.sub(r"(tăng|giảm) [\d.]+ lượt", "", text)
    lonely = re.findall(r"(?<![\d/.])([1-9]) lượt", changes)
    padded = re.findall(r"(?<![\d/.])0[1-9] lượt", changes)
    assert not (lonely if figures.style.numbers is Numbers.FORMAL else padded)
    if figures.month.number == 1 and figures.units:
        assert not re.search(rf"tháng 12(?!/{figures.month.year - 1})", text)


@settings(max_examples=40, deadline=None)
@given(months())
def test_printed_sums_equal_their_parts(figures: MonthFigures) -> None:
    said = [block.text for block in narrative(figures)]
    counted = figures.total.count
    groups = [line for line in said if re.match(r"Cấp (tỉnh|huyện|xã): (?!chưa kết luận được)", line)]
    sums = [number(re.findall(r": ([\d.]+) lượt", line)[0]) for line in groups]
    assert sum(sums) == counted
    for line, total in zip(groups, sums, strict=True):
        if "Xếp theo số lượt: " in line:
            ranked = line.partition("Xếp theo số lượt: ")[2]
            parts = re.findall(r"(.*?) \((?:mỗi đơn vị )?([\d.]+) lượt\)(?:; |\.)", ranked)
            assert sum(len(names(who)) * number(count) for who, count in parts) == total
        else:
            assert total == 0
    totals = [line for line in said if "tổng cộng" in line]
    assert [number(re.findall(r"tổng cộng ([\d.]+) lượt", line)[0]) for line in totals] == (
        [counted] if counted else []
    )
    posted, of = len(figures.with_verdict(Verdict.PUBLISHED)), len(figures.units)
    seen = [unit for unit in figures.units if unit.verdict is not Verdict.NOT_OBSERVABLE]
    assert not seen or any(f"{posted}/{of}" in line for line in said)


@settings(max_examples=40, deadline=None)
@given(months())
def test_nobody_seen_is_no_zero(figures: MonthFigures) -> None:
    """In sentences and tables: a group, a level, a province of which nothing can be said has no number."""
    text = "\n".join(block.text for block in narrative(figures))
    totals = {row.cells[1]: row.cells[2:8] for row in summary(figures).rows if row.total}
    for name, units in {"Tổng cộng": figures.units, **_members(figures)}.items():
        unseen_ = all(one.verdict is Verdict.NOT_OBSERVABLE for one in units)
        assert (set(totals[name]) == {None}) == unseen_
        assert not (unseen_ and re.search(rf"{name}:? \d+ lượt|{name} (tăng|giảm)", text))
    if not [one for one in figures.units if one.verdict is not Verdict.NOT_OBSERVABLE]:
        assert not re.search(r"\d lượt", text)


def _members(figures: MonthFigures) -> dict[str, list[UnitFigures]]:
    return {group.key.label: [one for one in figures.units if one.group is group.key] for group in figures.groups}


@settings(max_examples=40, deadline=None)
@given(months())
def test_nobody_stands_in_two_lists_and_nobody_is_praised_against_the_figures(figures: MonthFigures) -> None:
    said = [block.text for block in narrative(figures)]
    lists = {
        start: [name for line in said if re.search(start, line) for name in names(line)]
        for start in (r"có đăng tải thông tin trong kỳ: ", r"^Không đăng tải thông tin", r"^Chưa kết luận được \(")
    }
    everyone = [name for listed in lists.values() for name in listed]
    assert len(everyone) == len(set(everyone))
    posted, of = len(figures.with_verdict(Verdict.PUBLISHED)), len(figures.units)
    text = "\n".join(said)
    assert ("Đa số" in text) == (posted != of and posted * 100 > of * figures.style.majority)
    assert ("Tất cả cơ quan" in text) == (posted == of > 0)
    if figures.units:
        good = said[said.index("Ưu điểm") + 1 : said.index("Tồn tại")]
        bad = said[said.index("Tồn tại") + 1 : next(n for n, line in enumerate(said) if line.startswith("3. "))]
        assert not [line for line in good if "giảm" in line or "không đăng" in line]
        assert not [line for line in bad if re.search(r"Cấp \w+ tăng", line)]
        named = [number(n) for line in (*good, *bad) for n in re.findall(r"^Cấp \w+ (?:tăng|giảm) ([\d.]+) lượt", line)]
        assert all(each >= figures.style.notable_change for each in named)


@settings(max_examples=8, deadline=None)
@given(months())
def test_files_open_keep_the_decree_and_come_out_the_same_twice(figures: MonthFigures) -> None:
    blocks = narrative(figures)
    document, book = month_docx(figures, blocks), month_xlsx(figures)
    assert faults(document) == []
    assert (document, book) == (month_docx(figures, blocks), month_xlsx(figures))
    opened = openpyxl.load_workbook(io.BytesIO(book))
    assert not [cell for sheet in opened for row in sheet for cell in row if cell.data_type == "f"]
    rows = [row.cells for row in picture_tables.months(figures).rows if not row.total]
    known = [past for past in figures.past if past.count is not None]
    for column, past in enumerate(picture_tables.known_months(figures), start=2):
        if past in known and rows:
            assert sum(number for row in rows if isinstance(number := row[column], int)) == past.count
