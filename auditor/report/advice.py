"""What to do about each cause, in the clerk's words: whom to call, and what to ask for."""

from __future__ import annotations

from auditor.outcomes import Cause, Outcome

_AGAIN = "Kiểm tra lại đơn vị này: auditor crawl {unit}."
_PORTAL = (
    "Gọi đơn vị hoặc đơn vị vận hành cổng: đề nghị khôi phục truy cập ({cause}); lần kiểm tra sau sẽ tự động thử lại."
)
_LET_IN = "Đề nghị đơn vị cho phép máy kiểm tra truy cập chuyên mục tiếp công dân ({cause})."
_SECTION = "Hỏi đơn vị địa chỉ chuyên mục tiếp công dân, ghi vào portals.yaml; auditor units discover {unit} gợi ý."
_LOOK = "Mở chuyên mục bằng trình duyệt: nếu người đọc vẫn thấy tin, báo cho người quản trị chương trình ({cause})."

_BY_CAUSE = {
    Cause.TLS_EXPIRED: "Đề nghị đơn vị gia hạn chứng thư số của cổng; đọc tạm bằng crawl.verify_tls: false kèm lý do.",
    Cause.TLS_NAME: "Đề nghị đơn vị cài chứng thư số đúng tên miền; đọc tạm bằng crawl.verify_tls: false kèm lý do.",
    Cause.TLS_UNTRUSTED: "Đề nghị đơn vị cài đủ chuỗi chứng thư số; đọc tạm bằng crawl.verify_tls: false kèm lý do.",
    Cause.TLS_OLD: "Đề nghị đơn vị bật TLS 1.2 trở lên trên máy chủ của cổng.",
    Cause.TLS: "Đề nghị đơn vị kiểm tra kết nối https của cổng.",
    Cause.SUSPENDED: "Báo cho đơn vị: cổng đang bị tạm ngưng hoặc hết hạn dịch vụ.",
    Cause.LOGIN: "Báo cho đơn vị: người dân phải đăng nhập mới đọc được chuyên mục.",
    Cause.UNDATED: "Đề nghị đơn vị ghi ngày đăng trên tin; trong lúc chờ, nhập ngày bằng auditor items set.",
    Cause.NO_BROWSER: "Người quản trị cài trình duyệt cho máy kiểm tra, hoặc bỏ render: true của đơn vị này.",
    Cause.TOO_SHALLOW: "Kiểm tra lại, đọc sâu hơn: auditor crawl {unit} --month {month}.",
    Cause.SECTION_MOVED: "Xem địa chỉ mới máy tìm được (auditor status); nếu đúng, ghi vào portals.yaml.",
    Cause.PAGE_LIMIT: "Ghi địa chỉ từng mục tin của đơn vị vào portals.yaml để máy đọc ít trang hơn.",
}
_BY_OUTCOME = {
    Outcome.UNREACHABLE: _PORTAL,
    Outcome.BLOCKED: _LET_IN,
    Outcome.DISALLOWED: _LET_IN,
    Outcome.SECTION_NOT_FOUND: _SECTION,
    Outcome.LAYOUT_CHANGED: _LOOK,
}


def advice(cause: Cause | None, unit: str, month: str) -> str:
    """One line for whoever must act; a cause without advice of its own asks for another visit."""
    outcome = cause.outcome if cause else None
    text = (_BY_CAUSE.get(cause) if cause else None) or (_BY_OUTCOME.get(outcome) if outcome else None) or _AGAIN
    return text.format(unit=unit, month=month, cause=cause.label if cause else "")
