"""What the law's checks need of the store, and their findings beside a unit's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from auditor.audit.law.facts import Case, LawPost
from auditor.audit.law.findings import findings
from auditor.audit.month import UnitFigures
from auditor.audit.verdicts import Reading
from auditor.categories import Category
from auditor.outcomes import TLS_FAULTS, Cause, Outcome
from auditor.portals import Unit
from auditor.store.lawful import Listing, StoredText, counts_by_category, listings_of, texts
from auditor.store.queries import Visit
from auditor.window import Month, Window

_SOME_TEXT = 200
"""Characters; a shorter page points to a file or holds a picture of the document."""
_CUT = 3_500
"""Characters; a longer text may have been cut off when it was stored."""


@dataclass(frozen=True)
class Compliance:
    """The posts, counts and listings that concern a month's law, per unit."""

    month: Month
    window: Window
    today: date
    posts: Mapping[str, Sequence[StoredText]]
    held: Mapping[str, Mapping[Category, int]]
    listings: Mapping[int, Sequence[Listing]]

    @classmethod
    def load(cls, session: Session, month: Month, window: Window, today: date) -> Compliance:
        """Reads what concerns the month, of all units."""
        return cls(
            month,
            window,
            today,
            posts=texts(session, window.first, window.last),
            held=counts_by_category(session, window.last),
            listings=listings_of(session, window.first),
        )

    def judged(self, unit: Unit, figures: UnitFigures, reading: Reading) -> UnitFigures:
        """The unit's figures with the findings, and with what of each category is present; no count changes.

        A unit that ends within the window has no findings: it did not have the month that the rules ask about.
        """
        case = self.case(unit, figures, reading)
        return replace(
            figures,
            findings=() if figures.ended else findings(case),
            categories={
                category: replace(figure, standing=case.standing(category))
                for category, figure in figures.categories.items()
            },
        )

    def case(self, unit: Unit, figures: UnitFigures, reading: Reading) -> Case:
        """The unit as the law's checks see it."""
        return Case(
            level=unit.level,
            month=self.month,
            window=self.window,
            today=self.today,
            posts=tuple(map(_post, self.posts.get(unit.key, ()))),
            verdicts={category: figure.verdict for category, figure in figures.categories.items()},
            overall=figures.verdict,
            held=self.held.get(unit.key, {}),
            sections=frozenset(figures.sections),
            read_whole=self._read_whole(reading),
            seen_whole=reading.is_whole(),
            outcomes=tuple(visit.outcome for visit in reading.visits),
            https=unit.url.startswith("https:"),
            certificate=_certificate(reading.visits),
        )

    def _read_whole(self, reading: Reading) -> frozenset[Category]:
        """The categories of which the proof read every listing to its end.

        A category with listings of its own may have posts there, and where nothing is sorted; one without, anywhere.
        """
        listings = self.listings.get(reading.proof.id, ()) if reading.proof else ()
        return frozenset(category for category in Category if _is_whole(listings, category))


def _certificate(visits: Sequence[Visit]) -> Cause | None:
    """What was wrong with the certificate when last it was looked at: a visit that did not get so far says nothing."""
    for visit in reversed(visits):
        if visit.cause in TLS_FAULTS:
            return visit.cause
        if visit.outcome not in {Outcome.FAILED, Outcome.UNREACHABLE}:
            return visit.certificate
    return None


def _is_whole(listings: Sequence[Listing], category: Category) -> bool:
    own = any(listing.category is category for listing in listings)
    where = [listing for listing in listings if not own or listing.category in (category, None)]
    return bool(where) and all(listing.whole for listing in where)


def _post(stored: StoredText) -> LawPost:
    files = stored.attachments
    text = f"{stored.body} {stored.document}".strip()
    read = stored.opened and all(file.text for file in files) and len(files) <= 1
    return LawPost(
        url=stored.url,
        title=stored.title,
        category=stored.category,
        published=stored.published_day,
        text=text,
        whole=read and len(text) >= _SOME_TEXT and max(len(stored.body), len(stored.document)) < _CUT,
        standing=stored.standing,
        files=tuple(file.text for file in files),
        commune=stored.commune,
    )
