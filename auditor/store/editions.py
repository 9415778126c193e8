"""The editions of an item: what its page said, text after text, each with the visits that found it so.

A page that is overwritten in place ("Lịch tiếp công dân năm 2019" becomes the one of 2020) keeps its address and is
one item. Each of its texts is an edition, and the older ones are kept. When an edition was put up is known only where
the page prints a date; otherwise it was between `after`, the last visit that found another text, and `first_seen`.
No date is made up from that: whoever judges may use the two.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from auditor.observation import SeenItem
from auditor.reading.wording import READER, fingerprint, may_be_one
from auditor.store.models import EditionRow, ItemRow


def learn_edition(row: ItemRow, seen: SeenItem, started: datetime) -> None:
    """Notes which text a visit found on an item's own page; a text found before is the same edition again.

    Args:
        row: the item; its editions are changed.
        seen: what the visit saw; its dates are already at the jurisdiction's offset.
        started: when the visit began.
    """
    if not seen.opened or not (seen.body or seen.attachments):
        return
    key = fingerprint(seen.title, seen.body, seen.attachments)
    edition = next((each for each in row.editions if each.text_key == key), None) or _reread(row, seen, key)
    if edition is None:
        edition = EditionRow(text_key=key, reader=READER, first_seen=started, last_seen=started)
        _say(edition, seen)
        row.editions.append(edition)
    edition.published = seen.published or edition.published
    edition.modified = seen.modified or edition.modified
    _sighted(row, edition, started)


def merge_editions(kept: ItemRow, other: ItemRow) -> None:
    """Gives an item the editions of another one that turned out to be the same."""
    for edition in list(other.editions):
        twin = next((each for each in kept.editions if each.text_key == edition.text_key), None)
        if twin is None:
            kept.editions.append(edition)
            twin = edition
        for instant in (edition.first_seen, edition.last_seen):
            _sighted(kept, twin, instant)


def _reread(row: ItemRow, seen: SeenItem, key: str) -> EditionRow | None:
    """The edition another version of the reader read, where this may be the same text; it is kept as read now."""
    latest = max(row.editions, key=lambda each: each.last_seen, default=None)
    if latest is None or latest.reader == READER:
        return None
    if not may_be_one(latest.title, latest.body, seen.title, seen.body):
        return None
    latest.text_key, latest.reader = key, READER
    _say(latest, seen)
    return latest


def _say(edition: EditionRow, seen: SeenItem) -> None:
    edition.title, edition.body = seen.title, seen.body
    edition.attachments = [asdict(file) for file in seen.attachments]


def _sighted(row: ItemRow, edition: EditionRow, instant: datetime) -> None:
    """Notes that the edition was there at an instant, and so no other one was. Visits may come in any order."""
    edition.first_seen = min(edition.first_seen, instant)
    edition.last_seen = max(edition.last_seen, instant)
    for other in row.editions:
        if other is not edition and instant < other.first_seen:
            other.after = max(other.after or instant, instant)
    ends = (end for other in row.editions if other is not edition for end in (other.first_seen, other.last_seen))
    edition.after = max((end for end in ends if end < edition.first_seen), default=None)
