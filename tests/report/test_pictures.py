"""Pictures and the tables they are drawn from: months, nights, categories, communes; the same greys in every format."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta

import docx
import openpyxl
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from auditor.audit.afterwards import PastMonth
from auditor.audit.month import MonthFigures, Night
from auditor.outcomes import Outcome
from auditor.portals import Group, Level
from auditor.report import commune_tables, picture_tables, tables
from auditor.report.as_docx import month_docx
from auditor.report.as_html import month_html
from auditor.report.as_xlsx import month_xlsx
from auditor.report.narrative import narrative
from auditor.report.pictures import pictures
from auditor.report.shading import GREYS, shades
from auditor.report.svg import PAPER_WIDTH, WIDTH
from auditor.report.tables import Column, Holds, Row, Table
from auditor.window import Month
from tests.report.decree import faults
from tests.report.province import NOVEMBER, item, month, unit, unseen


def past(*counts: int | None, key: str = "so-noi-vu") -> tuple[PastMonth, ...]:
    """Eleven months, the last ones with these counts of one unit."""
    months, at = [], NOVEMBER.preceding()
    for count in (*reversed(counts), *[None] * (11 - len(counts))):
        known = {} if count is None else {key: count}
        groups = {} if count is None else {Group.PROVINCIAL: count}
        months.append(PastMonth(at, "unknown" if count is None else "closed", count, groups, known))
        at = at.preceding()
    return tuple(reversed(months))


def calendar(*outcomes: Outcome) -> tuple[Night, ...]:
    return tuple(Night(date(2019, 10, 19) + timedelta(number), outcome) for number, outcome in enumerate(outcomes))


def pictured() -> MonthFigures:
    nights = calendar(Outcome.COMPLETE, Outcome.PARTIAL, Outcome.UNREACHABLE)
    units = [
        unit("Sở Nội vụ", 4, key="so-noi-vu", calendar=nights, nights=(1, 3)),
        unseen("Sở Y tế", key="so-y-te", nights=(0, 0)),
    ]
    return replace(month(units), past=past(8, None, 0, 2))


def test_twelve_months_with_what_is_not_known_as_such() -> None:
    table = picture_tables.months(pictured())
    assert [column.heading for column in table.columns[2:]] == ["07/2019", "08/2019", "09/2019", "10/2019", "11/2019"]
    rows = {row.cells[1]: row.cells[2:] for row in table.rows}
    assert rows["Sở Nội vụ"] == (8, None, 0, 2, 4)
    assert rows["Sở Y tế"] == (None,) * 5
    assert rows["Cấp tỉnh"] == rows["Tổng cộng"] == rows["Sở Nội vụ"]


def test_no_picture_of_months_nobody_knows() -> None:
    assert picture_tables.months(month([unit("Sở Nội vụ", 1)])).rows == ()
    assert picture_tables.months(replace(pictured(), past=past())).rows == ()


def test_nights_by_what_could_be_read() -> None:
    table = picture_tables.calendar(pictured())
    assert [column.heading for column in table.columns] == ["STT", "Đơn vị", "19", "20", "21", "Đọc đủ"]
    assert [row.cells for row in table.rows] == [
        (1, "Sở Nội vụ", "Đ", "P", "K", 1),
        (2, "Sở Y tế", "", "", "", 0),
    ]
    assert picture_tables.calendar(month([unseen("Sở Y tế")])).rows == ()


def test_a_window_nothing_proves_is_not_shown_for_ever() -> None:
    nights = (Night(date(2019, 10, 18), Outcome.BLOCKED), Night(date(2021, 6, 1), Outcome.BLOCKED))
    table = picture_tables.calendar(month([unseen("Sở Y tế", calendar=nights, nights=(0, 2))]))
    assert table.columns[-2].heading == "25"
    assert len(table.columns) == 3 + 32 + 7
    assert picture_tables.calendar(month([unseen("Sở Y tế", calendar=nights[1:], nights=(0, 1))])).rows == ()


def test_greys_follow_the_numbers() -> None:
    columns = (Column("Đơn vị", 9), *(Column(str(n), 9, Holds.NUMBER, shaded=True) for n in range(3)))
    rows = (Row(("A", 0, 1, None)), Row(("B", 10, 50, 100)), Row(("Tổng", 10, 51, 100), total=True))
    assert shades(Table("T", "T", columns, rows)) == ((0, 0, 1, 0), (0, 1, 3, 4), (0, 0, 0, 0))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.none() | st.integers(0, 10_000), min_size=3, max_size=3), max_size=8))
def test_more_is_never_lighter_and_nothing_is_white(counts: list[list[int | None]]) -> None:
    columns = tuple(Column(str(n), 9, Holds.NUMBER, shaded=True) for n in range(3))
    greys = shades(Table("T", "T", columns, tuple(Row(tuple(row)) for row in counts)))
    pairs = sorted(
        (count, grey)
        for row, line in zip(counts, greys, strict=True)
        for count, grey in zip(row, line, strict=True)
        if count is not None
    )
    assert all((grey == 0) == (count == 0) for count, grey in pairs)
    assert [grey for _, grey in pairs] == sorted(grey for _, grey in pairs)
    assert all(0 <= grey < len(GREYS) for _, grey in pairs)


def test_every_format_has_the_same_greys() -> None:
    figures = pictured()
    expected = [[GREYS[grey] for grey in row] for row in shades(picture_tables.months(figures))]
    sheet = openpyxl.load_workbook(io.BytesIO(month_xlsx(figures)))["Mười hai tháng"]
    filled = [
        [cell.fill.fgColor.rgb[-6:] if cell.fill.fill_type else "FFFFFF" for cell in row]
        for row in sheet.iter_rows(min_row=3)
    ]
    assert filled == expected
    page = html.fromstring(month_html(figures, narrative(figures)))
    [figure] = [one for one in page.iter("figure") if "theo tháng" in one.find("figcaption").text_content()]
    rows = figure.findall(".//tbody/tr")
    classes = [
        [next((c for c in td.get("class").split() if c in {"s1", "s2", "s3", "s4"}), "s0") for td in tr] for tr in rows
    ]
    assert [[GREYS[int(one[1])] for one in row] for row in classes] == expected
    boxes = [box.get("fill")[1:].upper() for box in figure.find("svg").iter("rect")]
    assert boxes == [grey for row in expected for grey in row[2:]]
    assert faults(month_docx(figures, narrative(figures))) == []


def test_the_summary_of_the_document_is_shaded_as_well() -> None:
    figures = pictured()
    document = docx.Document(io.BytesIO(month_docx(figures, narrative(figures))))
    annex = next(table for table in document.tables if table.rows[0].cells[-1].text == "Ghi chú")
    fills = [
        [
            fill.get(qn("w:fill")) if (fill := cell._tc.find(f".//{qn('w:shd')}")) is not None else "FFFFFF"
            for cell in row.cells
        ]
        for row in annex.rows[1:]
    ]
    assert fills == [[GREYS[grey] for grey in row] for row in shades(tables.summary(figures))]


def test_the_document_and_the_page_show_the_same_pictures_each_told_in_words() -> None:
    figures = pictured()
    shown = [one.picture for one in pictures(figures)]
    assert [picture.title.partition(",")[0] for picture in shown] == [
        "Số lượt thông tin theo đơn vị",
        "Số lượt thông tin theo cấp",
        "Số lượt thông tin theo tháng",
        "Số lượt thông tin theo đơn vị và mục tin",
        "Các đêm kiểm tra trong kỳ tháng 11/2019",
    ]
    document = docx.Document(io.BytesIO(month_docx(figures, narrative(figures))))
    drawn = list(document.element.iter(qn("wp:docPr")))
    assert [(one.get("title"), one.get("descr")) for one in drawn] == [(one.title, one.told) for one in shown]
    assert all(one.get("descr") for one in drawn)
    files = [document.part.related_parts[blip.get(qn("r:embed"))].blob for blip in document.element.iter(qn("a:blip"))]
    assert files == [picture.png() for picture in shown]
    assert all(content.startswith(b"\x89PNG") for content in files)
    page = html.fromstring(month_html(figures, narrative(figures)))
    assert [svg.find("title").text for svg in page.iter("svg")] == [picture.title for picture in shown]
    captions = [paragraph.text for paragraph in document.paragraphs if paragraph.text.startswith("Hình ")]
    assert captions == [f"Hình {number}. {picture.title}" for number, picture in enumerate(shown, start=1)]


def test_every_picture_is_grey() -> None:
    """Printed black and white, and stored as such: one byte a dot."""
    figures = pictured()
    for shown in pictures(figures):
        drawing = etree.fromstring(str(shown.picture.svg))
        colours = {one.get(kind) for one in drawing.iter() for kind in ("fill", "stroke")} - {None, "none"}
        assert colours
        assert all(re.fullmatch("#([0-9a-fA-F]{2})\\1\\1", colour) for colour in colours), colours
        assert not list(drawing.iter("{*}style", "{*}image"))
        assert not [one for one in drawing.iter() if one.get("style")]


def test_a_month_of_which_nothing_is_known_leaves_a_gap_in_the_line() -> None:
    picture = next(one.picture for one in pictures(pictured()) if "theo cấp" in one.picture.title)
    assert picture.told == "Cấp tỉnh: 07/2019 8 lượt, 09/2019 0 lượt, 10/2019 2 lượt, 11/2019 4 lượt"
    drawing = etree.fromstring(str(picture.svg))
    lines = [line.get("points") for line in drawing.iter("{*}polyline") if "12.0" not in line.get("points")]
    assert [len(points.split()) for points in lines] == [1, 3]


def test_no_name_breaks_out_of_a_picture_and_every_one_can_be_drawn() -> None:
    name = 'Sở <script>alert(1)</script> & "Đắk R\'lấp" ' + "\x1b[31m\0\ufffe\ud800 " + "rất dài " * 40
    figures = replace(month([unit(name, 4, key="so-noi-vu")]), past=past(8))
    for shown in pictures(figures):
        drawing = etree.fromstring(str(shown.picture.svg))
        assert not list(drawing.iter("{*}script"))
        assert shown.picture.png().startswith(b"\x89PNG")


def test_many_units_take_several_pictures_of_one_scale() -> None:
    units = [unit(f"UBND xã {place}", place, key=f"x{place}", level=Level.COMMUNE) for place in range(124)]
    shown = [one.picture for one in pictures(month(units))]
    assert [picture.title.rpartition("(")[2] for picture in shown] == [f"{n}/3)" for n in (1, 2, 3)] * 2
    assert max(picture.height * PAPER_WIDTH / WIDTH for picture in shown) < 215
    widest = [max(float(r.get("width")) for r in etree.fromstring(str(p.svg)).iter("{*}rect")) for p in shown[:3]]
    assert widest == sorted(widest, reverse=True)
    assert widest[0] > 2 * widest[2]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.none() | st.integers(0, 10**7), min_size=11, max_size=11))
def test_no_line_leaves_its_picture(counts: list[int | None]) -> None:
    figures = replace(month([unit("Sở Nội vụ", 4, key="so-noi-vu")]), past=past(*counts))
    for shown in pictures(figures):
        drawing = etree.fromstring(str(shown.picture.svg))
        points = [
            tuple(map(float, point.split(",")))
            for line in drawing.iter("{*}polyline")
            for point in line.get("points").split()
        ]
        assert all(0 <= x <= WIDTH and 0 <= y <= shown.picture.height for x, y in points)


def test_every_annex_has_its_number() -> None:
    figures = pictured()
    document = docx.Document(io.BytesIO(month_docx(figures, narrative(figures))))
    heads = [line.text for line in document.paragraphs if line.text.startswith("Phụ lục ") and len(line.text) < 14]
    assert heads == [f"Phụ lục {numeral}" for numeral in ("I", "II", "III", "IV", "V")]


def test_communes_of_both_kinds() -> None:
    posts = [item("dak-mil", number, commune=f"Xã {number % 2}") for number in range(3)]
    figures = month(
        [
            unit("UBND huyện Đắk Mil", posts, key="dak-mil", level=Level.DISTRICT),
            unit("UBND xã Đắk Lao", 2, level=Level.COMMUNE),
            unseen("UBND xã Đức Mạnh", level=Level.COMMUNE),
        ]
    )
    cells = [row.cells for row in commune_tables.communes(figures).rows]
    assert [(row[1], row[2], row[-2], row[-1]) for row in cells] == [
        ("Xã 0", "UBND huyện Đắk Mil", 2, "đã đăng tải"),
        ("Xã 1", "UBND huyện Đắk Mil", 1, "đã đăng tải"),
        ("UBND xã Đắk Lao", "trang riêng", 2, "đã đăng tải"),
        ("UBND xã Đức Mạnh", "trang riêng", None, "chưa kết luận được"),
    ]
    assert cells[0][3] == 2
    assert tables.summary(figures).columns[2].shaded


def test_a_year_is_named_where_months_of_two_meet() -> None:
    figures = replace(month([unit("Sở Nội vụ", 1)], Month(2020, 1)), past=past(1))
    assert picture_tables.months(figures).columns[-1].heading == "01/2020"
