"""Is this really the page? What servers, shields and hosts put in its place, often with status 200.

Source: pages of shields (Cloudflare, Incapsula, F5, NukeViet's flood guard), of hosting panels ("Account Suspended"),
and of Vietnamese portals under maintenance. A phrase alone convicts only a thin page: an article may quote any of them.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from itertools import islice

from auditor.outcomes import Cause
from auditor.reading.page import Page, opening
from auditor.text import fold

THIN_TEXT = 1500
"""A page with less visible text (characters) than this ..."""
THIN_LINKS = 15
"""... and fewer links than this is thin."""

_PHRASES: tuple[tuple[Cause, re.Pattern[str]], ...] = tuple(
    (cause, re.compile(pattern))
    for cause, pattern in (
        (
            Cause.SUSPENDED,
            (
                r"account (has been )?suspended|this account has been|site (is )?suspended|domain (has )?expired|"
                r"bandwidth limit exceeded|website (nay )?(da|dang|tam) (bi )?(tam )?(khoa|ngung|dung)|"
                r"(tam (ngung|dung|khoa)|ngung|het han) (hoat dong(?! tiep)|cung cap|"
                r"dich vu|su dung|hosting|ten mien)|"
                r"domain (nay )?(is )?(for sale|parked)|tai khoan .{0,40}(bi khoa|tam khoa|tam ngung)"
            ),
        ),
        (
            Cause.CHALLENGE,
            (
                r"just a moment|checking (if the site|your browser)|attention required|ddos protection|"
                r"verify(ing)? (that )?you are (a )?human|are you a robot|enable javascript and cookies|"
                r"please (turn|enable) (on )?javascript|access (to this page )?(has been )?(denied|blocked)|"
                r"request rejected|web application firewall|incapsula|unusual traffic|security check|"
                r"requested url was rejected|\bhay doi\b|"
                r"vui long (cho|doi) (trong )?(giay lat|it phut|mot chut)|"
                r"(dang )?kiem tra trinh duyet|(xac (minh|nhan|thuc)).{0,40}(khong phai|la nguoi|robot)|"
                r"nhap ma (xac nhan|captcha|bao mat)|truy cap (cua ban )?(da )?bi (chan|tu choi|khoa)|"
                r"ban (da )?bi chan|dia chi ip .{0,40}(bi chan|bi khoa)|tuong lua"
            ),
        ),
        (
            Cause.MAINTENANCE,
            (
                r"(dang|he thong|website|trang|tam).{0,40}(bao tri|nang cap|bao duong)|under maintenance|"
                r"down for maintenance|scheduled maintenance|be right back|temporarily unavailable|site is offline"
            ),
        ),
        (
            Cause.UNREADABLE,
            (
                r"welcome to nginx|apache2? .{0,20}default page|iis windows server|it works!|^index of /|"
                r"default (web )?(site )?page|under construction|coming soon"
            ),
        ),
    )
)
_MISSING = re.compile(
    r"^\W*((loi|error|http)\W+)*404\b(?! \w+ (nguoi|truong hop))|\bpage (could )?not (be )?found|"
    r"khong (tim thay|ton tai) (trang|duong dan|dia chi|lien ket|noi dung (ban|quy vi))|"
    r"(trang|duong dan|dia chi|lien ket|noi dung|chuyen muc)"
    r"( (nay|ban|quy vi|duoc|da|dang|muon|can|yeu cau|tim|tim kiem|truy cap)){0,8}"
    r" (khong (ton tai|tim thay)|da bi xoa)\b(?! (du lieu|bai|tin))"
)
_LONGEST_NOTICE = 100
_MOST_HEADINGS = 20
_LOGIN = re.compile(r"dang nhap|log ?in|sign ?in|xac thuc tai khoan")
_COOKIE_SCRIPT = re.compile(
    r"document\.cookie\s*=|location\.(reload|replace)|window\.location|challenge-platform|_cf_chl|slowAES"
)


def judge(page: Page, status: int = HTTPStatus.OK) -> Cause | None:
    """Why this is not the page that was asked for; None where nothing speaks against it.

    404 and 410 are left to the caller: they say something about one address, not about the portal.
    """
    return _by_phrase(page) or _by_script(page) or _by_form(page) or by_status(status)


def by_status(status: int) -> Cause | None:
    """What the status code alone says of the portal."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Cause.RATE_LIMITED
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED}:
        return Cause.LOGIN
    if status in {HTTPStatus.FORBIDDEN, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS}:
        return Cause.FORBIDDEN
    return Cause.SERVER_ERROR if status >= HTTPStatus.INTERNAL_SERVER_ERROR else None


def says_missing(page: Page) -> bool:
    """Whether a page that answers with 200 says in its title or a heading that there is nothing at its address."""
    headings = islice(page.root.iter("h1", "h2", "h3"), _MOST_HEADINGS)
    said = [page.title, *(opening(heading, 2 * _LONGEST_NOTICE) for heading in headings)]
    return any(len(text) <= _LONGEST_NOTICE and _MISSING.search(fold(text)) for text in said)


def is_thin(page: Page) -> bool:
    """Whether the page shows too little to be one of a portal's own."""
    return len(page.links) < THIN_LINKS and len(page.text) < THIN_TEXT


def _by_phrase(page: Page) -> Cause | None:
    if not is_thin(page):
        return None
    text = fold(f"{page.title} {page.text}")
    return next((cause for cause, pattern in _PHRASES if pattern.search(text)), None)


def _by_script(page: Page) -> Cause | None:
    """A page that is nothing but a script which sets a cookie or moves on: a challenge."""
    if page.links or page.text:
        return None
    scripts = " ".join(script.text or "" for script in page.root.iter("script"))
    if _COOKIE_SCRIPT.search(scripts):
        return Cause.CHALLENGE
    return None


def _by_form(page: Page) -> Cause | None:
    """A login form where a portal should be."""
    if not is_thin(page):
        return None
    has_password = any(field.get("type", "").lower() == "password" for field in page.root.iter("input"))
    return Cause.LOGIN if has_password and _LOGIN.search(fold(f"{page.title} {page.text}")) else None
