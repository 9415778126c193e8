from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor import yaml_file
from auditor.categories import DEFAULT_LABELS, Category
from auditor.errors import InputError
from auditor.portals import CrawlOptions, Group, Jurisdiction, Level, Unit, load
from auditor.style import Numbers, Style
from auditor.window import Month, Window

CASES = Path(__file__).parent / "portals_cases"
SHIPPED = Path(__file__).parent.parent / "portals.yaml"
NOVEMBER = Month(2019, 11).window(18)
HEAD = """\
jurisdiction:
  name: tỉnh Đắk Nông
  office: Văn phòng UBND tỉnh Đắk Nông
period:
  cutoff_day: 18
"""
UNIT = """\
units:
  - key: so-noi-vu
    name: Sở Nội vụ
    level: department
    url: http://snv.example.vn/
"""


def read(tmp_path: Path, text: str | bytes) -> Jurisdiction:
    path = tmp_path / "portals.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load(path)


# Wrong files: tests/portals_cases holds each beside the message it must give. A new case needs no code.


@pytest.mark.parametrize("loader", [yaml_file.LOADER, yaml.SafeLoader], ids=["fastest", "python"])
@pytest.mark.parametrize("case", sorted(path.stem for path in CASES.glob("*.yaml")))
def test_wrong_file_is_refused_with_lines_and_remedies(
    case: str, loader: type[yaml.SafeLoader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_file, "LOADER", loader)
    monkeypatch.chdir(CASES)
    with pytest.raises(InputError) as refusal:
        load(Path(f"{case}.yaml"))
    assert str(refusal.value) == Path(f"{case}.txt").read_text("utf-8").rstrip("\n")


def test_every_expected_message_belongs_to_a_wrong_file() -> None:
    assert {path.stem for path in CASES.glob("*.txt")} == {path.stem for path in CASES.glob("*.yaml")}


def test_a_missing_file_a_folder_and_a_huge_file_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"missing\.yaml: there is no such file: create it, or name another with"):
        load(tmp_path / "missing.yaml")
    with pytest.raises(InputError, match="this is a folder: name the file in it"):
        load(tmp_path)
    monkeypatch.setattr(yaml_file, "MAX_BYTES", 20)
    with pytest.raises(InputError, match="larger than 20 bytes"):
        read(tmp_path, HEAD + UNIT)


def test_a_path_no_system_knows_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load(Path("portals\x00.yaml"))


def test_a_thousand_mistakes_do_not_flood_the_terminal(tmp_path: Path) -> None:
    units = "".join(f"  - key: xa-{number}\n" for number in range(1000))
    with pytest.raises(InputError) as refusal:
        read(tmp_path, f"{HEAD}units:\n{units}")
    lines = str(refusal.value).splitlines()
    assert len(lines) == 101
    assert lines[-1].endswith("and 2900 more mistakes")


def test_a_password_in_an_address_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        read(tmp_path, HEAD + UNIT.replace("http://snv", "http://admin:secret@snv"))
    assert "secret" not in str(refusal.value)


# Right files.


def test_four_fields_are_enough(tmp_path: Path) -> None:
    jurisdiction = read(tmp_path, HEAD + UNIT)
    assert jurisdiction == Jurisdiction(
        name="tỉnh Đắk Nông",
        office="Văn phòng UBND tỉnh Đắk Nông",
        timezone=ZoneInfo("Asia/Ho_Chi_Minh"),
        cutoff_day=18,
        units=(Unit("so-noi-vu", "Sở Nội vụ", Level.DEPARTMENT, "http://snv.example.vn/", short_name="Sở Nội vụ"),),
        labels=DEFAULT_LABELS,
    )


def test_every_field_is_read(tmp_path: Path) -> None:
    more = """\
    short_name: Nội vụ
    section: http://SNV.example.vn:8080/tiep-dan
    sections: {schedule: https://www.snv.example.vn/lich/, rules: http://w3.example.vn/nq#x}
    platform: nukeviet
    hosts: [W3.example.vn, tỉnh.vn, 127.0.0.1]
    valid_from: 2019-01-01
    valid_to: 2025-06-30
    crawl: {delay: 0, timeout: 12.5, verify_tls: false, reason: chứng thư hết hạn}
    render: true
"""
    period = HEAD.replace("18", "end").replace("period:", "  timezone: Asia/Bangkok\nperiod:")
    jurisdiction = read(tmp_path, f"{period}categories:\n  petitions: Đơn thư\n{UNIT}{more}")
    assert jurisdiction.cutoff_day == "end"
    assert jurisdiction.timezone.key == "Asia/Bangkok"
    assert jurisdiction.labels == {**DEFAULT_LABELS, Category.PETITIONS: "Đơn thư"}
    assert jurisdiction.units == (
        Unit(
            key="so-noi-vu",
            name="Sở Nội vụ",
            level=Level.DEPARTMENT,
            url="http://snv.example.vn/",
            short_name="Nội vụ",
            section="http://SNV.example.vn:8080/tiep-dan",
            sections={
                Category.SCHEDULE: "https://www.snv.example.vn/lich/",
                Category.RULES: "http://w3.example.vn/nq#x",
            },
            platform="nukeviet",
            hosts=("w3.example.vn", "xn--tnh-dlz.vn", "127.0.0.1"),
            valid_from=date(2019, 1, 1),
            valid_to=date(2025, 6, 30),
            crawl=CrawlOptions(0, 12.5, verify_tls=False, reason="chứng thư hết hạn"),
            render=True,
        ),
    )


@pytest.mark.parametrize("text", ["14:05", "on", "0261", "123", "1e3", "2019-11-18", "0x1F", "yes", "1_000", ".5"])
def test_values_are_the_text_that_stands_there(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, HEAD + UNIT.replace("Sở Nội vụ", text)).units[0].name == text


@pytest.mark.parametrize("key", ["123", "0261", "on", "null-1", "1e3"])
def test_keys_are_the_text_that_stands_there(tmp_path: Path, key: str) -> None:
    assert read(tmp_path, HEAD + UNIT.replace("so-noi-vu", key)).unit(key).key == key


@pytest.mark.parametrize("empty", ["", "~", "null"])
def test_a_field_left_empty_is_not_given(tmp_path: Path, empty: str) -> None:
    names = ("section", "sections", "hosts", "crawl", "valid_to", "render", "short_name")
    fields = "".join(f"    {name}: {empty}\n" for name in names)
    assert read(tmp_path, HEAD + UNIT + fields) == read(tmp_path, HEAD + UNIT)


def test_bytes_and_line_ends_of_other_systems_are_read(tmp_path: Path) -> None:
    expected = read(tmp_path, HEAD + UNIT)
    assert read(tmp_path, b"\xef\xbb\xbf" + (HEAD + UNIT).encode()) == expected
    assert read(tmp_path, (HEAD + UNIT).replace("\n", "\r\n")) == expected
    assert read(tmp_path, unicodedata.normalize("NFD", HEAD + UNIT)) == expected
    assert read(tmp_path, (HEAD + UNIT).replace("Đắk", "Ðắk").replace("Sở Nội", "Sở\u00a0 Nội")) == expected


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9101", "http://[::1]:8080/a", "https://tỉnh.vn/x?a=1&b=2#c", "http://a_b.vn/"]
)
def test_addresses_stay_as_written(tmp_path: Path, url: str) -> None:
    assert read(tmp_path, HEAD + UNIT.replace("http://snv.example.vn/", f"'{url}'")).units[0].url == url


def test_units_may_follow_each_other_at_one_address(tmp_path: Path) -> None:
    successor = UNIT.removeprefix("units:\n").replace("so-noi-vu", "so-noi-vu-2") + "    valid_from: 2020-01-01\n"
    units = read(tmp_path, f"{HEAD}{UNIT}    valid_to: 2019-12-31\n{successor}").units
    assert [unit.key for unit in units] == ["so-noi-vu", "so-noi-vu-2"]


def test_units_of_one_portal_may_have_a_section_each(tmp_path: Path) -> None:
    commune = UNIT.removeprefix("units:\n").replace("so-noi-vu", "xa-a")
    sections = "    sections: {rules: http://snv.example.vn/xa-a/}\n"
    assert len(read(tmp_path, f"{HEAD}{UNIT}{commune}{sections}").units) == 2


# What is derived.


def made_of(*units: Unit) -> Jurisdiction:
    return Jurisdiction("tỉnh A", "Văn phòng A", ZoneInfo("Asia/Ho_Chi_Minh"), 18, units, DEFAULT_LABELS)


def unit(key: str, level: Level = Level.DEPARTMENT, parent: str | None = None) -> Unit:
    return Unit(key, key, level, f"http://{key}.vn/", parent=parent)


@pytest.mark.parametrize(
    ("key", "group"),
    [
        ("cong", Group.PROVINCIAL),
        ("so", Group.PROVINCIAL),
        ("huyen", Group.DISTRICT),
        ("xa-huyen", Group.DISTRICT),
        ("xa-tinh", Group.COMMUNE),
        ("xa", Group.COMMUNE),
    ],
)
def test_levels_belong_to_groups(key: str, group: Group) -> None:
    jurisdiction = made_of(
        unit("cong", Level.PORTAL),
        unit("so"),
        unit("huyen", Level.DISTRICT),
        unit("xa-huyen", Level.COMMUNE, parent="huyen"),
        unit("xa-tinh", Level.COMMUNE, parent="cong"),
        unit("xa", Level.COMMUNE),
    )
    assert jurisdiction.group_of(jurisdiction.unit(key)) is group


@pytest.mark.parametrize("typo", ["so-noi-vo", "so_noi_vu", "Sở Nội vụ", "noi-vu", "SO-NOI-VU"])
def test_a_mistyped_key_names_the_nearest(typo: str) -> None:
    jurisdiction = made_of(unit("so-noi-vu"), unit("thanh-tra"))
    with pytest.raises(
        InputError, match=r"there is no unit '.*' \(did you mean 'so-noi-vu'\?\): 'auditor units' lists"
    ):
        jurisdiction.unit(typo)


def test_a_key_like_no_other_names_none() -> None:
    with pytest.raises(InputError, match="there is no unit 'xyz': 'auditor units' lists the keys"):
        made_of(unit("so-noi-vu")).unit("xyz")


@pytest.mark.parametrize(
    ("first", "last", "valid"),
    [
        (None, None, True),
        (NOVEMBER.last, None, True),
        (NOVEMBER.last + timedelta(days=1), None, False),
        (None, NOVEMBER.first, True),
        (None, NOVEMBER.first - timedelta(days=1), False),
        (NOVEMBER.first + timedelta(days=3), NOVEMBER.first + timedelta(days=4), True),
    ],
)
def test_units_valid_in_a_window(first: date | None, last: date | None, *, valid: bool) -> None:
    jurisdiction = made_of(replace(unit("so"), valid_from=first, valid_to=last))
    assert bool(jurisdiction.units_valid_in(NOVEMBER)) is valid


@given(st.dates(), st.dates(), st.dates(), st.dates())
def test_valid_means_at_least_one_common_day(first: date, last: date, start: date, end: date) -> None:
    first, last = sorted((first, last))
    window = Window(*sorted((start, end)))
    lived = replace(unit("so"), valid_from=first, valid_to=last)
    assert lived.valid_in(window) == (max(first, window.first) <= min(last, window.last))


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("http://SNV.example.vn:8080/a", {"snv.example.vn", "www.snv.example.vn", "w3.vn"}),
        ("https://www.example.vn", {"example.vn", "www.example.vn", "w3.vn"}),
        ("https://tỉnh.vn./", {"xn--tnh-dlz.vn", "www.xn--tnh-dlz.vn", "w3.vn"}),
    ],
)
def test_own_hosts(url: str, hosts: set[str]) -> None:
    assert replace(unit("so"), url=url, hosts=("w3.vn",)).own_hosts == hosts


# The file that is shipped.


def test_the_shipped_file_names_the_26_units_of_2019() -> None:
    jurisdiction = load(SHIPPED)
    keys = [
        "cong-tinh",
        "thanh-tra",
        "so-nnptnt",
        "so-tai-chinh",
        "so-gddt",
        "so-noi-vu",
        "so-tu-phap",
        "so-cong-thuong",
        "so-khdt",
        "ban-dan-toc",
        "so-xay-dung",
        "so-y-te",
        "so-tnmt",
        "so-ldtbxh",
        "so-gtvt",
        "so-vhttdl",
        "so-khcn",
        "so-tttt",
        "dak-mil",
        "gia-nghia",
        "dak-song",
        "cu-jut",
        "tuy-duc",
        "krong-no",
        "dak-glong",
        "dak-rlap",
    ]
    levels = [Level.PORTAL] + 17 * [Level.DEPARTMENT] + 8 * [Level.DISTRICT]
    assert [(unit.key, unit.level) for unit in jurisdiction.units] == list(zip(keys, levels, strict=True))
    groups = Counter(jurisdiction.group_of(unit) for unit in jurisdiction.units)
    assert groups == {Group.PROVINCIAL: 18, Group.DISTRICT: 8}
    assert (jurisdiction.name, jurisdiction.cutoff_day) == ("tỉnh Đắk Nông", 18)
    assert jurisdiction.unit("so-noi-vu").name == "Sở Nội vụ"
    assert jurisdiction.unit("dak-rlap").short_name == "Đắk R'lấp"
    assert jurisdiction.units_valid_in(NOVEMBER) == jurisdiction.units


# Properties.

KEYS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,12}", fullmatch=True).filter(lambda key: key != "null")
NAMES = st.text(st.sampled_from("Sở Nội vụ Đắk R'lấp: #&*!%@-?{}[]|>\"\\,14:05 true ~"), min_size=1, max_size=20).map(
    lambda text: " ".join(text.split()) or "~"
)
PATHS = st.from_regex(r"/[a-z0-9%?=&#/.-]{0,12}", fullmatch=True)
OPTIONS = st.builds(
    CrawlOptions,
    delay=st.integers(0, 3600).map(float) | st.sampled_from([0.5, 2.25]),
    timeout=st.integers(1, 600).map(float),
    verify_tls=st.booleans(),
    reason=NAMES,
)


@st.composite
def units_of_key(draw: st.DrawFn, key: str) -> Unit:
    host = f"{draw(st.sampled_from(['http://', 'https://']))}{key.strip('-')}.u{len(key)}.vn"
    addresses = PATHS.map(lambda path: host + path)
    first, last = sorted((draw(st.dates()), draw(st.dates())))
    return Unit(
        key=key,
        name=draw(NAMES),
        level=draw(st.sampled_from([Level.PORTAL, Level.DEPARTMENT, Level.DISTRICT])),
        url=draw(addresses),
        short_name=draw(NAMES),
        section=draw(st.none() | addresses),
        sections=draw(st.dictionaries(st.sampled_from(Category), addresses)),
        platform=draw(st.none() | st.sampled_from(["nukeviet", "liferay-6"])),
        hosts=draw(st.lists(st.sampled_from(["w3.example.vn", "10.0.0.1"]), max_size=2).map(tuple)),
        valid_from=draw(st.none() | st.just(first)),
        valid_to=draw(st.none() | st.just(last)),
        crawl=draw(st.just(CrawlOptions()) | OPTIONS),
        render=draw(st.booleans()),
    )


@st.composite
def jurisdictions(draw: st.DrawFn) -> Jurisdiction:
    keys = draw(st.lists(KEYS, min_size=1, max_size=4, unique_by=lambda key: key.strip("-")))
    units = [draw(units_of_key(key)) for key in keys]
    parents = [unit.key for unit in units if unit.level is Level.DISTRICT]
    commune = Unit("xa--" + keys[0], "Xã", Level.COMMUNE, "http://xa.vn/", short_name="Xã")
    units.append(replace(commune, parent=draw(st.none() | st.sampled_from(parents)) if parents else None))
    return Jurisdiction(
        name=draw(NAMES),
        office=draw(NAMES),
        timezone=ZoneInfo(draw(st.sampled_from(["Asia/Ho_Chi_Minh", "UTC"]))),
        cutoff_day=draw(st.integers(1, 31) | st.just("end")),
        units=tuple(units),
        labels={category: draw(NAMES) for category in Category},
    )


def as_yaml(jurisdiction: Jurisdiction) -> str:
    """The file a person would have written, by a writer that knows nothing of the reader under test."""
    units = []
    for each in jurisdiction.units:
        record = {name: value for name, value in vars(each).items() if value not in (None, (), {})}
        record |= {"level": str(each.level), "sections": {str(key): url for key, url in each.sections.items()}}
        record |= {"hosts": list(each.hosts), "crawl": {k: v for k, v in vars(each.crawl).items() if v is not None}}
        units.append(record)
    return yaml.safe_dump(
        {
            "jurisdiction": {
                "name": jurisdiction.name,
                "office": jurisdiction.office,
                "timezone": jurisdiction.timezone.key,
            },
            "period": {"cutoff_day": jurisdiction.cutoff_day},
            "categories": {str(category): label for category, label in jurisdiction.labels.items()},
            "units": units,
        },
        allow_unicode=True,
        sort_keys=False,
        width=1000,
    )


@given(jurisdictions())
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, jurisdiction: Jurisdiction) -> None:
    assert read(tmp_path_factory.getbasetemp(), as_yaml(jurisdiction)) == jurisdiction


def reads_or_refuses(folder: Path, raw: bytes) -> bool:
    try:
        return isinstance(read(folder, raw), Jurisdiction)
    except InputError as refusal:
        return not any(
            unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in str(refusal).replace("\n", "")
        )


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_the_bytes_no_other_error_comes_out(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    assert reads_or_refuses(tmp_path_factory.getbasetemp(), raw)


@given(st.data())
def test_a_slip_of_the_hand_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    raw = SHIPPED.read_bytes()[:1500]
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw)))
        end = data.draw(st.integers(start, min(len(raw), start + 30)))
        put = data.draw(
            st.binary(max_size=3) | st.sampled_from([b": ", b"- ", b"\t", b"\n", b"&a ", b"*a", b"[", b"{", b"'"])
        )
        raw = raw[:start] + put + raw[end:]
    assert reads_or_refuses(tmp_path_factory.getbasetemp(), raw)


def test_how_reports_are_worded(tmp_path: Path) -> None:
    file = tmp_path / "portals.yaml"
    units = "units:\n  - {key: a, name: A, level: portal, url: http://a.vn/}\n"
    head = "jurisdiction: {name: tỉnh A, office: Văn phòng A}\nperiod: {cutoff_day: 18}\n"
    file.write_text(head + units, "utf-8")
    assert load(file).style == Style()
    file.write_text(head + "report: {numbers: 2019, majority: 75, notable_change: 3}\n" + units, "utf-8")
    assert load(file).style == Style(Numbers.OF_2019, 75, 3)
