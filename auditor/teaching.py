"""The judge learns from what people decided here; what comes of it is measured before anything is adopted.

The program's own weights are moved until the judge decides as people did (auditor.learning.overruling). Measured is
how titles are judged that the weights have not learnt from: the program's labelled titles and the decisions, in
parts grouped by text, each part by weights fitted to the others, once without and once with the decisions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from auditor import adopted, ngrams, operations, vocabulary
from auditor.adopted import Adoption
from auditor.classify import Judge
from auditor.context import Context, open_decided
from auditor.errors import InputError
from auditor.evaluating import Case, corrected
from auditor.learning.examples import LABELLED, UNSURE, by_people, labelled, shipped
from auditor.learning.measuring import FOLDS, fold_of, group_of, strangers
from auditor.learning.overruling import Lesson, overruled
from auditor.learning.training import Example
from auditor.ngrams import Model, written
from auditor.scoring import Label, Score, Verdict, score
from auditor.store.corrections import effective, short_id
from auditor.store.database import Database
from auditor.store.deciding import Classifier
from auditor.store.models import ItemRow
from auditor.vocabulary import LABELS
from auditor.window import Month

FEWEST = 5
"""Different titles; fewer teach nothing that could be told from chance."""
_LOSS = 0.01
"""Of macro-F1: a loss above is not adopted unless somebody insists."""


_KEYS = {label: key for key, label in LABELS.items()}


@dataclass(frozen=True)
class Change:
    """A stored item that the new judge would decide otherwise."""

    id: str
    unit: str
    url: str
    title: str
    before: Label
    after: Label


@dataclass(frozen=True)
class Effect:
    """What learning would change.

    Attributes:
        decisions: what people decided here. file: titles of a labelled file.
        taught: different titles among both that say something; what was learnt from.
        before, after: how titles are judged that were not learnt from, by what comes with the program alone, and by
            what it learns beside it; the decisions and the file's titles are among them.
        right: how many of the decisions and the file's titles each of the two judges as people did.
        month: whose items were judged anew. items: how many they are. changes: those decided otherwise then; what
            people decided stays, and is not among them.
        weights: as a file.
    """

    decisions: int
    file: int
    taught: int
    before: Score
    after: Score
    right: tuple[int, int]
    month: Month
    items: int
    changes: tuple[Change, ...]
    weights: bytes

    @property
    def worse(self) -> bool:
        """Whether titles not learnt from are judged clearly worse."""
        return self.after.macro_f1 < self.before.macro_f1 - _LOSS


def learn(
    context: Context,
    file: Sequence[Case] = (),
    month: Month | None = None,
    folds: int = FOLDS,
    tick: Callable[[int, int], None] | None = None,
) -> Effect:
    """Learns from all that people decided here and from a file's cases; adopts nothing.

    Args:
        context: where.
        file: further labelled cases.
        month: whose stored items are judged anew; default: the open one.
        folds: in how many parts titles are split to measure.
        tick: is told how many of the fits are done.

    Raises:
        InputError: too few decisions; a month that has not begun; the database cannot be used.
    """
    month = month or context.open_month
    items = operations.items(context, month, everything=True)
    decided = corrected(context)
    own = [*decided, *file]
    lessons = _lessons(own)
    if len(lessons) < FEWEST:
        raise InputError(
            f"too little to learn from: people have decided {len(decided)} items, a file names {len(file)} titles; "
            f"among them are {len(lessons)} different ones that say something, and {FEWEST} are needed: "
            "decide more with `auditor items set` and `auditor review accept`, or name a labelled file with --file"
        )
    cases = [*(Case(LABELS[each.label], each.title) for each in by_people()), *own]
    before, after = _measured(cases, lessons, folds, tick or _silent)
    weights = written(_taught(ngrams.load(), lessons, list(labelled())).weights)
    return Effect(
        decisions=len(decided),
        file=len(file),
        taught=len(lessons),
        before=score(before),
        after=score(after),
        right=(_right(before[-len(own) :]), _right(after[-len(own) :])),
        month=month,
        items=len(items),
        changes=_changes(context, {(item.unit, item.url) for item in items}, Model.read(weights)),
        weights=weights,
    )


def adopt(context: Context, effect: Effect, by: str, measured: dict[str, object], *, anyway: bool = False) -> Adoption:
    """Lets what was learnt judge from now on, and judges every stored item anew.

    Raises:
        InputError: it judges clearly worse, and nobody insists; the data folder cannot be written.
    """
    if effect.worse and not anyway:
        raise InputError(
            f"nothing was adopted: macro-F1 fell from {effect.before.macro_f1:.3f} to {effect.after.macro_f1:.3f} on "
            "titles not learnt from: look at the decisions with `auditor items history`, or insist with --anyway"
        )
    note = adopted.adopt(context.data.judge, effect.weights, by, context.now(), measured)
    open_decided(context).close()
    return note


def revert(context: Context, by: str) -> None:
    """Lets the program's own judge decide again, and judges every stored item anew.

    Raises:
        InputError: nothing was adopted; the data folder cannot be written.
    """
    adopted.revert(context.data.judge, by, context.now())
    open_decided(context).close()


def _silent(_done: int, _total: int) -> None:
    """Tells nobody."""


def _measured(
    cases: Sequence[Case], lessons: Sequence[Case], folds: int, tick: Callable[[int, int], None]
) -> tuple[list[Verdict], list[Verdict]]:
    """Each case, judged by weights fitted without its like: to what comes with the program, then to the lessons too."""
    before: dict[int, Verdict] = {}
    after: dict[int, Verdict] = {}
    held = list(labelled())
    for part, base in enumerate(strangers(list(shipped()), folds)):

        def strange(title: str, part: int = part) -> bool:
            return fold_of(title, folds) != part

        taught = _taught(
            base,
            [lesson for lesson in lessons if strange(lesson.title)],
            [example for example in held if strange(example.title)],
        )
        of_part = [number for number, case in enumerate(cases) if not strange(case.title)]
        for model, found in ((base, before), (taught, after)):
            judge = Judge(vocabulary.load(), model)
            found.update((number, cases[number].judged(judge)) for number in of_part)
        tick(part + 1, folds)
    places = range(len(cases))
    return [before[number] for number in places], [after[number] for number in places]


def _taught(base: Model, lessons: Sequence[Case], held: Sequence[Example]) -> Model:
    judge = Judge(vocabulary.load(), base)
    return overruled(base, judge, [_lesson(judge, case) for case in lessons], held)


def _lesson(judge: Judge, case: Case) -> Lesson:
    example = Example(case.title, _KEYS[case.truth], LABELLED if case.sure else UNSURE)
    return Lesson(example, judge.scores(*case.facts))


def _lessons(cases: Iterable[Case]) -> list[Case]:
    """What cases teach: alike titles with the same label teach once, titles that say nothing teach nothing."""
    known = vocabulary.load()
    found: dict[tuple[str, Label], Case] = {}
    for case in cases:
        if not known.says_nothing(known.words(case.title)):
            found.setdefault((group_of(case.title), case.truth), case)
    return list(found.values())


def _right(verdicts: Iterable[Verdict]) -> int:
    return sum(verdict.truth is verdict.said for verdict in verdicts)


def _changes(context: Context, items: set[tuple[str, str]], model: Model) -> tuple[Change, ...]:
    judge = Judge(vocabulary.load(), model)
    classifier = Classifier(judge.classify, judge.version)
    query = (
        select(ItemRow)
        .where(ItemRow.unit.in_(sorted({unit for unit, _ in items})))
        .order_by(ItemRow.unit, ItemRow.url)
        .options(selectinload(ItemRow.placements), selectinload(ItemRow.corrections))
    )
    found = []
    with Database.open(context.database) as database, database.session() as session:
        for row in session.scalars(query):
            held = effective(row.corrections)
            if (row.unit, row.url) not in items or (held and held.sets_category):
                continue
            now = classifier.of(row).category
            if now is not row.category:
                found.append(Change(short_id(row.unit, row.url), row.unit, row.url, row.title, row.category, now))
    return tuple(found)
