"""Frozen pages with expected facts beside them: a new case is a folder, and needs no code.

tests/pages/<family>/<case>/page.html and expected.json, which names the page's address, how to read it, and the facts:

    {"url": "http://so.example/lich/", "read": "listing", "facts": {…}}

What is read: `home`, `ways` (round a home page that names no section), `listing`, `article`, `quality`. Only the
facts a case names are compared. A case without facts gets them written from what is read today, and fails: look at
them, then run again.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.reading.page import parse
from tests.reading.frozen import CASES, only_named, read


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_page_is_read_as_expected(folder: Path) -> None:
    expected = folder / "expected.json"
    case = json.loads(expected.read_text("utf-8"))
    page = parse((folder / "page.html").read_bytes(), case["url"], case.get("content_type", ""))
    facts = read(page, case)
    if "facts" not in case:
        expected.write_text(json.dumps({**case, "facts": facts}, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"facts written to {expected}: look at them, then run again")
    assert only_named(facts, case) == case["facts"]


def test_there_are_cases() -> None:
    assert len(CASES) >= 60
