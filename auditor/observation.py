"""What one visit to one unit's portal hands over: a file, written by the crawl, read once by the store.

The crawl runs in a child process; everything it learnt stands in this record, so that a crash loses one unit's visit
and nothing else, the database has one writer, and a visit can be looked at after the fact. Days are days of the
jurisdiction's time zone; instants are UTC.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

from auditor.categories import Category
from auditor.errors import InputError
from auditor.files import write_atomic
from auditor.outcomes import Cause, Outcome

FORMAT = 1
EVIDENCE_SUFFIX = ".warc.gz"


_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass(frozen=True)
class Attachment:
    """A file a post links to.

    Attributes:
        kind: its extension without the dot ("pdf", "docx"); "" where unknown.
        text: whether it has a text; False for a scan; None where nobody looked, or it could not be opened.
    """

    url: str
    kind: str = ""
    text: bool | None = None


@dataclass(frozen=True)
class Placement:
    """One place an item was listed in.

    Attributes:
        url: the item's address as this place linked to it.
        listing: the address of the listing (its first page).
        label: the listing's name as the portal prints it, "Lịch tiếp công dân".
        category: the category the listing is for, as its name says; None for a section not divided.
    """

    url: str
    listing: str
    label: str
    category: Category | None = None


@dataclass(frozen=True)
class SeenItem:
    """One post as seen in one visit.

    Attributes:
        url: canonical address, the identity of the item within its unit.
        title: as printed, white space collapsed, NFC.
        published: "2019-11-03T14:45:00+07:00" where the page shows a time, "2019-11-03" where it shows a day only,
            None where it shows neither. Never today for want of better.
        published_from: the place and the text the date was read from, "article: Thứ bảy - 28/09/2019 07:49".
        modified: the date of the last change, same forms, where the page tells it apart.
        body: the beginning of the post's text (or the listing's teaser where the post was not opened).
        opened: whether the post's own page was read.
        standing: the page is itself the notice (a menu entry "Nội quy" without a listing).
        commune: the commune branch it stood in.
        placements: every listing it was found in.
        also_at: further addresses of the same post.
        attachments: the files it links to.
        document_date: the day of the document its page reproduces ("Đắk Nông, ngày 05 tháng 3 năm 2020"), which is not
            when it was published.
        document: the beginning of the text of its first file that has one, where that was read.
        pages: addresses of the answers it was read from: the listing page that showed it, its own page.
    """

    url: str
    title: str
    published: str | None = None
    published_from: str | None = None
    modified: str | None = None
    body: str = ""
    opened: bool = False
    standing: bool = False
    commune: str | None = None
    placements: tuple[Placement, ...] = ()
    also_at: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    document: str = ""
    document_date: str | None = None
    pages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """What was read of one listing, and what should have been.

    Attributes:
        listing: address of its first page; label, category: as in `Placement`.
        pages: listing pages read; promised: how many the pager said there are, where it says.
        rows: posts listed on them.
        complete: read down to the first day asked for, or to the listing's end.
        whole: read to its end: what was not there is not in it.
        empty: proven empty (the page is the section's, and lists nothing).
        lost: addresses of listing pages that could not be read, each with its cause.
        reasons: why it was taken for a part of the section.
    """

    listing: str
    label: str
    category: Category | None = None
    pages: int = 0
    promised: int | None = None
    rows: int = 0
    complete: bool = False
    empty: bool = False
    lost: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    whole: bool = False


class Presence(StrEnum):
    """What a post's own address said when it was asked."""

    GONE = "gone"
    THERE = "there"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Missing:
    """A post that listings no longer show: its address, and the title it had."""

    url: str
    title: str


@dataclass(frozen=True)
class Landmark:
    """A part of a section as it was at the last complete visit: address, label, category, how many posts it listed."""

    listing: str
    label: str
    category: Category | None
    rows: int


@dataclass(frozen=True)
class PostCheck:
    """What came of asking for a post that listings no longer show.

    Attributes:
        url: the address asked for. status: of the answer; 0 where there was none.
        presence: gone only for 404, 410, or a page proven to stand for every address that leads nowhere.
    """

    url: str
    presence: Presence
    status: int = 0


@dataclass(frozen=True)
class Lead:
    """A link that was taken for the way to the section, and what spoke for it.

    Attributes:
        score: how much did; the best comes first. reasons: what did. taken: whether it was followed.
    """

    url: str
    label: str
    score: int
    category: Category | None = None
    reasons: tuple[str, ...] = ()
    taken: bool = True


@dataclass(frozen=True)
class Observation:
    """One visit to one unit's portal.

    Attributes:
        unit: the unit's key.
        started, finished: UTC.
        first_day: the visit set out to read every post published on this day or later.
        outcome: `complete` only if every listing was read down to `first_day` and every post that had to be opened was.
        cause: the closed word for what went wrong; None for `complete`.
        detail: one line in English for the operator: address, status, exception text. Page text in it is escaped.
        section: address of the citizen-reception section.
        sections: the address of the listing for each category that has one.
        listings: coverage per listing.
        items: what was seen, newest first.
        requests: requests sent, robots.txt and retries included.
        leads: the links that may lead to the section, best first; none where portals.yaml names it.
        platform: the family of systems the portal is of, as portals.yaml names it; "" where none was told.
        checks: what became of posts that listings no longer show, for those the visit was told to ask after.
        certificate: what is wrong with the certificate of a portal that is read all the same; None where nothing is.
    """

    unit: str
    started: datetime
    finished: datetime
    first_day: date
    outcome: Outcome
    cause: Cause | None = None
    detail: str = ""
    section: str | None = None
    sections: Mapping[Category, str] = field(default_factory=dict)
    listings: tuple[Coverage, ...] = ()
    items: tuple[SeenItem, ...] = ()
    requests: int = 0
    leads: tuple[Lead, ...] = ()
    platform: str = ""
    checks: tuple[PostCheck, ...] = ()
    certificate: Cause | None = None

    def to_json(self) -> str:
        """The file's content: one JSON object, stable for the same visit."""
        record = {"format": FORMAT, **asdict(self)}
        for name in ("checks", "certificate"):  # a visit that has none reads as it always did
            if not record[name]:
                del record[name]
        record["sections"] = {str(key): url for key, url in sorted(self.sections.items())}
        return json.dumps(record, ensure_ascii=False, indent=1, default=_plain)

    def write(self, path: Path) -> Path:
        """Writes the file, whole or not at all."""
        # Half a surrogate pair, which UTF-8 cannot hold, becomes its JSON escape.
        return write_atomic(path, self.to_json().encode("utf-8", "backslashreplace"))

    @classmethod
    def read(cls, path: Path) -> Observation:
        """Reads a file `write` wrote.

        Raises:
            InputError: the file is damaged, or of a format this version does not know.
        """
        try:
            return cls.from_json(path.read_text("utf-8"))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise InputError(f"{path} is not a readable observation ({error}): move it away and crawl again") from error

    @classmethod
    def from_json(cls, text: str) -> Observation:
        """The observation a file's content describes.

        Raises:
            ValueError, KeyError, TypeError: the content is not one.
        """
        record: dict[str, Any] = json.loads(text)
        if _SURROGATE.search(text):  # half a pair, which neither UTF-8 nor a database can hold, becomes a "?"
            record = json.loads(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace"))
        if record.pop("format", None) != FORMAT:
            raise ValueError(f"not of format {FORMAT}")
        return cls(
            **{
                **record,
                "started": _instant(record["started"]),
                "finished": _instant(record["finished"]),
                "first_day": date.fromisoformat(record["first_day"]),
                "outcome": Outcome(record["outcome"]),
                "cause": Cause(record["cause"]) if record["cause"] else None,
                "certificate": Cause(record["certificate"]) if record.get("certificate") else None,
                "sections": {Category(key): url for key, url in record["sections"].items()},
                "listings": tuple(_coverage(entry) for entry in record["listings"]),
                "items": tuple(_item(entry) for entry in record["items"]),
                "leads": tuple(_lead(entry) for entry in record.get("leads", [])),
                "checks": tuple(
                    PostCheck(**{**entry, "presence": Presence(entry["presence"])})
                    for entry in record.get("checks", [])
                ),
            }
        )


def evidence_name(source: str, unit: str) -> str:
    """Where the evidence of a unit's observation stands, if it has any; `source`: the observation's place.

    Both are relative to the data folder: "observations/2019-11-20/so-noi-vu-010203.json" has
    "evidence/so-noi-vu/2019-11-20-010203.warc.gz"; so has the same visit read again (".r1.json").
    """
    place = PurePosixPath(source)
    visit = place.name.partition(".")[0].removeprefix(unit)
    return f"evidence/{unit}/{place.parent.name}{visit}{EVIDENCE_SUFFIX}"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not belong in an observation")


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return instant.astimezone(UTC)


def _category(value: str | None) -> Category | None:
    return Category(value) if value else None


def _coverage(entry: dict[str, Any]) -> Coverage:
    return Coverage(
        **{
            **entry,
            "category": _category(entry["category"]),
            "lost": tuple(entry["lost"]),
            "reasons": tuple(entry["reasons"]),
        }
    )


def _lead(entry: dict[str, Any]) -> Lead:
    return Lead(**{**entry, "category": _category(entry["category"]), "reasons": tuple(entry["reasons"])})


def _item(entry: dict[str, Any]) -> SeenItem:
    placements = (Placement(**{**place, "category": _category(place["category"])}) for place in entry["placements"])
    return SeenItem(
        **{
            **entry,
            "placements": tuple(placements),
            "also_at": tuple(entry["also_at"]),
            "pages": tuple(entry.get("pages", ())),
            "attachments": tuple(Attachment(**file) for file in entry["attachments"]),
        }
    )
