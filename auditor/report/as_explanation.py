"""Why this number, why this zero: one screen in the clerk's words, to be read out over the telephone; or JSON.

Every text that came from a portal passes `printable`: no control sequence reaches the terminal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from itertools import groupby
from textwrap import TextWrapper
from typing import Any
from urllib.parse import urlsplit

from auditor.audit.explanation import Explanation
from auditor.audit.month import CountedItem
from auditor.categories import Category
from auditor.outcomes import Outcome, Verdict
from auditor.report.advice import advice
from auditor.report.as_json import unit_json
from auditor.report.wording import change, cited, day
from auditor.store.coverage import ListingRead, VisitDetail
from auditor.text import json_text, printable

_MOST_SPANS, _MOST_LISTINGS, _MOST_ITEMS, _MOST_LOST = 6, 8, 4, 3
_ADDRESS = 300
_TITLE = 90


def explanation_text(told: Explanation, width: int | None = None) -> str:
    """The whole answer, most important first; lines are folded to `width` characters where that is given."""
    parts = (
        _head(told),
        _section("Các đêm kiểm tra", _nights(told)),
        _section("Lần kiểm tra làm căn cứ", _decisive(told)),
        _section("Mất so với lần đọc đầy đủ trước đó", _missing(told)),
        _section("Tin được tính", _items(told)),
        _section("Tin không tính", (f"{count} tin: {printable(reason)}" for reason, count in told.not_counted)),
        _section("Bản lưu", _evidence(told)),
        _section("Cần làm", _to_do(told)),
    )
    return "".join(f"{_folded(line.rstrip(), width)}\n" for part in parts for line in part)


def _folded(line: str, width: int | None) -> str:
    """The line, further lines of it set in; addresses and commands stay whole, to be copied."""
    inset = " " * (len(line) - len(line.lstrip()) + 2)
    wrapper = TextWrapper(
        width or len(line) + 1, subsequent_indent=inset, break_long_words=False, break_on_hyphens=False
    )
    return wrapper.fill(line)


def answer(told: Explanation) -> str:
    """What is read out to a unit that calls: one paragraph."""
    window, unit = told.figures.window, told.unit
    span = f"Từ {day(window.first)} đến {day(window.last)}, {printable(unit.name)}"
    if unit.verdict is Verdict.NOT_OBSERVABLE:
        cause = unit.cause.label if unit.cause else "chưa rõ nguyên nhân"
        return f"{span}: chưa kết luận được, vì {cause}. Không coi là đơn vị không đăng tải. {_last_good(told)}"
    if unit.verdict is Verdict.NOT_PUBLISHED:
        return f"{span} không có tin nào được tính. {_proof(told)}"
    sure = _proof(told) if unit.tally.comparable or unit.proof else f"Đây là mức tối thiểu. {_last_good(told)}"
    doubt = "" if unit.tally.comparable or unit.tally.change is None else " (số liệu so sánh chưa đầy đủ)"
    return f"{span} có {unit.tally.count} tin được tính, {change(unit.tally, told.figures.month)}{doubt}. {sure}"


def _proof(told: Explanation) -> str:
    if told.decisive is None:
        return ""
    visit = told.decisive
    read = f"{len(visit.listings)} danh sách, {sum(each.pages for each in visit.listings)} trang"
    return (
        f"Căn cứ lần kiểm tra {_clock(told, visit.started)}: đã đọc đủ {read}, trở về đến ngày {day(visit.first_day)}."
    )


def _last_good(told: Explanation) -> str:
    if told.good is None:
        return "Chưa có lần nào đọc được đầy đủ."
    return f"Lần đọc đầy đủ gần nhất: {_clock(told, told.good.started)}."


def _clock(told: Explanation, instant: datetime) -> str:
    return f"{instant.astimezone(told.zone):%H:%M ngày %d/%m/%Y}"


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == 0:
            yield f"{title}"
        yield f"  {line}"


def _head(told: Explanation) -> Iterator[str]:
    unit = told.unit
    yield f"{printable(unit.name)}  [{unit.key}]  {printable(unit.url, _ADDRESS)}"
    yield f"Kết luận {told.figures.month}: {unit.verdict.label.upper()}"
    if closed := told.figures.closed:
        yield (
            f"  Số liệu đã chốt lúc {_clock(told, closed.made)} ({printable(closed.by, 60)}), không đổi nữa; "
            f"điều biết thêm từ đó: auditor restate --month {told.figures.month}"
        )
    yield f"  {answer(told)}"
    for verdict in (Verdict.NOT_PUBLISHED, Verdict.NOT_OBSERVABLE):
        those = [_label(told, key) for key in Category if unit.categories[key].verdict is verdict]
        if those and unit.verdict is Verdict.PUBLISHED:
            yield f"  {verdict.label.capitalize()}: {'; '.join(those)}."


def _label(told: Explanation, category: Category) -> str:
    return printable(told.figures.labels.get(category, category.label))


def _nights(told: Explanation) -> Iterator[str]:
    observed, tried = told.unit.nights
    yield f"đọc được đầy đủ {observed}/{tried} đêm"
    spans = [list(visits) for _, visits in groupby(told.nights, key=lambda visit: (visit.outcome, visit.cause))]
    if len(spans) > _MOST_SPANS:
        yield f"… {sum(map(len, spans[:-_MOST_SPANS]))} lần trước đó"
    for span in spans[-_MOST_SPANS:]:
        first, last = span[0], span[-1]
        when = _clock(told, first.started)
        until = f" – {_clock(told, last.started)}, {len(span)} lần" if len(span) > 1 else ""
        cause = f", {last.cause.label}" if last.cause else ""
        yield f"{when}{until}: {last.outcome.label}{cause}"


def _decisive(told: Explanation) -> Iterator[str]:
    visit = told.decisive
    if visit is None:
        return
    answers = ", ".join(f"{_answered(word)}: {count}" for word, count in told.answers)
    asked = f"{visit.requests} yêu cầu" + (f" ({answers})" if answers else "")
    yield f"{_clock(told, visit.started)}: {visit.outcome.label}; {asked}"
    if visit.detail:
        yield f"chi tiết kỹ thuật: {printable(visit.detail, _ADDRESS)}"
    yield from (_listing(each, told.unit.url) for each in visit.listings[:_MOST_LISTINGS])
    if len(visit.listings) > _MOST_LISTINGS:
        yield f"… và {len(visit.listings) - _MOST_LISTINGS} danh sách khác"
    lost = [url for each in visit.listings for url in each.lost]
    yield from (f"không đọc được: {_place(url, told.unit.url)}" for url in lost[:_MOST_LOST])
    if visit.outcome is not Outcome.COMPLETE:
        yield _last_good(told)


def _answered(word: str) -> str:
    return {"fault": "không trả lời", "left": "không lưu"}.get(word, f"mã {word}")


def _place(url: str, portal: str) -> str:
    """An address as a reader needs it: of the unit's own portal without the host, which stands above."""
    own = urlsplit(portal)
    return printable(url.removeprefix(f"{own.scheme}://{own.netloc}") or "/", _ADDRESS)


def _listing(read: ListingRead, portal: str) -> str:
    pages = f"{read.pages}/{read.promised}" if read.promised else str(read.pages)
    state = "trống" if read.empty else "đủ" if read.complete else "CHƯA ĐỦ"
    name = printable(read.label, 50) or "(không tên)"
    return f"{name}: {pages} trang, {read.rows} tin, {state}  {_place(read.listing, portal)}"


def _missing(told: Explanation) -> Iterator[str]:
    for each in told.missing[:_MOST_LISTINGS]:
        yield f"{printable(each.label, 50)}: trước có {each.rows} tin  {_place(each.listing, told.unit.url)}"


def _items(told: Explanation) -> Iterator[str]:
    for category in Category:
        items = [item for item in told.unit.items if item.category is category]
        if items:
            yield f"{_label(told, category)}: {len(items)}"
            yield from (line for item in items[:_MOST_ITEMS] for line in _item(item, told.unit.url))
        if len(items) > _MOST_ITEMS:
            command = f"auditor items --month {told.figures.month} --unit {told.unit.key}"
            yield f"  … và {len(items) - _MOST_ITEMS} tin nữa: {command}"


def _item(item: CountedItem, portal: str) -> Iterator[str]:
    """A post: its day, title, what decided, its address, its id."""
    why = f" ({printable(cited(item.why[0]), 60)})" if item.why else ""
    yield f"  {_printed(item.published)}  {printable(item.title, _TITLE)}{why}  {_place(item.url, portal)}  [{item.id}]"
    yield from (f"    {printable(note)}" for note in item.notes)


def _printed(published: str | None) -> str:
    return f"{date.fromisoformat(published[:10]):%d/%m/%Y}" if published else "không ghi ngày"


def _evidence(told: Explanation) -> Iterator[str]:
    if told.evidence:
        yield f"auditor evidence {told.unit.key} --month {told.figures.month}"
        yield printable(told.evidence, _ADDRESS)
    elif told.decisive:
        yield "lần kiểm tra này không có bản lưu: không ghi được, hoặc đã xoá theo giới hạn lưu"
    if told.decisive and told.decisive.source:
        yield printable(told.decisive.source, _ADDRESS)


def _to_do(told: Explanation) -> Iterator[str]:
    unit, month = told.unit, str(told.figures.month)
    late = [item for item in unit.items if item.backdated]
    if late:
        yield (
            f"{len(late)} tin ghi ngày đăng trái với các đêm kiểm tra: hỏi đơn vị ngày đăng thật, cho xem bản lưu "
            f"(auditor evidence {late[0].id}); nếu ngày sai: auditor items set {late[0].id} --published NGÀY."
        )
    if gone := [item for item in unit.items if item.removed]:
        yield f"{len(gone)} tin đã bị gỡ vẫn được tính; trang đã lưu: auditor evidence {gone[0].id}."
    if unit.verdict is Verdict.NOT_OBSERVABLE:
        yield advice(unit.cause, unit.key, month)
    elif unit.proof is None and told.decisive is not None:
        yield f"{advice(told.decisive.cause, unit.key, month)} Số đã tính là mức tối thiểu."
    elif unit.verdict is Verdict.NOT_PUBLISHED:
        yield "Nếu đơn vị nói đã đăng: hỏi địa chỉ của tin, xem tin có trong các danh sách trên, ngày đăng có trong kỳ."


def explanation_json(told: Explanation) -> str:
    """`audit`'s record of the unit, with what stands behind it; UTF-8 text with a line break at its end."""
    record = json.loads(unit_json(told.figures, told.unit.key))
    needs = told.unit.verdict is Verdict.NOT_OBSERVABLE or told.unit.proof is None
    cause = told.unit.cause or (told.decisive.cause if told.decisive else None)
    record |= {
        "answer": answer(told),
        "visits": _visits(told.nights),
        "decisive": _visit(told.decisive),
        "answers": dict(told.answers),
        "last_complete": told.good.started.isoformat() if told.good else None,
        "missing_listings": [asdict(each) for each in told.missing],
        "not_counted": dict(told.not_counted),
        "evidence": told.evidence,
        "advice": advice(cause, told.unit.key, str(told.figures.month)) if needs else None,
    }
    return json_text(record, indent=2) + "\n"


def _visits(visits: Sequence[VisitDetail]) -> list[dict[str, Any]]:
    told = [_visit(visit) or {} for visit in visits]
    return [{key: value for key, value in each.items() if key != "listings"} for each in told]


def _visit(visit: VisitDetail | None) -> dict[str, Any] | None:
    if visit is None:
        return None
    plain = {name: getattr(visit, name).isoformat() for name in ("started", "finished", "first_day")}
    cause = str(visit.cause) if visit.cause else None
    return {**asdict(visit), **plain, "outcome": str(visit.outcome), "cause": cause}
