"""The part of portals.yaml about the service: when it works, and who hears of what.

service:
  crawl_at: 01:00                    # the jurisdiction's time
  report_at: 06:00
  operator: [cntt@example.gov.vn]    # hears of portals that cannot be read
  clerk: [tonghop@example.gov.vn]    # hears of what was and was not posted
  sender: kiemtra@example.gov.vn
  after_nights: 2                    # nights a portal must have been unreadable before anyone is told
  evidence_days: 800                 # stored answers older than this that prove nothing are dropped; default: kept
  evidence_mb: 20000                 # so much may all stored answers take; what proves nothing is dropped, oldest first
  warn_days: 7                       # days before the cut-off on which the clerk hears who has nothing yet
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

from auditor.yaml_file import FieldError, Fields, Said

_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){0,8}")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_FIELDS = (
    "crawl_at", "report_at", "again_at", "operator", "clerk", "sender", "after_nights", "warn_days",
    "evidence_days", "evidence_mb",
)  # fmt: skip


@dataclass(frozen=True)
class ServiceOptions:
    """When the service works and whom it tells.

    Attributes:
        crawl_at, report_at: times of day in the jurisdiction's zone.
        again_at: when units that could not be read in full are visited again, before anyone is told.
        operator, clerk: e-mail addresses. sender: of the messages; None where none are sent.
        after_nights: how many nights in a row a unit could not be read before the operator is told.
        evidence_days: how old evidence may be that no month's figures rest on; evidence_mb: how many megabytes all of
            it may take before that goes sooner; None for no limit.
        warn_days: how many days before the cut-off the clerk is told who has nothing yet.
    """

    crawl_at: time = time(1, 0)
    report_at: time = time(6, 0)
    again_at: tuple[time, ...] = (time(3, 0), time(4, 30))
    operator: tuple[str, ...] = ()
    clerk: tuple[str, ...] = ()
    sender: str | None = None
    after_nights: int = 2
    warn_days: int = 7
    evidence_days: int | None = None
    evidence_mb: int | None = None


def read_service(fields: Fields) -> ServiceOptions:
    """The options of `service:`; mistakes are added to the file's."""
    usual = ServiceOptions()
    fields.refuse_others(_FIELDS)
    options = ServiceOptions(
        crawl_at=fields.take("crawl_at", clock, usual.crawl_at),
        report_at=fields.take("report_at", clock, usual.report_at),
        again_at=fields.take_list("again_at", clock) or usual.again_at,
        operator=fields.take_list("operator", mail_address),
        clerk=fields.take_list("clerk", mail_address),
        sender=fields.take("sender", mail_address, None),
        after_nights=fields.take("after_nights", number(1, 30), usual.after_nights),
        warn_days=fields.take("warn_days", number(1, 28), usual.warn_days),
        evidence_days=fields.take("evidence_days", number(40, 9999), None),
        evidence_mb=fields.take("evidence_mb", number(1, 9_999_999), None),
    )
    if (options.operator or options.clerk) and options.sender is None:
        fields.add_mistake("sender", "messages need a sender: add 'sender: kiemtra@example.gov.vn'")
    if options.report_at <= options.crawl_at:
        fields.add_mistake(
            "report_at", "the report would not know the night's crawl: let report_at be later than crawl_at"
        )
    return options


def clock(said: Said) -> time:
    """A time of day, as 01:00."""
    if found := _CLOCK.fullmatch(said.text):
        return time(int(found[1]), int(found[2]))
    raise FieldError(f"{said} is not a time of day: write it as 01:00")


def mail_address(said: Said) -> str:
    """An e-mail address, without a name before it."""
    if not _ADDRESS.fullmatch(said.text):
        raise FieldError(f"{said} is not an e-mail address: write it as ten@example.gov.vn")
    return said.text


def number(least: int, most: int) -> Callable[[Said], int]:
    """A converter to a whole number from `least` to `most`."""

    def convert(said: Said) -> int:
        if re.fullmatch(r"[0-9]{1,7}", said.text) and least <= int(said.text) <= most:
            return int(said.text)
        raise FieldError(f"{said} is out of range: write a whole number from {least} to {most}")

    return convert
