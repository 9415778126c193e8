"""The closed vocabularies of what may be said: the outcome of a visit, its cause, the verdict on a window.

Source: the project's contract. A cause is more precise than an outcome; each cause belongs to exactly one outcome,
carries the words a clerk reads (Vietnamese) and those an operator reads (English).
"""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What came of one visit to one unit's portal."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    UNREACHABLE = "unreachable"
    BLOCKED = "blocked"
    DISALLOWED = "disallowed"
    SECTION_NOT_FOUND = "section_not_found"
    LAYOUT_CHANGED = "layout_changed"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """The outcome in the clerk's words."""
        return _OUTCOME_LABELS[self]


class Verdict(StrEnum):
    """What may honestly be said of a unit, or of a unit's category, for a window."""

    PUBLISHED = "published"
    NOT_PUBLISHED = "not_published"
    NOT_OBSERVABLE = "not_observable"

    @property
    def label(self) -> str:
        """The verdict in the clerk's words."""
        return _VERDICT_LABELS[self]


class Cause(StrEnum):
    """Why a visit did not end `complete`, or why a verdict is `not_observable`."""

    DNS = "dns"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    RESET = "reset"
    TLS_EXPIRED = "tls_expired"
    TLS_NAME = "tls_name"
    TLS_UNTRUSTED = "tls_untrusted"
    TLS_OLD = "tls_old"
    TLS = "tls"
    SERVER_ERROR = "server_error"
    FORBIDDEN = "forbidden"
    RATE_LIMITED = "rate_limited"
    CHALLENGE = "challenge"
    SUSPENDED = "suspended"
    LOGIN = "login"
    MAINTENANCE = "maintenance"
    REDIRECTED = "redirected"
    ROBOTS = "robots"
    ROBOTS_LOST = "robots_lost"
    NO_SECTION = "no_section"
    SECTION_GONE = "section_gone"
    SECTION_MOVED = "section_moved"
    LISTING_LOST = "listing_lost"
    POST_LOST = "post_lost"
    PAGE_LIMIT = "page_limit"
    UNREADABLE = "unreadable"
    LANDMARK_LOST = "landmark_lost"
    UNDATED = "undated"
    TIME_CAP = "time_cap"
    MEMORY_CAP = "memory_cap"
    CRASHED = "crashed"
    NO_BROWSER = "no_browser"
    NEVER_VISITED = "never_visited"
    TOO_EARLY = "too_early"
    TOO_SHALLOW = "too_shallow"

    @property
    def label(self) -> str:
        """The cause in the clerk's words."""
        return _CAUSES[self][1]

    @property
    def english(self) -> str:
        """The cause in the operator's words."""
        return _CAUSES[self][2]

    @property
    def outcome(self) -> Outcome | None:
        """The outcome a visit with this cause has; None where the cause belongs to a verdict, not to a visit."""
        return _CAUSES[self][0]


_OUTCOME_LABELS = {
    Outcome.COMPLETE: "đã đọc đầy đủ",
    Outcome.PARTIAL: "chỉ đọc được một phần",
    Outcome.UNREACHABLE: "không truy cập được",
    Outcome.BLOCKED: "bị chặn truy cập",
    Outcome.DISALLOWED: "trang không cho phép thu thập tự động",
    Outcome.SECTION_NOT_FOUND: "không tìm thấy chuyên mục tiếp công dân",
    Outcome.LAYOUT_CHANGED: "không đọc được bố cục chuyên mục",
    Outcome.FAILED: "lỗi của hệ thống kiểm tra",
}

_VERDICT_LABELS = {
    Verdict.PUBLISHED: "đã đăng tải",
    Verdict.NOT_PUBLISHED: "không đăng tải",
    Verdict.NOT_OBSERVABLE: "chưa kết luận được",
}

_CAUSES: dict[Cause, tuple[Outcome | None, str, str]] = {
    Cause.DNS: (Outcome.UNREACHABLE, "không phân giải được tên miền", "the host name does not resolve"),
    Cause.REFUSED: (Outcome.UNREACHABLE, "máy chủ từ chối kết nối", "the server refuses connections"),
    Cause.TIMEOUT: (
        Outcome.UNREACHABLE,
        "máy chủ không trả lời trong thời gian chờ",
        "no answer within the time-out",
    ),
    Cause.RESET: (Outcome.UNREACHABLE, "kết nối bị ngắt giữa chừng", "the connection broke off"),
    Cause.TLS_EXPIRED: (
        Outcome.UNREACHABLE,
        "chứng thư số của cổng đã hết hạn hoặc chưa có hiệu lực",
        "the certificate has expired, or is not valid yet",
    ),
    Cause.TLS_NAME: (
        Outcome.UNREACHABLE,
        "chứng thư số không cấp cho tên miền của cổng",
        "the certificate is of another host name",
    ),
    Cause.TLS_UNTRUSTED: (
        Outcome.UNREACHABLE,
        "chứng thư số tự ký hoặc thiếu chứng thư trung gian",
        "nobody known vouches for the certificate: self-signed, or an incomplete chain",
    ),
    Cause.TLS_OLD: (
        Outcome.UNREACHABLE,
        "máy chủ chỉ dùng giao thức, thuật toán TLS đã lỗi thời",
        "the server offers only outdated TLS versions or ciphers",
    ),
    Cause.TLS: (Outcome.UNREACHABLE, "kết nối TLS (https) có lỗi", "a fault of TLS"),
    Cause.SERVER_ERROR: (Outcome.UNREACHABLE, "máy chủ báo lỗi", "the server answers with an error"),
    Cause.FORBIDDEN: (Outcome.BLOCKED, "máy chủ từ chối phục vụ", "the server forbids access"),
    Cause.RATE_LIMITED: (Outcome.BLOCKED, "máy chủ giới hạn số lần truy cập", "the server limits the request rate"),
    Cause.CHALLENGE: (
        Outcome.BLOCKED,
        "trang kiểm tra trình duyệt thay cho nội dung",
        "a challenge page, not the portal",
    ),
    Cause.SUSPENDED: (Outcome.BLOCKED, "trang bị tạm ngưng hoặc hết hạn dịch vụ", "the site is suspended"),
    Cause.LOGIN: (Outcome.BLOCKED, "trang yêu cầu đăng nhập", "the portal asks for a login"),
    Cause.MAINTENANCE: (Outcome.UNREACHABLE, "trang đang bảo trì", "the portal is under maintenance"),
    Cause.REDIRECTED: (
        Outcome.UNREACHABLE,
        "trang chuyển hướng ra ngoài cổng của đơn vị",
        "the portal redirects away from the unit's hosts",
    ),
    Cause.ROBOTS_LOST: (
        Outcome.UNREACHABLE,
        "máy chủ báo lỗi khi đọc tệp robots.txt, phải hoãn kiểm tra",
        "the server fails to give its robots.txt: the visit is postponed",
    ),
    Cause.ROBOTS: (Outcome.DISALLOWED, "tệp robots.txt không cho phép", "robots.txt disallows it"),
    Cause.NO_SECTION: (
        Outcome.SECTION_NOT_FOUND,
        "cổng không có liên kết tới chuyên mục tiếp công dân",
        "no link to a citizen-reception section",
    ),
    Cause.SECTION_GONE: (
        Outcome.SECTION_NOT_FOUND,
        "địa chỉ chuyên mục không còn nội dung",
        "the section's address no longer leads to it",
    ),
    Cause.SECTION_MOVED: (
        Outcome.PARTIAL,
        "địa chỉ chuyên mục đã thay đổi, cần xác nhận địa chỉ mới",
        "the section's known address is dead, and another was found in its place",
    ),
    Cause.LISTING_LOST: (Outcome.PARTIAL, "có trang danh sách không đọc được", "a listing page could not be read"),
    Cause.POST_LOST: (
        Outcome.PARTIAL,
        "có bài viết không mở được để xác định ngày đăng",
        "a post that had to be opened could not be",
    ),
    Cause.PAGE_LIMIT: (Outcome.PARTIAL, "danh sách dài hơn giới hạn đọc", "a listing is longer than the page limit"),
    Cause.UNREADABLE: (
        Outcome.LAYOUT_CHANGED,
        "trang chuyên mục trả lời nhưng không đọc được danh sách tin",
        "the section answers but no listing can be read in it",
    ),
    Cause.LANDMARK_LOST: (
        Outcome.LAYOUT_CHANGED,
        "chuyên mục không còn như lần đọc đầy đủ trước: mục tin từng có bài nay không thấy bài nào",
        "a part of the section that had posts shows none",
    ),
    Cause.UNDATED: (None, "có tin không ghi ngày đăng", "posts without any date"),
    Cause.TIME_CAP: (Outcome.FAILED, "hết thời gian dành cho đơn vị", "the unit's time was up"),
    Cause.MEMORY_CAP: (
        Outcome.FAILED,
        "vượt bộ nhớ dành cho một tiến trình thu thập",
        "the crawling process took more memory than it may",
    ),
    Cause.CRASHED: (Outcome.FAILED, "tiến trình thu thập dừng bất thường", "the crawling process died"),
    Cause.NO_BROWSER: (
        Outcome.FAILED,
        "máy kiểm tra chưa có trình duyệt để đọc trang dựng bằng kịch bản",
        "the portal needs a browser that this machine does not have",
    ),
    Cause.NEVER_VISITED: (None, "chưa kiểm tra lần nào trong kỳ", "never visited for this window"),
    Cause.TOO_EARLY: (None, "chưa kiểm tra lại sau khi kỳ số liệu kết thúc", "not visited since the window ended"),
    Cause.TOO_SHALLOW: (
        None,
        "lần kiểm tra không đọc tới ngày đầu kỳ",
        "no visit read down to the window's first day",
    ),
}

TLS_FAULTS = frozenset({Cause.TLS_EXPIRED, Cause.TLS_NAME, Cause.TLS_UNTRUSTED, Cause.TLS_OLD, Cause.TLS})
"""What a browser would warn of, or refuse, before it shows anything."""
