"""The five categories a post about receiving citizens may belong to.

Source: the guidance of the provincial office as read from its reports ("5 mục tin tiếp công dân"); an item in none of
them has no category (None) and is not counted.
"""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    """One of the five; the order is the order of every table and list."""

    SCHEDULE = "schedule"
    RULES = "rules"
    RECEPTION = "reception"
    REPORTS = "reports"
    PETITIONS = "petitions"

    @property
    def label(self) -> str:
        """The category's Vietnamese name, unless portals.yaml gives another."""
        return DEFAULT_LABELS[self]


DEFAULT_LABELS = {
    Category.SCHEDULE: "Lịch tiếp công dân",
    Category.RULES: "Nội quy, quy chế, quy trình tiếp công dân",
    Category.RECEPTION: "Thông tin tiếp công dân định kỳ, đột xuất",
    Category.REPORTS: "Báo cáo, kết quả tiếp công dân",
    Category.PETITIONS: "Giải quyết đơn thư",
}
