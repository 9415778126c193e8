"""The worked example of docs/platform.md."""

import json
import re
from typing import Any

import pytest

from auditor.reading.page import parse
from spiders import platform
from tests.docs.examples import DOCS
from tests.reading.frozen import only_named, read

_TEXT = (DOCS / "platform.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", _TEXT, re.MULTILINE | re.DOTALL)


def test_the_frozen_page_is_read_as_the_page_says() -> None:
    [page], [expected] = blocks("html"), blocks("json")
    case = json.loads(expected)
    assert only_named(read(parse(page.encode(), case["url"], ""), case), case) == case["facts"]


def test_the_module_does_what_its_tests_ask_and_is_told_by_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    module, its_tests = blocks("python")
    world: dict[str, Any] = {"__name__": "spiders.hoasen"}
    exec(module, world)  # noqa: S102 - our own page
    exec(its_tests, world)  # noqa: S102
    monkeypatch.setattr(platform, "_families", lambda: (world["HoaSen"],))
    [page] = blocks("html")
    assert platform.detected(parse(page.encode(), "http://hoasen.example.gov.vn/", "")).name == "hoasen"
    named = platform.named("hoasen")
    assert named is not None
    assert named.key("http://a.example/in/1") == "a.example/bai-viet/1"
    assert its_tests.count("assert") == 4
    assert len(module.splitlines()) <= 60
