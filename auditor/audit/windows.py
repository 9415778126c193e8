"""The days a month counts, beside those that months closed under another cut-off have counted already."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from auditor.audit.frozen import frozen_window
from auditor.portals import Jurisdiction
from auditor.window import Month, Window

_DAY = timedelta(days=1)


def window_of(session: Session, jurisdiction: Jurisdiction, month: Month) -> Window:
    """The days a month's report counts.

    Those between the cut-offs of portals.yaml; but a closed month keeps the days it was closed with, and the months
    beside it begin and end where it leaves off. So an office may change its cut-off day (circulars have moved it), and
    still no day falls between two reports or counts in both.

    Raises:
        InputError: a closed month was altered in the database.
    """
    own = frozen_window(session, month)
    if own:
        return own
    plain = month.window(jurisdiction.cutoff_day)
    before, after = frozen_window(session, month.preceding()), frozen_window(session, month.following())
    return Window(
        before.last + _DAY if before else plain.first,
        after.first - _DAY if after else plain.last,
    )
