import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from auditor.portals import load
from auditor.yaml_file import Fields
from tests.docs.tables import DOCS, TABLES, layers, with_table


@pytest.mark.parametrize("name", TABLES)
def test_a_table_says_what_the_code_says(name: str) -> None:
    page, text = with_table(name)
    assert page.read_text("utf-8") == text, "run python -m tests.docs.tables"


def test_the_picture_of_the_layers_is_that_of_the_linter() -> None:
    assert (DOCS / "layers.svg").read_text("utf-8") == layers(), "run python -m tests.docs.tables"


_EVERY_GROUP = """\
jurisdiction: {name: tỉnh Thử, office: Văn phòng UBND tỉnh Thử}
period: {cutoff_day: 18}
service: {after_nights: 2}
report: {majority: 50}
categories: {rules: Nội quy}
units:
  - {key: a, name: A, level: department, url: "http://a.vn/", crawl: {delay: 1}, sections: {rules: "http://a.vn/r"}}
"""


def test_every_field_that_the_parser_takes_has_its_line_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: dict[str, set[str]] = {}

    def note(fields: Fields, known: Iterable[str], what: str = "field") -> None:
        if what == "field":  # categories are listed in words
            taken.setdefault(re.sub(r"units\[0\] \(a\)$", "units", fields._where).rpartition(".")[2], set()).update(
                known
            )

    monkeypatch.setattr(Fields, "refuse_others", note)
    file = tmp_path / "portals.yaml"
    file.write_text(_EVERY_GROUP, "utf-8")
    load(file)
    page = described()
    assert set(page) - {"crawl"} == taken.pop("")
    assert {group: fields for group, fields in page.items() if fields} == taken


def described() -> dict[str, set[str]]:
    """Group → fields, as the page's headings and tables have them."""
    text = (DOCS / "portals.md").read_text("utf-8")
    groups = re.split(r"^## (\w+).*$", text, flags=re.MULTILINE)[1:]
    return {
        group: set(re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE))
        for group, part in zip(groups[::2], groups[1::2], strict=True)
    }
