"""What a person can do about each cause, in the operator's words."""

from __future__ import annotations

from auditor.outcomes import Cause

_ASK_THE_UNIT = "ask the unit whether its portal is up; the next crawl tries again"
_CRAWL_AGAIN = "run `auditor crawl` for the unit again"
_READ_ANYWAY = "until then crawl.verify_tls: false, with the reason, reads it"
_LET_US_IN = "ask the unit to let this machine's address in, or to lower the request rate with crawl.delay"
_NAME_SECTION = "run `auditor units discover` for the unit and write the section's address in portals.yaml"

_REMEDIES = {
    Cause.DNS: "check the unit's url in portals.yaml, then the name server of this machine",
    Cause.REFUSED: _ASK_THE_UNIT,
    Cause.TIMEOUT: f"{_ASK_THE_UNIT}; a slow portal may need a longer crawl.timeout",
    Cause.RESET: _ASK_THE_UNIT,
    Cause.TLS_EXPIRED: f"ask the unit to renew its certificate; {_READ_ANYWAY}",
    Cause.TLS_NAME: f"check the unit's url in portals.yaml, then ask for a certificate of that name; {_READ_ANYWAY}",
    Cause.TLS_UNTRUSTED: f"ask the unit to install the whole chain, or a certificate of a known authority; "
    f"an authority of the State's own goes into this machine's store; {_READ_ANYWAY}",
    Cause.TLS_OLD: "ask the unit to switch on TLS 1.2 or newer; an https address that old cannot be read: use its "
    "http address if there is one",
    Cause.TLS: "ask the unit to look at its server's https; check whether its url is one of http",
    Cause.SERVER_ERROR: _ASK_THE_UNIT,
    Cause.FORBIDDEN: _LET_US_IN,
    Cause.RATE_LIMITED: _LET_US_IN,
    Cause.CHALLENGE: f"{_LET_US_IN}; render: true may pass where the challenge only asks for a browser",
    Cause.SUSPENDED: "tell the unit that its site is suspended",
    Cause.LOGIN: "tell the unit that citizens must log in to read the section",
    Cause.MAINTENANCE: _ASK_THE_UNIT,
    Cause.REDIRECTED: "look where it leads; if that is the unit's portal, add the host to hosts in portals.yaml",
    Cause.ROBOTS_LOST: "crawl again; if it persists, tell the unit that its server fails to answer for /robots.txt",
    Cause.ROBOTS: "ask the unit to allow the section in its robots.txt",
    Cause.NO_SECTION: _NAME_SECTION,
    Cause.SECTION_GONE: _NAME_SECTION,
    Cause.SECTION_MOVED: "look at the proposed address; if it is the section, write it in portals.yaml",
    Cause.LISTING_LOST: _CRAWL_AGAIN,
    Cause.POST_LOST: _CRAWL_AGAIN,
    Cause.PAGE_LIMIT: "name the section's own listings in portals.yaml, so that less has to be read",
    Cause.LANDMARK_LOST: "look at the section in a browser; name its parts in portals.yaml (sections) if they moved; "
    "a new look that stands for 30 days is taken for the section's own",
    Cause.UNREADABLE: "look at the section in a browser: if a script builds it, render: true reads it",
    Cause.UNDATED: "ask the unit to print the date of its posts; until then their dates have to be set by hand",
    Cause.TIME_CAP: f"{_CRAWL_AGAIN}, alone",
    Cause.MEMORY_CAP: f"{_CRAWL_AGAIN}, alone; if it persists, send its log to whoever maintains the program",
    Cause.CRASHED: f"read the log of the visit, then {_CRAWL_AGAIN}",
    Cause.NO_BROWSER: "install the extra, pip install 'portal-auditor[browser]', and the package chromium",
    Cause.NEVER_VISITED: _CRAWL_AGAIN,
    Cause.TOO_EARLY: _CRAWL_AGAIN,
    Cause.TOO_SHALLOW: f"{_CRAWL_AGAIN} with --month",
}


def remedy(cause: Cause) -> str:
    """One line: what to do next."""
    return _REMEDIES[cause]
