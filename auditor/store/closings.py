"""Closed months as the database keeps them: one row each, written once.

The content is compressed text; its digest is taken of the text, and checked whenever it is read.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import LargeBinary, cast, select
from sqlalchemy.orm import Session

from auditor.errors import InputError
from auditor.store.models import ClosingRow


@dataclass(frozen=True)
class Closing:
    """A closed month.

    Attributes:
        month: YYYY-MM. made: UTC. digest: SHA-256 of `content`, hexadecimal.
        content: what was frozen, as text.
    """

    month: str
    made: datetime
    by: str
    digest: str
    content: str


def keep_closing(session: Session, month: str, made: datetime, by: str, content: str) -> str:
    """Writes a closing, and answers its digest; whoever calls has made sure that there is none."""
    raw = content.encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(raw).hexdigest()
    session.add(ClosingRow(month=month, made=made, by=by, digest=digest, content=zlib.compress(raw)))
    return digest


def closed_months(session: Session) -> tuple[str, ...]:
    """The months that are closed, oldest first."""
    return tuple(session.scalars(select(ClosingRow.month).order_by(ClosingRow.month)))


def closing_of(session: Session, month: str) -> Closing | None:
    """The month's closing; None while it is not closed.

    Raises:
        InputError: the row is not what was written.
    """
    content = cast(ClosingRow.content, LargeBinary).label("content")  # an altered one may be text, and is no error
    columns = select(ClosingRow.made, ClosingRow.by, ClosingRow.digest, content)
    row = session.execute(columns.where(ClosingRow.month == month)).one_or_none()
    if row is None:
        return None
    try:
        raw = zlib.decompress(row.content)
    except zlib.error:
        raw = b""
    if hashlib.sha256(raw).hexdigest() != row.digest:
        raise InputError(
            f"the closed month {month} was altered in the database after {row.by} closed it (its digest does not "
            "match): put a backup of the database in its place"
        )
    return Closing(month, row.made, row.by, row.digest, raw.decode("utf-8", "surrogatepass"))
