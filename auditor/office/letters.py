"""Letters to units: a reminder where something is missing, a notice where a portal could not be read, a sheet for each.

Nothing is held against a unit that was not seen: who could not be observed gets the notice and never the reminder, and
who was not visited for our own reasons gets neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from auditor.audit.closing import printed_month
from auditor.audit.month import MonthFigures, UnitFigures
from auditor.categories import Category
from auditor.context import Context, open_decided
from auditor.errors import InputError
from auditor.outcomes import Verdict
from auditor.report import tables, wording
from auditor.report.as_docx import Letterhead, Paper, letterhead, paper_docx
from auditor.report.keeping import remove_file, replace_file
from auditor.report.narrative import Block, written
from auditor.report.tables import Table
from auditor.report.view import OWN_CAUSES
from auditor.store.received import received_of
from auditor.window import Month

REMINDER, NOTICE, SHEET = "nhac-nho", "su-co-truy-cap", "phieu-kiem-tra"


@dataclass(frozen=True)
class Letter:
    """A letter that was written: to whom, of which kind, where."""

    unit: str
    kind: str
    file: Path


@dataclass(frozen=True)
class Written:
    """The letters of one run, and the files of earlier ones that do not hold any more: whoever has posted since."""

    letters: tuple[Letter, ...]
    removed: tuple[Path, ...]


@dataclass(frozen=True)
class Lacking:
    """What is missing of one unit.

    Attributes:
        nothing: it is proven to have posted nothing. sections: the categories it has no listing for.
        report: it sent no report, where others did.
    """

    nothing: bool
    sections: tuple[str, ...]
    report: bool

    def __bool__(self) -> bool:
        return self.nothing or bool(self.sections) or self.report


def remind(context: Context, month: Month, output: Path, *, sheets: bool = False) -> Written:
    """Writes the letters of a month, and removes those in the folder that must not be sent any more.

    Raises:
        InputError: the month has not begun; a folder that cannot be written; a broken template.
    """
    context.refuse_future(month)
    with open_decided(context) as database, database.session() as session:
        figures = printed_month(session, context.jurisdiction, month, today=context.today)
        sent = set(received_of(session, str(month)))
    is_open = context.today <= figures.window.last
    desk = _Desk(figures, context.jurisdiction.timezone, sent, context.templates, is_open=is_open)
    gone = {unit.key for unit in context.jurisdiction.units if unit.valid_to and unit.valid_to < context.today}
    addressed = [unit for unit in figures.units if unit.key not in gone]  # nobody opens the others' letters
    made = [(unit.key, kind, body) for unit in addressed for kind, body in desk.letters(unit)]
    made += [(unit.key, SHEET, desk.sheet(unit)) for unit in figures.units if sheets]
    letters = {Letter(key, kind, output / _name(month, key, kind)): body for key, kind, body in made}
    possible = [output / _name(month, unit.key, kind) for unit in figures.units for kind in (REMINDER, NOTICE)]
    try:
        return _put(output, letters, possible)
    except OSError as error:
        told = f"the letters cannot be written to {output} ({error})"
        raise InputError(f"{told}: close it where it is open, or choose another folder") from error


def _name(month: Month, unit: str, kind: str) -> str:
    return f"{month}-{unit}-{kind}.docx"


def _put(folder: Path, letters: Mapping[Letter, bytes], possible: Sequence[Path]) -> Written:
    """Writes the letters; of the possible ones, an earlier run's that is not among them is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    due = {letter.file for letter in letters}
    removed = tuple(file for file in possible if file not in due and file.exists())
    for file in removed:
        remove_file(file)
    for letter, body in letters.items():
        replace_file(letter.file, body)
    return Written(tuple(letters), removed)


def lacking(figures: MonthFigures, unit: UnitFigures, sent: AbstractSet[str]) -> Lacking:
    """What may be held against a unit that was seen; only what a complete visit proves."""
    whole = unit.seen_whole
    missing = [category for category in Category if category not in unit.sections] if whole else []
    labels = tuple(figures.labels.get(category, category.label) for category in missing)
    return Lacking(unit.verdict is Verdict.NOT_PUBLISHED, labels, bool(sent) and unit.key not in sent)


@dataclass(frozen=True)
class _Desk:
    """Where the letters of one month are written.

    Attributes:
        sent: keys of the units that sent a report. is_open: the window has not ended.
        templates: the office's own wording.
    """

    figures: MonthFigures
    zone: ZoneInfo
    sent: AbstractSet[str]
    templates: Path | None
    is_open: bool

    def letters(self, unit: UnitFigures) -> Iterator[tuple[str, bytes]]:
        """The letter to a unit, with its kind; none where nothing is missing, or the fault is ours."""
        if unit.verdict is Verdict.NOT_OBSERVABLE:
            if unit.cause is not None and unit.cause not in OWN_CAUSES:
                yield NOTICE, self._letter(unit, "kiểm tra khả năng truy cập cổng, trang thông tin điện tử", "notice")
            return
        found = lacking(self.figures, unit, self.sent)
        if found:
            what = "đăng tải thông tin" if found.nothing or found.sections else "gửi báo cáo đăng tải thông tin"
            about = f"{what} tiếp công dân {wording.month_name(self.figures.month)}"
            yield REMINDER, self._letter(unit, about, "reminder", lacking=found, is_open=self.is_open)

    def sheet(self, unit: UnitFigures) -> bytes:
        """What was found of a unit, with every counted post."""
        blocks = self._blocks(unit, "sheet", whole=unit.seen_whole)
        alone = replace(self.figures, units=(unit,), corrected=())
        annexes = [tables.counted_items(alone, detailed=False)] if unit.items else []
        return self._paper("Phiếu kiểm tra", self._head(), blocks, annexes)

    def _letter(self, unit: UnitFigures, about: str, template: str, **more: object) -> bytes:
        return self._paper("Công văn", replace(self._head(), about=about), self._blocks(unit, template, **more))

    def _blocks(self, unit: UnitFigures, template: str, **more: object) -> tuple[Block, ...]:
        visits = [(f"{one.started.astimezone(self.zone):%H:%M ngày %d/%m/%Y}", one) for one in unit.cited]
        facts = {"figures": self.figures, "unit": unit, "visits": visits, **more}
        return written(f"{template}.txt.j2", facts, self.templates)

    def _paper(self, kind: str, head: Letterhead, blocks: Sequence[Block], annexes: Sequence[Table] = ()) -> bytes:
        return paper_docx(Paper(self.figures.office, head, kind, self.figures.month, blocks, annexes))

    def _head(self) -> Letterhead:
        head = letterhead(self.figures.jurisdiction, self.figures.office)
        return replace(head, symbol=head.symbol.removeprefix("BC-"))
