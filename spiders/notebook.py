"""What a visit has learnt so far, and the observation it becomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from auditor.categories import Category
from auditor.observation import Attachment, Coverage, Lead, Observation, Placement, PostCheck, SeenItem
from auditor.outcomes import Cause, Outcome
from auditor.reading.addresses import host_of, lasting
from auditor.reading.article import Article
from auditor.reading.dates import Stamp, plausible
from auditor.reading.documents import DocumentText
from auditor.reading.feeds import Entry
from auditor.reading.navigation import Candidate
from auditor.reading.rows import Row
from auditor.reading.titles import fuller, is_cut, same_title, tidy
from auditor.reading.wording import fingerprint
from spiders.platform import Platform

_DOCUMENT = 4000
"""Characters kept of a file: its first page or two."""


@dataclass
class Notebook:
    """Collects items, coverage and mishaps of one visit.

    Attributes:
        unit: the unit's key. zone: the jurisdiction's. first_day: read down to this day. today: refuses later dates.
        platform: knows when two addresses are one post's.
        section: the section's address, once found.
        leads: the links that may lead to the section.
        troubles: what went wrong, each with its detail, in order.
        checks: what became of posts that no listing shows any more.
    """

    unit: str
    zone: ZoneInfo
    first_day: date
    today: date
    started: datetime
    platform: Platform = field(default_factory=Platform)
    section: str | None = None
    items: dict[str, SeenItem] = field(default_factory=dict)
    listings: list[Coverage] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    troubles: list[tuple[Cause, str]] = field(default_factory=list)
    checks: list[PostCheck] = field(default_factory=list)
    _aliases: dict[str, str] = field(default_factory=dict)
    _shared: set[str] = field(default_factory=set)

    def trouble(self, cause: Cause, detail: str) -> None:
        """Notes what went wrong."""
        self.troubles.append((cause, detail))

    def key(self, url: str) -> str:
        """The key under which a post is noted, whichever of its addresses is given."""
        key = self.platform.key(url)
        return self._aliases.get(key, key)

    def bound_of(self, row: Row) -> date | None:
        """The day a row is walked by: of its publication; where the listing shows the last change instead, of that."""
        return self._changed(row) or self.day_of(row.url)

    def is_old(self, row: Row) -> bool:
        """Whether a row was last changed before the first day asked for, and so published before it."""
        changed = self._changed(row)
        return changed is not None and changed < self.first_day

    def _changed(self, row: Row) -> date | None:
        """The last change, where the listing shows that alone; 01/01/1970 is what systems print for none, no proof."""
        day = row.modified.day if row.modified is not None and row.stamp is None else None
        return day if day is not None and plausible(day, today=self.today) else None

    def day_of(self, url: str) -> date | None:
        """The publication day known of a post."""
        item = self.items.get(self.key(url))
        return date.fromisoformat(item.published[:10]) if item and item.published else None

    def row(self, row: Row, place: Placement, commune: str | None, page: str = "") -> None:
        """Notes a post as a listing's `page` shows it; a post already known gains a placement."""
        key = self.key(row.url)
        known = self.items.get(key)
        title = tidy(row.title) or row.title
        place = replace(place, url=lasting(place.url), listing=lasting(place.listing))
        if known is None:
            published, source = self._date(row.stamp, "listing")
            modified, _ = self._date(row.modified, "listing")
            self.items[key] = SeenItem(
                lasting(row.url), title, published, source, modified, row.teaser, commune=commune, placements=(place,),
                pages=(page,) if page else (),
            )  # fmt: skip
            return
        known = replace(known, pages=_once(*known.pages, *filter(None, [page])))
        if all((each.listing, each.url) != (place.listing, place.url) for each in known.placements):
            known = replace(known, placements=(*known.placements, place))
        if known.published is None and row.stamp is not None:
            published, source = self._date(row.stamp, "listing")
            known = replace(known, published=published, published_from=source)
        if is_cut(known.title) and not is_cut(title):
            known = replace(known, title=fuller(known.title, title))
        self.items[key] = replace(known, commune=known.commune or commune)

    def opened(self, url: str, article: Article, answered: str) -> None:
        """Notes what a post's own page says; its own stamp is trusted above the listing's."""
        key = self.key(url)
        known = self.items[key]
        published, source = self._date(article.stamp, article.place)
        modified, _ = self._date(article.modified, article.place)
        self.items[key] = replace(
            known,
            title=fuller(known.title, article.title),
            published=published or known.published,
            published_from=source if published else known.published_from,
            modified=modified or known.modified,
            document_date=article.document_date.day.isoformat() if article.document_date else known.document_date,
            body=article.body or known.body,
            opened=True,
            attachments=article.attachments or known.attachments,
            pages=_once(*known.pages, answered),
        )
        for other in (answered, article.canonical):
            if other and host_of(other) == host_of(url) and urlsplit(other).path not in {"", "/"}:
                self._join(key, lasting(other))

    def fed(self, entry: Entry, place: str = "feed") -> bool:
        """Notes what a feed or a site map tells of a post's dates; whether it is a post that was noted."""
        key = self.key(entry.url)
        known = self.items.get(key)
        if known is None:
            return False
        published, source = self._date(entry.published, place)
        modified, _ = self._date(entry.modified, place)
        if known.published is None:
            known = replace(known, published=published, published_from=source)
        self.items[key] = replace(known, modified=known.modified or modified)
        return True

    def _join(self, key: str, other: str) -> None:
        """Notes a further address of a post; a post noted under that address before is the same one.

        An address that two different posts give as theirs is neither's: a theme that names one for all its pages.
        """
        name, known = self.platform.key(other), self.items[key]
        if name in self._shared or name in {self.platform.key(place.listing) for place in known.placements}:
            return
        holder = self._aliases.get(name, name)
        twin = self.items.get(holder)
        if holder == key:
            return
        if twin is None:
            self._aliases[name] = key
            self.items[key] = replace(known, also_at=_once(*known.also_at, other))
        elif _are_one(known, twin):
            self._unite(key, holder)
        elif name in self._aliases:
            del self._aliases[name]
            self._shared.add(name)
            kept = tuple(url for url in twin.also_at if self.platform.key(url) != name)
            self.items[holder] = replace(twin, also_at=kept)

    def _unite(self, key: str, other: str) -> None:
        """Makes two notes of one post one."""
        known, twin = self.items[key], self.items.pop(other)
        self._aliases = {name: key if holder == other else holder for name, holder in self._aliases.items()}
        self._aliases[other] = key
        dated = known if known.published or not twin.published else twin
        self.items[key] = replace(
            known,
            published=dated.published,
            published_from=dated.published_from,
            commune=known.commune or twin.commune,
            placements=tuple(dict.fromkeys([*known.placements, *twin.placements])),
            also_at=_once(*known.also_at, twin.url, *twin.also_at),
            pages=_once(*known.pages, *twin.pages),
        )

    def post(self, url: str, article: Article, place: Placement, commune: str | None, *, standing: bool) -> None:
        """Notes a post found without a listing; `standing` where the page is a notice that stands for good."""
        self.row(Row(url, article.title), place, commune)
        self.opened(url, article, url)
        self.items[self.key(url)] = replace(self.items[self.key(url)], standing=standing)

    def file(self, url: str, kind: str) -> None:
        """Notes that a row leads straight to a file."""
        item = self.items[self.key(url)]
        self.items[self.key(url)] = replace(item, attachments=(Attachment(url, kind),))

    def titles_in(self, listing: str) -> list[str]:
        """The titles of the posts noted so far that a listing showed, in its order."""
        return [item.title for item in self.items.values() if any(each.listing == listing for each in item.placements)]

    def refile(self, place: Placement) -> None:
        """Notes that a listing is for another category than its posts were placed with."""
        for key, item in self.items.items():
            placed = (
                replace(each, category=place.category) if each.listing == place.listing else each
                for each in item.placements
            )
            self.items[key] = replace(item, placements=tuple(placed))

    def lead(self, candidates: Iterable[Candidate], *, taken: bool, why: str = "") -> None:
        """Notes links that may lead to the section."""
        for each in candidates:
            reasons = (*each.reasons, why) if why else each.reasons
            self.leads.append(Lead(each.url, each.label, each.score, each.category, reasons, taken))

    def document(self, url: str, file: str, told: DocumentText) -> None:
        """Notes what a file of a post says, and whether it has a text at all."""
        key = self.key(url)
        item = self.items[key]
        files = (replace(each, text=told.has_text) if each.url == file else each for each in item.attachments)
        self.items[key] = replace(
            item, attachments=tuple(files), document=item.document or (told.text[:_DOCUMENT] if told.has_text else "")
        )

    def covered(self, coverage: Coverage) -> None:
        """Notes what was read of a listing."""
        self.listings.append(coverage)

    def doubted(self, listings: Collection[str], told: str) -> None:
        """Takes back that listings were read whole."""
        self.listings = [
            replace(each, complete=False, whole=False, lost=(f"{each.listing}: {told}",))
            if each.listing in listings and each.complete
            else each
            for each in self.listings
        ]
        if told not in {detail for _, detail in self.troubles}:
            self.trouble(Cause.LISTING_LOST, told)

    def _sections(self) -> dict[Category, str]:
        """A category's section: of its listings the one with the most posts, of equals the first."""
        longest = sorted(self.listings, key=lambda each: -each.rows)  # stable: equals stay in their order
        found = [each for each in longest if each.category and (each.rows or each.complete)]
        return {each.category: each.listing for each in reversed(found) if each.category}

    def observation(self, requests: int, finished: datetime | None = None) -> Observation:
        """The visit as a record."""
        outcome, cause, detail = self._outcome()
        ordered = sorted(
            map(_with_addresses, self.items.values()), key=lambda item: (item.published or "", item.url), reverse=True
        )
        return Observation(
            unit=self.unit,
            started=self.started,
            finished=max(self.started, finished or datetime.now(UTC)),  # the clock may be set back meanwhile
            first_day=self.first_day,
            outcome=outcome,
            cause=cause,
            detail=detail,
            section=self.section,
            sections=self._sections(),
            listings=tuple(self.listings),
            items=tuple(ordered),
            requests=requests,
            leads=tuple(sorted(self.leads, key=lambda lead: (not lead.taken, -lead.score))),
            platform="" if self.platform.name == Platform.name else self.platform.name,
            checks=tuple(self.checks),
        )

    def _outcome(self) -> tuple[Outcome, Cause | None, str]:
        """One word for the whole visit: complete, partial where something was read, else why nothing was."""
        if not self.troubles and self.listings and all(each.complete for each in self.listings):
            return Outcome.COMPLETE, None, ""
        troubles = self.troubles or [(Cause.CRASHED, "the visit ended before it read a listing")]
        detail = troubles[0][1] if len(troubles) == 1 else f"{troubles[0][1]} (and {len(troubles) - 1} more)"
        if any(cause is Cause.TIME_CAP for cause, _ in troubles):
            return Outcome.FAILED, Cause.TIME_CAP, detail
        if any(each.complete and not each.empty for each in self.listings) or self.items:
            cause = troubles[0][0] if troubles[0][0].outcome is Outcome.PARTIAL else Cause.LISTING_LOST
            return Outcome.PARTIAL, cause, detail
        cause = Counter(cause for cause, _ in troubles if cause is not Cause.SECTION_MOVED).most_common(1)[0][0]
        detail = next(detail for each, detail in troubles if each is cause)
        return cause.outcome or Outcome.FAILED, cause, detail

    def _date(self, stamp: Stamp | None, place: str) -> tuple[str | None, str | None]:
        if stamp is None or not plausible(stamp.day, today=self.today):
            return None, None
        return stamp.iso(self.zone), f"{place}: {stamp.text}"


def _are_one(one: SeenItem, other: SeenItem) -> bool:
    """Whether two notes may be of one post: one title, no two days, no two texts."""
    if not same_title(one.title, other.title):
        return False
    if one.published and other.published and one.published[:10] != other.published[:10]:
        return False
    if not (one.opened and other.opened):
        return True
    return fingerprint("", one.body, ()) == fingerprint("", other.body, ())


def _once(*urls: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(urls))


def _with_addresses(item: SeenItem) -> SeenItem:
    """The item with every address it was listed under."""
    others = [*item.also_at, *(place.url for place in item.placements)]
    return replace(item, also_at=_once(*(url for url in others if url != item.url)))
