"""What portals call themselves, and what that tells of their level."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.portals import Level
from auditor.portals_fields import unit_key
from auditor.reading.naming import key_of, level_of, site_name
from auditor.reading.page import parse
from auditor.yaml_file import Said


@pytest.mark.parametrize(
    ("title", "name", "level", "key"),
    [
        ("Trang chủ - Sở Nội vụ tỉnh Đắk Nông", "Sở Nội vụ tỉnh Đắk Nông", "department", "so-noi-vu"),
        ("Cổng thông tin điện tử Sở Y tế", "Sở Y tế", "department", "so-y-te"),
        ("TRANG THÔNG TIN ĐIỆN TỬ HUYỆN CƯ JÚT", "HUYỆN CƯ JÚT", "district", "huyen-cu-jut"),
        ("UBND Thành phố Gia Nghĩa | Trang chủ", "UBND Thành phố Gia Nghĩa", "district", "thanh-pho-gia-nghia"),
        ("Thị xã Gia Nghĩa", "Thị xã Gia Nghĩa", "district", "thi-xa-gia-nghia"),
        ("UBND xã Đắk Ha, huyện Đắk Glong", "UBND xã Đắk Ha, huyện Đắk Glong", "commune", "xa-dak-ha-huyen-dak-glong"),
        ("Ủy ban nhân dân phường 5 - Home", "Ủy ban nhân dân phường 5", "commune", "phuong-5"),
        (
            "Cổng Thông tin điện tử tỉnh Đắk Nông",
            "Cổng Thông tin điện tử tỉnh Đắk Nông",
            "portal",
            "cong-thong-tin-dien-tu",
        ),
        ("Ban Dân tộc", "Ban Dân tộc", "department", "ban-dan-toc"),
        ("Home", "", None, ""),
    ],
)
def test_name_level_and_key(title: str, name: str, level: str | None, key: str) -> None:
    page = parse(f"<html><head><title>{title}</title></head><body></body></html>".encode(), "http://so.example.vn/")
    assert (site_name(page), level_of(name), key_of(name)) == (name, level, key)
    assert level is None or Level(level)


@given(st.text(max_size=80))
def test_every_key_is_one(name: str) -> None:
    key = key_of(name)
    assert key == "" or unit_key(Said("key", key)) == key
