import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

from tests.demonstration import PROJECT
from tests.docs.examples import DOCS

_LOADED = ("//script/@src", "//link[@rel!='canonical']/@href", "//img/@src", "//iframe/@src", "//style/text()")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of the pages, and what building them complained of."""
    folder = tmp_path_factory.mktemp("docs")
    command = [sys.executable, "-m", "sphinx", "-n", "-W", "--keep-going", "-q", "-d", str(folder / "kept")]
    process = subprocess.run(
        [*command, str(DOCS), str(folder / "pages")], capture_output=True, text=True, check=False, cwd=PROJECT
    )
    return folder / "pages", process.stderr


def test_the_pages_are_built_without_a_warning(built: tuple[Path, str]) -> None:
    folder, complaints = built
    assert complaints == ""
    assert {page.stem for page in DOCS.glob("*.md")} <= {page.stem for page in folder.glob("*.html")}


def test_the_pages_load_nothing_from_another_host(built: tuple[Path, str]) -> None:
    folder, _ = built
    loaded = [text for page in folder.glob("*.html") for path in _LOADED for text in html.parse(page).xpath(path)]
    loaded += [sheet.read_text("utf-8") for sheet in (folder / "_static").rglob("*.css")]
    assert loaded
    assert [
        text[:200] for text in loaded if re.search(r"^(https?:)?//|(?:url\(|@import )[\"']?(https?:)?//", text)
    ] == []


def test_what_the_readme_and_the_deployed_files_link_is_there() -> None:
    dead = [f"{file.name}: {target}" for file, target in _links() if not (file.parent / target).exists()]
    assert dead == []
    assert len(list(_links())) > 20


def _links() -> Iterator[tuple[Path, str]]:
    readme = PROJECT / "README.md"
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", readme.read_text("utf-8")):
        yield readme, target
    for file in sorted((PROJECT / "deploy").iterdir()):
        for name in re.findall(r"\bdocs/[\w.-]+\.md", file.read_text("utf-8")):
            yield PROJECT / "README.md", name
