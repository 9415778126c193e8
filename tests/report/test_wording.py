"""Numbers, days and lists of bodies as official Vietnamese has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from auditor.audit.checks import checks
from auditor.audit.month import Check, CorrectionFacts, Tally
from auditor.categories import Category
from auditor.outcomes import Cause, Verdict
from auditor.portals import Level
from auditor.report import tables, wording
from auditor.report.narrative import narrative
from auditor.report.remedies import remedy
from auditor.style import Numbers, Style
from auditor.window import Month
from tests.report.province import NOVEMBER, item, month, november_2019, unit, unseen


@pytest.mark.parametrize(("value", "printed"), [(0, "0"), (4, "04"), (10, "10"), (133, "133"), (1473, "1.473")])
def test_counts(value: int, printed: str) -> None:
    assert wording.count(value) == printed


@pytest.mark.parametrize(("value", "printed"), [(2, "+2"), (-30, "-30"), (0, "0"), (-1473, "-1.473")])
def test_changes_in_tables(value: int, printed: str) -> None:
    assert wording.signed(value) == printed


def test_days() -> None:
    assert wording.day(date(2019, 1, 8)) == "08/01/2019"


@pytest.mark.parametrize(
    ("tally", "when", "said"),
    [
        (Tally(42, 40), NOVEMBER, "tăng 2 lượt so với tháng 10"),
        (Tally(91, 121), NOVEMBER, "giảm 30 lượt so với tháng 10"),
        (Tally(5, 5), NOVEMBER, "bằng số lượt tháng 10"),
        (Tally(5), NOVEMBER, "chưa có số liệu tháng 10 để so sánh"),
        (Tally(5, 3), Month(2019, 1), "tăng 2 lượt so với tháng 12/2018"),
        (Tally(2000, 500), NOVEMBER, "tăng 1.500 lượt so với tháng 10"),
    ],
)
def test_change_in_words(tally: Tally, when: Month, said: str) -> None:
    assert wording.change(tally, when) == said


def test_a_doubtful_comparison_names_the_units_that_make_it_so() -> None:
    units = [unit("Sở Nội vụ", 3, previous=1), unit("Ban Dân tộc", 1, previous=1, comparable=False)]
    said = wording.comparison(Tally(4, 2, comparable=False), units, NOVEMBER)
    assert said.startswith("tăng 2 lượt so với tháng 10; số liệu so sánh chưa đầy đủ vì")
    assert said.endswith(": Ban Dân tộc")
    assert "Nội vụ" not in said


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], ""),
        (["Sở Nội vụ"], "Sở Nội vụ"),
        (["Sở Nội vụ", "Ban Dân tộc", "Sở Tư pháp"], "các Sở: Nội vụ, Tư pháp và Ban Dân tộc"),
        (["Thanh tra tỉnh", "Ban Dân tộc", "Sở Y tế"], "Thanh tra tỉnh, Ban Dân tộc và Sở Y tế"),
        (["Sở Y tế", "Sở Văn hóa, Thể thao và Du lịch"], "các Sở: Y tế; Văn hóa, Thể thao và Du lịch"),
        (
            ["Thanh tra tỉnh", "Sở Y tế", "Sở Văn hóa, Thể thao và Du lịch"],
            "Thanh tra tỉnh và các Sở: Y tế; Văn hóa, Thể thao và Du lịch",
        ),
        (["Ban A, B", "Ban C", "Ban D"], "Ban A, B; Ban C và Ban D"),
        (["UBND huyện Krông Nô", "UBND huyện Đắk R'lấp"], "UBND các huyện: Krông Nô, Đắk R'lấp"),
        (["UBND huyện Đắk Mil", "UBND thị xã Gia Nghĩa"], "UBND huyện Đắk Mil và UBND thị xã Gia Nghĩa"),
        (["Sởn Gai"], "Sởn Gai"),
    ],
)
def test_lists_of_units(listed: list[str], said: str) -> None:
    assert wording.names([unit(name) for name in listed]) == said


def test_a_short_name_keeps_its_kind() -> None:
    agriculture = unit("Sở Nông nghiệp và Phát triển nông thôn", short_name="Nông nghiệp và PTNT")
    whole = unit("Sở Nội vụ", short_name="Sở Nội vụ")
    assert wording.title_of(agriculture) == "Sở Nông nghiệp và PTNT"
    assert wording.names([agriculture, whole]) == "các Sở: Nông nghiệp và PTNT, Nội vụ"


def test_equal_counts_stand_together_and_zero_has_no_rank() -> None:
    units = [unit("Sở Nội vụ", 2), unit("Thanh tra tỉnh", 10), unit("Ban Dân tộc", 2), unit("Sở Y tế")]
    assert wording.ranking(units) == "Thanh tra tỉnh (10 lượt); Sở Nội vụ và Ban Dân tộc (mỗi đơn vị 02 lượt)"


def test_every_check_has_its_words_for_the_clerk() -> None:
    said = [wording.check_name(check) for check in checks(november_2019())]
    assert all(name != check.check for name, check in zip(said, checks(november_2019()), strict=True))
    assert wording.check_name(Check("not known here", ok=True)) == "not known here"
    assert wording.check_detail(Check("", ok=False, detail="133 against 131")) == "133 so với 131"


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_has_a_remedy_of_one_line(cause: Cause) -> None:
    assert remedy(cause)
    assert "\n" not in remedy(cause)


def test_who_must_act_on_what_could_not_be_observed() -> None:
    figures = month([unseen("Sở Y tế", Cause.TLS), unseen("Sở Tư pháp", Cause.NEVER_VISITED, nights=(0, 0))])
    said = [block.text for block in narrative(figures)]
    assert [line for line in said if line.startswith("Đề nghị Sở Y tế kiểm tra")]
    assert [line for line in said if "kiểm tra lại Sở Tư pháp" in line]
    assert [line for line in said if line == "Sở Tư pháp: chưa kiểm tra lần nào trong kỳ."]


def test_a_unit_that_could_not_be_read_in_full_has_published_at_least_its_count() -> None:
    said = [block.text for block in narrative(month([unit("Sở Y tế", 5, proof=None), unit("Sở Tư pháp", 5)]))]
    assert [line for line in said if line.endswith("số lượt đã tính là mức tối thiểu: Sở Y tế.")]


def test_commune_branches_of_a_district() -> None:
    posts = [item("dak-mil", number, commune=f"Xã {number % 3}") for number in range(7)]
    district = unit("UBND huyện Đắk Mil", posts, key="dak-mil", level=Level.DISTRICT)
    said = [block.text for block in narrative(month([district]))]
    assert "Chuyên trang cấp xã của UBND huyện Đắk Mil: 07 lượt, thuộc 03 xã, phường, thị trấn." in said


def test_the_portal_s_items_by_name_and_the_rest_in_the_annex() -> None:
    portal = unit("Cổng TTĐT tỉnh", 14, level=Level.PORTAL)
    said = [block.text for block in narrative(month([portal]))]
    assert f"{portal.items[11].title};" in said
    assert not [line for line in said if portal.items[12].title in line]
    assert "Các tin còn lại nêu tại Phụ lục II." in said


def test_no_praise_that_figures_contradict() -> None:
    few = month([unit("Sở Nội vụ", 1, previous=5), *(unit(f"Sở {name}", previous=0) for name in "ABC")])
    said = [block.text for block in narrative(few)]
    good = said[said.index("Ưu điểm") + 1 : said.index("Tồn tại")]
    assert few.with_verdict(Verdict.PUBLISHED)
    assert not [line for line in good if "Đa số" in line or "tăng" in line or "Tất cả" in line]


def test_numbers_of_2019_are_written_as_they_are() -> None:
    figures = replace(november_2019(), style=Style(numbers=Numbers.OF_2019))
    said = "\n".join(block.text for block in narrative(figures))
    assert "Cổng TTĐT tỉnh đăng tải 04 thông tin" in said, "as that year's report had it"
    assert "Nông nghiệp và PTNT (5 lượt)" in said
    assert "Tuy Đức (7 lượt)" in said
    assert "(2 đơn vị): các Sở: Khoa học" in said


def test_thresholds_of_praise() -> None:
    strict = replace(november_2019(), style=Style(majority=90, notable_change=5))
    said = [block.text for block in narrative(strict)]
    assert not [line for line in said if line.startswith("Đa số")]
    assert "Cấp tỉnh tăng 2 lượt so với tháng 10." not in said
    assert "Cấp huyện giảm 30 lượt so với tháng 10." in said
    usual = [block.text for block in narrative(november_2019())]
    assert "Đa số cơ quan, đơn vị (21/26) có tin đăng tải trong kỳ." in usual
    assert "Cấp tỉnh tăng 2 lượt so với tháng 10." in usual


def test_a_group_of_which_nothing_could_be_said_has_no_number() -> None:
    figures = month([unseen("Sở Y tế"), unit("UBND huyện Đắk Mil", 0, level=Level.DISTRICT)])
    told = [block.text for block in narrative(figures)]
    assert (
        "Cấp tỉnh: chưa kết luận được đơn vị nào (1/1 đơn vị chưa kiểm tra được trọn vẹn), không nêu số lượt." in told
    )
    assert [line for line in told if line.startswith("Cấp huyện: 0 lượt")]


def test_a_unit_that_ended_is_told_and_asked_for_nothing_any_more() -> None:
    day = date(2025, 6, 30)
    districts = [unit(f"UBND huyện {name}", 0, level=Level.DISTRICT, ended=day) for name in ("Cư Jút", "Đắk Mil")]
    down = unseen("UBND huyện Đắk Song", level=Level.DISTRICT, ended=day)
    figures = month([unit("Sở Y tế", 2), *districts, down], Month(2025, 7))
    told = [block.text for block in narrative(figures)]
    assert (
        "Kết thúc hoạt động ngày 30/06/2025, chỉ tính đến ngày đó (03 đơn vị): "
        "UBND các huyện: Cư Jút, Đắk Mil, Đắk Song." in told
    )
    asked = "\n".join(told[told.index("3. Kiến nghị") :])
    assert "huyện" not in asked
    assert "tiếp tục duy trì việc đăng tải đúng quy định" in asked
    notes = [row.cells[-1] for row in tables.summary(figures).rows if not row.total]
    assert notes == [
        "",
        *["kết thúc hoạt động ngày 30/06/2025"] * 2,
        "kết thúc hoạt động ngày 30/06/2025; máy chủ không trả lời trong thời gian chờ",
    ]


def test_a_month_that_is_open_is_told_as_such_and_compared_with_nothing() -> None:
    units = [unit("Sở Y tế", 2, previous=5), unit("Sở Nội vụ", 0, previous=1)]
    told = [block.text for block in narrative(month(units, as_of=date(2019, 11, 10)))]
    assert "Số liệu tạm tính đến ngày 10/11/2019: kỳ số liệu chưa kết thúc, chưa dùng để ban hành." in told
    text = "\n".join(told)
    assert "Số liệu sẽ được chốt ngày 18/11/2019" in text
    assert "Chưa đăng tải tin nào của kỳ đến nay (01 đơn vị): Sở Nội vụ." in told
    assert "(kỳ số liệu chưa kết thúc, chưa so sánh với tháng 10)" in text
    assert "không đăng tải" not in text.lower()
    assert "giảm" not in text
    assert "Đề nghị Sở Nội vụ đăng tải đầy đủ lịch và thông tin tiếp công dân trước ngày chốt số liệu." in told


def test_a_unit_read_in_full_and_not_deep_enough_is_not_said_to_be_read_in_full() -> None:
    shallow = unseen("Sở Y tế", Cause.TOO_SHALLOW)
    told = "\n".join(block.text for block in narrative(month([shallow])))
    assert f"Sở Y tế: {Cause.TOO_SHALLOW.label};" in told
    assert f"({Cause.TOO_SHALLOW.label})" not in told


def test_a_level_of_which_nothing_could_be_said_has_no_number_in_its_group() -> None:
    portal = unseen("Cổng Thông tin điện tử tỉnh", level=Level.PORTAL, key="cong")
    told = "\n".join(block.text for block in narrative(month([portal, unit("Sở Y tế", 2)])))
    assert "Cấp tỉnh: 02 lượt" in told
    assert "gồm số lượt chưa kết luận được của Cổng" in told
    assert "và 02 lượt của các sở, ban, ngành" in told
    assert "00 lượt" not in told


def test_lacking_sections_are_told_of_every_level() -> None:
    """A district was written to for what the report did not say."""
    sections = {Category.SCHEDULE: "http://x.example/"}
    portal = unit("Cổng TTĐT tỉnh", 1, level=Level.PORTAL, sections=sections)
    districts = [unit("UBND huyện A", 1, level=Level.DISTRICT, sections=sections), unit("B", 1, level=Level.DISTRICT)]
    text = "\n".join(block.text for block in narrative(month([portal, *districts])))
    assert "1/2 đơn vị cấp huyện đã tạo đủ 5 mục tin theo quy định. Chưa tạo đủ: UBND huyện A." in text
    assert "1/2 đơn vị cấp huyện chưa tạo đủ 5 mục tin: UBND huyện A." in text
    assert "Cổng TTĐT tỉnh chưa tạo đủ 5 mục tin." in text
    assert "Đề nghị Cổng TTĐT tỉnh và UBND huyện A tạo đủ 5 mục tin" in text


def test_a_unit_that_was_not_read_in_full_is_not_said_to_lack_sections() -> None:
    partly = unit("Sở Nội vụ", 1, sections={Category.SCHEDULE: "http://x.example/"}, proof=None)
    text = "\n".join(block.text for block in narrative(month([partly, unit("Sở Y tế", 1)])))
    assert "Đã xác định 1/2 sở, ban, ngành đã tạo đủ 5 mục tin theo quy định. Chưa xác định được: Sở Nội vụ." in text
    assert "tạo đủ 5 mục tin tiếp công dân trên trang" not in text


def test_what_people_corrected_is_told_and_what_they_let_stand_is_not() -> None:
    made = "2019-11-20T03:00:00+00:00"
    decided = CorrectionFacts("Lê An", made, "lịch tuần", "none", None, accepted=False, machine_category="schedule")
    same = replace(decided, accepted=True, category="schedule")
    items = [item("a", 1, correction=decided), item("a", 2, correction=same), item("a", 3)]
    figures = month([unit("Sở Nội vụ", 1)])
    sentence = "Cán bộ đã sửa phân loại hoặc ngày đăng của 01 tin; người sửa, lý do nêu tại trang tính “Duyệt, sửa”"
    assert sentence in "\n".join(block.text for block in narrative(replace(figures, corrected=tuple(items))))
    assert "Cán bộ" not in "\n".join(block.text for block in narrative(replace(figures, corrected=tuple(items[1:]))))


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("title: lịch: sáng", "tiêu đề: lịch: sáng"),
        ("listing: 05/11/2019", "danh sách tin: 05/11/2019"),
        ("time element: 2019", "time element: 2019"),
        ("", ""),
    ],
)
def test_places_in_the_clerk_s_words(reason: str, said: str) -> None:
    assert wording.cited(reason) == said
