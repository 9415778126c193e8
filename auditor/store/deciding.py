"""What the program decides of a stored item; and deciding again what another judge has decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session, defer, selectinload

from auditor.classify import VERSION, Decision, classify
from auditor.store.database import Database
from auditor.store.models import ItemRow, PlacementRow

_POINTER = 200
"""Characters; a shorter body is a line that points to the file, which then speaks as well."""
_CHUNK = 500


@dataclass(frozen=True)
class Classifier:
    """Decides a category; the version tells decisions that newer rules may decide otherwise."""

    decide: Callable[[str, str | None, str | None, date | None, str | None], Decision] = classify
    version: str = VERSION

    def of(self, row: ItemRow) -> Decision:
        """What it decides of an item."""
        return self.decide(*facts_of(row, row.published_day))


SHIPPED = Classifier()
"""By the judge that comes with the program."""


def decide(row: ItemRow, classifier: Classifier) -> None:
    """Stores what the program decides of an item; what people decided of it stays beside it."""
    decision = classifier.of(row)
    row.category = decision.category
    row.confidence = decision.confidence
    row.why = list(decision.why)
    row.classifier = classifier.version


def facts_of(row: ItemRow, published: date | None) -> tuple[str, str | None, str | None, date | None, str | None]:
    """What an item is judged by, as `classify` takes it; the files speak where the body merely points to them."""
    document = row.document if len(row.body) <= _POINTER else ""
    return row.title, section_of(row.placements), row.body or None, published, document or None


def section_of(placements: Iterable[PlacementRow]) -> str | None:
    """The most specific name of a listing the item stood in: one made for a category, then the longest."""
    labels = [(place.category is not None, len(place.label), place.label) for place in placements if place.label]
    return max(labels)[-1] if labels else None


def decide_again(database: Database, classifier: Classifier) -> int:
    """Decides the items that another version decided, all in one transaction; answers how many they were.

    Costs next to nothing where there are none. Judging is done before writing begins, so that nobody waits for it; an
    item that a crawl stores meanwhile is left to that crawl, or to the next call.

    Raises:
        InputError: the file cannot be read or written.
    """
    with database.session() as session:
        if _all_by(session, classifier.version):
            return 0
        decisions = [_decided(row, classifier) for row in session.scalars(_others(classifier.version))]
    table = ItemRow.__table__
    same = (table.c.id == bindparam("item"), table.c.classifier != classifier.version)
    change = update(ItemRow).where(*same, table.c.last_observation == bindparam("seen"))
    names = ("category", "confidence", "why", "classifier")
    with database.transaction() as session:
        values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
        session.connection().execute(change.values(values), decisions)
    return len(decisions)


def _all_by(session: Session, version: str) -> bool:
    """Whether no other version decided anything: two look-ups in an index, however many items there are."""
    ends = (select(find(ItemRow.classifier)).scalar_subquery() for find in (func.min, func.max))
    return set(session.execute(select(*ends)).one()) <= {version, None}


def _others(version: str) -> Any:  # noqa: ANN401 - what SQLAlchemy calls its statements
    unused = (defer(ItemRow.attachments), defer(ItemRow.why), defer(ItemRow.title_key))
    query = select(ItemRow).where(ItemRow.classifier != version).options(selectinload(ItemRow.placements), *unused)
    return query.execution_options(yield_per=_CHUNK)


def _decided(row: ItemRow, classifier: Classifier) -> dict[str, Any]:
    decision = classifier.of(row)
    return {
        "item": row.id,
        "seen": row.last_observation,
        "new_category": decision.category,
        "new_confidence": decision.confidence,
        "new_why": list(decision.why),
        "new_classifier": classifier.version,
    }
