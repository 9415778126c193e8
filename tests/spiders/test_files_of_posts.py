"""Files of posts, fetched by the real worker: only where they can matter, and few."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from auditor.observation import SeenItem
from auditor.outcomes import Outcome
from auditor.reading.documents import read_document
from tests.files import NOTICE, docx_of, pdf_of
from tests.spiders.lab import Answer, Portal, Site, crawl, serving

TEXT = " ".join(NOTICE)
SCAN = pdf_of([])
HOLE = b"%PDF-1.4\n" + b"1 0 obj\n<< /Kids [1 0 R] >>\nendobj\n" * 3


@dataclass(frozen=True)
class Office(Portal):
    """Every post of the first part is a line that points to its file, which `file` gives."""

    posts: int = 3
    dated: bool = False
    file: Callable[[], Answer] = lambda: Answer(pdf_of(), headers={"Content-Type": "application/pdf"})
    named: Callable[[int], str] = lambda number: f"Thông báo số {number + 12}/TB-UBND"

    def title(self, part: str, number: int) -> str:
        return self.named(number) if part == "lich" else super().title(part, number)

    def answer(self, path: str) -> Answer:
        if path.startswith("/tep/"):
            return self.file()
        number = path.removeprefix("/lich/bai-").removesuffix(".html")
        if number != path and number.isdigit():
            day = f"<p>Ngày đăng: {self.day(int(number)):%d/%m/%Y} 08:30</p>"
            link = f'<p><a href="/tep/tb-{number}.pdf">Tệp đính kèm</a></p>'
            return Answer(self.page(self.named(int(number)), f"{day}{link}"))
        return super().answer(path)


def _word() -> Answer:
    return Answer(docx_of(), headers={"Content-Type": "application/msword"})


def _gone() -> Answer:
    return Answer("<html><title>404</title>", status=404)


def _login() -> Answer:
    return Answer("<html><title>Không có quyền</title><body><p>Bạn không được phép xem tệp này.</p></body></html>")


def _download(body: bytes) -> Callable[[], Answer]:
    return lambda: Answer(body, headers={"Content-Type": "application/octet-stream"})


OFFICES: dict[str, Office] = {
    "pdf": Office(),
    "word-named-pdf": Office(file=_word),
    "scan": Office(file=_download(SCAN)),
    "gone": Office(file=_gone),
    "page": Office(file=_login),
    "broken": Office(file=_download(HOLE)),
    "clear": Office(named=lambda number: f"Lịch tiếp công dân tháng {11 - number}/2019"),
    "many": Office(posts=40, step=1),
    "old": Office(step=200),
    "dated": Office(dated=True),
}


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[list[SeenItem], Site]]:
    with serving(OFFICES) as sites:
        seen = crawl(tmp_path_factory.mktemp("offices"), {name: site.url for name, site in sites.items()})
    assert {name: each.outcome for name, each in seen.items()} == dict.fromkeys(OFFICES, Outcome.COMPLETE)
    return {
        name: (sorted((item for item in seen[name].items if "/lich/" in item.url), key=lambda item: item.url), site)
        for name, site in sites.items()
    }


def _asked(site: Site) -> int:
    return sum(times for path, times in site.hits.items() if path.startswith("/tep/"))


@pytest.mark.parametrize("name", ["pdf", "word-named-pdf"])
def test_a_file_speaks_for_a_post_whose_title_says_nothing(
    name: str, visits: dict[str, tuple[list[SeenItem], Site]]
) -> None:
    items, _ = visits[name]
    assert [item.document[: len(TEXT)] for item in items] == [TEXT] * 3
    assert [[file.text for file in item.attachments] for item in items] == [[True]] * 3


@pytest.mark.parametrize(("name", "text"), [("scan", False), ("gone", None), ("page", None), ("broken", None)])
def test_a_file_without_text_is_told_as_what_it_is(
    name: str,
    text: bool | None,  # noqa: FBT001 - an answer, not a switch
    visits: dict[str, tuple[list[SeenItem], Site]],
) -> None:
    items, site = visits[name]
    assert {item.document for item in items} == {""}
    assert items[0].attachments[0].text is text
    assert _asked(site) >= 2


def test_a_title_that_says_all_needs_no_file(visits: dict[str, tuple[list[SeenItem], Site]]) -> None:
    items, site = visits["clear"]
    assert len(items) == 3
    assert _asked(site) == 0


@pytest.mark.parametrize(("name", "most"), [("many", 8), ("old", 1), ("dated", 0)])
def test_few_files_are_asked_for(name: str, most: int, visits: dict[str, tuple[list[SeenItem], Site]]) -> None:
    _, site = visits[name]
    assert _asked(site) <= most


def test_the_files_are_what_they_seem() -> None:
    assert read_document(SCAN).has_text is False
    assert read_document(HOLE).has_text is None
